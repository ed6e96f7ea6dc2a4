// SPDX-License-Identifier: 0BSD
// The loop of the parser by price, over a front (parse_front.h) that the file which
// includes this has chosen; that file calls parse_stretch().
//
// parse_optimal.c explains the method. The order in which edges are tried decides
// between equal prices and so the result: it is this file's, the same for all fronts,
// and parse_optimal_x86.c holds to it:
//
//     a literal or short rep, all reps, all matches; then runs of symbols behind the
//     literal, behind reps, behind matches (one literal, else two)

#ifndef XZ_LZMA_PARSE_LOOP_H
#define XZ_LZMA_PARSE_LOOP_H

#include "lzma/parse_step.h"

/* Behind a match or rep (len, dist) that ends at price in state: a literal or two, then
   rep 0 of `resumed` bytes. as: XZ_AS_MATCH for a match, else 0. */
FRONT_TARGET XZ_ALWAYS_INLINE void arrive_resumed(struct front *f, const struct step *s,
                                                  uint32_t price, uint32_t state,
                                                  uint32_t len, uint32_t dist,
                                                  uint32_t as, uint32_t literals,
                                                  uint32_t resumed)
{
    const uint32_t pb_mask = s->coder->props.pb_mask;
    const uint32_t before = len + literals;
    for (; len < before; ++len) {
        const uint32_t position = s->position + len;
        price += xz_price_0(s->coder->model.is_match[state][position & pb_mask])
                 + literal_price(s, s->text + len, position, state >= XZ_STATE_LITERALS,
                                 dist);
        state = xz_state_after_literal(state);
    }
    price += rep0_price(s, state, (s->position + len) & pb_mask, resumed);
    front_arrive(f, len + resumed, price, dist | as,
                 xz_edge(resumed, len) | (literals == 2 ? XZ_EDGE_TWO : 0));
}

/* A literal, then rep 0; price: behind the literal. */
FRONT_TARGET XZ_ALWAYS_INLINE void resume_literal(struct front *f, const struct step *s,
                                                  uint32_t price)
{
    const uint32_t dist = s->reps[0];
    const uint32_t resumed = resumed_len(s, 1, dist);
    if (resumed == 0)
        return;
    price += rep0_price(s, xz_state_after_literal(s->state),
                        (s->position + 1) & s->coder->props.pb_mask, resumed);
    front_arrive(f, 1 + resumed, price, dist, xz_edge(resumed, XZ_EDGE_LITERAL));
}

XZ_ALWAYS_INLINE uint32_t rep_base(const struct step *s, uint32_t index)
{
    return s->rep_price
           + rep_index_price(&s->coder->model, s->state, s->pos_state, index);
}

XZ_ALWAYS_INLINE uint32_t match_base(const struct step *s)
{
    return s->match_price + xz_price_0(s->coder->model.is_rep[s->state]);
}

FRONT_TARGET XZ_ALWAYS_INLINE void resume_rep(struct front *f, const struct step *s,
                                              uint32_t index, uint32_t len)
{
    const uint32_t dist = s->reps[index];
    const uint32_t resumed = resumed_len(s, len + 1, dist);
    if (resumed > 0)
        arrive_resumed(f, s,
                       rep_base(s, index)
                           + s->prices->rep_len[s->pos_state][len - XZ_LEN_MIN],
                       xz_state_after_rep(s->state), len, dist, 0, 1, resumed);
}

FRONT_TARGET XZ_ALWAYS_INLINE void resume_match(struct front *f, const struct step *s,
                                                const struct xz_pair *pair)
{
    const uint32_t len = pair->len;
    uint32_t literals = 1;
    uint32_t resumed = resumed_len(s, len + 1, pair->dist);
    if (resumed == 0) {
        literals = 2;
        resumed = resumed_len(s, len + 2, pair->dist);
    }
    if (resumed == 0)
        return;
    uint32_t price;
    const uint32_t *const row = xz_price_dist_row(s->prices, pair->dist, &price);
    price += match_base(s) + row[xz_dist_state(len)]
             + s->prices->match_len[s->pos_state][len - XZ_LEN_MIN];
    arrive_resumed(f, s, price, xz_state_after_match(s->state), len, pair->dist,
                   XZ_AS_MATCH, literals, resumed);
}

/* Literal and short rep. Returns the literal's price, or infinite if rep 0 behind it
   need not be tried. */
FRONT_TARGET XZ_ALWAYS_INLINE uint32_t try_literal(struct front *f,
                                                   const struct step *s)
{
    const struct xz_enc_model *const model = &s->coder->model;
    const uint32_t dist = s->reps[0];
    uint32_t price =
        s->literal_price
        + literal_price(s, s->text, s->position, s->state >= XZ_STATE_LITERALS, dist);
    const bool is_best = price < front_price_ahead(f);
    front_arrive(f, 1, price, 0, xz_edge(1, 0));
    if (s->text[0] == *(s->text - dist)) {
        const uint32_t short_price =
            s->rep_price + xz_price_0(model->is_not_rep0[s->state])
            + xz_price_0(model->is_long_rep0[s->state][s->pos_state]);
        front_arrive(f, 1, short_price, dist, xz_edge(1, 0));
        return XZ_PRICE_INFINITE;
    }
    return is_best ? XZ_PRICE_INFINITE : price;
}

/* All symbols that are possible at the node, then runs of symbols. Lengths that rep 0
   has are not tried as matches. */
FRONT_TARGET XZ_ALWAYS_INLINE void try_all(struct front *f, const struct step *s,
                                           const uint32_t *rep_lens,
                                           const struct xz_pair *pairs,
                                           const struct xz_pair *end)
{
    const uint32_t literal = try_literal(f, s);
    for (uint32_t i = 0; i < XZ_REPS; ++i) {
        if (rep_lens[i] >= XZ_LEN_MIN)
            front_run(f, rep_base(s, i), s->prices->rep_len[s->pos_state], XZ_LEN_MIN,
                      rep_lens[i], s->reps[i]);
    }
    const uint32_t from = rep_lens[0] + 1 > XZ_LEN_MIN ? rep_lens[0] + 1 : XZ_LEN_MIN;
    while (pairs < end && pairs->len < from)
        ++pairs;
    if (pairs < end)
        front_matches(f, match_base(s), s->prices->match_len[s->pos_state], from, pairs,
                      end);
    if (literal < XZ_PRICE_INFINITE)
        resume_literal(f, s, literal);
    for (uint32_t i = 0; i < XZ_REPS; ++i) {
        if (rep_lens[i] >= XZ_LEN_MIN)
            resume_rep(f, s, i, rep_lens[i]);
    }
    for (; pairs < end; ++pairs)
        resume_match(f, s, pairs);
}

/* True if the node is inside a match or rep that goes on (parse_optimal.c). */
FRONT_TARGET XZ_ALWAYS_INLINE bool is_inside(const struct front *f, uint32_t rep0_len)
{
    return is_cut_short(f->o->edge[f->node], rep0_len)
           && front_price_ahead(f) < XZ_PRICE_INFINITE;
}

/* At such a node: what reaches farther than that match. */
FRONT_TARGET XZ_ALWAYS_INLINE void try_beyond(struct front *f, const struct step *s,
                                              const uint32_t *rep_lens,
                                              const struct xz_pair *pairs,
                                              const struct xz_pair *end)
{
    const uint32_t from = far_from(rep_lens[0]);
    for (uint32_t i = 1; i < XZ_REPS; ++i) {
        if (rep_lens[i] >= from)
            front_run(f, rep_base(s, i), s->prices->rep_len[s->pos_state], from,
                      rep_lens[i], s->reps[i]);
    }
    while (pairs < end && pairs->len < from)
        ++pairs;
    if (pairs < end)
        front_matches(f, match_base(s), s->prices->match_len[s->pos_state], from, pairs,
                      end);
}

FRONT_TARGET XZ_ALWAYS_INLINE void parse_stretch(struct xz_parse *parse,
                                                 struct xz_optimal *o)
{
    const uint32_t nice_len = parse->finder->nice_len;
    struct step s = {.coder = parse->coder, .prices = &o->prices};
    struct front f;
    xz_prices_refresh(&o->prices, parse->coder, XZ_LENS);
    o->context[0] = parse->coder->context;
    o->edge[0] = xz_edge(1, 0);
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
        const uint32_t longest = end > pairs ? end[-1].len : 0;
        if (longest >= nice_len) {
            xz_optimal_take_match(parse, o, f.node, f.end, longest, end[-1].dist);
            return;
        }
        if (is_inside(&f, rep_lens[0]))
            try_beyond(&f, &s, rep_lens, pairs, end);
        else
            try_all(&f, &s, rep_lens, pairs, end);
        price = front_next(&f);
        if (XZ_UNLIKELY(price >= XZ_PRICE_INFINITE))
            price = reach_by_literal(o, f.node, s.literal_price);
        XZ_CHECKED(price < XZ_PRICE_INFINITE); // a literal leads there from the last
        if (xz_stretch_ends(f.node, f.node == f.end, s.avail)) {
            xz_optimal_finish(parse, o, f.node, f.end, 0, 0);
            return;
        }
    }
}

#endif
