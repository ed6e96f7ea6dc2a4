// SPDX-License-Identifier: 0BSD
// Pairs of consecutive positions, where tables alone are searched.
//
// The longest match of a position is found where one of its parts is rare, often some
// bytes behind its begin; from there it is carried back as far as the texts agree.

#ifndef XZ_MATCH_PAIR_BLOCK_H
#define XZ_MATCH_PAIR_BLOCK_H

#include "match/finder.h"
#include <string.h>

/* Most positions. */
#define XZ_PAIR_BLOCK 128

/* Pairs of a position: a table's each, one that is carried, and what vectors write. */
#define XZ_PAIR_ROOM 16

/* Pairs that are copied without asking how many there are. */
#define XZ_PAIR_USUAL 8

struct xz_pair_block {
    _Alignas(64) struct xz_pair pairs[XZ_PAIR_BLOCK][XZ_PAIR_ROOM];
    uint32_t counts[XZ_PAIR_BLOCK]; // of pairs
    uint32_t lens[XZ_PAIR_BLOCK];   // of the longest; 0: none
};

/* Where nothing as long is known, the longest match of the next position serves, one
   byte earlier. buf and pos: a text, and the index of the first of count positions (at
   least 1). */
XZ_ALWAYS_INLINE void xz_pair_carry(const uint8_t *buf, uint32_t pos, uint32_t count,
                                    struct xz_pair_block *b)
{
    for (uint32_t i = count - 1; i-- > 0;) {
        const uint32_t before = b->lens[i + 1];
        const uint32_t last = before != 0 ? b->counts[i + 1] - 1 : 0;
        const uint32_t dist = b->pairs[i + 1][last].dist;
        const bool begins = (before != 0) & (b->lens[i] <= before)
                            & (b->lens[i] < XZ_MATCH_LEN_MAX) & (dist <= pos + i);
        const uint8_t *const text = buf + pos + i;
        if (!(begins & (text[0] == *(text - (begins ? dist : 0)))))
            continue;
        const uint32_t len = before < XZ_MATCH_LEN_MAX ? before + 1 : XZ_MATCH_LEN_MAX;
        uint32_t left = b->counts[i];
        while (left > 0 && b->pairs[i][left - 1].dist >= dist)
            --left;
        b->pairs[i][left] = (struct xz_pair){len, dist};
        b->counts[i] = left + 1;
        b->lens[i] = len;
    }
}

/* Appends count positions to the batch, their pairs at out, which has XZ_PAIR_ROOM for
   each. Returns the place behind them. */
XZ_ALWAYS_INLINE struct xz_pair *xz_pair_put(struct xz_match_batch *batch,
                                             const struct xz_pair_block *b,
                                             uint32_t count, struct xz_pair *out)
{
    for (uint32_t i = 0; i < count; ++i) {
        batch->first[batch->count++] = (uint32_t)(out - batch->pairs);
        memcpy(out, b->pairs[i], XZ_PAIR_USUAL * sizeof(*out));
        if (XZ_UNLIKELY(b->counts[i] > XZ_PAIR_USUAL))
            memcpy(out + XZ_PAIR_USUAL, b->pairs[i] + XZ_PAIR_USUAL,
                   (XZ_PAIR_ROOM - XZ_PAIR_USUAL) * sizeof(*out));
        out += b->counts[i];
    }
    return out;
}

#endif
