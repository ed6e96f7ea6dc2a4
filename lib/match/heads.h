// SPDX-License-Identifier: 0BSD
// Tables of the latest positions that begin with the same bytes, for finding in bulk.

#ifndef XZ_MATCH_HEADS_H
#define XZ_MATCH_HEADS_H

#include "match/finder.h"

/* Most bytes of the tables; or of those that are searched alone. */
uint64_t xz_heads_memusage(const struct xz_finder_setup *setup, bool alone);

/* Empties the tables of a finder whose dict_size and in_bulk are set. */
void xz_heads_open(struct xz_finder *f, const lzma_allocator *allocator,
                   const struct xz_finder_setup *setup);

/* Makes or grows the tables for positions below window index end, or makes them anew
   for a search from w->pos on if they become those that are searched alone, or cease to
   be. LZMA_MEM_ERROR. */
lzma_ret xz_heads_update(struct xz_finder *f, const lzma_allocator *allocator,
                         const struct xz_window *w, uint32_t end, bool alone);

/* Before the first position that is taken, pos, leaves out those so far before it that
   they would hardly stay in the tables. */
void xz_heads_skip(struct xz_finder *f, uint32_t pos);

/* Takes in noise that passed, as far as it is in reach and before window index limit;
   nothing later is driven out. Not for tables that are searched alone. */
void xz_heads_take_noise(struct xz_finder *f, const struct xz_window *w,
                         uint32_t limit);

/* Distances of the latest positions, for each table, that begin like pos and the
   *count - 1 ones behind it; 0: there is none, or it is farther than dict_size. The
   positions become the latest ones themselves. Near the end of the text, *count becomes
   1, and positions may not be findable yet: see insert_pos. What is returned is valid
   until the next call; it may be `room`. Positions must rise from call to call. */
const struct xz_latest *xz_heads_take(struct xz_finder *f, const struct xz_window *w,
                                      uint32_t pos, uint32_t *count,
                                      struct xz_latest *room);

#endif
