// SPDX-License-Identifier: 0BSD
// A text with the suffixes at its anchors (anchors.h) in sorted order, and what lies
// near a position there.
//
//     anchors[rank]  position of the anchor with this rank
//     common[rank]   bytes that the suffixes of rank - 1 and rank have in common, at
//                    most cap
//     before[rank]   the two bytes before the anchor, the nearer one above
//
// Suffixes that agree for long are close together in the order. What a suffix has in
// common with one that is k ranks away is the least of the k values in between. And if
// the bytes of a gap before both agree, so do the texts that begin there.
//
// Many of the anchors are of no use for a position: they come later, or are too far
// back. So positions are searched a window of them after the other, each with an order
// of its own, of what positions of the window may refer to (but where memory is short),
// and
//
//     ranks[i]       of position from + i: the rank of the next anchor, itself or a few
//                    bytes behind, and how many: the gap

#ifndef XZ_MATCH_SORTED_H
#define XZ_MATCH_SORTED_H

#include "match/finder.h"

/* How far up and down the order candidates are looked for. */
#define XZ_NEAR_RANKS 16

/* Shorter matches are left to the heads. */
#define XZ_NEAR_LEN_MIN 5

/* A word of ranks: the gap is below the rank. */
#define XZ_GAP_BITS 2

XZ_ALWAYS_INLINE uint32_t xz_rank_of(uint32_t word)
{
    return word >> XZ_GAP_BITS;
}

XZ_ALWAYS_INLINE uint32_t xz_gap_of(uint32_t word)
{
    return word & ((1U << XZ_GAP_BITS) - 1);
}

/* The bits of `before` that are in the gap. */
XZ_ALWAYS_INLINE uint32_t xz_gap_mask(uint32_t gap)
{
    return UINT32_C(0xFFFF0000) >> 8 * gap & 0xFFFF;
}

XZ_ALWAYS_INLINE uint16_t xz_before(const uint8_t *text)
{
    return (uint16_t)(text[-1] << 8 | text[-2]);
}

/* Common lengths up to this need no more than a small vector of each text. */
#define XZ_NEAR_SHORT 16

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
    const uint8_t *table_bytes; // of each table; kernels for an order: xz_head_bytes
    // All distances from 1 to span are tried too; only where nothing was sorted.
    uint32_t span;
};

struct xz_near_kernels {
    /* Fills common and before of all. Up to XZ_MATCH_LEN_OVERREAD bytes behind the text
       may be read. */
    void (*index)(const uint8_t *text, const struct xz_sorted *s);
    /* Fills near with what of all is in positions first to end - 1 (it is all if the
       reach is 0), and puts the rank of each, without a gap, at its place in ranks, if
       there is one. */
    void (*rank)(struct xz_sorted *s, uint32_t first, uint32_t end);
    /* Appends the positions of the job to the batch, their pairs at out, and returns
       the place behind the last one. Pairs are those of the candidates of which no
       nearer one is as long: the job's, and those which belong to the XZ_NEAR_RANKS
       neighbours up and down of the position's anchor, are earlier, at most dict_size
       away, and agree for XZ_NEAR_LEN_MIN bytes. Lengths are at most the cap, but the
       last pair of a position goes on as far as it can if it has reached that. Ends
       early behind a position with a match of nice_len. out has room for XZ_NEAR_PAIRS
       each. */
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

/* rank() in portable C. */
void xz_near_rank(struct xz_sorted *s, uint32_t first, uint32_t end);

/* Bytes for a text of size bytes of which so many positions have ranks at a time, with
   a reach as in struct xz_sorted. */
size_t xz_sorted_memory(uint32_t size, uint32_t ranked, uint32_t reach);

/* Sorts text[0 .. size), of which positions from `from` on will be searched; the first
   `ranked` of them, at most all, get ranks. s->memory has room: what of s->allocated is
   more than xz_sorted_memory() helps to sort. s->reach is set, and s->cap, 1 to 255. */
void xz_sorted_make(struct xz_sorted *s, const uint8_t *text, uint32_t size,
                    uint32_t from, uint32_t ranked);

/* Makes ranks of positions from `from` on, as many as there is room for, instead of
   those of other positions. */
void xz_sorted_rank(struct xz_sorted *s, uint32_t from);

#endif
