// SPDX-License-Identifier: 0BSD
// Finding in little texts with AVX-512: what a position's words lead to is compared 64
// bytes at a time, and pairs are chosen in vectors.

#include "match/little.h"

#if XZ_X86_64

# include <immintrin.h>

# define LITTLE_TARGET                                                                 \
  XZ_TARGET("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,"      \
            "popcnt")
# define LITTLE_VECTOR __m512i
# define COMPARE_SIZE  64

LITTLE_TARGET XZ_ALWAYS_INLINE uint64_t agree(__m512i text, const uint8_t *other)
{
    return _tzcnt_u64(_mm512_cmpneq_epi8_mask(text, _mm512_loadu_si512(other)));
}

# include "match/little_lens_x86.h"

LITTLE_TARGET XZ_ALWAYS_INLINE uint32_t
little_pairs_at(const uint8_t *text, uint32_t pos, const uint16_t *origins,
                uint32_t avail, struct xz_pair *pairs, uint32_t *ret_longest)
{
    const __m512i places =
        _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const __m512i here = _mm512_loadu_si512(text);
    struct little_lens agreed;
    if (XZ_UNLIKELY(!little_lens(here, text - pos, origins, &agreed)))
        return little_pairs(text, pos, origins, avail, pairs, ret_longest);
    const __m128i lens = little_valid(agreed);
    const __m128i best = little_best_below(lens);
    const __mmask16 kept = _mm_cmpgt_epu8_mask(lens, best);
    const __m512i from = _mm512_cvtepu16_epi32(
        _mm256_maskz_loadu_epi16((1U << LITTLE_TABLES) - 1, origins));
    const __m512i dist = _mm512_maskz_compress_epi32(
        kept, _mm512_sub_epi32(_mm512_set1_epi32((int)pos), from));
    const __m512i len = _mm512_cvtepu8_epi32(_mm_maskz_compress_epi8(kept, lens));
    const uint32_t count = (uint32_t)_mm_popcnt_u32(kept);
    _mm512_storeu_si512(pairs, _mm512_permutex2var_epi32(len, places, dist));
    if (XZ_UNLIKELY(count > 8)) {
        const __m512i behind = _mm512_add_epi32(places, _mm512_set1_epi32(8));
        _mm512_storeu_si512(pairs + 8, _mm512_permutex2var_epi32(len, behind, dist));
    }
    *ret_longest = (uint32_t)_mm_extract_epi8(best, 15);
    return count;
}

# include "match/little_find.h"

static const struct xz_little_kernel little_avx512 = {little_batch};
const struct xz_little_kernel *const xz_little_avx512 = &little_avx512;

#endif
