// SPDX-License-Identifier: 0BSD
// All implementations of the CRCs: for those who choose one, and for tests.

#ifndef XZ_CHECK_CRC_KERNELS_H
#define XZ_CHECK_CRC_KERNELS_H

#include "check/check.h"

/* For every CPU, and for pieces too small for anything else. */
uint32_t xz_crc32_portable(const uint8_t *buf, size_t size, uint32_t crc);
uint64_t xz_crc64_portable(const uint8_t *buf, size_t size, uint64_t crc);

/* Both functions are called like xz_crc32() and xz_crc64(), with size >= size_min. */
struct xz_crc_kernel {
    const char *name;
    uint32_t features; // bits of xz_cpu_features() that it needs
    size_t size_min;
    uint32_t (*crc32)(const uint8_t *buf, size_t size, uint32_t crc); // or NULL
    uint64_t (*crc64)(const uint8_t *buf, size_t size, uint64_t crc); // or NULL
};

/* The kernels of this architecture, from the weakest (portable) to the strongest, with
   those that this very CPU lacks. In a file for each architecture (crc_x86.c,
   crc_arm64.c, crc_other.c), where xz_crc32() and xz_crc64() choose among them. */
const struct xz_crc_kernel *xz_crc_kernels(size_t *ret_count);

#endif
