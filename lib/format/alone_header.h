// SPDX-License-Identifier: 0BSD
// Header of .lzma files (.lzma format section 1.1).

#ifndef XZ_FORMAT_ALONE_HEADER_H
#define XZ_FORMAT_ALONE_HEADER_H

#include "base/platform.h"
#include <lzma.h>

#define XZ_ALONE_HEADER_SIZE 13

struct xz_alone_header {
    lzma_options_lzma options;  // dict_size, lc, lp, pb; the rest is zero
    uint64_t uncompressed_size; // in bytes; UINT64_MAX: unknown, a marker ends the data
};

/* False if no .lzma header starts with the first size bytes at in (at most 13 are
   looked at). The format has no magic bytes: with is_picky only sizes that encoders
   write are accepted, so that other files are rarely taken for .lzma. */
bool xz_alone_header_is_possible(const uint8_t *in, size_t size, bool is_picky);

/* Reads XZ_ALONE_HEADER_SIZE bytes. LZMA_FORMAT_ERROR: not a .lzma header. */
lzma_ret xz_alone_header_decode(const uint8_t *in, bool is_picky,
                                struct xz_alone_header *ret_header);

/* Writes XZ_ALONE_HEADER_SIZE bytes: unknown size, dict_size rounded up to what other
   decoders accept. LZMA_OPTIONS_ERROR: lc, lp, pb or dict_size (below
   LZMA_DICT_SIZE_MIN) out of range. */
lzma_ret xz_alone_header_encode(const lzma_options_lzma *options, uint8_t *out);

#endif
