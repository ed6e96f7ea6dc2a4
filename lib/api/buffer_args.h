// SPDX-License-Identifier: 0BSD
// The arguments that all decoders from buffer to buffer have in common.

#ifndef XZ_API_BUFFER_ARGS_H
#define XZ_API_BUFFER_ARGS_H

#include "base/platform.h"
#include <lzma.h>

/* LZMA_OK if both buffers and positions can be used, otherwise LZMA_PROG_ERROR. A
   buffer may be NULL when nothing of it is left. */
static inline lzma_ret xz_buffer_args_check(const uint8_t *in, const size_t *in_pos,
                                            size_t in_size, const uint8_t *out,
                                            const size_t *out_pos, size_t out_size)
{
    if (in_pos == NULL || out_pos == NULL || *in_pos > in_size || *out_pos > out_size
        || (in == NULL && *in_pos != in_size) || (out == NULL && *out_pos != out_size))
        return LZMA_PROG_ERROR;
    return LZMA_OK;
}

#endif
