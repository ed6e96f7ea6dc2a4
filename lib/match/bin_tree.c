// SPDX-License-Identifier: 0BSD
// Match finder: binary search trees, one for each value of the first bytes.
//
// All positions whose first bytes have the same hash are nodes of one tree, sorted by
// the text that follows (its first nice_len bytes). The latest position is the root,
// and every node is later than its children. To insert a position, its text is searched
// from the old root down. The path passes the positions whose texts are closest to the
// new one in sorting order, so the longest matches are met, roughly by increasing
// distance. On the way the path is cut: nodes with smaller texts become the left tree
// of the new root, larger ones its right tree.
//
//     links[2 * place]      root of the tree with smaller texts
//     links[2 * place + 1]  root of the tree with larger texts
//
// All nodes on the left edge share `smaller_len` bytes with the new text at least,
// those on the right edge `larger_len` bytes. A node further down lies between both, so
// it shares the lesser of both numbers: comparing starts there.
//
// A node that agrees in nice_len bytes is replaced by the new position. Nodes out of
// reach, and those below the depth limit, are cut off.
//
// Texts are sorted by nice_len bytes, so a position can be inserted only when that many
// are known. Near the end of the text (before a flush) the tree is searched without
// change, and positions not in it are tried one by one.

#include "match/finder_table.h"

enum walk_kind {
    WALK_INSERT, // insert, no pairs wanted
    WALK_FIND,   // insert and add pairs
    WALK_LOOK,   // add pairs, change nothing
};

/* Walks down the tree with this root; see above. Adds pairs longer than best at out and
   returns the place behind them. */
XZ_ALWAYS_INLINE struct xz_pair *walk(const struct xz_finder_view *v,
                                      const uint8_t *cur, uint32_t number,
                                      uint32_t root, uint32_t limit, uint32_t best,
                                      struct xz_pair *out, enum walk_kind kind)
{
    uint32_t unused[2];
    uint32_t *smaller = unused;
    uint32_t *larger = unused + 1;
    if (kind != WALK_LOOK) {
        smaller = v->links + 2 * (size_t)(number - v->ring_base);
        larger = smaller + 1;
    }
    uint32_t smaller_len = 0;
    uint32_t larger_len = 0;
    uint32_t node = root;
    for (uint32_t depth = v->depth;; --depth) {
        const uint32_t dist = number - node;
        if (dist > v->dict_size || depth == 0) {
            *smaller = 0;
            *larger = 0;
            return out;
        }
        uint32_t *const sons =
            v->links + 2 * (size_t)xz_ring_place(node, v->ring_base, v->ring_size);
        const uint8_t *const text = cur - dist;
        uint32_t len = smaller_len < larger_len ? smaller_len : larger_len;
        if (text[len] == cur[len]) {
            len = xz_match_len(cur, text, len + 1, limit);
            if (kind != WALK_INSERT && len > best) {
                best = len;
                *out++ = (struct xz_pair){len, dist};
            }
            if (len == limit) {
                *smaller = sons[0];
                *larger = sons[1];
                return out;
            }
        }
        if (text[len] < cur[len]) {
            if (kind != WALK_LOOK)
                *smaller = node;
            smaller = kind == WALK_LOOK ? unused : sons + 1;
            node = sons[1];
            smaller_len = len;
        } else {
            if (kind != WALK_LOOK)
                *larger = node;
            larger = kind == WALK_LOOK ? unused : sons;
            node = sons[0];
            larger_len = len;
        }
    }
}

/* Makes number the latest for its first bytes and returns the one before it. */
XZ_ALWAYS_INLINE uint32_t take_root(const struct xz_finder_view *v, const uint8_t *cur,
                                    uint32_t number, uint32_t hash_bytes)
{
    uint32_t *const head = &v->main_heads[xz_hash_main(cur, hash_bytes, v->main_bits)];
    const uint32_t root = *head;
    *head = number;
    return root;
}

/* Inserts positions up to pos as far as nice_len bytes of their text are there. */
XZ_ALWAYS_INLINE void catch_up(struct xz_finder *f, const struct xz_window *w,
                               uint32_t pos, uint32_t hash_bytes)
{
    struct xz_finder_view v = xz_finder_view(f);
    const uint32_t nice_len = f->nice_len;
    uint32_t at = f->insert_pos;
    for (; at < pos && w->end - at >= nice_len; ++at) {
        const uint8_t *const cur = w->buf + at;
        const uint32_t number = at + f->offset;
        xz_view_advance(&v, number);
        xz_short_insert(&v, cur, number, hash_bytes);
        const uint32_t root = take_root(&v, cur, number, hash_bytes);
        walk(&v, cur, number, root, nice_len, 0, NULL, WALK_INSERT);
    }
    xz_view_store(&v, f, at);
}

/* Pairs of a position whose text ends soon. */
XZ_ALWAYS_INLINE struct xz_pair *look(const struct xz_finder *f,
                                      const struct xz_window *w, uint32_t pos,
                                      uint32_t hash_bytes, struct xz_pair *out)
{
    const struct xz_finder_view v = xz_finder_view(f);
    const uint8_t *const cur = w->buf + pos;
    const uint32_t number = pos + f->offset;
    uint32_t limit = w->end - pos;
    if (limit > f->nice_len)
        limit = f->nice_len;
    uint32_t best = 1;
    out = xz_near_pairs(cur, pos - f->insert_pos, limit, &best, out);
    if (limit < hash_bytes)
        return out;
    out = xz_short_pairs(&v, cur, number, limit, hash_bytes, true, &best, out);
    const uint32_t root = v.main_heads[xz_hash_main(cur, hash_bytes, v.main_bits)];
    return walk(&v, cur, number, root, limit, best, out, WALK_LOOK);
}

/* Finds and inserts one position that has nice_len bytes of text. */
XZ_ALWAYS_INLINE struct xz_pair *find(struct xz_finder_view *v, const uint8_t *cur,
                                      uint32_t number, uint32_t nice_len,
                                      uint32_t hash_bytes, struct xz_pair *out)
{
    uint32_t best = 1;
    xz_view_advance(v, number);
    out = xz_short_pairs(v, cur, number, nice_len, hash_bytes, false, &best, out);
    const uint32_t root = take_root(v, cur, number, hash_bytes);
    return walk(v, cur, number, root, nice_len, best, out, WALK_FIND);
}

/* One position, whatever is known of its text. */
XZ_ALWAYS_INLINE struct xz_pair *find_one(struct xz_finder *f,
                                          const struct xz_window *w, uint32_t pos,
                                          uint32_t hash_bytes, struct xz_pair *out)
{
    const uint8_t *const cur = w->buf + pos;
    struct xz_pair *const pairs = out;
    catch_up(f, w, pos, hash_bytes);
    if (w->end - pos >= f->nice_len) {
        struct xz_finder_view v = xz_finder_view(f);
        out = find(&v, cur, pos + f->offset, f->nice_len, hash_bytes, out);
        xz_view_store(&v, f, pos + 1);
    } else {
        out = look(f, w, pos, hash_bytes, out);
    }
    if (out > pairs)
        xz_pair_extend(&out[-1], cur, f->nice_len, w->end - pos);
    return out;
}

/* Positions ahead whose heads, and whose root's links and text, are fetched into the
   cache. */
#define FAR_AHEAD  24
#define NEAR_AHEAD 8

XZ_ALWAYS_INLINE void fetch(const struct xz_finder_view *v, const uint8_t *cur,
                            uint32_t number, uint32_t hash_bytes)
{
    XZ_PREFETCH(
        &v->main_heads[xz_hash_main(cur + FAR_AHEAD, hash_bytes, v->main_bits)]);
    const uint32_t root =
        v->main_heads[xz_hash_main(cur + NEAR_AHEAD, hash_bytes, v->main_bits)];
    const uint32_t dist = number + NEAR_AHEAD - root;
    if (dist <= v->dict_size) {
        XZ_PREFETCH(v->links
                    + 2 * (size_t)xz_ring_place(root, v->ring_base, v->ring_size));
        XZ_PREFETCH(cur + NEAR_AHEAD - dist);
    }
}

/* As many positions as have text enough for find() and fetch(); returns the place
   behind their pairs. */
XZ_ALWAYS_INLINE struct xz_pair *fill_inner(struct xz_finder *f,
                                            const struct xz_window *w, uint32_t limit,
                                            struct xz_match_batch *batch,
                                            uint32_t hash_bytes)
{
    struct xz_finder_view v = xz_finder_view(f);
    const uint32_t nice_len = f->nice_len;
    const uint32_t offset = f->offset;
    const uint32_t end = w->end;
    const uint8_t *const buf = w->buf;
    struct xz_pair *out = batch->pairs;
    struct xz_pair *const last = batch->pairs + XZ_BATCH_PAIRS - XZ_MATCH_LEN_MAX;
    uint32_t *first = batch->first;
    uint32_t pos = batch->start;
    for (; pos < limit && out <= last && end - pos >= nice_len + FAR_AHEAD; ++pos) {
        const uint8_t *const cur = buf + pos;
        struct xz_pair *const pairs = out;
        *first++ = (uint32_t)(out - batch->pairs);
        fetch(&v, cur, pos + offset, hash_bytes);
        out = find(&v, cur, pos + offset, nice_len, hash_bytes, out);
        if (out > pairs)
            xz_pair_extend(&out[-1], cur, nice_len, end - pos);
    }
    xz_view_store(&v, f, pos);
    batch->count = pos - batch->start;
    return out;
}

XZ_ALWAYS_INLINE void fill(struct xz_finder *f, const struct xz_window *w,
                           uint32_t start, uint32_t limit, struct xz_match_batch *batch,
                           uint32_t hash_bytes)
{
    if (limit - start > XZ_BATCH_POSITIONS)
        limit = start + XZ_BATCH_POSITIONS;
    batch->start = start;
    batch->count = 0;
    struct xz_pair *out = batch->pairs;
    catch_up(f, w, start, hash_bytes);
    if (f->insert_pos == start)
        out = fill_inner(f, w, limit, batch, hash_bytes);

    struct xz_pair *const last = batch->pairs + XZ_BATCH_PAIRS - XZ_MATCH_LEN_MAX;
    while (start + batch->count < limit && out <= last) {
        batch->first[batch->count] = (uint32_t)(out - batch->pairs);
        out = find_one(f, w, start + batch->count, hash_bytes, out);
        ++batch->count;
    }
    batch->first[batch->count] = (uint32_t)(out - batch->pairs);
}

uint32_t xz_bin_tree_find(struct xz_finder *f, const struct xz_window *w, uint32_t pos,
                          struct xz_pair *pairs)
{
    const struct xz_pair *end;
    if (f->shape.hash_bytes == 2)
        end = find_one(f, w, pos, 2, pairs);
    else if (f->shape.hash_bytes == 3)
        end = find_one(f, w, pos, 3, pairs);
    else
        end = find_one(f, w, pos, 4, pairs);
    return (uint32_t)(end - pairs);
}

void xz_bin_tree_batch(struct xz_finder *f, const struct xz_window *w, uint32_t start,
                       uint32_t limit, struct xz_match_batch *batch)
{
    if (f->shape.hash_bytes == 2)
        fill(f, w, start, limit, batch, 2);
    else if (f->shape.hash_bytes == 3)
        fill(f, w, start, limit, batch, 3);
    else
        fill(f, w, start, limit, batch, 4);
}
