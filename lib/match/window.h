// SPDX-License-Identifier: 0BSD
// The encoder's window: history that matches may refer to, then data to be coded.
//
//     buf    | dropped | history (keep) | not yet coded | free | slack |
//            0                          pos             end    capacity
//
// It is linear, so that every text in it is contiguous. When it is full, what lies
// before the history is dropped and the rest moved down. A quarter of the history's
// size is free for that at least, so that a byte is moved a few times only; an eighth
// where about as much text is awaited before any of it is coded.
//
// Memory follows the data: capacity starts small and grows in steps of sixteen.

#ifndef XZ_MATCH_WINDOW_H
#define XZ_MATCH_WINDOW_H

#include "base/platform.h"
#include <lzma.h>

/* Readable bytes before buf[0], zero at the start: the byte before the first one. */
#define XZ_WINDOW_GUARD 16
/* Readable bytes from end on, zero: finders read words. */
#define XZ_WINDOW_SLACK 32

/* Invariants: pos <= end <= capacity <= capacity_max. */
struct xz_window {
    uint8_t *buf;          // owned; XZ_WINDOW_GUARD bytes of the allocation before it
    bool is_lent;          // or the caller's, who has all of the text
    uint32_t capacity;     // bytes of data that fit now
    uint32_t capacity_max; // and at most
    uint32_t keep;         // bytes of history to keep before pos
    uint32_t pos;          // index of the first byte that is not coded
    uint32_t end;          // index behind the last byte
};

/* Largest capacity for keep bytes of history and ahead bytes of look-ahead. */
uint32_t xz_window_capacity_max(uint32_t keep, uint32_t ahead);

/* Upper bound of the bytes that a window allocates; where as much text is awaited as
   for sorting, of those that it has when the finder has all of its own. */
uint64_t xz_window_memusage(uint32_t keep, uint32_t ahead);

/* Makes the window empty; the buffer it has is kept if the sizes are those of before. A
   new struct must be all zero. */
void xz_window_open(struct xz_window *w, const lzma_allocator *allocator, uint32_t keep,
                    uint32_t ahead);

/* Makes the window a view of a text that lies whole in memory: size bytes, of which
   those before pos are history. XZ_WINDOW_GUARD bytes before it and XZ_WINDOW_SLACK
   bytes behind it must be readable; all of it stays the caller's and must not change
   while the window is used. The window cannot take more text. */
void xz_window_lend(struct xz_window *w, const lzma_allocator *allocator,
                    const uint8_t *text, uint32_t pos, uint32_t size);

/* Frees the buffer, or gives it back. */
void xz_window_end(struct xz_window *w, const lzma_allocator *allocator);

/* Makes room behind end when there is none: grows, or drops old history. wanted is how
   many bytes the caller would like to add. Afterwards capacity == end means: code
   first. Returns by how much all indices into the window went down, through ret_moved;
   LZMA_MEM_ERROR leaves the window as it was. */
lzma_ret xz_window_make_room(struct xz_window *w, const lzma_allocator *allocator,
                             size_t wanted, uint32_t *ret_moved);

/* size bytes were written at buf + end, size <= capacity - end. */
void xz_window_added(struct xz_window *w, uint32_t size);

/* Fills the empty window with the last bytes, at most keep, of a preset dictionary. */
lzma_ret xz_window_preset(struct xz_window *w, const lzma_allocator *allocator,
                          const uint8_t *dict, uint32_t dict_size);

#endif
