// SPDX-License-Identifier: 0BSD
// Picks without branches for x86-64, as instructions (see range_dec.h).
//
// One comparison sets the carry flag; conditional moves pick the code, the range, the
// next node and its probability from it, so that the chain from one decision to the
// next is: shift, multiply, subtract, move. No memory is touched here, so sanitizers
// see every access.

#ifndef XZ_LZMA_RANGE_DEC_X86_H
#define XZ_LZMA_RANGE_DEC_X86_H

#include "base/bits.h"
#include "base/bytes.h"

#if XZ_X86_64

# define XZ_RC_X86 true

/* Widens a small range without a branch: whether it is small is hard to predict. The
   next byte of input is read in any case. */
XZ_ALWAYS_INLINE void xz_rc_normalize_x86(struct xz_range_dec *rc)
{
    const uint32_t range = rc->range << 8;
    const uint32_t code = (rc->code << 8) | *rc->in;
    __asm__("cmpl %[top], %[range]\n\t"
            "cmovb %[wide_range], %[range]\n\t"
            "cmovb %[wide_code], %[code]\n\t"
            "adcq $0, %[in]"
            : [code] "+&r"(rc->code), [range] "+&r"(rc->range), [in] "+&r"(rc->in)
            : [wide_range] "r"(range), [wide_code] "r"(code), [top] "i"(XZ_RC_TOP)
            : "cc");
}

XZ_ALWAYS_INLINE uint32_t xz_rc_fork_x86(struct xz_range_dec *rc, uint32_t bound,
                                         struct xz_rc_pick zero, struct xz_rc_pick one,
                                         struct xz_rc_pick *ret_pick)
{
    uint32_t code = rc->code;
    uint32_t range = rc->range - bound;
    uint32_t mask;
    __asm__("subl %[bound], %[code]\n\t"
            "cmovb %[bound], %[range]\n\t"
            "cmovb %[prob0], %[prob]\n\t"
            "cmovb %[index0], %[index]\n\t"
            "cmovb %[keep], %[code]\n\t"
            "sbbl %[mask], %[mask]"
            : [code] "+&r"(code), [range] "+&r"(range), [prob] "+&r"(one.prob),
              [index] "+&r"(one.index), [mask] "=r"(mask)
            : [bound] "r"(bound), [keep] "r"(rc->code), [prob0] "r"(zero.prob),
              [index0] "r"(zero.index)
            : "cc");
    rc->code = code;
    rc->range = range;
    *ret_pick = one;
    return mask;
}

/* Direct bits. The range is halved once a bit whatever the bits are, so all its values,
   and when it is to be widened, are known beforehand. The code is put in front of the
   next 32 bits of input, and instead of widening the code the halves are cut off at
   the digit that counts:

       code   cccccccc iiiiiiii      i: input that is not due yet
       half   hhhhhhhh 00000000      before the range is widened
              00hhhhhh hh000000      after

   So there is no branch but the loop's own, and two instructions from bit to bit. At
   most 26 bits widen the range four times. */
XZ_ALWAYS_INLINE uint32_t xz_rc_direct_x86(struct xz_range_dec *rc, uint32_t value,
                                           unsigned count)
{
    if (XZ_UNLIKELY(rc->range < XZ_RC_TOP)) {
        rc->range <<= 8;
        rc->code = (rc->code << 8) | *rc->in++;
    }
    uint64_t half = (uint64_t)rc->range << 32;
    uint64_t code = ((uint64_t)rc->code << 32) | xz_read32be(rc->in);
    const unsigned start = 31 - xz_bits_top32(rc->range);
    const unsigned end = start + count;
    unsigned i = start;
    do {
        const uint64_t keep = code;
        uint32_t next = value * 2 + 1;
        half = (half >> 1) & (~UINT64_C(0) << (32 - (i & ~7U)));
        __asm__("subq %[half], %[code]\n\t"
                "cmovb %[keep], %[code]\n\t"
                "sbbl $0, %[next]"
                : [code] "+&r"(code), [next] "+&r"(next)
                : [half] "r"(half), [keep] "r"(keep)
                : "cc");
        value = next;
    } while (++i != end);
    const unsigned widened = (end - 1) / 8;
    rc->range = (uint32_t)(half >> (32 - 8 * widened));
    rc->code = (uint32_t)(code >> (32 - 8 * widened));
    rc->in += widened;
    return value;
}

XZ_ALWAYS_INLINE uint32_t xz_rc_choose_x86(uint32_t mask, uint32_t a, uint32_t b)
{
    __asm__("testl %[mask], %[mask]\n\t"
            "cmovne %[a], %[b]"
            : [b] "+r"(b)
            : [mask] "r"(mask), [a] "r"(a)
            : "cc");
    return b;
}

#else

# define XZ_RC_X86 false

XZ_ALWAYS_INLINE void xz_rc_normalize_x86(struct xz_range_dec *rc)
{
    (void)rc;
}

XZ_ALWAYS_INLINE uint32_t xz_rc_fork_x86(struct xz_range_dec *rc, uint32_t bound,
                                         struct xz_rc_pick zero, struct xz_rc_pick one,
                                         struct xz_rc_pick *ret_pick)
{
    (void)rc;
    (void)bound;
    (void)zero;
    *ret_pick = one;
    return 0;
}

XZ_ALWAYS_INLINE uint32_t xz_rc_direct_x86(struct xz_range_dec *rc, uint32_t value,
                                           unsigned count)
{
    (void)rc;
    (void)count;
    return value;
}

XZ_ALWAYS_INLINE uint32_t xz_rc_choose_x86(uint32_t mask, uint32_t a, uint32_t b)
{
    (void)mask;
    (void)a;
    return b;
}

#endif
#endif
