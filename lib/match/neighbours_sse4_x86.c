// SPDX-License-Identifier: 0BSD
// Neighbours in suffix order with SSSE3 and SSE4.1: near_quads.h.

#include "match/sorted.h"

#if XZ_X86_64

# define NEAR_TARGET XZ_TARGET("ssse3,sse4.1")

# include "match/near_vec_x86.h"

# include "match/near_quads.h"

# include "match/near_find.h"

NEAR_TARGET static struct xz_pair *find_sse4(const struct xz_near_job *job,
                                             struct xz_match_batch *batch,
                                             struct xz_pair *out)
{
    if (job->avail < job->count + NEAR_AVAIL_MIN || job->sorted->size == 0)
        return xz_near_portable.find(job, batch, out);
    return near_find(job, batch, out);
}

const struct xz_near_kernels xz_near_sse4 = {near_index, xz_near_rank, find_sse4};

#endif
