// SPDX-License-Identifier: 0BSD
// The fast parser: the best symbol here, unless the next position has a better one.
//
// What a match is worth is estimated without the model: each byte it covers saves about
// what bytes cost on average when they are coded one by one or by a shorter match, and
// the symbol itself costs a fixed part and its distance's bits. The distance with the
// highest gain is chosen, which need not be that of the longest match: a byte more is
// not worth six bits of distance.
//
// Then the next position is asked the same. If its best symbol gains more, a literal
// comes first, and the question is put again from there. Otherwise the symbol is taken
// and its text passed over: the finder searches only where it is asked.

#include "lzma/parse.h"
#include "match/match_len.h"

/* Estimates in eighths of a bit; found by trying on silesia7, ELF and source text. */
#define GAIN_BYTE      44
#define COST_MATCH     86
#define COST_DIST_BIT  8
#define COST_REP0      48
#define COST_REP       64
#define GAIN_OVER_WAIT 16 // by so much the next position must be better

/* Long enough to be taken without asking the next position. */
#define GAIN_NICE INT32_MAX

/* A symbol and what it gains over literals; 0 for a literal. */
struct choice {
    uint32_t len;
    uint32_t dist;
    int32_t gain;
};

static inline void consider(struct choice *best, uint32_t len, uint32_t dist,
                            uint32_t cost, uint32_t nice_len)
{
    int32_t gain = (int32_t)(len * GAIN_BYTE) - (int32_t)cost;
    if (len >= nice_len && best->gain < GAIN_NICE)
        gain = GAIN_NICE;
    if (gain > best->gain)
        *best = (struct choice){len, dist, gain};
}

static struct choice choose(const struct xz_parse *parse, uint32_t pos,
                            const uint32_t *reps)
{
    const struct xz_window *const w = parse->window;
    const uint8_t *const text = w->buf + pos;
    const uint32_t nice_len = parse->finder->nice_len;
    uint32_t limit = w->end - pos;
    if (limit > XZ_LEN_MAX)
        limit = XZ_LEN_MAX;
    struct choice best = {1, 0, 0};
    if (limit < XZ_LEN_MIN)
        return best;
    for (uint32_t i = 0; i < XZ_REPS; ++i) {
        const uint8_t *const source = text - reps[i];
        if (xz_read16le(source) != xz_read16le(text))
            continue;
        const uint32_t len = xz_match_len(text, source, XZ_LEN_MIN, limit);
        consider(&best, len, reps[i], i == 0 ? COST_REP0 : COST_REP, nice_len);
    }
    if (best.gain == GAIN_NICE)
        return best;
    struct xz_pair pairs[XZ_MATCH_LEN_MAX];
    const uint32_t count = xz_finder_find(parse->finder, w, pos, pairs);
    for (uint32_t i = count; i-- > 0;)
        consider(&best, pairs[i].len, pairs[i].dist,
                 COST_MATCH + COST_DIST_BIT * xz_bits_top32(pairs[i].dist), nice_len);
    return best;
}

/* One byte: a literal, or a short rep where that is possible. */
static inline struct xz_symbol single(const uint8_t *text, uint32_t rep0)
{
    return (struct xz_symbol){1, text[0] == *(text - rep0) ? rep0 : 0};
}

void xz_parse_fast(struct xz_parse *parse)
{
    const uint8_t *const buf = parse->window->buf;
    struct xz_symbol *out = parse->symbols;
    uint32_t reps[XZ_REPS];
    for (uint32_t i = 0; i < XZ_REPS; ++i)
        reps[i] = parse->coder->context.reps[i];

    uint32_t pos = parse->pos;
    struct choice here = choose(parse, pos, reps);
    while (true) {
        if (here.dist == 0) {
            *out++ = single(buf + pos, reps[0]);
            if (++pos == parse->find_end)
                break;
            here = choose(parse, pos, reps);
            continue;
        }
        if (here.gain < GAIN_NICE && pos + 1 < parse->find_end) {
            const struct choice next = choose(parse, pos + 1, reps);
            if (next.gain - GAIN_OVER_WAIT > here.gain) {
                *out++ = (struct xz_symbol){1, 0};
                ++pos;
                here = next;
                continue;
            }
        }
        *out++ = (struct xz_symbol){here.len, here.dist};
        xz_reps_use(reps, xz_rep_index(reps, here.dist), here.dist);
        pos += here.len;
        if (pos >= parse->find_end)
            break;
        here = choose(parse, pos, reps);
    }
    parse->first = 0;
    parse->count = (uint32_t)(out - parse->symbols);
    parse->size = pos - parse->pos;
}
