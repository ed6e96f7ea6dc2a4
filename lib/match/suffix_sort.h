// SPDX-License-Identifier: 0BSD
// The suffixes at a text's anchors in sorted order.

#ifndef XZ_MATCH_SUFFIX_SORT_H
#define XZ_MATCH_SUFFIX_SORT_H

#include "base/platform.h"

/* Longest text that can be sorted. */
#define XZ_SUFFIX_SORT_MAX (UINT32_C(1) << 30)

/* Most bytes that count. */
#define XZ_SUFFIX_SORT_DEPTH 255

/* Work space. */
struct xz_sort_space {
    uint32_t *words;
    size_t count;
};

/* A way to sort. */
struct xz_suffix_sorter {
    /* Writes the anchors of text (anchors.h) to sorted, in the order of the first depth
       bytes from each on; equal ones rise. Returns how many: at most
       xz_anchors_max(size). */
    uint32_t (*sort)(const uint8_t *text, uint32_t size, uint32_t depth,
                     uint32_t *sorted, struct xz_sort_space space);
};

/* The fastest sorter for this CPU; all give the same. */
const struct xz_suffix_sorter *xz_suffix_sorter_here(void);
extern const struct xz_suffix_sorter xz_suffix_sort_portable;

/* Words of work space for a text of size bytes. */
uint32_t xz_suffix_sort_space(uint32_t size);

/* Writes the anchors of text to the begin of sorted, which has room for size words, in
   the order of the first depth bytes from each on (1 <= depth <= XZ_SUFFIX_SORT_DEPTH);
   a suffix that is a prefix of another is less. Returns how many: at most half of size.
   size <= XZ_SUFFIX_SORT_MAX. Up to 8 bytes behind the text may be read, without
   effect. sorted is aligned to 8 bytes; space has xz_suffix_sort_space(size) words or
   more. Takes time in proportion to size, whatever the text is; less where there is
   more space. Thread-safe. */
uint32_t xz_suffix_sort(const struct xz_suffix_sorter *sorter, const uint8_t *text,
                        uint32_t size, uint32_t depth, uint32_t *sorted,
                        struct xz_sort_space space);

#endif
