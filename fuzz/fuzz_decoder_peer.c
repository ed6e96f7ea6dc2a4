// SPDX-License-Identifier: 0BSD
// .xz, .lzma, .lz, MicroLZMA and raw LZMA2 give the bytes and the verdict that the
// machine's liblzma gives, cut in the same way, also on an lzma_stream that was used
// before for something that has not ended.
//
// What may differ is in docs/compatibility.md, 11 to 15: the verdict where damaged data
// ends within a symbol, bytes before damage, LZMA1 of known size in pieces, and whether
// a dictionary just below the memory limit is too large.

#include "peer_calls.h"
#include <string.h>

enum kind { XZ, AUTO, ALONE, LZIP, LZMA2, MICRO, KINDS };

static lzma_ret open_decoder(const struct fuzz_calls *c, lzma_stream *strm,
                             uint32_t kind, uint32_t flags)
{
    lzma_options_lzma options = {.dict_size = 4096};
    const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options},
                                   {LZMA_VLI_UNKNOWN, NULL}};
    switch (kind) {
    case XZ:
        return c->stream_decoder(strm, FUZZ_MEMLIMIT, flags);
    case AUTO:
        return c->auto_decoder(strm, FUZZ_MEMLIMIT, flags);
    case ALONE:
        return c->alone_decoder(strm, FUZZ_MEMLIMIT);
    case LZIP:
        return c->lzip_decoder(strm, FUZZ_MEMLIMIT, flags);
    case MICRO: // the sizes are parameters
        return c->microlzma_decoder(strm, 64 + flags, 100 * flags, true, 4096);
    default:
        return c->raw_decoder(strm, filters);
    }
}

/* How decoding is done, out of the input. */
struct plan {
    uint32_t kind;
    uint32_t flags;
    uint32_t split;
    uint32_t kind_before;
    uint32_t size_before; // bytes for a decoder of that kind first; 0: there is none
};

static struct fuzz_result decode(const struct fuzz_calls *c,
                                 const struct fuzz_library *library,
                                 const struct fuzz_feed *feed, const struct plan *plan,
                                 uint32_t split)
{
    static uint8_t scratch[4096];
    lzma_stream strm = LZMA_STREAM_INIT;
    if (plan->size_before > 0 && plan->size_before <= feed->size) {
        FUZZ_MUST(open_decoder(c, &strm, plan->kind_before, plan->flags) == LZMA_OK);
        strm.next_in = feed->data;
        strm.avail_in = plan->size_before;
        strm.next_out = scratch;
        strm.avail_out = sizeof(scratch);
        (void)library->code(&strm, LZMA_RUN);
    }
    FUZZ_MUST(open_decoder(c, &strm, plan->kind, plan->flags) == LZMA_OK);
    return fuzz_decode_by(library, &strm, feed->data, feed->size, split);
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
    static const struct fuzz_library our_library = {lzma_code, lzma_end};
    struct fuzz_feed feed = {data, size};
    struct plan plan = {.kind = fuzz_take(&feed, KINDS)};
    plan.flags = fuzz_take(&feed, LZMA_IGNORE_CHECK * 2);
    plan.split = fuzz_take(&feed, 300);
    plan.kind_before = fuzz_take(&feed, KINDS);
    plan.size_before = fuzz_take(&feed, 256) % 128;
    if (plan.kind <= AUTO && fuzz_may_have_riscv(feed.data, feed.size))
        return 0;
    const struct fuzz_result a =
        decode(fuzz_our_calls(), &our_library, &feed, &plan, plan.split);
    struct fuzz_result b =
        decode(fuzz_peer_calls(), fuzz_peer(), &feed, &plan, plan.split);
    if (a.ret == LZMA_STREAM_END && b.ret == LZMA_DATA_ERROR)
        b = decode(fuzz_peer_calls(), fuzz_peer(), &feed, &plan, 0);
    compare(&a, &b, plan.kind <= AUTO);
    return 0;
}
