// SPDX-License-Identifier: 0BSD
// Decoder that tells .xz, .lz and .lzma files apart.

#ifndef XZ_STREAM_AUTO_DEC_H
#define XZ_STREAM_AUTO_DEC_H

#include "base/coder.h"

/* Opens the decoder in slot; memlimit and flags as for xz_stream_dec_open(). The first
   byte decides; then it does what the decoder of that format does. A .lzma file is
   read by the picky rules and has LZMA_CHECK_NONE. With LZMA_CONCATENATED nothing may
   follow the file (LZMA_DATA_ERROR). open_xz opens the decoder of .xz files:
   xz_stream_dec_open(), or one that acts like it. */
lzma_ret xz_auto_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                          uint64_t memlimit, uint32_t flags,
                          lzma_ret (*open_xz)(struct xz_coder **slot,
                                              const lzma_allocator *allocator,
                                              uint64_t memlimit, uint32_t flags));

#endif
