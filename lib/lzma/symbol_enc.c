// SPDX-License-Identifier: 0BSD
// How literals, matches and reps are spelled in decisions.
//
//     0 byte                          literal
//     1 0 length distance             match
//     1 1 0 0                         short rep: one byte at the last distance
//     1 1 0 1 length                  rep 0
//     1 1 1 0 length                  rep 1
//     1 1 1 1 0 length                rep 2
//     1 1 1 1 1 length                rep 3
//
// The first decision of each depends on the state and the position, the others on the
// state; lengths and distances have models of their own.

#include "lzma/symbol_enc.h"
#include <string.h>

/* What is filled is copied again and again: where text is flushed often, one by one
   would take half of the time. */
static void reset_probs(uint16_t *probs, size_t count)
{
    size_t filled = count < 64 ? count : 64;
    for (size_t i = 0; i < filled; ++i)
        probs[i] = XZ_RC_PROB_INIT;
    while (filled < count) {
        const size_t more = count - filled < filled ? count - filled : filled;
        memcpy(probs + filled, probs, more * sizeof(*probs));
        filled += more;
    }
}

void xz_symbol_enc_reset(struct xz_symbol_enc *enc, const struct xz_enc_props *props)
{
    _Static_assert(offsetof(struct xz_enc_model, literal) % sizeof(uint16_t) == 0,
                   "the model is an array of probabilities");
    const size_t used = offsetof(struct xz_enc_model, literal) / sizeof(uint16_t)
                        + ((size_t)XZ_LITERAL_SIZE << props->lclp);
    reset_probs((uint16_t *)&enc->model, used);
    enc->props = *props;
    for (uint32_t i = 0; i < 1 << XZ_LCLP_MAX; ++i)
        enc->literal_count[i] += XZ_LITERAL_COUNT_RESET;
    enc->context.state = 0;
    for (uint32_t i = 0; i < XZ_REPS; ++i)
        enc->context.reps[i] = 1;
}

/* What a literal that is no copy of the byte at the last distance knows. */
struct matched {
    uint16_t *probs;
    uint32_t byte;
    uint32_t match_byte;
    uint32_t tree; // 0x100, or 0 when the bits have differed
};

/* The decision `left` bits before the end. */
XZ_ALWAYS_INLINE void encode_matched_bit(struct xz_range_enc *rc, struct matched *m,
                                         uint32_t left)
{
    const uint32_t bit = (m->byte >> (left - 1)) & 1;
    const uint32_t match_bit = (m->match_byte >> (left - 1)) & 1;
    const uint32_t node = (m->byte | 0x100) >> left;
    xz_rc_bit(rc, &m->probs[m->tree + (m->tree & (0 - match_bit)) + node], bit);
    m->tree &= (match_bit ^ bit) - 1;
}

/* Behind a literal, the byte's tree alone. Otherwise the byte at the last distance
   helps, as it is likely not to be the one that comes: as long as the bits above agree
   with its bits, these choose one of two more trees. */
XZ_ALWAYS_INLINE void encode_literal(struct xz_range_enc *rc, uint16_t *probs,
                                     uint32_t byte, uint32_t match_byte,
                                     bool is_matched)
{
    if (!is_matched) {
        xz_rc_tree(rc, probs, 8, byte);
        return;
    }
    struct matched m = {probs, byte, match_byte, 0x100};
    encode_matched_bit(rc, &m, 8);
    encode_matched_bit(rc, &m, 7);
    encode_matched_bit(rc, &m, 6);
    encode_matched_bit(rc, &m, 5);
    encode_matched_bit(rc, &m, 4);
    encode_matched_bit(rc, &m, 3);
    encode_matched_bit(rc, &m, 2);
    encode_matched_bit(rc, &m, 1);
}

/* A low or middle length as decisions. Which of both it is cannot be foreseen, so there
   is no branch on it: what a low length does not need is overwritten. */
XZ_ALWAYS_INLINE uint16_t *list_low_mid(uint16_t *list, struct xz_len_model *model,
                                        uint32_t value, uint32_t pos_state)
{
    const uint32_t is_mid = value / XZ_LEN_LOW;
    list = xz_rc_list_bit(list, &model->choice[0], is_mid << XZ_RC_PROB_BITS);
    xz_rc_list_bit(list, &model->choice[2 - is_mid], 0);
    return xz_rc_list_tree(list + is_mid, model->low_mid[is_mid][pos_state],
                           XZ_LEN_LOW_BITS, value % XZ_LEN_LOW);
}

XZ_ALWAYS_INLINE void encode_len(struct xz_range_enc *rc, struct xz_len_model *model,
                                 uint32_t len, uint32_t pos_state)
{
    const uint32_t value = len - XZ_LEN_MIN;
    const bool is_high = value >= XZ_LEN_LOW + XZ_LEN_MID;
    if (rc->is_listing && !is_high) {
        rc->list = list_low_mid(rc->list, model, value, pos_state);
        return;
    }
    if (value < XZ_LEN_LOW) {
        xz_rc_bit(rc, &model->choice[0], 0);
        xz_rc_tree(rc, model->low_mid[0][pos_state], XZ_LEN_LOW_BITS, value);
        return;
    }
    xz_rc_bit(rc, &model->choice[0], 1);
    xz_rc_bit(rc, &model->choice[1], is_high);
    if (is_high)
        xz_rc_tree(rc, model->high, XZ_LEN_HIGH_BITS, value - XZ_LEN_LOW - XZ_LEN_MID);
    else
        xz_rc_tree(rc, model->low_mid[1][pos_state], XZ_LEN_MID_BITS,
                   value - XZ_LEN_LOW);
}

/* dist0 is the distance minus 1. */
XZ_ALWAYS_INLINE void encode_dist(struct xz_range_enc *rc, struct xz_enc_model *model,
                                  uint32_t dist0, uint32_t len)
{
    const uint32_t slot = xz_dist_slot(dist0);
    xz_rc_tree(rc, model->dist_slot[xz_dist_state(len)], XZ_DIST_SLOT_BITS, slot);
    if (slot < XZ_DIST_MODEL_START)
        return;
    const uint32_t bits = xz_dist_bits(slot);
    const uint32_t rest = dist0 & ((UINT32_C(1) << bits) - 1);
    if (slot < XZ_DIST_MODEL_END) {
        xz_rc_tree_reverse(rc, model->dist_low[slot], XZ_DIST_LOW_BITS_MAX, bits, rest);
        return;
    }
    xz_rc_direct(rc, bits - XZ_ALIGN_BITS, rest >> XZ_ALIGN_BITS);
    xz_rc_tree_reverse(rc, model->dist_align, XZ_ALIGN_BITS, XZ_ALIGN_BITS,
                       rest & (XZ_ALIGN_SIZE - 1));
}

XZ_ALWAYS_INLINE void encode_match(struct xz_range_enc *rc, struct xz_enc_model *model,
                                   uint32_t state, uint32_t pos_state, uint32_t dist0,
                                   uint32_t len)
{
    xz_rc_bit(rc, &model->is_match[state][pos_state], 1);
    xz_rc_bit(rc, &model->is_rep[state], 0);
    encode_len(rc, &model->match_len, len, pos_state);
    encode_dist(rc, model, dist0, len);
}

/* Which of the last distances, not the length. */
XZ_ALWAYS_INLINE void encode_rep_index(struct xz_range_enc *rc,
                                       struct xz_enc_model *model, uint32_t state,
                                       uint32_t pos_state, uint32_t index, bool is_long)
{
    xz_rc_bit(rc, &model->is_match[state][pos_state], 1);
    xz_rc_bit(rc, &model->is_rep[state], 1);
    if (index == 0) {
        xz_rc_bit(rc, &model->is_not_rep0[state], 0);
        xz_rc_bit(rc, &model->is_long_rep0[state][pos_state], is_long);
        return;
    }
    xz_rc_bit(rc, &model->is_not_rep0[state], 1);
    xz_rc_bit(rc, &model->is_not_rep1[state], index > 1);
    if (index > 1)
        xz_rc_bit(rc, &model->is_not_rep2[state], index - 2);
}

XZ_ALWAYS_INLINE void encode_symbol(struct xz_symbol_enc *enc, struct xz_range_enc *rc,
                                    const uint8_t *text, struct xz_symbol symbol)
{
    struct xz_enc_model *const model = &enc->model;
    struct xz_enc_context *const context = &enc->context;
    const uint32_t state = context->state;
    const uint32_t pos_state = enc->position & enc->props.pb_mask;
    const bool is_rep0 = symbol.dist == context->reps[0];
    if (symbol.len == 1 && !is_rep0) {
        xz_rc_bit(rc, &model->is_match[state][pos_state], 0);
        const uint32_t at = xz_literal_context(&enc->props, enc->position, text[-1]);
        uint16_t *const probs = model->literal + XZ_LITERAL_SIZE * at;
        ++enc->literal_count[at];
        const uint32_t match_byte = *(text - context->reps[0]);
        encode_literal(rc, probs, text[0], match_byte, state >= XZ_STATE_LITERALS);
        context->state = xz_state_after_literal(state);
        return;
    }
    const uint32_t index = xz_reps_use(context->reps, symbol.dist);
    if (index == XZ_REPS) {
        context->reps[0] &= ~XZ_AS_MATCH;
        encode_match(rc, model, state, pos_state, context->reps[0] - 1, symbol.len);
        context->state = xz_state_after_match(state);
        ++enc->match_count;
    } else if (symbol.len == 1) {
        encode_rep_index(rc, model, state, pos_state, 0, false);
        context->state = xz_state_after_shortrep(state);
    } else {
        encode_rep_index(rc, model, state, pos_state, index, true);
        encode_len(rc, &model->rep_len, symbol.len, pos_state);
        context->state = xz_state_after_rep(state);
        ++enc->rep_count;
    }
}

/* Symbols until count are coded, or what they become is behind `last`, or the next
   would make more than text_max bytes. */
XZ_ALWAYS_INLINE uint32_t encode(struct xz_symbol_enc *enc, const uint8_t *text,
                                 const struct xz_symbol *symbols, uint32_t count,
                                 bool is_listing, const void *last, uint32_t text_max,
                                 uint32_t *ret_size)
{
    struct xz_range_enc rc = enc->rc;
    rc.is_listing = is_listing;
    uint32_t done = 0;
    uint32_t size = 0;
    for (; done < count; ++done) {
        if (is_listing ? rc.list > (const uint16_t *)last
                       : rc.out > (const uint8_t *)last)
            break;
        if (symbols[done].len > text_max - size)
            break;
        encode_symbol(enc, &rc, text + size, symbols[done]);
        size += symbols[done].len;
        enc->position += symbols[done].len;
    }
    enc->rc = rc;
    *ret_size = size;
    return done;
}

uint32_t xz_symbols_encode(struct xz_symbol_enc *enc, const uint8_t *text,
                           const struct xz_symbol *symbols, uint32_t count,
                           const uint8_t *out_end, uint32_t text_max,
                           uint32_t *ret_size)
{
    return encode(enc, text, symbols, count, false, out_end - XZ_SYMBOL_OUT_MAX,
                  text_max, ret_size);
}

uint32_t xz_symbols_list(struct xz_symbol_enc *enc, const uint8_t *text,
                         const struct xz_symbol *symbols, uint32_t count,
                         const uint16_t *list_end, uint32_t text_max,
                         uint32_t *ret_size)
{
    return encode(enc, text, symbols, count, true, list_end - XZ_SYMBOL_DECISIONS_MAX,
                  text_max, ret_size);
}

void xz_end_marker_encode(struct xz_symbol_enc *enc)
{
    struct xz_range_enc rc = enc->rc;
    encode_match(&rc, &enc->model, enc->context.state,
                 enc->position & enc->props.pb_mask, UINT32_MAX, XZ_LEN_MIN);
    enc->rc = rc;
}
