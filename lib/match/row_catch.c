// SPDX-License-Identifier: 0BSD
// Making many positions findable at once: portable code.

#include "match/row_catch.h"

static void fill(const struct xz_row_table *t, const uint8_t *text, uint32_t number,
                 uint32_t count, struct xz_row_catch *c)
{
    const struct xz_row_table table = *t; // not to be reloaded after every store
    for (uint32_t i = 0; i < count; ++i)
        xz_row_catch_one(&table, text, number, i, c);
}

const struct xz_row_kernel xz_row_portable = {fill};
