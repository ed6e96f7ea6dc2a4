// SPDX-License-Identifier: 0BSD
// An lzma_allocator over memory of a fixed size, which the caller sets apart.

#ifndef XZ_BASE_ARENA_H
#define XZ_BASE_ARENA_H

#include "base/platform.h"
#include <clearxz.h>

/* Sets up arena over size bytes of memory, which stay the caller's. An allocation of n
   bytes takes n rounded up to 16, and 16 more. Not for several threads at once. */
void xz_arena_init(clearxz_arena *arena, void *memory, size_t size);

#endif
