// SPDX-License-Identifier: 0BSD
// Neighbours in suffix order with AVX2: all candidates of a position at once.
//
// A vector has the common lengths of 16 ranks up and 16 down. What the suffix has in
// common with each is a running minimum, made in four steps of shift and minimum.
// Distances are in four quads, each of four ranks up in the lower half of a vector and
// four down in the upper one; which of them are nearer than all nearer ranks shows by
// running minima too. Those of each side are a list that is sorted by distance. One
// bitonic merge joins both, a second one adds candidates of the tables. A running
// maximum of the lengths shows which of them are pairs.

#include "match/sorted.h"

#if XZ_X86_64

# define NEAR_TARGET XZ_TARGET("avx2,bmi,popcnt")

# include "match/near_keys_x86.h"

/* Bytes that texts are compared by. */
# define COMPARE_SIZE 32

# define NEAR_VECTOR  __m256i
# define NEAR_COMPARE COMPARE_SIZE

NEAR_TARGET XZ_ALWAYS_INLINE __m256i near_text(const uint8_t *p, bool is_short)
{
    return is_short ? _mm256_zextsi128_si256(_mm_loadu_si128((const void *)p))
                    : _mm256_loadu_si256((const void *)p);
}

/* At most COMPARE_SIZE. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t near_agree(__m256i a, __m256i b)
{
    const __m256i same = _mm256_cmpeq_epi8(a, b);
    return _tzcnt_u32(~(uint32_t)_mm256_movemask_epi8(same));
}

# include "match/near_heads_x86.h"
# include "match/near_index.h"

/* Candidates that are merged in vectors. */
# define LIST_SIZE 8

/* Which lanes are set in a mask of four, from the lowest on. */
static const uint8_t set_lanes[16][4] = {
    {0}, {0},    {1},    {0, 1},    {2},    {0, 2},    {1, 2},    {0, 1, 2},
    {3}, {0, 3}, {1, 3}, {0, 1, 3}, {2, 3}, {0, 2, 3}, {1, 2, 3}, {0, 1, 2, 3},
};

NEAR_TARGET XZ_ALWAYS_INLINE __m256i fill(uint32_t v)
{
    return _mm256_set1_epi32((int)v);
}

NEAR_TARGET XZ_ALWAYS_INLINE __m256i load(const void *p)
{
    return _mm256_loadu_si256(p);
}

/* The first n (at most 4) set lanes of v in order. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t lanes_of(uint32_t mask)
{
    uint32_t lanes;
    memcpy(&lanes, set_lanes[mask], sizeof(lanes));
    return lanes;
}

/* Writes those of four pairs that are set in the mask; four places are written over.
   Returns how many. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t put_pairs(__m256i pairs, uint32_t mask,
                                                struct xz_pair *out)
{
    const __m256i lanes = _mm256_cvtepu8_epi64(_mm_cvtsi32_si128((int)lanes_of(mask)));
    /* Lane n of 64 bits is lanes 2n and 2n + 1 of 32. */
    const __m256i low = _mm256_add_epi32(lanes, lanes);
    const __m256i both =
        _mm256_or_si256(low, _mm256_slli_epi64(_mm256_add_epi32(low, fill(1)), 32));
    _mm256_storeu_si256((void *)out, _mm256_permutevar8x32_epi32(pairs, both));
    return (uint32_t)_mm_popcnt_u32(mask);
}

/* Lengths of all candidates of the tables, at most cap: a byte each. */
NEAR_TARGET XZ_ALWAYS_INLINE __m128i agree_all(const uint8_t *cur,
                                               const uint32_t *dists, __m256i dist,
                                               uint32_t cap, bool is_short)
{
    const __m256i none = _mm256_cmpeq_epi32(dist, _mm256_setzero_si256());
    const __m128i none16 = _mm_packs_epi32(_mm256_castsi256_si128(none),
                                           _mm256_extracti128_si256(none, 1));
    const __m128i none8 = _mm_packs_epi16(none16, none16);
    const uint64_t lens = near_agree_heads(cur, dists, is_short);
    __m128i v = _mm_andnot_si128(none8, _mm_cvtsi64_si128((int64_t)lens));
    const __m128i full = _mm_cmpeq_epi8(v, _mm_set1_epi8(COMPARE_SIZE));
    if (XZ_UNLIKELY(_mm_movemask_epi8(full) != 0) && cap > COMPARE_SIZE) {
        v = _mm_cvtsi64_si128((int64_t)near_agree_far(cur, dists, cap));
        v = _mm_andnot_si128(none8, v);
    }
    return _mm_min_epu8(v, _mm_set1_epi8((char)cap));
}

NEAR_TARGET XZ_ALWAYS_INLINE uint32_t near_tables_at(const uint8_t *cur,
                                                     const uint32_t *dists,
                                                     uint32_t cap, struct near_block *b,
                                                     uint32_t place, bool is_short)
{
    const __m128i bytes =
        _mm_setr_epi8(2, 3, 4, 5, 6, 8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    const __m256i dist = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const void *)dists)),
        _mm_loadl_epi64((const void *)(dists + XZ_HEAD6)), 1);
    const __m128i agreed = agree_all(cur, dists, dist, cap, is_short);
    const __m128i lens =
        _mm_and_si128(agreed, _mm_cmpeq_epi8(_mm_max_epu8(agreed, bytes), agreed));
    const __m128i best = near_best_of8(lens);
    const __m128i reached = _mm_max_epu8(best, lens);
    const uint32_t kept =
        0x3F & ~(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(reached, best));
    const __m256i len = _mm256_cvtepu8_epi32(lens);
    const __m256i low = _mm256_unpacklo_epi32(len, dist);
    const __m256i high = _mm256_unpackhi_epi32(len, dist);
    struct xz_pair *const out = b->pairs[place];
    uint32_t count =
        put_pairs(_mm256_permute2x128_si256(low, high, 0x20), kept & 0xF, out);
    count +=
        put_pairs(_mm256_permute2x128_si256(low, high, 0x31), kept >> 4, out + count);
    b->counts[place] = count;
    b->shorts[place] = (uint32_t)_mm_popcnt_u32(kept & 15);
    near_set_floors(b, place, reached);
    return (uint32_t)_mm_extract_epi8(reached, XZ_HEAD8);
}

/* Ones in lanes whose text agrees in the gap, else 0. */
NEAR_TARGET XZ_ALWAYS_INLINE __m256i agree_before(const struct xz_sorted *s,
                                                  uint32_t word)
{
    const __m256i turn =
        _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15, 14,
                         13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const uint16_t *const before = s->near.before + xz_rank_of(word);
    const __m256i own = _mm256_set1_epi16((short)*before);
    const __m256i mask = _mm256_set1_epi16((short)xz_gap_mask(xz_gap_of(word)));
    const __m256i zero = _mm256_setzero_si256();
    __m256i up = _mm256_xor_si256(load(before - XZ_NEAR_RANKS), own);
    __m256i down = _mm256_xor_si256(load(before + 1), own);
    up = _mm256_cmpeq_epi16(_mm256_and_si256(up, mask), zero);
    down = _mm256_cmpeq_epi16(_mm256_and_si256(down, mask), zero);
    const __m256i both = _mm256_permute4x64_epi64(_mm256_packs_epi16(up, down), 0xD8);
    return _mm256_shuffle_epi8(both, turn);
}

NEAR_TARGET XZ_ALWAYS_INLINE void near_look_at(const struct xz_sorted *s, uint32_t word,
                                               struct near_block *b, uint32_t place)
{
    const __m256i v = _mm256_and_si256(near_lens(s, word), agree_before(s, word));
    const __m256i floor = near_floor(v, b->floors[place]);
    const __m256i dead = _mm256_cmpeq_epi8(_mm256_max_epu8(v, floor), floor);
    _mm256_storeu_si256((void *)b->lens[place], _mm256_andnot_si256(dead, v));
    b->alive[place] = ~(uint32_t)_mm256_movemask_epi8(dead);
}

/* Keys of ranks whose lanes begin with `lane`, on both sides; ones: not a candidate. */
NEAR_TARGET XZ_ALWAYS_INLINE __m256i quad(const uint32_t *order, int lane,
                                          __m256i before, __m256i reach, __m256i dead)
{
    const __m256i turn = _mm256_setr_epi32(0, 1, 2, 3, 7, 6, 5, 4);
    const __m256i places = _mm256_setr_epi32(0, 1, 2, 3, 16, 17, 18, 19);
    const __m128i spread =
        _mm_setr_epi8(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    const __m128i up = _mm_loadu_si128((const void *)(order - 16 + lane));
    const __m128i down = _mm_loadu_si128((const void *)(order + 13 - lane));
    const __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(up), down, 1);
    const __m256i dist0 =
        _mm256_sub_epi32(before, _mm256_permutevar8x32_epi32(both, turn));
    const __m256i far = _mm256_cmpeq_epi32(_mm256_max_epu32(dist0, reach), dist0);
    const __m256i dead_lanes = _mm256_shuffle_epi8(
        dead,
        _mm256_broadcastsi128_si256(_mm_add_epi8(spread, _mm_set1_epi8((char)lane))));
    const __m256i key =
        _mm256_or_si256(_mm256_slli_epi32(dist0, KEY_BITS),
                        _mm256_add_epi32(places, _mm256_set1_epi32(lane)));
    return _mm256_or_si256(key, _mm256_or_si256(far, dead_lanes));
}

/* In each half, all lanes move down by one. */
NEAR_TARGET XZ_ALWAYS_INLINE __m256i nearer(__m256i v)
{
    return _mm256_alignr_epi8(fill(UINT32_MAX), v, 4);
}

/* In each half, the least of a lane and those above. */
NEAR_TARGET XZ_ALWAYS_INLINE __m256i least(__m256i v)
{
    v = _mm256_min_epu32(v, nearer(v));
    return _mm256_min_epu32(v, _mm256_alignr_epi8(fill(UINT32_MAX), v, 8));
}

/* The lowest lane of each half in all of its lanes. */
NEAR_TARGET XZ_ALWAYS_INLINE __m256i lowest(__m256i v)
{
    return _mm256_shuffle_epi32(v, 0);
}

/* Appends the keys below `limit` to the lists of both sides. */
NEAR_TARGET XZ_ALWAYS_INLINE void put_keys(__m256i keys, __m256i limit, uint32_t **up,
                                           uint32_t **down)
{
    const __m256i not_kept = _mm256_cmpeq_epi32(_mm256_max_epu32(keys, limit), keys);
    const uint32_t kept =
        0xFF ^ (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(not_kept));
    const uint64_t lanes = lanes_of(kept & 0xF) | (uint64_t)lanes_of(kept >> 4) << 32;
    const __m256i packed = _mm256_castps_si256(
        _mm256_permutevar_ps(_mm256_castsi256_ps(keys),
                             _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)lanes))));
    _mm_storeu_si128((void *)*up, _mm256_castsi256_si128(packed));
    _mm_storeu_si128((void *)*down, _mm256_extracti128_si256(packed, 1));
    *up += _mm_popcnt_u32(kept & 0xF);
    *down += _mm_popcnt_u32(kept >> 4);
}

/* Lists of those neighbours that count and are nearer than all nearer ranks. */
NEAR_TARGET XZ_ALWAYS_INLINE void sides(const struct xz_near_job *job, uint32_t i,
                                        const uint8_t *lens, struct near_lists *lists,
                                        uint32_t place)
{
    const struct xz_sorted *const s = job->sorted;
    const uint32_t word = s->ranks[job->pos - s->from + i];
    const uint32_t *const order = s->near.anchors + xz_rank_of(word);
    const __m256i before = fill(job->pos + i + xz_gap_of(word) - 1);
    const __m256i reach = fill(job->dict_size);
    const __m256i dead = _mm256_cmpeq_epi8(load(lens), _mm256_setzero_si256());
    const __m256i near = quad(order, 12, before, reach, dead);
    const __m256i next = quad(order, 8, before, reach, dead);
    const __m256i third = quad(order, 4, before, reach, dead);
    const __m256i last = quad(order, 0, before, reach, dead);
    const __m256i least0 = least(near);
    const __m256i least1 = least(next);
    const __m256i least2 = least(third);
    const __m256i least3 = least(last);
    const __m256i below1 = lowest(least0);
    const __m256i below2 = _mm256_min_epu32(below1, lowest(least1));
    const __m256i below3 = _mm256_min_epu32(below2, lowest(least2));
    uint32_t *up = lists->up[place];
    uint32_t *down = lists->down[place];
    put_keys(last, _mm256_min_epu32(below3, nearer(least3)), &up, &down);
    put_keys(third, _mm256_min_epu32(below2, nearer(least2)), &up, &down);
    put_keys(next, _mm256_min_epu32(below1, nearer(least1)), &up, &down);
    put_keys(near, nearer(least0), &up, &down);
    _mm256_storeu_si256((void *)up, fill(UINT32_MAX));
    _mm256_storeu_si256((void *)down, fill(UINT32_MAX));
    lists->counts[place] =
        (uint32_t)(up - lists->up[place]) + (uint32_t)(down - lists->down[place]);
}

/* The lesser half of two rising vectors, rising. */
NEAR_TARGET XZ_ALWAYS_INLINE __m256i merge(__m256i a, __m256i b)
{
    const __m256i reverse = _mm256_setr_epi32(7, 6, 5, 4, 3, 2, 1, 0);
    __m256i v = _mm256_min_epu32(a, _mm256_permutevar8x32_epi32(b, reverse));
    __m256i w = _mm256_permute2x128_si256(v, v, 1);
    v = _mm256_blend_epi32(_mm256_min_epu32(v, w), _mm256_max_epu32(v, w), 0xF0);
    w = _mm256_shuffle_epi32(v, 0x4E);
    v = _mm256_blend_epi32(_mm256_min_epu32(v, w), _mm256_max_epu32(v, w), 0xCC);
    w = _mm256_shuffle_epi32(v, 0xB1);
    return _mm256_blend_epi32(_mm256_min_epu32(v, w), _mm256_max_epu32(v, w), 0xAA);
}

/* A byte of each lane of v. */
NEAR_TARGET XZ_ALWAYS_INLINE __m128i low_bytes(__m256i v)
{
    const __m256i pick = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
    const __m256i bytes = _mm256_shuffle_epi8(v, pick);
    return _mm_unpacklo_epi32(_mm256_castsi256_si128(bytes),
                              _mm256_extracti128_si256(bytes, 1));
}

/* Lengths of keys; none has 0. */
NEAR_TARGET XZ_ALWAYS_INLINE __m128i key_lens(__m256i keys, const uint8_t *lens,
                                              __m256i pairs)
{
    const __m128i places = _mm_and_si128(low_bytes(keys), _mm_set1_epi8(0x3F));
    const __m128i up = _mm_shuffle_epi8(_mm_loadu_si128((const void *)lens), places);
    const __m128i down =
        _mm_shuffle_epi8(_mm_loadu_si128((const void *)(lens + XZ_NEAR_RANKS)), places);
    const __m128i near = _mm_blendv_epi8(up, down, _mm_slli_epi16(places, 3));
    return _mm_blendv_epi8(near, _mm_shuffle_epi8(near_pair_lens(pairs), places),
                           _mm_slli_epi16(places, 2));
}

/* Lists the pairs of the neighbours and those of the tables of 6 bytes and more;
   those of fewer bytes stay before them. */
NEAR_TARGET XZ_ALWAYS_INLINE void join(struct near_block *b,
                                       const struct near_lists *lists, uint32_t place)
{
    const uint32_t shorts = b->shorts[place];
    struct xz_pair *const out = b->pairs[place] + shorts;
    const __m256i pairs = load(out);
    const __m256i near = merge(load(lists->up[place]), load(lists->down[place]));
    const __m256i keys = merge(
        near,
        _mm256_inserti128_si256(fill(UINT32_MAX),
                                near_pair_keys(pairs, b->counts[place] - shorts), 0));
    const __m128i lens = key_lens(keys, b->lens[place], pairs);
    const __m128i best = near_best_of8(lens);
    const __m128i shorter = _mm_cmpeq_epi8(_mm_max_epu8(lens, best), best);
    const uint32_t kept = 0xFF & ~(uint32_t)_mm_movemask_epi8(shorter);
    const __m256i dist = _mm256_add_epi32(_mm256_srli_epi32(keys, KEY_BITS), fill(1));
    const __m256i len = _mm256_cvtepu8_epi32(lens);
    const __m256i low = _mm256_unpacklo_epi32(len, dist);
    const __m256i high = _mm256_unpackhi_epi32(len, dist);
    uint32_t count =
        put_pairs(_mm256_permute2x128_si256(low, high, 0x20), kept & 0xF, out);
    count +=
        put_pairs(_mm256_permute2x128_si256(low, high, 0x31), kept >> 4, out + count);
    b->counts[place] = shorts + count;
}

/* Lists of both sides of count places. */
NEAR_TARGET XZ_ALWAYS_INLINE void near_sides(const struct xz_near_job *job,
                                             uint32_t first, struct near_block *b,
                                             struct near_lists *lists, uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t place = b->places[i];
        sides(job, first + place, b->lens[place], lists, place);
    }
}

# include "match/near_join.h"

# include "match/near_find.h"

NEAR_TARGET static struct xz_pair *find_avx2(const struct xz_near_job *job,
                                             struct xz_match_batch *batch,
                                             struct xz_pair *out)
{
    if (job->avail < job->count + NEAR_AVAIL_MIN || job->sorted->size == 0)
        return xz_near_portable.find(job, batch, out);
    return near_find(job, batch, out);
}

const struct xz_near_kernels xz_near_avx2 = {near_index, xz_near_rank, find_avx2};

#endif
