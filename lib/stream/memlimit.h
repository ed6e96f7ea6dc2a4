// SPDX-License-Identifier: 0BSD
// The memlimit operation of decoders, the same for all of them.

#ifndef XZ_STREAM_MEMLIMIT_H
#define XZ_STREAM_MEMLIMIT_H

#include "base/platform.h"
#include <lzma.h>

/* Does what xz_coder_ops.memlimit is to do, for a coder that keeps its limit in *limit
   and uses, or last asked for, usage bytes. */
static inline lzma_ret xz_memlimit_update(uint64_t *limit, uint64_t usage,
                                          uint64_t *ret_usage, uint64_t *ret_limit,
                                          uint64_t new_limit)
{
    if (new_limit != 0) {
        if (new_limit < usage)
            return LZMA_MEMLIMIT_ERROR;
        *limit = new_limit;
    }
    *ret_usage = usage;
    *ret_limit = *limit;
    return LZMA_OK;
}

#endif
