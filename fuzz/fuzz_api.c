// SPDX-License-Identifier: 0BSD
// Any sequence of calls on one lzma_stream gives codes of the interface and no fault.

#include "feed.h"

/* What calls work on besides the stream; it has to outlive the coders. */
struct things {
    lzma_index *decoded; // by the latest Index decoder, if it came to an end
    lzma_index *encoded; // by Index encoders
    lzma_options_lzma options;
    lzma_options_delta delta;
    lzma_filter chain[3];
};

static void prepare(struct things *t, uint32_t kind, uint32_t flags)
{
    lzma_lzma_preset(&t->options, kind % 3);
    t->delta = (lzma_options_delta){.type = LZMA_DELTA_TYPE_BYTE, .dist = 1 + flags};
    size_t count = 0;
    if (flags % 2 == 1)
        t->chain[count++] = (lzma_filter){LZMA_FILTER_DELTA, &t->delta};
    t->chain[count++] = (lzma_filter){LZMA_FILTER_LZMA2, &t->options};
    t->chain[count] = (lzma_filter){LZMA_VLI_UNKNOWN, NULL};
}

static lzma_ret open_encoder(lzma_stream *strm, struct things *t, uint32_t kind,
                             uint32_t flags)
{
    const lzma_mt mt = {.threads = 2,
                        .block_size = 5000,
                        .filters = t->chain,
                        .check = LZMA_CHECK_CRC32,
                        .timeout = 1};
    switch (kind) {
    case 0:
        return lzma_easy_encoder(strm, flags % 4, LZMA_CHECK_CRC64);
    case 1:
        return lzma_stream_encoder_mt(strm, &mt);
    case 2:
        return lzma_raw_encoder(strm, t->chain);
    case 3:
        return lzma_alone_encoder(strm, &t->options);
    case 4:
        return lzma_microlzma_encoder(strm, &t->options);
    case 5:
        return lzma_index_encoder(strm, t->encoded);
    default:
        return lzma_stream_encoder(strm, t->chain, LZMA_CHECK_SHA256);
    }
}

static lzma_ret open_decoder(lzma_stream *strm, struct things *t, uint32_t kind,
                             uint32_t flags, size_t size)
{
    const lzma_mt mt = {.flags = flags,
                        .threads = 2,
                        .timeout = 1,
                        .memlimit_threading = FUZZ_MEMLIMIT,
                        .memlimit_stop = FUZZ_MEMLIMIT};
    switch (kind) {
    case 0:
        return lzma_stream_decoder(strm, FUZZ_MEMLIMIT, flags);
    case 1:
        return lzma_auto_decoder(strm, FUZZ_MEMLIMIT, flags);
    case 2:
        return lzma_stream_decoder_mt(strm, &mt);
    case 3:
        return lzma_raw_decoder(strm, t->chain);
    case 4:
        return lzma_alone_decoder(strm, FUZZ_MEMLIMIT);
    case 5:
        return lzma_lzip_decoder(strm, FUZZ_MEMLIMIT, flags);
    case 6:
        return lzma_microlzma_decoder(strm, size, flags * 50, flags % 2 == 0, 4096);
    case 7:
        return lzma_index_decoder(strm, &t->decoded, FUZZ_MEMLIMIT);
    default:
        return lzma_file_info_decoder(strm, &t->decoded, FUZZ_MEMLIMIT, size);
    }
}

static lzma_ret reopen(lzma_stream *strm, struct things *t, struct fuzz_feed *feed)
{
    const uint32_t kind = fuzz_take(feed, 17);
    const uint32_t flags = fuzz_take(feed, 64);
    prepare(t, kind, flags);
    if (kind == 16) {
        lzma_end(strm);
        return LZMA_OK;
    }
    if (kind < 7)
        return open_encoder(strm, t, kind, flags);
    lzma_index_end(t->decoded, NULL);
    t->decoded = NULL;
    return open_decoder(strm, t, kind - 7, flags, feed->size);
}

static lzma_ret code(lzma_stream *strm, struct fuzz_feed *feed)
{
    static uint8_t out[4096];
    strm->next_in = feed->data;
    strm->avail_in = fuzz_take(feed, (uint32_t)feed->size / 4 + 1);
    strm->next_out = out;
    strm->avail_out = fuzz_take(feed, sizeof(out) + 1);
    const size_t in_room = strm->avail_in;
    const size_t out_room = strm->avail_out;
    const lzma_ret ret = lzma_code(strm, (lzma_action)fuzz_take(feed, 6));
    FUZZ_MUST(strm->avail_in <= in_room && strm->avail_out <= out_room);
    FUZZ_MUST(strm->next_in + strm->avail_in == feed->data + in_room);
    FUZZ_MUST(strm->next_out + strm->avail_out == out + out_room);
    return ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_feed feed = {data, size};
    struct things things = {.encoded = lzma_index_init(NULL)};
    lzma_stream strm = LZMA_STREAM_INIT;
    FUZZ_MUST(things.encoded != NULL
              && lzma_index_append(things.encoded, NULL, 70000, size) == LZMA_OK);
    for (int calls = 0; calls < 60 && feed.size > 0; ++calls) {
        const uint32_t call = fuzz_take(&feed, 16);
        lzma_ret ret = LZMA_OK;
        if (call < 3)
            ret = reopen(&strm, &things, &feed);
        else if (call == 3)
            ret = lzma_memlimit_set(&strm, fuzz_take(&feed, 1 << 24));
        else if (call == 4 && strm.internal != NULL)
            ret = lzma_filters_update(&strm, things.chain);
        else
            ret = code(&strm, &feed);
        FUZZ_MUST(ret >= LZMA_OK && ret <= LZMA_SEEK_NEEDED);
        if (strm.internal != NULL) {
            uint64_t in_progress;
            uint64_t out_progress;
            lzma_get_progress(&strm, &in_progress, &out_progress);
            (void)lzma_memusage(&strm);
            (void)lzma_memlimit_get(&strm);
            FUZZ_MUST(lzma_get_check(&strm) <= LZMA_CHECK_ID_MAX);
        }
    }
    lzma_end(&strm);
    lzma_index_end(things.decoded, NULL);
    lzma_index_end(things.encoded, NULL);
    return 0;
}
