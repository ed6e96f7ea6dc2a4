// SPDX-License-Identifier: 0BSD
// Makes LZMA symbols one by one for tests, in plain words: no search, no choice.
//
// The test says which literal or match comes next, so every symbol, length and distance
// can be had, bad ones too. Written apart from the library's encoder, so that a mistake
// in one of them shows.

#ifndef LZMA_MAKER_H
#define LZMA_MAKER_H

#include "lzma/symbol_dec.h"
#include "support/support.h"

#define MAKER_ROOM (1U << 20)

struct maker {
    uint64_t low; // range encoder; the carry is passed on in out[]
    uint32_t range;
    uint32_t state;
    uint32_t reps[XZ_REPS];
    uint32_t lc, lp, pb;
    uint8_t out[MAKER_ROOM]; // out[0] is the leading 0
    size_t out_size;
    uint8_t plain[MAKER_ROOM];
    size_t plain_size;
    struct xz_symbol_probs probs;
};

static inline void maker_fresh(uint16_t *probs, size_t count)
{
    for (size_t i = 0; i < count; ++i)
        probs[i] = XZ_RC_PROB_INIT;
}

/* Starts a run of range coded bytes at the end of nothing. */
static inline void maker_start(struct maker *m)
{
    m->low = 0;
    m->range = UINT32_MAX;
    m->out[0] = 0;
    m->out_size = 1;
}

static inline void maker_init(struct maker *m, uint32_t lc, uint32_t lp, uint32_t pb)
{
    memset(m, 0, sizeof(*m));
    m->lc = lc;
    m->lp = lp;
    m->pb = pb;
    maker_fresh((uint16_t *)&m->probs, sizeof(m->probs) / sizeof(uint16_t));
    maker_start(m);
}

/* Moves the top byte of low to the output, its carry into the bytes before. */
static inline void maker_shift(struct maker *m)
{
    if (m->low >> 32 != 0) {
        size_t i = m->out_size;
        while (++m->out[--i] == 0)
            ;
    }
    assert_true(m->out_size < MAKER_ROOM);
    m->out[m->out_size++] = (uint8_t)(m->low >> 24);
    m->low = (m->low & 0xFFFFFF) << 8;
}

static inline void maker_bit(struct maker *m, uint16_t *prob, uint32_t bit)
{
    const uint32_t bound = (m->range >> XZ_RC_PROB_BITS) * *prob;
    if (bit == 0) {
        m->range = bound;
        *prob = (uint16_t)(*prob + ((2048 - *prob) >> XZ_RC_MOVE_BITS));
    } else {
        m->low += bound;
        m->range -= bound;
        *prob = (uint16_t)(*prob - (*prob >> XZ_RC_MOVE_BITS));
    }
    while (m->range < XZ_RC_TOP) {
        m->range <<= 8;
        maker_shift(m);
    }
}

static inline void maker_tree(struct maker *m, uint16_t *tree, unsigned bits,
                              uint32_t symbol)
{
    uint32_t node = 1;
    while (bits-- > 0) {
        const uint32_t bit = (symbol >> bits) & 1;
        maker_bit(m, &tree[node], bit);
        node = node * 2 + bit;
    }
}

static inline void maker_tree_reverse(struct maker *m, uint16_t *tree, unsigned bits,
                                      uint32_t symbol)
{
    uint32_t node = 1;
    for (unsigned i = 0; i < bits; ++i) {
        const uint32_t bit = (symbol >> i) & 1;
        maker_bit(m, &tree[node], bit);
        node = node * 2 + bit;
    }
}

static inline uint32_t maker_pos_state(const struct maker *m)
{
    return (uint32_t)m->plain_size & ((1U << m->pb) - 1);
}

static inline void maker_literal(struct maker *m, uint8_t byte)
{
    maker_bit(m, &m->probs.is_match[m->state][maker_pos_state(m)], 0);
    const uint32_t last = m->plain_size > 0 ? m->plain[m->plain_size - 1] : 0;
    const uint32_t pos = (uint32_t)m->plain_size & ((1U << m->lp) - 1);
    uint16_t *const tree =
        m->probs.literal + XZ_LITERAL_SIZE * ((pos << m->lc) + (last >> (8 - m->lc)));
    uint32_t node = 1;
    bool same = m->state >= XZ_STATE_LITERALS;
    const uint32_t match = same ? m->plain[m->plain_size - m->reps[0] - 1] : 0;
    for (unsigned i = 8; i-- > 0;) {
        const uint32_t bit = (byte >> i) & 1;
        const uint32_t expected = (match >> i) & 1;
        maker_bit(m, &tree[same ? ((1 + expected) << 8) + node : node], bit);
        node = node * 2 + bit;
        same = same && bit == expected;
    }
    m->state = xz_state_after_literal(m->state);
    m->plain[m->plain_size++] = byte;
}

static inline void maker_length(struct maker *m, struct xz_len_probs *probs,
                                uint32_t pos_state, uint32_t len)
{
    maker_bit(m, &probs->choice[0], len >= 10);
    if (len < 10) {
        maker_tree(m, probs->low[pos_state], 3, len - 2);
        return;
    }
    maker_bit(m, &probs->choice[1], len >= 18);
    if (len < 18)
        maker_tree(m, probs->mid[pos_state], 3, len - 10);
    else
        maker_tree(m, probs->high, 8, len - 18);
}

/* The bytes of a match, as far as there is history. */
static inline void maker_copy(struct maker *m, uint32_t len)
{
    for (; len > 0 && m->reps[0] < m->plain_size; --len) {
        m->plain[m->plain_size] = m->plain[m->plain_size - m->reps[0] - 1];
        ++m->plain_size;
    }
}

/* dist: distance minus 1; UINT32_MAX makes the end marker (len 2). */
static inline void maker_match(struct maker *m, uint32_t dist, uint32_t len)
{
    const uint32_t pos_state = maker_pos_state(m);
    maker_bit(m, &m->probs.is_match[m->state][pos_state], 1);
    maker_bit(m, &m->probs.is_rep[m->state], 0);
    maker_length(m, &m->probs.len[0], pos_state, len);
    unsigned top = 0;
    while (top < 31 && dist >> (top + 1) != 0)
        ++top;
    const uint32_t slot = dist < 4 ? dist : top * 2 + ((dist >> (top - 1)) & 1);
    maker_tree(m, m->probs.dist_slot[len < 6 ? len - 2 : 3], 6, slot);
    if (slot >= 14) {
        for (unsigned i = top - 1; i-- > 4;) {
            m->range >>= 1;
            if ((dist >> i) & 1)
                m->low += m->range;
            if (m->range < XZ_RC_TOP) {
                m->range <<= 8;
                maker_shift(m);
            }
        }
        maker_tree_reverse(m, m->probs.dist_align, 4, dist & 15);
    } else if (slot >= 4) {
        const uint32_t first = (2 | (slot & 1)) << (top - 1);
        maker_tree_reverse(m, m->probs.dist_special + (first - slot), top - 1,
                           dist - first);
    }
    memmove(m->reps + 1, m->reps, 3 * sizeof(m->reps[0]));
    m->reps[0] = dist;
    m->state = xz_state_after_match(m->state);
    maker_copy(m, len);
}

/* A match at last distance number index. */
static inline void maker_rep(struct maker *m, unsigned index, uint32_t len)
{
    const uint32_t pos_state = maker_pos_state(m);
    maker_bit(m, &m->probs.is_match[m->state][pos_state], 1);
    maker_bit(m, &m->probs.is_rep[m->state], 1);
    maker_bit(m, &m->probs.is_rep_n[0][m->state], index > 0);
    if (index == 0)
        maker_bit(m, &m->probs.is_rep0_long[m->state][pos_state], len > 1);
    else
        maker_bit(m, &m->probs.is_rep_n[1][m->state], index > 1);
    if (index > 1)
        maker_bit(m, &m->probs.is_rep_n[2][m->state], index > 2);
    const uint32_t dist = m->reps[index];
    memmove(m->reps + 1, m->reps, index * sizeof(m->reps[0]));
    m->reps[0] = dist;
    if (len > 1)
        maker_length(m, &m->probs.len[1], pos_state, len);
    m->state =
        len > 1 ? xz_state_after_rep(m->state) : xz_state_after_shortrep(m->state);
    maker_copy(m, len);
}

static inline void maker_marker(struct maker *m)
{
    maker_match(m, UINT32_MAX, 2);
}

static inline void maker_finish(struct maker *m)
{
    for (unsigned i = 0; i < 4; ++i)
        maker_shift(m);
}

/* count symbols of all kinds; distances up to reach. */
static inline void maker_random(struct maker *m, uint32_t count, uint32_t reach,
                                uint64_t *seed)
{
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t have = m->plain_size < reach ? (uint32_t)m->plain_size : reach;
        const uint32_t kind = have < 300 ? 0 : random_below(seed, 8);
        const uint32_t shift = random_below(seed, 25);
        uint32_t dist = random_below(seed, UINT32_C(1) << shift);
        uint32_t len = 2 + random_below(seed, random_below(seed, 3) != 0 ? 12 : 272);
        if (dist >= have)
            dist = random_below(seed, have < 40 ? have + 1 : 40);
        if (kind <= 2)
            maker_literal(m, (uint8_t)random_below(seed, i % 2 != 0 ? 256 : 4));
        else if (kind <= 4)
            maker_match(m, dist, len);
        else if (kind == 5)
            maker_rep(m, 0, 1);
        else
            maker_rep(m, random_below(seed, 4), len);
    }
}

#endif
