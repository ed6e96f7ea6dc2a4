// SPDX-License-Identifier: 0BSD
// Tables of the latest positions that begin with the same bytes, for finding in bulk.

#ifndef XZ_MATCH_HEADS_H
#define XZ_MATCH_HEADS_H

#include "match/finder.h"

/* Dictionaries of 4 MiB are known to need less than 48 MiB of memory: what belongs to
   them is smaller. */
#define XZ_LEAN_MIN ((UINT32_C(2) << 20) + 1)
#define XZ_LEAN_MAX (UINT32_C(4) << 20)

static inline bool xz_is_lean(uint32_t dict_size)
{
    return dict_size >= XZ_LEAN_MIN && dict_size <= XZ_LEAN_MAX;
}

/* Bytes of the tables. */
uint64_t xz_heads_memusage(uint32_t dict_size);

/* Empties the tables of a finder whose dict_size is set. start: the first number, as in
   a finder's setup. */
void xz_heads_open(struct xz_finder *f, const lzma_allocator *allocator,
                   uint32_t start);

/* Makes or grows the tables for positions below window index end. LZMA_MEM_ERROR. */
lzma_ret xz_heads_update(struct xz_finder *f, const lzma_allocator *allocator,
                         const struct xz_window *w, uint32_t end);

/* Distances of the latest positions, for each table, that begin like pos and the
   *count - 1 ones behind it; 0: there is none, or it is farther than dict_size. The
   positions become the latest ones themselves. Near the end of the text, *count becomes
   1, and positions may not be findable yet: see insert_pos. What is returned is valid
   until the next call; it may be `room`. Positions must rise from call to call. */
const struct xz_latest *xz_heads_take(struct xz_finder *f, const struct xz_window *w,
                                      uint32_t pos, uint32_t *count,
                                      struct xz_latest *room);

#endif
