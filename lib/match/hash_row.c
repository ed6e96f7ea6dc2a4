// SPDX-License-Identifier: 0BSD
// Match finder: rows of the latest positions (row_table.h).
//
// A row is shared by the texts that hash to it. What is rare may be driven out by what
// is frequent, unlike in a chain; in exchange more candidates can be looked at in the
// same time.

#include "match/finder_table.h"

/* Positions ahead whose rows are fetched into the cache. */
#define AHEAD 12

/* Inserts positions up to pos as far as their first bytes are there. */
XZ_ALWAYS_INLINE void catch_up(struct xz_finder *f, const struct xz_window *w,
                               uint32_t pos, uint32_t row_bits)
{
    const struct xz_row_table t = f->rows;
    const struct xz_finder_view v = xz_finder_view(f);
    uint32_t at = f->insert_pos;
    for (; at < pos && w->end - at >= XZ_ROW_TEXT; ++at) {
        const uint8_t *const cur = w->buf + at;
        const struct xz_row_key key = xz_row_key(&t, cur, row_bits);
        xz_short_insert(&v, cur, at + f->offset, XZ_ROW_TEXT);
        xz_row_push(&t, &key, at + f->offset, row_bits);
    }
    f->insert_pos = at;
}

/* Tries a row's positions; adds pairs longer than best at out and returns the place
   behind them. */
XZ_ALWAYS_INLINE struct xz_pair *scan(const struct xz_row_table *t, const uint8_t *cur,
                                      const struct xz_row_key *key, uint32_t number,
                                      uint32_t reach, uint32_t row_bits, uint32_t limit,
                                      uint32_t best, struct xz_pair *out)
{
    uint32_t hits = xz_row_hits(t, key, row_bits);
    for (; hits != 0 && best < limit; hits &= hits - 1) {
        const uint32_t dist =
            xz_row_dist(t, key, number, xz_bits_low64(hits), row_bits);
        if (dist - 1 >= reach)
            continue;
        const uint8_t *const text = cur - dist;
        const uint32_t probe = best > 3 ? best - 3 : 0;
        if (xz_load32(text + probe) != xz_load32(cur + probe))
            continue;
        const uint32_t len = xz_match_len(cur, text, 0, limit);
        if (len > best) {
            best = len;
            *out++ = (struct xz_pair){len, dist};
        }
    }
    return out;
}

XZ_ALWAYS_INLINE struct xz_pair *find_one(struct xz_finder *f,
                                          const struct xz_window *w, uint32_t pos,
                                          uint32_t row_bits, struct xz_pair *pairs)
{
    catch_up(f, w, pos, row_bits);
    struct xz_finder_view v = xz_finder_view(f);
    v.dict_size = v.dict_size < pos ? v.dict_size : pos;
    const uint8_t *const cur = w->buf + pos;
    const uint32_t number = pos + f->offset;
    const uint32_t left = w->end - pos;
    const uint32_t limit = left < f->nice_len ? left : f->nice_len;
    uint32_t best = 1;
    struct xz_pair *out = pairs;
    if (left >= XZ_ROW_TEXT) {
        const struct xz_row_table t = f->rows;
        const struct xz_row_key key = xz_row_key(&t, cur, row_bits);
        out = xz_short_pairs(&v, cur, number, limit, XZ_ROW_TEXT, false, &best, out);
        out = scan(&t, cur, &key, number, v.dict_size, row_bits, limit, best, out);
        xz_row_push(&t, &key, number, row_bits);
        f->insert_pos = pos + 1;
    } else {
        out = xz_near_pairs(cur, pos - f->insert_pos, limit, &best, out);
    }
    if (out > pairs)
        xz_pair_extend(&out[-1], cur, f->nice_len, left);
    return out;
}

XZ_ALWAYS_INLINE void fill(struct xz_finder *f, const struct xz_window *w,
                           uint32_t start, uint32_t limit, struct xz_match_batch *batch,
                           uint32_t row_bits)
{
    if (limit - start > XZ_BATCH_POSITIONS)
        limit = start + XZ_BATCH_POSITIONS;
    struct xz_pair *const last = batch->pairs + XZ_BATCH_PAIRS - XZ_MATCH_LEN_MAX;
    struct xz_pair *out = batch->pairs;
    uint32_t pos = start;
    while (pos < limit && out <= last) {
        batch->first[pos - start] = (uint32_t)(out - batch->pairs);
        xz_row_prefetch(&f->rows, w->buf + pos + AHEAD, row_bits);
        out = find_one(f, w, pos, row_bits, out);
        ++pos;
        if (out > batch->pairs && out[-1].len >= f->nice_len)
            break;
    }
    batch->start = start;
    batch->count = pos - start;
    batch->first[batch->count] = (uint32_t)(out - batch->pairs);
}

uint32_t xz_hash_row_find(struct xz_finder *f, const struct xz_window *w, uint32_t pos,
                          struct xz_pair *pairs)
{
    const struct xz_pair *end;
    if (f->shape.row_bits == 2)
        end = find_one(f, w, pos, 2, pairs);
    else if (f->shape.row_bits == 3)
        end = find_one(f, w, pos, 3, pairs);
    else if (f->shape.row_bits == 4)
        end = find_one(f, w, pos, 4, pairs);
    else
        end = find_one(f, w, pos, XZ_ROW_BITS_MAX, pairs);
    return (uint32_t)(end - pairs);
}

void xz_hash_row_batch(struct xz_finder *f, const struct xz_window *w, uint32_t start,
                       uint32_t limit, struct xz_match_batch *batch)
{
    if (f->shape.row_bits == 2)
        fill(f, w, start, limit, batch, 2);
    else if (f->shape.row_bits == 3)
        fill(f, w, start, limit, batch, 3);
    else if (f->shape.row_bits == 4)
        fill(f, w, start, limit, batch, 4);
    else
        fill(f, w, start, limit, batch, XZ_ROW_BITS_MAX);
}
