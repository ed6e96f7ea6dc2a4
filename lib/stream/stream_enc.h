// SPDX-License-Identifier: 0BSD
// Encoder of one .xz Stream in the calling thread.

#ifndef XZ_STREAM_STREAM_ENC_H
#define XZ_STREAM_STREAM_ENC_H

#include "base/coder.h"

/* Opens the encoder in slot. filters is copied. All five actions are supported;
   LZMA_FULL_BARRIER does what LZMA_FULL_FLUSH does. Its update operation follows
   lzma_filters_update(). LZMA_PROG_ERROR: filters is NULL or check out of range;
   LZMA_UNSUPPORTED_CHECK, LZMA_OPTIONS_ERROR, LZMA_MEM_ERROR. */
lzma_ret xz_stream_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                            const lzma_filter *filters, lzma_check check);

#endif
