// SPDX-License-Identifier: 0BSD
// Nodes ahead of the parser with AVX-512 (parse_optimal_x86.c), and edges to them.
//
//     lane      0        1        2       ...   15
//     node      node+1   node+2   node+3        node+16   | memory: node+17 ...
//     length    1        2        3             16
//
// When the parser goes on, the lanes move down by one, the lowest becomes final, and
// the next one comes from memory, where only edges longer than 16 bytes are written.
// Prices that went through memory would cost more: loads that overlap a store of
// another width have to wait for it.

#ifndef XZ_LZMA_PARSE_LANES_X86_H
#define XZ_LZMA_PARSE_LANES_X86_H

#include "base/bytes.h"
#include "lzma/parse_tables_x86.h"

#if XZ_X86_64

struct ahead {
    __m512i price;
    __m512i dist;
    __m512i edge;     // of a node that is not reached: one byte
    uint32_t far_end; // last node in memory that is reached
};

/* An edge. */
struct edge {
    uint32_t ahead; // nodes
    uint32_t price;
    uint32_t dist;
    uint32_t edge;
};

/* How a node may be reached, from lane 0. */
struct arrival {
    uint32_t price;
    uint32_t dist;
    uint32_t edge;
};

AVX512 XZ_ALWAYS_INLINE uint32_t low32(__m512i v)
{
    return (uint32_t)_mm_cvtsi128_si32(_mm512_castsi512_si128(v));
}

AVX512 XZ_ALWAYS_INLINE void start_ahead(struct ahead *a)
{
    a->price = fill(XZ_PRICE_INFINITE);
    a->dist = _mm512_setzero_si512();
    a->edge = fill(1);
    a->far_end = 0;
}

/* Lane 0 goes into memory, as node; all lanes move down. */
AVX512 XZ_ALWAYS_INLINE void move_down(struct ahead *a, struct xz_optimal *o,
                                       uint32_t node)
{
    o->dist[node] = low32(a->dist);
    o->edge[node] = low32(a->edge);
    const uint32_t next = node + LANES;
    __m512i price = fill(XZ_PRICE_INFINITE);
    __m512i dist = _mm512_setzero_si512();
    __m512i edge = fill(1);
    if (next <= a->far_end && o->price[next] < XZ_PRICE_INFINITE) {
        price = fill(o->price[next]);
        dist = fill(o->dist[next]);
        edge = fill(o->edge[next]);
        o->price[next] = XZ_PRICE_INFINITE;
    }
    a->price = _mm512_alignr_epi32(price, a->price, 1);
    a->dist = _mm512_alignr_epi32(dist, a->dist, 1);
    a->edge = _mm512_alignr_epi32(edge, a->edge, 1);
}

/* True if nothing behind node is reached. */
AVX512 XZ_ALWAYS_INLINE bool is_last(const struct ahead *a, uint32_t node)
{
    return _mm512_cmplt_epu32_mask(a->price, fill(XZ_PRICE_INFINITE)) == 0
           && a->far_end <= node;
}

XZ_ALWAYS_INLINE void reach_far(struct ahead *a, uint32_t node)
{
    a->far_end = a->far_end < node ? node : a->far_end;
}

AVX512 XZ_ALWAYS_INLINE void arrive(struct ahead *a, struct xz_optimal *o,
                                    uint32_t node, const struct edge *e)
{
    if (e->ahead <= LANES) {
        const __m512i price = fill(e->price);
        const __mmask16 cheaper = _mm512_mask_cmplt_epu32_mask(
            (__mmask16)(1U << (e->ahead - 1)), price, a->price);
        a->price = _mm512_mask_mov_epi32(a->price, cheaper, price);
        a->dist = _mm512_mask_mov_epi32(a->dist, cheaper, fill(e->dist));
        a->edge = _mm512_mask_mov_epi32(a->edge, cheaper, fill(e->edge));
        return;
    }
    const uint32_t at = node + e->ahead;
    reach_far(a, at);
    if (e->price < o->price[at]) {
        o->price[at] = e->price;
        o->dist[at] = e->dist;
        o->edge[at] = e->edge;
    }
}

/* Edges of `from` (above LANES) to `to` bytes, in memory. Nearly always nothing is
   cheaper: then nothing is stored, for which the next node's loads would wait. */
AVX512 XZ_ALWAYS_INLINE void run_far(struct ahead *a, struct xz_optimal *o,
                                     uint32_t node, uint32_t base,
                                     const uint32_t *len_prices, uint32_t from,
                                     uint32_t to, uint32_t dist)
{
    const __m512i count =
        _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (uint32_t len = from; len <= to; len += LANES) {
        const uint32_t left = to + 1 - len;
        const __mmask16 lanes =
            (__mmask16)_bzhi_u32(UINT16_MAX, left < LANES ? left : LANES);
        uint32_t *const at = o->price + node + len;
        const __m512i price = _mm512_add_epi32(
            fill(base),
            _mm512_maskz_loadu_epi32(lanes, len_prices + (len - XZ_LEN_MIN)));
        const __mmask16 cheaper = _mm512_mask_cmplt_epu32_mask(
            lanes, price, _mm512_maskz_loadu_epi32(lanes, at));
        if (cheaper == 0)
            continue;
        _mm512_mask_storeu_epi32(at, cheaper, price);
        _mm512_mask_storeu_epi32(o->dist + node + len, cheaper, fill(dist));
        _mm512_mask_storeu_epi32(o->edge + node + len, cheaper,
                                 _mm512_add_epi32(fill(len), count));
    }
    reach_far(a, node + to);
}

/* All pairs of a position, for each length up to 16. */
struct laid {
    __m512i price; // of the distance
    __m512i dist;
    uint32_t resumed; // bits of pairs (the first 32): see goes_on()
};

/* Whether two bytes go on at dist behind a byte that differs, or behind two. Where the
   text ends they may be behind it: who uses this asks for that. */
XZ_ALWAYS_INLINE bool goes_on(const uint8_t *differing, uint32_t dist)
{
    _Static_assert(XZ_WINDOW_SLACK >= 1 + sizeof(uint32_t), "it can be read");
    const uint8_t *const behind = differing + 1;
    const uint32_t bits = xz_read32le(behind) ^ xz_read32le(behind - dist);
    return ((bits & 0xFFFF) == 0) | ((bits & 0xFFFF00) == 0);
}

AVX512 XZ_ALWAYS_INLINE void lay_pair(struct laid *l, const struct xz_optimal *o,
                                      const uint8_t *text, struct xz_pair pair,
                                      uint32_t at, uint32_t lanes, uint32_t bit)
{
    const __m512i states =
        _mm512_setr_epi32(0, 0, 1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3);
    const __m128i *const row = (const __m128i *)o->prices.dist[o->row[at]];
    const __m512i price =
        _mm512_permutexvar_epi32(states, _mm512_castsi128_si512(_mm_loadu_si128(row)));
    l->price = _mm512_mask_add_epi32(l->price, (__mmask16)lanes, price,
                                     fill(o->prices.dist_align[o->align[at]]));
    l->dist = _mm512_mask_mov_epi32(l->dist, (__mmask16)lanes, fill(pair.dist));
    l->resumed |= (uint32_t)goes_on(text + pair.len, pair.dist) << (bit & 31);
}

/* `count` pairs from o->batch.pairs[first] on. */
AVX512 XZ_ALWAYS_INLINE struct laid lay_pairs(const struct xz_optimal *o,
                                              const uint8_t *text, uint32_t first,
                                              uint32_t count)
{
    struct laid l = {fill(XZ_PRICE_INFINITE), _mm512_setzero_si512(), 0};
    /* Those that are not there have no lanes, and are read as zeros: they would be
       pairs of another text. */
    const uint32_t there = count < PAIRS_AT_ONCE ? count : PAIRS_AT_ONCE;
    struct xz_pair pairs[PAIRS_AT_ONCE];
    _mm256_storeu_si256((__m256i *)pairs,
                        _mm256_maskz_loadu_epi64((__mmask8)_bzhi_u32(UINT8_MAX, there),
                                                 o->batch.pairs + first));
    const uint64_t below =
        _bzhi_u64(xz_load64((const uint8_t *)(o->lanes + first)), 16 * there);
    const uint64_t lanes = below & ~(below << 16 | 1);
    lay_pair(&l, o, text, pairs[0], first, (uint16_t)lanes, 0);
    lay_pair(&l, o, text, pairs[1], first + 1, (uint16_t)(lanes >> 16), 1);
    lay_pair(&l, o, text, pairs[2], first + 2, (uint16_t)(lanes >> 32), 2);
    lay_pair(&l, o, text, pairs[3], first + 3, (uint16_t)(lanes >> 48), 3);
    for (uint32_t i = PAIRS_AT_ONCE; i < count; ++i) {
        const uint32_t at = first + i;
        lay_pair(&l, o, text, o->batch.pairs[at], at,
                 o->lanes[at] & ~(uint32_t)o->lanes[at - 1], i);
    }
    l.resumed = _bzhi_u32(l.resumed, count < 32 ? count : 32);
    return l;
}

#endif

#endif
