// SPDX-License-Identifier: 0BSD
// Filling of a literal context's price tables with AVX-512.
//
// A node's price is its parent's and that of the step from there. Nodes are numbered so
// that those of 2 * n and 2 * n + 1 are below n: 32 of them have 16 parents in a row.

#include "lzma/price_x86.h"
#include <string.h>

#if XZ_X86_64

# define LANES 32
# define NODES 512

/* Prices of the steps to nodes 64 * i to 64 * i + 63: to the even ones, and to the odd
   ones. */
AVX512 XZ_ALWAYS_INLINE void store_steps(uint16_t *steps, __m512i even, __m512i odd)
{
    const __m512i low = _mm512_unpacklo_epi16(even, odd); // in each quarter
    const __m512i high = _mm512_unpackhi_epi16(even, odd);
    const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
    const __m512i second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    _mm512_storeu_si512(steps, _mm512_permutex2var_epi64(low, first, high));
    _mm512_storeu_si512(steps + LANES, _mm512_permutex2var_epi64(low, second, high));
}

/* Each of 16 parents, twice. */
AVX512 XZ_ALWAYS_INLINE __m512i twice(__m256i parents)
{
    const __m512i wide = _mm512_cvtepu16_epi32(parents);
    return _mm512_or_si512(wide, _mm512_slli_epi32(wide, 16));
}

AVX512 XZ_ALWAYS_INLINE __m512i parents_of(const uint16_t *prices, uint32_t node)
{
    return twice(_mm256_loadu_si256((const __m256i *)(prices + node / 2)));
}

/* Prices of all nodes from the root, which is 1. */
AVX512 XZ_ALWAYS_INLINE void add_up(uint16_t *prices, const uint16_t *steps)
{
    const __mmask32 behind_root = ~(__mmask32)3;
    const __m512i low_steps = _mm512_maskz_loadu_epi16(behind_root, steps);
    __m512i low = _mm512_setzero_si512();
    for (uint32_t level = 1; level <= 4; ++level)
        low = _mm512_maskz_add_epi16(behind_root, twice(_mm512_castsi512_si256(low)),
                                     low_steps);
    _mm512_storeu_si512(prices, low);
    for (uint32_t node = LANES; node < NODES; node += LANES)
        _mm512_storeu_si512(prices + node,
                            _mm512_add_epi16(parents_of(prices, node),
                                             _mm512_loadu_si512(steps + node)));
}

/* As fill_literal() of price.c. */
AVX512 static void fill_literal_avx512(const uint16_t *probs,
                                       struct xz_literal_prices *p)
{
    const struct price_vectors table = load_prices();
    uint16_t plain[NODES];
    uint16_t agreed[NODES];
    uint16_t plain_steps[NODES];
    uint16_t agreed_steps[NODES];
    uint16_t differing_steps[NODES];
    for (uint32_t i = 0; i < NODES / 2; i += LANES) {
        const __m512i any = places_of(probs + i);
        const __m512i if_0 = places_of(probs + 0x100 + i); // the match's bit
        const __m512i if_1 = places_of(probs + 0x200 + i);
        store_steps(plain_steps + 2 * i, prices_of_zero(&table, any),
                    prices_of_one(&table, any));
        store_steps(agreed_steps + 2 * i, prices_of_zero(&table, if_0),
                    prices_of_one(&table, if_1));
        store_steps(differing_steps + 2 * i, prices_of_zero(&table, if_1),
                    prices_of_one(&table, if_0));
    }
    add_up(plain, plain_steps);
    add_up(agreed, agreed_steps);
    for (uint32_t node = 0; node < NODES; node += LANES) {
        const __m512i step = _mm512_loadu_si512(differing_steps + node);
        const __m512i price = _mm512_add_epi16(parents_of(agreed, node), step);
        _mm512_storeu_si512(p->differing + node,
                            _mm512_sub_epi16(price, _mm512_loadu_si512(plain + node)));
    }
    memcpy(p->plain, plain + NODES / 2, sizeof(p->plain));
    memcpy(p->agreed, agreed + NODES / 2, sizeof(p->agreed));
}

void (*const xz_fill_literal_avx512)(const uint16_t *probs,
                                     struct xz_literal_prices *p) = fill_literal_avx512;

#endif
