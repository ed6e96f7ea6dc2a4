// SPDX-License-Identifier: 0BSD
// Exported: the Block Header and sizes of Blocks.

#include "format/block_header.h"

extern LZMA_API(lzma_ret) lzma_block_header_size(lzma_block *block)
{
    return block == NULL ? LZMA_PROG_ERROR : xz_block_header_size(block);
}

extern LZMA_API(lzma_ret)
    lzma_block_header_encode(const lzma_block *block, uint8_t *out)
{
    if (block == NULL || out == NULL)
        return LZMA_PROG_ERROR;
    return xz_block_header_encode(block, out);
}

extern LZMA_API(lzma_ret)
    lzma_block_header_decode(lzma_block *block, const lzma_allocator *allocator,
                             const uint8_t *in)
{
    if (block == NULL || block->filters == NULL || in == NULL)
        return LZMA_PROG_ERROR;
    return xz_block_header_decode(block, allocator, in);
}

extern LZMA_API(lzma_ret)
    lzma_block_compressed_size(lzma_block *block, lzma_vli unpadded_size)
{
    if (block == NULL)
        return LZMA_PROG_ERROR;
    return xz_block_compressed_size(block, unpadded_size);
}

extern LZMA_API(lzma_vli) lzma_block_unpadded_size(const lzma_block *block)
{
    return block == NULL ? 0 : xz_block_unpadded_size(block);
}

extern LZMA_API(lzma_vli) lzma_block_total_size(const lzma_block *block)
{
    return block == NULL ? 0 : xz_block_total_size(block);
}
