// SPDX-License-Identifier: 0BSD
// Decisions in a list: what is learned from them now, and range coding later.
//
// A decision, as listed:
//
//     bits 0 to 10   probability of a zero; 1 if both outcomes are as likely by rule
//     bit 11         the outcome
//     bits 12 to 15  0, or EVEN >> 12 if both are as likely
//
// Zero's part of the range is (range >> (11 - bits 12 to 15)) * bits 0 to 10. Bits 0 to
// 11 are also the place where xz_rc_moved has the next probability: so there is little
// to be done for each, and all of it can be done side by side.

#ifndef XZ_LZMA_RANGE_LIST_H
#define XZ_LZMA_RANGE_LIST_H

#include "lzma/range_moved.h"
#include <string.h>

#define XZ_RC_LIST_PROB ((1U << XZ_RC_PROB_BITS) - 1)
#define XZ_RC_LIST_ONE  (1U << XZ_RC_PROB_BITS)
#define XZ_RC_LIST_EVEN (10U << XZ_RC_LIST_SHIFT | 1)

/* Where bits 12 to 15 begin; the last of them tells whether both outcomes are as
   likely. */
#define XZ_RC_LIST_SHIFT   12
#define XZ_RC_LIST_EVEN_AT 15
_Static_assert(XZ_RC_LIST_EVEN >> XZ_RC_LIST_EVEN_AT == 1, "a decision has 16 bits");
_Static_assert((XZ_RC_LIST_EVEN >> XZ_RC_LIST_SHIFT ^ XZ_RC_PROB_BITS) == 1,
               "of what it is shifted by, one is left");

/* Four decisions for four bits that are as likely one as zero. */
#define XZ_RC_LIST_EVEN_AT_ONCE 4
extern const uint16_t xz_rc_even[1 << XZ_RC_LIST_EVEN_AT_ONCE][XZ_RC_LIST_EVEN_AT_ONCE];

/* bit is 0 or XZ_RC_LIST_ONE. Returns where the next decision goes. */
XZ_ALWAYS_INLINE uint16_t *xz_rc_list_bit(uint16_t *list, uint16_t *prob, uint32_t bit)
{
    const uint32_t decision = *prob | bit;
    *list = (uint16_t)decision;
    *prob = xz_rc_moved[decision];
    return list + 1;
}

/* The node of a tree that is `left` bits above the end of path, which has a one before
   its first bit. */
XZ_ALWAYS_INLINE uint16_t *xz_rc_list_node(uint16_t *list, uint16_t *probs,
                                           uint32_t path, uint32_t left)
{
    const uint32_t bit = path << (XZ_RC_PROB_BITS + 1 - left) & XZ_RC_LIST_ONE;
    return xz_rc_list_bit(list, &probs[path >> left], bit);
}

/* bits decisions from the highest on; bits is a constant, at most 8. */
XZ_ALWAYS_INLINE uint16_t *xz_rc_list_tree(uint16_t *list, uint16_t *probs,
                                           uint32_t bits, uint32_t value)
{
    const uint32_t path = value | UINT32_C(1) << bits;
    switch (bits) {
    case 8:
        list = xz_rc_list_node(list, probs, path, 8); /* fall through */
    case 7:
        list = xz_rc_list_node(list, probs, path, 7); /* fall through */
    case 6:
        list = xz_rc_list_node(list, probs, path, 6); /* fall through */
    case 5:
        list = xz_rc_list_node(list, probs, path, 5); /* fall through */
    case 4:
        list = xz_rc_list_node(list, probs, path, 4); /* fall through */
    case 3:
        list = xz_rc_list_node(list, probs, path, 3); /* fall through */
    case 2:
        list = xz_rc_list_node(list, probs, path, 2); /* fall through */
    default:
        list = xz_rc_list_node(list, probs, path, 1);
    }
    return list;
}

/* bits decisions from the lowest on, at most `most`, a constant up to 5. How many
   cannot be foreseen, so `most` places are written and as many nodes moved: probs has
   2^most entries, of which those from 2^bits on are in no tree. */
XZ_ALWAYS_INLINE uint16_t *xz_rc_list_tree_reverse(uint16_t *list, uint16_t *probs,
                                                   uint32_t most, uint32_t bits,
                                                   uint32_t value)
{
    uint32_t node = 1;
#pragma GCC unroll 5
    for (uint32_t i = 0; i < most; ++i) {
        const uint32_t bit = (value >> i) & 1;
        xz_rc_list_bit(list + i, &probs[node], bit << XZ_RC_PROB_BITS);
        node = 2 * node + bit;
    }
    return list + bits;
}

/* Decisions for the upper four bits of value. */
XZ_ALWAYS_INLINE void xz_rc_list_even_run(uint16_t *list, uint32_t value)
{
    memcpy(list, xz_rc_even[value >> (32 - XZ_RC_LIST_EVEN_AT_ONCE)],
           sizeof(xz_rc_even[0]));
}

/* bits decisions that are as likely one as zero, from the highest on, 1 to 32. How many
   cannot be foreseen, so bits rounded up to four places are written, and at least 12,
   which are all that dictionaries up to 256 KiB have. */
XZ_ALWAYS_INLINE uint16_t *xz_rc_list_even(uint16_t *list, uint32_t bits,
                                           uint32_t value)
{
    const uint32_t run = XZ_RC_LIST_EVEN_AT_ONCE;
    uint16_t *const end = list + bits;
    value <<= 32 - bits;
    xz_rc_list_even_run(list, value);
    xz_rc_list_even_run(list + run, value << run);
    xz_rc_list_even_run(list + 2 * run, value << 2 * run);
    value <<= 3 * run;
    for (list += 3 * run; list < end; list += run) {
        xz_rc_list_even_run(list, value);
        value <<= run;
    }
    return end;
}

#endif
