// SPDX-License-Identifier: 0BSD
// Exported: an allocator over memory of a fixed size.

#include "base/arena.h"

extern LZMA_API(void)
    clearxz_arena_init(clearxz_arena *arena, void *memory, size_t size)
{
    xz_arena_init(arena, memory, size);
}
