// SPDX-License-Identifier: 0BSD
// Groups of positions whose first bytes agree, sorted with AVX-512.

#ifndef XZ_MATCH_ANCHOR_GROUP_H
#define XZ_MATCH_ANCHOR_GROUP_H

#include "match/anchor_sort.h"

/* Most positions of a group that is no large one. */
#define XZ_ANCHOR_GROUP_MAX 8192

/* Words of work space, apart from what large groups need. */
#define XZ_ANCHOR_GROUP_SPACE (7 * XZ_ANCHOR_GROUP_MAX)

/* Bytes that must be readable behind those that count. */
#define XZ_ANCHOR_GROUP_TAIL 80

struct xz_anchor_groups {
    struct xz_anchors anchors;
    uint64_t *records;          // two arrays of XZ_ANCHOR_GROUP_MAX
    struct xz_anchor_run *runs; // XZ_ANCHOR_GROUP_MAX / 2
    uint32_t *copy;             // XZ_ANCHOR_GROUP_MAX positions
    uint64_t *large;            // records of large groups
    uint32_t large_max;         // how many there may be
};

/* Sorts a run of positions, as xz_anchor_sort_run() does. Needs XZ_CPU_AVX512. Returns
   false if that is not possible: it is longer than XZ_ANCHOR_GROUP_MAX and
   large_max / 2, or falls into too many groups that are large. Then it is as it was, or
   partly in order. Takes time in proportion to its length and depth. */
bool xz_anchor_group_sort_avx512(const struct xz_anchor_groups *g,
                                 struct xz_anchor_run run);

#endif
