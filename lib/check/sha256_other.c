// SPDX-License-Identifier: 0BSD
// SHA-256 on CPUs without a kernel of their own.

#include "check/sha256_kernels.h"

#if !XZ_X86_64 && (!XZ_ARM64 || XZ_BIG_ENDIAN)

static const struct xz_sha256_kernel kernels[] = {
    {"portable", 0, xz_sha256_fold_portable},
};

const struct xz_sha256_kernel *xz_sha256_kernels(size_t *ret_count)
{
    *ret_count = sizeof(kernels) / sizeof(kernels[0]);
    return kernels;
}

#endif
