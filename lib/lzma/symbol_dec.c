// SPDX-License-Identifier: 0BSD
// The LZMA symbol decoder: when to run the fast loop, when to look first.
//
//     input at hand      what is done (where bytes are carried: always the last)
//     >= 22 bytes        the fast loop, as long as that holds
//     fewer, and no      the bytes are copied and padded; the loop decodes them symbol
//     more will come     by symbol. One that needs more than there are is cut off.
//     fewer              the bytes are copied and padded; a probe decodes one symbol
//                        without changing anything and tells how many bytes it needs.
//                        Enough are there: the loop decodes that one symbol for good.
//                        Otherwise the bytes are carried over to the next call.
//
// So a symbol is decoded either whole or not at all, and no byte is taken that does not
// belong to it. What is carried belongs to a symbol that is not complete: with the
// first symbol decoded from carried and new bytes the carry is used up.

#include "lzma/symbol_dec.h"
#include "lzma/decode_loop.h"

/* Probabilities that are set, and copied, at a time. */
#define PROBS_STEP 4
#define PROBS_COPY 512

_Static_assert(offsetof(struct xz_symbol_probs, literal)
                   >= PROBS_COPY * sizeof(uint16_t),
               "there are always as many to be set");

/* How far the decoder got. */
enum progress { DECODED, STARVED, CUT, MARKED, DAMAGED };

/* A symbol seen by a probe. */
struct probed {
    uint32_t range;
    uint32_t code;
    uint32_t rep0; // its distance minus 1
    uint32_t len;  // 0: a literal
    size_t size;   // bytes of input that it needs
};

void xz_symbol_dec_set(struct xz_symbol_dec *dec, uint32_t lc, uint32_t lp, uint32_t pb)
{
    dec->lc = lc;
    dec->literal_mask = (UINT32_C(0x100) << lp) - (UINT32_C(0x100) >> lc);
    dec->pos_mask = (UINT32_C(1) << pb) - 1;
}

/* Small files spend much of their time here: a few are set, the rest are copied. */
static void fill_probs(uint16_t *probs, size_t count)
{
    static const uint16_t first[PROBS_STEP] = {XZ_RC_PROB_INIT, XZ_RC_PROB_INIT,
                                               XZ_RC_PROB_INIT, XZ_RC_PROB_INIT};
    size_t done = 0;
    for (; done < PROBS_COPY; done += PROBS_STEP)
        memcpy(probs + done, first, sizeof(first));
    for (size_t step; done < count; done += step) {
        step = count - done < PROBS_COPY ? count - done : PROBS_COPY;
        memcpy(probs + done, probs, step * sizeof(uint16_t));
    }
}

void xz_symbol_dec_reset(struct xz_symbol_dec *dec)
{
    /* Contexts are numbered without gaps: the greatest one that the mask leaves is the
       last. */
    const size_t contexts = ((size_t)dec->literal_mask << dec->lc) / 0x100 + 1;
    const size_t count = offsetof(struct xz_symbol_probs, literal) / sizeof(uint16_t)
                         + contexts * XZ_LITERAL_SIZE;
    fill_probs((uint16_t *)&dec->probs, count);
    dec->state = 0;
    for (size_t i = 0; i < XZ_REPS; ++i)
        dec->reps[i] = 0;
    dec->pending = 0;
}

void xz_symbol_dec_start(struct xz_symbol_dec *dec)
{
    dec->range = UINT32_MAX;
    dec->code = 0;
    dec->start_left = XZ_RC_START_SIZE;
    dec->carry_size = 0;
}

/* Takes the bytes that start the range coder, as far as there are any. */
static enum progress take_start(struct xz_symbol_dec *dec, struct xz_io *io,
                                size_t in_end)
{
    while (dec->start_left > 0) {
        if (io->in_pos == in_end)
            return STARVED;
        const uint8_t byte = io->in[io->in_pos++];
        if (dec->start_left == XZ_RC_START_SIZE && byte != 0)
            return DAMAGED;
        dec->code = (dec->code << 8) | byte;
        --dec->start_left;
    }
    return DECODED;
}

static struct xz_loop load(struct xz_symbol_dec *dec, const struct xz_dict *dict,
                           const uint8_t *in)
{
    struct xz_loop s;
    s.rc.range = dec->range;
    s.rc.code = dec->code;
    s.rc.in = in;
    s.state = dec->state;
    s.rep0 = dec->reps[0];
    s.rep1 = dec->reps[1];
    s.rep2 = dec->reps[2];
    s.rep3 = dec->reps[3];
    s.last = dict->last;
    s.pending = 0;
    s.literal = 0;
    s.out = dict->buf == NULL ? NULL : dict->buf + dict->pos;
    s.copy = (struct xz_loop_copy){NULL, NULL, 0};
    s.probs = &dec->probs;
    s.dict = dict->buf;
    s.wrap_size = dict->wrapped ? dict->size : 0;
    s.reach = dict->reach;
    s.pos_offset = dict->pos_bias - (uint32_t)(uintptr_t)dict->buf;
    s.pos_mask = dec->pos_mask;
    s.literal_mask = dec->literal_mask;
    s.lc = dec->lc;
    s.match = s.state < XZ_STATE_LITERALS ? 0 : xz_loop_match_byte(&s);
    return s;
}

/* Runs the loop from in on; returns where it stopped. */
static XZ_NOINLINE const uint8_t *run(struct xz_symbol_dec *dec, struct xz_dict *dict,
                                      const uint8_t *in, const uint8_t *in_safe)
{
    struct xz_loop s = load(dec, dict, in);
    const size_t overrun = dict->hard_end - dict->limit;
    size_t fast = dict->limit;
    if (overrun < XZ_DICT_OVERRUN)
        fast -= fast < XZ_DICT_OVERRUN - overrun ? fast : XZ_DICT_OVERRUN - overrun;
    const struct xz_loop_bounds end = {
        .in_safe = in_safe,
        .out_limit = dict->buf + dict->limit,
        .out_fast = dict->buf + fast,
    };
    xz_loop_run(&s, &end, XZ_RD_X86);

    dec->range = s.rc.range;
    dec->code = s.rc.code;
    dec->state = s.state;
    dec->reps[0] = s.rep0;
    dec->reps[1] = s.rep1;
    dec->reps[2] = s.rep2;
    dec->reps[3] = s.rep3;
    dec->pending = s.pending;
    const size_t pos = (size_t)(s.out - dict->buf);
    if (pos > dict->pos)
        dict->last = s.out[-1];
    dict->pos = pos;
    return s.rc.in;
}

static XZ_NOINLINE struct probed probe(struct xz_symbol_dec *dec,
                                       const struct xz_dict *dict, const uint8_t *in)
{
    struct xz_loop s = load(dec, dict, in);
    const uint32_t len = xz_loop_symbol(&s, true, XZ_RD_X86);
    return (struct probed){
        .range = s.rc.range,
        .code = s.rc.code,
        .rep0 = s.rep0,
        .len = len,
        .size = (size_t)(s.rc.in - in),
    };
}

/* True if the size bytes at in already tell that the next symbol repeats a distance
   while there is no history. */
static bool repeats_nothing(struct xz_symbol_dec *dec, const struct xz_dict *dict,
                            const uint8_t *in, size_t size)
{
    if (xz_dict_reaches(dict, 1))
        return false;
    struct xz_range_dec rc = {dec->range, dec->code, in};
    return xz_rd_bit(&rc, &dec->probs.is_match[dec->state][0], true, false)
           && xz_rd_bit(&rc, &dec->probs.is_rep[dec->state], true, false)
           && (size_t)(rc.in - in) <= size;
}

/* Carried and new bytes, padded with zeros, into buf. Returns how many bytes of input
   these are. */
static size_t gather(const struct xz_symbol_dec *dec, const struct xz_io *io,
                     size_t in_end, uint8_t buf[XZ_SYMBOL_IN_MAX])
{
    size_t fresh = in_end - io->in_pos;
    if (fresh > XZ_SYMBOL_IN_MAX - dec->carry_size)
        fresh = XZ_SYMBOL_IN_MAX - dec->carry_size;
    memset(buf, 0, XZ_SYMBOL_IN_MAX);
    memcpy(buf, dec->carry, dec->carry_size);
    if (fresh > 0)
        memcpy(buf + dec->carry_size, io->in + io->in_pos, fresh);
    return dec->carry_size + fresh;
}

/* Takes the input up to byte `used` of what gather() gave. */
static void take(struct xz_symbol_dec *dec, struct xz_io *io, size_t used)
{
    io->in_pos += used - dec->carry_size;
    dec->carry_size = 0;
}

static void carry(struct xz_symbol_dec *dec, struct xz_io *io, const uint8_t *buf,
                  size_t size)
{
    take(dec, io, size);
    memcpy(dec->carry, buf, size);
    dec->carry_size = (uint32_t)size;
}

/* Decodes one symbol if all its bytes are there. */
static enum progress run_tail(struct xz_symbol_dec *dec, struct xz_dict *dict,
                              struct xz_io *io, size_t in_end)
{
    uint8_t space[1 + XZ_SYMBOL_IN_MAX];
    uint8_t *const buf = space + 1;
    const size_t size = gather(dec, io, in_end, buf);
    if (probe(dec, dict, buf).size > size) {
        if (repeats_nothing(dec, dict, buf, size))
            return DAMAGED;
        carry(dec, io, buf, size);
        return STARVED;
    }
    /* No place in buf is safe for a second symbol. */
    const uint8_t *const end = run(dec, dict, buf, space);
    take(dec, io, (size_t)(end - buf));
    return DECODED;
}

/* Decodes the last bytes of a run of range coded bytes, where in_end is known to be its
   end. */
static enum progress run_last(struct xz_symbol_dec *dec, struct xz_dict *dict,
                              struct xz_io *io, size_t in_end)
{
    uint8_t space[1 + 2 * XZ_SYMBOL_IN_MAX] = {0};
    const size_t size = in_end - io->in_pos;
    const uint8_t *in = space + 1;
    const uint8_t *const end = in + size;
    if (size > 0)
        memcpy(space + 1, io->in + io->in_pos, size);
    /* LZMA2, which is all that the minimal library has, takes both for damage. */
    if (!XZ_SMALL && repeats_nothing(dec, dict, in, size))
        return DAMAGED;
    do {
        const size_t pos = dict->pos;
        in = run(dec, dict, in, space); // one symbol
        if (in > end) {
            dict->pos = pos;
            io->in_pos = in_end;
            return CUT;
        }
    } while (dec->pending == 0 && dict->pos < dict->limit);
    io->in_pos = in_end - (size_t)(end - in);
    return DECODED;
}

/* Copies what is left of a match, after a look at its distance. */
static enum progress finish_match(struct xz_symbol_dec *dec, struct xz_dict *dict)
{
    const uint64_t dist = (uint64_t)dec->reps[0] + 1;
    if (!xz_dict_reaches(dict, dist))
        return dec->reps[0] == UINT32_MAX ? MARKED : DAMAGED;
    dec->pending -= xz_dict_repeat(dict, dist, dec->pending);
    if (dict->pos > 0)
        dict->last = dict->buf[dict->pos - 1];
    return DECODED;
}

enum xz_symbol_stop xz_symbol_dec_run(struct xz_symbol_dec *dec, struct xz_dict *dict,
                                      struct xz_io *io, size_t in_end, bool ends)
{
    static const enum xz_symbol_stop stops[] = {
        [STARVED] = XZ_STOP_INPUT,
        [CUT] = XZ_STOP_CUT,
        [MARKED] = XZ_STOP_MARKER,
        [DAMAGED] = XZ_STOP_BAD,
    };
    enum progress progress = take_start(dec, io, in_end);
    while (progress == DECODED) {
        if (dec->pending > 0) {
            progress = finish_match(dec, dict);
            if (progress != DECODED)
                break;
        }
        if (dict->pos == dict->limit)
            return XZ_STOP_LIMIT;
        if (dec->carry_size == 0 && in_end - io->in_pos >= XZ_SYMBOL_IN_MAX) {
            const uint8_t *const in_safe = io->in + (in_end - XZ_SYMBOL_IN_MAX);
            const uint8_t *const in = run(dec, dict, io->in + io->in_pos, in_safe);
            io->in_pos = (size_t)(in - io->in);
        } else if (dec->carry_size == 0 && ends) {
            progress = run_last(dec, dict, io, in_end);
        } else {
            progress = run_tail(dec, dict, io, in_end);
        }
    }
    return stops[progress];
}

enum xz_symbol_stop xz_symbol_dec_peek(struct xz_symbol_dec *dec,
                                       const struct xz_dict *dict, struct xz_io *io,
                                       size_t in_end)
{
    if (dec->pending > 0)
        return XZ_STOP_LIMIT;
    const enum progress started = take_start(dec, io, in_end);
    if (started != DECODED)
        return started == STARVED ? XZ_STOP_INPUT : XZ_STOP_BAD;
    uint8_t buf[XZ_SYMBOL_IN_MAX];
    const size_t size = gather(dec, io, in_end, buf);
    const struct probed symbol = probe(dec, dict, buf);
    if (symbol.size > size) {
        carry(dec, io, buf, size);
        return XZ_STOP_INPUT;
    }
    if (symbol.len == 0 || xz_dict_reaches(dict, (uint64_t)symbol.rep0 + 1))
        return XZ_STOP_LIMIT;
    if (symbol.rep0 != UINT32_MAX)
        return XZ_STOP_BAD;
    take(dec, io, symbol.size);
    dec->range = symbol.range;
    dec->code = symbol.code;
    return XZ_STOP_MARKER;
}

lzma_ret xz_symbol_dec_finish(struct xz_symbol_dec *dec, struct xz_io *io,
                              size_t in_end)
{
    if (dec->range < XZ_RC_TOP) {
        if (io->in_pos == in_end)
            return LZMA_OK;
        dec->range <<= 8;
        dec->code = (dec->code << 8) | io->in[io->in_pos++];
    }
    return dec->code == 0 ? LZMA_STREAM_END : LZMA_DATA_ERROR;
}
