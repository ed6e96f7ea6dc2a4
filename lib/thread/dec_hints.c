// SPDX-License-Identifier: 0BSD
// Sizes of Blocks from an Index that was read beforehand.
//
// Records are in the order of the Blocks, over all Streams of the file, so counting is
// enough to find the one that belongs to a Block. An index of another file does no more
// harm than wrong sizes in a header: the decoded Blocks are compared with them, and
// with the Index that follows.

#include "thread/dec_hints.h"
#include "check/check.h"
#include "format/index.h"

void xz_dec_hints_open(struct xz_dec_hints *hints, const lzma_index *index)
{
    hints->is_open = index != NULL;
    if (hints->is_open)
        xz_index_iter_init(&hints->iter, index);
}

void xz_dec_hints_next(struct xz_dec_hints *hints, lzma_block *block)
{
    if (!hints->is_open)
        return;
    hints->is_open = !xz_index_iter_next(&hints->iter, LZMA_INDEX_ITER_BLOCK);
    if (!hints->is_open)
        return;
    const lzma_vli around = block->header_size + xz_check_size(block->check);
    if (hints->iter.block.unpadded_size <= around)
        return;
    if (block->compressed_size == LZMA_VLI_UNKNOWN)
        block->compressed_size = hints->iter.block.unpadded_size - around;
    if (block->uncompressed_size == LZMA_VLI_UNKNOWN)
        block->uncompressed_size = hints->iter.block.uncompressed_size;
}
