// SPDX-License-Identifier: 0BSD
// Range coding in lanes with AVX2: eight lanes, one decision of each at a time.
//
// A lane has 64 bits, for low; range and decision lie in the same place of other
// vectors. Four decisions of a lane are one load. The step of a decision and its
// reasons are those of range_lanes.c.

#include "base/bytes.h"
#include "base/cpu.h"
#include "lzma/range_lanes_words.h"

#if XZ_X86_64

# include <immintrin.h>

# define AVX2 XZ_TARGET("avx2,bmi,bmi2")

# define TRIPLE 3
# define STORE  6 // decisions after which bytes are stored: they settle 6 at most

struct quad {
    __m256i range;
    __m256i low;
    __m256i acc;
    __m256i list;  // four decisions of each lane
    __m256i bits;  // settled in low
    __m256i total; // settled since bytes were stored
};

/* b where the uppermost bit of the mask's lane is set, else a. */
AVX2 static inline __m256i pick(__m256i a, __m256i b, __m256i mask)
{
    return _mm256_castpd_si256(_mm256_blendv_pd(
        _mm256_castsi256_pd(a), _mm256_castsi256_pd(b), _mm256_castsi256_pd(mask)));
}

AVX2 XZ_ALWAYS_INLINE __m256i load4(const uint16_t *const *list, uint32_t at)
{
    return _mm256_set_epi64x((long long)xz_load64((const uint8_t *)(list[3] + at)),
                             (long long)xz_load64((const uint8_t *)(list[2] + at)),
                             (long long)xz_load64((const uint8_t *)(list[1] + at)),
                             (long long)xz_load64((const uint8_t *)(list[0] + at)));
}

/* The decision in bits 16 * place to 16 * place + 15 of each lane of list. */
AVX2 XZ_ALWAYS_INLINE void code_one(struct quad *q, uint32_t place)
{
    const __m256i d = _mm256_srli_epi64(q->list, (int)(16 * place));
    const __m256i prob = _mm256_and_si256(d, _mm256_set1_epi64x(XZ_RC_LIST_PROB));
    const __m256i less = _mm256_and_si256(_mm256_srli_epi64(d, XZ_RC_LIST_SHIFT),
                                          _mm256_set1_epi64x(15));
    const __m256i shift = _mm256_sub_epi64(_mm256_set1_epi64x(XZ_RC_PROB_BITS), less);
    const __m256i bound = _mm256_mul_epu32(_mm256_srlv_epi64(q->range, shift), prob);
    const __m256i one = _mm256_slli_epi64(d, 63 - XZ_RC_PROB_BITS);
    /* Bit 15 is set for even chances alone. */
    const __m256i even = _mm256_slli_epi64(d, 63 - 15);
    const __m256i rest = _mm256_sub_epi64(q->range, bound);
    const __m256i low =
        _mm256_add_epi64(q->low, pick(_mm256_setzero_si256(), bound, one));
    const __m256i range = pick(bound, rest, _mm256_andnot_si256(even, one));
    const __m256i small = _mm256_cmpgt_epi64(_mm256_set1_epi64x(XZ_RC_TOP), range);
    const __m256i more = _mm256_and_si256(small, _mm256_set1_epi64x(8));
    q->range = _mm256_sllv_epi64(range, more);
    q->low = _mm256_sllv_epi64(low, more);
    q->bits = _mm256_add_epi64(q->bits, more);
}

/* Carries that leave acc, which is rare: the lanes where adding t overflowed it. */
AVX2 static XZ_NOINLINE void carry4(__m256i sum, __m256i t, __m256i sizes,
                                    uint8_t **out)
{
    uint64_t acc[4];
    uint64_t added[4];
    uint64_t total[4];
    _mm256_storeu_si256((__m256i *)acc, sum);
    _mm256_storeu_si256((__m256i *)added, t);
    _mm256_storeu_si256((__m256i *)total, sizes);
    for (uint32_t i = 0; i < 4; ++i) {
        if (acc[i] < added[i])
            xz_rc_carry(out[i] + total[i] / 8 - 8);
    }
}

/* Two lanes' ends move on, and what is before them is stored. */
AVX2 static inline void store2(uint8_t **out, __m128i sizes, __m128i bytes)
{
    out[0] += _mm_cvtsi128_si64(sizes);
    out[1] += _mm_extract_epi64(sizes, 1);
    _mm_storel_epi64((__m128i *)(out[0] - 8), bytes);
    _mm_storel_epi64((__m128i *)(out[1] - 8), _mm_unpackhi_epi64(bytes, bytes));
}

AVX2 XZ_ALWAYS_INLINE void store(struct quad *q, uint8_t **out)
{
    const __m256i swap = _mm256_broadcastsi128_si256(
        _mm_set_epi64x(0x08090A0B0C0D0E0F, 0x0001020304050607));
    const __m256i bytes = _mm256_shuffle_epi8(q->acc, swap);
    const __m256i sizes = _mm256_srli_epi64(q->total, 3);
    store2(out, _mm256_castsi256_si128(sizes), _mm256_castsi256_si128(bytes));
    store2(out + 2, _mm256_extracti128_si256(sizes, 1),
           _mm256_extracti128_si256(bytes, 1));
    q->total = _mm256_setzero_si256();
}

AVX2 XZ_ALWAYS_INLINE void settle(struct quad *q, uint8_t **out)
{
    const __m256i t = _mm256_srli_epi64(q->low, 32);
    q->low = _mm256_and_si256(q->low, _mm256_set1_epi64x(UINT32_MAX));
    q->acc = _mm256_add_epi64(_mm256_sllv_epi64(q->acc, q->bits), t);
    q->total = _mm256_add_epi64(q->total, q->bits);
    q->bits = _mm256_setzero_si256();
    /* t has 25 bits. A carry that got beyond bit 40 left zeros behind. It must be
       stored before the next triple moves it out of acc, or is out already. */
    const __m256i passed = _mm256_set1_epi64x((INT64_C(1) << 40) - (1 << 25));
    const __m256i zeros =
        _mm256_cmpeq_epi64(_mm256_and_si256(q->acc, passed), _mm256_setzero_si256());
    if (XZ_UNLIKELY(_mm256_movemask_epi8(zeros) != 0)) {
        carry4(q->acc, t, q->total, out);
        store(q, out);
    }
}

/* Decision i of a block, in four lanes; i is a constant. */
AVX2 XZ_ALWAYS_INLINE void code_step(struct quad *q, const uint16_t *const *list,
                                     uint8_t **out, uint32_t i)
{
    if (i % 4 == 0)
        q->list = load4(list, i);
    code_one(q, i % 4);
    if (i % TRIPLE == TRIPLE - 1)
        settle(q, out);
    if (i % STORE == STORE - 1)
        store(q, out);
}

/* The same in all lanes. */
AVX2 XZ_ALWAYS_INLINE void code_steps(struct quad *low, struct quad *high,
                                      struct xz_rc_words *w, uint32_t i)
{
    code_step(low, w->list, w->out, i);
    code_step(high, w->list + 4, w->out + 4, i);
}

AVX2 XZ_ALWAYS_INLINE void code_block(struct quad *low, struct quad *high,
                                      struct xz_rc_words *w)
{
    code_steps(low, high, w, 0);
    code_steps(low, high, w, 1);
    code_steps(low, high, w, 2);
    code_steps(low, high, w, 3);
    code_steps(low, high, w, 4);
    code_steps(low, high, w, 5);
    code_steps(low, high, w, 6);
    code_steps(low, high, w, 7);
    code_steps(low, high, w, 8);
    code_steps(low, high, w, 9);
    code_steps(low, high, w, 10);
    code_steps(low, high, w, 11);
}

AVX2 static inline struct quad load_quad(const struct xz_rc_words *w, uint32_t first)
{
    return (struct quad){
        .range = _mm256_loadu_si256((const __m256i *)(w->range + first)),
        .low = _mm256_loadu_si256((const __m256i *)(w->low + first)),
        .acc = _mm256_loadu_si256((const __m256i *)(w->acc + first)),
        .bits = _mm256_setzero_si256(),
        .total = _mm256_setzero_si256(),
    };
}

AVX2 static inline void store_quad(const struct quad *q, struct xz_rc_words *w,
                                   uint32_t first)
{
    _mm256_storeu_si256((__m256i *)(w->range + first), q->range);
    _mm256_storeu_si256((__m256i *)(w->low + first), q->low);
    _mm256_storeu_si256((__m256i *)(w->acc + first), q->acc);
}

AVX2 static void code_avx2(struct xz_rc_lane *const *lanes, uint32_t steps)
{
    struct xz_rc_words w;
    xz_rc_words_load(&w, lanes);
    struct quad low = load_quad(&w, 0);
    struct quad high = load_quad(&w, 4);
    for (uint32_t done = 0; done < steps; done += XZ_RC_LANE_PAD) {
        code_block(&low, &high, &w);
        for (uint32_t i = 0; i < XZ_RC_LANES; ++i)
            w.list[i] += w.step[i];
    }
    store_quad(&low, &w, 0);
    store_quad(&high, &w, 4);
    xz_rc_words_store(&w, steps, lanes);
}

static const struct xz_rc_kernel kernel_avx2 = {code_avx2, xz_rc_pair_code,
                                                xz_rc_single_code};

const struct xz_rc_kernel *xz_rc_kernel(void)
{
    const uint32_t features = xz_cpu_features();
    if ((features & XZ_CPU_AVX512) != 0)
        return &xz_rc_kernel_avx512;
    return (features & XZ_CPU_AVX2) != 0 ? &kernel_avx2 : NULL;
}

#endif
