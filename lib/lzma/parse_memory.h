// SPDX-License-Identifier: 0BSD
// What fronts of the parser by price share that have all nodes in memory
// (parse_front.h). FRONT_TARGET is defined.

#ifndef XZ_LZMA_PARSE_MEMORY_H
#define XZ_LZMA_PARSE_MEMORY_H

#include "lzma/parse_nodes.h"

struct front {
    struct xz_optimal *o;
    uint32_t node;
    uint32_t end; // last node that is reached
};

FRONT_TARGET XZ_ALWAYS_INLINE void front_start(struct front *f, struct xz_optimal *o)
{
    *f = (struct front){.o = o};
}

/* Returns the node's price. */
FRONT_TARGET XZ_ALWAYS_INLINE uint32_t front_next(struct front *f)
{
    uint32_t *const price = &f->o->price[++f->node];
    const uint32_t final = *price;
    *price = XZ_PRICE_INFINITE;
    return final;
}

/* Price of the node behind the one that is visited, as far as known. */
FRONT_TARGET XZ_ALWAYS_INLINE uint32_t front_price_ahead(const struct front *f)
{
    return f->o->price[f->node + 1];
}

FRONT_TARGET XZ_ALWAYS_INLINE void front_arrive(struct front *f, uint32_t ahead,
                                                uint32_t price, uint32_t dist,
                                                uint32_t edge)
{
    struct xz_optimal *const o = f->o;
    const uint32_t node = f->node + ahead;
    const uint32_t mask = 0 - (uint32_t)(price < o->price[node]);
    o->price[node] ^= (o->price[node] ^ price) & mask;
    o->dist[node] ^= (o->dist[node] ^ dist) & mask;
    o->edge[node] ^= (o->edge[node] ^ edge) & mask;
    f->end = f->end < node ? node : f->end;
}

#endif
