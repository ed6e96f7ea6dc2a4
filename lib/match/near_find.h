// SPDX-License-Identifier: 0BSD
// Search of a block of positions, over what a kernel has for its CPU (see below).
//
// The tables come first: what they know of a position makes most neighbours useless. A
// candidate of the table of t bytes that agrees is the latest position that agrees for
// t bytes, but for noise that passed. So neighbours that agree for t bytes are at least
// as far away, and count only if they agree for more bytes than it does:
//
//     floors[n]    neighbours that agree for n bytes count if n > floors[n] (n < 8)
//     floors[8]    the same for all that agree for 8 or more
//
// A neighbour agrees with a position for what their anchors have in common and the gap
// before, if the bytes of the gap agree; else for nothing.
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
// near_look fetches the neighbours of positions that have some. While they come, the
// first two steps of the next block are taken.
//
// Before it includes this file, a kernel defines:
//
//     NEAR_TARGET       attribute of its functions
//     near_tables_at    the tables' candidates of a position: sets pairs, counts,
//                       shorts and floors; returns the longest length, at most cap;
//                       is_short: cap is at most XZ_NEAR_SHORT
//     near_look_at      from a position's word of ranks, sets alive and lens
//     near_join         adds what neighbours give to the pairs of places[0 .. count)

#ifndef XZ_MATCH_NEAR_FIND_H
#define XZ_MATCH_NEAR_FIND_H

#include "match/near_block.h"
#include <string.h>

/* Returns how many positions: behind one that agrees as far as lengths are counted no
   more are looked at. is_short, a constant: that is at most XZ_NEAR_SHORT bytes. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t near_tables(const struct xz_near_job *job,
                                                  uint32_t first, struct near_block *b,
                                                  bool is_short)
{
    const uint32_t left = job->count - first;
    const uint32_t count = left < NEAR_BLOCK ? left : NEAR_BLOCK;
    const uint32_t cap = job->sorted->cap;
    b->is_long = false;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t len = near_tables_at(
            job->text + first + i, job->latest[first + i].dists, cap, b, i, is_short);
        if (len >= cap) {
            b->is_long = true;
            return i + 1;
        }
    }
    return count;
}

XZ_ALWAYS_INLINE void fetch_common(const struct xz_sorted *s, uint32_t word)
{
    const uint32_t rank = xz_rank_of(word);
    XZ_PREFETCH_FAR(s->near.common + rank - XZ_NEAR_RANKS);
    XZ_PREFETCH_FAR(s->near.common + rank + XZ_NEAR_RANKS);
    XZ_PREFETCH_FAR(s->near.before + rank - XZ_NEAR_RANKS);
    XZ_PREFETCH_FAR(s->near.before + rank + XZ_NEAR_RANKS);
}

XZ_ALWAYS_INLINE void fetch_order(const struct xz_sorted *s, uint32_t rank)
{
    XZ_PREFETCH_FAR(s->near.anchors + rank - XZ_NEAR_RANKS);
    XZ_PREFETCH_FAR(s->near.anchors + rank);
    XZ_PREFETCH_FAR(s->near.anchors + rank + XZ_NEAR_RANKS);
}

/* Returns how many positions have neighbours that count, and fetches those. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t near_look(const struct xz_near_job *job,
                                                uint32_t first, uint32_t count,
                                                struct near_block *b)
{
    const struct xz_sorted *const s = job->sorted;
    const uint32_t *const ranks = s->ranks + (job->pos - s->from + first);
    uint32_t places = 0;
    for (uint32_t i = 0; i < count; ++i) {
        fetch_common(s, ranks[i + NEAR_AHEAD]);
        near_look_at(s, ranks[i], b, i);
        b->places[places] = i;
        places += b->alive[i] != 0;
    }
    for (uint32_t i = 0; i < places; ++i)
        fetch_order(s, xz_rank_of(ranks[b->places[i]]));
    return places;
}

/* The first two steps of a block from position `first` on. */
NEAR_TARGET static XZ_NOINLINE void near_begin(const struct xz_near_job *job,
                                               uint32_t first, struct near_block *b)
{
    if (job->sorted->cap <= XZ_NEAR_SHORT)
        b->count = near_tables(job, first, b, true);
    else
        b->count = near_tables(job, first, b, false);
    b->found = near_look(job, first, b->count, b);
}

/* Behind a long match, common lengths have not been fetched. */
XZ_ALWAYS_INLINE void fetch_first(const struct xz_near_job *job)
{
    const uint32_t *const ranks = job->sorted->ranks + (job->pos - job->sorted->from);
    for (uint32_t i = 0; i < NEAR_AHEAD; ++i)
        fetch_common(job->sorted, ranks[i]);
}

/* Searches a job whose text goes on for NEAR_AVAIL_MIN bytes and is sorted. The result
   is that of xz_near_kernels.find(). */
NEAR_TARGET XZ_ALWAYS_INLINE struct xz_pair *near_find(const struct xz_near_job *job,
                                                       struct xz_match_batch *batch,
                                                       struct xz_pair *out)
{
    const uint32_t cap = job->sorted->cap;
    struct near_block blocks[2];
    uint32_t begun = 0; // positions
    uint32_t turn = 0;
    if (batch->count == 0)
        fetch_first(job);
    for (uint32_t i = 0; i < job->count; turn ^= 1) {
        struct near_block *const b = &blocks[turn];
        struct near_block *const next = &blocks[turn ^ 1];
        if (begun == i) {
            near_begin(job, i, b);
            begun += b->count;
        }
        if (begun < job->count && !b->is_long) {
            near_begin(job, begun, next);
            begun += next->count;
        }
        near_join(job, i, b, b->found);
        for (uint32_t place = 0; place < b->count; ++place, ++i) {
            const uint32_t pairs = b->counts[place];
            batch->first[batch->count++] = (uint32_t)(out - batch->pairs);
            memcpy(out, b->pairs[place], NEAR_USUAL * sizeof(*out));
            if (XZ_UNLIKELY(pairs > NEAR_USUAL))
                memcpy(out, b->pairs[place], pairs * sizeof(*out));
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
