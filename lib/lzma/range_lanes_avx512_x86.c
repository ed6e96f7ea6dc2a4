// SPDX-License-Identifier: 0BSD
// Range coding in lanes with AVX-512: eight lanes in each vector.
//
// As with AVX2 (range_lanes_x86.c), a lane has 64 bits. What a decision waits for is
// the range that the one before left, so that way is kept short: a shift, a product, a
// difference, and two steps that tell from the leading zeros whether the range is too
// small.

#include "base/bytes.h"
#include "lzma/range_lanes_words.h"

#if XZ_X86_64

# include <immintrin.h>

# define AVX512 XZ_TARGET("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,bmi,bmi2")

# define TRIPLE 3
# define STORE  6 // decisions after which bytes are stored: they settle 6 at most

struct oct {
    __m512i range;
    __m512i low;
    __m512i acc;
    __m512i list;  // four decisions of each lane
    __m512i bits;  // settled in low
    __m512i total; // settled since bytes were stored
};

AVX512 XZ_ALWAYS_INLINE __m512i everywhere(uint32_t v)
{
    return _mm512_set1_epi64(v);
}

AVX512 XZ_ALWAYS_INLINE __m512i load4(const uint16_t *const *list, uint32_t at)
{
    return _mm512_set_epi64((long long)xz_load64((const uint8_t *)(list[7] + at)),
                            (long long)xz_load64((const uint8_t *)(list[6] + at)),
                            (long long)xz_load64((const uint8_t *)(list[5] + at)),
                            (long long)xz_load64((const uint8_t *)(list[4] + at)),
                            (long long)xz_load64((const uint8_t *)(list[3] + at)),
                            (long long)xz_load64((const uint8_t *)(list[2] + at)),
                            (long long)xz_load64((const uint8_t *)(list[1] + at)),
                            (long long)xz_load64((const uint8_t *)(list[0] + at)));
}

/* 8 where the range is less than XZ_RC_TOP, else 0: bit 3 of its leading zeros. It is
   not less than 2^16. */
AVX512 XZ_ALWAYS_INLINE __m512i lacking(__m512i range)
{
    _Static_assert(XZ_RC_TOP == 1 << 24, "from 64 - 24 zeros on");
    return _mm512_and_si512(_mm512_lzcnt_epi64(range), everywhere(8));
}

/* The decision in bits 16 * place to 16 * place + 15 of each lane of list. */
AVX512 XZ_ALWAYS_INLINE void code_one(struct oct *o, uint32_t place)
{
    const __m512i d = _mm512_srli_epi64(o->list, 16 * place);
    const __m512i prob = _mm512_and_si512(d, everywhere(XZ_RC_LIST_PROB));
    const __m512i less =
        _mm512_and_si512(_mm512_srli_epi64(d, XZ_RC_LIST_SHIFT), everywhere(15));
    const __m512i shift = _mm512_sub_epi64(everywhere(XZ_RC_PROB_BITS), less);
    const __m512i bound = _mm512_mul_epu32(_mm512_srlv_epi64(o->range, shift), prob);
    const __mmask8 one = _mm512_test_epi64_mask(d, everywhere(XZ_RC_LIST_ONE));
    /* Bit 15 is set for even chances alone. */
    const __mmask8 even = _mm512_test_epi64_mask(d, everywhere(1U << 15));
    const __m512i range =
        _mm512_mask_sub_epi64(bound, _kandn_mask8(even, one), o->range, bound);
    const __m512i low = _mm512_mask_add_epi64(o->low, one, o->low, bound);
    const __m512i more = lacking(range);
    o->range = _mm512_sllv_epi64(range, more);
    o->low = _mm512_sllv_epi64(low, more);
    o->bits = _mm512_add_epi64(o->bits, more);
}

/* Carries that leave acc, which is rare: the lanes where adding t overflowed it. */
AVX512 static XZ_NOINLINE void carry8(__mmask8 lanes, __m512i sizes, uint8_t **out)
{
    uint64_t total[XZ_RC_LANES];
    _mm512_storeu_si512(total, sizes);
    for (uint32_t i = 0; i < XZ_RC_LANES; ++i) {
        if ((lanes >> i & 1) != 0)
            xz_rc_carry(out[i] + total[i] / 8 - 8);
    }
}

/* Two lanes' bytes before their ends. */
AVX512 XZ_ALWAYS_INLINE void store2(uint8_t *const *out, __m128i bytes)
{
    _mm_storel_epi64((__m128i *)(out[0] - 8), bytes);
    _mm_storel_epi64((__m128i *)(out[1] - 8), _mm_unpackhi_epi64(bytes, bytes));
}

/* The ends move on, and what is before them is stored. */
AVX512 XZ_ALWAYS_INLINE void store(struct oct *o, uint8_t **out)
{
    const __m512i swap =
        _mm512_broadcast_i32x4(_mm_set_epi64x(0x08090A0B0C0D0E0F, 0x0001020304050607));
    const __m512i bytes = _mm512_shuffle_epi8(o->acc, swap);
    const __m512i sizes = _mm512_srli_epi64(o->total, 3);
    _mm512_storeu_si512(out, _mm512_add_epi64(_mm512_loadu_si512(out), sizes));
    store2(out, _mm512_castsi512_si128(bytes));
    store2(out + 2, _mm512_extracti64x2_epi64(bytes, 1));
    store2(out + 4, _mm512_extracti64x2_epi64(bytes, 2));
    store2(out + 6, _mm512_extracti64x2_epi64(bytes, 3));
    o->total = _mm512_setzero_si512();
}

AVX512 XZ_ALWAYS_INLINE void settle(struct oct *o, uint8_t **out)
{
    const __m512i t = _mm512_srli_epi64(o->low, 32);
    o->low = _mm512_and_si512(o->low, everywhere(UINT32_MAX));
    o->acc = _mm512_add_epi64(_mm512_sllv_epi64(o->acc, o->bits), t);
    o->total = _mm512_add_epi64(o->total, o->bits);
    o->bits = _mm512_setzero_si512();
    /* t has 25 bits. A carry that got beyond bit 40 left zeros behind. It must be
       stored before the next triple moves it out of acc, or is out already. */
    const __m512i passed = _mm512_set1_epi64((INT64_C(1) << 40) - (1 << 25));
    if (XZ_UNLIKELY(_mm512_testn_epi64_mask(o->acc, passed) != 0)) {
        carry8(_mm512_cmplt_epu64_mask(o->acc, t), o->total, out);
        store(o, out);
    }
}

/* Decision i of a block; i is a constant. */
AVX512 XZ_ALWAYS_INLINE void code_step(struct oct *o, struct xz_rc_words *w, uint32_t i)
{
    if (i % 4 == 0)
        o->list = load4(w->list, i);
    code_one(o, i % 4);
    if (i % TRIPLE == TRIPLE - 1)
        settle(o, w->out);
    if (i % STORE == STORE - 1)
        store(o, w->out);
}

AVX512 static void code_avx512(struct xz_rc_lane *const *lanes, uint32_t steps)
{
    struct xz_rc_words w;
    xz_rc_words_load(&w, lanes);
    struct oct o = {
        .range = _mm512_loadu_si512(w.range),
        .low = _mm512_loadu_si512(w.low),
        .acc = _mm512_loadu_si512(w.acc),
        .bits = _mm512_setzero_si512(),
        .total = _mm512_setzero_si512(),
    };
    for (uint32_t done = 0; done < steps; done += XZ_RC_LANE_PAD) {
        code_step(&o, &w, 0);
        code_step(&o, &w, 1);
        code_step(&o, &w, 2);
        code_step(&o, &w, 3);
        code_step(&o, &w, 4);
        code_step(&o, &w, 5);
        code_step(&o, &w, 6);
        code_step(&o, &w, 7);
        code_step(&o, &w, 8);
        code_step(&o, &w, 9);
        code_step(&o, &w, 10);
        code_step(&o, &w, 11);
        for (uint32_t i = 0; i < XZ_RC_LANES; ++i)
            w.list[i] += w.step[i];
    }
    _mm512_storeu_si512(w.range, o.range);
    _mm512_storeu_si512(w.low, o.low);
    _mm512_storeu_si512(w.acc, o.acc);
    xz_rc_words_store(&w, steps, lanes);
}

const struct xz_rc_kernel xz_rc_kernel_avx512 = {code_avx512, xz_rc_pair_code,
                                                 xz_rc_single_code};

#endif
