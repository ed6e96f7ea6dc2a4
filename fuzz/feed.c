// SPDX-License-Identifier: 0BSD
// What harnesses share: parameters out of the input, and decoding at any split.

#include "feed.h"
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

uint32_t fuzz_take(struct fuzz_feed *feed, uint32_t limit)
{
    uint32_t value = 0;
    for (uint32_t reach = 1; reach < limit && feed->size > 0;) {
        value = value << 8 | feed->data[--feed->size];
        if (reach > UINT32_MAX >> 8)
            break;
        reach <<= 8;
    }
    return value % limit;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void *fuzz_peer_symbol(const char *name)
{
    static void *library;
    if (library == NULL)
        library = dlopen("liblzma.so.5", RTLD_NOW | RTLD_LOCAL);
    FUZZ_MUST(library != NULL);
    void *const symbol = dlsym(library, name);
    FUZZ_MUST(symbol != NULL);
    return symbol;
}

const struct fuzz_library *fuzz_peer(void)
{
    static struct fuzz_library peer;
    if (peer.code == NULL) {
        *(void **)&peer.code = fuzz_peer_symbol("lzma_code");
        *(void **)&peer.end = fuzz_peer_symbol("lzma_end");
        FUZZ_MUST(peer.code != lzma_code);
    }
    return &peer;
}

struct fuzz_result fuzz_decode(lzma_stream *strm, const uint8_t *data, size_t size,
                               uint32_t split)
{
    static const struct fuzz_library ours = {lzma_code, lzma_end};
    return fuzz_decode_by(&ours, strm, data, size, split);
}

struct fuzz_result fuzz_decode_by(const struct fuzz_library *library, lzma_stream *strm,
                                  const uint8_t *data, size_t size, uint32_t split)
{
    static uint8_t outputs[2][FUZZ_OUT_MAX];
    static unsigned turn;
    struct fuzz_result result = {.out = outputs[turn++ % 2]};
    size_t pos = 0;
    const size_t step = split == 0 ? SIZE_MAX : split;
    int seeks = 0;
    do {
        const size_t in_room = smaller(size - pos, step);
        const size_t out_room = smaller(FUZZ_OUT_MAX - result.out_size, step);
        strm->next_in = data + pos;
        strm->avail_in = in_room;
        strm->next_out = result.out + result.out_size;
        strm->avail_out = out_room;
        const bool is_last = pos + in_room == size;
        result.ret = library->code(strm, is_last ? LZMA_FINISH : LZMA_RUN);
        FUZZ_MUST(strm->avail_in <= in_room && strm->avail_out <= out_room);
        pos += in_room - strm->avail_in;
        result.out_size += out_room - strm->avail_out;
        if (result.ret == LZMA_SEEK_NEEDED && ++seeks < 1000) {
            FUZZ_MUST(strm->seek_pos <= size);
            pos = (size_t)strm->seek_pos;
            result.ret = LZMA_OK;
        }
        if (result.ret == LZMA_NO_CHECK || result.ret == LZMA_UNSUPPORTED_CHECK
            || result.ret == LZMA_GET_CHECK)
            result.ret = LZMA_OK;
    } while (result.ret == LZMA_OK && result.out_size < FUZZ_OUT_MAX);
    result.in_used = pos;
    library->end(strm);
    return result;
}

static bool is_same(const struct fuzz_result *a, const struct fuzz_result *b)
{
    const bool is_whole = a->out_size < FUZZ_OUT_MAX && b->out_size < FUZZ_OUT_MAX;
    if (is_whole
        && (a->ret != b->ret || a->out_size != b->out_size
            || (a->ret == LZMA_STREAM_END && a->in_used != b->in_used)))
        return false;
    return memcmp(a->out, b->out, smaller(a->out_size, b->out_size)) == 0;
}

void fuzz_same(const struct fuzz_result *a, const struct fuzz_result *b)
{
    if (is_same(a, b))
        return;
    fprintf(stderr, "code %d, used %zu, gave %zu; code %d, used %zu, gave %zu\n",
            (int)a->ret, a->in_used, a->out_size, (int)b->ret, b->in_used, b->out_size);
    FUZZ_MUST(false);
}
