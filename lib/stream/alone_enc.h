// SPDX-License-Identifier: 0BSD
// Encoder of .lzma files.

#ifndef XZ_STREAM_ALONE_ENC_H
#define XZ_STREAM_ALONE_ENC_H

#include "base/coder.h"

/* Opens an encoder of a .lzma file in slot: unknown size in the header, an end marker
   at the end. LZMA_RUN and LZMA_FINISH. LZMA_OPTIONS_ERROR, LZMA_MEM_ERROR. */
lzma_ret xz_alone_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_options_lzma *options);

#endif
