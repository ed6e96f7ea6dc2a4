// SPDX-License-Identifier: 0BSD
// The parser by price: the cheapest way through a stretch of text.
//
// Positions of the stretch are nodes of a graph, symbols are its edges, prices their
// lengths. Nodes are visited in order; from each, every symbol that is possible there
// is tried, and the node behind it remembers the cheapest way to arrive (Bellman's
// principle). A node's state and last distances are those of its cheapest arrival. That
// is where this is not exact: a dearer arrival with other distances might pay off
// later. To make up for it, some edges are runs of symbols whose middle would not be
// the cheapest arrival of its node:
//
//     literal, rep 0             the last distance goes on behind a differing byte
//     match or rep, literal, rep 0
//     match, two literals, rep 0
//
// The stretch ends where all ways meet in one node, unless it is still short; where a
// match is so long (nice_len) that it is taken at once; or after XZ_PARSE_POSITIONS.
//
// At a node inside a long match or rep that goes on, nothing is tried but what reaches
// farther, by symbols of at least XZ_FAR_MIN bytes: where others end, the longer match
// arrives without a further symbol. Where to change from one long match to the next is
// worth bits, so all places are tried.
//
// Before a match of nice_len is taken, one of the last distances is asked for the same
// bytes, or for those behind a few literals; and once more behind all that the last
// distance has here, by which the symbol before may grow. Where records differ in
// little, it is they that go on, and a match would make them forget where from.
//
// For each length the finder's nearest match serves: a farther one costs more and gives
// nothing but other distances to repeat.
//
// The loop is in parse_loop.h, over a front that holds the nodes ahead: parse_front.h,
// in memory. With AVX-512 there is a loop of its own, parse_optimal_x86.c.

#include "base/cpu.h"
#include "lzma/parse_front.h"
#include "lzma/parse_loop.h"

size_t xz_optimal_size(void)
{
    return sizeof(struct xz_optimal);
}

static void parse_portable(struct xz_parse *parse, struct xz_optimal *o)
{
    parse_stretch(parse, o);
}

void xz_optimal_reset(struct xz_optimal *o)
{
    const uint32_t features = xz_cpu_features();
    o->parse = parse_portable;
    if (xz_parse_optimal_avx2 != NULL && (features & XZ_CPU_AVX2) != 0)
        o->parse = xz_parse_optimal_avx2;
    if (xz_parse_optimal_avx512 != NULL && (features & XZ_CPU_AVX512) != 0)
        o->parse = xz_parse_optimal_avx512;
    xz_prices_open(&o->prices);
    o->batch.start = 0;
    o->batch.count = 0;
    o->unreached = 0;
    o->nodes = 0;
}

void xz_optimal_forget_prices(struct xz_optimal *o)
{
    o->prices.is_filled = false;
}

/* Nodes that fronts may touch behind the end of the text. */
#define NODES_BEHIND 32

/* Clears nodes for `size` bytes of text: little text has few. */
static void clear_nodes(struct xz_optimal *o, uint32_t size)
{
    const uint32_t nodes =
        size < XZ_NODES - NODES_BEHIND ? size + NODES_BEHIND : XZ_NODES;
    /* Edges are chosen by masks; that what was there before does not count then is more
       than memory checkers see. */
    for (uint32_t i = o->nodes; i < nodes; ++i) {
        o->price[i] = XZ_PRICE_INFINITE;
        o->dist[i] = 0;
        o->edge[i] = 0;
    }
    if (nodes > o->nodes)
        o->nodes = nodes;
}

void xz_optimal_moved(struct xz_optimal *o, uint32_t moved)
{
    /* Text that is not searched passes without a batch: what has left the window must
       not come round. */
    if (o->batch.start < moved)
        o->batch.count = 0;
    o->batch.start -= moved;
}

/* Writes the cheapest way to node in front of parse->first. */
static void trace_back(struct xz_parse *parse, const struct xz_optimal *o,
                       uint32_t node)
{
    struct xz_symbol *out = parse->symbols + parse->first;
    while (node > 0) {
        const uint32_t dist = o->dist[node];
        const uint32_t len = xz_edge_len(o->edge[node]);
        const uint32_t before = xz_edge_before(o->edge[node]);
        const uint32_t literals = xz_edge_literals(o->edge[node]);
        node -= len + before;
        if (before == 0) {
            *--out = (struct xz_symbol){len, dist};
            continue;
        }
        *--out = (struct xz_symbol){len, dist & ~XZ_AS_MATCH};
        for (uint32_t i = 0; i < literals; ++i)
            *--out = (struct xz_symbol){1, 0};
        if (before > XZ_EDGE_LITERAL)
            *--out = (struct xz_symbol){before - literals, dist};
    }
    parse->first = (uint32_t)(out - parse->symbols);
    parse->count = XZ_PARSE_SYMBOLS - parse->first;
}

void xz_optimal_finish(struct xz_parse *parse, struct xz_optimal *o, uint32_t node,
                       uint32_t end, uint32_t len, uint32_t dist)
{
    for (uint32_t i = node; i <= end; ++i)
        o->price[i] = XZ_PRICE_INFINITE;
    parse->first = XZ_PARSE_SYMBOLS;
    if (len > 0)
        parse->symbols[--parse->first] = (struct xz_symbol){len, dist};
    trace_back(parse, o, node);
    parse->size = node + len;
}

/* Literals before a rep that may stand for a long match, and bytes that the rep may
   lack at the end; what such a byte counts for. */
#define DETOUR_LITERALS 8
#define DETOUR_LACK     2
#define LACK_PRICE      (6 * XZ_PRICE_BIT)

/* Bytes at the last distance or none, literals, then a match or rep. */
struct detour {
    uint32_t price;   // of all
    uint32_t lead;    // bytes at the last distance
    uint32_t skipped; // those and literals
    uint32_t len;
    uint32_t dist;
};

/* Price of a match, all decisions. */
static uint32_t whole_match_price(const struct step *s, uint32_t len, uint32_t dist)
{
    uint32_t price;
    const uint32_t *const row = xz_price_dist_row(s->prices, dist, &price);
    return price + row[xz_dist_state(len)] + s->match_price
           + xz_price_0(s->coder->model.is_rep[s->state])
           + s->prices->match_len[s->pos_state][len - XZ_LEN_MIN];
}

/* Behind `lead` bytes at the last distance and literals, `skipped` bytes in all, which
   end at price in state: tries reps that go on for nearly `wanted` bytes. */
static void try_detour(const struct step *s, uint32_t lead, uint32_t skipped,
                       uint32_t state, uint32_t price, uint32_t wanted,
                       struct detour *best)
{
    const struct xz_enc_model *const model = &s->coder->model;
    const uint32_t pos_state = (s->position + skipped) & s->coder->props.pb_mask;
    const uint8_t *const text = s->text + skipped;
    const uint32_t left = s->avail - skipped;
    const uint32_t limit = left < XZ_LEN_MAX ? left : XZ_LEN_MAX;
    price += xz_price_1(model->is_match[state][pos_state])
             + xz_price_1(model->is_rep[state]);
    for (uint32_t i = 0; i < XZ_REPS; ++i) {
        const uint32_t len = xz_match_len(text, text - s->reps[i], 0, limit);
        if (len + DETOUR_LACK < wanted)
            continue;
        const uint32_t lack = len < wanted ? wanted - len : 0;
        const uint32_t whole = price + lack * LACK_PRICE
                               + rep_index_price(model, state, pos_state, i)
                               + s->prices->rep_len[pos_state][len - XZ_LEN_MIN];
        if (whole < best->price)
            *best = (struct detour){whole, lead, skipped, len, s->reps[i]};
    }
}

/* Behind `lead` bytes at the last distance that end at price in state: tries literals,
   then reps. */
static void try_literals(const struct step *s, uint32_t node, uint32_t lead,
                         uint32_t state, uint32_t price, uint32_t len,
                         struct detour *best)
{
    const struct xz_enc_props *const props = &s->coder->props;
    for (uint32_t skipped = lead; len >= skipped + DETOUR_LACK + XZ_LEN_MIN;
         ++skipped) {
        if (node + skipped > XZ_PARSE_POSITIONS)
            break;
        try_detour(s, lead, skipped, state, price, len - skipped, best);
        if (skipped - lead == DETOUR_LITERALS)
            break;
        const uint32_t position = s->position + skipped;
        price += xz_price_0(s->coder->model.is_match[state][position & props->pb_mask])
                 + literal_price(s, s->text + skipped, position,
                                 state >= XZ_STATE_LITERALS, s->reps[0]);
        state = xz_state_after_literal(state);
    }
}

/* True if the symbol that ends at node, a match or rep, can take in `lead` bytes that
   its distance has behind it. Rep 0 at the end of a run of symbols has none left. */
static bool can_grow(const struct xz_optimal *o, uint32_t node, uint32_t lead)
{
    const uint32_t edge = o->edge[node];
    const uint32_t len = xz_edge_len(edge);
    return xz_edge_before(edge) == 0 && len >= XZ_LEN_MIN && len + lead <= XZ_LEN_MAX;
}

/* What `lead` bytes at the last distance cost at node. */
static uint32_t lead_price(const struct xz_optimal *o, const struct step *s,
                           uint32_t node, uint32_t lead)
{
    if (!can_grow(o, node, lead))
        return rep0_price(s, s->state, s->pos_state, lead);
    const uint32_t len = xz_edge_len(o->edge[node]);
    const bool is_match = (o->dist[node] & XZ_AS_MATCH) != 0;
    const uint32_t pos_state = (s->position - len) & s->coder->props.pb_mask;
    const uint32_t *const prices =
        is_match ? s->prices->match_len[pos_state] : s->prices->rep_len[pos_state];
    const uint32_t was = prices[len - XZ_LEN_MIN];
    const uint32_t is = prices[len + lead - XZ_LEN_MIN];
    return is > was ? is - was : 0; // a longer one may be cheaper
}

/* The cheapest way to spell what a match at node spells. */
static struct detour find_detour(const struct xz_optimal *o, const struct step *s,
                                 uint32_t node, uint32_t len, uint32_t dist)
{
    struct detour best = {whole_match_price(s, len, dist), 0, 0, len, dist};
    try_literals(s, node, 0, s->state, 0, len, &best);
    const uint32_t lead = xz_match_len(s->text, s->text - s->reps[0], 0, len);
    if (lead >= XZ_LEN_MIN)
        try_literals(s, node, lead,
                     can_grow(o, node, lead) ? s->state : xz_state_after_rep(s->state),
                     lead_price(o, s, node, lead), len, &best);
    return best;
}

/* Writes `lead` bytes at the last distance from node on, then literals, `skipped` bytes
   in all. */
static void write_skipped(struct xz_optimal *o, const struct step *s, uint32_t node,
                          uint32_t lead, uint32_t skipped)
{
    for (uint32_t i = node; i < node + skipped; ++i) {
        o->price[i] = XZ_PRICE_INFINITE;
        o->dist[i + 1] = 0;
        o->edge[i + 1] = xz_edge(1, 0);
    }
    if (lead == 0)
        return;
    const bool grows = can_grow(o, node, lead);
    o->dist[node + lead] = grows ? o->dist[node] : s->reps[0];
    o->edge[node + lead] = grows ? o->edge[node] + lead : xz_edge(lead, 0);
}

void xz_optimal_take_match(struct xz_parse *parse, struct xz_optimal *o, uint32_t node,
                           uint32_t end, uint32_t len, uint32_t dist)
{
    struct step s = {.coder = parse->coder, .prices = &o->prices};
    begin_step(&s, parse, o, node, 0);
    const struct detour best = find_detour(o, &s, node, len, dist);
    write_skipped(o, &s, node, best.lead, best.skipped);
    xz_optimal_finish(parse, o, node + best.skipped, end, best.len, best.dist);
}

void xz_parse_optimal(struct xz_parse *parse, struct xz_optimal *o)
{
    clear_nodes(o, parse->window->end - parse->pos);
    o->parse(parse, o);
}
