// SPDX-License-Identifier: 0BSD
// Neighbours in suffix order where there are no kernels for the CPU.

#include "match/sorted.h"

#if !XZ_X86_64 && !(XZ_ARM64 && !XZ_BIG_ENDIAN)

const struct xz_near_kernels *xz_near_kernels(void)
{
    return &xz_near_portable;
}

#endif
