// SPDX-License-Identifier: 0BSD
// Neighbours in suffix order with AVX-512: all candidates of a position at once.
//
// One vector has the common lengths of 16 ranks up (low half) and 16 down (high half).
// What the suffix has in common with each is a running minimum, made in four steps of
// shift and minimum. Lanes that are long, early and near enough are candidates; those
// that are nearer than all before them are kept.

#include "base/cpu.h"
#include "match/near_merge.h"
#include "match/sorted.h"

#if XZ_X86_64

# include <immintrin.h>

# define AVX512                                                                        \
  XZ_TARGET("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,bmi,bmi2,popcnt")

# define RANKS_AHEAD     32
# define POSITIONS_AHEAD 12
# define COMPARE_SIZE    64

/* Bytes that the texts of two ranks agree for; near the end of the text. */
AVX512 static uint32_t compare_slowly(const uint8_t *text, const struct xz_sorted *s,
                                      uint32_t a, uint32_t b)
{
    uint32_t limit = s->size - (a > b ? a : b);
    if (limit > s->cap)
        limit = s->cap;
    uint32_t len = 0;
    while (len < limit && text[a + len] == text[b + len])
        ++len;
    return len;
}

AVX512 static void compare_avx512(const uint8_t *text, const struct xz_sorted *s)
{
    const uint32_t size = s->size;
    const uint32_t cap = s->cap;
    const uint32_t last = size > 320 ? size - 320 : 0;
    s->common[0] = 0;
    for (uint32_t rank = 1; rank < size; ++rank) {
        const uint32_t ahead = s->order[rank + RANKS_AHEAD];
        XZ_PREFETCH(text + ahead);
        XZ_PREFETCH(text + ahead + COMPARE_SIZE - 1);
        const uint32_t a = s->order[rank - 1];
        const uint32_t b = s->order[rank];
        if (a >= last || b >= last) {
            s->common[rank] = (uint8_t)compare_slowly(text, s, a, b);
            continue;
        }
        uint64_t differing = 0;
        uint32_t len = 0;
        for (; len < cap; len += COMPARE_SIZE) {
            const __m512i va = _mm512_loadu_si512(text + a + len);
            const __m512i vb = _mm512_loadu_si512(text + b + len);
            differing = _mm512_cmpneq_epi8_mask(va, vb);
            if (differing != 0)
                break;
        }
        if (differing != 0)
            len += (uint32_t)_tzcnt_u64(differing);
        s->common[rank] = (uint8_t)(len < cap ? len : cap);
    }
}

/* Lengths for 16 ranks up and 16 down. */
AVX512 static __m256i lengths(const uint8_t *common)
{
    const __m128i reverse =
        _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m256i all = _mm256_set1_epi8(-1);
    const __m128i up =
        _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(common - 15)), reverse);
    const __m128i down = _mm_loadu_si128((const __m128i *)(common + 1));
    __m256i v = _mm256_inserti128_si256(_mm256_castsi128_si256(up), down, 1);
    v = _mm256_min_epu8(v, _mm256_alignr_epi8(v, all, 15));
    v = _mm256_min_epu8(v, _mm256_alignr_epi8(v, all, 14));
    v = _mm256_min_epu8(v, _mm256_alignr_epi8(v, all, 12));
    return _mm256_min_epu8(v, _mm256_alignr_epi8(v, all, 8));
}

/* Keeps those of the candidates that are nearer than all in lower lanes. */
AVX512 static __mmask16 keep_nearer(__mmask16 candidates, __m512i dist)
{
    const __m512i all = _mm512_set1_epi32(-1);
    const __m512i valid = _mm512_mask_mov_epi32(all, candidates, dist);
    __m512i least = _mm512_alignr_epi32(valid, all, 15);
    least = _mm512_min_epu32(least, _mm512_alignr_epi32(least, all, 15));
    least = _mm512_min_epu32(least, _mm512_alignr_epi32(least, all, 14));
    least = _mm512_min_epu32(least, _mm512_alignr_epi32(least, all, 12));
    least = _mm512_min_epu32(least, _mm512_alignr_epi32(least, all, 8));
    return _mm512_mask_cmplt_epu32_mask(candidates, valid, least);
}

/* Writes the kept lanes as pairs that end before end, the highest lane first. Returns
   the first pair. */
AVX512 static struct xz_pair *list(__mmask16 kept, __m128i len, __m512i dist,
                                   struct xz_pair *end)
{
    uint32_t dists[16];
    uint8_t lens[16];
    const uint32_t count = (uint32_t)_mm_popcnt_u32(kept);
    _mm512_storeu_si512(dists, _mm512_maskz_compress_epi32(kept, dist));
    const __m512i wide = _mm512_maskz_compress_epi32(kept, _mm512_cvtepu8_epi32(len));
    _mm_storeu_si128((__m128i *)lens, _mm512_cvtepi32_epi8(wide));
    for (uint32_t i = 0; i < count; ++i)
        *--end = (struct xz_pair){lens[i], dists[i]};
    return end;
}

AVX512 static uint32_t find_one(const struct xz_sorted *s, uint32_t dict_size,
                                uint32_t pos, struct xz_pair *out)
{
    const __m512i reverse =
        _mm512_set_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    struct xz_pair up[XZ_NEAR_RANKS + 1];
    struct xz_pair down[XZ_NEAR_RANKS + 1];
    const uint32_t rank = s->ranks[pos - s->from];
    const __m256i len = lengths(s->common + rank);
    const uint32_t is_long =
        _mm256_cmpge_epu8_mask(len, _mm256_set1_epi8(XZ_NEAR_LEN_MIN));
    if (is_long == 0)
        return 0;
    const __m512i here = _mm512_set1_epi32((int)pos);
    const __m512i reach = _mm512_set1_epi32((int)dict_size);
    const __m512i up_dist = _mm512_sub_epi32(
        here, _mm512_permutexvar_epi32(
                  reverse, _mm512_loadu_si512(s->order + rank - XZ_NEAR_RANKS)));
    const __m512i down_dist =
        _mm512_sub_epi32(here, _mm512_loadu_si512(s->order + rank + 1));
    __mmask16 up_kept =
        _mm512_mask_cmple_epu32_mask((__mmask16)is_long, up_dist, reach);
    __mmask16 down_kept =
        _mm512_mask_cmple_epu32_mask((__mmask16)(is_long >> 16), down_dist, reach);
    if ((up_kept | down_kept) == 0)
        return 0;
    up_kept = keep_nearer(up_kept, up_dist);
    down_kept = keep_nearer(down_kept, down_dist);
    up[XZ_NEAR_RANKS] = XZ_PAIR_END;
    down[XZ_NEAR_RANKS] = XZ_PAIR_END;
    const struct xz_pair *const a =
        list(up_kept, _mm256_castsi256_si128(len), up_dist, up + XZ_NEAR_RANKS);
    const struct xz_pair *const b = list(down_kept, _mm256_extracti128_si256(len, 1),
                                         down_dist, down + XZ_NEAR_RANKS);
    return (uint32_t)(xz_near_merge(a, b, out) - out);
}

AVX512 static void find_avx512(const struct xz_sorted *s, uint32_t dict_size,
                               uint32_t pos, uint32_t count, struct xz_near *near)
{
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t rank = s->ranks[pos - s->from + i + POSITIONS_AHEAD];
        XZ_PREFETCH(s->order + rank - XZ_NEAR_RANKS);
        XZ_PREFETCH(s->order + rank);
        XZ_PREFETCH(s->order + rank + XZ_NEAR_RANKS);
        XZ_PREFETCH(s->common + rank - XZ_NEAR_RANKS);
        XZ_PREFETCH(s->common + rank + XZ_NEAR_RANKS);
        near[i].count = find_one(s, dict_size, pos + i, near[i].pairs);
    }
}

static const struct xz_near_kernels near_avx512 = {compare_avx512, find_avx512};

const struct xz_near_kernels *xz_near_kernels(void)
{
    return (xz_cpu_features() & XZ_CPU_AVX512) != 0 ? &near_avx512 : &xz_near_portable;
}

#endif
