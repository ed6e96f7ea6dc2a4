// SPDX-License-Identifier: 0BSD
// CPUs for which range coding in lanes has no kernel.

#include "lzma/range_lanes.h"

#if !XZ_X86_64

const struct xz_rc_kernel *xz_rc_kernel(void)
{
    return NULL;
}

#endif
