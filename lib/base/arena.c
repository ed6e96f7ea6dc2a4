// SPDX-License-Identifier: 0BSD
// A small allocator for a few long-lived pieces: first fit in a row of pieces.
//
//     memory   | head | bytes ...... | head | bytes ... | head | bytes, free ........ |
//
// Each head holds the size of its bytes, with the lowest bit set while they are in use.
// A search joins free neighbours as it passes them. A decoder needs about ten pieces,
// and frees nothing but small ones before its end, so no more is needed.

#include "base/arena.h"
#include <string.h>

#define UNIT ((size_t)16) // size of a head; sizes are multiples of it

static size_t head_get(const uint8_t *head)
{
    size_t value;
    memcpy(&value, head, sizeof(value));
    return value;
}

static void head_set(uint8_t *head, size_t value)
{
    memcpy(head, &value, sizeof(value));
}

/* Joins the free piece at head with free ones behind it; returns its size. */
static size_t join(const clearxz_arena *arena, uint8_t *head)
{
    const uint8_t *const end = arena->memory + arena->size;
    size_t size = head_get(head);
    while (head + UNIT + size < end && (head_get(head + UNIT + size) & 1) == 0)
        size += UNIT + head_get(head + UNIT + size);
    head_set(head, size);
    return size;
}

static void *LZMA_API_CALL arena_alloc(void *opaque, size_t count, size_t size)
{
    clearxz_arena *const arena = opaque;
    if (size != 0 && count > arena->size / size)
        return NULL;
    const size_t want = (count * size + UNIT - 1) & ~(UNIT - 1);
    uint8_t *head = arena->memory;
    uint8_t *const end = arena->memory + arena->size;
    while (head < end) {
        const size_t value = head_get(head);
        const size_t has = (value & 1) != 0 ? value - 1 : join(arena, head);
        if ((value & 1) == 0 && has >= want) {
            if (has > want) {
                head_set(head + UNIT + want, has - want - UNIT);
                head_set(head, want);
            }
            head_set(head, head_get(head) | 1);
            return head + UNIT;
        }
        head += UNIT + has;
    }
    return NULL;
}

static void LZMA_API_CALL arena_free(void *opaque, void *pointer)
{
    (void)opaque;
    if (pointer == NULL)
        return;
    uint8_t *const head = (uint8_t *)pointer - UNIT;
    head_set(head, head_get(head) - 1);
}

void xz_arena_init(clearxz_arena *arena, void *memory, size_t size)
{
    const size_t skip = (size_t)(-(uintptr_t)memory & (UNIT - 1));
    arena->allocator.alloc = arena_alloc;
    arena->allocator.free = arena_free;
    arena->allocator.opaque = arena;
    arena->memory = (uint8_t *)memory + skip;
    arena->size = size < skip + UNIT ? 0 : (size - skip) & ~(UNIT - 1);
    if (arena->size > 0)
        head_set(arena->memory, arena->size - UNIT);
}
