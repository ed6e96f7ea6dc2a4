// SPDX-License-Identifier: 0BSD
// The range decoder: single bits that steer the program, and trees of bits that do not.
//
// A decision has a probability p of being 0, in 1/2048. It divides the range in two:
//
//     bound = (range >> 11) * p       0 <= code < range
//     code < bound   the bit is 0, the range becomes bound
//     otherwise      the bit is 1, bound is taken from code and range
//
// and p moves by 1/32 towards what came. Before a decision a range below 2^24 is
// widened by eight bits and the code takes one byte more of input. That is done late,
// so a decision never takes a byte that it does not need.
//
// There are two ways to go on. A bit that decides what the program does next is a
// branch: where the CPU predicts it, the next decision need not wait for this one.
// A bit of a literal or a length is as good as random. There a wrong prediction
// costs more than waiting, so both outcomes are prepared (the probabilities of both
// children) and one is picked without a branch: xz_rd_fork().
//
// GCC likes to turn such a pick back into a branch, so on x86-64 it is written down as
// instructions (range_dec_x86.h). Both forms give the same results; the constant
// argument `x86` says which one is meant.
//
// The constant argument `dry` stands for a decision that leaves the probabilities
// alone: see the probe in decode_loop.h.

#ifndef XZ_LZMA_RANGE_DEC_H
#define XZ_LZMA_RANGE_DEC_H

#include "base/platform.h"
#include "lzma/lzma_rules.h"

struct xz_range_dec {
    uint32_t range;
    uint32_t code;     // < range, unless the input is damaged
    const uint8_t *in; // next byte of input; the caller knows that it is there
};

/* A node of a tree that is about to be decided. */
struct xz_rd_node {
    size_t index; // 1: the root; the children of n are 2 * n and 2 * n + 1
    size_t prob;  // its probability
};

#include "lzma/range_dec_x86.h"

XZ_ALWAYS_INLINE void xz_rd_normalize(struct xz_range_dec *rc)
{
    if (XZ_UNLIKELY(rc->range < XZ_RC_TOP)) {
        rc->range <<= 8;
        rc->code = (rc->code << 8) | *rc->in++;
    }
}

/* Widens the range. x86: without a branch, and looks at the byte behind. */
XZ_ALWAYS_INLINE void xz_rd_widen(struct xz_range_dec *rc, bool x86)
{
    if (x86)
        xz_rd_normalize_x86(rc);
    else
        xz_rd_normalize(rc);
}

/* What the probability p becomes by a bit, a constant. */
XZ_ALWAYS_INLINE uint16_t xz_rd_moved_by(uint32_t p, uint32_t bit, bool x86)
{
    if (x86)
        return xz_rd_next_x86(p, bit);
    const uint32_t gap = bit == 0 ? (1U << XZ_RC_PROB_BITS) - p : p;
    const uint32_t step = gap >> XZ_RC_MOVE_BITS;
    return (uint16_t)(bit == 0 ? p + step : p - step);
}

/* One bit that the program branches on. p: what *prob is. */
XZ_ALWAYS_INLINE bool xz_rd_bit_at(struct xz_range_dec *rc, uint16_t *prob, uint32_t p,
                                   bool dry, bool x86)
{
    xz_rd_widen(rc, x86);
    const uint32_t bound = (rc->range >> XZ_RC_PROB_BITS) * p;
    if (rc->code < bound) {
        rc->range = bound;
        if (!dry)
            *prob = xz_rd_moved_by(p, 0, x86);
        return false;
    }
    rc->range -= bound;
    rc->code -= bound;
    if (!dry)
        *prob = xz_rd_moved_by(p, 1, x86);
    return true;
}

XZ_ALWAYS_INLINE bool xz_rd_bit(struct xz_range_dec *rc, uint16_t *prob, bool dry,
                                bool x86)
{
    return xz_rd_bit_at(rc, prob, *prob, dry, x86);
}

/* Decides a node without a branch. prob0, prob1: the probabilities of its children.
   The node becomes the child; returns its own probability after the decision:
   p + ((2048 - p) >> 5) for a 0, which is p - ((p - 2048 + 31) >> 5), or
   p - (p >> 5) for a 1. */
XZ_ALWAYS_INLINE uint16_t xz_rd_fork(struct xz_range_dec *rc, struct xz_rd_node *node,
                                     size_t prob0, size_t prob1, bool x86)
{
    if (x86)
        return xz_rd_fork_x86(rc, node, prob0, prob1);
    xz_rd_normalize(rc);
    const uint32_t prob = (uint32_t)node->prob;
    const uint32_t bound = (rc->range >> XZ_RC_PROB_BITS) * prob;
    const bool is_zero = rc->code < bound;
    rc->range = is_zero ? bound : rc->range - bound;
    rc->code = is_zero ? rc->code : rc->code - bound;
    node->index = 2 * node->index + !is_zero;
    node->prob = is_zero ? prob0 : prob1;
    const uint32_t toward = (1U << XZ_RC_PROB_BITS) - ((1U << XZ_RC_MOVE_BITS) - 1);
    const int32_t gap = (int32_t)(prob - (is_zero ? toward : 0));
    return (uint16_t)(prob - (uint32_t)(gap >> XZ_RC_MOVE_BITS));
}

/* Decides a node of a tree and goes one level down. leaf: there is nothing below. */
XZ_ALWAYS_INLINE void xz_rd_descend(struct xz_range_dec *rc, uint16_t *tree,
                                    struct xz_rd_node *node, bool leaf, bool dry,
                                    bool x86)
{
    const size_t here = node->index;
    const size_t prob0 = leaf ? 0 : tree[2 * here];
    const size_t prob1 = leaf ? 0 : tree[2 * here + 1];
    const uint16_t moved = xz_rd_fork(rc, node, prob0, prob1, x86);
    if (!dry)
        tree[here] = moved;
}

/* A symbol of `bits` bits, highest first. tree has 2^bits entries; [0] is unused.
   Returns 2^bits plus the symbol. bits is constant. */
XZ_ALWAYS_INLINE uint32_t xz_rd_tree(struct xz_range_dec *rc, uint16_t *tree,
                                     unsigned bits, bool dry, bool x86)
{
    struct xz_rd_node node = {1, tree[1]};
#pragma GCC unroll 8
    for (unsigned i = 0; i < bits; ++i)
        xz_rd_descend(rc, tree, &node, i + 1 == bits, dry, x86);
    return (uint32_t)node.index;
}

/* The same with the lowest bit first. bits may vary. Returns the symbol. */
XZ_ALWAYS_INLINE uint32_t xz_rd_tree_reverse(struct xz_range_dec *rc, uint16_t *tree,
                                             unsigned bits, bool dry, bool x86)
{
    struct xz_rd_node node = {1, tree[1]};
    uint32_t symbol = 0;
    for (unsigned i = 0; i < bits; ++i) {
        xz_rd_descend(rc, tree, &node, i + 1 == bits, dry, x86);
        symbol += ((uint32_t)node.index & 1) << i;
    }
    return symbol;
}

/* Appends count bits of even chance to value. */
XZ_ALWAYS_INLINE uint32_t xz_rd_direct(struct xz_range_dec *rc, uint32_t value,
                                       unsigned count, bool x86)
{
    if (x86 && XZ_LIKELY(xz_rd_direct_x86(rc, &value, count)))
        return value;
    do {
        xz_rd_normalize(rc);
        rc->range >>= 1;
        const bool is_zero = rc->code < rc->range;
        rc->code -= is_zero ? 0 : rc->range;
        value = value * 2 + !is_zero;
    } while (--count > 0);
    return value;
}

/* a if x is y, otherwise b; without a branch. */
XZ_ALWAYS_INLINE size_t xz_rd_if_same(uint32_t x, uint32_t y, size_t a, size_t b,
                                      bool x86)
{
    return x86 ? xz_rd_if_same_x86(x, y, a, b) : x == y ? a : b;
}

#endif
