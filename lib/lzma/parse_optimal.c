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
//
// The stretch ends where all ways meet in one node, where a match is so long
// (nice_len) that it is taken at once, or after XZ_PARSE_POSITIONS.
//
// For each length the finder's nearest match serves: a farther one costs more and gives
// nothing but other distances to repeat.

#include "lzma/parse.h"
#include "match/match_len.h"

#define NODES (XZ_PARSE_POSITIONS + 2 * XZ_LEN_MAX + 2)

/* The edge by which a node is reached:
 *
 *     bits 0 to 31    dist: 0 is a literal
 *     bits 32 to 47   len of the last symbol
 *     bits 48 to 63   before: bytes of the edge before it; see below
 */
XZ_ALWAYS_INLINE uint32_t arrival_len(uint64_t a)
{
    return (uint32_t)(a >> 32) & 0xFFFF;
}

XZ_ALWAYS_INLINE uint32_t arrival_before(uint64_t a)
{
    return (uint32_t)(a >> 48);
}

/* `before` is 0: one symbol. 1: a literal, then rep 0 (dist, len). More: a match or rep
   of before - 1 bytes at dist, a literal, then rep 0. */
#define BEFORE_NONE    0
#define BEFORE_LITERAL 1

struct xz_optimal {
    struct xz_prices prices;
    uint32_t end; // last node that is reached
    uint32_t price[NODES];
    uint64_t arrival[NODES];
    struct xz_enc_context context[XZ_PARSE_POSITIONS + 1];
    struct xz_match_batch batch;
};

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
    const uint32_t *reps;
    uint32_t node;
    uint32_t position; // for the model
    uint32_t price;
    uint32_t state;
    uint32_t pos_state;
    uint32_t avail;       // bytes from text on that edges may cover
    uint32_t match_price; // price with the decision for a match or rep
    uint32_t rep_price;   // and then for a rep
};

size_t xz_optimal_size(void)
{
    return sizeof(struct xz_optimal);
}

void xz_optimal_reset(struct xz_optimal *o)
{
    o->prices.is_filled = false;
    o->batch.start = 0;
    o->batch.count = 0;
    for (uint32_t i = 0; i < NODES; ++i)
        o->price[i] = XZ_PRICE_INFINITE;
}

void xz_optimal_moved(struct xz_optimal *o, uint32_t moved)
{
    o->batch.start -= moved;
}

/* Makes nodes up to node reachable: prices behind end are infinite. */
XZ_ALWAYS_INLINE void reach(struct xz_optimal *o, uint32_t node)
{
    o->end = o->end < node ? node : o->end;
}

XZ_ALWAYS_INLINE void arrive(struct xz_optimal *o, uint32_t node, uint32_t price,
                             uint32_t dist, uint32_t len, uint32_t before)
{
    const uint64_t word = dist | (uint64_t)len << 32 | (uint64_t)before << 48;
    const uint32_t old = o->price[node];
    const uint64_t mask = 0 - (uint64_t)(price < old);
    o->price[node] = price < old ? price : old;
    o->arrival[node] ^= (o->arrival[node] ^ word) & mask;
}

/* Price of the byte at text, without the decision that it is a literal. */
XZ_ALWAYS_INLINE uint32_t literal_price(const struct xz_optimal *o,
                                        const struct xz_symbol_enc *coder,
                                        const uint8_t *text, uint32_t position,
                                        bool is_matched, uint32_t dist)
{
    const uint32_t at = xz_literal_context(&coder->props, position, text[-1]);
    return xz_price_literal(&o->prices.literal[at], text[0], *(text - dist),
                            is_matched);
}

/* Price of rep 0 with this length, all decisions. */
XZ_ALWAYS_INLINE uint32_t rep0_price(const struct xz_optimal *o,
                                     const struct xz_symbol_enc *coder, uint32_t state,
                                     uint32_t pos_state, uint32_t len)
{
    const struct xz_enc_model *const model = &coder->model;
    return xz_price_1(model->is_match[state][pos_state])
           + xz_price_1(model->is_rep[state]) + xz_price_0(model->is_not_rep0[state])
           + xz_price_1(model->is_long_rep0[state][pos_state])
           + o->prices.rep_len[pos_state][len - XZ_LEN_MIN];
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

/* Behind a match or rep (len, dist) that ends at price in state: a literal, then rep 0.
   */
XZ_ALWAYS_INLINE void try_resumed(struct xz_optimal *o, const struct step *s,
                                  uint32_t price, uint32_t state, uint32_t len,
                                  uint32_t dist)
{
    const uint32_t resumed = resumed_len(s, len + 1, dist);
    if (resumed == 0)
        return;
    const uint32_t pb_mask = s->coder->props.pb_mask;
    uint32_t position = s->position + len;
    price += xz_price_0(s->coder->model.is_match[state][position & pb_mask])
             + literal_price(o, s->coder, s->text + len, position, true, dist);
    ++position;
    price += rep0_price(o, s->coder, xz_state_after_literal(state), position & pb_mask,
                        resumed);
    const uint32_t node = s->node + len + 1 + resumed;
    reach(o, node);
    arrive(o, node, price, dist, resumed, len + 1);
}

/* Literal, short rep, and a literal with rep 0 behind it. */
XZ_ALWAYS_INLINE void try_literal(struct xz_optimal *o, const struct step *s)
{
    const struct xz_enc_model *const model = &s->coder->model;
    const uint32_t dist = s->reps[0];
    const uint32_t next = s->node + 1;
    const bool agrees = s->text[0] == *(s->text - dist);
    reach(o, next);
    uint32_t price = s->price + xz_price_0(model->is_match[s->state][s->pos_state])
                     + literal_price(o, s->coder, s->text, s->position,
                                     s->state >= XZ_STATE_LITERALS, dist);
    const bool is_best = price < o->price[next];
    arrive(o, next, price, 0, 1, BEFORE_NONE);
    if (agrees) {
        price = s->rep_price + xz_price_0(model->is_not_rep0[s->state])
                + xz_price_0(model->is_long_rep0[s->state][s->pos_state]);
        arrive(o, next, price, dist, 1, BEFORE_NONE);
        return;
    }
    if (is_best)
        return;
    const uint32_t resumed = resumed_len(s, 1, dist);
    if (resumed == 0)
        return;
    price += rep0_price(o, s->coder, xz_state_after_literal(s->state),
                        (s->position + 1) & s->coder->props.pb_mask, resumed);
    reach(o, next + resumed);
    arrive(o, next + resumed, price, dist, resumed, BEFORE_LITERAL);
}

XZ_ALWAYS_INLINE void try_rep(struct xz_optimal *o, const struct step *s,
                              uint32_t index, uint32_t len)
{
    const uint32_t dist = s->reps[index];
    const uint32_t base =
        s->rep_price + rep_index_price(&s->coder->model, s->state, s->pos_state, index);
    const uint32_t *const len_prices = o->prices.rep_len[s->pos_state];
    reach(o, s->node + len);
    for (uint32_t i = len; i >= XZ_LEN_MIN; --i)
        arrive(o, s->node + i, base + len_prices[i - XZ_LEN_MIN], dist, i, BEFORE_NONE);
    try_resumed(o, s, base + len_prices[len - XZ_LEN_MIN], xz_state_after_rep(s->state),
                len, dist);
}

/* All matches; lengths below `from` are covered by rep 0. */
XZ_ALWAYS_INLINE void try_matches(struct xz_optimal *o, const struct step *s,
                                  const struct xz_pair *pair, const struct xz_pair *end,
                                  uint32_t from)
{
    const uint32_t base = s->match_price + xz_price_0(s->coder->model.is_rep[s->state]);
    const uint32_t *const len_prices = o->prices.match_len[s->pos_state];
    const uint32_t state = xz_state_after_match(s->state);
    reach(o, s->node + end[-1].len);
    uint32_t len = from;
    for (; pair < end; ++pair) {
        if (pair->len < len)
            continue;
        const uint32_t dist = pair->dist;
        uint32_t price = 0;
        for (; len < XZ_LEN_MIN + XZ_DIST_STATES - 1 && len <= pair->len; ++len) {
            price = base + len_prices[len - XZ_LEN_MIN]
                    + xz_price_dist(&o->prices, len - XZ_LEN_MIN, dist);
            arrive(o, s->node + len, price, dist, len, BEFORE_NONE);
        }
        if (len <= pair->len) {
            const uint32_t far =
                base + xz_price_dist(&o->prices, XZ_DIST_STATES - 1, dist);
            for (; len <= pair->len; ++len) {
                price = far + len_prices[len - XZ_LEN_MIN];
                arrive(o, s->node + len, price, dist, len, BEFORE_NONE);
            }
        }
        try_resumed(o, s, price, state, pair->len, dist);
    }
}

/* State and last distances of a node that has been reached. A literal is seen as a use
   of the last distance. */
XZ_ALWAYS_INLINE void settle(struct xz_optimal *o, uint32_t node)
{
    const uint64_t a = o->arrival[node];
    const uint32_t before = arrival_before(a);
    const uint32_t len = arrival_len(a);
    const struct xz_enc_context *const from = &o->context[node - len - before];
    struct xz_enc_context *const c = &o->context[node];
    const uint32_t *const reps = from->reps;
    const bool is_literal = (uint32_t)a == 0;
    const uint32_t dist = is_literal ? reps[0] : (uint32_t)a;
    const bool not_0 = dist != reps[0];
    const bool not_1 = not_0 & (dist != reps[1]);
    const bool not_2 = not_1 & (dist != reps[2]);
    const bool not_3 = not_2 & (dist != reps[3]);
    uint32_t kind = not_3 ? AFTER_MATCH : AFTER_REP;
    kind = len == 1 ? AFTER_SHORTREP : kind;
    kind = is_literal ? AFTER_LITERAL : kind;
    kind = before != BEFORE_NONE ? AFTER_RESUMED : kind;
    c->state = next_state[kind][from->state];
    const uint32_t r0 = reps[0], r1 = reps[1], r2 = reps[2], r3 = reps[3];
    c->reps[0] = dist;
    c->reps[1] = not_0 ? r0 : r1;
    c->reps[2] = not_1 ? r1 : r2;
    c->reps[3] = not_2 ? r2 : r3;
}

/* Writes the cheapest way to node in front of parse->first. */
static void trace_back(struct xz_parse *parse, const struct xz_optimal *o,
                       uint32_t node)
{
    struct xz_symbol *out = parse->symbols + parse->first;
    while (node > 0) {
        const uint64_t a = o->arrival[node];
        const uint32_t before = arrival_before(a);
        *--out = (struct xz_symbol){arrival_len(a), (uint32_t)a};
        node -= arrival_len(a) + before;
        if (before == BEFORE_NONE)
            continue;
        *--out = (struct xz_symbol){1, 0};
        if (before > BEFORE_LITERAL)
            *--out = (struct xz_symbol){before - 1, (uint32_t)a};
    }
    parse->first = (uint32_t)(out - parse->symbols);
    parse->count = XZ_PARSE_SYMBOLS - parse->first;
}

/* Ends the stretch at node, followed by a match unless len is 0. */
static void finish(struct xz_parse *parse, struct xz_optimal *o, uint32_t node,
                   uint32_t len, uint32_t dist)
{
    for (uint32_t i = node; i <= o->end; ++i)
        o->price[i] = XZ_PRICE_INFINITE;
    parse->first = XZ_PARSE_SYMBOLS;
    if (len > 0)
        parse->symbols[--parse->first] = (struct xz_symbol){len, dist};
    trace_back(parse, o, node);
    parse->size = node + len;
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
                                 struct xz_optimal *o, uint32_t node)
{
    const struct xz_enc_model *const model = &s->coder->model;
    s->node = node;
    s->text = parse->window->buf + parse->pos + node;
    s->avail = parse->window->end - parse->pos - node;
    s->position = s->coder->position + node;
    s->pos_state = s->position & s->coder->props.pb_mask;
    s->price = o->price[node];
    o->price[node] = XZ_PRICE_INFINITE;
    s->state = o->context[node].state;
    s->reps = o->context[node].reps;
    s->match_price = s->price + xz_price_1(model->is_match[s->state][s->pos_state]);
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

void xz_parse_optimal(struct xz_parse *parse, struct xz_optimal *o)
{
    const uint32_t nice_len = parse->finder->nice_len;
    struct step s = {.coder = parse->coder};
    xz_prices_refresh(&o->prices, parse->coder, XZ_LENS);
    o->price[0] = 0;
    o->context[0] = parse->coder->context;
    o->end = 0;
    for (uint32_t node = 0;; ++node) {
        if (node > 0) {
            if (node == o->end || node == XZ_PARSE_POSITIONS) {
                finish(parse, o, node, 0, 0);
                return;
            }
            settle(o, node);
        }
        begin_step(&s, parse, o, node);
        const struct xz_pair *end;
        const struct xz_pair *pairs = pairs_of(o, parse, parse->pos + node, &end);
        uint32_t rep_lens[XZ_REPS];
        const uint32_t longest_rep = measure_reps(&s, rep_lens);
        if (longest_rep >= nice_len) {
            uint32_t rep = 0;
            while (rep_lens[rep] < longest_rep)
                ++rep;
            finish(parse, o, node, longest_rep, s.reps[rep]);
            return;
        }
        if (end > pairs && end[-1].len >= nice_len) {
            finish(parse, o, node, end[-1].len, end[-1].dist);
            return;
        }
        try_literal(o, &s);
        if (longest_rep > 0) {
            for (uint32_t i = 0; i < XZ_REPS; ++i) {
                if (rep_lens[i] >= XZ_LEN_MIN)
                    try_rep(o, &s, i, rep_lens[i]);
            }
        }
        const uint32_t from =
            rep_lens[0] + 1 > XZ_LEN_MIN ? rep_lens[0] + 1 : XZ_LEN_MIN;
        if (end > pairs && end[-1].len >= from)
            try_matches(o, &s, pairs, end, from);
    }
}
