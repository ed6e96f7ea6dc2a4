// SPDX-License-Identifier: 0BSD
// An Index that is accepted is written again as the same bytes; its iterator agrees.

#include "feed.h"
#include <stdlib.h>
#include <string.h>

/* What an iterator sees adds up to what the index says. */
static void check_sums(const lzma_index *index)
{
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, index);
    lzma_vli blocks = 0;
    lzma_vli bytes = 0;
    while (!lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK)) {
        ++blocks;
        FUZZ_MUST(iter.block.number_in_file == blocks);
        FUZZ_MUST(iter.block.uncompressed_file_offset == bytes);
        bytes += iter.block.uncompressed_size;
    }
    FUZZ_MUST(blocks == lzma_index_block_count(index));
    FUZZ_MUST(bytes == lzma_index_uncompressed_size(index));
    if (bytes > 0) {
        FUZZ_MUST(!lzma_index_iter_locate(&iter, bytes - 1));
        FUZZ_MUST(iter.block.uncompressed_file_offset < bytes);
    }
    FUZZ_MUST(lzma_index_iter_locate(&iter, bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lzma_index *index = NULL;
    uint64_t limit = FUZZ_MEMLIMIT;
    size_t used = 0;
    if (lzma_index_buffer_decode(&index, &limit, NULL, data, &used, size) != LZMA_OK)
        return 0;
    FUZZ_MUST(lzma_index_size(index) == used);
    check_sums(index);

    uint8_t *out = malloc(used);
    size_t out_pos = 0;
    FUZZ_MUST(out != NULL);
    FUZZ_MUST(lzma_index_buffer_encode(index, out, &out_pos, used) == LZMA_OK);
    FUZZ_MUST(out_pos == used && memcmp(out, data, used) == 0);
    free(out);
    lzma_index *copy = lzma_index_dup(index, NULL);
    FUZZ_MUST(copy != NULL && lzma_index_append(copy, NULL, 5, 1) != LZMA_PROG_ERROR);
    lzma_index_end(copy, NULL);
    lzma_index_end(index, NULL);
    return 0;
}
