// SPDX-License-Identifier: 0BSD
// Listed decisions coded one after the other, for tests of what lists and what codes
// them.

#ifndef XZ_TESTS_DECISIONS_H
#define XZ_TESTS_DECISIONS_H

#include "lzma/range_enc.h"

static inline void code_decisions(struct xz_range_enc *rc, const uint16_t *decisions,
                                  uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t bit = decisions[i] >> XZ_RC_PROB_BITS & 1;
        uint16_t prob = decisions[i] & XZ_RC_LIST_PROB;
        if (decisions[i] == (XZ_RC_LIST_EVEN | bit << XZ_RC_PROB_BITS))
            xz_rc_direct(rc, 1, bit);
        else
            xz_rc_bit(rc, &prob, bit);
    }
}

#endif
