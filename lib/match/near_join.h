// SPDX-License-Identifier: 0BSD
// The step of near_find.h that joins the tables' candidates with the neighbours', for
// kernels that make lists of both sides (near_keys.h).
//
// Before it includes this file, a kernel defines NEAR_TARGET, LIST_SIZE, near_sides(),
// and join(b, lists, place), which merges up to LIST_SIZE candidates.

#ifndef XZ_MATCH_NEAR_JOIN_H
#define XZ_MATCH_NEAR_JOIN_H

#include "match/near_keys.h"

NEAR_TARGET XZ_ALWAYS_INLINE void near_join(const struct xz_near_job *job,
                                            uint32_t first, struct near_block *b,
                                            uint32_t count)
{
    struct near_lists lists;
    near_sides(job, first, b, &lists, count);
    count = near_leave_some(b, &lists, count);
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t place = b->places[i];
        const uint32_t known = b->counts[place] - b->shorts[place];
        if (XZ_UNLIKELY(lists.counts[place] + known > LIST_SIZE))
            near_join_slowly(b, &lists, place);
        else
            join(b, &lists, place);
        /* The parser asks what follows a match; the longest one may be in far text. */
        const struct xz_pair last = b->pairs[place][b->counts[place] - 1];
        XZ_PREFETCH_FAR(job->text + first + place + last.len + 1 - last.dist);
    }
}

#endif
