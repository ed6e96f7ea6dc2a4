// SPDX-License-Identifier: 0BSD
// All suffixes of a text in sorted order.

#ifndef XZ_MATCH_SUFFIX_SORT_H
#define XZ_MATCH_SUFFIX_SORT_H

#include "base/platform.h"

/* Longest text that can be sorted. */
#define XZ_SUFFIX_SORT_MAX (UINT32_C(1) << 30)

/* Most bytes that count. */
#define XZ_SUFFIX_SORT_DEPTH 255

/* Words of work space for a text of size bytes. */
uint32_t xz_suffix_sort_space(uint32_t size);

/* Writes the positions of all suffixes of text to sorted[0 .. size), in the order of
   their first depth bytes at least (depth <= XZ_SUFFIX_SORT_DEPTH); a suffix that is a
   prefix of another is less. size <= XZ_SUFFIX_SORT_MAX. Up to 8 bytes behind the text
   may be read, without effect. space has room for xz_suffix_sort_space(size) words.
   Takes time in proportion to size, whatever the text is. Thread-safe. */
void xz_suffix_sort(const uint8_t *text, uint32_t size, uint32_t depth,
                    uint32_t *sorted, uint32_t *space);

#endif
