// SPDX-License-Identifier: 0BSD
// Encoder of the Index field (.xz format section 4), piece by piece.

#ifndef XZ_STREAM_INDEX_ENC_H
#define XZ_STREAM_INDEX_ENC_H

#include "base/coder.h"

/* Opens a coder in slot that writes the Index field with the Records of all Streams of
   index, which must stay as it is until LZMA_STREAM_END. It takes no input. */
lzma_ret xz_index_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_index *index);

#endif
