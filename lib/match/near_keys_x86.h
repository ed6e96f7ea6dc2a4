// SPDX-License-Identifier: 0BSD
// What the kernels of near_find.h with AVX2 and AVX-512 share. NEAR_TARGET is defined.

#ifndef XZ_MATCH_NEAR_KEYS_X86_H
#define XZ_MATCH_NEAR_KEYS_X86_H

#include "match/near_keys.h"
#include <immintrin.h>

/* Lengths by lanes, at most the cap: running minima from the nearest rank outwards, and
   the gap. */
NEAR_TARGET XZ_ALWAYS_INLINE __m256i near_lens(const struct xz_sorted *s, uint32_t word)
{
    const uint8_t *const common = s->near.common + xz_rank_of(word);
    const __m256i gap = _mm256_set1_epi8((char)xz_gap_of(word));
    const __m128i reverse =
        _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m256i all = _mm256_set1_epi8(-1);
    const __m128i up = _mm_loadu_si128((const void *)(common - 15));
    const __m128i down =
        _mm_shuffle_epi8(_mm_loadu_si128((const void *)(common + 1)), reverse);
    __m256i v = _mm256_inserti128_si256(_mm256_castsi128_si256(up), down, 1);
    v = _mm256_min_epu8(v, _mm256_alignr_epi8(all, v, 1));
    v = _mm256_min_epu8(v, _mm256_alignr_epi8(all, v, 2));
    v = _mm256_min_epu8(v, _mm256_alignr_epi8(all, v, 4));
    v = _mm256_min_epu8(v, _mm256_alignr_epi8(all, v, 8));
    return _mm256_min_epu8(_mm256_adds_epu8(v, gap), _mm256_set1_epi8((char)s->cap));
}

/* The floor of each length. */
NEAR_TARGET XZ_ALWAYS_INLINE __m256i near_floor(__m256i lens, const uint8_t *floors)
{
    const __m256i table =
        _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)floors));
    return _mm256_shuffle_epi8(table, _mm256_min_epu8(lens, _mm256_set1_epi8(8)));
}

/* Floors from what tables reached, a byte each: the longest of a table and those of
   fewer bytes. */
NEAR_TARGET XZ_ALWAYS_INLINE void near_set_floors(struct near_block *b, uint32_t place,
                                                  __m128i reached)
{
    const __m128i which = _mm_setr_epi8(
        -1, -1, -1, -1, -1, XZ_HEAD5, XZ_HEAD6, XZ_HEAD6, XZ_HEAD8, XZ_HEAD8, XZ_HEAD8,
        XZ_HEAD8, XZ_HEAD8, XZ_HEAD8, XZ_HEAD8, XZ_HEAD8);
    const __m128i never =
        _mm_setr_epi8(-1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    _mm_storeu_si128((void *)b->floors[place],
                     _mm_or_si128(_mm_shuffle_epi8(reached, which), never));
}

/* The greatest of the four bytes below each. */
NEAR_TARGET XZ_ALWAYS_INLINE __m128i near_best_of4(__m128i lens)
{
    __m128i best = _mm_slli_si128(lens, 1);
    best = _mm_max_epu8(best, _mm_slli_si128(best, 1));
    return _mm_max_epu8(best, _mm_slli_si128(best, 2));
}

/* Of eight. */
NEAR_TARGET XZ_ALWAYS_INLINE __m128i near_best_of8(__m128i lens)
{
    const __m128i best = near_best_of4(lens);
    return _mm_max_epu8(best, _mm_slli_si128(best, 4));
}

/* Keys of the tables' candidates that are to be merged: at most two, then ones. */
NEAR_TARGET XZ_ALWAYS_INLINE __m128i near_pair_keys(__m256i pairs, uint32_t count)
{
    const __m128i places = _mm_setr_epi32(KEY_TABLES, KEY_TABLES + 1, 0, 0);
    const __m128i dist = _mm256_castsi256_si128(
        _mm256_permutevar8x32_epi32(pairs, _mm256_setr_epi32(1, 3, 5, 7, 1, 3, 5, 7)));
    const __m128i none =
        _mm_cmpgt_epi32(_mm_setr_epi32(1, 2, 3, 4), _mm_set1_epi32((int)count));
    const __m128i dist0 = _mm_add_epi32(dist, _mm_set1_epi32(-1));
    const __m128i keys = _mm_or_si128(_mm_slli_epi32(dist0, KEY_BITS), places);
    return _mm_or_si128(keys, none);
}

/* Their lengths, a byte each, zeros behind. */
NEAR_TARGET XZ_ALWAYS_INLINE __m128i near_pair_lens(__m256i pairs)
{
    const __m128i lens = _mm256_castsi256_si128(
        _mm256_permutevar8x32_epi32(pairs, _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6)));
    return _mm_shuffle_epi8(lens, _mm_setr_epi8(0, 4, -1, -1, -1, -1, -1, -1, -1, -1,
                                                -1, -1, -1, -1, -1, -1));
}

#endif
