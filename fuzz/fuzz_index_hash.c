// SPDX-License-Identifier: 0BSD
// The index hash accepts exactly the Index of the Blocks it was told of.

#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_feed feed = {data, size};
    const uint32_t wrong = fuzz_take(&feed, 2);
    lzma_index *index = NULL;
    uint64_t limit = FUZZ_MEMLIMIT;
    size_t used = 0;
    if (lzma_index_buffer_decode(&index, &limit, NULL, feed.data, &used, feed.size)
        != LZMA_OK)
        return 0;
    lzma_index_hash *hash = lzma_index_hash_init(NULL, NULL);
    FUZZ_MUST(hash != NULL);
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, index);
    bool is_fit = true;
    while (!lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK))
        is_fit = is_fit
                 && lzma_index_hash_append(hash, iter.block.unpadded_size + wrong,
                                           iter.block.uncompressed_size)
                        == LZMA_OK;
    if (is_fit) {
        size_t pos = 0;
        const lzma_ret ret = lzma_index_hash_decode(hash, feed.data, &pos, used);
        const bool is_equal = wrong == 0 || lzma_index_block_count(index) == 0;
        FUZZ_MUST((ret == LZMA_STREAM_END) == is_equal);
    }
    lzma_index_hash_end(hash, NULL);
    lzma_index_end(index, NULL);
    return 0;
}
