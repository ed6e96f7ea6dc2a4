// SPDX-License-Identifier: 0BSD
// Making many positions findable at once where there is no kernel for the CPU.

#include "match/row_catch.h"

#if !XZ_X86_64

const struct xz_row_kernel *xz_row_kernel(void)
{
    return &xz_row_portable;
}

#endif
