// SPDX-License-Identifier: 0BSD
// .lzma and .lz files decode to the same bytes and verdict whole and in pieces.

#include "feed.h"

static lzma_ret open_decoder(lzma_stream *strm, uint32_t kind, uint32_t flags)
{
    if (kind == 0)
        return lzma_alone_decoder(strm, FUZZ_MEMLIMIT);
    if (kind == 1)
        return lzma_lzip_decoder(strm, FUZZ_MEMLIMIT, flags);
    return lzma_auto_decoder(strm, FUZZ_MEMLIMIT, flags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_feed feed = {data, size};
    const uint32_t kind = fuzz_take(&feed, 3);
    const uint32_t flags = fuzz_take(&feed, LZMA_IGNORE_CHECK * 2);
    const uint32_t split = 1 + fuzz_take(&feed, 300);
    lzma_stream whole = LZMA_STREAM_INIT;
    lzma_stream pieces = LZMA_STREAM_INIT;
    FUZZ_MUST(open_decoder(&whole, kind, flags) == LZMA_OK);
    FUZZ_MUST(open_decoder(&pieces, kind, flags) == LZMA_OK);
    struct fuzz_result a = fuzz_decode(&whole, feed.data, feed.size, 0);
    struct fuzz_result b = fuzz_decode(&pieces, feed.data, feed.size, split);
    fuzz_same(&a, &b);
    return 0;
}
