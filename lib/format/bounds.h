// SPDX-License-Identifier: 0BSD
// How large the output of single-call encoding can get.

#ifndef XZ_FORMAT_BOUNDS_H
#define XZ_FORMAT_BOUNDS_H

#include "base/platform.h"

/* Most bytes of a Block, or of a Stream with one Block, that single-call encoding makes
   of uncompressed_size bytes: data that does not shrink is stored. 0 if that is more
   than the format or size_t holds. */
size_t xz_block_bound(uint64_t uncompressed_size);
size_t xz_stream_bound(uint64_t uncompressed_size);

/* Most bytes of LZMA2 data that stores uncompressed_size bytes: a control byte and two
   bytes of size for each chunk of 64 KiB, and the end marker. 0 if that is more than a
   Block holds. */
uint64_t xz_lzma2_stored_bound(uint64_t uncompressed_size);

#endif
