// SPDX-License-Identifier: 0BSD
// Exported: what the machine has.

#include "api/symver.h"
#include "base/hardware.h"
#include <lzma.h>

extern LZMA_API(uint64_t) lzma_physmem(void)
{
    return xz_physmem();
}

extern LZMA_API(uint32_t) lzma_cputhreads(void)
{
    return xz_cputhreads();
}

XZ_DEFAULT_5_2(lzma_cputhreads)
XZ_ALIAS_5_2_2(lzma_cputhreads)
