// SPDX-License-Identifier: 0BSD
// The .xz decoder: follows the grammar's events and decodes the Blocks' bodies.
//
//   state    does                                     leaves when
//   GRAMMAR  asks for events                          event BLOCK           -> MEMORY
//            returns what flags ask for               event STREAM_HEADER
//            returns LZMA_STREAM_END                  event END
//   MEMORY   compares need and limit                  the limit is enough   -> BLOCK
//   BLOCK    decodes a body                           the body has ended    -> GRAMMAR
//
// Memory is asked for when a Block Header has been read. LZMA_MEMLIMIT_ERROR leaves the
// state as it is, so that the caller may raise the limit and go on.

#include "stream/stream_dec.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/try.h"
#include "check/check.h"
#include "stream/block_dec.h"
#include "stream/chain.h"
#include "stream/grammar.h"
#include "stream/memlimit.h"

enum state {
    STATE_GRAMMAR,
    STATE_MEMORY,
    STATE_BLOCK,
};

struct stream_dec {
    struct xz_coder base;
    enum state state;
    uint32_t flags;
    uint64_t memlimit;      // bytes
    uint64_t memusage;      // bytes that the last Block Header asks for
    struct xz_coder *block; // owned
    struct xz_grammar grammar;
};

lzma_ret xz_stream_dec_tell(uint32_t flags, lzma_check check)
{
    if ((flags & LZMA_TELL_NO_CHECK) != 0 && check == LZMA_CHECK_NONE)
        return LZMA_NO_CHECK;
    if ((flags & LZMA_TELL_UNSUPPORTED_CHECK) != 0 && !xz_check_is_supported(check))
        return LZMA_UNSUPPORTED_CHECK;
    return (flags & LZMA_TELL_ANY_CHECK) != 0 ? LZMA_GET_CHECK : LZMA_OK;
}

/* A Block Header has come: how much memory its filters take. */
static lzma_ret begin_block(struct stream_dec *dec)
{
    const uint64_t usage = xz_chain_memusage(&xz_chain_decoders, dec->grammar.filters);
    if (usage == UINT64_MAX)
        return LZMA_OPTIONS_ERROR;
    if (!xz_add_fits(usage, XZ_MEMUSAGE_BASE, &dec->memusage))
        return LZMA_OPTIONS_ERROR;
    dec->state = STATE_MEMORY;
    return LZMA_OK;
}

static lzma_ret open_block(struct stream_dec *dec, const lzma_allocator *allocator)
{
    if (dec->memusage > dec->memlimit)
        return LZMA_MEMLIMIT_ERROR;
    dec->grammar.block.ignore_check = (dec->flags & LZMA_IGNORE_CHECK) != 0;
    XZ_TRY(xz_block_dec_open(&dec->block, allocator, &dec->grammar.block));
    dec->state = STATE_BLOCK;
    return LZMA_OK;
}

/* Acts on the next event. Sets *ret_more unless the input is used up. */
static lzma_ret follow_grammar(struct stream_dec *dec, const lzma_allocator *allocator,
                               struct xz_io *io, lzma_action action, bool *ret_more)
{
    enum xz_event event;
    XZ_TRY(
        xz_grammar_next(&dec->grammar, allocator, io, action == LZMA_FINISH, &event));
    *ret_more = event != XZ_EVENT_NEED_INPUT;
    switch (event) {
    case XZ_EVENT_STREAM_HEADER:
        return xz_stream_dec_tell(dec->flags, dec->grammar.flags.check);
    case XZ_EVENT_BLOCK:
        return begin_block(dec);
    case XZ_EVENT_END:
        return LZMA_STREAM_END;
    case XZ_EVENT_INDEX:
    case XZ_EVENT_STREAM_FOOTER:
    case XZ_EVENT_NEED_INPUT:
        break;
    }
    return LZMA_OK;
}

static lzma_ret decode_block(struct stream_dec *dec, const lzma_allocator *allocator,
                             struct xz_io *io, lzma_action action, bool *ret_more)
{
    const lzma_ret ret = xz_coder_pull(dec->block, allocator, io, action);
    if (ret != LZMA_STREAM_END)
        return ret;
    XZ_TRY(xz_grammar_body_done(&dec->grammar, allocator));
    dec->state = STATE_GRAMMAR;
    *ret_more = true;
    return LZMA_OK;
}

static lzma_ret stream_dec_code(struct xz_coder *coder, const lzma_allocator *allocator,
                                struct xz_io *io, lzma_action action)
{
    struct stream_dec *dec = (struct stream_dec *)coder;
    for (bool more = true; more;) {
        more = false;
        switch (dec->state) {
        case STATE_GRAMMAR:
            XZ_TRY(follow_grammar(dec, allocator, io, action, &more));
            break;
        case STATE_MEMORY:
            XZ_TRY(open_block(dec, allocator));
            more = true;
            break;
        case STATE_BLOCK:
            XZ_TRY(decode_block(dec, allocator, io, action, &more));
            break;
        }
    }
    return LZMA_OK;
}

static void stream_dec_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct stream_dec *dec = (struct stream_dec *)coder;
    xz_coder_end(&dec->block, allocator);
    xz_grammar_end(&dec->grammar, allocator);
    xz_free(dec, allocator);
}

static lzma_check stream_dec_check(const struct xz_coder *coder)
{
    return ((const struct stream_dec *)coder)->grammar.flags.check;
}

static lzma_ret stream_dec_memlimit(struct xz_coder *coder, uint64_t *ret_usage,
                                    uint64_t *ret_limit, uint64_t new_limit)
{
    struct stream_dec *dec = (struct stream_dec *)coder;
    return xz_memlimit_update(&dec->memlimit, dec->memusage, ret_usage, ret_limit,
                              new_limit);
}

static const struct xz_coder_ops stream_dec_ops = {
    .code = stream_dec_code,
    .end = stream_dec_end,
    .check = stream_dec_check,
    .memlimit = stream_dec_memlimit,
};

lzma_ret xz_stream_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                            uint64_t memlimit, uint32_t flags)
{
    if ((flags & ~XZ_DECODER_FLAGS) != 0)
        return LZMA_OPTIONS_ERROR;
    struct stream_dec *dec =
        xz_coder_take_part(slot, &stream_dec_ops, sizeof(*dec),
                           offsetof(struct stream_dec, grammar.hash), allocator);
    if (dec == NULL)
        return LZMA_MEM_ERROR;
    dec->state = STATE_GRAMMAR;
    dec->flags = flags;
    dec->memlimit = memlimit == 0 ? 1 : memlimit;
    dec->memusage = XZ_MEMUSAGE_BASE;
    xz_grammar_init(&dec->grammar, allocator, (flags & LZMA_CONCATENATED) != 0);
    return LZMA_OK;
}
