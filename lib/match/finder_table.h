// SPDX-License-Identifier: 0BSD
// Inside of the finders: hashes, heads, places in the ring.

#ifndef XZ_MATCH_FINDER_TABLE_H
#define XZ_MATCH_FINDER_TABLE_H

#include "base/bytes.h"
#include "match/finder.h"
#include "match/match_len.h"

#define XZ_HEADS2_BITS     12
#define XZ_HEADS3_BITS     18
#define XZ_HEADS3_BITS_MIN 10

/* log2 of the heads where only what is near is looked for. */
#define XZ_NEAR_BITS 12

/* Fibonacci hashing: the high bits of the product with 2^32 / golden ratio. */
static inline uint32_t xz_hash(uint32_t text, uint32_t bits)
{
    return (text * UINT32_C(2654435769)) >> (32 - bits);
}

/* The first bytes of a text, 2 to 4, as a number. */
static inline uint32_t xz_text(const uint8_t *p, uint32_t bytes)
{
    if (bytes == 2)
        return xz_read16le(p);
    const uint32_t text = xz_read32le(p);
    return bytes == 3 ? text << 8 : text;
}

static inline uint32_t xz_hash2(const uint8_t *p)
{
    return xz_hash(xz_text(p, 2), XZ_HEADS2_BITS);
}

static inline uint32_t xz_hash3(const uint8_t *p, uint32_t bits)
{
    return xz_hash(xz_text(p, 3), bits);
}

/* Index into the main heads. Two bytes are their own index. */
static inline uint32_t xz_hash_main(const uint8_t *p, uint32_t bytes, uint32_t bits)
{
    return bytes == 2 ? xz_text(p, 2) : xz_hash(xz_text(p, bytes), bits);
}

/* Index into the only heads of a finder that looks for short texts nearby. */
static inline uint32_t xz_near_hash(const uint8_t *p)
{
    return xz_hash(xz_text(p, 3), XZ_NEAR_BITS);
}

/* Where the heads for hash_bytes bytes begin. */
static inline uint32_t xz_heads3_at(uint32_t hash_bytes)
{
    return hash_bytes > 2 ? UINT32_C(1) << XZ_HEADS2_BITS : 0;
}

static inline uint32_t xz_main_at(const struct xz_finder_shape *shape)
{
    return xz_heads3_at(shape->hash_bytes)
           + (shape->hash_bytes > 3 ? UINT32_C(1) << shape->bits3 : 0);
}

/* Place in the ring of a number that is in reach: from base - ring_size + 1 on. */
static inline uint32_t xz_ring_place(uint32_t number, uint32_t base, uint32_t ring_size)
{
    const uint32_t place = number - base;
    return number < base ? place + ring_size : place;
}

/* A finder's tables and limits, by value: in inner loops they must not be reloaded
   after every store to a table. */
struct xz_finder_view {
    uint32_t *heads;
    uint32_t *main_heads;
    uint32_t *links;
    uint32_t main_bits;
    uint32_t bits3;
    uint32_t dict_size;
    uint32_t ring_size;
    uint32_t ring_base;
    uint32_t depth;
};

static inline struct xz_finder_view xz_finder_view(const struct xz_finder *f)
{
    return (struct xz_finder_view){
        .heads = f->heads,
        .main_heads = f->heads + xz_main_at(&f->shape),
        .links = f->links,
        .main_bits = f->main_bits,
        .bits3 = f->shape.bits3,
        .dict_size = f->dict_size,
        .ring_size = f->shape.ring_size,
        .ring_base = f->ring_base,
        .depth = f->shape.depth,
    };
}

/* Readies the view for a number that is at most one above the last one. */
static inline void xz_view_advance(struct xz_finder_view *v, uint32_t number)
{
    if (number - v->ring_base >= v->ring_size)
        v->ring_base += v->ring_size;
}

/* Tells the finder how far a view has advanced. */
static inline void xz_view_store(const struct xz_finder_view *v, struct xz_finder *f,
                                 uint32_t insert_pos)
{
    if (v->ring_base != f->ring_base)
        f->ring_is_full = true;
    f->ring_base = v->ring_base;
    f->insert_pos = insert_pos;
}

/* The candidate at dist, if its first `known` bytes agree and it is longer than *best:
   adds a pair. */
static inline struct xz_pair *xz_pair_try(const uint8_t *cur, uint32_t dist,
                                          uint32_t known, uint32_t limit,
                                          uint32_t *best, struct xz_pair *out)
{
    if (xz_text(cur - dist, known) != xz_text(cur, known))
        return out;
    const uint32_t len = xz_match_len(cur, cur - dist, known, limit);
    if (len <= *best)
        return out;
    *best = len;
    *out = (struct xz_pair){len, dist};
    return out + 1;
}

/* Tries the latest position with the same 2 bytes and the latest with the same 3, where
   the main heads are for more; adds pairs. keep_heads: number does not become the
   latest. */
XZ_ALWAYS_INLINE struct xz_pair *xz_short_pairs(const struct xz_finder_view *v,
                                                const uint8_t *cur, uint32_t number,
                                                uint32_t limit, uint32_t hash_bytes,
                                                bool keep_heads, uint32_t *best,
                                                struct xz_pair *out)
{
    if (hash_bytes < 3)
        return out;
    uint32_t *const head2 = &v->heads[xz_hash2(cur)];
    const uint32_t dist2 = number - *head2;
    if (!keep_heads)
        *head2 = number;
    if (dist2 <= v->dict_size)
        out = xz_pair_try(cur, dist2, 2, limit, best, out);
    if (hash_bytes < 4)
        return out;
    uint32_t *const head3 = &v->heads[xz_heads3_at(4) + xz_hash3(cur, v->bits3)];
    const uint32_t dist3 = number - *head3;
    if (!keep_heads)
        *head3 = number;
    if (dist3 <= v->dict_size && dist3 != dist2)
        out = xz_pair_try(cur, dist3, 3, limit, best, out);
    return out;
}

/* Makes number the latest position for its first 2 and 3 bytes. */
XZ_ALWAYS_INLINE void xz_short_insert(const struct xz_finder_view *v,
                                      const uint8_t *cur, uint32_t number,
                                      uint32_t hash_bytes)
{
    if (hash_bytes > 2)
        v->heads[xz_hash2(cur)] = number;
    if (hash_bytes > 3)
        v->heads[xz_heads3_at(4) + xz_hash3(cur, v->bits3)] = number;
}

/* Tries all distances from 1 to span: positions near the end of the text that could not
   be inserted yet. */
static inline struct xz_pair *xz_near_pairs(const uint8_t *cur, uint32_t span,
                                            uint32_t limit, uint32_t *best,
                                            struct xz_pair *out)
{
    for (uint32_t dist = 1; dist <= span && *best < limit; ++dist)
        out = xz_pair_try(cur, dist, 2, limit, best, out);
    return out;
}

/* A search ends at nice_len bytes; the pair that got there may go on to limit. */
static inline void xz_pair_extend(struct xz_pair *pair, const uint8_t *cur,
                                  uint32_t nice_len, uint32_t limit)
{
    if (pair->len < nice_len || nice_len >= limit)
        return;
    if (limit > XZ_MATCH_LEN_MAX)
        limit = XZ_MATCH_LEN_MAX;
    pair->len = xz_match_len(cur, cur - pair->dist, pair->len, limit);
}

/* The algorithms behind xz_finder_find() and xz_finder_batch(). */
uint32_t xz_hash_chain_find(struct xz_finder *f, const struct xz_window *w,
                            uint32_t pos, struct xz_pair *pairs);
void xz_hash_chain_batch(struct xz_finder *f, const struct xz_window *w, uint32_t start,
                         uint32_t limit, struct xz_match_batch *batch);
uint32_t xz_hash_row_find(struct xz_finder *f, const struct xz_window *w, uint32_t pos,
                          struct xz_pair *pairs);
void xz_hash_row_batch(struct xz_finder *f, const struct xz_window *w, uint32_t start,
                       uint32_t limit, struct xz_match_batch *batch);
uint32_t xz_bin_tree_find(struct xz_finder *f, const struct xz_window *w, uint32_t pos,
                          struct xz_pair *pairs);
void xz_bin_tree_batch(struct xz_finder *f, const struct xz_window *w, uint32_t start,
                       uint32_t limit, struct xz_match_batch *batch);

/* In bulk: most bytes before a stretch of size bytes that are sorted with it. */
uint32_t xz_bulk_history(enum xz_bulk bulk, uint32_t dict_size, uint32_t size);

/* In bulk: what is behind the functions of the same names in finder.h. */
uint32_t xz_bulk_ahead(const struct xz_finder_setup *setup);
bool xz_bulk_is_ready(const struct xz_finder *f, uint32_t end);
uint64_t xz_bulk_memusage(const struct xz_finder_setup *setup);
void xz_bulk_open(struct xz_finder *f, const lzma_allocator *allocator,
                  const struct xz_finder_setup *setup);
void xz_bulk_end(struct xz_finder *f, const lzma_allocator *allocator);
lzma_ret xz_bulk_prepare(struct xz_finder *f, const lzma_allocator *allocator,
                         const struct xz_window *w);
lzma_ret xz_bulk_prepare_unsorted(struct xz_finder *f, const lzma_allocator *allocator,
                                  const struct xz_window *w, uint32_t end);
void xz_bulk_batch(struct xz_finder *f, const struct xz_window *w, uint32_t start,
                   uint32_t limit, struct xz_match_batch *batch);

#endif
