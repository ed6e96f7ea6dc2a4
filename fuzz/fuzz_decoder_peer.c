// SPDX-License-Identifier: 0BSD
// .xz, .lzma, .lz and raw LZMA2 give the bytes and the verdict that the machine's
// liblzma gives, cut in the same way.
//
// What may differ is in docs/compatibility.md, 11 to 15: the verdict where damaged data
// ends within a symbol, bytes before damage, LZMA1 of known size in pieces, and whether
// a dictionary just below the memory limit is too large.

#include "feed.h"
#include <string.h>

enum kind { XZ, ALONE, LZIP, LZMA2, KINDS };

struct openers {
    lzma_ret (*xz)(lzma_stream *strm, uint64_t memlimit, uint32_t flags);
    lzma_ret (*alone)(lzma_stream *strm, uint64_t memlimit);
    lzma_ret (*lzip)(lzma_stream *strm, uint64_t memlimit, uint32_t flags);
    lzma_ret (*raw)(lzma_stream *strm, const lzma_filter *filters);
};

static struct openers their_openers(void)
{
    struct openers openers;
    *(void **)&openers.xz = fuzz_peer_symbol("lzma_stream_decoder");
    *(void **)&openers.alone = fuzz_peer_symbol("lzma_alone_decoder");
    *(void **)&openers.lzip = fuzz_peer_symbol("lzma_lzip_decoder");
    *(void **)&openers.raw = fuzz_peer_symbol("lzma_raw_decoder");
    return openers;
}

static lzma_stream open_decoder(const struct openers *openers, uint32_t kind,
                                uint32_t flags)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_options_lzma options = {.dict_size = 4096};
    const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options},
                                   {LZMA_VLI_UNKNOWN, NULL}};
    lzma_ret ret;
    if (kind == XZ)
        ret = openers->xz(&strm, FUZZ_MEMLIMIT, flags);
    else if (kind == ALONE)
        ret = openers->alone(&strm, FUZZ_MEMLIMIT);
    else if (kind == LZIP)
        ret = openers->lzip(&strm, FUZZ_MEMLIMIT, flags);
    else
        ret = openers->raw(&strm, filters);
    FUZZ_MUST(ret == LZMA_OK);
    return strm;
}

/* Which of the two says that data is damaged and which that it has ended too early, the
   fuzzed bytes may leave open. */
static bool same_verdict(lzma_ret a, lzma_ret b)
{
    const bool a_bad = a == LZMA_DATA_ERROR || a == LZMA_BUF_ERROR;
    const bool b_bad = b == LZMA_DATA_ERROR || b == LZMA_BUF_ERROR;
    return a_bad && b_bad ? true : a == b;
}

static void compare(const struct fuzz_result *ours, const struct fuzz_result *theirs,
                    bool may_have_filters)
{
    if (ours->ret == LZMA_MEMLIMIT_ERROR || theirs->ret == LZMA_MEMLIMIT_ERROR)
        return; // estimates differ a little
    const size_t size =
        ours->out_size < theirs->out_size ? ours->out_size : theirs->out_size;
    const bool is_whole = size < FUZZ_OUT_MAX;
    if (is_whole)
        FUZZ_MUST(same_verdict(ours->ret, theirs->ret));
    if (is_whole && ours->ret == LZMA_STREAM_END)
        FUZZ_MUST(ours->out_size == theirs->out_size
                  && ours->in_used == theirs->in_used);
    if (ours->ret == LZMA_STREAM_END || !may_have_filters)
        FUZZ_MUST(memcmp(ours->out, theirs->out, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct openers ours = {lzma_stream_decoder, lzma_alone_decoder,
                                        lzma_lzip_decoder, lzma_raw_decoder};
    static struct openers theirs;
    if (theirs.xz == NULL)
        theirs = their_openers();
    struct fuzz_feed feed = {data, size};
    const uint32_t kind = fuzz_take(&feed, KINDS);
    const uint32_t flags = fuzz_take(&feed, LZMA_IGNORE_CHECK * 2);
    const uint32_t split = fuzz_take(&feed, 300);
    lzma_stream our_strm = open_decoder(&ours, kind, flags);
    lzma_stream their_strm = open_decoder(&theirs, kind, flags);
    const struct fuzz_result a = fuzz_decode(&our_strm, feed.data, feed.size, split);
    struct fuzz_result b =
        fuzz_decode_by(fuzz_peer(), &their_strm, feed.data, feed.size, split);
    if (a.ret == LZMA_STREAM_END && b.ret == LZMA_DATA_ERROR) {
        their_strm = open_decoder(&theirs, kind, flags);
        b = fuzz_decode_by(fuzz_peer(), &their_strm, feed.data, feed.size, 0);
    }
    compare(&a, &b, kind == XZ);
    return 0;
}
