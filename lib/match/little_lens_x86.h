// SPDX-License-Identifier: 0BSD
// Lengths of a position's candidates in a little text: what the kernels with AVX2 and
// AVX-512 share. They define agree(), LITTLE_TARGET and COMPARE_SIZE, at which agree()
// ends.

#ifndef XZ_MATCH_LITTLE_LENS_X86_H
#define XZ_MATCH_LITTLE_LENS_X86_H

#include "match/little_pairs.h"
#include <immintrin.h>

/* A byte each, of the first table the lowest. */
struct little_lens {
    uint64_t low;
    uint64_t high;
};

/* Returns false if one may be longer than it says. */
LITTLE_TARGET XZ_ALWAYS_INLINE bool little_lens(LITTLE_VECTOR here, const uint8_t *buf,
                                                const uint16_t *origins,
                                                struct little_lens *ret_lens)
{
    const uint64_t full = UINT64_C(0x0101010101010101) * COMPARE_SIZE;
    ret_lens->low =
        agree(here, buf + origins[0]) | agree(here, buf + origins[1]) << 8
        | agree(here, buf + origins[2]) << 16 | agree(here, buf + origins[3]) << 24
        | agree(here, buf + origins[4]) << 32 | agree(here, buf + origins[5]) << 40
        | agree(here, buf + origins[6]) << 48 | agree(here, buf + origins[7]) << 56;
    ret_lens->high = agree(here, buf + origins[8]) | agree(here, buf + origins[9]) << 8;
    return ((ret_lens->low | ret_lens->high) & full) == 0;
}

/* As a vector; 0: the table's bytes do not agree. */
LITTLE_TARGET XZ_ALWAYS_INLINE __m128i little_valid(struct little_lens agreed)
{
    const __m128i bytes =
        _mm_setr_epi8(2, 3, 4, 5, 6, 7, 9, 12, 16, 32, -1, -1, -1, -1, -1, -1);
    const __m128i v = _mm_set_epi64x((int64_t)agreed.high, (int64_t)agreed.low);
    return _mm_and_si128(v, _mm_cmpeq_epi8(_mm_max_epu8(v, bytes), v));
}

/* The greatest of the bytes below each. */
LITTLE_TARGET XZ_ALWAYS_INLINE __m128i little_best_below(__m128i lens)
{
    __m128i best = _mm_slli_si128(lens, 1);
    best = _mm_max_epu8(best, _mm_slli_si128(best, 1));
    best = _mm_max_epu8(best, _mm_slli_si128(best, 2));
    best = _mm_max_epu8(best, _mm_slli_si128(best, 4));
    return _mm_max_epu8(best, _mm_slli_si128(best, 8));
}

#endif
