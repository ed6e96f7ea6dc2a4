// SPDX-License-Identifier: 0BSD
// Anchors: the positions of a text whose suffixes are sorted.
//
// Sorting all suffixes costs too much, and is not needed: a match of a position is one
// of an anchor close behind it, too. So that both ends of a match have anchors at the
// same places, what is an anchor depends on the text from there on, not on what is
// before:
//
//     valley    the last position of a descent: its suffix is greater than the next
//               one, which is less than the one after that
//     others    the text's last position; and going back from there, or from a
//               valley, every third position until there is a valley again
//
// That a suffix is less than the next one depends on the first bytes that differ, so
// all of that is found going back from the end of the text.
//
// Each position is an anchor, or has one a byte or two behind it: its gap. The first
// two positions of a text are none and have none, so that two bytes can be read before
// each anchor.

#ifndef XZ_MATCH_ANCHORS_H
#define XZ_MATCH_ANCHORS_H

#include "base/platform.h"

/* Greatest distance of two anchors. */
#define XZ_ANCHOR_STEP 3

/* The first position that may be one. */
#define XZ_ANCHOR_FIRST 2

/* Most anchors of a text of size bytes. */
static inline uint32_t xz_anchors_max(uint32_t size)
{
    return size / 2;
}

/* What is known of a position on the way back through a text. */
struct xz_anchor_walk {
    uint32_t value; // its byte
    bool is_less;   // its suffix is less than the next one
    uint32_t gap;   // to the next anchor
};

/* Before the last position of the text. */
static inline struct xz_anchor_walk xz_anchor_walk_begin(void)
{
    return (struct xz_anchor_walk){0, false, XZ_ANCHOR_STEP - 1};
}

/* Goes back to a position whose byte is value; returns 1 if it is an anchor, else 0.
   That is hard to predict, so there are no branches. */
XZ_ALWAYS_INLINE uint32_t xz_anchor_step(struct xz_anchor_walk *w, uint32_t value)
{
    const bool is_less = value < w->value + w->is_less;
    const bool is_valley = !is_less & w->is_less;
    const bool is_anchor = is_valley | (w->gap == XZ_ANCHOR_STEP - 1);
    w->gap = (w->gap + 1) & (0 - (uint32_t)!is_anchor);
    w->is_less = is_less;
    w->value = value;
    return is_anchor;
}

/* Writes the anchors from `from` on (at least XZ_ANCHOR_FIRST), in rising order, so
   that they end at end; before it there is room for as many as there are positions.
   Returns how many; *walk becomes that of `from`. */
static inline uint32_t xz_anchors_list(const uint8_t *text, uint32_t size,
                                       uint32_t from, uint32_t *end,
                                       struct xz_anchor_walk *walk)
{
    uint32_t *out = end;
    *walk = xz_anchor_walk_begin();
    for (uint32_t pos = size; pos-- > from;) {
        out[-1] = pos; // written over unless it is one
        out -= xz_anchor_step(walk, text[pos]);
    }
    return (uint32_t)(end - out);
}

#endif
