// SPDX-License-Identifier: 0BSD
// One step of the parser by price: a node's state, its prices, what goes on behind.

#ifndef XZ_LZMA_PARSE_STEP_H
#define XZ_LZMA_PARSE_STEP_H

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
    /* With XZ_AS_MATCH it is none of the last ones. */
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
    c->reps[0] = dist & ~XZ_AS_MATCH;
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

/* Bytes that a match must go on for so that nodes inside are looked at for whether they
   are: with fewer, that cannot be foreseen and takes the time that it saves. */
#define XZ_INSIDE_MIN 14

/* True if the symbol of `edge`, by which a node was reached, might have been longer by
   rep0_len >= XZ_INSIDE_MIN bytes: those that rep 0 has at the node. */
XZ_ALWAYS_INLINE bool is_cut_short(uint32_t edge, uint32_t rep0_len)
{
    const uint32_t len = xz_edge_len(edge);
    return (len >= XZ_LEN_MIN) & (len < XZ_LEN_MAX) & (rep0_len >= XZ_INSIDE_MIN);
}

/* The least length of symbols that are tried at a node inside a match: shorter ones end
   near, where parse_optimal_x86.c has its lanes. */
#define XZ_FAR_MIN 17

/* The same of those longer than rep 0. */
XZ_ALWAYS_INLINE uint32_t far_from(uint32_t rep0_len)
{
    return rep0_len < XZ_FAR_MIN ? XZ_FAR_MIN : rep0_len + 1;
}

/* Which rep to take if one reaches nice_len: the longest, but the last distance also
   if it is a byte shorter, though no short rep. That is cheaper, and files of one size
   in an archive then repeat the file before instead of three files by turns. */
static inline uint32_t rep_to_take(const uint32_t *lens, uint32_t longest)
{
    const uint32_t spare = longest < XZ_LEN_MAX ? 1 : 0;
    if (lens[0] >= XZ_LEN_MIN && lens[0] + spare >= longest)
        return 0;
    uint32_t rep = 1;
    while (lens[rep] < longest)
        ++rep;
    return rep;
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

#endif
