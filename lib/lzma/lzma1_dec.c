// SPDX-License-Identifier: 0BSD
// The decoder of raw LZMA1 data: a stream with a known size, an end marker, or both.
//
//     state    waits for                                   leaves when
//     SYMBOLS  symbols (input), room for them (output)     marker -> FINISH;
//                                                          known size reached -> SIZED;
//                                                          LZMA_FINISH, input ends
//                                                          in a symbol -> ENDED
//     SIZED    the range decoder's last byte, or a marker  code is 0 -> end;
//                                                          otherwise -> MARKER
//     MARKER   the marker behind the last byte             it is there -> FINISH
//     FINISH   the range decoder's last byte               code is 0 -> end
//
// A marker makes the code greater than 0 until it is decoded, so in SIZED a code of 0
// means that there is none.

#include "base/alloc.h"
#include "base/try.h"
#include "lzma/lzma_dec.h"
#include "lzma/symbol_dec.h"

struct lzma1_dec {
    struct xz_coder base;
    enum { SYMBOLS, SIZED, MARKER, FINISH, ENDED } seq;
    lzma_ret result;     // ENDED: what every further call returns
    uint64_t left;       // bytes still to come; UINT64_MAX: unknown
    bool marker_allowed; // a marker may follow the last byte of a known size
    struct xz_dict dict;
    struct xz_symbol_dec symbols;
};

/* Decodes until io is used up, the known size is reached, or a marker comes. LZMA_OK
   with seq still SYMBOLS: io is used up. ends: it is all that will come. */
static lzma_ret decode_symbols(struct lzma1_dec *dec, const lzma_allocator *allocator,
                               struct xz_io *io, bool ends)
{
    const bool sized = dec->left != UINT64_MAX;
    enum xz_symbol_stop stop;
    do {
        XZ_TRY(xz_dict_begin(&dec->dict, allocator, io, dec->left));
        stop = xz_symbol_dec_run(&dec->symbols, &dec->dict, io, io->in_size, ends);
        const size_t count = xz_dict_flush(&dec->dict, io);
        if (sized)
            dec->left -= count;
    } while (stop == XZ_STOP_LIMIT && dec->left > 0 && xz_io_out_left(io) > 0);

    if (stop == XZ_STOP_LIMIT && dec->left == 0) {
        dec->seq = SIZED;
        return dec->symbols.pending > 0 ? LZMA_DATA_ERROR : LZMA_OK;
    }
    /* A marker needs no room, and damage is to be found early. */
    if (stop == XZ_STOP_LIMIT)
        stop = xz_symbol_dec_peek(&dec->symbols, &dec->dict, io, io->in_size);
    if (stop == XZ_STOP_BAD || (stop == XZ_STOP_MARKER && sized))
        return LZMA_DATA_ERROR;
    if (stop == XZ_STOP_MARKER)
        dec->seq = FINISH;
    if (stop == XZ_STOP_CUT) { // the caller learns it from a call that does nothing
        dec->seq = ENDED;
        dec->result = LZMA_OK;
    }
    return LZMA_OK;
}

/* One step of the state machine: seq changes, or what is returned counts. */
static lzma_ret step(struct lzma1_dec *dec, const lzma_allocator *allocator,
                     struct xz_io *io, lzma_action action)
{
    struct xz_symbol_dec *const symbols = &dec->symbols;
    lzma_ret ret;
    switch (dec->seq) {
    case SYMBOLS:
        return decode_symbols(dec, allocator, io, action == LZMA_FINISH);
    case SIZED:
        ret = xz_symbol_dec_finish(symbols, io, io->in_size);
        if (ret != LZMA_DATA_ERROR || !dec->marker_allowed)
            return ret;
        dec->seq = MARKER;
        return LZMA_OK;
    case MARKER:
        switch (xz_symbol_dec_peek(symbols, &dec->dict, io, io->in_size)) {
        case XZ_STOP_INPUT:
            return LZMA_OK;
        case XZ_STOP_MARKER:
            dec->seq = FINISH;
            return LZMA_OK;
        default:
            return LZMA_DATA_ERROR;
        }
    case FINISH:
        return xz_symbol_dec_finish(symbols, io, io->in_size);
    case ENDED:
        break;
    }
    return dec->result;
}

static lzma_ret lzma1_code(struct xz_coder *coder, const lzma_allocator *allocator,
                           struct xz_io *io, lzma_action action)
{
    struct lzma1_dec *const dec = (struct lzma1_dec *)coder;
    for (;;) {
        const int before = (int)dec->seq;
        const lzma_ret ret = step(dec, allocator, io, action);
        if (ret != LZMA_OK) {
            dec->seq = ENDED;
            dec->result = ret;
            return ret;
        }
        if ((int)dec->seq == before)
            return LZMA_OK;
    }
}

static void lzma1_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct lzma1_dec *const dec = (struct lzma1_dec *)coder;
    xz_dict_end(&dec->dict, allocator);
    xz_free(dec, allocator);
}

static const struct xz_coder_ops lzma1_ops = {
    .code = lzma1_code,
    .end = lzma1_end,
};

lzma_ret xz_lzma1_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_options_lzma *options,
                           const struct xz_lzma1_end *end)
{
    if (!xz_lclppb_valid(options))
        return LZMA_OPTIONS_ERROR;
    struct lzma1_dec *const dec =
        xz_coder_take_part(slot, &lzma1_ops, sizeof(*dec) + XZ_DICT_AT_HAND,
                           offsetof(struct lzma1_dec, symbols.probs), allocator);
    if (dec == NULL)
        return LZMA_MEM_ERROR;
    dec->seq = SYMBOLS;
    dec->dict.first = XZ_SMALL ? NULL : (uint8_t *)(dec + 1);
    dec->left = end->uncompressed_size;
    dec->marker_allowed = end->marker_allowed;
    xz_symbol_dec_set(&dec->symbols, options->lc, options->lp, options->pb);
    xz_symbol_dec_reset(&dec->symbols);
    xz_symbol_dec_start(&dec->symbols);
    return xz_dict_open(&dec->dict, allocator, options->dict_size, options->preset_dict,
                        options->preset_dict_size);
}

uint64_t xz_lzma1_dec_memusage(const lzma_options_lzma *options)
{
    if (!xz_lclppb_valid(options))
        return UINT64_MAX;
    return sizeof(struct lzma1_dec) + XZ_DICT_AT_HAND
           + xz_dict_memusage(options->dict_size);
}
