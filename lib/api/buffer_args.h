// SPDX-License-Identifier: 0BSD
// The arguments that one-shot calls have in common, checked and made an I/O record.

#ifndef XZ_API_BUFFER_ARGS_H
#define XZ_API_BUFFER_ARGS_H

#include "base/io.h"
#include <lzma.h>

/* For decoders: LZMA_OK and the record if both buffers and positions can be used,
   otherwise LZMA_PROG_ERROR. A buffer may be NULL when nothing of it is left. What is
   put out stays there: it can be the dictionary. */
static inline lzma_ret xz_buffer_args_decode(const uint8_t *in, const size_t *in_pos,
                                             size_t in_size, uint8_t *out,
                                             const size_t *out_pos, size_t out_size,
                                             struct xz_io *ret_io)
{
    if (in_pos == NULL || out_pos == NULL || *in_pos > in_size || *out_pos > out_size
        || (in == NULL && *in_pos != in_size) || (out == NULL && *out_pos != out_size))
        return LZMA_PROG_ERROR;
    *ret_io = (struct xz_io){
        .in = in,
        .in_pos = *in_pos,
        .in_size = in_size,
        .out = out,
        .out_pos = *out_pos,
        .out_size = out_size,
        .out_stays = true,
    };
    return LZMA_OK;
}

/* For encoders, which take all of in, the same. Only an input without bytes may be
   NULL. */
static inline lzma_ret xz_buffer_args_encode(const uint8_t *in, size_t in_size,
                                             uint8_t *out, const size_t *out_pos,
                                             size_t out_size, struct xz_io *ret_io)
{
    if ((in == NULL && in_size != 0) || out == NULL || out_pos == NULL
        || *out_pos > out_size)
        return LZMA_PROG_ERROR;
    *ret_io = (struct xz_io){
        .in = in,
        .in_size = in_size,
        .out = out,
        .out_pos = *out_pos,
        .out_size = out_size,
    };
    return LZMA_OK;
}

#endif
