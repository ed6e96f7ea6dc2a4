// SPDX-License-Identifier: 0BSD
// Suffix sorting where there are no kernels for the CPU.

#include "match/suffix_sort.h"

#if !XZ_X86_64

const struct xz_suffix_sorter *xz_suffix_sorter_here(void)
{
    return &xz_suffix_sort_portable;
}

#endif
