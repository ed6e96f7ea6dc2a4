// SPDX-License-Identifier: 0BSD
// Prices of 32 decisions at once, with AVX-512: the whole table is in four registers.

#ifndef XZ_LZMA_PRICE_X86_H
#define XZ_LZMA_PRICE_X86_H

#include "lzma/price.h"

#if XZ_X86_64

# include <immintrin.h>

# define AVX512                                                                        \
  XZ_TARGET("avx512f,avx512bw,avx512cd,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,bmi,"  \
            "bmi2")

_Static_assert(sizeof(xz_price_table) == 4 * sizeof(__m512i), "in four vectors");

struct price_vectors {
    __m512i v[4];
};

AVX512 XZ_ALWAYS_INLINE struct price_vectors load_prices(void)
{
    struct price_vectors table;
    for (uint32_t i = 0; i < 4; ++i)
        table.v[i] = _mm512_loadu_si512(xz_price_table + 32 * i);
    return table;
}

/* Where 32 probabilities have the prices of a zero. */
AVX512 XZ_ALWAYS_INLINE __m512i places_of(const uint16_t *probs)
{
    return _mm512_srli_epi16(_mm512_loadu_si512(probs), 4);
}

AVX512 XZ_ALWAYS_INLINE __m512i prices_of_zero(const struct price_vectors *table,
                                               __m512i places)
{
    const __m512i low = _mm512_permutex2var_epi16(table->v[0], places, table->v[1]);
    const __m512i high = _mm512_permutex2var_epi16(table->v[2], places, table->v[3]);
    return _mm512_mask_mov_epi16(
        low, _mm512_test_epi16_mask(places, _mm512_set1_epi16(64)), high);
}

AVX512 XZ_ALWAYS_INLINE __m512i prices_of_one(const struct price_vectors *table,
                                              __m512i places)
{
    return prices_of_zero(table, _mm512_xor_si512(places, _mm512_set1_epi16(127)));
}

#endif

#endif
