// SPDX-License-Identifier: 0BSD
// What the kernels of near_find.h with vectors share: keys by which candidates are
// sorted.
//
// A key is the distance minus 1, above the place of its length: the lane of a
// neighbour, or KEY_TABLES and more for a candidate of the tables.

#ifndef XZ_MATCH_NEAR_KEYS_H
#define XZ_MATCH_NEAR_KEYS_H

#include "match/near_block.h"
#include <string.h>

#define KEY_BITS   6
#define KEY_TABLES 32

/* The most candidates of the tables that are merged with neighbours. */
#define NEAR_KNOWN (XZ_HEADS - XZ_HEAD6)

/* Lists of keys of both sides, rising, and at least one of ones behind. */
struct near_lists {
    _Alignas(64) uint32_t up[NEAR_BLOCK][2 * XZ_NEAR_RANKS];
    _Alignas(64) uint32_t down[NEAR_BLOCK][2 * XZ_NEAR_RANKS];
    uint32_t counts[NEAR_BLOCK]; // of keys that are not
};

/* Lengths of all candidates of the tables, a byte each; of any length. */
static XZ_NOINLINE uint64_t near_agree_far(const uint8_t *cur, const uint32_t *dists,
                                           uint32_t cap)
{
    uint64_t lens = 0;
    for (uint32_t table = 0; table < XZ_HEADS; ++table) {
        if (dists[table] != 0)
            lens |= (uint64_t)xz_match_len(cur, cur - dists[table], 0, cap)
                    << 8 * table;
    }
    return lens;
}

/* Leaves those of count places that have something in their lists. Returns how many. */
XZ_ALWAYS_INLINE uint32_t near_leave_some(struct near_block *b,
                                          const struct near_lists *lists,
                                          uint32_t count)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t place = b->places[i];
        b->places[left] = place;
        left += lists->counts[place] != 0;
    }
    return left;
}

/* More candidates than vectors hold. */
static XZ_NOINLINE void near_join_slowly(struct near_block *b,
                                         const struct near_lists *lists, uint32_t place)
{
    struct xz_pair known[NEAR_KNOWN + 1];
    const uint32_t shorts = b->shorts[place];
    const uint32_t count = b->counts[place] - shorts;
    struct xz_pair *out = b->pairs[place] + shorts;
    memcpy(known, out, count * sizeof(*known));
    known[count].dist = UINT32_MAX;
    const struct xz_pair *other = known;
    const uint32_t *up = lists->up[place];
    const uint32_t *down = lists->down[place];
    uint32_t best = 0;
    for (;;) {
        const uint32_t key = *up < *down ? *up : *down;
        struct xz_pair pair = {0, UINT32_MAX};
        if (key != UINT32_MAX)
            pair = (struct xz_pair){b->lens[place][key % KEY_TABLES],
                                    (key >> KEY_BITS) + 1};
        if (other->dist <= pair.dist) {
            if (other->dist == UINT32_MAX)
                break;
            pair = *other++;
        } else {
            up += *up == key;
            down += *down == key;
        }
        *out = pair;
        out += pair.len > best;
        best = pair.len > best ? pair.len : best;
    }
    b->counts[place] = (uint32_t)(out - b->pairs[place]);
}

#endif
