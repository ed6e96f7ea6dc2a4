// SPDX-License-Identifier: 0BSD
// Sorting up to 64 words of 64 bits in vectors of AVX-512, without branches.
//
// Bitonic networks (Batcher: "Sorting networks and their applications", 1968): each
// vector is sorted by itself; then sorted runs of vectors are merged, two by two.

#ifndef XZ_MATCH_RECORD_NET_X86_H
#define XZ_MATCH_RECORD_NET_X86_H

#include "base/platform.h"

#if XZ_X86_64

# include <immintrin.h>

# define XZ_AVX512                                                                     \
  XZ_TARGET("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,"      \
            "popcnt")

# define XZ_NET_LANES   8
# define XZ_NET_VECTORS 8 // most of them

/* The lesser of each pair of lanes; the greater where greater has a bit. */
XZ_AVX512 XZ_ALWAYS_INLINE __m512i xz_net_step(__m512i v, __m512i w, __mmask8 greater)
{
    return _mm512_mask_max_epu64(_mm512_min_epu64(v, w), greater, v, w);
}

XZ_AVX512 XZ_ALWAYS_INLINE __m512i xz_net_reverse(__m512i v)
{
    return _mm512_permutexvar_epi64(_mm512_setr_epi64(7, 6, 5, 4, 3, 2, 1, 0), v);
}

/* Lanes that are 4, 2 or 1 apart change places. */
XZ_AVX512 XZ_ALWAYS_INLINE __m512i xz_net_swap4(__m512i v)
{
    return _mm512_shuffle_i64x2(v, v, 0x4E);
}

XZ_AVX512 XZ_ALWAYS_INLINE __m512i xz_net_swap2(__m512i v)
{
    return _mm512_permutex_epi64(v, 0x4E);
}

XZ_AVX512 XZ_ALWAYS_INLINE __m512i xz_net_swap1(__m512i v)
{
    return _mm512_shuffle_epi32(v, _MM_PERM_BADC);
}

/* Sorts lanes that rise and then fall, or the other way round. */
XZ_AVX512 XZ_ALWAYS_INLINE __m512i xz_net_merge8(__m512i v)
{
    v = xz_net_step(v, xz_net_swap4(v), 0xF0);
    v = xz_net_step(v, xz_net_swap2(v), 0xCC);
    return xz_net_step(v, xz_net_swap1(v), 0xAA);
}

XZ_AVX512 XZ_ALWAYS_INLINE __m512i xz_net_sort8(__m512i v)
{
    v = xz_net_step(v, xz_net_swap1(v), 0xAA);
    v = xz_net_step(v, _mm512_permutex_epi64(v, 0x1B), 0xCC);
    v = xz_net_step(v, xz_net_swap1(v), 0xAA);
    v = xz_net_step(v, xz_net_reverse(v), 0xF0);
    v = xz_net_step(v, xz_net_swap2(v), 0xCC);
    return xz_net_step(v, xz_net_swap1(v), 0xAA);
}

/* Vectors i and j: what is less goes to i, the rest to j. */
XZ_AVX512 XZ_ALWAYS_INLINE void xz_net_split(__m512i *i, __m512i *j)
{
    const __m512i a = *i;
    const __m512i b = *j;
    *i = _mm512_min_epu64(a, b);
    *j = _mm512_max_epu64(a, b);
}

/* Merges count vectors, of which each half is sorted. count is a constant, so that all
   loops are unrolled. */
XZ_AVX512 XZ_ALWAYS_INLINE void xz_net_merge(__m512i *v, uint32_t count)
{
    for (uint32_t i = 0; i < count / 2; ++i) {
        v[count - 1 - i] = xz_net_reverse(v[count - 1 - i]);
        xz_net_split(&v[i], &v[count - 1 - i]);
    }
    for (uint32_t half = count / 4; half > 0; half /= 2) {
        for (uint32_t i = 0; i < count; ++i) {
            if ((i & half) == 0)
                xz_net_split(&v[i], &v[i + half]);
        }
    }
    for (uint32_t i = 0; i < count; ++i)
        v[i] = xz_net_merge8(v[i]);
}

/* Sorts the words of count vectors: 1, 2, 4 or 8, a constant. */
XZ_AVX512 XZ_ALWAYS_INLINE void xz_net_sort(__m512i *v, uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i)
        v[i] = xz_net_sort8(v[i]);
    for (uint32_t size = 2; size <= count; size *= 2) {
        for (uint32_t i = 0; i < count; i += size)
            xz_net_merge(v + i, size);
    }
}

/* Lanes of vector i that hold some of count words. */
XZ_AVX512 XZ_ALWAYS_INLINE __mmask8 xz_net_lanes(uint32_t count, uint32_t i)
{
    const uint32_t before = i * XZ_NET_LANES;
    const uint32_t here = count > before ? count - before : 0;
    return (__mmask8)_bzhi_u32(0xFF, here < XZ_NET_LANES ? here : XZ_NET_LANES);
}

/* Sorts count words, at most `vectors` of them full, from `from` to `to`. */
XZ_AVX512 XZ_ALWAYS_INLINE void xz_net_sort_words(const uint64_t *from, uint64_t *to,
                                                  uint32_t count, uint32_t vectors)
{
    __m512i v[XZ_NET_VECTORS];
    const __m512i ones = _mm512_set1_epi64(-1);
    for (uint32_t i = 0; i < vectors; ++i)
        v[i] = _mm512_mask_loadu_epi64(ones, xz_net_lanes(count, i),
                                       from + (size_t)i * XZ_NET_LANES);
    xz_net_sort(v, vectors);
    for (uint32_t i = 0; i < vectors; ++i)
        _mm512_mask_storeu_epi64(to + (size_t)i * XZ_NET_LANES, xz_net_lanes(count, i),
                                 v[i]);
}

#endif
#endif
