// SPDX-License-Identifier: 0BSD
// MicroLZMA data decodes to the same bytes and verdict whole and in pieces.

#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_feed feed = {data, size};
    const bool is_exact = fuzz_take(&feed, 2) == 1;
    const uint32_t out_size = fuzz_take(&feed, 1 << 16);
    const uint32_t dict_size = 4096 + fuzz_take(&feed, 1 << 16);
    const uint32_t split = 1 + fuzz_take(&feed, 300);
    const uint32_t less = fuzz_take(&feed, 3);
    const size_t in_size = feed.size > less ? feed.size - less : 0;
    lzma_stream whole = LZMA_STREAM_INIT;
    lzma_stream pieces = LZMA_STREAM_INIT;
    const lzma_ret ret =
        lzma_microlzma_decoder(&whole, in_size, out_size, is_exact, dict_size);
    FUZZ_MUST(lzma_microlzma_decoder(&pieces, in_size, out_size, is_exact, dict_size)
              == ret);
    if (ret != LZMA_OK)
        return 0;
    struct fuzz_result a = fuzz_decode(&whole, feed.data, feed.size, 0);
    struct fuzz_result b = fuzz_decode(&pieces, feed.data, feed.size, split);
    FUZZ_MUST(a.out_size <= out_size);
    if (!is_exact) // it may have read on behind the last byte that was wanted
        a.in_used = b.in_used;
    fuzz_same(&a, &b);
    return 0;
}
