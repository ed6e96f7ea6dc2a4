// SPDX-License-Identifier: 0BSD
// Comparing all tags of a ring, by eight or sixteen entries an instruction.
//
// A ring has 32 entries, for which SSE2 takes 60 instructions. With so many it pays to
// call what this CPU can do.

#include "base/cpu.h"
#include "match/row_table.h"

#if XZ_X86_64

# define AVX2   XZ_TARGET("avx2")
# define AVX512 XZ_TARGET("avx512f")

static uint32_t hits_sse2(const uint64_t *row, uint32_t tag, uint32_t pos_bits)
{
    return xz_row_hits_x86(row, tag, pos_bits, XZ_ROW_RING_BITS);
}

/* Eight entries, a bit each. */
AVX2 XZ_ALWAYS_INLINE uint32_t same_tags8(const uint64_t *row, uint32_t i, __m256i tags,
                                          __m256i mask)
{
    const __m256i entries = _mm256_load_si256((const __m256i *)row + i);
    const __m256i same = _mm256_cmpeq_epi32(_mm256_and_si256(entries, mask), tags);
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(same));
}

AVX2 static uint32_t hits_avx2(const uint64_t *row, uint32_t tag, uint32_t pos_bits)
{
    const __m256i tags = _mm256_set1_epi32((int)tag);
    const __m256i mask = _mm256_set1_epi32((int)(UINT32_MAX << pos_bits));
    return same_tags8(row, 0, tags, mask) | same_tags8(row, 1, tags, mask) << 8
           | same_tags8(row, 2, tags, mask) << 16
           | same_tags8(row, 3, tags, mask) << 24;
}

AVX512 static uint32_t hits_avx512(const uint64_t *row, uint32_t tag, uint32_t pos_bits)
{
    const __m512i tags = _mm512_set1_epi32((int)tag);
    const __m512i mask = _mm512_set1_epi32((int)(UINT32_MAX << pos_bits));
    const __m512i low = _mm512_and_si512(_mm512_load_si512(row), mask);
    const __m512i high = _mm512_and_si512(_mm512_load_si512(row + 8), mask);
    return _mm512_cmpeq_epi32_mask(low, tags)
           | (uint32_t)_mm512_cmpeq_epi32_mask(high, tags) << 16;
}

void xz_row_choose_hits(struct xz_row_table *t)
{
    const uint32_t features = xz_cpu_features();
    t->ring_hits = hits_sse2;
    if ((features & XZ_CPU_AVX2) != 0)
        t->ring_hits = hits_avx2;
    if ((features & XZ_CPU_AVX512) != 0)
        t->ring_hits = hits_avx512;
}

#endif
