// SPDX-License-Identifier: 0BSD
// Which of four words are set in a mask, as bytes for a table look-up.

#ifndef XZ_MATCH_NEAR_PACK_H
#define XZ_MATCH_NEAR_PACK_H

#include "base/platform.h"

#define W(n) 4 * (n), 4 * (n) + 1, 4 * (n) + 2, 4 * (n) + 3
static const uint8_t vec_set[16][16] = {
    {0},
    {W(0)},
    {W(1)},
    {W(0), W(1)},
    {W(2)},
    {W(0), W(2)},
    {W(1), W(2)},
    {W(0), W(1), W(2)},
    {W(3)},
    {W(0), W(3)},
    {W(1), W(3)},
    {W(0), W(1), W(3)},
    {W(2), W(3)},
    {W(0), W(2), W(3)},
    {W(1), W(2), W(3)},
    {W(0), W(1), W(2), W(3)},
};
#undef W

/* And how many. */
static const uint8_t vec_count[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};

#endif
