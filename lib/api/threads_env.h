// SPDX-License-Identifier: 0BSD
// Threads for programs that do not ask for them: the environment variable.

#ifndef XZ_API_THREADS_ENV_H
#define XZ_API_THREADS_ENV_H

#include "base/coder.h"

/* Opens a decoder of .xz files in slot as xz_stream_dec_open() does, with threads if
   CLEARXZ_THREADS asks for them. */
lzma_ret xz_threads_env_open(struct xz_coder **slot, const lzma_allocator *allocator,
                             uint64_t memlimit, uint32_t flags);

#endif
