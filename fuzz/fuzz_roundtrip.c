// SPDX-License-Identifier: 0BSD
// What any encoder options make of any data decodes to that data.

#include "feed.h"
#include <stdlib.h>
#include <string.h>

static const lzma_match_finder finders[] = {LZMA_MF_HC3, LZMA_MF_HC4, LZMA_MF_BT2,
                                            LZMA_MF_BT3, LZMA_MF_BT4};
static const lzma_action flushes[] = {LZMA_RUN, LZMA_SYNC_FLUSH, LZMA_FULL_FLUSH};

static lzma_options_lzma take_options(struct fuzz_feed *feed)
{
    lzma_options_lzma options = {.dict_size = 4096 + fuzz_take(feed, 1 << 20),
                                 .lc = fuzz_take(feed, 5),
                                 .pb = fuzz_take(feed, 5),
                                 .mode = fuzz_take(feed, 2) ? LZMA_MODE_NORMAL
                                                            : LZMA_MODE_FAST,
                                 .nice_len = 2 + fuzz_take(feed, 272),
                                 .mf = finders[fuzz_take(feed, 5)],
                                 .depth = fuzz_take(feed, 40)};
    options.lp = fuzz_take(feed, 5 - options.lc);
    return options;
}

/* With worker threads, or without where the flush wants that. */
static void open_encoder(lzma_stream *strm, const lzma_filter *chain, uint32_t threads,
                         lzma_action flush)
{
    const lzma_mt mt = {.threads = threads,
                        .block_size = 1 << 16,
                        .filters = chain,
                        .check = LZMA_CHECK_CRC32};
    if (threads > 0 && flush != LZMA_SYNC_FLUSH)
        FUZZ_MUST(lzma_stream_encoder_mt(strm, &mt) == LZMA_OK);
    else
        FUZZ_MUST(lzma_stream_encoder(strm, chain, LZMA_CHECK_CRC32) == LZMA_OK);
}

/* Encodes data with a flush in the middle. Returns the size of what is in *ret_out. */
static size_t encode(lzma_stream *strm, const struct fuzz_feed *feed, size_t middle,
                     lzma_action flush, uint8_t **ret_out)
{
    const size_t capacity = feed->size + feed->size / 8 + 4096;
    *ret_out = malloc(capacity);
    FUZZ_MUST(*ret_out != NULL);
    strm->next_in = feed->data;
    strm->avail_in = middle;
    strm->next_out = *ret_out;
    strm->avail_out = capacity;
    lzma_ret ret;
    do
        ret = lzma_code(strm, flush);
    while (ret == LZMA_OK && (flush != LZMA_RUN || strm->avail_in > 0));
    FUZZ_MUST(ret == (flush == LZMA_RUN ? LZMA_OK : LZMA_STREAM_END));
    strm->avail_in += feed->size - middle;
    do
        ret = lzma_code(strm, LZMA_FINISH);
    while (ret == LZMA_OK);
    FUZZ_MUST(ret == LZMA_STREAM_END && strm->avail_in == 0);
    lzma_end(strm);
    return capacity - strm->avail_out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_feed feed = {data, size};
    lzma_options_lzma options = take_options(&feed);
    lzma_options_delta delta = {.dist = 1 + fuzz_take(&feed, 256)};
    lzma_filter filters[] = {{LZMA_FILTER_DELTA, &delta},
                             {LZMA_FILTER_LZMA2, &options},
                             {LZMA_VLI_UNKNOWN, NULL}};
    lzma_filter *const chain = filters + fuzz_take(&feed, 2);
    const lzma_action flush = flushes[fuzz_take(&feed, 3)];
    const uint32_t threads = fuzz_take(&feed, 3);
    const size_t middle = fuzz_take(&feed, (uint32_t)feed.size + 1);
    if (middle > feed.size || feed.size > FUZZ_OUT_MAX / 2)
        return 0;
    lzma_stream strm = LZMA_STREAM_INIT;
    uint8_t *packed;
    open_encoder(&strm, chain, threads, flush);
    const size_t packed_size = encode(&strm, &feed, middle, flush, &packed);

    lzma_stream decoder = LZMA_STREAM_INIT;
    FUZZ_MUST(lzma_stream_decoder(&decoder, UINT64_MAX, 0) == LZMA_OK);
    struct fuzz_result result = fuzz_decode(&decoder, packed, packed_size, 0);
    FUZZ_MUST(result.ret == LZMA_STREAM_END && result.out_size == feed.size);
    FUZZ_MUST(feed.size == 0 || memcmp(result.out, feed.data, feed.size) == 0);
    free(packed);
    return 0;
}
