// SPDX-License-Identifier: 0BSD
// What a probability becomes by a decision, as tables.

#ifndef XZ_LZMA_RANGE_MOVED_H
#define XZ_LZMA_RANGE_MOVED_H

#include "lzma/lzma_rules.h"

/* By the probability of a 0, plus 2048 if the outcome is a 1. */
extern const uint16_t xz_rc_moved[2 << XZ_RC_PROB_BITS];

/* By twice the probability of a 0, plus the outcome. */
extern const uint16_t xz_rc_next[2 << XZ_RC_PROB_BITS];

#endif
