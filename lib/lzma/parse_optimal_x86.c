// SPDX-License-Identifier: 0BSD
// Front of the parser by price with AVX-512: the next 16 nodes are in registers.
//
//     lane      0        1        2       ...   15
//     node      node+1   node+2   node+3        node+16   | memory: node+17 ...
//     length    1        2        3             16
//
// For each node, all lengths to 16 of a distance are weighed by a few instructions, and
// all pairs together: their prices and distances are gathered lane by lane first. When
// the parser goes on, the lanes move down by one, the lowest becomes final, and the
// next one comes from memory, where only edges longer than 16 bytes are written. Prices
// that went through memory would cost more: loads that overlap a store of another
// width have to wait for it.

#include "lzma/parse_nodes.h"

#if XZ_X86_64

# include <immintrin.h>

# define FRONT_TARGET                                                                  \
  XZ_TARGET("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,bmi,bmi2")

/* Lanes, and so the longest edge that stays in them. */
# define LANES 16

struct front {
    struct xz_optimal *o;
    uint32_t node;
    uint32_t end; // last node that is reached
    __m512i price;
    __m512i dist;
    __m512i edge;
};

FRONT_TARGET XZ_ALWAYS_INLINE __m512i fill(uint32_t v)
{
    return _mm512_set1_epi32((int)v);
}

FRONT_TARGET XZ_ALWAYS_INLINE void front_start(struct front *f, struct xz_optimal *o)
{
    f->o = o;
    f->node = 0;
    f->end = 0;
    f->price = fill(XZ_PRICE_INFINITE);
    f->dist = _mm512_setzero_si512();
    f->edge = _mm512_setzero_si512();
}

/* Lane 0 of v; then all lanes move down and `next` comes in above. */
FRONT_TARGET XZ_ALWAYS_INLINE uint32_t shift(__m512i *v, uint32_t next)
{
    const uint32_t low = (uint32_t)_mm_cvtsi128_si32(_mm512_castsi512_si128(*v));
    *v = _mm512_alignr_epi32(fill(next), *v, 1);
    return low;
}

FRONT_TARGET XZ_ALWAYS_INLINE uint32_t front_next(struct front *f)
{
    struct xz_optimal *const o = f->o;
    const uint32_t node = ++f->node;
    const uint32_t next = node + LANES;
    o->dist[node] = shift(&f->dist, o->dist[next]);
    o->edge[node] = shift(&f->edge, o->edge[next]);
    const uint32_t price = shift(&f->price, o->price[next]);
    o->price[next] = XZ_PRICE_INFINITE;
    return price;
}

FRONT_TARGET XZ_ALWAYS_INLINE uint32_t front_price_ahead(const struct front *f)
{
    return (uint32_t)_mm_cvtsi128_si32(_mm512_castsi512_si128(f->price));
}

/* Takes those of the masked lanes that are cheaper. */
FRONT_TARGET XZ_ALWAYS_INLINE void weigh(struct front *f, uint32_t mask, __m512i price,
                                         __m512i dist, __m512i edge)
{
    const __mmask16 cheaper =
        _mm512_mask_cmplt_epu32_mask((__mmask16)mask, price, f->price);
    f->price = _mm512_mask_mov_epi32(f->price, cheaper, price);
    f->dist = _mm512_mask_mov_epi32(f->dist, cheaper, dist);
    f->edge = _mm512_mask_mov_epi32(f->edge, cheaper, edge);
}

FRONT_TARGET XZ_ALWAYS_INLINE void front_arrive(struct front *f, uint32_t ahead,
                                                uint32_t price, uint32_t dist,
                                                uint32_t edge)
{
    const uint32_t node = f->node + ahead;
    f->end = f->end < node ? node : f->end;
    if (ahead <= LANES) {
        weigh(f, 1U << (ahead - 1), fill(price), fill(dist), fill(edge));
        return;
    }
    struct xz_optimal *const o = f->o;
    const uint32_t mask = 0 - (uint32_t)(price < o->price[node]);
    o->price[node] ^= (o->price[node] ^ price) & mask;
    o->dist[node] ^= (o->dist[node] ^ dist) & mask;
    o->edge[node] ^= (o->edge[node] ^ edge) & mask;
}

/* Edges of `from` (above LANES) to `to` bytes: in memory. */
FRONT_TARGET static inline void run_far(struct front *f, uint32_t base,
                                        const uint32_t *len_prices, uint32_t from,
                                        uint32_t to, uint32_t dist)
{
    const __m512i count =
        _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (uint32_t len = from; len <= to; len += LANES) {
        const uint32_t left = to + 1 - len;
        const __mmask16 lanes =
            (__mmask16)(left < LANES ? (1U << left) - 1 : (1U << LANES) - 1);
        const uint32_t node = f->node + len;
        uint32_t *const at = f->o->price + node;
        const __m512i price = _mm512_add_epi32(
            fill(base),
            _mm512_maskz_loadu_epi32(lanes, len_prices + (len - XZ_LEN_MIN)));
        const __mmask16 cheaper = _mm512_mask_cmplt_epu32_mask(
            lanes, price, _mm512_maskz_loadu_epi32(lanes, at));
        _mm512_mask_storeu_epi32(at, cheaper, price);
        _mm512_mask_storeu_epi32(f->o->dist + node, cheaper, fill(dist));
        _mm512_mask_storeu_epi32(f->o->edge + node, cheaper,
                                 _mm512_add_epi32(fill(len), count));
    }
}

/* Bits of the lanes whose lengths are from `from` to `to`, at most LANES. */
XZ_ALWAYS_INLINE uint32_t lanes_of(uint32_t from, uint32_t to)
{
    const uint32_t top = to < LANES ? to : LANES;
    return (1U << top) - (1U << (from - 1));
}

/* The edges that lanes stand for: their lengths. */
FRONT_TARGET XZ_ALWAYS_INLINE __m512i lane_lens(void)
{
    return _mm512_setr_epi32(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
}

/* Prices of lengths in their lanes; lane 0 is 0. */
FRONT_TARGET XZ_ALWAYS_INLINE __m512i lane_prices(const uint32_t *len_prices)
{
    const __m512i prices = _mm512_loadu_si512(len_prices);
    return _mm512_alignr_epi32(prices, _mm512_setzero_si512(), LANES - 1);
}

FRONT_TARGET XZ_ALWAYS_INLINE void reach(struct front *f, uint32_t len)
{
    const uint32_t node = f->node + len;
    f->end = f->end < node ? node : f->end;
}

FRONT_TARGET XZ_ALWAYS_INLINE void front_run(struct front *f, uint32_t base,
                                             const uint32_t *len_prices, uint32_t from,
                                             uint32_t to, uint32_t dist)
{
    reach(f, to);
    const __m512i price = _mm512_add_epi32(fill(base), lane_prices(len_prices));
    weigh(f, lanes_of(from, to), price, fill(dist), lane_lens());
    if (to > LANES)
        run_far(f, base, len_prices, LANES + 1, to, dist);
}

FRONT_TARGET XZ_ALWAYS_INLINE void
front_matches(struct front *f, uint32_t base, const uint32_t *len_prices, uint32_t from,
              const struct xz_pair *pair, const struct xz_pair *end)
{
    const __m512i states =
        _mm512_setr_epi32(0, 0, 1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3);
    const uint32_t longest = end[-1].len;
    reach(f, longest);
    __m512i price = _mm512_setzero_si512();
    __m512i dist = _mm512_setzero_si512();
    uint32_t len = from;
    for (; len <= LANES && pair < end; ++pair) {
        uint32_t more;
        const uint32_t *const row = xz_price_dist_row(&f->o->prices, pair->dist, &more);
        const __m512i by_state = _mm512_permutexvar_epi32(
            states, _mm512_castsi128_si512(_mm_loadu_si128((const void *)row)));
        const __mmask16 lanes = (__mmask16)lanes_of(len, pair->len);
        price = _mm512_mask_add_epi32(price, lanes, by_state, fill(more + base));
        dist = _mm512_mask_mov_epi32(dist, lanes, fill(pair->dist));
        if (pair->len > LANES)
            break;
        len = pair->len + 1;
    }
    if (from <= LANES)
        weigh(f, lanes_of(from, longest),
              _mm512_add_epi32(price, lane_prices(len_prices)), dist, lane_lens());
    if (longest <= LANES)
        return;
    len = from > LANES ? from : LANES + 1;
    for (; pair < end; ++pair) {
        uint32_t more;
        const uint32_t *const row = xz_price_dist_row(&f->o->prices, pair->dist, &more);
        run_far(f, base + more + row[XZ_DIST_STATES - 1], len_prices, len, pair->len,
                pair->dist);
        len = pair->len + 1;
    }
}

# include "lzma/parse_loop.h"

FRONT_TARGET static void parse_avx512(struct xz_parse *parse, struct xz_optimal *o)
{
    parse_stretch(parse, o);
}

void (*const xz_parse_optimal_avx512)(struct xz_parse *parse,
                                      struct xz_optimal *o) = parse_avx512;

#endif
