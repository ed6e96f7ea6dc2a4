// SPDX-License-Identifier: 0BSD
// Range coding of one lane, in general registers.
//
// Where there is one lane, each decision waits for the range that the one before left.
// That chain is kept to six cycles, a product, a sum, a compare and a choice, and all
// else is kept away from the registers: vectors find out beforehand by what a decision
// multiplies. It is the step of range_lanes.c, without branches, which are foreseen
// badly here.

#include "lzma/range_lanes_words.h"

#if XZ_X86_64

# include "base/bytes.h"
# include <immintrin.h>

# define AVX2 XZ_TARGET("avx2,bmi,bmi2")

# define TRIPLE 3
# define EIGHT  8

_Static_assert(XZ_RC_LANE_PAD >= EIGHT && XZ_RC_LANE_PAD <= 2 * EIGHT,
               "two vectors that may overlap");

/* An outcome's part of the range is so many times its upper bits, and what the mask
   leaves of the lower ones, for XZ_RC_LANE_PAD decisions. */
struct factors {
    uint16_t part[XZ_RC_LANE_PAD];
    uint16_t rest[XZ_RC_LANE_PAD];
    uint16_t even[XZ_RC_LANE_PAD]; // 1: both outcomes are as likely
    int16_t one[XZ_RC_LANE_PAD];   // mask: it is a one
};

AVX2 XZ_ALWAYS_INLINE void find_eight(struct factors *f, const uint16_t *list,
                                      uint32_t at)
{
    const __m128i whole = _mm_set1_epi16(1 << XZ_RC_PROB_BITS);
    const __m128i half = _mm_set1_epi16(1 << (XZ_RC_PROB_BITS - 1));
    const __m128i d = _mm_loadu_si128((const __m128i *)(list + at));
    const __m128i one = _mm_srai_epi16(_mm_slli_epi16(d, 15 - XZ_RC_PROB_BITS), 15);
    const __m128i even = _mm_srai_epi16(d, 15);
    const __m128i prob = _mm_and_si128(d, _mm_set1_epi16(XZ_RC_LIST_PROB));
    const __m128i part = _mm_blendv_epi8(prob, _mm_sub_epi16(whole, prob), one);
    const __m128i rest = _mm_and_si128(one, _mm_set1_epi16(XZ_RC_LIST_PROB));
    const __m128i less = _mm_set1_epi16((1 << (XZ_RC_PROB_BITS - 1)) - 1);
    _mm_storeu_si128((__m128i *)(f->part + at), _mm_blendv_epi8(part, half, even));
    _mm_storeu_si128((__m128i *)(f->rest + at), _mm_blendv_epi8(rest, less, even));
    _mm_storeu_si128((__m128i *)(f->even + at), _mm_srli_epi16(d, 15));
    _mm_storeu_si128((__m128i *)(f->one + at), one);
}

/* *top is range >> XZ_RC_PROB_BITS. */
AVX2 XZ_ALWAYS_INLINE void code_one(struct xz_rc_lane *lane, uint32_t *top,
                                    const struct factors *f, uint32_t at,
                                    uint32_t *bits)
{
    const uint32_t even = f->even[at];
    uint32_t range = *top * f->part[at] + (lane->range >> even & f->rest[at]);
    const uint32_t bound = (lane->range & ~even) - range;
    const int32_t one = f->one[at];
    const uint64_t low = lane->low + (bound & (uint32_t)one);
    const uint32_t range_moved = range << 8;
    const uint32_t top_moved = range >> (XZ_RC_PROB_BITS - 8);
    uint32_t top_next = range >> XZ_RC_PROB_BITS;
    uint32_t more = 8;
    uint32_t none = 0;
    __asm__("cmpl %[least], %[range]\n\t"
            "cmovbl %[range_moved], %[range]\n\t"
            "cmovbl %[top_moved], %[top]\n\t"
            "cmovael %[none], %[more]"
            : [range] "+&r"(range), [top] "+&r"(top_next), [more] "+&r"(more)
            : [range_moved] "r"(range_moved), [top_moved] "r"(top_moved),
              [none] "r"(none), [least] "i"(XZ_RC_TOP)
            : "cc");
    lane->range = range;
    lane->low = low << more;
    *top = top_next;
    *bits += more;
}

AVX2 XZ_ALWAYS_INLINE void code_three(struct xz_rc_lane *lane, uint32_t *top,
                                      const struct factors *f, uint32_t at)
{
    uint32_t bits = 0;
    code_one(lane, top, f, at, &bits);
    code_one(lane, top, f, at + 1, &bits);
    code_one(lane, top, f, at + 2, &bits);
    xz_rc_lane_settle(lane, lane->low >> 32, bits);
    lane->low = (uint32_t)lane->low;
    xz_write64be(lane->out - 8, lane->acc);
}

AVX2 void xz_rc_single_code(struct xz_rc_lane *lane_out, uint32_t steps)
{
    struct xz_rc_lane lane = *lane_out;
    uint32_t top = lane.range >> XZ_RC_PROB_BITS;
    for (uint32_t i = 0; i < steps; i += XZ_RC_LANE_PAD) {
        struct factors f;
        find_eight(&f, lane.list, 0);
        find_eight(&f, lane.list, XZ_RC_LANE_PAD - EIGHT);
        for (uint32_t at = 0; at < XZ_RC_LANE_PAD; at += TRIPLE)
            code_three(&lane, &top, &f, at);
        lane.list += XZ_RC_LANE_PAD;
    }
    lane.count -= steps;
    *lane_out = lane;
}

#endif
