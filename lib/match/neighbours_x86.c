// SPDX-License-Identifier: 0BSD
// Neighbours in suffix order with AVX-512: all candidates of a position at once.
//
// One vector has the common lengths of 16 ranks up and 16 down. What the suffix has in
// common with each is a running minimum, made in four steps of shift and minimum. Lanes
// that count, are earlier and near enough are candidates; those that are nearer than
// all nearer ranks are kept. Both sides are lists that are sorted by distance then, so
// one bitonic merge joins them, and a second one adds candidates of the tables. A
// running maximum of the lengths shows which of them are pairs.

#include "base/cpu.h"
#include "match/sorted.h"

#if XZ_X86_64

# define NEAR_TARGET                                                                   \
  XZ_TARGET("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,"      \
            "popcnt")

# include "match/near_keys_x86.h"

/* Bytes that texts are compared by. */
# define COMPARE_SIZE 64

/* Words of a vector. */
# define LANES 16

/* So many ranks wait before they are put at their places. */
# define QUEUE 1024

/* Candidates that are merged in vectors. */
# define LIST_SIZE 16

# define NEAR_VECTOR  __m512i
# define NEAR_COMPARE COMPARE_SIZE

NEAR_TARGET XZ_ALWAYS_INLINE __m512i near_text(const uint8_t *p, bool is_short)
{
    return is_short ? _mm512_zextsi128_si512(_mm_loadu_si128((const void *)p))
                    : _mm512_loadu_si512(p);
}

/* At most COMPARE_SIZE. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t near_agree(__m512i a, __m512i b)
{
    return (uint32_t)_tzcnt_u64(_mm512_cmpneq_epi8_mask(a, b));
}

# include "match/near_heads_x86.h"
# include "match/near_index.h"

NEAR_TARGET XZ_ALWAYS_INLINE __m512i load(const void *p)
{
    return _mm512_loadu_si512(p);
}

NEAR_TARGET XZ_ALWAYS_INLINE __m512i fill(uint32_t v)
{
    return _mm512_set1_epi32((int)v);
}

NEAR_TARGET XZ_ALWAYS_INLINE __m512i iota(void)
{
    return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/* The least of each lane of kept and of those before it back to the one before in kept.
   *least: that of those that are left from the lanes before, and are left now. */
NEAR_TARGET XZ_ALWAYS_INLINE __m128i least_of(__m128i lens, __mmask16 kept,
                                              __m128i *least)
{
    /* Lanes that have come to the begin of what they take in are in `done`. */
    const __m128i ones = _mm_set1_epi8(-1);
    const uint32_t first = kept == 0 ? 0xFFFF : _blsmsk_u32(kept);
    uint32_t done = (uint32_t)kept << 1;
    __m128i v = _mm_xor_si128(lens, ones); // so that what is shifted in is the least
    v = _mm_mask_max_epu8(v, (__mmask16)~done, v, _mm_slli_si128(v, 1));
    done |= done << 1;
    v = _mm_mask_max_epu8(v, (__mmask16)~done, v, _mm_slli_si128(v, 2));
    done |= done << 2;
    v = _mm_mask_max_epu8(v, (__mmask16)~done, v, _mm_slli_si128(v, 4));
    done |= done << 4;
    v = _mm_mask_max_epu8(v, (__mmask16)~done, v, _mm_slli_si128(v, 8));
    v = _mm_xor_si128(v, ones);
    v = _mm_mask_min_epu8(v, (__mmask16)first, v, *least);
    *least = _mm_shuffle_epi8(v, _mm_set1_epi8(15));
    if (kept >> 15)
        *least = ones;
    return v;
}

/* Positions and ranks that wait to be put at their places. */
struct queue {
    uint32_t places[QUEUE + LANES];
    uint32_t ranks[QUEUE + LANES];
    uint32_t count;
};

NEAR_TARGET XZ_ALWAYS_INLINE void queue_add(struct queue *q, __mmask16 lanes,
                                            __m512i places, __m512i ranks)
{
    _mm512_storeu_si512(q->places + q->count,
                        _mm512_maskz_compress_epi32(lanes, places));
    _mm512_storeu_si512(
        q->ranks + q->count,
        _mm512_maskz_compress_epi32(lanes, _mm512_slli_epi32(ranks, XZ_GAP_BITS)));
    q->count += (uint32_t)_mm_popcnt_u32(lanes);
}

XZ_ALWAYS_INLINE void queue_put(struct queue *q, uint32_t *ranks)
{
    for (uint32_t i = 0; i < q->count; ++i)
        ranks[q->places[i]] = q->ranks[i];
    q->count = 0;
}

/* rank_near() where near is all. */
NEAR_TARGET static void rank_all(const struct xz_sorted *s)
{
    struct queue queue;
    const uint32_t *const anchors = s->all.anchors;
    const uint32_t count = s->all.count;
    queue.count = 0;
    for (uint32_t rank = 0; rank < count; rank += LANES) {
        const uint32_t n = count - rank < LANES ? count - rank : LANES;
        const __m512i place = _mm512_sub_epi32(load(anchors + rank), fill(s->from));
        const __mmask16 found = _mm512_mask_cmplt_epu32_mask(
            (__mmask16)_bzhi_u32(0xFFFF, n), place, fill(s->window));
        queue_add(&queue, found, place, _mm512_add_epi32(iota(), fill(rank)));
        if (queue.count >= QUEUE)
            queue_put(&queue, s->ranks);
    }
    queue_put(&queue, s->ranks);
}

/* xz_near_rank() with vectors. */
NEAR_TARGET static void rank_near(struct xz_sorted *s, uint32_t first, uint32_t end)
{
    if (s->reach == 0) {
        rank_all(s);
        return;
    }
    struct queue queue;
    const struct xz_order *const all = &s->all;
    struct xz_order *const near = &s->near;
    const __m512i from = fill(s->from);
    const __m512i window = fill(s->window);
    const __m512i behind = fill(end - first);
    __m128i least = _mm_set1_epi8(-1);
    uint32_t kept_count = 0;
    queue.count = 0;
    for (uint32_t rank = 0; rank < all->count; rank += LANES) {
        const uint32_t n = all->count - rank < LANES ? all->count - rank : LANES;
        const __mmask16 lanes = (__mmask16)_bzhi_u32(0xFFFF, n);
        const __m512i pos = load(all->anchors + rank);
        const __mmask16 kept = _mm512_mask_cmplt_epu32_mask(
            lanes, _mm512_sub_epi32(pos, fill(first)), behind);
        const __m512i place = _mm512_sub_epi32(pos, from);
        const __mmask16 found = _mm512_mask_cmplt_epu32_mask(kept, place, window);
        const __m128i lens =
            least_of(_mm_loadu_si128((const void *)(all->common + rank)), kept, &least);
        const __m256i before = _mm256_loadu_si256((const void *)(all->before + rank));
        _mm512_storeu_si512(near->anchors + kept_count,
                            _mm512_maskz_compress_epi32(kept, pos));
        _mm256_storeu_si256((void *)(near->before + kept_count),
                            _mm256_maskz_compress_epi16(kept, before));
        _mm_storeu_si128((void *)(near->common + kept_count),
                         _mm_maskz_compress_epi8(kept, lens));
        queue_add(&queue, found, place,
                  _mm512_maskz_expand_epi32(
                      kept, _mm512_add_epi32(iota(), fill(kept_count))));
        kept_count += (uint32_t)_mm_popcnt_u32(kept);
        if (queue.count >= QUEUE)
            queue_put(&queue, s->ranks);
    }
    queue_put(&queue, s->ranks);
    near->count = kept_count;
}

NEAR_TARGET XZ_ALWAYS_INLINE __m512i turn(__m512i v)
{
    return _mm512_permutexvar_epi32(
        _mm512_setr_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), v);
}

/* Writes those of 16 distances and lengths that are kept as pairs; LIST_SIZE pairs are
   written over if there are more than 8, else 8. Returns how many. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t put_pairs(__m512i dist, __m128i lens,
                                                __mmask16 kept, struct xz_pair *out)
{
    const __m512i low =
        _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const uint32_t count = (uint32_t)_mm_popcnt_u32(kept);
    dist = _mm512_maskz_compress_epi32(kept, dist);
    const __m512i len = _mm512_cvtepu8_epi32(_mm_maskz_compress_epi8(kept, lens));
    _mm512_storeu_si512(out, _mm512_permutex2var_epi32(len, low, dist));
    if (XZ_UNLIKELY(count > 8)) {
        const __m512i high = _mm512_add_epi32(low, fill(8));
        _mm512_storeu_si512(out + 8, _mm512_permutex2var_epi32(len, high, dist));
    }
    return count;
}

/* Lengths of all candidates of the tables, at most cap: a byte each. */
NEAR_TARGET XZ_ALWAYS_INLINE __m128i agree_all(const uint8_t *cur,
                                               const uint32_t *dists, __mmask16 valid,
                                               uint32_t cap, bool is_short)
{
    uint64_t lens = near_agree_heads(cur, dists, is_short);
    const uint64_t full = UINT64_C(0x010101010101) * COMPARE_SIZE;
    if (XZ_UNLIKELY((lens & full) != 0 && cap > COMPARE_SIZE))
        lens = near_agree_far(cur, dists, cap);
    return _mm_min_epu8(_mm_maskz_mov_epi8(valid, _mm_cvtsi64_si128((int64_t)lens)),
                        _mm_set1_epi8((char)cap));
}

NEAR_TARGET XZ_ALWAYS_INLINE uint32_t near_tables_at(const uint8_t *cur,
                                                     const uint32_t *dists,
                                                     uint32_t cap, struct near_block *b,
                                                     uint32_t place, bool is_short)
{
    const __m128i bytes =
        _mm_setr_epi8(2, 3, 4, 5, 6, 8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    const __m512i dist = _mm512_zextsi256_si512(_mm256_maskz_loadu_epi32(0x3F, dists));
    const __mmask16 valid = _mm512_test_epi32_mask(dist, dist);
    const __m128i agreed = agree_all(cur, dists, valid, cap, is_short);
    const __m128i lens = _mm_maskz_mov_epi8(_mm_cmpge_epu8_mask(agreed, bytes), agreed);
    const __m128i best = near_best_of8(lens);
    const __m128i reached = _mm_max_epu8(best, lens);
    const __mmask16 kept = _mm_cmpgt_epu8_mask(lens, best) & 0x3F;
    b->counts[place] = put_pairs(dist, lens, kept, b->pairs[place]);
    b->shorts[place] = (uint32_t)_mm_popcnt_u32(kept & 15U);
    near_set_floors(b, place, reached);
    return (uint32_t)_mm_extract_epi8(reached, XZ_HEAD8);
}

/* Lanes whose text agrees in the gap. */
NEAR_TARGET XZ_ALWAYS_INLINE __mmask32 agree_before(const struct xz_sorted *s,
                                                    uint32_t word)
{
    /* clang-format off */
    static const uint16_t lanes[32] = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
    };
    /* clang-format on */
    const uint16_t *const before = s->near.before + xz_rank_of(word);
    const __m256i up = _mm256_loadu_si256((const void *)(before - XZ_NEAR_RANKS));
    const __m256i down = _mm256_loadu_si256((const void *)(before + 1));
    const __m512i both = _mm512_permutexvar_epi16(
        load(lanes), _mm512_inserti64x4(_mm512_castsi256_si512(up), down, 1));
    const __m512i differ = _mm512_xor_si512(both, _mm512_set1_epi16((short)*before));
    const uint32_t mask = xz_gap_mask(xz_gap_of(word));
    return _mm512_testn_epi16_mask(differ, _mm512_set1_epi16((short)mask));
}

NEAR_TARGET XZ_ALWAYS_INLINE void near_look_at(const struct xz_sorted *s, uint32_t word,
                                               struct near_block *b, uint32_t place)
{
    const __m256i lens = near_lens(s, word);
    const __mmask32 alive = _mm256_mask_cmpgt_epu8_mask(
        agree_before(s, word), lens, near_floor(lens, b->floors[place]));
    _mm256_storeu_si256((void *)b->lens[place], lens);
    b->alive[place] = alive;
}

/* Of one side, the keys of neighbours that are nearer than all nearer ranks; the
   nearest is in the last lane. Returns how many. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t side(__m512i dist0, uint32_t alive,
                                           uint32_t dict_size, uint32_t place,
                                           uint32_t *list)
{
    const __m512i all = fill(UINT32_MAX);
    const __mmask16 valid =
        _mm512_mask_cmplt_epu32_mask((__mmask16)alive, dist0, fill(dict_size));
    const __m512i key = _mm512_or_epi32(_mm512_slli_epi32(dist0, KEY_BITS),
                                        _mm512_add_epi32(iota(), fill(place)));
    const __m512i v = _mm512_mask_mov_epi32(all, valid, key);
    __m512i least = _mm512_alignr_epi32(all, v, 1);
    least = _mm512_min_epu32(least, _mm512_alignr_epi32(all, least, 1));
    least = _mm512_min_epu32(least, _mm512_alignr_epi32(all, least, 2));
    least = _mm512_min_epu32(least, _mm512_alignr_epi32(all, least, 4));
    least = _mm512_min_epu32(least, _mm512_alignr_epi32(all, least, 8));
    const __mmask16 kept = _mm512_cmplt_epu32_mask(v, least);
    _mm512_storeu_si512(list, _mm512_mask_compress_epi32(all, kept, v));
    list[XZ_NEAR_RANKS] = UINT32_MAX;
    return (uint32_t)_mm_popcnt_u32(kept);
}

NEAR_TARGET XZ_ALWAYS_INLINE void sides(const struct xz_near_job *job, uint32_t i,
                                        uint32_t alive, struct near_lists *lists,
                                        uint32_t place)
{
    const struct xz_sorted *const s = job->sorted;
    const uint32_t word = s->ranks[job->pos - s->from + i];
    const uint32_t *const order = s->near.anchors + xz_rank_of(word);
    const __m512i before = fill(job->pos + i + xz_gap_of(word) - 1);
    const __m512i up = _mm512_sub_epi32(before, load(order - XZ_NEAR_RANKS));
    const __m512i down = turn(_mm512_sub_epi32(before, load(order + 1)));
    lists->counts[place] =
        side(up, alive & 0xFFFF, job->dict_size, 0, lists->up[place])
        + side(down, alive >> 16, job->dict_size, 16, lists->down[place]);
}

/* The lesser half of two vectors, rising. One rises, the other falls. */
NEAR_TARGET XZ_ALWAYS_INLINE __m512i merge(__m512i rising, __m512i falling)
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

/* Lengths of keys; none has 0. */
NEAR_TARGET XZ_ALWAYS_INLINE __m128i key_lens(__m512i keys, const uint8_t *lens,
                                              __m256i pairs)
{
    const __m512i known = _mm512_inserti64x4(
        _mm512_zextsi256_si512(_mm256_loadu_si256((const void *)lens)),
        _mm256_zextsi128_si256(near_pair_lens(pairs)), 1);
    const __m512i places = _mm512_castsi128_si512(_mm512_cvtepi32_epi8(keys));
    return _mm512_castsi512_si128(_mm512_permutexvar_epi8(places, known));
}

/* Lists the pairs of the neighbours and those of the tables of 6 bytes and more;
   those of fewer bytes stay before them. */
NEAR_TARGET XZ_ALWAYS_INLINE void join(struct near_block *b,
                                       const struct near_lists *lists, uint32_t place)
{
    const uint32_t shorts = b->shorts[place];
    struct xz_pair *const out = b->pairs[place] + shorts;
    const __m256i pairs = _mm256_loadu_si256((const void *)out);
    const __m512i known = _mm512_inserti32x4(
        fill(UINT32_MAX), near_pair_keys(pairs, b->counts[place] - shorts), 0);
    const __m512i near = merge(load(lists->up[place]), turn(load(lists->down[place])));
    const __m512i keys = merge(near, turn(known));
    const __m128i lens = key_lens(keys, b->lens[place], pairs);
    const __m128i best8 = near_best_of8(lens);
    const __m128i best = _mm_max_epu8(best8, _mm_slli_si128(best8, 8));
    const __m512i dist = _mm512_add_epi32(_mm512_srli_epi32(keys, KEY_BITS), fill(1));
    b->counts[place] =
        shorts + put_pairs(dist, lens, _mm_cmpgt_epu8_mask(lens, best), out);
}

/* Lists of both sides of count places. */
NEAR_TARGET XZ_ALWAYS_INLINE void near_sides(const struct xz_near_job *job,
                                             uint32_t first, struct near_block *b,
                                             struct near_lists *lists, uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t place = b->places[i];
        sides(job, first + place, b->alive[place], lists, place);
    }
}

# include "match/near_join.h"

# include "match/near_find.h"

NEAR_TARGET static struct xz_pair *find_avx512(const struct xz_near_job *job,
                                               struct xz_match_batch *batch,
                                               struct xz_pair *out)
{
    if (job->avail < job->count + NEAR_AVAIL_MIN || job->sorted->size == 0)
        return xz_near_portable.find(job, batch, out);
    return near_find(job, batch, out);
}

static const struct xz_near_kernels near_avx512 = {near_index, rank_near, find_avx512};

const struct xz_near_kernels *xz_near_kernels(void)
{
    const uint32_t features = xz_cpu_features();
    if ((features & XZ_CPU_AVX512) != 0)
        return &near_avx512;
    if ((features & XZ_CPU_AVX2) != 0)
        return &xz_near_avx2;
    return (features & XZ_CPU_SSE4) != 0 ? &xz_near_sse4 : &xz_near_portable;
}

#endif
