// SPDX-License-Identifier: 0BSD
// The decoder of LZMA2 data: chunks of LZMA symbols or of stored bytes.
//
// A chunk starts with a control byte (.xz format section 5.3.1):
//
//     00      end of the data
//     01 02   a stored chunk; 01 forgets the dictionary
//     80-FF   an LZMA chunk; bits 0-4 are the upper bits of its uncompressed size - 1
//             80-9F go on as it was      A0-BF reset the state
//             C0-DF and new lc, lp, pb   E0-FF and forget the dictionary
//
//     LZMA    control, uncompressed size - 1 (2 bytes), compressed size - 1 (2 bytes),
//             lc/lp/pb from C0 on (1 byte), data
//     stored  control, size - 1 (2 bytes), data
//
// The first chunk must forget the dictionary, unless there is a preset one. After that
// lc, lp, pb have to be set before the first LZMA chunk.
//
//     state    waits for                              leaves when
//     CONTROL  the control byte                       it is valid -> HEADER, or the end
//     HEADER   the rest of the chunk's header         complete -> SYMBOLS or STORED
//     SYMBOLS  symbols (input), room (output)         all bytes are out -> FINISH
//     FINISH   the range decoder's last byte          code 0, chunk used up -> CONTROL
//     STORED   bytes and room for them                all are copied -> CONTROL

#include "base/alloc.h"
#include "base/try.h"
#include "lzma/lzma_dec.h"
#include "lzma/symbol_dec.h"
#include <string.h>

struct lzma2_dec {
    struct xz_coder base;
    enum { CONTROL, HEADER, SYMBOLS, FINISH, STORED, ENDED } seq;
    lzma_ret result;                     // ENDED: what every further call returns
    bool need_dict;                      // the next chunk has to forget the dictionary
    bool need_props;                     // the next LZMA chunk has to set lc, lp, pb
    uint8_t header[XZ_LZMA2_HEADER_MAX]; // control byte and what follows
    size_t header_pos;
    size_t header_size;
    uint32_t out_left; // bytes of the chunk that have not come out
    size_t in_left;    // bytes of the chunk that have not been taken
    struct xz_dict dict;
    struct xz_symbol_dec *symbols; // owned; NULL until a chunk needs it
};

/* Looks at the control byte. LZMA_STREAM_END if it ends the data. */
static lzma_ret take_control(struct lzma2_dec *dec, uint32_t control)
{
    if (control == XZ_LZMA2_END)
        return LZMA_STREAM_END;
    if (control > XZ_LZMA2_STORED && control < XZ_LZMA2_LZMA)
        return LZMA_DATA_ERROR;
    if (control >= XZ_LZMA2_LZMA_DICT || control == XZ_LZMA2_STORED_DICT) {
        dec->need_dict = false;
        dec->need_props = true;
        xz_dict_reset(&dec->dict);
    } else if (dec->need_dict) {
        return LZMA_DATA_ERROR;
    }
    if (control >= XZ_LZMA2_LZMA_PROPS)
        dec->need_props = false;
    else if (control >= XZ_LZMA2_LZMA && dec->need_props)
        return LZMA_DATA_ERROR;
    dec->header_size = control >= XZ_LZMA2_LZMA_PROPS ? XZ_LZMA2_HEADER_MAX
                       : control >= XZ_LZMA2_LZMA     ? XZ_LZMA2_HEADER_LZMA
                                                      : XZ_LZMA2_HEADER_STORED;
    return LZMA_OK;
}

static bool set_props(struct xz_symbol_dec *symbols, uint32_t byte)
{
    const uint32_t lc = byte % 9;
    const uint32_t lp = byte / 9 % 5;
    const uint32_t pb = byte / 45;
    if (lc + lp > XZ_LCLP_MAX || pb > LZMA_PB_MAX)
        return false;
    xz_symbol_dec_set(symbols, lc, lp, pb);
    return true;
}

/* Makes the symbol decoder, with the dictionary's first memory behind it: so much that
   malloc() takes long, and a single stored chunk does without. */
static lzma_ret need_symbols(struct lzma2_dec *dec, const lzma_allocator *allocator)
{
    if (dec->symbols != NULL)
        return LZMA_OK;
    dec->symbols = xz_alloc(sizeof(*dec->symbols) + XZ_DICT_AT_HAND, allocator);
    if (dec->symbols == NULL)
        return LZMA_MEM_ERROR;
    dec->dict.first = XZ_SMALL ? NULL : (uint8_t *)(dec->symbols + 1);
    return LZMA_OK;
}

/* Starts the chunk that the complete header describes. */
static lzma_ret start_chunk(struct lzma2_dec *dec, const lzma_allocator *allocator)
{
    const uint8_t *const header = dec->header;
    const uint32_t control = header[0];
    dec->out_left = ((uint32_t)header[1] << 8) + header[2] + 1;
    if (control < XZ_LZMA2_LZMA) {
        dec->seq = STORED;
        return LZMA_OK;
    }
    dec->out_left += (control & XZ_LZMA2_SIZE_BITS) << 16;
    dec->in_left = ((size_t)header[3] << 8) + header[4] + 1;
    XZ_TRY(need_symbols(dec, allocator));
    if (control >= XZ_LZMA2_LZMA_PROPS && !set_props(dec->symbols, header[5]))
        return LZMA_DATA_ERROR;
    if (control >= XZ_LZMA2_LZMA_STATE)
        xz_symbol_dec_reset(dec->symbols);
    xz_symbol_dec_start(dec->symbols);
    dec->seq = SYMBOLS;
    return LZMA_OK;
}

static lzma_ret take_header(struct lzma2_dec *dec, const lzma_allocator *allocator,
                            struct xz_io *io)
{
    if (!xz_io_gather(io, dec->header, &dec->header_pos, dec->header_size))
        return LZMA_OK;
    return start_chunk(dec, allocator);
}

/* What to say when the range decoder wants a byte. Behind the end of the chunk it is
   damage, but only if there is a byte: a file may also just have been cut off here. */
static lzma_ret starved(const struct lzma2_dec *dec, const struct xz_io *io)
{
    return dec->in_left == 0 && xz_io_in_left(io) > 0 ? LZMA_DATA_ERROR : LZMA_OK;
}

/* Where the chunk's input ends, as far as io has it. */
static size_t chunk_end(const struct lzma2_dec *dec, const struct xz_io *io)
{
    const size_t left = xz_io_in_left(io);
    return io->in_pos + (dec->in_left < left ? dec->in_left : left);
}

static lzma_ret decode_symbols(struct lzma2_dec *dec, const lzma_allocator *allocator,
                               struct xz_io *io)
{
    const size_t in_start = io->in_pos;
    const size_t in_end = chunk_end(dec, io);
    enum xz_symbol_stop stop;
    do {
        XZ_TRY(xz_dict_begin(&dec->dict, allocator, io, dec->out_left));
        stop = xz_symbol_dec_run(dec->symbols, &dec->dict, io, in_end,
                                 in_end < io->in_size);
        dec->out_left -= (uint32_t)xz_dict_flush(&dec->dict, io);
    } while (stop == XZ_STOP_LIMIT && dec->out_left > 0 && xz_io_out_left(io) > 0);

    const bool done = stop == XZ_STOP_LIMIT && dec->out_left == 0;
    /* Damage is to be found even where there is no room. */
    if (stop == XZ_STOP_LIMIT && !done)
        stop = xz_symbol_dec_peek(dec->symbols, &dec->dict, io, in_end);
    dec->in_left -= io->in_pos - in_start;
    if (stop == XZ_STOP_BAD || stop == XZ_STOP_CUT || stop == XZ_STOP_MARKER)
        return LZMA_DATA_ERROR;
    if (stop == XZ_STOP_INPUT)
        return starved(dec, io);
    if (!done)
        return LZMA_OK;
    dec->seq = FINISH;
    return dec->symbols->pending > 0 ? LZMA_DATA_ERROR : LZMA_OK;
}

static lzma_ret finish_chunk(struct lzma2_dec *dec, struct xz_io *io)
{
    const size_t in_start = io->in_pos;
    const lzma_ret ret = xz_symbol_dec_finish(dec->symbols, io, chunk_end(dec, io));
    dec->in_left -= io->in_pos - in_start;
    if (ret == LZMA_OK)
        return starved(dec, io);
    if (ret != LZMA_STREAM_END || dec->in_left > 0)
        return LZMA_DATA_ERROR;
    dec->seq = CONTROL;
    return LZMA_OK;
}

/* The last chunk, whole and with the end of the data in view: nothing will refer to
   it, so it need not pass through the dictionary. */
static bool copy_last_stored(struct lzma2_dec *dec, struct xz_io *io)
{
    const size_t count = dec->out_left;
    if (xz_io_in_left(io) <= count || xz_io_out_left(io) < count
        || io->in[io->in_pos + count] != XZ_LZMA2_END)
        return false;
    memcpy(io->out + io->out_pos, io->in + io->in_pos, count);
    io->in_pos += count;
    io->out_pos += count;
    return true;
}

static lzma_ret copy_stored(struct lzma2_dec *dec, const lzma_allocator *allocator,
                            struct xz_io *io)
{
    if (!XZ_SMALL && copy_last_stored(dec, io))
        dec->out_left = 0;
    else
        XZ_TRY(need_symbols(dec, allocator));
    while (dec->out_left > 0) {
        XZ_TRY(xz_dict_begin(&dec->dict, allocator, io, dec->out_left));
        const size_t count = xz_dict_store(&dec->dict, io, dec->out_left);
        xz_dict_flush(&dec->dict, io);
        dec->out_left -= (uint32_t)count;
        if (count == 0)
            return LZMA_OK;
    }
    dec->seq = CONTROL;
    return LZMA_OK;
}

/* One step of the state machine: seq changes, or what is returned counts. */
static lzma_ret step(struct lzma2_dec *dec, const lzma_allocator *allocator,
                     struct xz_io *io)
{
    switch (dec->seq) {
    case CONTROL:
        if (xz_io_in_left(io) == 0)
            return LZMA_OK;
        dec->header_pos = 0;
        dec->seq = HEADER;
        return take_control(dec, dec->header[dec->header_pos++] = io->in[io->in_pos++]);
    case HEADER:
        return take_header(dec, allocator, io);
    case SYMBOLS:
        return decode_symbols(dec, allocator, io);
    case FINISH:
        return finish_chunk(dec, io);
    case STORED:
        return copy_stored(dec, allocator, io);
    case ENDED:
        break;
    }
    return dec->result;
}

static lzma_ret lzma2_code(struct xz_coder *coder, const lzma_allocator *allocator,
                           struct xz_io *io, lzma_action action)
{
    (void)action;
    struct lzma2_dec *const dec = (struct lzma2_dec *)coder;
    for (;;) {
        const int before = (int)dec->seq;
        const lzma_ret ret = step(dec, allocator, io);
        if (ret != LZMA_OK) {
            dec->seq = ENDED;
            dec->result = ret;
            return ret;
        }
        if ((int)dec->seq == before)
            return LZMA_OK;
    }
}

static void lzma2_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct lzma2_dec *const dec = (struct lzma2_dec *)coder;
    xz_dict_end(&dec->dict, allocator);
    xz_free(dec->symbols, allocator);
    xz_free(dec, allocator);
}

static const struct xz_coder_ops lzma2_ops = {
    .code = lzma2_code,
    .end = lzma2_end,
};

lzma_ret xz_lzma2_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_options_lzma *options)
{
    struct lzma2_dec *const dec =
        xz_coder_take(slot, &lzma2_ops, sizeof(*dec), allocator);
    if (dec == NULL)
        return LZMA_MEM_ERROR;
    dec->seq = CONTROL;
    dec->need_dict = options->preset_dict == NULL || options->preset_dict_size == 0;
    dec->need_props = true;
    return xz_dict_open(&dec->dict, allocator, options->dict_size, options->preset_dict,
                        options->preset_dict_size);
}

uint64_t xz_lzma2_dec_memusage(const lzma_options_lzma *options)
{
    return sizeof(struct lzma2_dec) + sizeof(struct xz_symbol_dec) + XZ_DICT_AT_HAND
           + xz_dict_memusage(options->dict_size);
}
