// SPDX-License-Identifier: 0BSD
// Portable front of the parser by price: all prices in memory.
//
// A front is the node that is being visited and the nodes ahead of it, as edges reach
// them. It offers:
//
//     front_start     node 0, nothing ahead is reached
//     front_next      go on to the next node; its price, dist and edge become final
//     front_arrive    an edge to one node
//     front_run       edges for all lengths of one distance
//     front_matches   edges for all lengths of all pairs
//
// An edge replaces what is there if it is cheaper. Which one of two that are as cheap
// stays depends on the order, so all fronts hold to the order of the calls.
// Updates have no branches: prices are hard to predict.

#ifndef XZ_LZMA_PARSE_FRONT_H
#define XZ_LZMA_PARSE_FRONT_H

#define FRONT_TARGET

#include "lzma/parse_memory.h"

/* Lengths from `from` to `to`; len_prices begins with XZ_LEN_MIN. */
XZ_ALWAYS_INLINE void front_run(struct front *f, uint32_t base,
                                const uint32_t *len_prices, uint32_t from, uint32_t to,
                                uint32_t dist)
{
    for (uint32_t len = from; len <= to; ++len)
        front_arrive(f, len, base + len_prices[len - XZ_LEN_MIN], dist, len);
}

/* Each length from `from` on at the first pair's distance that has it. pair->len >=
   from. */
XZ_ALWAYS_INLINE void front_matches(struct front *f, uint32_t base,
                                    const uint32_t *len_prices, uint32_t from,
                                    const struct xz_pair *pair,
                                    const struct xz_pair *end)
{
    for (uint32_t len = from; pair < end; ++pair) {
        uint32_t more;
        const uint32_t *const row = xz_price_dist_row(&f->o->prices, pair->dist, &more);
        more += base;
        for (; len < XZ_LEN_MIN + XZ_DIST_STATES - 1 && len <= pair->len; ++len)
            front_arrive(f, len,
                         more + row[len - XZ_LEN_MIN] + len_prices[len - XZ_LEN_MIN],
                         pair->dist | XZ_AS_MATCH, len);
        if (len <= pair->len) {
            front_run(f, more + row[XZ_DIST_STATES - 1], len_prices, len, pair->len,
                      pair->dist | XZ_AS_MATCH);
            len = pair->len + 1;
        }
    }
}

#endif
