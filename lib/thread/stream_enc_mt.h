// SPDX-License-Identifier: 0BSD
// Encoder of one .xz Stream whose Blocks are encoded by several threads.

#ifndef XZ_THREAD_STREAM_ENC_MT_H
#define XZ_THREAD_STREAM_ENC_MT_H

#include "base/coder.h"

/* What lzma_mt asks for, checked and with its defaults filled in. */
struct xz_enc_mt_options {
    uint32_t threads;    // 1 to XZ_THREADS_MAX
    uint32_t timeout_ms; // 0: no limit to one call
    size_t block_size;   // uncompressed bytes of a Block, at least 1
    lzma_check check;
    const lzma_filter *filters; // the caller's; needed during the call only
};

/* Opens the encoder in slot. LZMA_RUN, LZMA_FULL_FLUSH, LZMA_FULL_BARRIER and
   LZMA_FINISH are supported. The output depends on data, filters, block size and flush
   points, never on threads or timing. The allocator must be thread-safe.
   LZMA_OPTIONS_ERROR, LZMA_PROG_ERROR, LZMA_UNSUPPORTED_CHECK, LZMA_MEM_ERROR. */
lzma_ret xz_stream_enc_mt_open(struct xz_coder **slot, const lzma_allocator *allocator,
                               const struct xz_enc_mt_options *options);

/* Most bytes that such an encoder uses; UINT64_MAX for options that are not valid. */
uint64_t xz_stream_enc_mt_memusage(const struct xz_enc_mt_options *options);

#endif
