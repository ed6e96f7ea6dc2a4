// SPDX-License-Identifier: 0BSD
// The parser by price with AVX-512: parse_loop.h's edges in the same order, 16 nodes
// and all lengths up to 16 at once.
//
// All symbols that end within 16 bytes are candidates for a lane: a word each of price
// and kind, of which the least is taken; then it is compared with what has arrived
// before. Branches are few, as they would be mispredicted: what is not there has no
// lanes. What is left to branches is rare: longer edges, and runs of symbols.
//
// A node is reached either from the node before, by a literal or short rep (`one`), or
// by an edge from further back, which is known a step earlier (`old`). So the state of
// the old arrival is made ready while the node before is still being weighed, and the
// choice between both is made by masks.

#include "lzma/parse_lanes_x86.h"

#if XZ_X86_64

/* Four fields of 16 bits, one for each rep: bit b of a field stands for byte b. */
# define FIELDS    UINT64_C(0x0001000100010001)
# define FIELD_TOP (FIELDS << 15)

/* Agreeing bytes behind which all of them are counted: two more must fit. */
# define FIELD_LENS 14

/* A distance at which the text agrees up to a node, `end`. */
struct long_rep {
    uint32_t dist; // 0: not known
    uint32_t end;
    uint32_t resumed; // 1: behind the differing byte, two bytes go on
};

/* What does not change during a stretch, and where the parser is. Arrays are elsewhere,
   and no function that is not inlined gets its address: then it is in registers. */
struct walk {
    struct xz_parse *parse;
    struct xz_optimal *o;
    const struct xz_symbol_enc *coder;
    const struct tables *tables;
    struct ahead ahead;
    uint32_t node;
    uint32_t price; // of the node
    bool is_met;    // all ways meet there
    __m128i reps;
    uint32_t state;
    struct arrival old;         // at the next node
    uint32_t *near_prices;      // [LANES]: a copy of those of the lanes
    struct long_rep *long_reps; // [XZ_REPS]: what has been measured, by rep
};

/* The node that is being visited; in registers likewise. */
struct visit {
    const uint8_t *text;
    uint32_t avail;
    uint32_t position;
    uint32_t pos_state;
    const uint32_t *reps;
    uint32_t first_pair; // in the batch
    uint32_t pair_count;
    uint32_t longest; // length of the last pair, or 1

    uint64_t equal;     // fields: bytes that agree
    uint64_t low;       // of them those before the first that differs
    uint64_t resumed;   // one bit for reps behind which two bytes go on
    bool is_long;       // some are longer than fields tell
    uint32_t *rep_lens; // [XZ_REPS], if is_long

    /* Prices behind the node's: the first decisions, a symbol of one byte. */
    uint32_t to_match;
    uint32_t to_rep;
    uint32_t to_long_rep0; // behind to_rep
    uint32_t literal;
    uint32_t one;
    uint32_t is_short; // mask: `one` is a short rep
    uint32_t is_one;   // mask: it is cheaper than the old arrival
};

/* Hides from the compiler what a mask is made of: it would make a branch of it. */
XZ_ALWAYS_INLINE uint32_t opaque(uint32_t mask)
{
    __asm__("" : "+r"(mask));
    return mask;
}

XZ_ALWAYS_INLINE uint32_t mask_if(bool is_true)
{
    return opaque(0 - (uint32_t)is_true);
}

/* b where the mask is set, else a. */
XZ_ALWAYS_INLINE uint32_t pick(uint32_t a, uint32_t b, uint32_t mask)
{
    return a ^ ((a ^ b) & mask);
}

AVX512 XZ_ALWAYS_INLINE __m256i load_two(const uint8_t *a, const uint8_t *b)
{
    const __m128i low = _mm_loadu_si128((const __m128i *)a);
    const __m128i high = _mm_loadu_si128((const __m128i *)b);
    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

/* Fields of the bytes that agree at the last distances. */
AVX512 XZ_ALWAYS_INLINE uint64_t agree(const uint8_t *text, uint32_t avail,
                                       __m128i reps)
{
    const uint64_t r01 = (uint64_t)_mm_cvtsi128_si64(reps);
    const uint64_t r23 = (uint64_t)_mm_extract_epi64(reps, 1);
    const __m256i here =
        _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)text));
    const __m256i low = load_two(text - (uint32_t)r01, text - (r01 >> 32));
    const __m256i high = load_two(text - (uint32_t)r23, text - (r23 >> 32));
    const uint64_t equal = _mm256_cmpeq_epi8_mask(here, low)
                           | (uint64_t)_mm256_cmpeq_epi8_mask(here, high) << 32;
    if (XZ_UNLIKELY(avail < 16))
        return equal & (FIELDS * ((1U << avail) - 1));
    return equal;
}

/* By which reps are the distance (bits), and in the last line for a literal: which of
   them become the new ones; 4: the distance. */
static const uint32_t moves[(1 << XZ_REPS) + 1][XZ_REPS] = {
    {4, 0, 1, 2}, {0, 1, 2, 3}, {1, 0, 2, 3}, {0, 1, 2, 3}, {2, 0, 1, 3}, {0, 1, 2, 3},
    {1, 0, 2, 3}, {0, 1, 2, 3}, {3, 0, 1, 2}, {0, 1, 2, 3}, {1, 0, 2, 3}, {0, 1, 2, 3},
    {2, 0, 1, 3}, {0, 1, 2, 3}, {1, 0, 2, 3}, {0, 1, 2, 3}, {0, 1, 2, 3},
};

/* State and last distances of the old arrival at node. */
AVX512 XZ_ALWAYS_INLINE __m128i settle_old(const struct xz_optimal *o, uint32_t node,
                                           const struct arrival *old,
                                           uint32_t *ret_state)
{
    const uint32_t len = xz_edge_len(old->edge);
    const uint32_t before = xz_edge_before(old->edge);
    const struct xz_enc_context *const from = &o->context[node - len - before];
    const __m128i reps = _mm_loadu_si128((const __m128i *)from->reps);
    const __m128i dists = _mm_set1_epi32((int)(old->dist & ~XZ_AS_MATCH));
    const uint32_t equal = _mm_cmpeq_epi32_mask(reps, _mm_set1_epi32((int)old->dist));
    const uint32_t literal = mask_if(old->dist == 0);
    const uint32_t move = equal | (literal & (1 << XZ_REPS));
    uint32_t kind = AFTER_REP - (uint32_t)(equal == 0);
    kind = pick(kind, AFTER_SHORTREP, mask_if(len == 1));
    kind &= ~literal;
    kind = pick(kind, AFTER_RESUMED, mask_if(before != 0));
    *ret_state = next_state[kind][from->state];
    const __m128i from_where = _mm_loadu_si128((const __m128i *)moves[move]);
    return _mm_permutex2var_epi32(reps, from_where, dists);
}

/* Positions ahead whose pairs' texts are fetched: what they go on with. */
# define PAIRS_AHEAD 12

/* Fetches the texts behind pairs of a position ahead: those that are usual, whether
   they are there or not. */
XZ_ALWAYS_INLINE void fetch_ahead(const struct xz_match_batch *batch, uint32_t at,
                                  const uint8_t *text)
{
    const uint32_t ahead = at + PAIRS_AHEAD;
    const uint32_t first = batch->first[ahead < batch->count ? ahead : batch->count];
    const uint32_t last = XZ_BATCH_PAIRS - PAIRS_AT_ONCE;
    const struct xz_pair *const pairs = batch->pairs + (first < last ? first : last);
    text += PAIRS_AHEAD + 1;
    _mm_prefetch((const char *)(text + pairs[0].len - pairs[0].dist), _MM_HINT_T0);
    _mm_prefetch((const char *)(text + pairs[1].len - pairs[1].dist), _MM_HINT_T0);
    _mm_prefetch((const char *)(text + pairs[2].len - pairs[2].dist), _MM_HINT_T0);
    _mm_prefetch((const char *)(text + pairs[3].len - pairs[3].dist), _MM_HINT_T0);
}

XZ_ALWAYS_INLINE void begin_visit(struct walk *w, struct visit *v)
{
    struct xz_optimal *const o = w->o;
    const struct xz_parse *const parse = w->parse;
    const uint32_t pos = parse->pos + w->node;
    v->text = parse->window->buf + pos;
    v->avail = parse->window->end - pos;
    v->position = w->coder->position + w->node;
    v->pos_state = v->position & w->coder->props.pb_mask;
    v->reps = o->context[w->node].reps;
    if (XZ_UNLIKELY(pos - o->batch.start >= o->batch.count)) {
        xz_finder_batch(parse->finder, parse->window, pos, parse->find_end, &o->batch);
        fill_rows(o);
    }
    const uint32_t *const first = o->batch.first + (pos - o->batch.start);
    fetch_ahead(&o->batch, pos - o->batch.start, v->text);
    v->first_pair = first[0];
    v->pair_count = first[1] - first[0];
    v->longest = first[1] > first[0] ? o->batch.pairs[first[1] - 1].len : 1;
}

/* xz_match_len(), of 64 bytes at a time: for lengths that tend to be long. */
AVX512 XZ_ALWAYS_INLINE uint32_t long_len(const uint8_t *a, const uint8_t *b,
                                          uint32_t len, uint32_t limit)
{
    for (; len < limit; len += 64) {
        const uint32_t left = limit - len;
        const __mmask64 bytes = _bzhi_u64(UINT64_MAX, left < 64 ? left : 64);
        const uint64_t differing =
            _mm512_cmpneq_epi8_mask(_mm512_maskz_loadu_epi8(bytes, a + len),
                                    _mm512_maskz_loadu_epi8(bytes, b + len));
        if (differing != 0)
            return len + (uint32_t)xz_bits_low64(differing);
    }
    return limit;
}

/* Measures a rep that agrees for at least `len` bytes at the node. */
AVX512 static XZ_NOINLINE void measure_long(struct long_rep *ret, const uint8_t *text,
                                            uint32_t avail, uint32_t node, uint32_t len,
                                            uint32_t dist)
{
    const struct step s = {.text = text, .avail = avail};
    const uint32_t limit = avail < XZ_LEN_MAX ? avail : XZ_LEN_MAX;
    const uint32_t longest = long_len(text, text - dist, len, limit);
    ret->dist = dist;
    ret->end = node + longest;
    ret->resumed = resumed_len(&s, longest + 1, dist) != 0;
}

/* Lengths at the last distances where some are long, and what goes on behind them.
   Returns the longest. */
AVX512 XZ_ALWAYS_INLINE uint32_t measure_reps_long(const struct walk *w,
                                                   struct visit *v)
{
    uint32_t longest = 0;
    for (uint32_t i = 0; i < XZ_REPS; ++i) {
        uint32_t len =
            (uint32_t)xz_bits_low64(~(uint64_t)(uint16_t)(v->low >> (16 * i)));
        if (len >= FIELD_LENS) {
            struct long_rep *const known = &w->long_reps[i];
            if (known->dist != v->reps[i] || known->end < w->node + FIELD_LENS)
                measure_long(known, v->text, v->avail, w->node, len, v->reps[i]);
            len = known->end - w->node;
            v->resumed &= ~(UINT64_C(0xFFFF) << (16 * i));
            v->resumed |= (uint64_t)known->resumed << (16 * i);
        }
        v->rep_lens[i] = len;
        longest = len > longest ? len : longest;
    }
    return longest;
}

/* Looks at the last distances. Returns the longest length if that is nice_len or more,
   else 0. */
AVX512 XZ_ALWAYS_INLINE uint32_t look_at_reps(struct walk *w, struct visit *v,
                                              uint32_t nice_len)
{
    const uint32_t enough = nice_len < FIELD_LENS ? nice_len : FIELD_LENS;
    v->equal = agree(v->text, v->avail, w->reps);
    /* Adding one turns the lowest bits that are set, and the zero above them. */
    const uint64_t bits = v->equal & ~FIELD_TOP;
    const uint64_t added = bits + FIELDS;
    v->low = bits & ~added;
    /* A zero from place 2 on, and two ones above it. */
    const uint64_t behind = ((added & ~bits) << 1) & ~(7 * FIELDS);
    v->resumed = behind & v->equal & (v->equal >> 1);
    v->is_long = (v->low & (FIELDS << (enough - 1))) != 0;
    if (XZ_LIKELY(!v->is_long))
        return 0;
    const uint32_t longest = measure_reps_long(w, v);
    v->low |= v->equal & (v->low << 1) & FIELD_TOP;
    return longest >= nice_len ? longest : 0;
}

/* As is_inside() of parse_loop.h, if v->is_long; else none is. */
_Static_assert(XZ_INSIDE_MIN >= FIELD_LENS, "what nodes are inside of is long");
XZ_ALWAYS_INLINE bool is_inside(const struct walk *w, const struct visit *v)
{
    return is_cut_short(w->o->edge[w->node], v->rep_lens[0])
           & (w->old.price < XZ_PRICE_INFINITE);
}

/* The same for what goes beyond. */
XZ_ALWAYS_INLINE bool reaches_beyond(const struct visit *v)
{
    const uint32_t rep0_len = v->rep_lens[0];
    return (v->rep_lens[1] > rep0_len) | (v->rep_lens[2] > rep0_len)
           | (v->rep_lens[3] > rep0_len) | (v->longest > rep0_len);
}

/* Prices of the first decisions. */
XZ_ALWAYS_INLINE void weigh_first(const struct walk *w, struct visit *v)
{
    const struct tables *const t = w->tables;
    const uint32_t state = w->state;
    const uint32_t at = state * XZ_POS_STATES_MAX + v->pos_state;
    const uint32_t is_match = t->one[PRICE_AT(is_match) + at];
    v->to_match = is_match + t->zero[PRICE_AT(is_rep) + state];
    v->to_rep = is_match + t->one[PRICE_AT(is_rep) + state];
    v->to_long_rep0 =
        t->zero[PRICE_AT(is_not_rep0) + state] + t->one[PRICE_AT(is_long_rep0) + at];
}

/* A literal, all decisions. */
XZ_ALWAYS_INLINE uint32_t literal_of(const struct walk *w, const uint8_t *text,
                                     uint32_t position, uint32_t state, uint32_t dist)
{
    const struct xz_enc_props *const props = &w->coder->props;
    const uint32_t pos_state = position & props->pb_mask;
    const uint32_t at = state * XZ_POS_STATES_MAX + pos_state;
    const uint32_t context = xz_literal_context(props, position, text[-1]);
    return w->tables->zero[PRICE_AT(is_match) + at]
           + xz_price_literal(&w->o->prices.literal[context], text[0], *(text - dist),
                              state >= XZ_STATE_LITERALS);
}

/* Those, and prices of one byte. */
AVX512 XZ_ALWAYS_INLINE void weigh_one(const struct walk *w, struct visit *v)
{
    const struct tables *const t = w->tables;
    const uint32_t state = w->state;
    const uint32_t at = state * XZ_POS_STATES_MAX + v->pos_state;
    weigh_first(w, v);
    const uint32_t short_rep = v->to_rep + t->zero[PRICE_AT(is_not_rep0) + state]
                               + t->zero[PRICE_AT(is_long_rep0) + at];

    const uint32_t rep = (uint32_t)_mm_cvtsi128_si32(w->reps);
    v->literal = literal_of(w, v->text, v->position, state, rep);
    const uint32_t no_short = (uint32_t)(v->equal & 1) - 1; // mask
    v->is_short = mask_if((short_rep | no_short) < v->literal);
    v->one = pick(v->literal, short_rep, v->is_short);
    v->is_one = mask_if(w->price + v->one < w->old.price);
}

/* All symbols of up to 16 bytes. */
AVX512 XZ_ALWAYS_INLINE void weigh_near(struct walk *w, const struct visit *v,
                                        const struct laid *laid)
{
    const struct tables *const t = w->tables;
    const uint32_t state = w->state;
    const uint64_t runs = v->low & ~FIELDS;
    const __mmask16 rep0 = (__mmask16)runs;
    __m512i best = fill(XZ_PRICE_INFINITE << ID_BITS);
    best = _mm512_mask_mov_epi32(best, rep0, fill(v->to_long_rep0 << ID_BITS));
    best = _mm512_mask_min_epu32(best, (__mmask16)(runs >> 16), best,
                                 fill(t->rep_words[1][state]));
    best = _mm512_mask_min_epu32(best, (__mmask16)(runs >> 32), best,
                                 fill(t->rep_words[2][state]));
    best = _mm512_mask_min_epu32(best, (__mmask16)(runs >> 48), best,
                                 fill(t->rep_words[3][state]));
    const __m512i rep_lens = _mm512_loadu_si512(t->rep_lens[v->pos_state]);
    best =
        _mm512_add_epi32(best, _mm512_add_epi32(rep_lens, fill(v->to_rep << ID_BITS)));
    const uint32_t one = (v->one << ID_BITS) + (ID_LITERAL & ~v->is_short);
    best = _mm512_mask_mov_epi32(best, 1, fill(one));
    const __m512i match_lens = _mm512_loadu_si512(t->match_lens[v->pos_state]);
    const __m512i matches = _mm512_add_epi32(
        _mm512_slli_epi32(laid->price, ID_BITS),
        _mm512_add_epi32(match_lens, fill((v->to_match << ID_BITS) + ID_MATCH)));
    best = _mm512_mask_min_epu32(best, (__mmask16)~rep0, best, matches);

    struct ahead *const a = &w->ahead;
    const __m512i price =
        _mm512_add_epi32(_mm512_srli_epi32(best, ID_BITS), fill(w->price));
    const __mmask16 cheaper = _mm512_cmplt_epu32_mask(price, a->price);
    const __mmask16 is_match =
        _mm512_mask_test_epi32_mask(cheaper, best, fill(ID_MATCH));
    a->price = _mm512_min_epu32(a->price, price);
    /* The lowest bits of a word say which; a literal's distance is 0. */
    a->dist = _mm512_mask_permutexvar_epi32(a->dist, cheaper, best,
                                            _mm512_zextsi128_si512(w->reps));
    a->dist = _mm512_mask_or_epi32(a->dist, is_match, laid->dist, fill(XZ_AS_MATCH));
    a->edge = _mm512_mask_mov_epi32(
        a->edge, cheaper,
        _mm512_setr_epi32(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
}

/* From "it is a rep" on, without the length. */
XZ_ALWAYS_INLINE uint32_t rep_price(const struct walk *w, const struct visit *v,
                                    uint32_t index)
{
    const uint32_t more =
        index == 0 ? v->to_long_rep0 : w->tables->rep_words[index][w->state] >> ID_BITS;
    return w->price + v->to_rep + more;
}

/* The pair's price without the length. */
XZ_ALWAYS_INLINE uint32_t pair_price(const struct walk *w, const struct visit *v,
                                     uint32_t at, uint32_t dist_state)
{
    const struct xz_prices *const prices = &w->o->prices;
    return w->price + v->to_match + prices->dist[w->o->row[at]][dist_state]
           + prices->dist_align[w->o->align[at]];
}

_Static_assert(XZ_FAR_MIN == LANES + 1, "what is tried inside a match has no lanes");

/* Symbols of more than 16 bytes; of a node inside a match those that go beyond it. */
AVX512 XZ_ALWAYS_INLINE void weigh_far(struct walk *w, const struct visit *v,
                                       bool is_beyond)
{
    struct xz_optimal *const o = w->o;
    uint32_t from = XZ_FAR_MIN;
    if (XZ_UNLIKELY(v->is_long)) {
        from = far_from(v->rep_lens[0]);
        const uint32_t rep_from = is_beyond ? from : XZ_FAR_MIN;
        for (uint32_t i = is_beyond ? 1 : 0; i < XZ_REPS; ++i) {
            if (v->rep_lens[i] >= rep_from)
                run_far(&w->ahead, o, w->node, rep_price(w, v, i),
                        o->prices.rep_len[v->pos_state], rep_from, v->rep_lens[i],
                        v->reps[i]);
        }
    }
    if (v->longest < from)
        return;
    uint32_t at = v->first_pair + v->pair_count - 1;
    while (at > v->first_pair && o->batch.pairs[at - 1].len >= from)
        --at;
    for (; at < v->first_pair + v->pair_count; ++at) {
        const struct xz_pair *const pair = &o->batch.pairs[at];
        run_far(&w->ahead, o, w->node, pair_price(w, v, at, XZ_DIST_STATES - 1),
                o->prices.match_len[v->pos_state], from, pair->len,
                pair->dist | XZ_AS_MATCH);
        from = pair->len + 1;
    }
}

XZ_ALWAYS_INLINE uint32_t rep_len(const struct visit *v, uint32_t index)
{
    return v->is_long ? v->rep_lens[index]
                      : (uint32_t)xz_bits_low64(~(v->low >> (16 * index)));
}

/* The price of what has arrived `ahead` nodes from here, or more. */
XZ_ALWAYS_INLINE uint32_t price_ahead(const struct walk *w, uint32_t ahead)
{
    const uint32_t *const far = w->o->price + w->node + 1;
    return (ahead <= LANES ? w->near_prices : far)[ahead - 1];
}

/* Behind len bytes, which end at price in state: a literal, and rep 0 of two bytes or
   more, which agree if they are of the text. The len bytes are a symbol at dist, as:
   XZ_AS_MATCH for a match, else 0; two: 0, or XZ_EDGE_TWO if the last of them is a
   literal behind it. Few are cheaper than what has arrived: most are not even without
   the literal. */
AVX512 XZ_ALWAYS_INLINE void resume(struct walk *w, const struct visit *v, uint32_t len,
                                    uint32_t dist, uint32_t as, uint32_t price,
                                    uint32_t state, uint32_t two)
{
    const struct xz_prices *const prices = &w->o->prices;
    const struct xz_enc_props *const props = &w->coder->props;
    if (v->avail < len + 1 + XZ_LEN_MIN)
        return;
    const uint8_t *const text = v->text + len;
    const uint32_t left = v->avail - len - 1;
    const uint32_t limit = left < XZ_LEN_MAX ? left : XZ_LEN_MAX;
    const uint32_t resumed = xz_match_len(text + 1, text + 1 - dist, XZ_LEN_MIN, limit);
    const uint32_t position = v->position + len;
    price += w->tables->resumed[state][position & props->pb_mask]
             + prices->rep_len[(position + 1) & props->pb_mask][resumed - XZ_LEN_MIN];
    if (price >= price_ahead(w, len + 1 + resumed))
        return;
    price += xz_price_literal(
        &prices->literal[xz_literal_context(props, position, text[-1])], text[0],
        *(text - dist), state >= XZ_STATE_LITERALS);
    const struct edge e = {len + 1 + resumed, price, dist | as,
                           xz_edge(resumed, len + 1) | two};
    arrive(&w->ahead, w->o, w->node, &e);
}

/* Behind a match that ends at price: a literal, or two, then rep 0. */
AVX512 XZ_ALWAYS_INLINE void resume_match(struct walk *w, const struct visit *v,
                                          struct xz_pair pair, uint32_t price)
{
    uint32_t len = pair.len;
    uint32_t state = xz_state_after_match(w->state);
    uint32_t two = 0;
    const uint8_t *const text = v->text + len;
    if (xz_read16le(text + 1) != xz_read16le(text + 1 - pair.dist)) {
        price += literal_of(w, text, v->position + len, state, pair.dist);
        state = xz_state_after_literal(state);
        two = XZ_EDGE_TWO;
        ++len;
    }
    resume(w, v, len, pair.dist, XZ_AS_MATCH, price, state, two);
}

/* Bits of pairs, at most 32 from `first` on: see goes_on(). */
static XZ_NOINLINE uint32_t find_resumed(const struct xz_optimal *o,
                                         const uint8_t *text, uint32_t first,
                                         uint32_t count)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count && i < 32; ++i) {
        const struct xz_pair *const pair = &o->batch.pairs[first + i];
        found |= (uint32_t)goes_on(text + pair->len, pair->dist) << i;
    }
    return found;
}

AVX512 XZ_ALWAYS_INLINE void resume_pairs(struct walk *w, const struct visit *v,
                                          uint32_t found)
{
    struct xz_optimal *const o = w->o;
    if (XZ_UNLIKELY(v->pair_count > 32))
        found = find_resumed(o, v->text, v->first_pair, 32);
    const uint32_t rep0_len = rep_len(v, 0);
    for (uint32_t done = 0;;) {
        for (; found != 0; found &= found - 1) {
            const uint32_t at = v->first_pair + done + (uint32_t)xz_bits_low64(found);
            const struct xz_pair pair = o->batch.pairs[at];
            if (pair.len > rep0_len)
                resume_match(
                    w, v, pair,
                    pair_price(w, v, at, xz_dist_state(pair.len))
                        + o->prices.match_len[v->pos_state][pair.len - XZ_LEN_MIN]);
        }
        done += 32;
        if (v->pair_count <= done)
            return;
        found = find_resumed(o, v->text, v->first_pair + done, v->pair_count - done);
    }
}

/* Runs of symbols. */
AVX512 XZ_ALWAYS_INLINE void weigh_resumed(struct walk *w, const struct visit *v,
                                           uint32_t found)
{
    const bool is_literal = (v->equal & 7) == 6 && v->is_one == 0;
    if (XZ_LIKELY((v->resumed | found | (uint32_t)is_literal) == 0))
        return;
    _mm512_storeu_si512(w->near_prices, w->ahead.price);
    if (is_literal)
        resume(w, v, 0, v->reps[0], 0, w->price, w->state, 0);
    for (uint64_t left = v->resumed; left != 0;) {
        const uint32_t i = (uint32_t)xz_bits_low64(left) / 16;
        left &= ~(UINT64_C(0xFFFF) << (16 * i));
        const uint32_t len = rep_len(v, i);
        resume(w, v, len, v->reps[i], 0,
               rep_price(w, v, i)
                   + w->o->prices.rep_len[v->pos_state][len - XZ_LEN_MIN],
               xz_state_after_rep(w->state), 0);
    }
    if (found != 0)
        resume_pairs(w, v, found);
}

/* Makes the nearest arrival final. Returns true if the stretch ends there. */
AVX512 XZ_ALWAYS_INLINE bool finish_visit(struct walk *w, const struct visit *v)
{
    ++w->node;
    move_down(&w->ahead, w->o, w->node);
    w->is_met = is_last(&w->ahead, w->node);
    return xz_stretch_ends(w->node, w->is_met, v->avail);
}

/* Goes on to the node that finish_visit() has reached. */
AVX512 XZ_ALWAYS_INLINE void go_on(struct walk *w, __m128i reps, uint32_t state,
                                   uint32_t price)
{
    struct xz_enc_context *const c = &w->o->context[w->node];
    w->reps = reps;
    w->state = state;
    w->price = price;
    c->state = state;
    _mm_storeu_si128((__m128i *)c->reps, reps);
    w->old.price = low32(w->ahead.price);
    w->old.dist = low32(w->ahead.dist);
    w->old.edge = low32(w->ahead.edge);
}

/* The same by the one arrival or the old one. */
AVX512 XZ_ALWAYS_INLINE void go_on_by_either(struct walk *w, const struct visit *v,
                                             __m128i old_reps, uint32_t old_state)
{
    const uint32_t one_state = next_state[AFTER_SHORTREP & v->is_short][w->state];
    const __m128i is_one = _mm_set1_epi32((int)v->is_one);
    go_on(w, _mm_blendv_epi8(old_reps, w->reps, is_one),
          pick(old_state, one_state, v->is_one),
          pick(w->old.price, w->price + v->one, v->is_one));
}

/* True if nothing but a literal leads on from where all ways meet. Such nodes are most
   of what hardly compresses. */
XZ_ALWAYS_INLINE bool is_lone(const struct walk *w, const struct visit *v)
{
    return w->is_met && v->pair_count == 0 && v->low == 0;
}

/* Takes that literal. As ways differ behind the node alone, its price does not count.
   Returns true if the stretch ends there. */
XZ_ALWAYS_INLINE bool take_literal(struct walk *w, const struct visit *v)
{
    struct xz_optimal *const o = w->o;
    ++w->node;
    o->dist[w->node] = 0;
    o->edge[w->node] = xz_edge(1, 0);
    w->state = xz_state_after_literal(w->state);
    struct xz_enc_context *const c = &o->context[w->node];
    c->state = w->state;
    _mm_storeu_si128((__m128i *)c->reps, w->reps);
    return xz_stretch_ends(w->node, true, v->avail);
}

AVX512 XZ_ALWAYS_INLINE void begin_walk(struct walk *w, struct xz_parse *parse,
                                        struct xz_optimal *o, struct tables *tables,
                                        uint32_t *near_prices)
{
    const struct xz_symbol_enc *const coder = parse->coder;
    w->parse = parse;
    w->o = o;
    w->coder = coder;
    w->tables = tables;
    w->near_prices = near_prices;
    xz_prices_refresh(&o->prices, coder, XZ_LENS);
    fill_tables(tables, &coder->model, &o->prices, coder->props.pb_mask + 1);
    start_ahead(&w->ahead);
    w->node = 0;
    w->price = 0;
    w->is_met = true;
    w->reps = _mm_loadu_si128((const __m128i *)coder->context.reps);
    w->state = coder->context.state;
    w->old = (struct arrival){.price = XZ_PRICE_INFINITE, .edge = 1};
    o->context[0] = coder->context;
    o->edge[0] = xz_edge(1, 0);
}

AVX512 static void parse_avx512(struct xz_parse *parse, struct xz_optimal *o)
{
    const uint32_t nice_len = parse->finder->nice_len;
    struct tables tables;
    uint32_t near_prices[LANES];
    uint32_t rep_lens[XZ_REPS];
    struct long_rep long_reps[XZ_REPS] = {{0}};
    struct walk w;
    w.long_reps = long_reps;
    begin_walk(&w, parse, o, &tables, near_prices);
    for (;;) {
        struct visit v;
        v.rep_lens = rep_lens;
        begin_visit(&w, &v);
        const uint32_t longest_rep = look_at_reps(&w, &v, nice_len);
        if (is_lone(&w, &v)) {
            if (take_literal(&w, &v))
                break;
            continue;
        }
        uint32_t old_state;
        const __m128i old_reps = settle_old(o, w.node + 1, &w.old, &old_state);
        if (longest_rep > 0) {
            const uint32_t rep = rep_to_take(v.rep_lens, longest_rep);
            xz_optimal_finish(parse, o, w.node, w.ahead.far_end, v.rep_lens[rep],
                              v.reps[rep]);
            return;
        }
        if (v.longest >= nice_len) {
            xz_optimal_take_match(parse, o, w.node, w.ahead.far_end, v.longest,
                                  o->batch.pairs[v.first_pair + v.pair_count - 1].dist);
            return;
        }
        if (XZ_UNLIKELY(v.is_long) && is_inside(&w, &v)) {
            if (reaches_beyond(&v)) {
                weigh_first(&w, &v);
                weigh_far(&w, &v, true);
            }
            if (finish_visit(&w, &v))
                break;
            go_on(&w, old_reps, old_state, w.old.price);
            continue;
        }
        const struct laid laid = lay_pairs(o, v.text, v.first_pair, v.pair_count);
        weigh_one(&w, &v);
        weigh_near(&w, &v, &laid);
        if (XZ_UNLIKELY(v.is_long || v.longest > LANES))
            weigh_far(&w, &v, false);
        weigh_resumed(&w, &v, laid.resumed);
        if (finish_visit(&w, &v))
            break;
        go_on_by_either(&w, &v, old_reps, old_state);
    }
    xz_optimal_finish(parse, o, w.node, w.ahead.far_end, 0, 0);
}

void (*const xz_parse_optimal_avx512)(struct xz_parse *parse,
                                      struct xz_optimal *o) = parse_avx512;

#endif
