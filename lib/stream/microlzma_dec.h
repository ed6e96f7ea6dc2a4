// SPDX-License-Identifier: 0BSD
// Decoder of microlzma data.

#ifndef XZ_STREAM_MICROLZMA_DEC_H
#define XZ_STREAM_MICROLZMA_DEC_H

#include "base/coder.h"

/* What the caller of the microlzma decoder must know. */
struct xz_microlzma_sizes {
    uint64_t compressed_size;        // bytes, exact
    uint64_t uncompressed_size;      // bytes, at most LZMA_VLI_MAX
    bool uncompressed_size_is_exact; // otherwise the data may go on behind it
};

/* Opens the decoder in slot. LZMA_OPTIONS_ERROR: uncompressed_size is too great;
   LZMA_MEM_ERROR.

   While coding: LZMA_OPTIONS_ERROR (the first byte is not one of microlzma),
   LZMA_DATA_ERROR, LZMA_MEM_ERROR. LZMA_STREAM_END: uncompressed_size bytes are out
   and, if that is exact, compressed_size bytes are used. */
lzma_ret xz_microlzma_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                               const struct xz_microlzma_sizes *sizes,
                               uint32_t dict_size);

#endif
