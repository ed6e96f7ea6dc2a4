// SPDX-License-Identifier: 0BSD
// Range coding of two lanes by turns, in general registers.
//
// A vector of eight lanes takes as long if six of them are empty. Two lanes by turns
// take half as long a decision as one: while one waits for its range, the other goes
// on. For that the step must be short: without branches, which are foreseen badly here,
// and with instructions that leave their operands.
//
// Where both outcomes are as likely, the last bit of the range is lost; without it,
// either outcome is what is left when the other is taken away.

#include "lzma/range_lanes_words.h"

#if XZ_X86_64

# include "base/bytes.h"

# define PAIR_TARGET XZ_TARGET("bmi,bmi2")

# define TRIPLE 3

PAIR_TARGET XZ_ALWAYS_INLINE void code_one(struct xz_rc_lane *lane, uint32_t decision,
                                           uint32_t *bits)
{
    const uint32_t even = decision >> XZ_RC_LIST_EVEN_AT;
    const uint32_t shift = decision >> XZ_RC_LIST_SHIFT ^ XZ_RC_PROB_BITS;
    const uint32_t whole = lane->range & ~even;
    uint32_t part = (lane->range >> shift) * (decision & XZ_RC_LIST_PROB);
    uint64_t below = part;
    const uint32_t rest = whole - part;
    __asm__("testl %[one], %[decision]\n\t"
            "cmovnzl %[rest], %[part]\n\t"
            "cmovzq %[none], %[below]"
            : [part] "+&r"(part), [below] "+r"(below)
            : [rest] "r"(rest), [decision] "r"(decision), [none] "r"(UINT64_C(0)),
              [one] "i"(XZ_RC_LIST_ONE)
            : "cc");
    const uint32_t more = (uint32_t)__builtin_clz(part) & 8;
    lane->range = part << more;
    lane->low = (lane->low + below) << more;
    *bits += more;
}

PAIR_TARGET XZ_ALWAYS_INLINE void settle(struct xz_rc_lane *lane, uint32_t bits)
{
    xz_rc_lane_settle(lane, lane->low >> 32, bits);
    lane->low = (uint32_t)lane->low;
    xz_write64be(lane->out - 8, lane->acc);
}

PAIR_TARGET void xz_rc_pair_code(struct xz_rc_lane *first, struct xz_rc_lane *second,
                                 uint32_t steps)
{
    struct xz_rc_lane a = *first;
    struct xz_rc_lane b = *second;
    for (uint32_t i = 0; i < steps; i += TRIPLE) {
        uint32_t a_bits = 0;
        uint32_t b_bits = 0;
        code_one(&a, a.list[0], &a_bits);
        code_one(&b, b.list[0], &b_bits);
        code_one(&a, a.list[1], &a_bits);
        code_one(&b, b.list[1], &b_bits);
        code_one(&a, a.list[2], &a_bits);
        code_one(&b, b.list[2], &b_bits);
        a.list += TRIPLE;
        b.list += TRIPLE;
        settle(&a, a_bits);
        settle(&b, b_bits);
    }
    a.count -= steps;
    b.count -= steps;
    *first = a;
    *second = b;
}

#endif
