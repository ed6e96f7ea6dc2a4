// SPDX-License-Identifier: 0BSD
// Suffixes by their first byte: how many there are, and where they lie in the order.

#ifndef XZ_MATCH_SUFFIX_BUCKETS_H
#define XZ_MATCH_SUFFIX_BUCKETS_H

#include "base/platform.h"

#define XZ_SUFFIX_VALUES 256

/* How often each value comes; four tables, as the same value often follows itself. */
static inline void xz_suffix_count(const uint8_t *text, uint32_t size, uint32_t *counts)
{
    uint32_t parts[4][XZ_SUFFIX_VALUES] = {{0}};
    uint32_t i = 0;
    for (; i + 4 <= size; i += 4) {
        ++parts[0][text[i]];
        ++parts[1][text[i + 1]];
        ++parts[2][text[i + 2]];
        ++parts[3][text[i + 3]];
    }
    for (; i < size; ++i)
        ++parts[0][text[i]];
    for (uint32_t value = 0; value < XZ_SUFFIX_VALUES; ++value)
        counts[value] =
            parts[0][value] + parts[1][value] + parts[2][value] + parts[3][value];
}

/* Where each bucket begins. */
static inline void xz_suffix_starts(const uint32_t *counts, uint32_t *places)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < XZ_SUFFIX_VALUES; ++i) {
        places[i] = sum;
        sum += counts[i];
    }
}

/* And where it ends. */
static inline void xz_suffix_ends(const uint32_t *counts, uint32_t *places)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < XZ_SUFFIX_VALUES; ++i) {
        sum += counts[i];
        places[i] = sum;
    }
}

#endif
