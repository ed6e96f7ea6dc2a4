// SPDX-License-Identifier: 0BSD
// A text with its suffixes in sorted order, and what lies near a suffix there.
//
//     order[rank]   position of the suffix with this rank
//     ranks[i]      rank of the suffix at position from + i: the reverse
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

/* Matches of a position, rising in length and distance. */
struct xz_near {
    uint32_t count;
    struct xz_pair pairs[2 * XZ_NEAR_RANKS];
};

struct xz_near_kernels {
    /* Fills common[0 .. size) from text and order. Up to XZ_MATCH_LEN_OVERREAD bytes
       behind the text may be read. */
    void (*compare)(const uint8_t *text, const struct xz_sorted *s);
    /* The matches of count positions from pos on: among the neighbours of each that
       are earlier, at most dict_size away, and agree for XZ_NEAR_LEN_MIN bytes, those
       that are nearer than all that agree for as long. Lengths are at most cap. */
    void (*find)(const struct xz_sorted *s, uint32_t dict_size, uint32_t pos,
                 uint32_t count, struct xz_near *near);
};

/* The fastest kernels for this CPU; all give the same. */
const struct xz_near_kernels *xz_near_kernels(void);
extern const struct xz_near_kernels xz_near_portable;

/* Bytes for a text of size bytes of which `searched` are from `from` on. */
size_t xz_sorted_memory(uint32_t size, uint32_t searched);

/* Sorts text[0 .. size), of which positions from `from` on will be searched. s->memory
   has room; cap is 1 to 255. */
void xz_sorted_make(struct xz_sorted *s, const uint8_t *text, uint32_t size,
                    uint32_t from, uint32_t cap);

#endif
