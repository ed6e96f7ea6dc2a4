// SPDX-License-Identifier: 0BSD
// Neighbours in suffix order with AVX-512: all candidates of a position at once.
//
// One vector has the common lengths of 16 ranks up and 16 down. What the suffix has in
// common with each is a running minimum, made in four steps of shift and minimum. Lanes
// that are long, early and near enough are candidates; those that are nearer than all
// nearer ranks are kept. Both sides are lists that are sorted by distance then, so one
// bitonic merge joins them, and a second one adds the candidates of the tables. A
// running maximum of the lengths shows which of them are pairs. There are no branches
// but for what is rare: what a position has is hard to predict.
//
// All of that is one long chain for each position, and the CPU's scheduler cannot hold
// two of them. So a block of positions takes one step after the other:
//
//     look_near    keys of all neighbours                          -> up, down, lens
//     look_latest  keys of the tables' candidates                  -> tables, lens
//     keep_all     neighbours that are nearer than nearer ranks    -> up, down
//     merge_all    one list of all candidates                      -> up
//     list_all     pairs

#include "base/cpu.h"
#include "match/finder_table.h"
#include "match/sorted.h"

#if XZ_X86_64

# include <immintrin.h>

# define AVX512                                                                        \
  XZ_TARGET("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,"      \
            "popcnt")

# define NEAR_TARGET  AVX512
# define NEAR_VECTOR  __m512i
# define NEAR_COMPARE COMPARE_SIZE

# define POSITIONS_AHEAD 28
# define COMPARE_SIZE    64
# define BLOCK           16 // positions of a step

/* Bytes of text that vectors may read and compare. */
# define AVAIL_MIN (XZ_MATCH_LEN_MAX + COMPARE_SIZE)

/* The first bytes of a text, as many as are compared at a time. */
AVX512 XZ_ALWAYS_INLINE __m512i near_text(const uint8_t *p, bool is_short)
{
    return is_short ? _mm512_zextsi128_si512(_mm_loadu_si128((const void *)p))
                    : _mm512_loadu_si512(p);
}

/* Bytes that these agree for; COMPARE_SIZE or more: all. */
AVX512 XZ_ALWAYS_INLINE uint32_t near_agree(__m512i a, __m512i b)
{
    return (uint32_t)_tzcnt_u64(_mm512_cmpneq_epi8_mask(a, b));
}

# include "match/near_index.h"

/* Lengths for 16 ranks up and 16 down, the nearest in the last lane of each half. */
AVX512 XZ_ALWAYS_INLINE __m256i lengths(const uint8_t *common)
{
    const __m128i reverse =
        _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m256i all = _mm256_set1_epi8(-1);
    const __m128i up = _mm_loadu_si128((const __m128i *)(common - 15));
    const __m128i down =
        _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(common + 1)), reverse);
    __m256i v = _mm256_inserti128_si256(_mm256_castsi128_si256(up), down, 1);
    v = _mm256_min_epu8(v, _mm256_alignr_epi8(all, v, 1));
    v = _mm256_min_epu8(v, _mm256_alignr_epi8(all, v, 2));
    v = _mm256_min_epu8(v, _mm256_alignr_epi8(all, v, 4));
    return _mm256_min_epu8(v, _mm256_alignr_epi8(all, v, 8));
}

/* Keys, and below how a candidate is one: the distance minus 1, then the place of its
   length in a vector of lengths. */
# define KEY_BITS  6
# define KEY_HEADS 32

AVX512 XZ_ALWAYS_INLINE __m512i keys(__m512i dist0, __m512i place)
{
    return _mm512_or_epi32(_mm512_slli_epi32(dist0, KEY_BITS), place);
}

AVX512 XZ_ALWAYS_INLINE __m512i iota(void)
{
    return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/* The lesser half of two vectors, sorted. One rises, the other falls. */
AVX512 XZ_ALWAYS_INLINE __m512i merge(__m512i rising, __m512i falling)
{
    __m512i v = _mm512_min_epu32(rising, falling);
    __m512i w = _mm512_shuffle_i64x2(v, v, 0x4E);
    v = _mm512_mask_max_epu32(_mm512_min_epu32(v, w), 0xFF00, v, w);
    w = _mm512_shuffle_i64x2(v, v, 0xB1);
    v = _mm512_mask_max_epu32(_mm512_min_epu32(v, w), 0xF0F0, v, w);
    w = _mm512_shuffle_epi32(v, _MM_PERM_BADC);
    v = _mm512_mask_max_epu32(_mm512_min_epu32(v, w), 0xCCCC, v, w);
    w = _mm512_shuffle_epi32(v, _MM_PERM_CDAB);
    return _mm512_mask_max_epu32(_mm512_min_epu32(v, w), 0xAAAA, v, w);
}

/* What is known of consecutive positions between the steps of a search. */
struct found {
    uint32_t up[BLOCK][16];     // keys of ranks up; ones: no candidate
    uint32_t down[BLOCK][16];   // and down; in both, nearest ranks are in lane 15
    uint32_t tables[BLOCK][16]; // falling, ones before
    uint8_t lens[BLOCK][64];    // by places; the last one is 0
    uint32_t counts[BLOCK];     // candidates of both sides
};

/* Keys of all neighbours. Returns true if one of them agrees as far as lengths are
   counted. */
AVX512 XZ_ALWAYS_INLINE bool neighbours(const struct xz_near_job *job, uint32_t i,
                                        struct found *found, uint32_t place)
{
    const struct xz_sorted *const s = job->sorted;
    const __m512i all = _mm512_set1_epi32(-1);
    const __m512i reverse =
        _mm512_setr_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const uint32_t rank = s->ranks[job->pos - s->from + i];
    const __m256i lens = lengths(s->common + rank);
    const uint32_t is_long =
        _mm256_cmpge_epu8_mask(lens, _mm256_set1_epi8(XZ_NEAR_LEN_MIN));
    const uint32_t is_longest =
        _mm256_cmpge_epu8_mask(lens, _mm256_set1_epi8((char)s->cap));
    const __m512i before = _mm512_set1_epi32((int)(job->pos + i - 1));
    const __m512i reach = _mm512_set1_epi32((int)job->dict_size);
    const __m512i up =
        _mm512_sub_epi32(before, _mm512_loadu_si512(s->order + rank - XZ_NEAR_RANKS));
    const __m512i down = _mm512_sub_epi32(
        before,
        _mm512_permutexvar_epi32(reverse, _mm512_loadu_si512(s->order + rank + 1)));
    const __mmask16 up_valid =
        _mm512_mask_cmplt_epu32_mask((__mmask16)is_long, up, reach);
    const __mmask16 down_valid =
        _mm512_mask_cmplt_epu32_mask((__mmask16)(is_long >> 16), down, reach);
    _mm512_store_si512(found->up[place],
                       _mm512_mask_mov_epi32(all, up_valid, keys(up, iota())));
    _mm512_store_si512(
        found->down[place],
        _mm512_mask_mov_epi32(
            all, down_valid,
            keys(down, _mm512_add_epi32(iota(), _mm512_set1_epi32(16)))));
    _mm256_store_si256((__m256i *)(void *)found->lens[place], lens);
    return (is_longest & (up_valid | (uint32_t)down_valid << 16)) != 0;
}

/* Of one side, the neighbours that are nearer than all nearer ranks: in rising order,
   then ones. */
AVX512 XZ_ALWAYS_INLINE uint32_t keep_nearest(uint32_t *side)
{
    const __m512i all = _mm512_set1_epi32(-1);
    const __m512i v = _mm512_load_si512(side);
    __m512i least = _mm512_alignr_epi32(all, v, 1);
    least = _mm512_min_epu32(least, _mm512_alignr_epi32(all, least, 1));
    least = _mm512_min_epu32(least, _mm512_alignr_epi32(all, least, 2));
    least = _mm512_min_epu32(least, _mm512_alignr_epi32(all, least, 4));
    least = _mm512_min_epu32(least, _mm512_alignr_epi32(all, least, 8));
    const __mmask16 kept = _mm512_cmplt_epu32_mask(v, least);
    _mm512_store_si512(side, _mm512_mask_compress_epi32(all, kept, v));
    return (uint32_t)_mm_popcnt_u32(kept);
}

/* Bytes that two texts agree for, at most COMPARE_SIZE. */
AVX512 XZ_ALWAYS_INLINE uint64_t agree(__m512i text, const uint8_t *other)
{
    return _tzcnt_u64(_mm512_cmpneq_epi8_mask(text, _mm512_loadu_si512(other)));
}

/* The same for all candidates of the tables, at most cap: a byte each. */
AVX512 XZ_ALWAYS_INLINE uint64_t agree_all(const uint8_t *cur, const uint32_t *dists,
                                           uint32_t cap)
{
    const __m512i text = _mm512_loadu_si512(cur);
    const uint64_t len2 = agree(text, cur - dists[XZ_HEAD2]);
    const uint64_t len3 = agree(text, cur - dists[XZ_HEAD3]);
    const uint64_t len4 = agree(text, cur - dists[XZ_HEAD4]);
    const uint64_t len6 = agree(text, cur - dists[XZ_HEAD6]);
    const uint64_t len8 = agree(text, cur - dists[XZ_HEAD8]);
    uint64_t lens = len2 | len3 << 8 | len4 << 16 | len6 << 24 | len8 << 32;
    const uint64_t full = UINT64_C(0x0101010101) * COMPARE_SIZE;
    if (XZ_UNLIKELY((lens & full) != 0 && cap > COMPARE_SIZE)) {
        lens = 0;
        for (uint32_t table = 0; table < XZ_HEADS; ++table)
            lens |= (uint64_t)xz_match_len(cur, cur - dists[table], 0, cap)
                    << 8 * table;
    }
    return lens;
}

/* Candidates of the tables. Returns true if one agrees as far as lengths are
   counted. */
AVX512 XZ_ALWAYS_INLINE bool heads(const struct xz_near_job *job, uint32_t i,
                                   struct found *found, uint32_t place)
{
    const uint32_t *const dists = job->latest[i].dists;
    const __m128i cap = _mm_set1_epi8((char)job->sorted->cap);
    const __m128i bytes =
        _mm_setr_epi8(2, 3, 4, 6, 8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    const __m512i all = _mm512_set1_epi32(-1);
    const __m512i reverse =
        _mm512_setr_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const uint64_t agreed = agree_all(job->text + i, dists, job->sorted->cap);
    const __m128i lens = _mm_min_epu8(_mm_cvtsi64_si128((int64_t)agreed), cap);
    const __m512i dist = _mm512_castsi256_si512(_mm256_maskz_loadu_epi32(0x1F, dists));
    const __mmask16 valid = _mm_mask_cmpge_epu8_mask(
        _mm512_test_epi32_mask(dist, dist) & 0x1F, lens, bytes);
    const __m512i v = keys(_mm512_sub_epi32(dist, _mm512_set1_epi32(1)),
                           _mm512_add_epi32(iota(), _mm512_set1_epi32(KEY_HEADS)));
    _mm512_store_si512(
        found->tables[place],
        _mm512_permutexvar_epi32(reverse, _mm512_mask_compress_epi32(all, valid, v)));
    _mm256_store_si256((__m256i *)(void *)(found->lens[place] + KEY_HEADS),
                       _mm256_zextsi128_si256(lens));
    return _mm_mask_cmpge_epu8_mask(valid, lens, cap) != 0;
}

/* Writes pairs of the keys, in rising order, that are longer than all before. */
AVX512 XZ_ALWAYS_INLINE struct xz_pair *list(__m512i sorted, __m512i all_lens,
                                             struct xz_pair *out)
{
    const __m512i low =
        _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const __m512i high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
    const __m512i places = _mm512_castsi128_si512(_mm512_cvtepi32_epi8(sorted));
    const __m128i lens =
        _mm512_castsi512_si128(_mm512_permutexvar_epi8(places, all_lens));
    __m128i best = _mm_slli_si128(lens, 1);
    best = _mm_max_epu8(best, _mm_slli_si128(best, 1));
    best = _mm_max_epu8(best, _mm_slli_si128(best, 2));
    best = _mm_max_epu8(best, _mm_slli_si128(best, 4));
    best = _mm_max_epu8(best, _mm_slli_si128(best, 8));
    const __mmask16 kept = _mm_cmpgt_epu8_mask(lens, best);
    const uint32_t count = (uint32_t)_mm_popcnt_u32(kept);
    const __m512i dist = _mm512_maskz_compress_epi32(
        kept,
        _mm512_add_epi32(_mm512_srli_epi32(sorted, KEY_BITS), _mm512_set1_epi32(1)));
    const __m512i len = _mm512_cvtepu8_epi32(_mm_maskz_compress_epi8(kept, lens));
    _mm512_storeu_si512(out, _mm512_permutex2var_epi32(len, low, dist));
    if (XZ_UNLIKELY(count > 8))
        _mm512_storeu_si512(out + 8, _mm512_permutex2var_epi32(len, high, dist));
    return out + count;
}

/* The job from position i on, in portable C. */
static struct xz_pair *find_slowly(const struct xz_near_job *job, uint32_t i,
                                   uint32_t count, struct xz_match_batch *batch,
                                   struct xz_pair *out)
{
    struct xz_near_job rest = *job;
    rest.text += i;
    rest.pos += i;
    rest.avail -= i;
    rest.latest += i;
    rest.count = count;
    return xz_near_portable.find(&rest, batch, out);
}

/* What the order knows of positions from first on, at most BLOCK. Returns how many:
   the last one may have a match of nice_len. */
AVX512 static uint32_t look_near(const struct xz_near_job *job, uint32_t first,
                                 struct found *found)
{
    const struct xz_sorted *const s = job->sorted;
    const uint32_t left = job->count - first;
    const uint32_t count = left < BLOCK ? left : BLOCK;
    const uint32_t *const ranks = s->ranks + (job->pos - s->from + first);
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t rank = ranks[i + POSITIONS_AHEAD];
        XZ_PREFETCH(s->order + rank - XZ_NEAR_RANKS);
        XZ_PREFETCH(s->order + rank);
        XZ_PREFETCH(s->order + rank + XZ_NEAR_RANKS);
        XZ_PREFETCH(s->common + rank - XZ_NEAR_RANKS);
        XZ_PREFETCH(s->common + rank + XZ_NEAR_RANKS);
        if (neighbours(job, first + i, found, i))
            return i + 1;
    }
    return count;
}

/* The same for the tables. */
AVX512 static uint32_t look_latest(const struct xz_near_job *job, uint32_t first,
                                   uint32_t count, struct found *found)
{
    for (uint32_t i = 0; i < count; ++i) {
        if (heads(job, first + i, found, i))
            return i + 1;
    }
    return count;
}

/* Leaves the candidates of each side. */
AVX512 static void keep_all(uint32_t count, struct found *found)
{
    for (uint32_t i = 0; i < count; ++i)
        found->counts[i] = keep_nearest(found->up[i]) + keep_nearest(found->down[i]);
}

/* Joins sides and tables. */
AVX512 static void merge_all(uint32_t count, struct found *found)
{
    const __m512i reverse =
        _mm512_setr_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    for (uint32_t i = 0; i < count; ++i) {
        const __m512i down = _mm512_load_si512(found->down[i]);
        const __m512i near = merge(_mm512_load_si512(found->up[i]),
                                   _mm512_permutexvar_epi32(reverse, down));
        _mm512_store_si512(found->up[i],
                           merge(near, _mm512_load_si512(found->tables[i])));
    }
}

/* Lists the pairs of these positions. */
AVX512 static struct xz_pair *list_all(const struct xz_near_job *job, uint32_t first,
                                       uint32_t count, const struct found *found,
                                       struct xz_match_batch *batch,
                                       struct xz_pair *out)
{
    for (uint32_t i = 0; i < count; ++i) {
        if (XZ_UNLIKELY(found->counts[i] + XZ_HEADS > 16)) {
            out = find_slowly(job, first + i, 1, batch, out);
            continue;
        }
        batch->first[batch->count++] = (uint32_t)(out - batch->pairs);
        out = list(_mm512_load_si512(found->up[i]), _mm512_load_si512(found->lens[i]),
                   out);
    }
    return out;
}

AVX512 static struct xz_pair *find_avx512(const struct xz_near_job *job,
                                          struct xz_match_batch *batch,
                                          struct xz_pair *out)
{
    const struct xz_sorted *const s = job->sorted;
    if (job->avail < job->count + AVAIL_MIN || s->size == 0)
        return find_slowly(job, 0, job->count, batch, out);
    _Alignas(64) struct found found;
    for (uint32_t i = 0; i < job->count;) {
        const uint32_t near = look_near(job, i, &found);
        const uint32_t count = look_latest(job, i, near, &found);
        keep_all(count, &found);
        merge_all(count, &found);
        struct xz_pair *const pairs = out;
        out = list_all(job, i, count, &found, batch, out);
        i += count;
        if (out == batch->pairs + batch->first[batch->count - 1])
            continue;
        xz_pair_extend(&out[-1], job->text + i - 1, s->cap, job->avail - (i - 1));
        if (out > pairs && out[-1].len >= job->nice_len)
            break;
    }
    return out;
}

static const struct xz_near_kernels near_avx512 = {near_index, find_avx512};

const struct xz_near_kernels *xz_near_kernels(void)
{
    const uint32_t features = xz_cpu_features();
    if ((features & XZ_CPU_AVX512) != 0)
        return &near_avx512;
    return (features & XZ_CPU_AVX2) != 0 ? &xz_near_avx2 : &xz_near_portable;
}

#endif
