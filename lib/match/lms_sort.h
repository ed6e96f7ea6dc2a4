// SPDX-License-Identifier: 0BSD
// Some suffixes of a text in the order of their first bytes.

#ifndef XZ_MATCH_LMS_SORT_H
#define XZ_MATCH_LMS_SORT_H

#include "base/platform.h"

/* Words of work space for a text of size bytes. */
uint32_t xz_lms_sort_space(uint32_t size);

/* Sorts count positions, which rise at first, by the depth bytes of text that begin
   there; where these are equal they stay in their order. The text's end comes before
   any byte. scratch has room for count words, space for xz_lms_sort_space(size). Up to
   8 bytes behind the text may be read. Thread-safe. Takes time in proportion to count
   and depth, whatever the text is. */
void xz_lms_sort(const uint8_t *text, uint32_t size, uint32_t depth,
                 uint32_t *positions, uint32_t count, uint32_t *scratch,
                 uint32_t *space);

#endif
