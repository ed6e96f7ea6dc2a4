// SPDX-License-Identifier: 0BSD
// Looks at what surrounds the Blocks of a file, to tell people which part is bad.

/*
 * Only the end of a Stream tells where its Index is, and only the Index where the
 * Stream begins. So the way goes backwards through the file:
 *
 *     Stream Padding, Stream Footer, Index, (Blocks), Stream Header; the Stream before
 *
 * Section numbers are those of the .xz format specification.
 */

#include "../common/system.h"

#include "examine.h"
#include "index_read.h"

#include "../common/units.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELD LZMA_STREAM_HEADER_SIZE // Stream Header and Stream Footer alike

/* An Index above this is not looked at. */
#define INDEX_MOST (UINT64_C(64) << 20)

/* The Index of a Stream without Blocks; a Stream Footer can tell of less. */
#define INDEX_LEAST 8

/* "WHAT at byte N: WHY"; always false. */
static bool blame(char out[XZ_EXAMINE_TEXT_SIZE], const char *what, uint64_t pos,
                  const char *why)
{
    char at[XZ_UNIT_TEXT_SIZE];
    snprintf(out, XZ_EXAMINE_TEXT_SIZE, "%s at byte %s: %s", what,
             xz_grouped_text(pos, at), why);
    return false;
}

/* Words for what a Stream Header or a Stream Footer is answered with (2.1.1, 2.1.2). */
static const char *field_fault(lzma_ret ret)
{
    return ret == LZMA_FORMAT_ERROR ? "its magic bytes are wrong"
           : ret == LZMA_DATA_ERROR ? "its CRC32 does not match"
                                    : "its flags are not supported";
}

/* Pass over Stream Padding (2.2): zeros, in fours. False if reading failed. */
static bool skip_padding(int fd, uint64_t *end)
{
    uint8_t four[4];
    while (*end >= FIELD + sizeof(four)) {
        if (xz_read_at(fd, *end - sizeof(four), four, sizeof(four)) != 0)
            return false;
        if ((four[0] | four[1] | four[2] | four[3]) != 0)
            return true;
        *end -= sizeof(four);
    }
    return true;
}

/* The whole Index as bytes, to be freed; NULL if that is too much. */
static uint8_t *read_index(int fd, uint64_t begin, uint64_t size)
{
    uint8_t *bytes = size <= INDEX_MOST ? malloc((size_t)size) : NULL;
    if (bytes != NULL && xz_read_at(fd, begin, bytes, (size_t)size) == 0)
        return bytes;
    free(bytes);
    return NULL;
}

/*
 * Whether the CRC32 of an Index (4.4) of INDEX_LEAST bytes or more is that of a zero
 * and all bytes but the first.
 */
static bool has_crc(const uint8_t *bytes, size_t size)
{
    static const uint8_t indicator = 0;
    size_t covered = size - 4;
    uint32_t crc = lzma_crc32(bytes + 1, covered - 1, lzma_crc32(&indicator, 1, 0));
    for (unsigned i = 0; i < 4; i++)
        if (bytes[covered + i] != (uint8_t)(crc >> 8 * i))
            return false;
    return true;
}

/* What is wrong with an Index (4) that cannot be decoded. */
static const char *index_fault(const uint8_t *bytes, size_t size)
{
    if (size < INDEX_LEAST)
        return "its size is less than any Index has";
    bool is_whole = has_crc(bytes, size);
    if (bytes[0] != 0)
        return is_whole ? "its first byte is not zero"
                        : "there is none where the Stream Footer tells";
    return is_whole ? "its contents are impossible" : "its CRC32 does not match";
}

/* Size of the Stream that this Index ends, 0 if there is something wrong with it. */
static uint64_t stream_size(const uint8_t *bytes, size_t size, uint64_t begin,
                            char out[XZ_EXAMINE_TEXT_SIZE])
{
    lzma_index *index = NULL;
    uint64_t memlimit = 4 * INDEX_MOST;
    size_t pos = 0;
    lzma_ret ret = lzma_index_buffer_decode(&index, &memlimit, NULL, bytes, &pos, size);
    if (ret == LZMA_MEM_ERROR || ret == LZMA_MEMLIMIT_ERROR)
        return 0;
    uint64_t total = ret == LZMA_OK ? lzma_index_stream_size(index) : 0;
    lzma_index_end(index, NULL);
    if (ret == LZMA_OK && pos == size)
        return total;
    blame(out, "Index", begin,
          ret == LZMA_OK ? "its size is not what the Stream Footer tells"
                         : index_fault(bytes, size));
    return 0;
}

/*
 * The Stream Footer of a Stream that ends at *end, without the padding, and its Index,
 * to be freed. NULL: there is a fault, or no more.
 */
static uint8_t *read_end(int fd, uint64_t *end, lzma_stream_flags *ret_footer,
                         char out[XZ_EXAMINE_TEXT_SIZE])
{
    uint8_t field[FIELD];
    if (!skip_padding(fd, end) || *end < 2 * FIELD
        || xz_read_at(fd, *end - FIELD, field, FIELD) != 0)
        return NULL;
    uint64_t index_end = *end - FIELD;
    lzma_ret ret = lzma_stream_footer_decode(ret_footer, field);
    if (ret != LZMA_OK)
        blame(out, "Stream Footer", index_end, field_fault(ret));
    else if (ret_footer->backward_size > index_end - FIELD)
        blame(out, "Stream Footer", index_end,
              "its Backward Size is greater than the file");
    else
        return read_index(fd, index_end - ret_footer->backward_size,
                          ret_footer->backward_size);
    return NULL;
}

/* A Stream that ends at *end: where it begins. False: there is a fault, or no more. */
static bool look_at_stream(int fd, uint64_t *end, char out[XZ_EXAMINE_TEXT_SIZE])
{
    uint8_t field[FIELD];
    lzma_stream_flags header, footer;
    uint8_t *bytes = read_end(fd, end, &footer, out);
    if (bytes == NULL)
        return false;
    uint64_t index_end = *end - FIELD;
    uint64_t index_begin = index_end - footer.backward_size;
    uint64_t total = stream_size(bytes, (size_t)footer.backward_size, index_begin, out);
    free(bytes);
    if (total == 0)
        return false;
    if (total > *end || xz_read_at(fd, *end - total, field, FIELD) != 0)
        return blame(out, "Index", index_begin, "it does not match the Blocks");
    lzma_ret ret = lzma_stream_header_decode(&header, field);
    if (ret == LZMA_FORMAT_ERROR && total != *end)
        return blame(out, "Index", index_begin, "it does not match the Blocks");
    if (ret != LZMA_OK)
        return blame(out, "Stream Header", *end - total, field_fault(ret));
    if (lzma_stream_flags_compare(&header, &footer) != LZMA_OK)
        return blame(out, "Stream Footer", index_end,
                     "it does not match the Stream Header");
    *end -= total;
    return *end > 0;
}

const char *xz_examine_index(int fd, uint64_t size, char out[XZ_EXAMINE_TEXT_SIZE])
{
    uint64_t end = size;
    out[0] = '\0';
    if (size % 4 != 0)
        snprintf(out, XZ_EXAMINE_TEXT_SIZE,
                 "the file's size is no multiple of four, so its end is damaged");
    else
        while (look_at_stream(fd, &end, out))
            ;
    return out;
}

/* Whether Streams that are `offset` bytes of data end here. */
static bool ends_streams(int fd, uint64_t end, uint64_t offset)
{
    lzma_index *index = NULL;
    uint64_t memory = 0;
    if (xz_index_read(fd, end, INDEX_MOST, &index, &memory) != LZMA_OK)
        return false;
    bool ends = offset == UINT64_MAX || lzma_index_uncompressed_size(index) == offset;
    lzma_index_end(index, NULL);
    return ends;
}

/* Whether this may follow a Stream: Stream Padding, and the beginning of a Stream. */
static bool may_follow(const uint8_t *bytes, size_t size)
{
    static const uint8_t magic[] = {0xFD, '7', 'z', 'X', 'Z', 0};
    size_t zeros = 0;
    while (zeros < size && bytes[zeros] == 0)
        zeros++;
    size_t left = size - zeros;
    left = left < sizeof(magic) ? left : sizeof(magic);
    return zeros % 4 == 0 && memcmp(bytes + zeros, magic, left) == 0;
}

/* Streams end with "YZ" (2.1.2.4), at a multiple of four bytes. */
bool xz_examine_rest(int fd, uint64_t size, uint64_t in, uint64_t offset,
                     char out[XZ_EXAMINE_TEXT_SIZE])
{
    uint8_t bytes[1 << 14];
    char at[XZ_UNIT_TEXT_SIZE];
    uint64_t end = in < size ? in : size;
    uint64_t begin = end > sizeof(bytes) ? (end - sizeof(bytes) + 3) & ~UINT64_C(3) : 0;
    size_t count = (size_t)(end - begin);
    if (xz_read_at(fd, begin, bytes, count) != 0)
        return false;
    for (size_t i = count & ~(size_t)3; i >= 4; i -= 4) {
        if (bytes[i - 2] != 'Y' || bytes[i - 1] != 'Z'
            || !ends_streams(fd, begin + i, offset))
            continue;
        if (may_follow(bytes + i, count - i))
            return false;
        snprintf(out, XZ_EXAMINE_TEXT_SIZE,
                 "what follows the Stream that ends at byte %s is no Stream and no "
                 "Stream Padding",
                 xz_grouped_text(begin + i, at));
        return true;
    }
    return false;
}

bool xz_examine_indicator(int fd, uint64_t size, char out[XZ_EXAMINE_TEXT_SIZE])
{
    uint64_t end = size;
    lzma_stream_flags footer;
    out[0] = '\0';
    uint8_t *bytes = size % 4 == 0 ? read_end(fd, &end, &footer, out) : NULL;
    bool is_guilty =
        bytes != NULL && bytes[0] != 0 && has_crc(bytes, (size_t)footer.backward_size);
    out[0] = '\0';
    if (is_guilty)
        blame(out, "Index", end - FIELD - footer.backward_size,
              index_fault(bytes, (size_t)footer.backward_size));
    free(bytes);
    return is_guilty;
}
