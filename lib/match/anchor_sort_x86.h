// SPDX-License-Identifier: 0BSD
// The suffixes at a text's anchors in order, with AVX-512.

#ifndef XZ_MATCH_ANCHOR_SORT_X86_H
#define XZ_MATCH_ANCHOR_SORT_X86_H

#include "match/anchor_group.h"
#include "match/suffix_sort.h"

/* Shorter texts, and less depth, are not worth it or not possible. */
#define XZ_ANCHOR_TEXT_MIN  (UINT32_C(1) << 16)
#define XZ_ANCHOR_DEPTH_MIN 8

#define XZ_ANCHOR_BUCKETS (UINT32_C(1) << 16)

/* Records that must have room elsewhere than in their bucket. */
static inline uint32_t xz_anchor_large_min(uint32_t size)
{
    return size / 8;
}

/* Words that groups of either kind need, an even number. */
static inline uint32_t xz_anchor_shared_space(uint32_t size)
{
    const uint32_t rest = xz_anchor_sort_space(size);
    return ((rest > XZ_ANCHOR_GROUP_SPACE ? rest : XZ_ANCHOR_GROUP_SPACE) + 1)
           & ~UINT32_C(1);
}

/* Words of work space for a text of size bytes, at least XZ_ANCHOR_TEXT_MIN. */
static inline uint32_t xz_anchor_space_avx512(uint32_t size)
{
    return xz_anchor_shared_space(size) + XZ_ANCHOR_BUCKETS
           + 2 * xz_anchor_large_min(size) + 1;
}

#endif
