// SPDX-License-Identifier: 0BSD
// Systems whose scheduling mask is not asked for.

#include "base/hardware.h"

#if !XZ_LINUX

uint32_t xz_cpu_mask_count(void)
{
    return 0;
}

void xz_pages_want_huge(void *p, size_t size)
{
    (void)p;
    (void)size;
}

#endif
