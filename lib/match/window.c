// SPDX-License-Identifier: 0BSD
// Growing and moving of the encoder's window.

#include "match/window.h"
#include "base/alloc.h"
#include "base/try.h"
#include <string.h>

/* Smallest capacity worth having, and the least room for new data. */
#define CAPACITY_MIN (UINT32_C(1) << 13)
#define ROOM_MIN     (UINT32_C(1) << 19)

/* 1 / of the history is free for new data: where little of it is awaited, and where so
   much that it is sorted. Noise and runs are not, and go through that room alone. */
#define ROOM_PART      4
#define ROOM_PART_BULK 8

/* capacity_max / GROWTH is the last step before capacity_max. While data is copied,
   both buffers exist. */
#define GROWTH 16

/* Whether so much text is awaited that it is sorted. */
static bool is_bulk(uint32_t keep, uint32_t ahead)
{
    return ahead >= keep / 4 && ahead >= ROOM_MIN;
}

static uint32_t room(uint32_t keep, uint32_t part)
{
    return keep / part > ROOM_MIN ? keep / part : ROOM_MIN;
}

uint32_t xz_window_capacity_max(uint32_t keep, uint32_t ahead)
{
    const uint32_t part = is_bulk(keep, ahead) ? ROOM_PART_BULK : ROOM_PART;
    return keep + ahead + room(keep, part);
}

/* Text that fits the step before the last is sorted with a quarter of the sorter's
   memory at most: there is room for that step in the rest. */
uint64_t xz_window_memusage(uint32_t keep, uint32_t ahead)
{
    const uint64_t max = xz_window_capacity_max(keep, ahead);
    const uint64_t extra = XZ_WINDOW_GUARD + XZ_WINDOW_SLACK;
    return is_bulk(keep, ahead) ? max + extra : max + extra + max / GROWTH + extra;
}

void xz_window_open(struct xz_window *w, const lzma_allocator *allocator, uint32_t keep,
                    uint32_t ahead)
{
    /* Growing from what is no step of this size would take more than was told. */
    const uint32_t max = xz_window_capacity_max(keep, ahead);
    if (w->is_lent || w->capacity_max != max)
        xz_window_end(w, allocator);
    w->capacity_max = max;
    w->keep = keep;
    w->pos = 0;
    w->end = 0;
    if (w->buf != NULL)
        memset(w->buf - XZ_WINDOW_GUARD, 0, XZ_WINDOW_GUARD + XZ_WINDOW_SLACK);
}

void xz_window_lend(struct xz_window *w, const lzma_allocator *allocator,
                    const uint8_t *text, uint32_t pos, uint32_t size)
{
    xz_window_end(w, allocator);
    w->buf = (uint8_t *)text; // only xz_window_make_room() and its kin write to it
    w->is_lent = true;
    w->capacity = size;
    w->capacity_max = size;
    w->keep = size;
    w->pos = pos;
    w->end = size;
}

void xz_window_end(struct xz_window *w, const lzma_allocator *allocator)
{
    if (w->buf != NULL && !w->is_lent)
        xz_free(w->buf - XZ_WINDOW_GUARD, allocator);
    w->buf = NULL;
    w->is_lent = false;
    w->capacity = 0;
}

/* Replaces the buffer by the smallest step of growth that holds size bytes, or by the
   largest. */
static lzma_ret grow(struct xz_window *w, const lzma_allocator *allocator, size_t size)
{
    uint32_t capacity = w->capacity_max;
    while (capacity / GROWTH >= size && capacity / GROWTH >= CAPACITY_MIN)
        capacity /= GROWTH;
    if (capacity <= w->capacity)
        return LZMA_OK;
    uint8_t *p =
        xz_alloc_large((size_t)capacity + XZ_WINDOW_GUARD + XZ_WINDOW_SLACK, allocator);
    if (p == NULL)
        return LZMA_MEM_ERROR;
    uint8_t *buf = p + XZ_WINDOW_GUARD;
    memset(p, 0, XZ_WINDOW_GUARD);
    if (w->buf != NULL)
        memcpy(p, w->buf - XZ_WINDOW_GUARD, XZ_WINDOW_GUARD + w->end);
    memset(buf + w->end, 0, XZ_WINDOW_SLACK);
    xz_window_end(w, allocator);
    w->buf = buf;
    w->capacity = capacity;
    return LZMA_OK;
}

lzma_ret xz_window_make_room(struct xz_window *w, const lzma_allocator *allocator,
                             size_t wanted, uint32_t *ret_moved)
{
    uint32_t moved = 0;
    if (w->end == w->capacity && w->capacity < w->capacity_max) {
        const size_t room = w->capacity_max - w->end;
        XZ_TRY(grow(w, allocator, w->end + (wanted < room ? wanted : room)));
    } else if (w->end == w->capacity && w->pos > w->keep) {
        /* The guard moves along: the byte before the history stays readable. Multiples
           of 16 keep the alignment of the text. */
        moved = (w->pos - w->keep) & ~UINT32_C(15);
        memmove(w->buf - XZ_WINDOW_GUARD, w->buf - XZ_WINDOW_GUARD + moved,
                XZ_WINDOW_GUARD + (size_t)(w->end - moved) + XZ_WINDOW_SLACK);
        w->pos -= moved;
        w->end -= moved;
    }
    *ret_moved = moved;
    return LZMA_OK;
}

void xz_window_added(struct xz_window *w, uint32_t size)
{
    w->end += size;
    memset(w->buf + w->end, 0, XZ_WINDOW_SLACK);
}

lzma_ret xz_window_preset(struct xz_window *w, const lzma_allocator *allocator,
                          const uint8_t *dict, uint32_t dict_size)
{
    const uint32_t size = dict_size < w->keep ? dict_size : w->keep;
    if (w->capacity < size)
        XZ_TRY(grow(w, allocator, size));
    memcpy(w->buf, dict + (dict_size - size), size);
    xz_window_added(w, size);
    w->pos = size;
    return LZMA_OK;
}
