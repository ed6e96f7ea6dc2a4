// SPDX-License-Identifier: 0BSD
// The loop of the parser by price, over a front (parse_front.h) that the file which
// includes this has chosen; that file calls parse_stretch().
//
// parse_optimal.c explains the method. The order in which edges are tried decides
// between equal prices and so the result: it is this file's, the same for all fronts.

#ifndef XZ_LZMA_PARSE_LOOP_H
#define XZ_LZMA_PARSE_LOOP_H

#include "lzma/parse_nodes.h"

/* The state behind a symbol; resumed: behind a literal, then rep 0. */
enum after { AFTER_LITERAL, AFTER_MATCH, AFTER_REP, AFTER_SHORTREP, AFTER_RESUMED };

/* clang-format off */
static const uint8_t next_state[AFTER_RESUMED + 1][XZ_STATES] = {
    {0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 4, 5},
    {7, 7, 7, 7, 7, 7, 7, 10, 10, 10, 10, 10},
    {8, 8, 8, 8, 8, 8, 8, 11, 11, 11, 11, 11},
    {9, 9, 9, 9, 9, 9, 9, 11, 11, 11, 11, 11},
    {8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8},
};
/* clang-format on */

/* The node that is being visited. */
struct step {
    const uint8_t *text;
    const struct xz_symbol_enc *coder;
    const struct xz_prices *prices;
    const uint32_t *reps;
    uint32_t position; // for the model
    uint32_t state;
    uint32_t pos_state;
    uint32_t avail;         // bytes from text on that edges may cover
    uint32_t literal_price; // price with the decision for a literal
    uint32_t match_price;   // price with the decision for a match or rep
    uint32_t rep_price;     // and then for a rep
};

/* Price of the byte at text, without the decision that it is a literal. */
XZ_ALWAYS_INLINE uint32_t literal_price(const struct step *s, const uint8_t *text,
                                        uint32_t position, bool is_matched,
                                        uint32_t dist)
{
    const uint32_t at = xz_literal_context(&s->coder->props, position, text[-1]);
    return xz_price_literal(&s->prices->literal[at], text[0], *(text - dist),
                            is_matched);
}

/* Price of rep 0 with this length, all decisions. */
XZ_ALWAYS_INLINE uint32_t rep0_price(const struct step *s, uint32_t state,
                                     uint32_t pos_state, uint32_t len)
{
    const struct xz_enc_model *const model = &s->coder->model;
    return xz_price_1(model->is_match[state][pos_state])
           + xz_price_1(model->is_rep[state]) + xz_price_0(model->is_not_rep0[state])
           + xz_price_1(model->is_long_rep0[state][pos_state])
           + s->prices->rep_len[pos_state][len - XZ_LEN_MIN];
}

/* Price of "this is rep `index`, longer than one byte", from is_not_rep0 on. */
XZ_ALWAYS_INLINE uint32_t rep_index_price(const struct xz_enc_model *model,
                                          uint32_t state, uint32_t pos_state,
                                          uint32_t index)
{
    if (index == 0)
        return xz_price_0(model->is_not_rep0[state])
               + xz_price_1(model->is_long_rep0[state][pos_state]);
    uint32_t price = xz_price_1(model->is_not_rep0[state]);
    if (index == 1)
        return price + xz_price_0(model->is_not_rep1[state]);
    price += xz_price_1(model->is_not_rep1[state]);
    return price + xz_price_bit(model->is_not_rep2[state], index - 2);
}

/* How many bytes behind text + skip go on at dist, if two do; else 0. */
XZ_ALWAYS_INLINE uint32_t resumed_len(const struct step *s, uint32_t skip,
                                      uint32_t dist)
{
    if (s->avail < skip + 2)
        return 0;
    const uint8_t *const text = s->text + skip;
    if (xz_read16le(text) != xz_read16le(text - dist))
        return 0;
    uint32_t limit = s->avail - skip;
    if (limit > XZ_LEN_MAX)
        limit = XZ_LEN_MAX;
    return xz_match_len(text, text - dist, 2, limit);
}

/* Behind a match or rep (len, dist) that ends at price in state: a literal, then rep 0
   of `resumed` bytes. */
FRONT_TARGET XZ_ALWAYS_INLINE void arrive_resumed(struct front *f, const struct step *s,
                                                  uint32_t price, uint32_t state,
                                                  uint32_t len, uint32_t dist,
                                                  uint32_t resumed)
{
    const uint32_t pb_mask = s->coder->props.pb_mask;
    const uint32_t position = s->position + len;
    price += xz_price_0(s->coder->model.is_match[state][position & pb_mask])
             + literal_price(s, s->text + len, position, true, dist)
             + rep0_price(s, xz_state_after_literal(state), (position + 1) & pb_mask,
                          resumed);
    front_arrive(f, len + 1 + resumed, price, dist, xz_edge(resumed, len + 1));
}

/* Literal, short rep, and a literal with rep 0 behind it. */
FRONT_TARGET XZ_ALWAYS_INLINE void try_literal(struct front *f, const struct step *s)
{
    const struct xz_enc_model *const model = &s->coder->model;
    const uint32_t dist = s->reps[0];
    uint32_t price =
        s->literal_price
        + literal_price(s, s->text, s->position, s->state >= XZ_STATE_LITERALS, dist);
    const bool is_best = price < front_price_ahead(f);
    front_arrive(f, 1, price, 0, xz_edge(1, 0));
    if (s->text[0] == *(s->text - dist)) {
        price = s->rep_price + xz_price_0(model->is_not_rep0[s->state])
                + xz_price_0(model->is_long_rep0[s->state][s->pos_state]);
        front_arrive(f, 1, price, dist, xz_edge(1, 0));
        return;
    }
    if (is_best)
        return;
    const uint32_t resumed = resumed_len(s, 1, dist);
    if (resumed == 0)
        return;
    price += rep0_price(s, xz_state_after_literal(s->state),
                        (s->position + 1) & s->coder->props.pb_mask, resumed);
    front_arrive(f, 1 + resumed, price, dist, xz_edge(resumed, XZ_EDGE_LITERAL));
}

FRONT_TARGET XZ_ALWAYS_INLINE void try_rep(struct front *f, const struct step *s,
                                           uint32_t index, uint32_t len)
{
    const uint32_t dist = s->reps[index];
    const uint32_t base =
        s->rep_price + rep_index_price(&s->coder->model, s->state, s->pos_state, index);
    const uint32_t *const len_prices = s->prices->rep_len[s->pos_state];
    front_run(f, base, len_prices, XZ_LEN_MIN, len, dist);
    const uint32_t resumed = resumed_len(s, len + 1, dist);
    if (resumed > 0)
        arrive_resumed(f, s, base + len_prices[len - XZ_LEN_MIN],
                       xz_state_after_rep(s->state), len, dist, resumed);
}

/* All matches; lengths below `from` are covered by rep 0. */
FRONT_TARGET XZ_ALWAYS_INLINE void try_matches(struct front *f, const struct step *s,
                                               const struct xz_pair *pair,
                                               const struct xz_pair *end, uint32_t from)
{
    const uint32_t base = s->match_price + xz_price_0(s->coder->model.is_rep[s->state]);
    const uint32_t *const len_prices = s->prices->match_len[s->pos_state];
    while (pair->len < from)
        ++pair;
    front_matches(f, base, len_prices, from, pair, end);
    for (; pair < end; ++pair) {
        const uint32_t len = pair->len;
        const uint32_t resumed = resumed_len(s, len + 1, pair->dist);
        if (resumed == 0)
            continue;
        uint32_t price;
        const uint32_t *const row = xz_price_dist_row(s->prices, pair->dist, &price);
        price += base + row[xz_dist_state(len)] + len_prices[len - XZ_LEN_MIN];
        arrive_resumed(f, s, price, xz_state_after_match(s->state), len, pair->dist,
                       resumed);
    }
}

/* State and last distances of a node that has been reached. A literal is seen as a use
   of the last distance. */
XZ_ALWAYS_INLINE void settle(struct xz_optimal *o, uint32_t node)
{
    const uint32_t len = xz_edge_len(o->edge[node]);
    const uint32_t before = xz_edge_before(o->edge[node]);
    const struct xz_enc_context *const from = &o->context[node - len - before];
    struct xz_enc_context *const c = &o->context[node];
    const uint32_t *const reps = from->reps;
    const bool is_literal = o->dist[node] == 0;
    const uint32_t dist = is_literal ? reps[0] : o->dist[node];
    const bool not_0 = dist != reps[0];
    const bool not_1 = not_0 & (dist != reps[1]);
    const bool not_2 = not_1 & (dist != reps[2]);
    const bool not_3 = not_2 & (dist != reps[3]);
    uint32_t kind = not_3 ? AFTER_MATCH : AFTER_REP;
    kind = len == 1 ? AFTER_SHORTREP : kind;
    kind = is_literal ? AFTER_LITERAL : kind;
    kind = before != 0 ? AFTER_RESUMED : kind;
    c->state = next_state[kind][from->state];
    c->reps[0] = dist;
    c->reps[1] = not_0 ? reps[0] : reps[1];
    c->reps[2] = not_1 ? reps[1] : reps[2];
    c->reps[3] = not_2 ? reps[2] : reps[3];
}

/* Matches of window position pos, from a new batch if need be. */
XZ_ALWAYS_INLINE const struct xz_pair *pairs_of(struct xz_optimal *o,
                                                const struct xz_parse *parse,
                                                uint32_t pos,
                                                const struct xz_pair **ret_end)
{
    struct xz_match_batch *const batch = &o->batch;
    if (pos - batch->start >= batch->count)
        xz_finder_batch(parse->finder, parse->window, pos, parse->find_end, batch);
    const uint32_t i = pos - batch->start;
    *ret_end = batch->pairs + batch->first[i + 1];
    return batch->pairs + batch->first[i];
}

XZ_ALWAYS_INLINE void begin_step(struct step *s, const struct xz_parse *parse,
                                 const struct xz_optimal *o, uint32_t node,
                                 uint32_t price)
{
    const struct xz_enc_model *const model = &s->coder->model;
    s->text = parse->window->buf + parse->pos + node;
    s->avail = parse->window->end - parse->pos - node;
    s->position = s->coder->position + node;
    s->pos_state = s->position & s->coder->props.pb_mask;
    s->state = o->context[node].state;
    s->reps = o->context[node].reps;
    const uint32_t is_match = model->is_match[s->state][s->pos_state];
    s->literal_price = price + xz_price_0(is_match);
    s->match_price = price + xz_price_1(is_match);
    s->rep_price = s->match_price + xz_price_1(model->is_rep[s->state]);
}

/* Lengths at the last distances: nearly always 0 for all. Returns the longest. */
XZ_ALWAYS_INLINE uint32_t measure_reps(const struct step *s, uint32_t *lens)
{
    const uint32_t limit = s->avail < XZ_LEN_MAX ? s->avail : XZ_LEN_MAX;
    const uint32_t here = xz_read16le(s->text);
    uint32_t found = 0;
    uint32_t longest = 0;
    for (uint32_t i = 0; i < XZ_REPS; ++i) {
        found |= (uint32_t)(xz_read16le(s->text - s->reps[i]) == here) << i;
        lens[i] = 0;
    }
    if (limit < XZ_LEN_MIN)
        return 0;
    for (; found != 0; found &= found - 1) {
        const uint32_t i = xz_bits_low64(found);
        lens[i] = xz_match_len(s->text, s->text - s->reps[i], XZ_LEN_MIN, limit);
        if (lens[i] > longest)
            longest = lens[i];
    }
    return longest;
}

/* All symbols that are possible at the node. */
FRONT_TARGET XZ_ALWAYS_INLINE void try_all(struct front *f, const struct step *s,
                                           const uint32_t *rep_lens,
                                           const struct xz_pair *pairs,
                                           const struct xz_pair *end)
{
    try_literal(f, s);
    for (uint32_t i = 0; i < XZ_REPS; ++i) {
        if (rep_lens[i] >= XZ_LEN_MIN)
            try_rep(f, s, i, rep_lens[i]);
    }
    const uint32_t from = rep_lens[0] + 1 > XZ_LEN_MIN ? rep_lens[0] + 1 : XZ_LEN_MIN;
    if (end > pairs && end[-1].len >= from)
        try_matches(f, s, pairs, end, from);
}

/* For a node that no edge has reached, which a fault of this program alone can cause: a
   literal makes the way whole, so that the data stays right. Returns its price. */
static inline uint32_t reach_by_literal(struct xz_optimal *o, uint32_t node,
                                        uint32_t price)
{
    ++o->unreached;
    o->dist[node] = 0;
    o->edge[node] = xz_edge(1, 0);
    return price;
}

/* Which rep to take if one reaches nice_len: the longest, but the last distance also if
   it is a byte shorter. That is cheaper; files of one size in an archive then repeat
   the file before instead of three files by turns. */
static inline uint32_t rep_to_take(const uint32_t *lens, uint32_t longest)
{
    const uint32_t spare = longest < XZ_LEN_MAX ? 1 : 0;
    if (lens[0] + spare >= longest)
        return 0;
    uint32_t rep = 1;
    while (lens[rep] < longest)
        ++rep;
    return rep;
}

FRONT_TARGET XZ_ALWAYS_INLINE void parse_stretch(struct xz_parse *parse,
                                                 struct xz_optimal *o)
{
    const uint32_t nice_len = parse->finder->nice_len;
    struct step s = {.coder = parse->coder, .prices = &o->prices};
    struct front f;
    xz_prices_refresh(&o->prices, parse->coder, XZ_LENS);
    o->context[0] = parse->coder->context;
    front_start(&f, o);
    uint32_t price = 0;
    for (;;) {
        if (f.node > 0)
            settle(o, f.node);
        begin_step(&s, parse, o, f.node, price);
        const struct xz_pair *end;
        const struct xz_pair *pairs = pairs_of(o, parse, parse->pos + f.node, &end);
        uint32_t rep_lens[XZ_REPS];
        const uint32_t longest_rep = measure_reps(&s, rep_lens);
        if (longest_rep >= nice_len) {
            const uint32_t rep = rep_to_take(rep_lens, longest_rep);
            xz_optimal_finish(parse, o, f.node, f.end, rep_lens[rep], s.reps[rep]);
            return;
        }
        if (end > pairs && end[-1].len >= nice_len) {
            xz_optimal_finish(parse, o, f.node, f.end, end[-1].len, end[-1].dist);
            return;
        }
        try_all(&f, &s, rep_lens, pairs, end);
        price = front_next(&f);
        if (XZ_UNLIKELY(price >= XZ_PRICE_INFINITE))
            price = reach_by_literal(o, f.node, s.literal_price);
        XZ_CHECKED(price < XZ_PRICE_INFINITE); // a literal leads there from the last
        if (f.node == f.end || f.node == XZ_PARSE_POSITIONS) {
            xz_optimal_finish(parse, o, f.node, f.end, 0, 0);
            return;
        }
    }
}

#endif
