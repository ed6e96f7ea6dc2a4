// SPDX-License-Identifier: 0BSD
// Raw LZMA1 data gives the bytes and the verdict that the machine's liblzma gives.
//
// Any bytes are LZMA1 data up to their first bad distance, so this goes straight for
// the decode loop.

#include "feed.h"

typedef lzma_ret raw_decoder(lzma_stream *strm, const lzma_filter *filters);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static raw_decoder *theirs;
    if (theirs == NULL)
        *(void **)&theirs = fuzz_peer_symbol("lzma_raw_decoder");
    struct fuzz_feed feed = {data, size};
    lzma_options_lzma options = {.dict_size = 4096U << fuzz_take(&feed, 8)};
    options.lc = fuzz_take(&feed, 5);
    options.lp = fuzz_take(&feed, 5 - options.lc);
    options.pb = fuzz_take(&feed, 5);
    const uint32_t split = 1 + fuzz_take(&feed, 300);
    const lzma_filter filters[] = {{LZMA_FILTER_LZMA1, &options},
                                   {LZMA_VLI_UNKNOWN, NULL}};
    lzma_stream ours_strm = LZMA_STREAM_INIT;
    lzma_stream their_strm = LZMA_STREAM_INIT;
    FUZZ_MUST(lzma_raw_decoder(&ours_strm, filters) == LZMA_OK);
    FUZZ_MUST(theirs(&their_strm, filters) == LZMA_OK);
    const struct fuzz_result a = fuzz_decode(&ours_strm, feed.data, feed.size, split);
    const struct fuzz_result b =
        fuzz_decode_by(fuzz_peer(), &their_strm, feed.data, feed.size, 0);
    fuzz_same(&a, &b);
    return 0;
}
