// SPDX-License-Identifier: 0BSD
// All suffixes of a text in sorted order.

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

struct xz_suffix_kernels {
    /* Writes the positions of the LMS suffixes of text (suffix_sort.c), in the order of
       their first depth bytes, to the begin of sorted; equal ones rise. Returns how
       many. */
    uint32_t (*sort_lms)(const uint8_t *text, uint32_t size, uint32_t depth,
                         uint32_t *sorted, struct xz_sort_space space);
    /* From these count positions, at the begin of sorted, to the order of all. */
    void (*induce)(const uint8_t *text, uint32_t size, uint32_t *sorted,
                   uint32_t count);
};

/* The fastest kernels for this CPU; all give the same. */
const struct xz_suffix_kernels *xz_suffix_kernels(void);
extern const struct xz_suffix_kernels xz_suffix_portable;

/* Words of work space for a text of size bytes. */
uint32_t xz_suffix_sort_space(uint32_t size);

/* Writes the positions of all suffixes of text to sorted[0 .. size), in the order of
   their first depth bytes at least (1 <= depth <= XZ_SUFFIX_SORT_DEPTH); a suffix that
   is a prefix of another is less. size <= XZ_SUFFIX_SORT_MAX. Up to 8 bytes behind the
   text may be read, without effect. sorted is aligned to 8 bytes; space has
   xz_suffix_sort_space(size) words or more. Takes time in proportion to size, whatever
   the text is; less where there is more space. Thread-safe. */
void xz_suffix_sort(const struct xz_suffix_kernels *kernels, const uint8_t *text,
                    uint32_t size, uint32_t depth, uint32_t *sorted,
                    struct xz_sort_space space);

#endif
