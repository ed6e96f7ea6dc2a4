// SPDX-License-Identifier: 0BSD
// Finding in little texts where there is no kernel for the CPU.

#include "match/little.h"

#if !XZ_X86_64

const struct xz_little_kernel *const xz_little_avx512 = NULL;
const struct xz_little_kernel *const xz_little_avx2 = NULL;

#endif
