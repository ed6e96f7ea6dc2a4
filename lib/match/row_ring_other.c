// SPDX-License-Identifier: 0BSD
// Comparing all tags of a ring where there is no kernel for the CPU.

#include "match/row_table.h"

#if !XZ_X86_64

static uint32_t hits(const uint64_t *row, uint32_t tag, uint32_t pos_bits)
{
    return xz_row_hits_plain(row, tag, pos_bits, XZ_ROW_RING_BITS);
}

void xz_row_choose_hits(struct xz_row_table *t)
{
    t->ring_hits = hits;
}

#endif
