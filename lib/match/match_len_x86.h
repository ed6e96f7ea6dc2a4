// SPDX-License-Identifier: 0BSD
// Comparing 32 bytes on x86-64 (SSE2, which all of these CPUs have).

#ifndef XZ_MATCH_MATCH_LEN_X86_H
#define XZ_MATCH_MATCH_LEN_X86_H

#include "base/platform.h"

#if XZ_X86_64

# include <immintrin.h>

# define XZ_MATCH_LEN_X86 true

XZ_ALWAYS_INLINE uint32_t xz_same16_x86(const uint8_t *a, const uint8_t *b)
{
    const __m128i same = _mm_cmpeq_epi8(_mm_loadu_si128((const void *)a),
                                        _mm_loadu_si128((const void *)b));
    return (uint32_t)_mm_movemask_epi8(same);
}

/* A bit for each of 32 bytes that is not the same in a and b. */
XZ_ALWAYS_INLINE uint32_t xz_differing_x86(const uint8_t *a, const uint8_t *b)
{
    return ~(xz_same16_x86(a, b) | xz_same16_x86(a + 16, b + 16) << 16);
}

#else

# define XZ_MATCH_LEN_X86 false

/* Never called. */
static inline uint32_t xz_differing_x86(const uint8_t *a, const uint8_t *b)
{
    (void)a;
    (void)b;
    return 0;
}

#endif
#endif
