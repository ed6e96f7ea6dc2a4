// SPDX-License-Identifier: 0BSD
// Encoders of the two bare LZMA1 formats: .lzma files and microlzma.

#ifndef XZ_STREAM_ALONE_ENC_H
#define XZ_STREAM_ALONE_ENC_H

#include "base/coder.h"

/* Opens an encoder of a .lzma file in slot: unknown size in the header, an end marker
   at the end. LZMA_RUN and LZMA_FINISH. LZMA_OPTIONS_ERROR, LZMA_MEM_ERROR. */
lzma_ret xz_alone_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_options_lzma *options);

/* Opens a microlzma encoder in slot: LZMA1 data without end marker whose first byte,
   always zero in LZMA1, holds the inverted lc/lp/pb byte instead. It wants one call
   with LZMA_FINISH, fills the output with as much input as fits, and sets io->in_pos to
   what is encoded. LZMA_PROG_ERROR from that call: less than 6 bytes of room. */
lzma_ret xz_microlzma_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                               const lzma_options_lzma *options);

#endif
