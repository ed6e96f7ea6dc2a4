// SPDX-License-Identifier: 0BSD
// Decoder of an Index field into a lzma_index, in pieces.

#ifndef XZ_STREAM_INDEX_DEC_H
#define XZ_STREAM_INDEX_DEC_H

#include "base/coder.h"

/* Opens the decoder in slot. *dest becomes the new index, the caller's own, when
   LZMA_STREAM_END is returned; it is not touched before. size_max: most bytes that the
   field can have, UINT64_MAX if nothing is known. memlimit in bytes; 0 counts as 1.
   LZMA_MEM_ERROR.

   While coding: LZMA_DATA_ERROR; LZMA_MEMLIMIT_ERROR as soon as the number of Records
   is known, to be called again when the limit is raised; LZMA_MEM_ERROR. */
lzma_ret xz_index_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           lzma_index **dest, uint64_t memlimit, uint64_t size_max);

#endif
