// SPDX-License-Identifier: 0BSD
// Vectors of near_quads.h with SSSE3 and SSE4.1. Names of both CPUs' files mean the
// same: v8_ bytes, v32_ words, vec_ what is made of them.

#ifndef XZ_MATCH_NEAR_VEC_X86_H
#define XZ_MATCH_NEAR_VEC_X86_H

#include "base/bits.h"
#include "match/finder.h"
#include "match/near_pack.h"
#include <immintrin.h>

#define VEC8  __m128i
#define VEC32 __m128i

NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v8_load(const uint8_t *p)
{
    return _mm_loadu_si128((const void *)p);
}

NEAR_TARGET XZ_ALWAYS_INLINE void v8_store(uint8_t *p, VEC8 v)
{
    _mm_storeu_si128((void *)p, v);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v8_fill(uint32_t v)
{
    return _mm_set1_epi8((char)v);
}

/* Lanes 8 to 15 are 0. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v8_from64(uint64_t v)
{
    return _mm_cvtsi64_si128((int64_t)v);
}

NEAR_TARGET XZ_ALWAYS_INLINE uint64_t v8_to64(VEC8 v)
{
    return (uint64_t)_mm_cvtsi128_si64(v);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v8_and(VEC8 a, VEC8 b)
{
    return _mm_and_si128(a, b);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v8_or(VEC8 a, VEC8 b)
{
    return _mm_or_si128(a, b);
}

/* v without the bits of mask. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v8_clear(VEC8 v, VEC8 mask)
{
    return _mm_andnot_si128(mask, v);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v8_min(VEC8 a, VEC8 b)
{
    return _mm_min_epu8(a, b);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v8_max(VEC8 a, VEC8 b)
{
    return _mm_max_epu8(a, b);
}

/* Sums, at most 255. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v8_add(VEC8 a, VEC8 b)
{
    return _mm_adds_epu8(a, b);
}

/* Ones in equal lanes, else 0. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v8_equal(VEC8 a, VEC8 b)
{
    return _mm_cmpeq_epi8(a, b);
}

/* Lanes of table; 0 where i is 255. Others are below 16. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v8_look(VEC8 table, VEC8 i)
{
    return _mm_shuffle_epi8(table, i);
}

/* Lanes of three tables in a row; 0 where i is 48 to 63. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v8_look48(VEC8 a, VEC8 b, VEC8 c, VEC8 i)
{
    /* What is 16 or more beyond a table's first lane gets its highest bit. */
    const VEC8 high = _mm_set1_epi8(112);
    const VEC8 ib = _mm_sub_epi8(i, _mm_set1_epi8(16));
    const VEC8 ic = _mm_sub_epi8(i, _mm_set1_epi8(32));
    const VEC8 of_a = _mm_shuffle_epi8(a, _mm_adds_epu8(i, high));
    const VEC8 of_b = _mm_shuffle_epi8(b, _mm_adds_epu8(ib, high));
    const VEC8 of_c = _mm_shuffle_epi8(c, _mm_adds_epu8(ic, high));
    return _mm_or_si128(_mm_or_si128(of_a, of_b), of_c);
}

/* All lanes up by n, zeros behind. */
#define v8_up(v, n) _mm_slli_si128(v, n)

/* All lanes down by n, ones behind. */
#define v8_down(v, n) _mm_alignr_epi8(_mm_set1_epi8(-1), v, n)

NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v8_turn(VEC8 v)
{
    return _mm_shuffle_epi8(
        v, _mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
}

/* Bits of the first eight lanes, which are ones or 0. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t v8_mask(VEC8 v)
{
    return (uint32_t)_mm_movemask_epi8(v) & 0xFF;
}

/* True if not all are 0. */
NEAR_TARGET XZ_ALWAYS_INLINE bool v8_any(VEC8 v)
{
    return _mm_testz_si128(v, v) == 0;
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v8_as32(VEC8 v)
{
    return v;
}

/* Lanes 0 to 3, and 4 to 7, as words. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v8_first_as32(VEC8 v)
{
    return _mm_cvtepu8_epi32(v);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v8_second_as32(VEC8 v)
{
    return _mm_cvtepu8_epi32(_mm_srli_si128(v, 4));
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_load(const uint32_t *p)
{
    return _mm_loadu_si128((const void *)p);
}

NEAR_TARGET XZ_ALWAYS_INLINE void v32_store(uint32_t *p, VEC32 v)
{
    _mm_storeu_si128((void *)p, v);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_fill(uint32_t v)
{
    return _mm_set1_epi32((int)v);
}

/* a, b, ones. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_two(uint32_t a, uint32_t b)
{
    return _mm_setr_epi32((int)a, (int)b, -1, -1);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_add(VEC32 a, VEC32 b)
{
    return _mm_add_epi32(a, b);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_sub(VEC32 a, VEC32 b)
{
    return _mm_sub_epi32(a, b);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_or(VEC32 a, VEC32 b)
{
    return _mm_or_si128(a, b);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_min(VEC32 a, VEC32 b)
{
    return _mm_min_epu32(a, b);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_max(VEC32 a, VEC32 b)
{
    return _mm_max_epu32(a, b);
}

/* Ones where a >= b, else 0. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_at_least(VEC32 a, VEC32 b)
{
    return _mm_cmpeq_epi32(_mm_max_epu32(a, b), a);
}

/* Each lane shifted. */
#define v32_up(v, bits)   _mm_slli_epi32(v, bits)
#define v32_down(v, bits) _mm_srli_epi32(v, bits)

/* All lanes down by n, ones behind. */
#define v32_next(v, n) _mm_alignr_epi8(_mm_set1_epi32(-1), v, 4 * (n))

/* Lane 0 in all lanes. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_lowest(VEC32 v)
{
    return _mm_shuffle_epi32(v, 0);
}

/* Lanes 3, 2, 1, 0; 2, 3, 0, 1; 1, 0, 3, 2. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_turn(VEC32 v)
{
    return _mm_shuffle_epi32(v, 0x1B);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_swap2(VEC32 v)
{
    return _mm_shuffle_epi32(v, 0x4E);
}

NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_swap1(VEC32 v)
{
    return _mm_shuffle_epi32(v, 0xB1);
}

/* Lanes 2 and 3 of b, the others of a. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_halves(VEC32 a, VEC32 b)
{
    return _mm_blend_epi16(a, b, 0xF0);
}

/* Lanes 1 and 3 of b, the others of a. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_odds(VEC32 a, VEC32 b)
{
    return _mm_blend_epi16(a, b, 0xCC);
}

/* Bits of lanes, which are ones or 0. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t v32_mask(VEC32 v)
{
    return (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(v));
}

/* Lanes that are set in mask, in order. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC32 v32_pack(VEC32 v, uint32_t mask)
{
    return _mm_shuffle_epi8(v, v8_load(vec_set[mask]));
}

/* The lowest byte of each lane of a, then b; zeros behind. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC8 v32_low_bytes(VEC32 a, VEC32 b)
{
    const VEC8 pick =
        _mm_setr_epi8(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    return _mm_unpacklo_epi32(_mm_shuffle_epi8(a, pick), _mm_shuffle_epi8(b, pick));
}

/* Ones for those of 16 words of 16 bits that are equal to v in the bits of mask. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC8 vec_same16(const uint16_t *p, uint32_t v,
                                             uint32_t mask)
{
    const __m128i other = _mm_set1_epi16((short)v);
    const __m128i bits = _mm_set1_epi16((short)mask);
    const __m128i zero = _mm_setzero_si128();
    __m128i low = _mm_xor_si128(_mm_loadu_si128((const void *)p), other);
    __m128i high = _mm_xor_si128(_mm_loadu_si128((const void *)(p + 8)), other);
    low = _mm_cmpeq_epi16(_mm_and_si128(low, bits), zero);
    high = _mm_cmpeq_epi16(_mm_and_si128(high, bits), zero);
    return _mm_packs_epi16(low, high);
}

/* How many lanes from the first on are equal. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t v8_agree(VEC8 a, VEC8 b)
{
    const uint32_t same = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(a, b));
    return xz_bits_low64(~(uint64_t)same);
}

/* Bytes that two texts agree for, at most 32. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t vec_agree(const uint8_t *a, const uint8_t *b)
{
    const uint32_t low =
        (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v8_load(a), v8_load(b)));
    const uint32_t high =
        (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v8_load(a + 16), v8_load(b + 16)));
    return xz_bits_low64(~(uint64_t)(low | high << 16));
}

/* Writes those of four pairs that are set in kept, four places at most. Returns the
   place behind the last. */
NEAR_TARGET XZ_ALWAYS_INLINE struct xz_pair *
vec_put_pairs(VEC32 len, VEC32 dist, uint32_t kept, struct xz_pair *out)
{
    const __m128d low = _mm_castsi128_pd(_mm_unpacklo_epi32(len, dist));
    const __m128d high = _mm_castsi128_pd(_mm_unpackhi_epi32(len, dist));
    _mm_storel_pd((void *)out, low);
    out += kept & 1;
    _mm_storeh_pd((void *)out, low);
    out += kept >> 1 & 1;
    _mm_storel_pd((void *)out, high);
    out += kept >> 2 & 1;
    _mm_storeh_pd((void *)out, high);
    return out + (kept >> 3 & 1);
}

#endif
