// SPDX-License-Identifier: 0BSD
// What the parser with AVX-512 (parse_optimal_x86.c) looks up: prices of decisions for
// each state, made anew for each stretch, and the rows of prices of all pairs.
//
// A node needs a dozen prices of single decisions. Probabilities do not change within a
// stretch, and 32 of them become prices at once, so all of them do.

#ifndef XZ_LZMA_PARSE_TABLES_X86_H
#define XZ_LZMA_PARSE_TABLES_X86_H

#include "lzma/parse_step.h"
#include "lzma/price_x86.h"

#if XZ_X86_64

# include <string.h>

/* Lanes of a vector, and so the longest edge that stays in them. */
# define LANES 16

/* A candidate's word: its price behind the node's, and which one it is. Of two that are
   as cheap the lower one is taken. */
# define ID_BITS    4
# define ID_LITERAL 4 // below: reps
# define ID_MATCH   8 // the lane's pair

_Static_assert(XZ_PRICE_INFINITE < UINT32_C(1) << (32 - ID_BITS),
               "a word has room for an infinite price and more");

/* Prices of the two-way decisions that come first in the model, in its layout. */
# define PRICE_AT(field) (offsetof(struct xz_enc_model, field) / sizeof(uint16_t))
# define DECISIONS       PRICE_AT(dist_slot)
# define DECISIONS_ROOM  ((DECISIONS + 31) / 32 * 32)

struct tables {
    uint16_t zero[DECISIONS_ROOM];
    uint16_t one[DECISIONS_ROOM];
    /* Words of the reps behind "a rep", by state; rep 0 without is_long_rep0. */
    uint32_t rep_words[XZ_REPS][LANES];
    /* Words of lengths 1 to 16; of length 1 it is 0. */
    uint32_t match_lens[XZ_POS_STATES_MAX][LANES];
    uint32_t rep_lens[XZ_POS_STATES_MAX][LANES];
    /* From each state, and place of a literal: the literal's first decision, and those
       of a rep 0 behind it. */
    uint16_t resumed[XZ_STATES][XZ_POS_STATES_MAX];
};

AVX512 XZ_ALWAYS_INLINE __m512i fill(uint32_t v)
{
    return _mm512_set1_epi32((int)v);
}

AVX512 XZ_ALWAYS_INLINE __m512i by_states(const uint16_t *prices)
{
    _Static_assert(XZ_STATES <= LANES, "a lane for each state");
    return _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)prices));
}

AVX512 static inline void fill_rep_words(struct tables *t)
{
    const __m512i not_0 = by_states(t->one + PRICE_AT(is_not_rep0));
    const __m512i not_1 =
        _mm512_add_epi32(not_0, by_states(t->one + PRICE_AT(is_not_rep1)));
    const __m512i is_0 = by_states(t->zero + PRICE_AT(is_not_rep0));
    const __m512i is_1 =
        _mm512_add_epi32(not_0, by_states(t->zero + PRICE_AT(is_not_rep1)));
    const __m512i is_2 =
        _mm512_add_epi32(not_1, by_states(t->zero + PRICE_AT(is_not_rep2)));
    const __m512i is_3 =
        _mm512_add_epi32(not_1, by_states(t->one + PRICE_AT(is_not_rep2)));
    const __m512i prices[XZ_REPS] = {is_0, is_1, is_2, is_3};
    for (uint32_t i = 0; i < XZ_REPS; ++i)
        _mm512_storeu_si512(
            t->rep_words[i],
            _mm512_add_epi32(_mm512_slli_epi32(prices[i], ID_BITS), fill(i)));
}

AVX512 XZ_ALWAYS_INLINE void fill_len_words(uint32_t *words, const uint32_t *prices)
{
    const __m512i moved =
        _mm512_alignr_epi32(_mm512_loadu_si512(prices), _mm512_setzero_si512(), 15);
    _mm512_storeu_si512(words, _mm512_slli_epi32(moved, ID_BITS));
}

AVX512 XZ_ALWAYS_INLINE __m256i by_places(const uint16_t *prices)
{
    return _mm256_loadu_si256((const __m256i *)prices);
}

AVX512 XZ_ALWAYS_INLINE __m256i same(uint16_t v)
{
    return _mm256_set1_epi16((short)v);
}

AVX512 static inline void fill_resumed(struct tables *t, uint32_t pos_states)
{
    const __m256i count =
        _mm256_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m256i next = _mm256_and_si256(_mm256_add_epi16(count, same(1)),
                                          same((uint16_t)(pos_states - 1)));
    for (uint32_t state = 0; state < XZ_STATES; ++state) {
        const uint32_t state2 = xz_state_after_literal(state);
        const uint32_t at = state * XZ_POS_STATES_MAX;
        const uint32_t at2 = state2 * XZ_POS_STATES_MAX;
        const __m256i behind =
            _mm256_add_epi16(by_places(t->one + PRICE_AT(is_match) + at2),
                             by_places(t->one + PRICE_AT(is_long_rep0) + at2));
        const __m256i any = same((uint16_t)(t->one[PRICE_AT(is_rep) + state2]
                                            + t->zero[PRICE_AT(is_not_rep0) + state2]));
        _mm256_storeu_si256(
            (__m256i *)t->resumed[state],
            _mm256_add_epi16(
                _mm256_add_epi16(by_places(t->zero + PRICE_AT(is_match) + at), any),
                _mm256_permutexvar_epi16(next, behind)));
    }
}

AVX512 static inline void fill_tables(struct tables *t,
                                      const struct xz_enc_model *model,
                                      const struct xz_prices *prices,
                                      uint32_t pos_states)
{
    _Static_assert(sizeof(struct xz_enc_model) >= DECISIONS_ROOM * sizeof(uint16_t),
                   "what is read behind the decisions is of the model");
    const struct price_vectors table = load_prices();
    const uint16_t *const probs = (const uint16_t *)model;
    for (uint32_t i = 0; i < DECISIONS_ROOM; i += 32) {
        const __m512i places = places_of(probs + i);
        _mm512_storeu_si512(t->zero + i, prices_of_zero(&table, places));
        _mm512_storeu_si512(t->one + i, prices_of_one(&table, places));
    }
    fill_rep_words(t);
    fill_resumed(t, pos_states);
    for (uint32_t i = 0; i < pos_states; ++i) {
        fill_len_words(t->match_lens[i], prices->match_len[i]);
        fill_len_words(t->rep_lens[i], prices->rep_len[i]);
    }
}

/* Pairs that are weighed whether they are there or not: that takes less time than to
   mispredict how many there are. */
# define PAIRS_AT_ONCE 4

/* For all pairs of the batch: the row of the distance's prices, the place of its align
   price, and the bits of the lanes that are not above its length. Behind them are pairs
   of nothing, since PAIRS_AT_ONCE are looked at whether they are there or not. */
AVX512 static XZ_NOINLINE void fill_rows(struct xz_optimal *o)
{
    _Static_assert(XZ_BATCH_PAIRS % LANES == 0, "pairs are read by 16");
    const __m512i even =
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd = _mm512_add_epi32(even, fill(1));
    const uint32_t count = o->batch.first[o->batch.count];
    const uint32_t more = (count + PAIRS_AT_ONCE + LANES - 1) / LANES * LANES;
    const uint32_t end = more < XZ_BATCH_PAIRS ? more : XZ_BATCH_PAIRS;
    memset(o->batch.pairs + count, 0, (end - count) * sizeof(*o->batch.pairs));
    for (uint32_t i = 0; i < end; i += LANES) {
        const __m512i low = _mm512_loadu_si512(o->batch.pairs + i);
        const __m512i high = _mm512_loadu_si512(o->batch.pairs + i + LANES / 2);
        const __m512i dist0 =
            _mm512_sub_epi32(_mm512_permutex2var_epi32(low, odd, high), fill(1));
        const __m512i zeros =
            _mm512_lzcnt_epi32(_mm512_or_si512(dist0, fill(XZ_DIST_FULL)));
        const __m512i under = _mm512_sub_epi32(fill(30), zeros);
        const __m512i bit = _mm512_and_si512(_mm512_srlv_epi32(dist0, under), fill(1));
        const __m512i slot = _mm512_add_epi32(_mm512_add_epi32(under, under),
                                              _mm512_add_epi32(bit, fill(2)));
        const __mmask16 is_far = _mm512_cmpge_epu32_mask(dist0, fill(XZ_DIST_FULL));
        const __m512i row =
            _mm512_mask_add_epi32(dist0, is_far, slot, fill(XZ_DIST_FULL));
        const __m512i align = _mm512_mask_and_epi32(fill(XZ_ALIGN_SIZE), is_far, dist0,
                                                    fill(XZ_ALIGN_SIZE - 1));
        const __m512i lens =
            _mm512_min_epu32(_mm512_permutex2var_epi32(low, even, high), fill(LANES));
        const __m512i lanes =
            _mm512_sub_epi32(_mm512_sllv_epi32(fill(1), lens), fill(1));
        _mm_storeu_si128((__m128i *)(o->row + i), _mm512_cvtepi32_epi8(row));
        _mm_storeu_si128((__m128i *)(o->align + i), _mm512_cvtepi32_epi8(align));
        _mm256_storeu_si256((__m256i *)(o->lanes + i), _mm512_cvtepi32_epi16(lanes));
    }
    memset(o->row + end, 0, XZ_PAIRS_BEHIND);
    memset(o->align + end, 0, XZ_PAIRS_BEHIND);
}

#endif

#endif
