// SPDX-License-Identifier: 0BSD
// Suffix sorting where there are no kernels for the CPU.

#include "match/suffix_sort.h"

#if !XZ_X86_64

const struct xz_suffix_kernels *xz_suffix_kernels(void)
{
    return &xz_suffix_portable;
}

#endif
