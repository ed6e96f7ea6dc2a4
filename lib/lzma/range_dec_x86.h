// SPDX-License-Identifier: 0BSD
// Picks without branches, and direct bits at once, for x86-64 (see range_dec.h).
//
// One comparison sets the carry flag; conditional moves pick the code, the range and
// the next probability from it. In a tree the chain from one decision to the next has 7
// cycles: multiply (3), subtract, move, compare or shift, move. That is less than an
// ordinary CPU needs for what does not lie on the chain: an Intel core has two ports
// for shifts and for all that takes the carry flag. So two of the four shifts are
// multiplications, which have a port of their own, and the moved probability comes
// from a table by the new index, which any port can add. The assembly touches no
// memory, so sanitizers see every access.

#ifndef XZ_LZMA_RANGE_DEC_X86_H
#define XZ_LZMA_RANGE_DEC_X86_H

#include "base/bits.h"
#include "base/bytes.h"
#include "lzma/range_moved.h"

#if XZ_X86_64

# define XZ_RD_X86 true

/* value * 256, without a shift. */
XZ_ALWAYS_INLINE uint32_t xz_rd_shift_x86(uint32_t value)
{
    uint32_t shifted;
    __asm__("imull $256, %[value], %[shifted]"
            : [shifted] "=r"(shifted)
            : [value] "r"(value)
            : "cc");
    return shifted;
}

/* Widens a small range without a branch: whether it is small is hard to predict. The
   next byte of input is read in any case. */
XZ_ALWAYS_INLINE void xz_rd_normalize_x86(struct xz_range_dec *rc)
{
    const uint32_t range = rc->range << 8;
    const uint32_t code = xz_rd_shift_x86(rc->code) | *rc->in;
    __asm__("cmpl %[top], %[range]\n\t"
            "cmovb %[wide_range], %[range]\n\t"
            "cmovb %[wide_code], %[code]\n\t"
            "adcq $0, %[in]"
            : [code] "+&r"(rc->code), [range] "+&r"(rc->range), [in] "+&r"(rc->in)
            : [wide_range] "r"(range), [wide_code] "r"(code), [top] "i"(XZ_RC_TOP)
            : "cc");
}

/* The same inside a tree, where range / 2048 is waited for: it is picked beside the
   range, and returned. */
XZ_ALWAYS_INLINE uint32_t xz_rd_widen_part_x86(struct xz_range_dec *rc)
{
    const uint32_t code = xz_rd_shift_x86(rc->code) | *rc->in;
    const uint32_t range = xz_rd_shift_x86(rc->range);
    const uint32_t wide_part = rc->range >> (XZ_RC_PROB_BITS - 8);
    uint32_t part = rc->range >> XZ_RC_PROB_BITS;
    __asm__("cmpl %[top], %[range]\n\t"
            "cmovb %[wide_part], %[part]\n\t"
            "cmovb %[wide_range], %[range]\n\t"
            "cmovb %[wide_code], %[code]\n\t"
            "adcq $0, %[in]"
            : [code] "+&r"(rc->code), [range] "+&r"(rc->range), [in] "+&r"(rc->in),
              [part] "+&r"(part)
            : [wide_range] "r"(range), [wide_code] "r"(code),
              [wide_part] "r"(wide_part), [top] "i"(XZ_RC_TOP)
            : "cc");
    return part;
}

XZ_ALWAYS_INLINE uint16_t xz_rd_fork_x86(struct xz_range_dec *rc,
                                         struct xz_rd_node *node, size_t prob0,
                                         size_t prob1)
{
    const uint32_t bound = xz_rd_widen_part_x86(rc) * (uint32_t)node->prob;
    const uint32_t keep = rc->code;
    /* Where xz_rc_next has the entry, less the new index, which has the outcome. */
    const size_t entry = 2 * (node->prob - node->index);
    rc->range -= bound;
    node->prob = prob1;
    node->index *= 2;
    __asm__("subl %[bound], %[code]\n\t"
            "cmovb %[bound], %[range]\n\t"
            "cmovb %[prob0], %[prob]\n\t"
            "cmovb %[keep], %[code]\n\t"
            "sbbq $-1, %[index]"
            : [code] "+&r"(rc->code), [range] "+&r"(rc->range),
              [prob] "+&r"(node->prob), [index] "+&r"(node->index)
            : [bound] "r"(bound), [keep] "r"(keep), [prob0] "r"(prob0)
            : "cc");
    return xz_rc_next[entry + node->index];
}

/* What *prob becomes by a bit that the program branches on. */
XZ_ALWAYS_INLINE uint16_t xz_rd_next_x86(uint32_t prob, uint32_t bit)
{
    return xz_rc_next[2 * (size_t)prob + bit];
}

/* Direct bits, all of them by one division: 12 of them, as many as usual, would take 24
   cycles one by one, and their number would be a branch that is hard to predict. Bit j
   takes half j from the code where that has as much. Let high be the range without
   the bits that its halves lose before they are widened: the k lowest ones, if it is
   below 2^24 after k halvings.

       half j = high / 2^j + (low >> j)            low = range - high, below 2^k, k <= 8
       taken  = high * bits / 2^count + extra      extra: all low >> j where bit j is 1

   All of this is exact with 32 bits of input behind the code. The quotient
   code * 2^count / high is `bits`, or a little more where `extra` counts. What it would
   take tells: the code that is left must be below the last half. If it is not, or if
   the code was not below the range (damage), nothing is done: never for up to 12 bits,
   1 time in 70 for 20, every second time for 26.

   extra is a sum of at most 7 terms, added up by a multiplication: bit j of `spread`
   and low >> j meet in byte 7 of the product; no sum in a byte below passes 255. */
XZ_ALWAYS_INLINE bool xz_rd_direct_x86(struct xz_range_dec *rc, uint32_t *value,
                                       unsigned count)
{
    const uint64_t every_7th = 0x0000040810204081; // 7 bits become the bits 0 of bytes
    struct xz_range_dec s = *rc;
    const unsigned start = (31 - xz_bits_top32(s.range)) % 8; // of halvings, 8: widened
    xz_rd_normalize_x86(&s);
    if (XZ_UNLIKELY(s.code >= s.range))
        return false;
    const uint32_t low = s.range & (0xFFU >> start);
    const uint32_t high = s.range - low;
    const uint64_t code = ((uint64_t)s.code << 32) | xz_read32be(s.in);
    const uint64_t shifted = code >> (32 - count);
    uint32_t bits = (uint32_t)shifted;
    uint32_t rest = (uint32_t)(shifted >> 32);
    __asm__("divl %[high]" : "+a"(bits), "+d"(rest) : [high] "r"(high) : "cc");

    const uint64_t shares = ((low >> 1) * (every_7th << 8)) & 0x0103070F1F3F7F00;
    const uint64_t first_7 = ((uint64_t)bits << 7) >> count;
    const uint64_t spread = (first_7 * every_7th) & 0x0001010101010101;
    const uint64_t extra = (spread * shares) >> 56;
    const uint64_t left =
        code - (((uint64_t)high * bits) << (32 - count)) - (extra << 32);
    const uint64_t half =
        (((uint64_t)high << 32) >> count) | ((uint64_t)(s.range >> count) << 32);
    if (XZ_UNLIKELY(left >= half || bits >> count != 0))
        return false;
    const unsigned widened = (start + count - 1) / 8;
    rc->range = (uint32_t)(half >> (32 - 8 * widened));
    rc->code = (uint32_t)(left >> (32 - 8 * widened));
    rc->in = s.in + widened;
    *value = (*value << count) + bits;
    return true;
}

/* Has both at hand before the decision that comes next: where that one is not foreseen,
   nothing is left to be looked up. */
XZ_ALWAYS_INLINE void xz_rd_ready_x86(uint16_t **tree, uint32_t *prob)
{
    __asm__ volatile("" : "+r"(*tree), "+r"(*prob));
}

XZ_ALWAYS_INLINE size_t xz_rd_if_same_x86(uint32_t x, uint32_t y, size_t a, size_t b)
{
    __asm__("cmpl %[x], %[y]\n\t"
            "cmove %[a], %[b]"
            : [b] "+r"(b)
            : [x] "r"(x), [y] "r"(y), [a] "r"(a)
            : "cc");
    return b;
}

#else

# define XZ_RD_X86 false

XZ_ALWAYS_INLINE void xz_rd_normalize_x86(struct xz_range_dec *rc)
{
    (void)rc;
}

XZ_ALWAYS_INLINE uint16_t xz_rd_fork_x86(struct xz_range_dec *rc,
                                         struct xz_rd_node *node, size_t prob0,
                                         size_t prob1)
{
    (void)rc;
    (void)node;
    (void)prob0;
    (void)prob1;
    return 0;
}

XZ_ALWAYS_INLINE uint16_t xz_rd_next_x86(uint32_t prob, uint32_t bit)
{
    (void)prob;
    (void)bit;
    return 0;
}

XZ_ALWAYS_INLINE bool xz_rd_direct_x86(struct xz_range_dec *rc, uint32_t *value,
                                       unsigned count)
{
    (void)rc;
    (void)value;
    (void)count;
    return false;
}

XZ_ALWAYS_INLINE void xz_rd_ready_x86(uint16_t **tree, uint32_t *prob)
{
    (void)tree;
    (void)prob;
}

XZ_ALWAYS_INLINE size_t xz_rd_if_same_x86(uint32_t x, uint32_t y, size_t a, size_t b)
{
    (void)x;
    (void)y;
    (void)a;
    return b;
}

#endif
#endif
