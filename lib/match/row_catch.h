// SPDX-License-Identifier: 0BSD
// Making many positions findable at once, in the narrowest rows.
//
// A search wants its row as it was before later positions came in. So each row is
// copied before it changes; then positions may come in ahead of the search, many at a
// time, in a loop without surprises that takes hashes in vectors. With wider rows the
// copies take more time than is gained.

#ifndef XZ_MATCH_ROW_CATCH_H
#define XZ_MATCH_ROW_CATCH_H

#include "match/row_table.h"

/* Positions at a time, and bytes behind the last one's text that may be read. */
#define XZ_ROW_CATCH          64
#define XZ_ROW_CATCH_OVERREAD 8

#define XZ_ROW_CATCH_WORDS (1U << (XZ_ROW_BITS_MIN - 1))

/* Rows as they were before each of some positions came in, and the positions' tags. */
struct xz_row_catch {
    uint32_t tags[XZ_ROW_CATCH];
    _Alignas(64) uint64_t rows[XZ_ROW_CATCH][XZ_ROW_CATCH_WORDS];
};

struct xz_row_kernel {
    /* Makes `count` positions findable, at most XZ_ROW_CATCH, of which the first one
       begins at text and has this number; fills *c. All have XZ_ROW_TEXT bytes. */
    void (*fill)(const struct xz_row_table *t, const uint8_t *text, uint32_t number,
                 uint32_t count, struct xz_row_catch *c);
};

extern const struct xz_row_kernel xz_row_portable;

/* That of this CPU. */
const struct xz_row_kernel *xz_row_kernel(void);

/* The position number + i, at text + i. */
XZ_ALWAYS_INLINE void xz_row_catch_one(const struct xz_row_table *t,
                                       const uint8_t *text, uint32_t number, uint32_t i,
                                       struct xz_row_catch *c)
{
    const struct xz_row_key key = xz_row_key(t, text + i, XZ_ROW_BITS_MIN);
    c->tags[i] = key.tag;
    memcpy(c->rows[i], key.row, sizeof(c->rows[i]));
    xz_row_push(t, &key, number + i, XZ_ROW_BITS_MIN);
}

#endif
