// SPDX-License-Identifier: 0BSD
// The Index field (.xz format section 4) as a whole, in a buffer.

#ifndef XZ_FORMAT_INDEX_FIELD_H
#define XZ_FORMAT_INDEX_FIELD_H

#include "base/platform.h"
#include <lzma.h>

/* Writes the Index field with the Records of all Streams of index. LZMA_BUF_ERROR, with
   nothing written: fewer than xz_index_size() bytes of room. */
lzma_ret xz_index_field_encode(const lzma_index *index, uint8_t *out, size_t *out_pos,
                               size_t out_size);

/* Reads an Index field into a new index. *memlimit is how many bytes of memory that may
   take; it is set to what is needed when LZMA_MEMLIMIT_ERROR is returned.
   LZMA_DATA_ERROR: damaged or not whole. On failure *in_pos stays. */
lzma_ret xz_index_field_decode(const lzma_allocator *allocator, uint64_t *memlimit,
                               const uint8_t *in, size_t *in_pos, size_t in_size,
                               lzma_index **ret_index);

#endif
