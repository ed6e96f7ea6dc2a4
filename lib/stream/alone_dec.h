// SPDX-License-Identifier: 0BSD
// Decoder of .lzma files.

#ifndef XZ_STREAM_ALONE_DEC_H
#define XZ_STREAM_ALONE_DEC_H

#include "base/coder.h"

/* Opens the decoder in slot. is_picky refuses headers that are allowed but unusual, for
   readers that guess the format. memlimit in bytes; 0 counts as 1. LZMA_MEM_ERROR.

   While coding: LZMA_FORMAT_ERROR as soon as no .lzma header can begin so;
   LZMA_MEMLIMIT_ERROR, to be called again when the limit is raised; LZMA_DATA_ERROR;
   LZMA_MEM_ERROR. It reads no byte behind the end of the data. */
lzma_ret xz_alone_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           uint64_t memlimit, bool is_picky);

#endif
