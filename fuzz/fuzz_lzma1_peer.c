// SPDX-License-Identifier: 0BSD
// Raw LZMA1 data gives the bytes and the verdict that the machine's liblzma gives.
//
// Any bytes are LZMA1 data up to their first bad distance, so this goes straight for
// the decode loop.

#include "feed.h"
#include <dlfcn.h>
#include <string.h>

#define OUT_MAX (1U << 16)

/* The three functions of a liblzma that are needed. */
struct peer {
    lzma_ret (*open)(lzma_stream *strm, const lzma_filter *filters);
    lzma_ret (*code)(lzma_stream *strm, lzma_action action);
    void (*end)(lzma_stream *strm);
};

static struct peer load_peer(void)
{
    void *const library = dlopen("liblzma.so.5", RTLD_NOW | RTLD_LOCAL);
    FUZZ_MUST(library != NULL);
    struct peer peer;
    *(void **)&peer.open = dlsym(library, "lzma_raw_decoder");
    *(void **)&peer.code = dlsym(library, "lzma_code");
    *(void **)&peer.end = dlsym(library, "lzma_end");
    FUZZ_MUST(peer.open != NULL && peer.open != lzma_raw_decoder);
    return peer;
}

/* Decodes the feed, step bytes of input and of output a call. */
static lzma_ret decode(const struct peer *peer, const lzma_filter *filters,
                       const struct fuzz_feed *feed, size_t step, uint8_t *out,
                       size_t *ret_size)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_ret ret = peer->open(&strm, filters);
    FUZZ_MUST(ret == LZMA_OK);
    strm.next_in = feed->data;
    strm.next_out = out;
    while (ret == LZMA_OK && strm.total_out < OUT_MAX) {
        const size_t in_left = feed->size - (size_t)strm.total_in;
        const size_t out_left = OUT_MAX - (size_t)strm.total_out;
        strm.avail_in = in_left < step ? in_left : step;
        strm.avail_out = out_left < step ? out_left : step;
        ret = peer->code(&strm, in_left <= step ? LZMA_FINISH : LZMA_RUN);
    }
    *ret_size = (size_t)strm.total_out;
    peer->end(&strm);
    return ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct peer ours = {lzma_raw_decoder, lzma_code, lzma_end};
    static struct peer theirs;
    static uint8_t outputs[2][OUT_MAX];
    if (theirs.open == NULL)
        theirs = load_peer();
    struct fuzz_feed feed = {data, size};
    lzma_options_lzma options = {.dict_size = 4096U << fuzz_take(&feed, 8)};
    options.lc = fuzz_take(&feed, 5);
    options.lp = fuzz_take(&feed, 5 - options.lc);
    options.pb = fuzz_take(&feed, 5);
    const uint32_t step = 1 + fuzz_take(&feed, 300);
    const lzma_filter filters[] = {{LZMA_FILTER_LZMA1, &options},
                                   {LZMA_VLI_UNKNOWN, NULL}};
    size_t sizes[2];
    const lzma_ret a = decode(&ours, filters, &feed, step, outputs[0], &sizes[0]);
    const lzma_ret b = decode(&theirs, filters, &feed, SIZE_MAX, outputs[1], &sizes[1]);
    FUZZ_MUST(sizes[0] == sizes[1]);
    FUZZ_MUST(memcmp(outputs[0], outputs[1], sizes[0]) == 0);
    FUZZ_MUST(a == b || sizes[0] == OUT_MAX);
    return 0;
}
