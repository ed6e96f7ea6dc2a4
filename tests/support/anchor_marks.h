// SPDX-License-Identifier: 0BSD
// Anchors of a text by their definition: what match/anchors.h finds going back is found
// here going on from run to run of equal bytes.

#ifndef XZ_TESTS_ANCHOR_MARKS_H
#define XZ_TESTS_ANCHOR_MARKS_H

#include <stdint.h>

/* A byte for each position, not 0 where there is an anchor. The caller frees. */
uint8_t *anchors_of(const uint8_t *text, uint32_t size);

/* How many of these are not 0 from position `from` on. */
uint32_t anchors_count(const uint8_t *anchors, uint32_t size, uint32_t from);

/* Bytes from a position to the next anchor. There is one, but for positions 0 and 1. */
uint32_t anchors_gap(const uint8_t *anchors, uint32_t pos);

#endif
