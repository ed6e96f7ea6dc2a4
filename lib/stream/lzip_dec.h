// SPDX-License-Identifier: 0BSD
// Decoder of .lz files.

#ifndef XZ_STREAM_LZIP_DEC_H
#define XZ_STREAM_LZIP_DEC_H

#include "base/coder.h"

/* Opens the decoder in slot. memlimit in bytes; 0 counts as 1. flags as for
   xz_stream_dec_open(); of those that tell, only LZMA_TELL_ANY_CHECK does anything
   here. LZMA_OPTIONS_ERROR: unknown flags; LZMA_MEM_ERROR.

   While coding: LZMA_FORMAT_ERROR (no .lz file), LZMA_OPTIONS_ERROR (version),
   LZMA_DATA_ERROR, LZMA_MEMLIMIT_ERROR, to be called again when the limit is raised,
   LZMA_GET_CHECK for each member if asked for, LZMA_MEM_ERROR. With LZMA_CONCATENATED
   bytes that begin no member end the file; the first of them that differs from the
   magic bytes is not taken. */
lzma_ret xz_lzip_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                          uint64_t memlimit, uint32_t flags);

#endif
