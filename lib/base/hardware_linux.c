// SPDX-License-Identifier: 0BSD
// Linux: the scheduling mask, which taskset and containers set; advice about pages.

#define _GNU_SOURCE // sched_getaffinity()

#include "base/hardware.h"

#if XZ_LINUX

# include "base/bits.h"
# include <sched.h>
# include <string.h>
# include <sys/mman.h>

/* The kernel refuses a mask smaller than its own; 8192 processors is its greatest. */
# define MASK_WORDS (8192 / 64)

# define MARK_SIZE    1  // the kernel makes a page of it
# define WIPE_ON_FORK 18 // MADV_WIPEONFORK; headers as old as Linux 4.13 lack it

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

/* Kernels before 4.14 know no pages that a child finds empty. */
uint8_t *xz_fork_mark_open(void)
{
    uint8_t *const mark = mmap(NULL, MARK_SIZE, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mark == MAP_FAILED)
        return NULL;
    if (madvise(mark, MARK_SIZE, WIPE_ON_FORK) != 0) {
        xz_fork_mark_close(mark);
        return NULL;
    }
    *mark = 1;
    return mark;
}

void xz_fork_mark_close(uint8_t *mark)
{
    if (mark != NULL)
        (void)munmap(mark, MARK_SIZE);
}

#endif
