// SPDX-License-Identifier: 0BSD
// All implementations of SHA-256's compression of blocks: for sha256.c and for tests.

#ifndef XZ_CHECK_SHA256_KERNELS_H
#define XZ_CHECK_SHA256_KERNELS_H

#include "check/sha256.h"

#define XZ_SHA256_BLOCK 64

/* K of FIPS 180-4, section 4.2.2. */
extern const uint32_t xz_sha256_k[64];

struct xz_sha256_kernel {
    const char *name;
    uint32_t features; // bits of xz_cpu_features() that it needs
    /* Folds count blocks of 64 bytes into state. */
    void (*fold)(uint32_t state[8], const uint8_t *blocks, size_t count);
};

/* For every CPU. */
void xz_sha256_fold_portable(uint32_t state[8], const uint8_t *blocks, size_t count);

/* The kernels of this architecture, from the weakest (portable) to the strongest, with
   those that this very CPU lacks. In a file for each architecture. */
const struct xz_sha256_kernel *xz_sha256_kernels(size_t *ret_count);

#endif
