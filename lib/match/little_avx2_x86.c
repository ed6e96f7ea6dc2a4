// SPDX-License-Identifier: 0BSD
// Finding in little texts with AVX2: what a position's words lead to is compared 32
// bytes at a time.

#include "match/little.h"

#if XZ_X86_64

# include <immintrin.h>

# define LITTLE_TARGET XZ_TARGET("avx2,bmi,bmi2,popcnt")
# define LITTLE_VECTOR __m256i
# define COMPARE_SIZE  32

LITTLE_TARGET XZ_ALWAYS_INLINE uint64_t agree(__m256i text, const uint8_t *other)
{
    const __m256i same =
        _mm256_cmpeq_epi8(text, _mm256_loadu_si256((const void *)other));
    return _tzcnt_u32(~(uint32_t)_mm256_movemask_epi8(same));
}

# include "match/little_lens_x86.h"

LITTLE_TARGET XZ_ALWAYS_INLINE uint32_t
little_pairs_at(const uint8_t *text, uint32_t pos, const uint16_t *origins,
                uint32_t avail, struct xz_pair *pairs, uint32_t *ret_longest)
{
    const __m256i here = _mm256_loadu_si256((const void *)text);
    struct little_lens agreed;
    if (XZ_UNLIKELY(!little_lens(here, text - pos, origins, &agreed)))
        return little_pairs(text, pos, origins, avail, pairs, ret_longest);
    const __m128i lens = little_valid(agreed);
    const __m128i best = little_best_below(lens);
    const __m128i shorter = _mm_cmpeq_epi8(_mm_max_epu8(lens, best), best);
    const uint32_t kept = ~(uint32_t)_mm_movemask_epi8(shorter);
    uint32_t count = 0;
    for (uint32_t i = 0; i < LITTLE_TABLES; ++i) {
        const uint64_t len = (i < 8 ? agreed.low >> 8 * i : agreed.high >> 8 * (i - 8));
        pairs[count] = (struct xz_pair){len & 0xFF, pos - origins[i]};
        count += kept >> i & 1;
    }
    *ret_longest = (uint32_t)_mm_extract_epi8(best, 15);
    return count;
}

# include "match/little_find.h"

static const struct xz_little_kernel little_avx2 = {little_batch};
const struct xz_little_kernel *const xz_little_avx2 = &little_avx2;

#endif
