// SPDX-License-Identifier: 0BSD
// A text with its suffixes in sorted order, and what lies near a suffix there.
//
//     order[rank]   position of the suffix with this rank
//     ranks[i]      rank of the suffix at position from + i: the reverse, for ranked
//                   positions at a time
//     common[rank]  bytes that the suffixes of rank - 1 and rank have in common, at
//                   most cap
//
// Suffixes that agree for long are close together in the order. What a suffix has in
// common with one that is k ranks away is the least of the k values in between.

#ifndef XZ_MATCH_SORTED_H
#define XZ_MATCH_SORTED_H

#include "match/finder.h"

/* How far up and down the order candidates are looked for. */
#define XZ_NEAR_RANKS 16

/* Shorter matches are left to the heads. */
#define XZ_NEAR_LEN_MIN 5

/* Unused entries before and behind each array: kernels load whole vectors. */
#define XZ_SORTED_PAD 64

/* Consecutive positions that are to be searched. */
struct xz_near_job {
    const struct xz_sorted *sorted; // its size may be 0: nothing was sorted
    const uint8_t *text;            // of the first position
    uint32_t pos;                   // index of the first position in the sorted text
    uint32_t avail;                 // bytes from text on
    uint32_t count;                 // positions
    uint32_t dict_size;
    uint32_t nice_len;
    /* Candidates of each position. One counts if it agrees for its table's bytes; then
       it is the nearest one that does, but for positions near the text's end. */
    const struct xz_latest *latest;
    // All distances from 1 to span are tried too; only where nothing was sorted.
    uint32_t span;
};

struct xz_near_kernels {
    /* Fills common[0 .. size) and ranks[0 .. ranked) from text and order; one more rank
       is written over. Up to XZ_MATCH_LEN_OVERREAD bytes behind the text may be
       read. */
    void (*index)(const uint8_t *text, const struct xz_sorted *s);
    /* Takes positions before `oldest` out of the order, and sets count. Fills
       ranks[0 .. ranked). */
    void (*rank)(struct xz_sorted *s);
    /* The same where there are none. */
    void (*rank_all)(const struct xz_sorted *s);
    /* Appends the positions of the job to the batch, their pairs at out, and returns
       the place behind the last one. Pairs are those of the candidates of which no
       nearer one is as long: the job's, and those among the XZ_NEAR_RANKS neighbours
       up and down that are earlier, at most dict_size away, and agree for
       XZ_NEAR_LEN_MIN bytes. Lengths are at most the cap, but the last pair of a
       position goes on as far as it can if it has reached that. Ends early behind a
       position with a match of nice_len. out has room for XZ_NEAR_PAIRS each. */
    struct xz_pair *(*find)(const struct xz_near_job *job, struct xz_match_batch *batch,
                            struct xz_pair *out);
};

/* Most pairs of a position. */
#define XZ_NEAR_PAIRS (2 * XZ_NEAR_RANKS + 2 * XZ_HEADS + 8)

/* The fastest kernels for this CPU; all give the same. */
const struct xz_near_kernels *xz_near_kernels(void);
extern const struct xz_near_kernels xz_near_portable;
extern const struct xz_near_kernels xz_near_sse4; // x86-64
extern const struct xz_near_kernels xz_near_avx2; // x86-64

/* rank() and rank_all() in portable C. */
void xz_near_rank(struct xz_sorted *s);
void xz_near_rank_all(const struct xz_sorted *s);

/* Bytes for a text of size bytes of which so many positions have ranks at a time. */
size_t xz_sorted_memory(uint32_t size, uint32_t ranked);

/* Sorts text[0 .. size), of which positions from `from` on will be searched; the first
   `ranked` of them, at most all, get ranks. s->memory has room: what of s->allocated is
   more than xz_sorted_memory() helps to sort. s->cap is set, 1 to 255. */
void xz_sorted_make(struct xz_sorted *s, const uint8_t *text, uint32_t size,
                    uint32_t from, uint32_t ranked);

/* Makes ranks of positions from `from` on, as many as there is room for, instead of
   those of earlier positions. Positions before `oldest` are no longer needed; neither
   goes down from call to call. */
void xz_sorted_rank(struct xz_sorted *s, uint32_t from, uint32_t oldest);

#endif
