// SPDX-License-Identifier: 0BSD
// Front of the parser by price with AVX2: prices in memory, edges of eight lengths at a
// time.
//
// Lengths are in windows of eight from XZ_LEN_MIN on, whatever the first one that
// counts: what one distance has written is read by the next one at the same place, so
// that the CPU need not wait for it to arrive in the cache.

#include "lzma/parse_nodes.h"

#if XZ_X86_64

# include <immintrin.h>

# define FRONT_TARGET XZ_TARGET("avx2,bmi,bmi2")

# include "lzma/parse_memory.h"

/* Lengths of a window. */
# define LANES 8

FRONT_TARGET XZ_ALWAYS_INLINE __m256i fill(uint32_t v)
{
    return _mm256_set1_epi32((int)v);
}

/* Replaces those of v where mask is set. */
FRONT_TARGET XZ_ALWAYS_INLINE void replace(uint32_t *at, __m256i v, __m256i mask)
{
    const __m256i old = _mm256_loadu_si256((const void *)at);
    _mm256_storeu_si256((void *)at, _mm256_blendv_epi8(old, v, mask));
}

/* Lengths of the window that begins with len. */
FRONT_TARGET XZ_ALWAYS_INLINE __m256i lens_from(uint32_t len)
{
    return _mm256_add_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), fill(len));
}

/* Takes those valid edges of a window, from len on, that are cheaper. */
FRONT_TARGET XZ_ALWAYS_INLINE void weigh(struct front *f, uint32_t len, __m256i price,
                                         __m256i dist, __m256i lens, __m256i valid)
{
    struct xz_optimal *const o = f->o;
    const uint32_t node = f->node + len;
    const __m256i old = _mm256_loadu_si256((const void *)(o->price + node));
    const __m256i cheaper = _mm256_and_si256(valid, _mm256_cmpgt_epi32(old, price));
    replace(o->price + node, price, cheaper);
    replace(o->dist + node, dist, cheaper);
    replace(o->edge + node, lens, cheaper);
}

FRONT_TARGET XZ_ALWAYS_INLINE void reach(struct front *f, uint32_t len)
{
    const uint32_t node = f->node + len;
    f->end = f->end < node ? node : f->end;
}

FRONT_TARGET XZ_ALWAYS_INLINE __m256i prices_of(const uint32_t *len_prices,
                                                uint32_t len)
{
    return _mm256_loadu_si256((const void *)(len_prices + (len - XZ_LEN_MIN)));
}

FRONT_TARGET XZ_ALWAYS_INLINE void front_run(struct front *f, uint32_t base,
                                             const uint32_t *len_prices, uint32_t from,
                                             uint32_t to, uint32_t dist)
{
    reach(f, to);
    const uint32_t first = from - (from - XZ_LEN_MIN) % LANES;
    for (uint32_t len = first; len <= to; len += LANES) {
        const __m256i lens = lens_from(len);
        __m256i valid = _mm256_cmpgt_epi32(fill(to + 1), lens);
        if (from > XZ_LEN_MIN) // else a constant
            valid = _mm256_and_si256(valid, _mm256_cmpgt_epi32(lens, fill(from - 1)));
        weigh(f, len, _mm256_add_epi32(fill(base), prices_of(len_prices, len)),
              fill(dist), lens, valid);
    }
}

/* The pairs that reach a window of lengths: for each length from `from` on, the price
   and distance of the first one that is as long. */
struct nearest {
    __m256i price;
    __m256i dist;
};

/* Finds them from `pair` on, which is the first. Returns the first of the next window,
   or the last of all. states: of distances, by lane. */
FRONT_TARGET XZ_ALWAYS_INLINE const struct xz_pair *
nearest_of(const struct front *f, uint32_t from, __m256i lens, uint32_t last,
           __m256i states, const struct xz_pair *pair, const struct xz_pair *end,
           struct nearest *ret_nearest)
{
    __m256i price = _mm256_setzero_si256();
    __m256i dist = _mm256_setzero_si256();
    for (;;) {
        uint32_t more;
        const uint32_t *const row = xz_price_dist_row(&f->o->prices, pair->dist, &more);
        const __m256i by_state = _mm256_permutevar8x32_epi32(
            _mm256_castsi128_si256(_mm_loadu_si128((const void *)row)), states);
        const __m256i own = _mm256_cmpgt_epi32(lens, fill(from - 1));
        price = _mm256_blendv_epi8(price, _mm256_add_epi32(by_state, fill(more)), own);
        dist = _mm256_blendv_epi8(dist, fill(pair->dist), own);
        if (pair->len >= last || pair + 1 == end)
            break;
        from = pair->len + 1;
        ++pair;
    }
    *ret_nearest = (struct nearest){price, dist};
    return pair->len == last ? pair + 1 : pair;
}

FRONT_TARGET XZ_ALWAYS_INLINE void
front_matches(struct front *f, uint32_t base, const uint32_t *len_prices, uint32_t from,
              const struct xz_pair *pair, const struct xz_pair *end)
{
    const __m256i last_state = fill(XZ_DIST_STATES - 1);
    const uint32_t longest = end[-1].len;
    const uint32_t first = from - (from - XZ_LEN_MIN) % LANES;
    __m256i states =
        first > XZ_LEN_MIN ? last_state : _mm256_setr_epi32(0, 1, 2, 3, 3, 3, 3, 3);
    reach(f, longest);
    for (uint32_t len = first; len <= longest; len += LANES) {
        const __m256i lens = lens_from(len);
        struct nearest nearest;
        pair = nearest_of(f, from, lens, len + LANES - 1, states, pair, end, &nearest);
        const __m256i valid =
            _mm256_and_si256(_mm256_cmpgt_epi32(lens, fill(from - 1)),
                             _mm256_cmpgt_epi32(fill(longest + 1), lens));
        const __m256i price = _mm256_add_epi32(
            nearest.price, _mm256_add_epi32(fill(base), prices_of(len_prices, len)));
        const __m256i dist = _mm256_or_si256(nearest.dist, fill(XZ_AS_MATCH));
        weigh(f, len, price, dist, lens, valid);
        states = last_state;
        from = len + LANES;
    }
}

# include "lzma/parse_loop.h"

FRONT_TARGET static void parse_avx2(struct xz_parse *parse, struct xz_optimal *o)
{
    parse_stretch(parse, o);
}

void (*const xz_parse_optimal_avx2)(struct xz_parse *parse,
                                    struct xz_optimal *o) = parse_avx2;

#endif
