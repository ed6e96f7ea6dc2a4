// SPDX-License-Identifier: 0BSD
// The range encoder: binary decisions with learned probabilities become bytes.
//
// What is coded so far is an interval [low, low + range) of numbers. A decision cuts it
// in two parts, as large as the outcomes are likely, and keeps one. When range falls
// below 2^24, its top byte is settled but for a carry: it goes out and both move up by
// eight bits.
//
//     out | ... settled bytes ... | low: 32 bits, and a carry in bit 32
//
// A carry runs back into bytes that are out already. They are still in the caller's
// buffer, so it is added there. The first byte of a run is always 0: it takes the last
// carry that can come.
//
// The struct is to be copied to a local variable for a run of symbols and stored back:
// then low and range stay in registers.
//
// What is learned from a decision does not depend on low and range. So decisions can be
// listed first (range_list.h) and coded later, several lists at a time (range_lanes.h).
// Whether they are is to be a constant for the compiler.

#ifndef XZ_LZMA_RANGE_ENC_H
#define XZ_LZMA_RANGE_ENC_H

#include "lzma/range_list.h"

/* Bytes that xz_rc_finish() writes. */
#define XZ_RC_FINISH_SIZE 4

struct xz_range_enc {
    uint64_t low; // < 2^33
    uint32_t range;
    bool is_listing; // decisions go to list
    uint8_t *out;    // owned by the caller; next byte
    uint16_t *list;  // owned by the caller; next decision
};

/* Starts a run at out: writes its first byte. */
static inline void xz_rc_start(struct xz_range_enc *rc, uint8_t *out)
{
    rc->low = 0;
    rc->range = UINT32_MAX;
    rc->is_listing = false;
    *out = 0;
    rc->out = out + 1;
}

/* Adds one to the number that ends before out. */
static inline void xz_rc_carry(uint8_t *out)
{
    while (++*--out == 0)
        continue;
}

XZ_ALWAYS_INLINE void xz_rc_shift(struct xz_range_enc *rc)
{
    if (XZ_UNLIKELY(rc->low >> 32 != 0))
        xz_rc_carry(rc->out);
    *rc->out++ = (uint8_t)(rc->low >> 24);
    rc->low = (uint32_t)(rc->low << 8);
}

/* One decision. No branch depends on the bit: it is hard to predict by nature. */
XZ_ALWAYS_INLINE void xz_rc_bit(struct xz_range_enc *rc, uint16_t *prob, uint32_t bit)
{
    if (rc->is_listing) {
        rc->list = xz_rc_list_bit(rc->list, prob, bit << XZ_RC_PROB_BITS);
        return;
    }
    const uint32_t p = *prob;
    const uint32_t bound = (rc->range >> XZ_RC_PROB_BITS) * p;
    const uint32_t mask = 0 - bit;
    rc->low += bound & mask;
    rc->range = bound + ((rc->range - 2 * bound) & mask);
    /* p - (p >> 5) for a one, p + ((2048 - p) >> 5) for a zero: the latter is
       p - ((p - 2017) >> 5), rounded down. */
    const uint32_t zero_offset = (1U << XZ_RC_PROB_BITS) - (1U << XZ_RC_MOVE_BITS) + 1;
    const int32_t from = (int32_t)(p - (zero_offset & ~mask));
    *prob = (uint16_t)(p - (uint32_t)(from >> XZ_RC_MOVE_BITS));
    if (rc->range < XZ_RC_TOP) {
        rc->range <<= 8;
        xz_rc_shift(rc);
    }
}

/* bits decisions from the highest on; probs is a tree with its root at [1]. */
XZ_ALWAYS_INLINE void xz_rc_tree(struct xz_range_enc *rc, uint16_t *probs,
                                 uint32_t bits, uint32_t value)
{
    if (rc->is_listing) {
        rc->list = xz_rc_list_tree(rc->list, probs, bits, value);
        return;
    }
    uint32_t node = 1;
    for (uint32_t i = bits; i-- > 0;) {
        const uint32_t bit = (value >> i) & 1;
        xz_rc_bit(rc, &probs[node], bit);
        node = 2 * node + bit;
    }
}

/* The same from the lowest bit on. bits is at most `most`, a constant up to 5; probs
   has 2^most entries, and those from 2^bits on may change. */
XZ_ALWAYS_INLINE void xz_rc_tree_reverse(struct xz_range_enc *rc, uint16_t *probs,
                                         uint32_t most, uint32_t bits, uint32_t value)
{
    if (rc->is_listing) {
        rc->list = xz_rc_list_tree_reverse(rc->list, probs, most, bits, value);
        return;
    }
    uint32_t node = 1;
    for (uint32_t i = 0; i < bits; ++i) {
        const uint32_t bit = (value >> i) & 1;
        xz_rc_bit(rc, &probs[node], bit);
        node = 2 * node + bit;
    }
}

/* bits decisions that are as likely one as zero, from the highest on, 1 to 32. */
XZ_ALWAYS_INLINE void xz_rc_direct(struct xz_range_enc *rc, uint32_t bits,
                                   uint32_t value)
{
    if (rc->is_listing) {
        rc->list = xz_rc_list_even(rc->list, bits, value);
        return;
    }
    for (uint32_t i = bits; i-- > 0;) {
        rc->range >>= 1;
        rc->low += rc->range & (0 - ((value >> i) & 1));
        if (rc->range < XZ_RC_TOP) {
            rc->range <<= 8;
            xz_rc_shift(rc);
        }
    }
}

/* Writes all of low. What a decoder keeps as its code is 0 after that, as .xz demands
   at the end of an LZMA2 chunk. */
static inline void xz_rc_finish(struct xz_range_enc *rc)
{
    for (uint32_t i = 0; i < XZ_RC_FINISH_SIZE; ++i)
        xz_rc_shift(rc);
}

#endif
