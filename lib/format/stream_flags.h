// SPDX-License-Identifier: 0BSD
// Stream Header and Stream Footer (.xz format section 2.1).

#ifndef XZ_FORMAT_STREAM_FLAGS_H
#define XZ_FORMAT_STREAM_FLAGS_H

#include "base/platform.h"
#include <lzma.h>

/* The bytes that a .xz file and a Stream Header start with, for readers that tell
   formats apart. */
#define XZ_HEADER_MAGIC_SIZE 6
extern const uint8_t xz_header_magic[XZ_HEADER_MAGIC_SIZE];

/* True for what Backward Size can hold: 4 to LZMA_BACKWARD_SIZE_MAX in steps of 4. */
bool xz_backward_size_is_valid(lzma_vli size);

/* Write LZMA_STREAM_HEADER_SIZE bytes to out. Return LZMA_OK, or with nothing written
   LZMA_OPTIONS_ERROR (version is not 0) or LZMA_PROG_ERROR (the check ID or, for the
   footer, backward_size is out of range). */
lzma_ret xz_stream_header_encode(const lzma_stream_flags *flags, uint8_t *out);
lzma_ret xz_stream_footer_encode(const lzma_stream_flags *flags, uint8_t *out);

/* Read LZMA_STREAM_HEADER_SIZE bytes from in. Return LZMA_OK and version, check and
   backward_size (LZMA_VLI_UNKNOWN from a header); or, tried in this order,
   LZMA_FORMAT_ERROR (magic bytes), LZMA_DATA_ERROR (CRC32), LZMA_OPTIONS_ERROR
   (reserved bits). Check IDs that cannot be computed here are no error. */
lzma_ret xz_stream_header_decode(const uint8_t *in, lzma_stream_flags *ret_flags);
lzma_ret xz_stream_footer_decode(const uint8_t *in, lzma_stream_flags *ret_flags);

/* Tells whether a and b describe the same Stream. Backward sizes count only when both
   are known. Returns LZMA_OK, LZMA_DATA_ERROR (they differ), LZMA_OPTIONS_ERROR (a
   version is not 0) or LZMA_PROG_ERROR (a value is out of range). */
lzma_ret xz_stream_flags_compare(const lzma_stream_flags *a,
                                 const lzma_stream_flags *b);

#endif
