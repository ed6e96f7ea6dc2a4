// SPDX-License-Identifier: 0BSD
// Block Header (.xz format section 3.1), and sizes that follow from it.

#ifndef XZ_FORMAT_BLOCK_HEADER_H
#define XZ_FORMAT_BLOCK_HEADER_H

#include "base/platform.h"
#include <lzma.h>

/* Limits of Unpadded Size: one byte of each part at least, and room to round up. */
#define XZ_UNPADDED_SIZE_MIN LZMA_VLI_C(5)
#define XZ_UNPADDED_SIZE_MAX (LZMA_VLI_MAX & ~LZMA_VLI_C(3))

/* Compressed Data of any Block may be so long: with the largest header and Check, its
   Unpadded Size is still valid. A multiple of four. */
#define XZ_COMPRESSED_SIZE_MAX                                                         \
 (XZ_UNPADDED_SIZE_MAX - LZMA_BLOCK_HEADER_SIZE_MAX - LZMA_CHECK_SIZE_MAX)

/* Sets block->header_size to the least size that holds the header. Reads version,
   compressed_size, uncompressed_size and filters. LZMA_OPTIONS_ERROR: unknown version
   or filter; LZMA_PROG_ERROR: a size out of range (compressed_size 0 is), no filters or
   more than four. Options of filters are not checked. */
lzma_ret xz_block_header_size(lzma_block *block);

/* Writes block->header_size bytes to out. LZMA_PROG_ERROR: a member is out of range, or
   header_size is too small; LZMA_OPTIONS_ERROR: unknown filter. */
lzma_ret xz_block_header_encode(const lzma_block *block, uint8_t *out);

/* Reads block->header_size bytes from in and sets version (lowered to what is known
   here), ignore_check (false), compressed_size, uncompressed_size and filters[0..4],
   whose options are the caller's to free. Errors, tried in this order: LZMA_PROG_ERROR
   (header_size is not what in[0] says, or the check ID is out of range),
   LZMA_DATA_ERROR (CRC32), LZMA_OPTIONS_ERROR (reserved flags), then LZMA_DATA_ERROR
   (sizes, integers cut off), LZMA_OPTIONS_ERROR (filters unknown, padding not zero) or
   LZMA_MEM_ERROR. After any of them all filters are end marks, nothing is allocated,
   and the sizes are as they were. */
lzma_ret xz_block_header_decode(lzma_block *block, const lzma_allocator *allocator,
                                const uint8_t *in);

/* Sets block->compressed_size to what unpadded_size, taken from an Index, implies.
   LZMA_DATA_ERROR: that is impossible, or not what compressed_size was if it was known;
   LZMA_PROG_ERROR: a member is out of range. */
lzma_ret xz_block_compressed_size(lzma_block *block, lzma_vli unpadded_size);

/* Header, compressed data and Check; LZMA_VLI_UNKNOWN if compressed_size is unknown, 0
   if a member is out of range. */
lzma_vli xz_block_unpadded_size(const lzma_block *block);

/* The same and Block Padding. */
lzma_vli xz_block_total_size(const lzma_block *block);

#endif
