// SPDX-License-Identifier: 0BSD
// Looks at the header and the Check of a Block (--list -vv).

#include "../common/system.h"

#include "index_read.h"
#include "list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The oldest XZ Utils that can decode a Block: what came with a later version than
 * 5.0.0 are some filters, and Blocks whose LZMA2 data is nothing but its end marker.
 */
static uint32_t min_version(const lzma_filter *filters, uint64_t uncompressed_size)
{
    uint32_t version = 50000002;
    size_t count = 0;
    while (count < LZMA_FILTERS_MAX && filters[count].id != LZMA_VLI_UNKNOWN)
        count++;
    if (uncompressed_size == 0 && count > 0
        && filters[count - 1].id == LZMA_FILTER_LZMA2)
        version = 50000022;
    for (size_t i = 0; i < count; i++) {
        if (filters[i].id == LZMA_FILTER_ARM64 && version < 50040002)
            version = 50040002;
        if (filters[i].id == LZMA_FILTER_RISCV && version < 50060002)
            version = 50060002;
    }
    return version;
}

/* The Check in hexadecimal; one as long as a CRC is taken for a number. */
static void check_text(lzma_check check, const uint8_t *bytes, char *out)
{
    uint32_t size = lzma_check_size(check);
    bool reverse = size == 4 || size == 8;
    if (size == 0)
        strcpy(out, "---");
    for (uint32_t i = 0; i < size; i++)
        snprintf(out + (size_t)2 * i, 3, "%02x", bytes[reverse ? size - 1 - i : i]);
}

/* The parts that need the decoded header. The filters' options are freed here. */
static lzma_ret describe(lzma_block *block, const lzma_index_iter *iter,
                         struct xz_list_block *out)
{
    out->header_size = block->header_size;
    out->has_compressed_size = block->compressed_size != LZMA_VLI_UNKNOWN;
    out->has_uncompressed_size = block->uncompressed_size != LZMA_VLI_UNKNOWN;
    lzma_ret ret = LZMA_OK;
    if (out->has_uncompressed_size
        && block->uncompressed_size != iter->block.uncompressed_size)
        ret = LZMA_DATA_ERROR;
    if (ret == LZMA_OK)
        ret = lzma_block_compressed_size(block, iter->block.unpadded_size);
    if (ret == LZMA_OK)
        ret = lzma_str_from_filters(&out->filters, block->filters,
                                    LZMA_STR_DECODER | LZMA_STR_GETOPT_LONG, NULL);
    out->compressed_size = block->compressed_size;
    out->memory = lzma_raw_decoder_memusage(block->filters);
    out->min_version = min_version(block->filters, iter->block.uncompressed_size);
    lzma_filters_free(block->filters, NULL);
    return ret;
}

/*
 * The header says how long it is in its first byte. The Check is the end of the Block,
 * behind the padding. (.xz format, sections 3.1 to 3.4)
 */
lzma_ret xz_list_read_block(const struct xz_list_file *file,
                            const lzma_index_iter *iter,
                            struct xz_list_block *ret_block)
{
    struct xz_list_block out = {.filters = NULL};
    uint8_t bytes[LZMA_BLOCK_HEADER_SIZE_MAX];
    uint64_t begin = iter->block.compressed_file_offset;
    if (xz_read_at(file->fd, begin, bytes, 1) != 0 || bytes[0] == 0)
        return LZMA_DATA_ERROR;

    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_block block;
    memset(&block, 0, sizeof(block));
    block.filters = filters;
    block.check = iter->stream.flags->check;
    block.header_size = lzma_block_header_size_decode(bytes[0]);
    if (block.header_size > iter->block.unpadded_size
        || xz_read_at(file->fd, begin, bytes, block.header_size) != 0)
        return LZMA_DATA_ERROR;
    lzma_ret ret = lzma_block_header_decode(&block, NULL, bytes);
    if (ret == LZMA_OK)
        ret = describe(&block, iter, &out);
    if (ret != LZMA_OK)
        return ret;

    uint32_t check_size = lzma_check_size(block.check);
    uint64_t check_pos = begin + iter->block.total_size - check_size; // behind padding
    if (xz_read_at(file->fd, check_pos, bytes, check_size) != 0) {
        free(out.filters);
        return LZMA_DATA_ERROR;
    }
    check_text(block.check, bytes, out.check_value);
    *ret_block = out;
    return LZMA_OK;
}
