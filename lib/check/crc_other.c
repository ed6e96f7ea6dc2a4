// SPDX-License-Identifier: 0BSD
// CRCs on CPUs without kernels of their own.

#include "check/crc_kernels.h"

#if !XZ_X86_64 && (!XZ_ARM64 || XZ_BIG_ENDIAN)

uint32_t xz_crc32(const uint8_t *buf, size_t size, uint32_t crc)
{
    return xz_crc32_portable(buf, size, crc);
}

uint64_t xz_crc64(const uint8_t *buf, size_t size, uint64_t crc)
{
    return xz_crc64_portable(buf, size, crc);
}

static const struct xz_crc_kernel kernels[] = {
    {"portable", 0, 0, xz_crc32_portable, xz_crc64_portable},
};

const struct xz_crc_kernel *xz_crc_kernels(size_t *ret_count)
{
    *ret_count = sizeof(kernels) / sizeof(kernels[0]);
    return kernels;
}

#endif
