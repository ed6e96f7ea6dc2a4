// SPDX-License-Identifier: 0BSD
// What the file info decoder tells of a file does not depend on how it reads it.

#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_feed feed = {data, size};
    const uint32_t split = 1 + fuzz_take(&feed, 300);
    lzma_index *of_whole = NULL;
    lzma_index *of_pieces = NULL;
    lzma_stream whole = LZMA_STREAM_INIT;
    lzma_stream pieces = LZMA_STREAM_INIT;
    FUZZ_MUST(lzma_file_info_decoder(&whole, &of_whole, FUZZ_MEMLIMIT, feed.size)
              == LZMA_OK);
    FUZZ_MUST(lzma_file_info_decoder(&pieces, &of_pieces, FUZZ_MEMLIMIT, feed.size)
              == LZMA_OK);
    struct fuzz_result a = fuzz_decode(&whole, feed.data, feed.size, 0);
    struct fuzz_result b = fuzz_decode(&pieces, feed.data, feed.size, split);
    if (a.ret == LZMA_STREAM_END && b.ret == LZMA_STREAM_END) {
        FUZZ_MUST(lzma_index_file_size(of_whole) == feed.size);
        FUZZ_MUST(lzma_index_file_size(of_pieces) == feed.size);
        FUZZ_MUST(lzma_index_block_count(of_whole)
                  == lzma_index_block_count(of_pieces));
    }
    FUZZ_MUST((a.ret == LZMA_STREAM_END) == (b.ret == LZMA_STREAM_END));
    lzma_index_end(of_whole, NULL);
    lzma_index_end(of_pieces, NULL);
    return 0;
}
