// SPDX-License-Identifier: 0BSD
// Threads for programs that do not ask for them: the environment variable.

#ifndef XZ_API_THREADS_ENV_H
#define XZ_API_THREADS_ENV_H

#include "thread/stream_dec_mt.h"

/* If CLEARXZ_THREADS asks for threads and a decoder with this allocator may have them:
   true and the options of one that acts like lzma_stream_decoder() with the same
   memlimit and flags. */
bool xz_threads_env_decoder(const lzma_allocator *allocator, uint64_t memlimit,
                            uint32_t flags, struct xz_dec_mt_options *ret_options);

#endif
