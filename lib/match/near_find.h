// SPDX-License-Identifier: 0BSD
// Search of a block of positions, over what a kernel has for its CPU (see below).
//
// The tables come first: what they know of a position makes most neighbours useless. A
// candidate of the table of t bytes that agrees is the latest position that agrees for
// t bytes. So neighbours that agree for t bytes are at least as far away, and count
// only if they agree for more bytes than it does:
//
//     floors[n]    neighbours that agree for n bytes count if n > floors[n] (n < 8)
//     floors[8]    the same for all that agree for 8 or more
//
// Half of the positions of ordinary text have no neighbour that counts: their pairs are
// those of the tables. For the others, neighbours that are nearer in the text than all
// nearer ranks of their side are kept. Those of both sides and the tables' candidates
// rise in distance, and are merged.
//
// What a position has is hard to predict, and what it takes to find out is one long
// chain. So a block of positions takes one step after the other:
//
//     near_tables    candidates of the tables, floors     -> pairs, floors
//     near_look      neighbours that count                -> lens, alive, places
//     near_join      pairs of those that have some        -> pairs
//
// Before it includes this file, a kernel defines:
//
//     NEAR_TARGET       attribute of its functions
//     near_tables_at    the tables' candidates of a position: sets pairs, counts,
//                       shorts and floors; returns the longest length, at most cap
//     near_look_at      sets alive and lens of a position
//     near_join         adds what neighbours give to the pairs of places[0 .. count)

#ifndef XZ_MATCH_NEAR_FIND_H
#define XZ_MATCH_NEAR_FIND_H

#include "match/near_block.h"
#include <string.h>

/* Returns how many positions: behind one that agrees as far as lengths are counted no
   more are looked at. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t near_tables(const struct xz_near_job *job,
                                                  uint32_t first, struct near_block *b)
{
    const uint32_t left = job->count - first;
    const uint32_t count = left < NEAR_BLOCK ? left : NEAR_BLOCK;
    const uint32_t cap = job->sorted->cap;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t len = near_tables_at(job->text + first + i,
                                            job->latest[first + i].dists, cap, b, i);
        if (len >= cap)
            return i + 1;
    }
    return count;
}

XZ_ALWAYS_INLINE void fetch_order(const struct xz_sorted *s, uint32_t rank)
{
    XZ_PREFETCH(s->order + rank - XZ_NEAR_RANKS);
    XZ_PREFETCH(s->order + rank);
    XZ_PREFETCH(s->order + rank + XZ_NEAR_RANKS);
}

/* Returns how many positions have neighbours that count. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t near_look(const struct xz_near_job *job,
                                                uint32_t first, uint32_t count,
                                                struct near_block *b)
{
    const struct xz_sorted *const s = job->sorted;
    const uint32_t *const ranks = s->ranks + (job->pos - s->from + first);
    uint32_t places = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t ahead = ranks[i + NEAR_AHEAD];
        fetch_order(s, ahead);
        fetch_order(s, ranks[i]); // behind a long match it has not been
        XZ_PREFETCH(s->common + ahead - XZ_NEAR_RANKS);
        XZ_PREFETCH(s->common + ahead + XZ_NEAR_RANKS);
        near_look_at(s->common + ranks[i], b, i);
        b->places[places] = i;
        places += b->alive[i] != 0;
    }
    return places;
}

/* Searches a job whose text goes on for NEAR_AVAIL_MIN bytes and is sorted. The result
   is that of xz_near_kernels.find(). */
NEAR_TARGET XZ_ALWAYS_INLINE struct xz_pair *near_find(const struct xz_near_job *job,
                                                       struct xz_match_batch *batch,
                                                       struct xz_pair *out)
{
    const uint32_t cap = job->sorted->cap;
    struct near_block b;
    for (uint32_t i = 0; i < job->count;) {
        const uint32_t count = near_tables(job, i, &b);
        near_join(job, i, &b, near_look(job, i, count, &b));
        for (uint32_t place = 0; place < count; ++place, ++i) {
            const uint32_t pairs = b.counts[place];
            batch->first[batch->count++] = (uint32_t)(out - batch->pairs);
            memcpy(out, b.pairs[place], NEAR_USUAL * sizeof(*out));
            if (XZ_UNLIKELY(pairs > NEAR_USUAL))
                memcpy(out, b.pairs[place], pairs * sizeof(*out));
            out += pairs;
            if (pairs == 0 || out[-1].len < cap)
                continue;
            xz_pair_extend(&out[-1], job->text + i, cap, job->avail - i);
            if (out[-1].len >= job->nice_len)
                return out;
        }
    }
    return out;
}

#endif
