// SPDX-License-Identifier: 0BSD
// The fast parser: the best symbol here, unless the next position has a better one.
//
// What a match is worth is estimated without the model: each byte it covers saves about
// what bytes cost on average when they are coded one by one or by a shorter match
// (byte_worth.h), and the symbol itself costs a fixed part and its distance's bits. The
// distance with the highest gain is chosen, which need not be that of the longest
// match: a byte more is not worth six bits of distance.
//
// Then the next position is asked the same. If its best symbol gains more, a literal
// comes first, and the question is put again from there. The position after it is asked
// as well: where time is scarce, only about the last distances. Lines of a log agree
// with many others up to some digit, and behind it with one that was used before.
// Otherwise the symbol is taken and its text passed over: the finder searches only
// where it is asked. A match takes in the single bytes before it if its source goes on
// that way.
//
// Where the finder has rows, they are searched right here, without lists of pairs, in
// a loop that is compiled for each width of a row. Into the narrowest ones positions
// come ahead of the search, many at a time (row_catch.h). Three bytes are worth a match
// only where they are near; a small table finds those.

#include "lzma/parse.h"
#include "match/finder_table.h"
#include "match/row_catch.h"

/* Estimates in eighths of a bit; found by trying on silesia7, ELF and source text. */
#define GAIN_BYTE       46
#define GAIN_BYTE_DEAR  54
#define COST_MATCH      80
#define COST_DIST_BIT   8
#define COST_REP0       48
#define COST_REP        64
#define GAIN_OVER_WAIT  16 // by so much the next position must be better
#define GAIN_OVER_TWICE 40 // and the one behind it

/* Long enough to be taken without asking the next position. */
#define GAIN_NICE (INT32_C(1) << 30)

/* With a gain so large only the last distances of the next position are asked, in the
   narrowest rows and in narrow ones. */
#define GAIN_ENOUGH        80
#define GAIN_ENOUGH_NARROW 3000

/* In the narrowest rows, behind so many literals one is taken without asking. */
#define LITERALS_ENOUGH 12

/* Three bytes are looked for so far away; farther they cost more than they save. */
#define NEAR_DIST      512
#define NEAR_DIST_DEAR 4096

/* To divide gains by that of a byte without a division. */
#define SHARE_SHIFT    20
#define SHARE_OF(byte) ((UINT32_C(1) << SHARE_SHIFT) / (byte) + 1)
_Static_assert((GAIN_BYTE_DEAR * XZ_LEN_MAX + COST_MATCH + GAIN_OVER_TWICE)
                       * GAIN_BYTE_DEAR
                   < INT32_C(1) << SHARE_SHIFT,
               "quotients of all gains are exact");

/* Bytes that are compared at a last distance of a position that must offer more. */
#define REP_PROBE 4

/* From this width of rows on, the position behind the next is searched, too. */
#define TWICE_ROW_BITS 4

/* Positions ahead whose rows are fetched into the cache. */
#define AHEAD 12

/* Of longer matches, only as many positions as half of this become findable: the rest
   of the text is found at its source. */
#define LONG_NARROW 32
#define LONG_WIDE   96
#define NARROW_BITS 3

/* A width of rows that stands for the other finders. */
#define NO_ROWS 0

/* A symbol and what it gains over literals; 0 for a literal. */
struct choice {
    uint32_t len;
    uint32_t dist;
    int32_t gain;
};

/* What the parser reads, by value: it must not be reloaded after every store. */
struct run {
    const struct xz_parse *parse;
    const uint8_t *buf; // the window's
    uint32_t end;       // of the window
    uint32_t nice_len;
    uint32_t dict_size;
    uint32_t gain_byte;  // what a byte is worth
    uint32_t share_byte; // SHARE_OF() that
    uint32_t near_dist;

    /* For rows: */
    uint32_t offset;     // number of a position minus its index
    uint32_t insert_pos; // first position that is not findable yet
    struct xz_row_table rows;
    uint32_t *near_heads;

    /* For the narrowest ones: */
    const struct xz_row_kernel *kernel;
    uint32_t rows_end;     // positions from there on do not come in
    uint32_t caught_start; // the first position in *caught
    uint32_t caught_end;
    struct xz_row_catch *caught;
};

static inline void consider(struct choice *best, const struct run *r, uint32_t len,
                            uint32_t dist, uint32_t cost)
{
    const int32_t gain =
        len >= r->nice_len ? GAIN_NICE : (int32_t)(len * r->gain_byte) - (int32_t)cost;
    const bool is_better = gain > best->gain;
    best->len = is_better ? len : best->len;
    best->dist = is_better ? dist : best->dist;
    best->gain = is_better ? gain : best->gain;
}

/* How many bytes gain so much, rounded down; of GAIN_NICE, very many. */
XZ_ALWAYS_INLINE uint32_t bytes_for(const struct run *r, int32_t gain)
{
    return (uint32_t)(((uint64_t)gain * r->share_byte) >> SHARE_SHIFT);
}

/* A match must be longer to gain more, whatever its distance. */
XZ_ALWAYS_INLINE uint32_t too_short(const struct choice *best, const struct run *r)
{
    const uint32_t len = bytes_for(r, best->gain + COST_MATCH);
    return len < r->nice_len ? len : r->nice_len - 1;
}

XZ_ALWAYS_INLINE uint32_t match_cost(uint32_t dist)
{
    return COST_MATCH + COST_DIST_BIT * xz_bits_top32(dist);
}

XZ_ALWAYS_INLINE void consider_rep(struct choice *best, const struct run *r,
                                   const uint8_t *text, const uint32_t *reps,
                                   uint32_t i, uint32_t limit)
{
    const uint8_t *const source = text - reps[i];
    if (xz_read16le(source) != xz_read16le(text))
        return;
    const uint32_t len = xz_match_len_wide(text, source, XZ_LEN_MIN, limit);
    consider(best, r, len, reps[i], i == 0 ? COST_REP0 : COST_REP);
}

XZ_ALWAYS_INLINE void consider_reps(struct choice *best, const struct run *r,
                                    const uint8_t *text, const uint32_t *reps,
                                    uint32_t limit)
{
    consider_rep(best, r, text, reps, 0, limit);
    consider_rep(best, r, text, reps, 1, limit);
    consider_rep(best, r, text, reps, 2, limit);
    consider_rep(best, r, text, reps, 3, limit);
}

/* The same for matches of REP_PROBE bytes or more that gain more than best->gain, of
   which there are few: compares the last bytes of the shortest that does, in one
   branch. */
XZ_ALWAYS_INLINE void consider_reps_over(struct choice *best, const struct run *r,
                                         const uint8_t *text, const uint32_t *reps,
                                         uint32_t limit)
{
    const uint32_t needed = bytes_for(r, best->gain + COST_REP0) + 1;
    uint32_t len = needed < r->nice_len ? needed : r->nice_len;
    if (len < REP_PROBE)
        len = REP_PROBE;
    if (len > limit)
        return;
    const uint8_t *const probe = text + len - REP_PROBE;
    const uint32_t bytes = xz_load32(probe);
    uint32_t agreeing = 0;
    for (uint32_t i = 0; i < XZ_REPS; ++i)
        agreeing += xz_load32(probe - reps[i]) == bytes;
    if (agreeing == 0)
        return;
    consider_reps(best, r, text, reps, limit);
}

/* Makes positions from the first one that is not findable yet up to pos findable. */
XZ_ALWAYS_INLINE void catch_up(struct run *r, uint32_t pos, uint32_t row_bits)
{
    for (; r->insert_pos < pos; ++r->insert_pos) {
        const uint8_t *const text = r->buf + r->insert_pos;
        if (r->end - r->insert_pos < XZ_ROW_TEXT)
            return;
        xz_row_prefetch(&r->rows, text + AHEAD, row_bits);
        const struct xz_row_key key = xz_row_key(&r->rows, text, row_bits);
        xz_row_push(&r->rows, &key, r->insert_pos + r->offset, row_bits);
        r->near_heads[xz_near_hash(text)] = r->insert_pos + r->offset;
    }
}

/* In the narrowest rows: from the first one that is not findable yet up to some behind
   pos. The row of pos as it was before is at hand then. */
static XZ_NOINLINE void catch_rows(struct run *r, uint32_t pos)
{
    do {
        const uint32_t left = r->rows_end - r->insert_pos;
        const uint32_t count = left < XZ_ROW_CATCH ? left : XZ_ROW_CATCH;
        r->kernel->fill(&r->rows, r->buf + r->insert_pos, r->insert_pos + r->offset,
                        count, r->caught);
        r->caught_start = r->insert_pos;
        r->insert_pos += count;
    } while (r->insert_pos <= pos);
    r->caught_end = r->insert_pos;
}

/* The latest position with the same three bytes, if it is near. */
XZ_ALWAYS_INLINE void consider_near(struct choice *best, struct run *r, uint32_t pos,
                                    uint32_t reach, uint32_t limit)
{
    const uint8_t *const text = r->buf + pos;
    uint32_t *const head = &r->near_heads[xz_near_hash(text)];
    const uint32_t dist = pos + r->offset - *head;
    *head = pos + r->offset;
    if (dist - 1 >= (reach < r->near_dist ? reach : r->near_dist)
        || xz_text(text, 3) != xz_text(text - dist, 3))
        return;
    const uint32_t len = xz_match_len_wide(text, text - dist, 3, limit);
    consider(best, r, len, dist, match_cost(dist));
}

/* The candidates of a row. Latest ones come first: a later candidate is farther, and
   only of use if it is longer. */
XZ_ALWAYS_INLINE void consider_candidates(struct choice *best, struct run *r,
                                          uint32_t pos, const struct xz_row_key *key,
                                          uint32_t limit, uint32_t row_bits)
{
    const uint8_t *const text = r->buf + pos;
    const uint32_t reach = r->dict_size < pos ? r->dict_size : pos;
    consider_near(best, r, pos, reach, limit);
    uint32_t longest = too_short(best, r);
    if (longest < XZ_ROW_TEXT - 1)
        longest = XZ_ROW_TEXT - 1;
    uint32_t hits = xz_row_hits(&r->rows, key, row_bits);
    for (; hits != 0; hits &= hits - 1) {
        const uint32_t i = xz_bits_low64(hits);
        const uint32_t dist = xz_row_dist(&r->rows, key, pos + r->offset, i, row_bits);
        if (dist - 1 >= reach)
            continue;
        const uint8_t *const source = text - dist;
        const uint32_t probe = longest - (XZ_ROW_TEXT - 1);
        if (xz_load32(source + probe) != xz_load32(text + probe))
            continue;
        const uint32_t len = xz_match_len_wide(text, source, 0, limit);
        if (len <= longest)
            continue;
        longest = len;
        consider(best, r, len, dist, match_cost(dist));
        if (len >= r->nice_len)
            break;
    }
}

XZ_ALWAYS_INLINE void consider_row(struct choice *best, struct run *r, uint32_t pos,
                                   uint32_t limit, uint32_t row_bits)
{
    if (row_bits == XZ_ROW_BITS_MIN) {
        if (pos >= r->rows_end)
            return;
        if (XZ_UNLIKELY(pos >= r->caught_end))
            catch_rows(r, pos);
        const uint32_t at = pos - r->caught_start;
        const struct xz_row_key key = {
            .row = r->caught->rows[at],
            .tag = r->caught->tags[at],
        };
        consider_candidates(best, r, pos, &key, limit, row_bits);
        return;
    }
    catch_up(r, pos, row_bits);
    if (limit < XZ_ROW_TEXT)
        return;
    const uint8_t *const text = r->buf + pos;
    const struct xz_row_key key = xz_row_key(&r->rows, text, row_bits);
    xz_row_prefetch(&r->rows, text + AHEAD, row_bits);
    consider_candidates(best, r, pos, &key, limit, row_bits);
    xz_row_push(&r->rows, &key, pos + r->offset, row_bits);
    if (r->insert_pos <= pos)
        r->insert_pos = pos + 1;
}

static void consider_pairs(struct choice *best, const struct run *r, uint32_t pos)
{
    struct xz_pair pairs[XZ_MATCH_LEN_MAX];
    uint32_t count = xz_finder_find(r->parse->finder, r->parse->window, pos, pairs);
    while (count-- > 0)
        consider(best, r, pairs[count].len, pairs[count].dist,
                 match_cost(pairs[count].dist));
}

/* Bytes that a match at pos can have. */
XZ_ALWAYS_INLINE uint32_t limit_at(const struct run *r, uint32_t pos)
{
    const uint32_t left = r->end - pos;
    return left < XZ_LEN_MAX ? left : XZ_LEN_MAX;
}

/* The best of the last distances at pos that gains more than `floor`, with REP_PROBE
   bytes or more; else, a literal. */
XZ_ALWAYS_INLINE struct choice choose_rep(const struct run *r, uint32_t pos,
                                          const uint32_t *reps, int32_t floor)
{
    struct choice best = {1, 0, floor};
    consider_reps_over(&best, r, r->buf + pos, reps, limit_at(r, pos));
    return best;
}

/* The best symbol at pos that gains more than `floor`; else, a literal. */
XZ_ALWAYS_INLINE struct choice choose(struct run *r, uint32_t pos, const uint32_t *reps,
                                      int32_t floor, uint32_t row_bits)
{
    struct choice best = {1, 0, floor};
    const uint32_t limit = limit_at(r, pos);
    if (limit >= XZ_LEN_MIN)
        consider_reps(&best, r, r->buf + pos, reps, limit);
    /* Trees and chains may not fall behind by more than a match: they take in all
       positions, and need the texts before them. */
    if (row_bits == NO_ROWS)
        consider_pairs(&best, r, pos);
    else if (limit >= XZ_LEN_MIN && best.gain != GAIN_NICE)
        consider_row(&best, r, pos, limit, row_bits);
    return best;
}

/* A gain that is taken without searching the next position. */
XZ_ALWAYS_INLINE int32_t gain_enough(uint32_t row_bits)
{
    if (row_bits == XZ_ROW_BITS_MIN)
        return GAIN_ENOUGH;
    return row_bits == NARROW_BITS ? GAIN_ENOUGH_NARROW : GAIN_NICE;
}

/* One byte: a literal, or a short rep where that is possible. */
static inline struct xz_symbol single(const uint8_t *text, uint32_t rep0)
{
    return (struct xz_symbol){1, text[0] == *(text - rep0) ? rep0 : 0};
}

/* Lets a match at pos begin earlier, in place of at most `singles` symbols of one byte
   before it: a text that is frequent has lost its far places when a rarer one, a byte
   on, still has them. Returns by how much. */
XZ_ALWAYS_INLINE uint32_t begin_earlier(const struct run *r, uint32_t pos,
                                        struct choice *match, uint32_t singles)
{
    const uint8_t *const text = r->buf + pos;
    const uint32_t before = pos - match->dist;
    const uint32_t limit = singles < before ? singles : before;
    uint32_t more = 0;
    while (more < limit && match->len < XZ_LEN_MAX
           && *(text - more - 1) == *(text - match->dist - more - 1)) {
        ++more;
        ++match->len;
    }
    return more;
}

XZ_ALWAYS_INLINE void parse(struct xz_parse *parse, struct run *r, uint32_t row_bits)
{
    struct xz_symbol *out = parse->symbols;
    struct xz_symbol *unbound = out; // only single bytes from there on
    uint32_t reps[XZ_REPS];
    for (uint32_t i = 0; i < XZ_REPS; ++i)
        reps[i] = parse->coder->context.reps[i];

    const int32_t enough = gain_enough(row_bits);
    const uint32_t len_long = row_bits <= NARROW_BITS ? LONG_NARROW : LONG_WIDE;
    const uint32_t find_end = parse->find_end;
    uint32_t pos = parse->pos;
    uint32_t literals = 0;
    while (pos < find_end) {
        struct choice here = choose(r, pos, reps, 0, row_bits);
        while (here.dist != 0 && here.gain < GAIN_NICE && pos + 1 < find_end) {
            const int32_t floor = here.gain + GAIN_OVER_WAIT;
            const struct choice next = here.gain < enough
                                           ? choose(r, pos + 1, reps, floor, row_bits)
                                           : choose_rep(r, pos + 1, reps, floor);
            if (next.dist != 0) {
                *out++ = single(r->buf + pos, reps[0]);
                ++pos;
                here = next;
                continue;
            }
            if (pos + 2 >= find_end)
                break;
            const int32_t twice = here.gain + GAIN_OVER_TWICE;
            const struct choice third = row_bits < TWICE_ROW_BITS
                                            ? choose_rep(r, pos + 2, reps, twice)
                                            : choose(r, pos + 2, reps, twice, row_bits);
            if (third.dist == 0)
                break;
            *out++ = single(r->buf + pos, reps[0]);
            *out++ = single(r->buf + pos + 1, reps[0]);
            pos += 2;
            here = third;
        }
        if (here.dist == 0) {
            *out++ = single(r->buf + pos, reps[0]);
            ++pos;
            if (row_bits == XZ_ROW_BITS_MIN && ++literals > LITERALS_ENOUGH
                && pos < find_end) {
                *out++ = single(r->buf + pos, reps[0]);
                ++pos;
            }
            continue;
        }
        const uint32_t more = begin_earlier(r, pos, &here, (uint32_t)(out - unbound));
        out -= more;
        pos -= more;
        literals = 0;
        *out++ = (struct xz_symbol){here.len, here.dist};
        unbound = out;
        xz_reps_use(reps, here.dist);
        pos += here.len;
        if (here.len > len_long && r->insert_pos + here.len >= pos
            && r->insert_pos < pos - len_long / 2)
            r->insert_pos = pos - len_long / 2;
    }
    parse->first = 0;
    parse->count = (uint32_t)(out - parse->symbols);
    parse->size = pos - parse->pos;
}

/* The stretch, in a loop for the finder's rows. */
static void parse_stretch(struct xz_parse *p)
{
    struct xz_finder *const f = p->finder;
    const uint32_t end = p->window->end;
    const uint32_t rows_end = end < XZ_ROW_TEXT ? 0 : end - XZ_ROW_TEXT + 1;
    struct xz_row_catch caught;
    const bool is_dear = p->worth.is_dear;
    struct run r = {
        .parse = p,
        .buf = p->window->buf,
        .end = end,
        .nice_len = f->nice_len,
        .dict_size = f->dict_size,
        .gain_byte = is_dear ? GAIN_BYTE_DEAR : GAIN_BYTE,
        .share_byte = is_dear ? SHARE_OF(GAIN_BYTE_DEAR) : SHARE_OF(GAIN_BYTE),
        .near_dist = is_dear ? NEAR_DIST_DEAR : NEAR_DIST,
        .offset = f->offset,
        .insert_pos = f->insert_pos,
        .rows = f->rows,
        .near_heads = f->heads,
        .kernel = f->row_kernel,
        .rows_end = p->find_end < rows_end ? p->find_end : rows_end,
        .caught = &caught,
    };
    switch (f->shape.row_bits) {
    case NO_ROWS:
        parse(p, &r, NO_ROWS);
        return;
    case 2:
        parse(p, &r, 2);
        break;
    case 3:
        parse(p, &r, 3);
        break;
    case 4:
        parse(p, &r, 4);
        break;
    default:
        parse(p, &r, XZ_ROW_BITS_MAX);
        break;
    }
    f->insert_pos = r.insert_pos;
}

void xz_parse_fast(struct xz_parse *p)
{
    parse_stretch(p);
    xz_byte_worth_learn(&p->worth, p->coder, p->window->buf + p->pos, p->symbols,
                        p->count);
}
