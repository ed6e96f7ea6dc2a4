// SPDX-License-Identifier: 0BSD
// Neighbours in suffix order with NEON: near_quads.h.

#include "base/cpu.h"
#include "match/sorted.h"

#if XZ_ARM64 && !XZ_BIG_ENDIAN

# define NEAR_TARGET

# include "match/near_vec_arm64.h"

# include "match/near_quads.h"

# include "match/near_find.h"

static struct xz_pair *find_neon(const struct xz_near_job *job,
                                 struct xz_match_batch *batch, struct xz_pair *out)
{
    if (job->avail < job->count + NEAR_AVAIL_MIN || job->sorted->size == 0)
        return xz_near_portable.find(job, batch, out);
    return near_find(job, batch, out);
}

static const struct xz_near_kernels near_neon = {near_index, xz_near_rank, find_neon};

const struct xz_near_kernels *xz_near_kernels(void)
{
    return (xz_cpu_features() & XZ_CPU_NEON) != 0 ? &near_neon : &xz_near_portable;
}

#endif
