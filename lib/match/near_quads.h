// SPDX-License-Identifier: 0BSD
// Kernel of near_find.h over vectors of 16 bytes, the same for all CPUs that have them.
//
// A vector has the common lengths of 16 ranks of one side. What the suffix has in
// common with each is a running minimum, made in four steps of shift and minimum.
// Distances are in four quads a side; which of them are nearer than all nearer ranks
// shows by running minima too. They are a list that is sorted by distance. One bitonic
// merge of eight lanes joins both sides, a second one adds candidates of the tables. A
// running maximum of the lengths shows which of them are pairs.
//
// NEAR_TARGET and the vectors, near_vec_*.h, are chosen by the file that includes this.

#ifndef XZ_MATCH_NEAR_QUADS_H
#define XZ_MATCH_NEAR_QUADS_H

#include "match/near_keys.h"

/* Bytes that texts are compared by. */
#define COMPARE_SIZE 32

/* Candidates that are merged in vectors. */
#define LIST_SIZE 8

#define NEAR_VECTOR  VEC8
#define NEAR_COMPARE 16

NEAR_TARGET XZ_ALWAYS_INLINE VEC8 near_text(const uint8_t *p, bool is_short)
{
    (void)is_short;
    return v8_load(p);
}

NEAR_TARGET XZ_ALWAYS_INLINE uint32_t near_agree(VEC8 a, VEC8 b)
{
    return v8_agree(a, b);
}

#include "match/near_index.h"

/* Two quads. */
struct eight {
    VEC32 low;
    VEC32 high;
};

/* Of bytes, the greatest of the four below each. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC8 best_of4(VEC8 lens)
{
    VEC8 best = v8_up(lens, 1);
    best = v8_max(best, v8_up(best, 1));
    return v8_max(best, v8_up(best, 2));
}

/* Bits of those of eight bytes that are greater than others. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t greater(VEC8 lens, VEC8 others)
{
    return 0xFF ^ v8_mask(v8_equal(v8_max(lens, others), others));
}

/* Bytes that one table's candidate agrees for, at most COMPARE_SIZE. */
NEAR_TARGET XZ_ALWAYS_INLINE uint64_t agree(const uint8_t *cur, uint32_t dist,
                                            bool is_short)
{
    const uint64_t mask = dist != 0 ? UINT64_MAX : 0;
    const uint8_t *const p = cur - dist;
    return (is_short ? near_agree(v8_load(cur), v8_load(p)) : vec_agree(cur, p)) & mask;
}

/* Lengths of all candidates of the tables, at most cap: a byte each. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC8 agree_all(const uint8_t *cur, const uint32_t *dists,
                                            uint32_t cap, bool is_short)
{
    const uint64_t len2 = agree(cur, dists[XZ_HEAD2], is_short);
    const uint64_t len3 = agree(cur, dists[XZ_HEAD3], is_short);
    const uint64_t len4 = agree(cur, dists[XZ_HEAD4], is_short);
    const uint64_t len5 = agree(cur, dists[XZ_HEAD5], is_short);
    const uint64_t len6 = agree(cur, dists[XZ_HEAD6], is_short);
    const uint64_t len8 = agree(cur, dists[XZ_HEAD8], is_short);
    uint64_t lens =
        len2 | len3 << 8 | len4 << 16 | len5 << 24 | len6 << 32 | len8 << 40;
    const uint64_t full = UINT64_C(0x010101010101) * COMPARE_SIZE;
    if (XZ_UNLIKELY((lens & full) != 0) && cap > COMPARE_SIZE)
        lens = near_agree_far(cur, dists, cap);
    return v8_min(v8_from64(lens), v8_fill(cap));
}

XZ_ALWAYS_INLINE struct xz_pair *put_kept(const uint32_t *dists, uint64_t lens,
                                          uint32_t table, uint32_t kept,
                                          struct xz_pair *out)
{
    *out = (struct xz_pair){lens >> 8 * table & 0xFF, dists[table]};
    return out + (kept >> table & 1);
}

NEAR_TARGET XZ_ALWAYS_INLINE uint32_t near_tables_at(const uint8_t *cur,
                                                     const uint32_t *dists,
                                                     uint32_t cap, struct near_block *b,
                                                     uint32_t place, bool is_short)
{
    static const uint8_t bytes[16] = {2,   3,   4,   5,   6,   8,   255, 255,
                                      255, 255, 255, 255, 255, 255, 255, 255};
    static const uint8_t to_floors[16] = {
        255,      255,      255,      255,      255,      XZ_HEAD5, XZ_HEAD6, XZ_HEAD6,
        XZ_HEAD8, XZ_HEAD8, XZ_HEAD8, XZ_HEAD8, XZ_HEAD8, XZ_HEAD8, XZ_HEAD8, XZ_HEAD8,
    };
    static const uint8_t never[16] = {255, 255, 255, 255, 255};
    const VEC8 agreed = agree_all(cur, dists, cap, is_short);
    const VEC8 lens = v8_and(agreed, v8_equal(v8_max(agreed, v8_load(bytes)), agreed));
    const VEC8 best4 = best_of4(lens);
    const VEC8 best = v8_max(best4, v8_up(best4, 4));
    const VEC8 reached = v8_max(best, lens);
    const uint32_t kept = greater(lens, best) & 0x3F;
    const uint64_t bits = v8_to64(lens);
    struct xz_pair *const pairs = b->pairs[place];
    struct xz_pair *out = put_kept(dists, bits, XZ_HEAD2, kept, pairs);
    out = put_kept(dists, bits, XZ_HEAD3, kept, out);
    out = put_kept(dists, bits, XZ_HEAD4, kept, out);
    out = put_kept(dists, bits, XZ_HEAD5, kept, out);
    b->shorts[place] = (uint32_t)(out - pairs);
    out = put_kept(dists, bits, XZ_HEAD6, kept, out);
    out = put_kept(dists, bits, XZ_HEAD8, kept, out);
    b->counts[place] = (uint32_t)(out - pairs);
    v8_store(b->floors[place],
             v8_or(v8_look(reached, v8_load(to_floors)), v8_load(never)));
    return v8_to64(reached) >> 8 * XZ_HEAD8 & 0xFF;
}

/* Sets the lengths of one side that count; the nearest is in the last lane. same: ones
   in lanes whose text agrees in the gap. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC8 look(VEC8 v, VEC8 same, VEC8 gap, VEC8 cap,
                                       VEC8 floors, uint8_t *lens)
{
    v = v8_min(v, v8_down(v, 1));
    v = v8_min(v, v8_down(v, 2));
    v = v8_min(v, v8_down(v, 4));
    v = v8_min(v, v8_down(v, 8));
    v = v8_and(v8_min(v8_add(v, gap), cap), same);
    const VEC8 floor = v8_look(floors, v8_min(v, v8_fill(8)));
    v = v8_clear(v, v8_equal(v8_max(v, floor), floor));
    v8_store(lens, v);
    return v;
}

NEAR_TARGET XZ_ALWAYS_INLINE void near_look_at(const struct xz_sorted *s, uint32_t word,
                                               struct near_block *b, uint32_t place)
{
    const uint8_t *const common = s->near.common + xz_rank_of(word);
    const uint16_t *const before = s->near.before + xz_rank_of(word);
    const uint32_t mask = xz_gap_mask(xz_gap_of(word));
    const VEC8 gap = v8_fill(xz_gap_of(word));
    const VEC8 cap = v8_fill(s->cap);
    uint8_t *const lens = b->lens[place];
    const VEC8 floors = v8_load(b->floors[place]);
    const VEC8 above = vec_same16(before - XZ_NEAR_RANKS, *before, mask);
    const VEC8 below = v8_turn(vec_same16(before + 1, *before, mask));
    const VEC8 up = look(v8_load(common - 15), above, gap, cap, floors, lens);
    const VEC8 down = look(v8_turn(v8_load(common + 1)), below, gap, cap, floors,
                           lens + XZ_NEAR_RANKS);
    b->alive[place] = v8_any(v8_or(up, down));
}

/* Keys of a quad whose lanes begin with `lane` of a side; ones: not a candidate. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC32 quad(VEC32 order, VEC8 lens, uint32_t lane,
                                        uint32_t place, VEC32 before, VEC32 reach)
{
    static const uint8_t spread[16] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3};
    static const uint32_t count[4] = {0, 1, 2, 3};
    const VEC32 dist0 = v32_sub(before, order);
    const VEC8 lanes = v8_or(v8_load(spread), v8_fill(lane));
    const VEC8 dead = v8_equal(v8_look(lens, lanes), v8_fill(0));
    const VEC32 places = v32_or(v32_load(count), v32_fill(place + lane));
    return v32_or(v32_or(v32_up(dist0, KEY_BITS), places),
                  v32_or(v32_at_least(dist0, reach), v8_as32(dead)));
}

/* The least of a lane and those above. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC32 least(VEC32 v)
{
    v = v32_min(v, v32_next(v, 1));
    return v32_min(v, v32_next(v, 2));
}

/* Appends the keys below `limit`. Returns the list's end. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t *put_keys(VEC32 keys, VEC32 limit, uint32_t *list)
{
    const uint32_t kept = 0xF ^ v32_mask(v32_at_least(keys, limit));
    v32_store(list, v32_pack(keys, kept));
    return list + vec_count[kept];
}

/* The list of one side's neighbours that count and are nearer than all nearer ranks.
   Returns its length. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t side(const struct xz_near_job *job, uint32_t i,
                                           bool is_down, const uint8_t *side_lens,
                                           uint32_t *list)
{
    const struct xz_sorted *const s = job->sorted;
    const uint32_t word = s->ranks[job->pos - s->from + i];
    const uint32_t *const order = s->near.anchors + xz_rank_of(word);
    const VEC32 before = v32_fill(job->pos + i + xz_gap_of(word) - 1);
    const VEC32 reach = v32_fill(job->dict_size);
    const VEC8 lens = v8_load(side_lens);
    const uint32_t place = is_down ? XZ_NEAR_RANKS : 0;
    const VEC32 q0 = is_down ? v32_turn(v32_load(order + 1)) : v32_load(order - 4);
    const VEC32 q1 = is_down ? v32_turn(v32_load(order + 5)) : v32_load(order - 8);
    const VEC32 q2 = is_down ? v32_turn(v32_load(order + 9)) : v32_load(order - 12);
    const VEC32 q3 = is_down ? v32_turn(v32_load(order + 13)) : v32_load(order - 16);
    const VEC32 near = quad(q0, lens, 12, place, before, reach);
    const VEC32 next = quad(q1, lens, 8, place, before, reach);
    const VEC32 third = quad(q2, lens, 4, place, before, reach);
    const VEC32 last = quad(q3, lens, 0, place, before, reach);
    const VEC32 least0 = least(near);
    const VEC32 least1 = least(next);
    const VEC32 least2 = least(third);
    const VEC32 below1 = v32_lowest(least0);
    const VEC32 below2 = v32_min(below1, v32_lowest(least1));
    const VEC32 below3 = v32_min(below2, v32_lowest(least2));
    uint32_t *end = list;
    end = put_keys(last, v32_min(below3, v32_next(least(last), 1)), end);
    end = put_keys(third, v32_min(below2, v32_next(least2, 1)), end);
    end = put_keys(next, v32_min(below1, v32_next(least1, 1)), end);
    end = put_keys(near, v32_next(least0, 1), end);
    v32_store(end, v32_fill(UINT32_MAX));
    v32_store(end + 4, v32_fill(UINT32_MAX));
    return (uint32_t)(end - list);
}

/* Sorts a quad whose halves are each at most two steps from it. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC32 settle(VEC32 v)
{
    VEC32 w = v32_swap2(v);
    v = v32_halves(v32_min(v, w), v32_max(v, w));
    w = v32_swap1(v);
    return v32_odds(v32_min(v, w), v32_max(v, w));
}

/* The lesser half of two rising lists, rising. */
NEAR_TARGET XZ_ALWAYS_INLINE struct eight merge(struct eight a, struct eight b)
{
    const VEC32 low = v32_min(a.low, v32_turn(b.high));
    const VEC32 high = v32_min(a.high, v32_turn(b.low));
    return (struct eight){settle(v32_min(low, high)), settle(v32_max(low, high))};
}

NEAR_TARGET XZ_ALWAYS_INLINE struct eight load_list(const uint32_t *list)
{
    return (struct eight){v32_load(list), v32_load(list + 4)};
}

/* Keys of the tables' candidates that are to be merged: at most two, then ones. */
NEAR_TARGET XZ_ALWAYS_INLINE struct eight pair_keys(const struct xz_pair *pairs,
                                                    uint32_t count)
{
    const uint32_t key0 = (pairs[0].dist - 1) << KEY_BITS | KEY_TABLES;
    const uint32_t key1 = (pairs[1].dist - 1) << KEY_BITS | (KEY_TABLES + 1);
    return (struct eight){
        v32_two(count > 0 ? key0 : UINT32_MAX, count > 1 ? key1 : UINT32_MAX),
        v32_fill(UINT32_MAX),
    };
}

/* Lengths of keys; none has 0. */
NEAR_TARGET XZ_ALWAYS_INLINE VEC8 key_lens(struct eight keys, const uint8_t *lens,
                                           const struct xz_pair *pairs)
{
    const VEC8 known = v8_from64(pairs[0].len | (uint64_t)pairs[1].len << 8);
    const VEC8 places = v8_and(v32_low_bytes(keys.low, keys.high), v8_fill(0x3F));
    return v8_look48(v8_load(lens), v8_load(lens + XZ_NEAR_RANKS), known, places);
}

/* Lists the pairs of the neighbours and those of the tables of 6 bytes and more;
   those of fewer bytes stay before them. */
NEAR_TARGET XZ_ALWAYS_INLINE void join(struct near_block *b,
                                       const struct near_lists *lists, uint32_t place)
{
    const uint32_t shorts = b->shorts[place];
    struct xz_pair *out = b->pairs[place] + shorts;
    const struct eight known = pair_keys(out, b->counts[place] - shorts);
    const struct eight near =
        merge(load_list(lists->up[place]), load_list(lists->down[place]));
    const struct eight keys = merge(near, known);
    const VEC8 lens = key_lens(keys, b->lens[place], out);
    const VEC8 best = best_of4(lens);
    const uint32_t kept = greater(lens, v8_max(best, v8_up(best, 4)));
    const VEC32 one = v32_fill(1);
    const VEC32 low = v32_add(v32_down(keys.low, KEY_BITS), one);
    const VEC32 high = v32_add(v32_down(keys.high, KEY_BITS), one);
    out = vec_put_pairs(v8_first_as32(lens), low, kept, out);
    out = vec_put_pairs(v8_second_as32(lens), high, kept >> 4, out);
    b->counts[place] = (uint32_t)(out - b->pairs[place]);
}

/* Lists of both sides of count places. */
NEAR_TARGET XZ_ALWAYS_INLINE void near_sides(const struct xz_near_job *job,
                                             uint32_t first, struct near_block *b,
                                             struct near_lists *lists, uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t place = b->places[i];
        const uint8_t *const lens = b->lens[place];
        lists->counts[place] =
            side(job, first + place, false, lens, lists->up[place])
            + side(job, first + place, true, lens + XZ_NEAR_RANKS, lists->down[place]);
    }
}

#include "match/near_join.h"

#endif
