// SPDX-License-Identifier: 0BSD
// Decoder of .xz files whose Blocks are decoded by several threads.

#ifndef XZ_THREAD_STREAM_DEC_MT_H
#define XZ_THREAD_STREAM_DEC_MT_H

#include "base/coder.h"
#include <clearxz.h>

struct xz_dec_mt_options {
    uint32_t threads;            // 1 to XZ_THREADS_MAX
    uint32_t flags;              // XZ_DECODER_FLAGS
    uint32_t timeout_ms;         // 0: no limit to one call
    uint64_t memlimit_threading; // bytes in all; a Block that needs more is decoded by
                                 // the calling thread
    uint64_t memlimit_stop;      // bytes for filters; more is LZMA_MEMLIMIT_ERROR
    clearxz_file file;           // what is known of the file; all zero: nothing
};

/* Opens the decoder in slot. Output comes in order, and an error behind the last byte
   that could be decoded before it, or with LZMA_FAIL_FAST as soon as it is known.
   Blocks whose sizes neither their header nor options->file.index tells are decoded by
   the calling thread. The allocator must be thread-safe. LZMA_OPTIONS_ERROR,
   LZMA_MEM_ERROR. While coding: as xz_stream_dec_open(), and XZ_TIMED_OUT. */
lzma_ret xz_stream_dec_mt_open(struct xz_coder **slot, const lzma_allocator *allocator,
                               const struct xz_dec_mt_options *options);

#endif
