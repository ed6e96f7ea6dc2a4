// SPDX-License-Identifier: 0BSD
// Block Header: size, flags, optional sizes, one to four Filter Flags, padding, CRC32.
//
//     0      1       2                                         header_size - 4
//     | size | flags | [Compressed] | [Uncompressed] | filters | 0 ... | CRC32 |
//
//     size    header_size / 4 - 1; 0 would be an Index
//     flags   bits 0-1 number of filters - 1, 2-5 reserved, 6 and 7 which sizes follow
//
// The smallest and most common one, LZMA2 with a dictionary of 8 MiB and no sizes:
//
//     02 | 00 | 21 01 16 | 00 00 00 | 74 2F E5 A3
//      |    |    |  |  |    padding    CRC32
//      |    |    |  |  dictionary size
//      |    |    |  size of its Filter Properties
//      |    |    Filter ID
//      |    one filter, no sizes
//      (2 + 1) * 4 = 12 bytes
//
// Encoders that know the size of a Block beforehand store both sizes, which lets
// decoders work on Blocks in parallel. They reserve room with the greatest possible
// sizes, then write the true ones into a header of that size; what is left is padding.
//
// The CRC32 is verified first, so that what comes after it is either intact or made
// with intent; every integer is still checked against the bytes that are there.

#include "format/block_header.h"
#include "base/bits.h"
#include "base/bytes.h"
#include "base/try.h"
#include "check/check.h"
#include "format/filter_flags.h"
#include "format/filters.h"
#include "format/vli.h"

/* Block Flags */
#define FILTER_COUNT_MASK 0x03
#define RESERVED_MASK     0x3C
#define HAS_COMPRESSED    0x40
#define HAS_UNCOMPRESSED  0x80

/* Of lzma_block: 1 added ignore_check. */
#define VERSION_MAX 1
#define CRC_SIZE    4

/* Number of filters, 1 to 4, or 0 if the chain is missing, empty or too long. */
static size_t count_filters(const lzma_filter *filters)
{
    size_t count = 0;
    if (filters == NULL)
        return 0;
    while (filters[count].id != LZMA_VLI_UNKNOWN) {
        if (++count > LZMA_FILTERS_MAX)
            return 0;
    }
    return count;
}

lzma_ret xz_block_header_size(lzma_block *block)
{
    if (block->version > VERSION_MAX)
        return LZMA_OPTIONS_ERROR;
    uint32_t size = 2 + CRC_SIZE; // size and flags
    if (block->compressed_size != LZMA_VLI_UNKNOWN) {
        const uint32_t vli_size = xz_vli_size(block->compressed_size);
        if (vli_size == 0 || block->compressed_size == 0)
            return LZMA_PROG_ERROR;
        size += vli_size;
    }
    if (block->uncompressed_size != LZMA_VLI_UNKNOWN) {
        const uint32_t vli_size = xz_vli_size(block->uncompressed_size);
        if (vli_size == 0)
            return LZMA_PROG_ERROR;
        size += vli_size;
    }
    const size_t count = count_filters(block->filters);
    if (count == 0)
        return LZMA_PROG_ERROR;
    for (size_t i = 0; i < count; ++i) {
        uint32_t flags_size;
        XZ_TRY(xz_filter_flags_size(&block->filters[i], &flags_size));
        size += flags_size;
    }
    block->header_size = (uint32_t)xz_round_up4(size);
    return LZMA_OK;
}

lzma_ret xz_block_header_encode(const lzma_block *block, uint8_t *out)
{
    const size_t count = count_filters(block->filters);
    if (xz_block_unpadded_size(block) == 0
        || !lzma_vli_is_valid(block->uncompressed_size) || count == 0)
        return LZMA_PROG_ERROR;
    /* Unpadded Size is known to be good, so header_size is in its range. Everything is
       written below end, and an integer that does not fit there is refused. */
    const size_t end = block->header_size - CRC_SIZE;
    size_t pos = 2;
    out[0] = (uint8_t)(block->header_size / 4 - 1);
    out[1] = (uint8_t)(count - 1);
    if (block->compressed_size != LZMA_VLI_UNKNOWN) {
        XZ_TRY(xz_vli_encode(block->compressed_size, out, &pos, end));
        out[1] |= HAS_COMPRESSED;
    }
    if (block->uncompressed_size != LZMA_VLI_UNKNOWN) {
        XZ_TRY(xz_vli_encode(block->uncompressed_size, out, &pos, end));
        out[1] |= HAS_UNCOMPRESSED;
    }
    for (size_t i = 0; i < count; ++i)
        XZ_TRY(xz_filter_flags_encode(&block->filters[i], out, &pos, end));
    memset(out + pos, 0, end - pos);
    xz_write32le(out + end, xz_crc32(out, end, 0));
    return LZMA_OK;
}

/* Reads the sizes that flags announces; *pos starts behind the flags. */
static lzma_ret decode_sizes(lzma_block *block, uint8_t flags, const uint8_t *in,
                             size_t *pos, size_t end)
{
    block->compressed_size = LZMA_VLI_UNKNOWN;
    block->uncompressed_size = LZMA_VLI_UNKNOWN;
    if ((flags & HAS_COMPRESSED) != 0) {
        XZ_TRY(xz_vli_decode(in, pos, end, &block->compressed_size));
        if (xz_block_unpadded_size(block) == 0)
            return LZMA_DATA_ERROR;
    }
    if ((flags & HAS_UNCOMPRESSED) != 0)
        XZ_TRY(xz_vli_decode(in, pos, end, &block->uncompressed_size));
    return LZMA_OK;
}

/* Reads count filters and the padding. The caller frees the filters on failure. */
static lzma_ret decode_filters(lzma_filter *filters, size_t count,
                               const lzma_allocator *allocator, const uint8_t *in,
                               size_t pos, size_t end)
{
    for (size_t i = 0; i < count; ++i) {
        /* Stored when whole: an entry that failed stays an end mark. */
        lzma_filter filter;
        XZ_TRY(xz_filter_flags_decode(&filter, allocator, in, &pos, end));
        filters[i] = filter;
    }
    return xz_all_zero(in + pos, end - pos) ? LZMA_OK : LZMA_OPTIONS_ERROR;
}

lzma_ret xz_block_header_decode(lzma_block *block, const lzma_allocator *allocator,
                                const uint8_t *in)
{
    /* First of all, so that after any error the caller may free the chain. */
    for (size_t i = 0; i <= LZMA_FILTERS_MAX; ++i) {
        block->filters[i].id = LZMA_VLI_UNKNOWN;
        block->filters[i].options = NULL;
    }
    if (block->version > VERSION_MAX)
        block->version = VERSION_MAX;
    block->ignore_check = false;
    if (in[0] == 0 || lzma_block_header_size_decode(in[0]) != block->header_size
        || xz_check_size(block->check) == UINT32_MAX)
        return LZMA_PROG_ERROR;

    const size_t end = block->header_size - CRC_SIZE;
    if (xz_crc32(in, end, 0) != xz_read32le(in + end))
        return LZMA_DATA_ERROR;
    const uint8_t flags = in[1];
    if ((flags & RESERVED_MASK) != 0)
        return LZMA_OPTIONS_ERROR;

    /* The sizes are checked against header and Check in a copy: the caller's are
       changed only when all is well. What is not looked at is not set: clearing it
       would take as long as all the rest. */
    lzma_block parsed;
    parsed.version = block->version;
    parsed.header_size = block->header_size;
    parsed.check = block->check;
    size_t pos = 2;
    XZ_TRY(decode_sizes(&parsed, flags, in, &pos, end));
    const size_t count = (flags & FILTER_COUNT_MASK) + 1U;
    const lzma_ret ret = decode_filters(block->filters, count, allocator, in, pos, end);
    if (ret != LZMA_OK) {
        xz_filters_free(block->filters, allocator);
        return ret;
    }
    block->compressed_size = parsed.compressed_size;
    block->uncompressed_size = parsed.uncompressed_size;
    return LZMA_OK;
}

lzma_ret xz_block_compressed_size(lzma_block *block, lzma_vli unpadded_size)
{
    if (xz_block_unpadded_size(block) == 0)
        return LZMA_PROG_ERROR;
    /* What is left between Block Header and Check is Compressed Data, one byte at
       least. */
    const uint32_t around = block->header_size + xz_check_size(block->check);
    if (unpadded_size <= around || unpadded_size > XZ_UNPADDED_SIZE_MAX)
        return LZMA_DATA_ERROR;
    const lzma_vli compressed_size = unpadded_size - around;
    if (block->compressed_size != LZMA_VLI_UNKNOWN
        && block->compressed_size != compressed_size)
        return LZMA_DATA_ERROR;
    block->compressed_size = compressed_size;
    return LZMA_OK;
}

lzma_vli xz_block_unpadded_size(const lzma_block *block)
{
    const uint32_t check_size = xz_check_size(block->check);
    if (block->version > VERSION_MAX || check_size == UINT32_MAX
        || block->header_size < LZMA_BLOCK_HEADER_SIZE_MIN
        || block->header_size > LZMA_BLOCK_HEADER_SIZE_MAX
        || block->header_size % 4 != 0 || !lzma_vli_is_valid(block->compressed_size)
        || block->compressed_size == 0)
        return 0;
    if (block->compressed_size == LZMA_VLI_UNKNOWN)
        return LZMA_VLI_UNKNOWN;
    const lzma_vli size = block->header_size + block->compressed_size + check_size;
    return size <= XZ_UNPADDED_SIZE_MAX ? size : 0;
}

lzma_vli xz_block_total_size(const lzma_block *block)
{
    const lzma_vli size = xz_block_unpadded_size(block);
    return size == LZMA_VLI_UNKNOWN ? size : xz_round_up4(size);
}
