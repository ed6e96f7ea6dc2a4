// SPDX-License-Identifier: 0BSD
// The LMS suffixes of a text in order, with AVX-512.

#ifndef XZ_MATCH_LMS_SORT_X86_H
#define XZ_MATCH_LMS_SORT_X86_H

#include "match/lms_group.h"
#include "match/suffix_sort.h"

/* Shorter texts, and less depth, are not worth it or not possible. */
#define XZ_LMS_TEXT_MIN  (UINT32_C(1) << 16)
#define XZ_LMS_DEPTH_MIN 8

#define XZ_LMS_BUCKETS (UINT32_C(1) << 16)

/* Records that must have room elsewhere than in their bucket. */
static inline uint32_t xz_lms_large_min(uint32_t size)
{
    return size / 8;
}

/* Words that groups of either kind need, an even number. */
static inline uint32_t xz_lms_shared_space(uint32_t size)
{
    const uint32_t rest = xz_lms_sort_space(size);
    return ((rest > XZ_LMS_GROUP_SPACE ? rest : XZ_LMS_GROUP_SPACE) + 1) & ~UINT32_C(1);
}

/* Words of work space for a text of size bytes, at least XZ_LMS_TEXT_MIN. */
static inline uint32_t xz_lms_space_avx512(uint32_t size)
{
    return xz_lms_shared_space(size) + XZ_LMS_BUCKETS + 2 * xz_lms_large_min(size) + 1;
}

/* The same as xz_suffix_kernels' sort_lms for such texts and such a depth. */
uint32_t xz_lms_sort_avx512(const uint8_t *text, uint32_t size, uint32_t depth,
                            uint32_t *sorted, struct xz_sort_space space);

#endif
