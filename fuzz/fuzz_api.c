// SPDX-License-Identifier: 0BSD
// Any sequence of calls on one lzma_stream gives codes of the interface and no fault.

#include "feed.h"

static lzma_ret reopen(lzma_stream *strm, uint32_t kind, uint32_t flags)
{
    static lzma_options_lzma options;
    lzma_lzma_preset(&options, kind % 3);
    static const lzma_filter chain[] = {{LZMA_FILTER_LZMA2, &options},
                                        {LZMA_VLI_UNKNOWN, NULL}};
    const lzma_mt mt = {.threads = 2,
                        .block_size = 5000,
                        .filters = chain,
                        .check = LZMA_CHECK_CRC32,
                        .timeout = 1,
                        .memlimit_threading = FUZZ_MEMLIMIT,
                        .memlimit_stop = FUZZ_MEMLIMIT};
    switch (kind) {
    case 0:
        return lzma_easy_encoder(strm, flags % 4, LZMA_CHECK_CRC64);
    case 1:
        return lzma_stream_encoder_mt(strm, &mt);
    case 2:
        return lzma_raw_encoder(strm, chain);
    case 3:
        return lzma_alone_encoder(strm, &options);
    case 4:
        return lzma_stream_decoder(strm, FUZZ_MEMLIMIT, flags);
    case 5:
        return lzma_auto_decoder(strm, FUZZ_MEMLIMIT, flags);
    case 6:
        return lzma_stream_decoder_mt(strm, &mt);
    case 7:
        return lzma_raw_decoder(strm, chain);
    }
    lzma_end(strm);
    return LZMA_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t out[4096];
    struct fuzz_feed feed = {data, size};
    lzma_stream strm = LZMA_STREAM_INIT;
    for (int calls = 0; calls < 60 && feed.size > 0; ++calls) {
        const uint32_t call = fuzz_take(&feed, 16);
        lzma_ret ret = LZMA_OK;
        if (call < 3) {
            ret = reopen(&strm, fuzz_take(&feed, 9), fuzz_take(&feed, 64));
        } else if (call == 3) {
            ret = lzma_memlimit_set(&strm, fuzz_take(&feed, 1 << 24));
        } else {
            strm.next_in = feed.data;
            strm.avail_in = fuzz_take(&feed, (uint32_t)feed.size / 4 + 1);
            strm.next_out = out;
            strm.avail_out = fuzz_take(&feed, sizeof(out) + 1);
            ret = lzma_code(&strm, (lzma_action)fuzz_take(&feed, 6));
        }
        FUZZ_MUST(ret >= LZMA_OK && ret <= LZMA_SEEK_NEEDED);
        uint64_t in_progress;
        uint64_t out_progress;
        if (strm.internal != NULL)
            lzma_get_progress(&strm, &in_progress, &out_progress);
    }
    lzma_end(&strm);
    return 0;
}
