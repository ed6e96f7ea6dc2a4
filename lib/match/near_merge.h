// SPDX-License-Identifier: 0BSD
// Two lists of matches made one.

#ifndef XZ_MATCH_NEAR_MERGE_H
#define XZ_MATCH_NEAR_MERGE_H

#include "match/finder.h"

/* Merges two lists that rise in length and distance, each followed by a pair of the
   greatest distance (XZ_PAIR_END). Pairs are dropped that are not longer than a nearer
   one. Returns the place behind the last one at out. */
XZ_ALWAYS_INLINE struct xz_pair *
xz_near_merge(const struct xz_pair *a, const struct xz_pair *b, struct xz_pair *out)
{
    uint32_t best = 0;
    while ((a->dist & b->dist) != UINT32_MAX) {
        const bool take_a =
            a->dist < b->dist || (a->dist == b->dist && a->len > b->len);
        const struct xz_pair pair = take_a ? *a : *b;
        a += take_a;
        b += !take_a;
        *out = pair;
        out += pair.len > best;
        best = pair.len > best ? pair.len : best;
    }
    return out;
}

#define XZ_PAIR_END ((struct xz_pair){0, UINT32_MAX})

#endif
