// SPDX-License-Identifier: 0BSD
// Groups of positions whose first bytes agree, sorted with AVX-512.

#ifndef XZ_MATCH_LMS_GROUP_H
#define XZ_MATCH_LMS_GROUP_H

#include "match/lms_sort.h"

/* Most positions of a group that is no large one. */
#define XZ_LMS_GROUP_MAX 8192

/* Words of work space, apart from what large groups need. */
#define XZ_LMS_GROUP_SPACE (7 * XZ_LMS_GROUP_MAX)

/* Bytes that must be readable behind those that count. */
#define XZ_LMS_GROUP_TAIL 80

struct xz_lms_groups {
    struct xz_lms lms;
    uint64_t *records;       // two arrays of XZ_LMS_GROUP_MAX
    struct xz_lms_run *runs; // XZ_LMS_GROUP_MAX / 2
    uint32_t *copy;          // XZ_LMS_GROUP_MAX positions
    uint64_t *large;         // records of large groups
    uint32_t large_max;      // how many there may be
};

/* Sorts a run of positions, as xz_lms_sort_run() does. Needs XZ_CPU_AVX512. Returns
   false if that is not possible: it is longer than XZ_LMS_GROUP_MAX and large_max / 2,
   or falls into too many groups that are large. Then it is as it was, or partly in
   order. Takes time in proportion to its length and depth. */
bool xz_lms_group_sort_avx512(const struct xz_lms_groups *g, struct xz_lms_run run);

#endif
