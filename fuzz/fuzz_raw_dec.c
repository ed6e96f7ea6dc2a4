// SPDX-License-Identifier: 0BSD
// Raw chains decode to the same bytes and verdict whole and in pieces.

#include "feed.h"

static const char *const chains[] = {
    "lzma2:dict=4KiB",
    "lzma1:dict=4KiB,lc=0,lp=2,pb=0",
    "lzma1:dict=1MiB",
    "delta:dist=1 lzma2:dict=64KiB",
    "delta:dist=256 x86 lzma2:dict=64KiB",
    "x86:start=16 lzma2:dict=64KiB",
    "arm arm64 lzma2:dict=64KiB",
    "powerpc ia64 sparc lzma2:dict=64KiB",
    "armthumb riscv lzma2:dict=64KiB",
};
#define CHAIN_COUNT (sizeof(chains) / sizeof(chains[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_feed feed = {data, size};
    const char *const chain = chains[fuzz_take(&feed, CHAIN_COUNT)];
    const uint32_t split = 1 + fuzz_take(&feed, 300);
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    int place;
    FUZZ_MUST(lzma_str_to_filters(chain, &place, filters, LZMA_STR_ALL_FILTERS, NULL)
              == NULL);
    lzma_stream whole = LZMA_STREAM_INIT;
    lzma_stream pieces = LZMA_STREAM_INIT;
    FUZZ_MUST(lzma_raw_decoder(&whole, filters) == LZMA_OK);
    FUZZ_MUST(lzma_raw_decoder(&pieces, filters) == LZMA_OK);
    lzma_filters_free(filters, NULL);
    struct fuzz_result a = fuzz_decode(&whole, feed.data, feed.size, 0);
    struct fuzz_result b = fuzz_decode(&pieces, feed.data, feed.size, split);
    fuzz_same(&a, &b);
    return 0;
}
