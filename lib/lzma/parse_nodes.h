// SPDX-License-Identifier: 0BSD
// Nodes of the parser by price: how each is reached (parse_optimal.c has the idea).

#ifndef XZ_LZMA_PARSE_NODES_H
#define XZ_LZMA_PARSE_NODES_H

#include "lzma/parse.h"
#include "match/match_len.h"

/* Nodes that edges reach (the longest: two symbols and two literals), and what vectors
   may touch behind them. */
#define XZ_NODES (XZ_PARSE_POSITIONS + 2 * XZ_LEN_MAX + 2 + 16)

/* An edge is one symbol, or a run of symbols whose last one is rep 0. Its word:
 *
 *     bits 0 to 14    len of the last symbol
 *     bit 15          two: of what is before it two literals, not one
 *     bits 16 to 31   before: bytes of the edge before it
 *
 * before is 0: one symbol. 1: a literal, then rep 0 (dist, len). More: a match or rep
 * of before - 1 bytes at dist, a literal, then rep 0; with two, a match of before - 2.
 */
#define XZ_EDGE_LITERAL 1
#define XZ_EDGE_TWO     (UINT32_C(1) << 15)

XZ_ALWAYS_INLINE uint32_t xz_edge(uint32_t len, uint32_t before)
{
    _Static_assert(XZ_LEN_MAX < XZ_EDGE_TWO, "a length leaves its bit alone");
    return len | before << 16;
}

XZ_ALWAYS_INLINE uint32_t xz_edge_len(uint32_t edge)
{
    return edge & (XZ_EDGE_TWO - 1);
}

XZ_ALWAYS_INLINE uint32_t xz_edge_before(uint32_t edge)
{
    return edge >> 16;
}

/* Literals before the last symbol of a run. */
XZ_ALWAYS_INLINE uint32_t xz_edge_literals(uint32_t edge)
{
    return (edge & XZ_EDGE_TWO) != 0 ? 2 : 1;
}

/* Pairs behind the last one that vectors may touch. */
#define XZ_PAIRS_BEHIND 16

/* Nodes of a stretch before it ends where all ways meet. Where there is nearly nothing
   but literals that is everywhere: what each stretch takes would be most of the time.
   With more, little texts get larger, as prices keep up with what was coded. */
#define XZ_STRETCH_MIN 16

/* True if the stretch ends at node. is_met: all ways meet there. avail: bytes from the
   node before it on. */
XZ_ALWAYS_INLINE bool xz_stretch_ends(uint32_t node, bool is_met, uint32_t avail)
{
    const bool is_enough = (node >= XZ_STRETCH_MIN) | (avail == 1);
    return (is_met & is_enough) | (node == XZ_PARSE_POSITIONS);
}

struct xz_optimal {
    void (*parse)(struct xz_parse *parse, struct xz_optimal *o); // for this CPU
    struct xz_prices prices;

    /* Between stretches, all prices are infinite, as far as `nodes` tells. Behind the
       last node that is reached they always are. */
    uint32_t nodes;
    uint32_t price[XZ_NODES];
    uint32_t dist[XZ_NODES]; // 0: a literal; of matches with XZ_AS_MATCH
    uint32_t edge[XZ_NODES];
    struct xz_enc_context context[XZ_PARSE_POSITIONS + 1];
    uint64_t unreached; // nodes that no edge had reached when visited: always 0
    struct xz_match_batch batch;

    /* For vectors: what fill_rows() finds out about each pair, and what it and others
       touch behind them. */
    uint16_t lanes[XZ_BATCH_PAIRS + XZ_PAIRS_BEHIND];
    uint8_t row[XZ_BATCH_PAIRS + XZ_PAIRS_BEHIND];
    uint8_t align[XZ_BATCH_PAIRS + XZ_PAIRS_BEHIND];
};

/* Ends the stretch at node, followed by a match unless len is 0, and makes the prices
   from node to `end`, the last one reached, infinite. */
void xz_optimal_finish(struct xz_parse *parse, struct xz_optimal *o, uint32_t node,
                       uint32_t end, uint32_t len, uint32_t dist);

/* The same with a match of nice_len or more at node; or, where that is cheaper, with a
   rep, perhaps behind literals and, before those, behind bytes at the last distance,
   by which the symbol that ends at node may grow. */
void xz_optimal_take_match(struct xz_parse *parse, struct xz_optimal *o, uint32_t node,
                           uint32_t end, uint32_t len, uint32_t dist);

/* The parser with other fronts, NULL where this machine has none. */
extern void (*const xz_parse_optimal_avx512)(struct xz_parse *parse,
                                             struct xz_optimal *o);
extern void (*const xz_parse_optimal_avx2)(struct xz_parse *parse,
                                           struct xz_optimal *o);

#endif
