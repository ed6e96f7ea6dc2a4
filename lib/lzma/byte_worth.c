// SPDX-License-Identifier: 0BSD
// What a byte is worth to the fast parser, from what it has chosen.

#include "lzma/byte_worth.h"
#include "lzma/price.h"
#include <string.h>

/* All of so many stretches are looked at, then one of LOOK_OF. */
#define LOOK_AT 64
#define LOOK_OF 4

/* Of symbols, one of so many is priced, if it is a literal. */
#define PRICE_OF 16

/* Bytes that suffice for a judgement, and that it goes back to. */
#define ENOUGH_BYTES (UINT32_C(2) << 10)
#define LATE_BYTES   (UINT32_C(16) << 10)

/* Literals are dear from 7.1 bits on, without the decision that they are literals. */
#define DEAR_PRICE (71 * XZ_PRICE_BIT / 10)

/* They are many if of so many bytes one is a literal; the last distance seldom goes on
   if for so many literals there is one short rep; reps are few if for so many literals
   there is one. Where bytes are worth more, literals get fewer: STILL is for that. */
#define MANY         8
#define MANY_STILL   10
#define SELDOM       18
#define SELDOM_STILL 15
#define FEW          4

void xz_byte_worth_reset(struct xz_byte_worth *w)
{
    *w = (struct xz_byte_worth){0};
}

/* True if the coder has coded no match, but for those at distance 1, since its model
   was reset: literals' prices say little then. */
static bool is_fresh(const struct xz_symbol_enc *coder)
{
    const uint32_t *const reps = coder->context.reps;
    return (reps[0] | reps[1] | reps[2] | reps[3]) == 1;
}

/* Price of a literal behind others. Those behind a match have other models, but where
   they alone are dear, that is no matter. */
static uint32_t price_literal(const struct xz_symbol_enc *coder, const uint8_t *text,
                              uint32_t position)
{
    const uint32_t at = xz_literal_context(&coder->props, position, text[-1]);
    const uint16_t *const probs = coder->model.literal + XZ_LITERAL_SIZE * at;
    const uint32_t path = text[0] | 0x100;
    uint32_t price = 0;
    for (uint32_t left = 8; left-- > 0;)
        price += xz_price_bit(probs[path >> (left + 1)], (path >> left) & 1);
    return price;
}

static void count(struct xz_byte_worth *w, const struct xz_symbol_enc *coder,
                  const uint8_t *text, const struct xz_symbol *symbols, uint32_t total)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < total; ++i) {
        const bool is_literal = symbols[i].dist == 0;
        if (i % PRICE_OF == 0 && is_literal) {
            w->price += price_literal(coder, text + at, coder->position + at);
            ++w->priced;
        }
        w->literals += is_literal;
        w->short_reps += (symbols[i].len == 1) & !is_literal;
        at += symbols[i].len;
    }
    w->bytes += at;
}

/* Counts reps and the literals beside them, where these might be dear. */
static void count_reps(struct xz_byte_worth *w, const struct xz_symbol_enc *coder,
                       const struct xz_symbol *symbols, uint32_t total)
{
    uint32_t reps[XZ_REPS];
    memcpy(reps, coder->context.reps, sizeof(reps));
    for (uint32_t i = 0; i < total; ++i) {
        if (symbols[i].dist == 0)
            ++w->beside_reps;
        else if (xz_reps_use(reps, symbols[i].dist) < XZ_REPS && symbols[i].len > 1)
            ++w->reps;
    }
}

static bool is_dear(const struct xz_byte_worth *w)
{
    const uint32_t many = w->is_dear ? MANY_STILL : MANY;
    const uint32_t seldom = w->is_dear ? SELDOM_STILL : SELDOM;
    return w->bytes >= ENOUGH_BYTES && w->priced > 0 && w->literals * many >= w->bytes
           && w->short_reps * seldom <= w->literals
           && w->price >= w->priced * DEAR_PRICE;
}

static void fade(struct xz_byte_worth *w)
{
    w->bytes -= w->bytes / 4;
    w->literals -= w->literals / 4;
    w->short_reps -= w->short_reps / 4;
    w->price -= w->price / 4;
    w->priced -= w->priced / 4;
    w->reps -= w->reps / 4;
    w->beside_reps -= w->beside_reps / 4;
}

void xz_byte_worth_learn(struct xz_byte_worth *w, const struct xz_symbol_enc *coder,
                         const uint8_t *text, const struct xz_symbol *symbols,
                         uint32_t total)
{
    if (is_fresh(coder)) {
        xz_byte_worth_reset(w);
        return;
    }
    if (w->stretches++ >= LOOK_AT && w->stretches % LOOK_OF != 0)
        return;
    count(w, coder, text, symbols, total);
    w->is_dear = is_dear(w);
    if (w->is_dear) {
        count_reps(w, coder, symbols, total);
        w->is_dear = w->reps * FEW <= w->beside_reps;
    }
    if (w->bytes >= LATE_BYTES)
        fade(w);
}
