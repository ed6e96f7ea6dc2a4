// SPDX-License-Identifier: 0BSD
// The converters of single processors: each is what xz_bcj.convert asks for.

#ifndef XZ_FILTER_BCJ_KERNELS_H
#define XZ_FILTER_BCJ_KERNELS_H

#include "filter/bcj.h"

size_t xz_bcj_arm(struct xz_bcj *bcj, uint8_t *buf, size_t size);
size_t xz_bcj_armthumb(struct xz_bcj *bcj, uint8_t *buf, size_t size);
size_t xz_bcj_arm64(struct xz_bcj *bcj, uint8_t *buf, size_t size);
size_t xz_bcj_ia64(struct xz_bcj *bcj, uint8_t *buf, size_t size);
size_t xz_bcj_powerpc(struct xz_bcj *bcj, uint8_t *buf, size_t size);
size_t xz_bcj_riscv_encode(struct xz_bcj *bcj, uint8_t *buf, size_t size);
size_t xz_bcj_riscv_decode(struct xz_bcj *bcj, uint8_t *buf, size_t size);
size_t xz_bcj_sparc(struct xz_bcj *bcj, uint8_t *buf, size_t size);
size_t xz_bcj_x86(struct xz_bcj *bcj, uint8_t *buf, size_t size);

/* A target relative to address made absolute, or an absolute one made relative. */
static inline uint32_t xz_bcj_move(bool is_encoder, uint32_t target, uint32_t address)
{
    return is_encoder ? target + address : target - address;
}

#endif
