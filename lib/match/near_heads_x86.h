// SPDX-License-Identifier: 0BSD
// The tables' candidates of a position compared with its text, for the kernels of
// near_find.h with AVX2 and AVX-512. NEAR_TARGET, near_text() and near_agree() are
// defined as near_index.h says.

#ifndef XZ_MATCH_NEAR_HEADS_X86_H
#define XZ_MATCH_NEAR_HEADS_X86_H

#include "match/sorted.h"

/* Bytes that each candidate agrees for, a byte each, the first table lowest;
   NEAR_COMPARE means at least so many. is_short, a constant: XZ_NEAR_SHORT count. */
NEAR_TARGET XZ_ALWAYS_INLINE uint64_t near_agree_heads(const uint8_t *cur,
                                                       const uint32_t *dists,
                                                       bool is_short)
{
    const NEAR_VECTOR text = near_text(cur, is_short);
    const uint64_t len2 = near_agree(text, near_text(cur - dists[XZ_HEAD2], is_short));
    const uint64_t len3 = near_agree(text, near_text(cur - dists[XZ_HEAD3], is_short));
    const uint64_t len4 = near_agree(text, near_text(cur - dists[XZ_HEAD4], is_short));
    const uint64_t len5 = near_agree(text, near_text(cur - dists[XZ_HEAD5], is_short));
    const uint64_t len6 = near_agree(text, near_text(cur - dists[XZ_HEAD6], is_short));
    const uint64_t len8 = near_agree(text, near_text(cur - dists[XZ_HEAD8], is_short));
    return len2 | len3 << 8 | len4 << 16 | len5 << 24 | len6 << 32 | len8 << 40;
}

#endif
