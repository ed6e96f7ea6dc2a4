// SPDX-License-Identifier: 0BSD
// What the machine has, as sysconf() tells it. Limits of the process are not looked at.

#include "base/hardware.h"
#include <unistd.h>

uint64_t xz_physmem(void)
{
    const long page_size = sysconf(_SC_PAGESIZE);
    const long pages = sysconf(_SC_PHYS_PAGES);
    if (page_size <= 0 || pages <= 0)
        return 0;
    return (uint64_t)page_size * (uint64_t)pages;
}

uint32_t xz_cputhreads(void)
{
    const uint32_t in_mask = xz_cpu_mask_count();
    if (in_mask > 0)
        return in_mask;
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (uint32_t)online : 0;
}
