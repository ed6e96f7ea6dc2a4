// SPDX-License-Identifier: 0BSD
// SHA-256 (FIPS 180-4).

#ifndef XZ_CHECK_SHA256_H
#define XZ_CHECK_SHA256_H

#include "base/platform.h"

#define XZ_SHA256_SIZE 32

/* A hash in progress. Invariant: size % 64 bytes wait in block. */
struct xz_sha256 {
    uint32_t state[8];
    uint64_t size; // bytes hashed so far
    uint8_t block[64];
    /* Folds count blocks of 64 bytes into state: chosen at init for this CPU. */
    void (*fold)(uint32_t state[8], const uint8_t *blocks, size_t count);
};

void xz_sha256_init(struct xz_sha256 *sha);
void xz_sha256_update(struct xz_sha256 *sha, const uint8_t *buf, size_t size);
void xz_sha256_finish(struct xz_sha256 *sha, uint8_t ret_digest[XZ_SHA256_SIZE]);

#endif
