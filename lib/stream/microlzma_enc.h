// SPDX-License-Identifier: 0BSD
// Encoder of microlzma data.

#ifndef XZ_STREAM_MICROLZMA_ENC_H
#define XZ_STREAM_MICROLZMA_ENC_H

#include "base/coder.h"

/* Opens a microlzma encoder in slot: LZMA1 data without end marker whose first byte,
   always zero in LZMA1, holds the inverted lc/lp/pb byte instead. It wants one call
   with LZMA_FINISH, fills the output with as much input as fits, and sets io->in_pos to
   what is encoded. LZMA_PROG_ERROR from that call: less than 6 bytes of room. */
lzma_ret xz_microlzma_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                               const lzma_options_lzma *options);

#endif
