// SPDX-License-Identifier: 0BSD
// Where there is no sandbox yet: only the limit of memory is set.

#include "../common/system.h"

#include "sandbox.h"

#ifndef __linux__

# include <sys/resource.h>

enum xz_sandbox xz_sandbox_enter(const struct xz_words *paths, uint64_t memory)
{
    const struct rlimit limit = {(rlim_t)memory, (rlim_t)memory};
    (void)paths;
    if (memory != 0)
        (void)setrlimit(XZ_RLIMIT_MEMORY, &limit);
    return XZ_SANDBOX_NONE;
}

#endif
