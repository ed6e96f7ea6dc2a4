// SPDX-License-Identifier: 0BSD
// Match finder: chains of positions, one for each hash of the first bytes, latest
// first.
//
// links[place] is the position before with the same hash. Inserting a position is two
// stores, so passing over text costs little; finding follows the chain, at most depth
// steps. A candidate can only be of use if it is longer than the best so far: the four
// bytes that end where a longer match would have to agree are compared first.

#include "match/finder_table.h"

XZ_ALWAYS_INLINE uint32_t insert(struct xz_finder_view *v, const uint8_t *cur,
                                 uint32_t number, uint32_t hash_bytes)
{
    xz_view_advance(v, number);
    uint32_t *const head = &v->main_heads[xz_hash_main(cur, hash_bytes, v->main_bits)];
    const uint32_t before = *head;
    *head = number;
    v->links[number - v->ring_base] = before;
    return before;
}

/* Inserts positions up to pos as far as their first bytes are there. */
XZ_ALWAYS_INLINE void catch_up(struct xz_finder *f, const struct xz_window *w,
                               uint32_t pos, uint32_t hash_bytes)
{
    struct xz_finder_view v = xz_finder_view(f);
    uint32_t at = f->insert_pos;
    for (; at < pos && w->end - at >= hash_bytes; ++at) {
        const uint8_t *const cur = w->buf + at;
        xz_short_insert(&v, cur, at + f->offset, hash_bytes);
        insert(&v, cur, at + f->offset, hash_bytes);
    }
    xz_view_store(&v, f, at);
}

/* Follows a chain from node on; adds pairs longer than best at out and returns the
   place behind them. */
XZ_ALWAYS_INLINE struct xz_pair *follow(const struct xz_finder_view *v,
                                        const uint8_t *cur, uint32_t number,
                                        uint32_t node, uint32_t limit, uint32_t best,
                                        struct xz_pair *out)
{
    for (uint32_t depth = v->depth; depth > 0 && best < limit; --depth) {
        const uint32_t dist = number - node;
        if (dist > v->dict_size)
            break;
        node = v->links[xz_ring_place(node, v->ring_base, v->ring_size)];
        const uint8_t *const text = cur - dist;
        if (best >= 3 && xz_load32(text + best - 3) != xz_load32(cur + best - 3))
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
                                          uint32_t hash_bytes, struct xz_pair *pairs)
{
    catch_up(f, w, pos, hash_bytes);
    struct xz_finder_view v = xz_finder_view(f);
    const uint8_t *const cur = w->buf + pos;
    const uint32_t number = pos + f->offset;
    const uint32_t left = w->end - pos;
    const uint32_t limit = left < f->nice_len ? left : f->nice_len;
    uint32_t best = 1;
    struct xz_pair *out = pairs;
    if (left >= hash_bytes) {
        out = xz_short_pairs(&v, cur, number, limit, hash_bytes, false, &best, out);
        const uint32_t node = insert(&v, cur, number, hash_bytes);
        xz_view_store(&v, f, pos + 1);
        out = follow(&v, cur, number, node, limit, best, out);
    } else {
        out = xz_near_pairs(cur, pos - f->insert_pos, limit, &best, out);
    }
    if (out > pairs)
        xz_pair_extend(&out[-1], cur, f->nice_len, left);
    return out;
}

uint32_t xz_hash_chain_find(struct xz_finder *f, const struct xz_window *w,
                            uint32_t pos, struct xz_pair *pairs)
{
    const struct xz_pair *end;
    if (f->shape.hash_bytes == 3)
        end = find_one(f, w, pos, 3, pairs);
    else
        end = find_one(f, w, pos, 4, pairs);
    return (uint32_t)(end - pairs);
}

void xz_hash_chain_batch(struct xz_finder *f, const struct xz_window *w, uint32_t start,
                         uint32_t limit, struct xz_match_batch *batch)
{
    if (limit - start > XZ_BATCH_POSITIONS)
        limit = start + XZ_BATCH_POSITIONS;
    struct xz_pair *const last = batch->pairs + XZ_BATCH_PAIRS - XZ_MATCH_LEN_MAX;
    struct xz_pair *out = batch->pairs;
    uint32_t pos = start;
    while (pos < limit && out <= last) {
        batch->first[pos - start] = (uint32_t)(out - batch->pairs);
        out += xz_hash_chain_find(f, w, pos, out);
        ++pos;
        if (out > batch->pairs && out[-1].len >= f->nice_len)
            break;
    }
    batch->start = start;
    batch->count = pos - start;
    batch->first[batch->count] = (uint32_t)(out - batch->pairs);
}
