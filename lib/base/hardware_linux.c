// SPDX-License-Identifier: 0BSD
// The scheduling mask of Linux, which taskset and containers set.

#define _GNU_SOURCE // sched_getaffinity()

#include "base/hardware.h"

#if XZ_LINUX

# include "base/bits.h"
# include <sched.h>
# include <string.h>
# include <sys/mman.h>

/* The kernel refuses a mask smaller than its own; 8192 processors is its greatest. */
# define MASK_WORDS (8192 / 64)

uint32_t xz_cpu_mask_count(void)
{
    uint64_t mask[MASK_WORDS];
    memset(mask, 0, sizeof(mask));
    if (sched_getaffinity(0, sizeof(mask), (cpu_set_t *)mask) != 0)
        return 0;
    uint32_t count = 0;
    for (size_t i = 0; i < MASK_WORDS; ++i) {
        for (uint64_t rest = mask[i]; rest != 0; rest &= rest - 1)
            ++count;
    }
    return count;
}

void xz_pages_want_huge(void *p, size_t size)
{
    (void)madvise(p, size, MADV_HUGEPAGE);
}

#endif
