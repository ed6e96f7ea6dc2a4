// SPDX-License-Identifier: 0BSD
// A .xz file decodes to the same bytes and verdict whole and in pieces.

#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_feed feed = {data, size};
    const uint32_t flags = fuzz_take(&feed, LZMA_IGNORE_CHECK * 2);
    const uint32_t split = 1 + fuzz_take(&feed, 300);
    lzma_stream whole = LZMA_STREAM_INIT;
    lzma_stream pieces = LZMA_STREAM_INIT;
    FUZZ_MUST(lzma_stream_decoder(&whole, FUZZ_MEMLIMIT, flags) == LZMA_OK);
    FUZZ_MUST(lzma_stream_decoder(&pieces, FUZZ_MEMLIMIT, flags) == LZMA_OK);
    struct fuzz_result a = fuzz_decode(&whole, feed.data, feed.size, 0);
    struct fuzz_result b = fuzz_decode(&pieces, feed.data, feed.size, split);
    fuzz_same(&a, &b);
    return 0;
}
