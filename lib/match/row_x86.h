// SPDX-License-Identifier: 0BSD
// Rows on x86-64: four entries an instruction (SSE2, which all of these CPUs have).
//
// Loads and stores of short rows are whole and aligned: one that was just moved can be
// read again without waiting for its stores.

#ifndef XZ_MATCH_ROW_X86_H
#define XZ_MATCH_ROW_X86_H

#include "base/platform.h"

#if XZ_X86_64

# include <immintrin.h>

# define XZ_ROW_X86 true

/* All ones where an entry of row part i has the tag. */
XZ_ALWAYS_INLINE __m128i xz_row_same_tags(const uint64_t *row, uint32_t i, __m128i tags,
                                          __m128i pos_bits)
{
    const __m128i entries = _mm_load_si128((const __m128i *)row + i);
    const __m128i differing = _mm_srl_epi32(_mm_xor_si128(entries, tags), pos_bits);
    return _mm_cmpeq_epi32(differing, _mm_setzero_si128());
}

/* The same for 16 entries, a bit each. */
XZ_ALWAYS_INLINE uint32_t xz_row_same_tags16(const uint64_t *row, uint32_t i,
                                             __m128i tags, __m128i pos_bits)
{
    const __m128i a = xz_row_same_tags(row, i, tags, pos_bits);
    const __m128i b = xz_row_same_tags(row, i + 1, tags, pos_bits);
    const __m128i c = xz_row_same_tags(row, i + 2, tags, pos_bits);
    const __m128i d = xz_row_same_tags(row, i + 3, tags, pos_bits);
    const __m128i all = _mm_packs_epi16(_mm_packs_epi32(a, b), _mm_packs_epi32(c, d));
    return (uint32_t)_mm_movemask_epi8(all);
}

XZ_ALWAYS_INLINE uint32_t xz_row_hits_x86(const uint64_t *row, uint32_t tag,
                                          uint32_t pos_bits, uint32_t row_bits)
{
    const __m128i tags = _mm_set1_epi32((int)tag);
    const __m128i shift = _mm_cvtsi32_si128((int)pos_bits);
    if (row_bits == 5)
        return xz_row_same_tags16(row, 0, tags, shift)
               | xz_row_same_tags16(row, 4, tags, shift) << 16;
    if (row_bits == 4)
        return xz_row_same_tags16(row, 0, tags, shift);
    const __m128i a = xz_row_same_tags(row, 0, tags, shift);
    if (row_bits == 2)
        return (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(a));
    const __m128i b = xz_row_same_tags(row, 1, tags, shift);
    const __m128i ab = _mm_packs_epi32(a, b);
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(ab, _mm_setzero_si128()));
}

/* Moves entries of row part i by one place; the last one of part i - 1 comes first. */
XZ_ALWAYS_INLINE void xz_row_move(__m128i *row, uint32_t i)
{
    const __m128i entries = _mm_load_si128(row + i);
    const __m128i before = _mm_load_si128(row + i - 1);
    _mm_store_si128(
        row + i, _mm_or_si128(_mm_slli_si128(entries, 4), _mm_srli_si128(before, 12)));
}

/* Puts an entry in front of a short row. */
XZ_ALWAYS_INLINE void xz_row_push_x86(uint64_t *row, uint32_t entry, uint32_t row_bits)
{
    __m128i *const p = (__m128i *)row;
    if (row_bits > 3) {
        xz_row_move(p, 3);
        xz_row_move(p, 2);
    }
    if (row_bits > 2)
        xz_row_move(p, 1);
    const __m128i first = _mm_cvtsi32_si128((int)entry);
    _mm_store_si128(p, _mm_or_si128(_mm_slli_si128(_mm_load_si128(p), 4), first));
}

#else

# define XZ_ROW_X86 false

/* Never called. */
static inline uint32_t xz_row_hits_x86(const uint64_t *row, uint32_t tag,
                                       uint32_t pos_bits, uint32_t row_bits)
{
    (void)row;
    (void)tag;
    (void)pos_bits;
    return row_bits;
}

static inline void xz_row_push_x86(uint64_t *row, uint32_t entry, uint32_t row_bits)
{
    (void)row;
    (void)entry;
    (void)row_bits;
}

#endif
#endif
