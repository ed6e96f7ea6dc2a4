// SPDX-License-Identifier: 0BSD
// Decoders of raw LZMA1 and LZMA2 data as resumable coders.

#ifndef XZ_LZMA_LZMA_DEC_H
#define XZ_LZMA_LZMA_DEC_H

#include "base/coder.h"

/* How an LZMA1 stream ends. */
struct xz_lzma1_end {
    uint64_t uncompressed_size; // in bytes; UINT64_MAX: unknown, a marker must end it
    bool marker_allowed;        // a marker may stand behind the last byte
};

/* Opens a decoder of raw LZMA1 data in slot. options: dict_size, lc, lp, pb and the
   preset dictionary are read, and not after the call. It reads no byte behind the end
   of the LZMA1 data. Returns LZMA_OK, LZMA_MEM_ERROR, or LZMA_OPTIONS_ERROR for lc, lp,
   pb out of range. */
lzma_ret xz_lzma1_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_options_lzma *options,
                           const struct xz_lzma1_end *end);

/* Opens a decoder of LZMA2 data in slot; dict_size and the preset dictionary of options
   are read. */
lzma_ret xz_lzma2_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_options_lzma *options);

/* Bytes that such a decoder may use when the whole dictionary is filled; UINT64_MAX if
   options are not valid. */
uint64_t xz_lzma1_dec_memusage(const lzma_options_lzma *options);
uint64_t xz_lzma2_dec_memusage(const lzma_options_lzma *options);

#endif
