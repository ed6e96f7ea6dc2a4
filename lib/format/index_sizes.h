// SPDX-License-Identifier: 0BSD
// Sizes of the Index field (.xz format section 4) and of its Records.

#ifndef XZ_FORMAT_INDEX_SIZES_H
#define XZ_FORMAT_INDEX_SIZES_H

#include "base/platform.h"
#include <lzma.h>

/* Bytes of an Index field with count Records whose list takes list_size bytes. */
lzma_vli xz_index_field_size(lzma_vli count, lzma_vli list_size);

/* Bytes of its Index Padding, 0 to 3. */
uint32_t xz_index_field_padding(lzma_vli count, lzma_vli list_size);

/* True for sizes that a Record can have. */
bool xz_index_record_is_valid(lzma_vli unpadded_size, lzma_vli uncompressed_size);

#endif
