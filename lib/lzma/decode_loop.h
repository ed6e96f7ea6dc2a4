// SPDX-License-Identifier: 0BSD
// The LZMA decode loop: one text, made into a fast loop and a probe.
//
// A symbol is one of
//
//     0 + literal                      a byte
//     1 0 + length + distance          a match; distance 2^32 - 1: the end marker
//     1 1 0 0                          one byte from rep0
//     1 1 0 1 + length                 a match at rep0
//     1 1 1 0, 1 1 1 1 0, 1 1 1 1 1    a match at rep1, rep2, rep3 (+ length)
//
// Everything but the first one to five decisions is a bit tree of 1 to 8 levels or
// direct bits. xz_loop_symbol() decodes one symbol and leaves all consequences but
// those for the dictionary in struct xz_loop, which lives in registers.
//
// xz_loop_run() decodes symbols while
//
//     in <= in_safe, so that XZ_SYMBOL_IN_MAX bytes can be read,
//     out < out_limit,
//
// checked once a symbol and at its start only; the first symbol is not checked. A match
// that passes out_fast, whose source crosses the end of a wrapped buffer, or whose
// distance has no history is left to the caller, in `pending`: he ends it with care, or
// finds it to be the end marker or damage. So the loop itself needs no cold code.
//
// The source of a far match has to come from memory, which takes as long as decoding
// several symbols. Nothing waits for a copy but a literal behind it. So a match is not
// copied when it is decoded: its source is prefetched, and the copy is made behind the
// next match, or before the next literal. Measured 2026-11-23, silesia7.tar, -6, Zen 4
// VM with slow memory: 10 % less time. The two bytes that a literal behind it depends
// on are taken from the source beforehand.
//
// The probe (dry) decodes one symbol without moving a probability or writing a byte;
// the caller looks at where `in` stands afterwards. Its input is padded with zeros.

#ifndef XZ_LZMA_DECODE_LOOP_H
#define XZ_LZMA_DECODE_LOOP_H

#include "lzma/match_copy.h"
#include "lzma/range_dec.h"
#include "lzma/symbol_dec.h"

/* A match that is decoded and not copied yet; len is 0 behind all that are copied at
   once, too. */
struct xz_loop_copy {
    uint8_t *to;
    const uint8_t *from; // as xz_match_copy() asks
    uint32_t len;        // 0: none
};

/* The state of a run. Written for a compiler that keeps the members of a local struct
   in registers. */
struct xz_loop {
    struct xz_range_dec rc;
    uint32_t state;
    uint32_t rep0, rep1, rep2, rep3;
    uint32_t last;    // last byte; a literal leaves at least its upper four bits
    uint32_t match;   // behind a match: the byte that its source goes on with
    uint32_t pending; // bytes of the last match that the loop did not copy
    uint32_t literal; // the literal that xz_loop_symbol() found
    uint8_t *out;     // next byte of the dictionary
    struct xz_loop_copy copy; // ends at out

    /* From here on constant during a run. */
    struct xz_symbol_probs *probs;
    const uint8_t *dict; // position 0
    size_t wrap_size;    // size of the buffer if it has wrapped, otherwise 0
    uint32_t reach;      // greatest distance
    uint32_t pos_offset; // added to the address of a byte: its position modulo 2^32
    uint32_t pos_mask;   // 2^pb - 1
    uint32_t literal_mask;
    uint32_t lc;
};

/* Where a run stops. */
struct xz_loop_bounds {
    const uint8_t *in_safe;   // a symbol may begin here, not behind
    const uint8_t *out_limit; // a symbol must begin before
    const uint8_t *out_fast;  // no match is copied that ends behind it
};

/* The byte that a literal after a match differs from, usually. rep0 is valid then. */
XZ_ALWAYS_INLINE uint32_t xz_loop_match_byte(const struct xz_loop *s)
{
    size_t index = (size_t)(s->out - s->dict) - s->rep0 - 1;
    if (XZ_UNLIKELY(s->rep0 >= (size_t)(s->out - s->dict)))
        index += s->wrap_size;
    return s->dict[index];
}

/* A literal after a literal. The context of the next one depends on at most the four
   upper bits of this one, so it is known half a literal early. */
XZ_ALWAYS_INLINE uint32_t xz_loop_literal(struct xz_loop *s, uint16_t *tree, bool dry,
                                          bool x86)
{
    struct xz_rd_node node = {1, tree[1]};
#pragma GCC unroll 8
    for (unsigned i = 0; i < 8; ++i) {
        xz_rd_descend(&s->rc, tree, &node, i == 7, dry, x86);
        if (i == XZ_LCLP_MAX - 1)
            s->last = ((uint32_t)node.index << (8 - XZ_LCLP_MAX)) & 0xFF;
    }
    return (uint32_t)node.index & 0xFF;
}

/* path: the match byte with a 1 before it, shifted to the left by the level. The index
   of a literal that has been the same so far. */
XZ_ALWAYS_INLINE uint32_t xz_loop_path_index(uint32_t path)
{
    return (path >> 8) & 0xFF;
}

/* Where such a literal has its probability: there are trees for either value of the
   next bit of the match byte. */
XZ_ALWAYS_INLINE uint32_t xz_loop_path_place(uint32_t path)
{
    return 0x100 + 2 * (path & 0x80) + xz_loop_path_index(path);
}

/* A literal after a match. As long as its bits are those of the match byte, trees of
   their own serve; all those probabilities are known beforehand. After the first
   difference it is a literal as any other. */
XZ_ALWAYS_INLINE uint32_t xz_loop_matched(struct xz_loop *s, uint16_t *tree, bool dry,
                                          bool x86)
{
    uint32_t path = 0x100 | s->match;
    size_t place = xz_loop_path_place(path);
    struct xz_rd_node node = {1, tree[place]};
#pragma GCC unroll 8
    for (unsigned i = 0; i < 8; ++i) {
        const size_t here = node.index;
        const uint32_t same = xz_loop_path_index(path);
        const size_t at = xz_rd_if_same((uint32_t)here, same, place, here, x86);
        size_t prob0 = 0;
        size_t prob1 = 0;
        if (i < 7) {
            path += path;
            place = xz_loop_path_place(path);
            const size_t on = tree[place];
            const uint32_t next = xz_loop_path_index(path);
            const uint32_t below = 2 * (uint32_t)here;
            prob0 = xz_rd_if_same(below, next, on, tree[2 * here], x86);
            prob1 = xz_rd_if_same(below, next - 1, on, tree[2 * here + 1], x86);
        }
        const uint16_t moved = xz_rd_fork(&s->rc, &node, prob0, prob1, x86);
        if (!dry)
            tree[at] = moved;
    }
    s->last = node.index & 0xFF;
    return s->last;
}

XZ_ALWAYS_INLINE uint32_t xz_loop_length(struct xz_loop *s, struct xz_len_probs *probs,
                                         uint32_t pos_state, bool dry, bool x86)
{
    struct xz_range_dec *rc = &s->rc;
    if (!xz_rd_bit(rc, &probs->choice[0], dry, x86))
        return xz_rd_tree(rc, probs->low[pos_state], XZ_LEN_LOW_BITS, dry, x86)
               - XZ_LEN_LOW + XZ_LEN_MIN;
    if (!xz_rd_bit(rc, &probs->choice[1], dry, x86))
        return xz_rd_tree(rc, probs->mid[pos_state], XZ_LEN_MID_BITS, dry, x86)
               - XZ_LEN_MID + XZ_LEN_MIN + XZ_LEN_LOW;
    return xz_rd_tree(rc, probs->high, XZ_LEN_HIGH_BITS, dry, x86) - XZ_LEN_HIGH
           + XZ_LEN_MIN + XZ_LEN_LOW + XZ_LEN_MID;
}

/* The distance of a new match, minus 1. */
XZ_ALWAYS_INLINE uint32_t xz_loop_distance(struct xz_loop *s, uint32_t len, bool dry,
                                           bool x86)
{
    struct xz_range_dec *rc = &s->rc;
    uint16_t *const slots = s->probs->dist_slot[xz_dist_state(len)];
    const uint32_t slot =
        xz_rd_tree(rc, slots, XZ_DIST_SLOT_BITS, dry, x86) - XZ_DIST_SLOTS;
    if (slot < XZ_DIST_MODEL_START)
        return slot;
    const unsigned bits = (slot >> 1) - 1;
    const uint32_t top = 2 | (slot & 1);
    if (slot < XZ_DIST_MODEL_END) {
        const uint32_t first = top << bits;
        uint16_t *const tree = s->probs->dist_special + (first - slot);
        return first + xz_rd_tree_reverse(rc, tree, bits, dry, x86);
    }
    const uint32_t high = xz_rd_direct(rc, top, bits - XZ_ALIGN_BITS, x86);
    const size_t middle = ((size_t)high << XZ_ALIGN_BITS) + XZ_ALIGN_SIZE / 2;
    XZ_PREFETCH((const void *)((uintptr_t)s->out - middle));
    return (high << XZ_ALIGN_BITS)
           + xz_rd_tree_reverse(rc, s->probs->dist_align, XZ_ALIGN_BITS, dry, x86);
}

/* Which of the last distances a match repeats: moves it to the front. Returns true if
   it is rep0 for one byte only. */
XZ_ALWAYS_INLINE bool xz_loop_rep(struct xz_loop *s, uint32_t pos_state, bool dry,
                                  bool x86)
{
    struct xz_symbol_probs *const probs = s->probs;
    if (!xz_rd_bit(&s->rc, &probs->is_rep_n[0][s->state], dry, x86))
        return !xz_rd_bit(&s->rc, &probs->is_rep0_long[s->state][pos_state], dry, x86);
    uint32_t dist = s->rep1;
    if (xz_rd_bit(&s->rc, &probs->is_rep_n[1][s->state], dry, x86)) {
        dist = s->rep2;
        if (xz_rd_bit(&s->rc, &probs->is_rep_n[2][s->state], dry, x86)) {
            dist = s->rep3;
            s->rep3 = s->rep2;
        }
        s->rep2 = s->rep1;
    }
    s->rep1 = s->rep0;
    s->rep0 = dist;
    return false;
}

XZ_ALWAYS_INLINE void xz_loop_finish_copy(struct xz_loop *s)
{
    if (s->copy.len > 0)
        xz_match_copy(s->copy.to, s->copy.from, s->copy.len);
    s->copy.len = 0;
}

/* Copies a match at once of which the byte behind its source is its own output. */
XZ_ALWAYS_INLINE void xz_loop_repeat(struct xz_loop *s)
{
    if (s->rep0 >= XZ_MATCH_NEAR - 1) {
        xz_loop_finish_copy(s);
        return;
    }
    xz_match_copy_near(s->out, (size_t)s->rep0 + 1, s->copy.len);
    s->copy.len = 0;
}

/* Decodes one symbol. Returns the length of a match, or 0 for a literal, which is in
   s->literal. */
XZ_ALWAYS_INLINE uint32_t xz_loop_symbol(struct xz_loop *s, bool dry, bool x86)
{
    struct xz_symbol_probs *const probs = s->probs;
    const uint32_t pos = (uint32_t)(uintptr_t)s->out + s->pos_offset;
    const uint32_t pos_state = pos & s->pos_mask;
    const uint32_t state = s->state;
    const uint32_t context = ((pos << 8) + s->last) & s->literal_mask;
    uint16_t *tree =
        probs->literal + XZ_LITERAL_SIZE / 0x100 * ((size_t)context << s->lc);
    uint32_t rep_prob = probs->is_rep[state];
    if (x86)
        xz_rd_ready_x86(&tree, &rep_prob);
    if (!xz_rd_bit(&s->rc, &probs->is_match[state][pos_state], dry, x86)) {
        s->state = xz_state_after_literal(state);
        if (state < XZ_STATE_LITERALS) {
            s->literal = xz_loop_literal(s, tree, dry, x86);
        } else {
            xz_loop_finish_copy(s);
            s->literal = xz_loop_matched(s, tree, dry, x86);
        }
        return 0;
    }
    const bool rep = xz_rd_bit_at(&s->rc, &probs->is_rep[state], rep_prob, dry, x86);
    if (rep) {
        if (xz_loop_rep(s, pos_state, dry, x86)) {
            s->state = xz_state_after_shortrep(state);
            return 1;
        }
        s->state = xz_state_after_rep(state);
        return xz_loop_length(s, &probs->len[1], pos_state, dry, x86);
    }
    s->state = xz_state_after_match(state);
    s->rep3 = s->rep2;
    s->rep2 = s->rep1;
    s->rep1 = s->rep0;
    const uint32_t len = xz_loop_length(s, &probs->len[0], pos_state, dry, x86);
    s->rep0 = xz_loop_distance(s, len, dry, x86);
    return len;
}

/* Where a match that may be copied with an overrun starts; NULL if it must not be. */
XZ_ALWAYS_INLINE const uint8_t *xz_loop_source(const struct xz_loop *s, uint32_t len)
{
    const size_t back = (size_t)(s->out - s->dict);
    if (XZ_UNLIKELY(s->rep0 >= s->reach))
        return NULL;
    if (XZ_LIKELY(s->rep0 < back))
        return s->out - s->rep0 - 1;
    const size_t index = back + s->wrap_size - s->rep0 - 1;
    if (s->wrap_size == 0 || s->rep0 < XZ_DICT_OVERRUN || index + len >= s->wrap_size)
        return NULL;
    return s->dict + index;
}

/* Decodes one symbol for good. False: it is a match left in s->pending. */
XZ_ALWAYS_INLINE bool xz_loop_step(struct xz_loop *s, const struct xz_loop_bounds *end,
                                   bool x86)
{
    const uint32_t len = xz_loop_symbol(s, false, x86);
    if (len == 0) {
        *s->out++ = (uint8_t)s->literal;
        return true;
    }
    const uint8_t *const src = xz_loop_source(s, len);
    if (XZ_UNLIKELY(src == NULL || (ptrdiff_t)len > end->out_fast - s->out)) {
        s->pending = len;
        return false;
    }
    XZ_PREFETCH(src);
    xz_loop_finish_copy(s);
    s->copy = (struct xz_loop_copy){s->out, src, len};
    if (XZ_UNLIKELY(s->rep0 < len))
        xz_loop_repeat(s);
    s->last = src[len - 1];
    s->match = src[len];
    s->out += len;
    return true;
}

/* Decodes one symbol, and more while in <= in_safe and out < out_limit. */
XZ_ALWAYS_INLINE void xz_loop_run(struct xz_loop *s, const struct xz_loop_bounds *end,
                                  bool x86)
{
    while (xz_loop_step(s, end, x86) && s->out < end->out_limit
           && s->rc.in <= end->in_safe)
        ;
    xz_loop_finish_copy(s);
}

#endif
