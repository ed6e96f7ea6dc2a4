// SPDX-License-Identifier: 0BSD
// Making many positions findable at once with AVX2: eight at a time.

#include "base/cpu.h"
#include "match/row_catch.h"

#if XZ_X86_64

# include <immintrin.h>

# define AVX2  XZ_TARGET("avx2,bmi,bmi2")
# define LANES 8

/* For eight positions. */
struct keys {
    uint32_t rows[LANES];    // index of a row's first word
    uint32_t entries[LANES]; // tag and number
};

AVX2 XZ_ALWAYS_INLINE __m256i everywhere(uint32_t v)
{
    return _mm256_set1_epi32((int)v);
}

AVX2 XZ_ALWAYS_INLINE void store(uint32_t *to, __m256i v)
{
    _mm256_storeu_si256((__m256i *)(void *)to, v);
}

/* XZ_ROW_TEXT bytes from each of eight places; reads 16. */
AVX2 XZ_ALWAYS_INLINE __m256i load_texts(const uint8_t *text)
{
    const __m256i both = _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)text));
    /* clang-format off */
    const __m256i places =
        _mm256_setr_epi8(0, 1, 2, 3,  1, 2, 3, 4,  2, 3, 4, 5,  3, 4, 5, 6,
                         4, 5, 6, 7,  5, 6, 7, 8,  6, 7, 8, 9,  7, 8, 9, 10);
    /* clang-format on */
    return _mm256_shuffle_epi8(both, places);
}

/* As xz_row_key() has them. */
AVX2 XZ_ALWAYS_INLINE void make_keys(const struct xz_row_table *t, const uint8_t *text,
                                     uint32_t number, uint32_t *tags, struct keys *k)
{
    const __m256i hash =
        _mm256_mullo_epi32(load_texts(text), everywhere(XZ_ROW_FACTOR));
    const __m256i row = _mm256_srl_epi32(hash, _mm_cvtsi32_si128((int)t->row_shift));
    const __m256i tag = _mm256_sll_epi32(hash, _mm_cvtsi32_si128((int)t->pos_bits));
    const __m256i numbers =
        _mm256_add_epi32(everywhere(number), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    store(tags, tag);
    store(k->rows, _mm256_slli_epi32(row, XZ_ROW_BITS_MIN - 1));
    store(k->entries,
          _mm256_or_si256(tag, _mm256_and_si256(numbers, everywhere(t->pos_mask))));
}

/* Copies the row, then puts an entry in front. */
AVX2 XZ_ALWAYS_INLINE void push(uint64_t *row, uint32_t entry, uint64_t *copy)
{
    const __m128i before = _mm_load_si128((const __m128i *)row);
    _mm_store_si128((__m128i *)copy, before);
    _mm_store_si128((__m128i *)row,
                    _mm_alignr_epi8(before, _mm_set1_epi32((int)entry), 12));
}

AVX2 static void fill_avx2(const struct xz_row_table *t, const uint8_t *text,
                           uint32_t number, uint32_t count, struct xz_row_catch *c)
{
    const struct xz_row_table table = *t; // not to be reloaded after every store
    uint32_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        struct keys k;
        make_keys(&table, text + i, number + i, c->tags + i, &k);
        for (uint32_t j = 0; j < LANES; ++j)
            push(table.words + k.rows[j], k.entries[j], c->rows[i + j]);
    }
    for (; i < count; ++i)
        xz_row_catch_one(&table, text, number, i, c);
}

static const struct xz_row_kernel row_avx2 = {fill_avx2};

const struct xz_row_kernel *xz_row_kernel(void)
{
    return (xz_cpu_features() & XZ_CPU_AVX2) != 0 ? &row_avx2 : &xz_row_portable;
}

#endif
