// SPDX-License-Identifier: 0BSD
// Delta filter (.xz format section 5.3.3): each byte becomes its difference to the byte
// `distance` bytes before it.

#ifndef XZ_FILTER_DELTA_H
#define XZ_FILTER_DELTA_H

#include "base/platform.h"

#define XZ_DELTA_DISTANCE_MAX 256

/* Invariants: 1 <= distance <= XZ_DELTA_DISTANCE_MAX, pos < distance. */
struct xz_delta {
    uint32_t distance;
    uint32_t pos; // where in history the byte `distance` steps back lies
    uint8_t history[XZ_DELTA_DISTANCE_MAX]; // a ring of the last `distance` plain bytes
};

/* Prepares a filter; before the first byte there are zeros. */
void xz_delta_init(struct xz_delta *delta, uint32_t distance);

/* Filters buf in place, as it continues what went before. */
void xz_delta_encode(struct xz_delta *delta, uint8_t *buf, size_t size);
void xz_delta_decode(struct xz_delta *delta, uint8_t *buf, size_t size);

#endif
