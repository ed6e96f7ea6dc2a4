// SPDX-License-Identifier: 0BSD
// Looks at the Blocks around an error, to tell people which is bad, and why.

/*
 * The decoder says how many bytes it has given out. If that is in the middle of a
 * Block, its data is damaged there. If it is between two, there are three suspects, and
 * they are looked at in the order of the file:
 *
 *     the Check, the padding, or the end of the data of the Block before
 *     the header of the Block behind
 *     the first bytes of its data
 *
 * For that the Blocks are decoded again, unless they are so big that this would take
 * long. If all of them are good, the Index tells something else than they do.
 */

#include "../common/system.h"

#include "examine.h"
#include "index_read.h"

#include "../common/units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* More memory than this for an Index is not worth the better message. */
#define INDEX_MEMORY (UINT64_C(64) << 20)

/* Blocks above this are not decoded again. */
#define DECODED_AGAIN (UINT64_C(256) << 20)

/* The file, and how it was decoded */
struct evidence {
    int fd;
    bool ignore_check;
    uint64_t size;
    uint64_t memlimit;
};

/* A Block that is looked at */
struct suspect {
    int fd;
    uint64_t begin; // of its header in the file
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_block block;
};

/* Read a Block Header. LZMA_OK: the filters' options are to be freed. */
static lzma_ret read_header(struct suspect *s, int fd, uint64_t begin, lzma_check check)
{
    uint8_t bytes[LZMA_BLOCK_HEADER_SIZE_MAX];
    memset(s, 0, sizeof(*s));
    s->fd = fd;
    s->begin = begin;
    s->block.version = 1;
    s->block.check = check;
    s->block.filters = s->filters;
    if (xz_read_at(fd, begin, bytes, 1) != 0 || bytes[0] == 0)
        return LZMA_DATA_ERROR;
    s->block.header_size = lzma_block_header_size_decode(bytes[0]);
    if (xz_read_at(fd, begin, bytes, s->block.header_size) != 0)
        return LZMA_DATA_ERROR;
    return lzma_block_header_decode(&s->block, NULL, bytes);
}

/*
 * Decode a Block and forget the data; `end` is that of the file. Sizes are those of the
 * data and of the whole Block.
 */
static lzma_ret decode(struct suspect *s, uint64_t end, bool ignore_check,
                       uint64_t *ret_size, uint64_t *ret_total)
{
    uint8_t nowhere[1 << 15];
    uint8_t bytes[1 << 14];
    lzma_stream strm = LZMA_STREAM_INIT;
    uint64_t pos = s->begin + s->block.header_size;
    lzma_block block = s->block;
    block.ignore_check = ignore_check;
    lzma_ret ret = lzma_block_decoder(&strm, &block);
    while (ret == LZMA_OK) {
        if (strm.avail_in == 0 && pos < end) {
            size_t size =
                end - pos < sizeof(bytes) ? (size_t)(end - pos) : sizeof(bytes);
            if (xz_read_at(s->fd, pos, bytes, size) != 0)
                break;
            strm.next_in = bytes;
            strm.avail_in = size;
            pos += size;
        }
        strm.next_out = nowhere;
        strm.avail_out = sizeof(nowhere);
        ret = lzma_code(&strm, pos < end ? LZMA_RUN : LZMA_FINISH);
    }
    *ret_size = strm.total_out;
    *ret_total = pos - strm.avail_in - s->begin;
    lzma_end(&strm);
    return ret;
}

static const char *check_name(lzma_check check)
{
    return check == LZMA_CHECK_CRC32    ? "CRC32"
           : check == LZMA_CHECK_CRC64  ? "CRC64"
           : check == LZMA_CHECK_SHA256 ? "SHA-256"
                                        : "the Check";
}

/* What is wrong with the data of a Block whose header is good; "" if nothing is. */
static void examine_data(struct suspect *s, const struct evidence *e,
                         const lzma_index_iter *iter, char out[XZ_EXAMINE_TEXT_SIZE])
{
    char at[XZ_UNIT_TEXT_SIZE];
    uint64_t size = 0, total = 0;
    out[0] = '\0';
    if (decode(s, e->size, e->ignore_check, &size, &total) == LZMA_STREAM_END) {
        if (size != iter->block.uncompressed_size || total != iter->block.total_size)
            snprintf(out, XZ_EXAMINE_TEXT_SIZE, "the Index does not match it");
        return;
    }
    if (!e->ignore_check && decode(s, e->size, true, &size, &total) == LZMA_STREAM_END)
        snprintf(out, XZ_EXAMINE_TEXT_SIZE, "%s does not match",
                 check_name(s->block.check));
    else
        snprintf(out, XZ_EXAMINE_TEXT_SIZE, "its data is damaged behind output byte %s",
                 xz_grouped_text(iter->block.uncompressed_file_offset + size, at));
}

/* What is said of a Block that is not decoded again. */
static void blame_unseen(const struct evidence *e, const lzma_index_iter *iter,
                         uint64_t offset, char out[XZ_EXAMINE_TEXT_SIZE])
{
    char at[XZ_UNIT_TEXT_SIZE];
    uint64_t begin = iter->block.uncompressed_file_offset;
    if (offset > begin && offset < begin + iter->block.uncompressed_size)
        snprintf(out, XZ_EXAMINE_TEXT_SIZE, "its data is damaged behind output byte %s",
                 xz_grouped_text(offset, at));
    else
        snprintf(out, XZ_EXAMINE_TEXT_SIZE, "the end of its data%s is damaged",
                 e->ignore_check ? "" : " or its Check");
}

/* What is wrong with the Block; "" if nothing is. */
static void examine_block(const struct evidence *e, const lzma_index_iter *iter,
                          uint64_t offset, char out[XZ_EXAMINE_TEXT_SIZE])
{
    struct suspect s;
    lzma_ret ret = read_header(&s, e->fd, iter->block.compressed_file_offset,
                               iter->stream.flags->check);
    out[0] = '\0';
    if (ret != LZMA_OK) {
        snprintf(out, XZ_EXAMINE_TEXT_SIZE, "its header is damaged");
        return;
    }
    lzma_block told = s.block; // with sizes from the Index
    if (lzma_block_compressed_size(&told, iter->block.unpadded_size) != LZMA_OK
        || (s.block.uncompressed_size != LZMA_VLI_UNKNOWN
            && s.block.uncompressed_size != iter->block.uncompressed_size))
        snprintf(out, XZ_EXAMINE_TEXT_SIZE, "its header and the Index disagree");
    else if (iter->block.uncompressed_size > DECODED_AGAIN
             || lzma_raw_decoder_memusage(s.filters) > e->memlimit)
        blame_unseen(e, iter, offset, out);
    else
        examine_data(&s, e, iter, out);
    lzma_filters_free(s.filters, NULL);
}

/* "16 Blocks before it are intact" */
static void put_before(uint64_t count, const char *what, char out[XZ_UNIT_TEXT_SIZE])
{
    if (count == 0)
        snprintf(out, XZ_UNIT_TEXT_SIZE, "no Block is before it");
    else
        snprintf(out, XZ_UNIT_TEXT_SIZE,
                 count == 1 ? "%" PRIu64 " Block before it is %s"
                            : "%" PRIu64 " Blocks before it are %s",
                 count, what);
}

/* The whole text for a Block with this cause. */
static void put_block(const lzma_index_iter *iter, uint64_t total, const char *cause,
                      char out[XZ_EXAMINE_TEXT_SIZE])
{
    char at[XZ_UNIT_TEXT_SIZE], before[XZ_UNIT_TEXT_SIZE];
    put_before(iter->block.number_in_file - 1, "intact", before);
    snprintf(out, XZ_EXAMINE_TEXT_SIZE,
             "Block %" PRIu64 " of %" PRIu64 " at byte %s: %.99s; %s",
             iter->block.number_in_file, total,
             xz_grouped_text(iter->block.compressed_file_offset, at), cause, before);
}

/* Where the Index of the Stream is that an iterator is in. */
static uint64_t index_place(const lzma_index_iter *iter)
{
    return iter->stream.compressed_offset + iter->stream.compressed_size
           - LZMA_STREAM_HEADER_SIZE - iter->stream.flags->backward_size;
}

/*
 * A Block is bad. If the Index has a false size for the one before, that is why nothing
 * good is found at its place: move back to it then.
 */
static void examine_before(const struct evidence *e, const lzma_index *index,
                           lzma_index_iter *iter, char cause[XZ_EXAMINE_TEXT_SIZE])
{
    char other[XZ_EXAMINE_TEXT_SIZE];
    lzma_index_iter before;
    uint64_t begin = iter->block.uncompressed_file_offset;
    lzma_index_iter_init(&before, index);
    if (begin == 0 || lzma_index_iter_locate(&before, begin - 1)
        || before.block.uncompressed_size > DECODED_AGAIN)
        return;
    examine_block(e, &before, begin, other);
    if (other[0] == '\0')
        return;
    *iter = before;
    memcpy(cause, other, XZ_EXAMINE_TEXT_SIZE);
}

/*
 * The Block that the offset is in, or those on both sides of it, in their order. If all
 * of them are good, it was the comparison with the Index that failed.
 */
static void examine_around(const struct evidence *e, lzma_index *index, uint64_t offset,
                           char out[XZ_EXAMINE_TEXT_SIZE])
{
    char cause[XZ_EXAMINE_TEXT_SIZE], at[XZ_UNIT_TEXT_SIZE];
    uint64_t place = 0, total = lzma_index_block_count(index);
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, index);
    while (!lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK)) {
        uint64_t begin = iter.block.uncompressed_file_offset;
        uint64_t end = begin + iter.block.uncompressed_size;
        if (begin > offset)
            break;
        place = index_place(&iter);
        if (end < offset)
            continue;
        examine_block(e, &iter, offset, cause);
        if (cause[0] != '\0') {
            examine_before(e, index, &iter, cause);
            put_block(&iter, total, cause, out);
            return;
        }
    }
    if (place > 0)
        snprintf(out, XZ_EXAMINE_TEXT_SIZE,
                 "Index at byte %s: it does not match the Blocks",
                 xz_grouped_text(place, at));
}

const char *xz_examine_damage(int fd, uint64_t size, uint64_t offset, uint64_t memlimit,
                              bool ignore_check, char out[XZ_EXAMINE_TEXT_SIZE])
{
    const struct evidence e = {fd, ignore_check, size, memlimit};
    lzma_index *index = NULL;
    uint64_t memory = 0;
    out[0] = '\0';
    if (xz_index_read(fd, size, INDEX_MEMORY, &index, &memory) != LZMA_OK)
        return out;
    examine_around(&e, index, offset, out);
    lzma_index_end(index, NULL);
    return out;
}

/* Where a Block would begin: its size; 0 if its header is bad or does not tell. */
static uint64_t size_by_header(int fd, uint64_t begin, lzma_check check)
{
    struct suspect s;
    if (read_header(&s, fd, begin, check) != LZMA_OK)
        return 0;
    uint64_t total = lzma_block_total_size(&s.block);
    lzma_filters_free(s.filters, NULL);
    return total == LZMA_VLI_UNKNOWN ? 0 : total;
}

/* From header to header, as long as they tell the sizes of Blocks. */
const char *xz_examine_cut(int fd, uint64_t size, char out[XZ_EXAMINE_TEXT_SIZE])
{
    char at[XZ_UNIT_TEXT_SIZE], before[XZ_UNIT_TEXT_SIZE];
    uint8_t header[LZMA_STREAM_HEADER_SIZE], first = 1;
    lzma_stream_flags flags;
    uint64_t begin = LZMA_STREAM_HEADER_SIZE, count = 0, total = 0;
    out[0] = '\0';
    if (size < begin || xz_read_at(fd, 0, header, sizeof(header)) != 0
        || lzma_stream_header_decode(&flags, header) != LZMA_OK)
        return out;
    for (;; count++) {
        total = size_by_header(fd, begin, flags.check);
        if (total == 0 || total > size - begin)
            break;
        begin += total;
    }
    if (total == 0 && count == 0)
        return out; // no sizes, or not even one header
    put_before(count, "whole", before);
    (void)xz_read_at(fd, begin, &first, 1);
    if (first == 0)
        snprintf(out, XZ_EXAMINE_TEXT_SIZE,
                 "the Index at byte %s or what follows it is cut off; %s",
                 xz_grouped_text(begin, at), before);
    else
        snprintf(out, XZ_EXAMINE_TEXT_SIZE,
                 "Block %" PRIu64 " at byte %s is cut off; %s", count + 1,
                 xz_grouped_text(begin, at), before);
    return out;
}
