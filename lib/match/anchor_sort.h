// SPDX-License-Identifier: 0BSD
// Some suffixes of a text in the order of their first bytes.

#ifndef XZ_MATCH_ANCHOR_SORT_H
#define XZ_MATCH_ANCHOR_SORT_H

#include "base/platform.h"

/* Most bytes that count, plus one. */
#define XZ_ANCHOR_DEPTH_MAX 256

/* Most bytes behind them that may be left out at first: see xz_anchor_merge(). */
#define XZ_ANCHOR_TAIL_MAX 80

/* A run of positions, and the bytes that their texts are known to have in common. */
struct xz_anchor_run {
    uint32_t start;
    uint32_t end;
    uint32_t known;
};

/* What is sorted: positions of text, by depth bytes. */
struct xz_anchors {
    const uint8_t *text;
    uint32_t size;
    uint32_t depth; // less than XZ_ANCHOR_DEPTH_MAX
    uint32_t *positions;
};

/* Words of work space for a text of size bytes. */
uint32_t xz_anchor_sort_space(uint32_t size);

/* Sorts count positions, which rise at first, by the depth bytes of text that begin
   there; where these are equal they stay in their order. The text's end comes before
   any byte. scratch has room for count words, space for xz_anchor_sort_space(size). Up
   to 8 bytes behind the text may be read. Thread-safe. Takes time in proportion to
   count and depth, whatever the text is. */
void xz_anchor_sort(const struct xz_anchors *anchors, uint32_t count, uint32_t *scratch,
                    uint32_t *space);

/* The same for a run of positions, of which none is so near the text's end that any of
   depth + 16 bytes is missing. scratch has room for the run. */
void xz_anchor_sort_run(const struct xz_anchors *anchors, struct xz_anchor_run run,
                        uint32_t *scratch, uint32_t *space);

/* Merges positions[sorted .. count), which rise and lie in the last depth +
   XZ_ANCHOR_TAIL_MAX bytes of the text, into those before, which are sorted. */
void xz_anchor_merge(const struct xz_anchors *anchors, uint32_t sorted, uint32_t count);

#endif
