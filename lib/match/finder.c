// SPDX-License-Identifier: 0BSD
// Opening, growing and renumbering of the finders' tables.

#include "match/finder.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/try.h"
#include "match/finder_table.h"
#include "match/little.h"
#include "match/row_catch.h"
#include <string.h>

/* Steps of growth: room for ring_size / GROWTH^k positions, not less than
   POSITIONS_MIN. While links or heads are copied, both old and new exist. */
#define GROWTH        16
#define POSITIONS_MIN (UINT32_C(1) << 15)

#define MAIN_BITS_MIN 10
#define MAIN_BITS_MAX 24

/* Deeper searches than this follow chains. */
#define ROW_DEPTH_MAX 32

/* Deeper ones than these have the widest rows: where candidates are weighed by price,
   which takes longer than finding them, and where they are not. */
#define WIDE_DEPTH_PRICE 12
#define WIDE_DEPTH_NEAR  24

/* What a finder needs at a step of growth. */
struct layout {
    uint32_t positions;
    uint32_t main_bits;
    size_t heads; // words
    size_t links; // words
};

/* Bytes of text that a match finder's hash covers, 2 to 4; 0 if it is not known. */
static uint32_t mf_hash_bytes(lzma_match_finder mf)
{
    switch (mf) {
    case LZMA_MF_BT2:
        return 2;
    case LZMA_MF_HC3:
    case LZMA_MF_BT3:
        return 3;
    case LZMA_MF_HC4:
    case LZMA_MF_BT4:
        return 4;
    }
    return 0;
}

bool xz_finder_is_known(lzma_match_finder mf)
{
    return mf_hash_bytes(mf) > 0;
}

static bool mf_is_tree(lzma_match_finder mf)
{
    return mf == LZMA_MF_BT2 || mf == LZMA_MF_BT3 || mf == LZMA_MF_BT4;
}

uint32_t xz_finder_depth(const struct xz_finder_setup *setup)
{
    if (setup->depth > 0)
        return setup->depth;
    return mf_is_tree(setup->mf) ? 16 + setup->nice_len / 2 : 4 + setup->nice_len / 4;
}

static struct xz_finder_shape make_shape(const struct xz_finder_setup *setup)
{
    const bool is_tree = mf_is_tree(setup->mf);
    struct xz_finder_shape shape = {
        .hash_bytes = mf_hash_bytes(setup->mf),
        .links = is_tree ? 2 : 1,
        .ring_size = setup->dict_size + 1,
        .depth = xz_finder_depth(setup),
    };
    if (!is_tree && shape.depth <= ROW_DEPTH_MAX) {
        shape.hash_bytes = 4;
        shape.links = 0;
        shape.is_near = setup->is_near;
        const uint32_t most = setup->is_near ? WIDE_DEPTH_NEAR : WIDE_DEPTH_PRICE;
        shape.row_bits = shape.depth <= 4      ? 2
                         : shape.depth <= 8    ? 3
                         : shape.depth <= most ? 4
                                               : XZ_ROW_BITS_MAX;
    }
    const uint32_t bits3 = xz_bits_top32(setup->dict_size);
    shape.bits3 = bits3 < XZ_HEADS3_BITS ? bits3 : XZ_HEADS3_BITS;
    if (shape.bits3 < XZ_HEADS3_BITS_MIN)
        shape.bits3 = XZ_HEADS3_BITS_MIN;
    shape.nice_len =
        setup->nice_len > shape.hash_bytes ? setup->nice_len : shape.hash_bytes;
    return shape;
}

bool xz_finder_has_rows(const struct xz_finder_setup *setup)
{
    return setup->in_bulk == XZ_BULK_NONE && make_shape(setup).row_bits > 0;
}

bool xz_finder_has_trees(const struct xz_finder_setup *setup)
{
    return setup->in_bulk == XZ_BULK_NONE && make_shape(setup).links == 2;
}

/* The step that has room for `needed` positions. */
static struct layout make_layout(const struct xz_finder_shape *shape, uint32_t needed)
{
    struct layout l = {.positions = shape->ring_size};
    while (l.positions / GROWTH >= needed && l.positions / GROWTH >= POSITIONS_MIN)
        l.positions /= GROWTH;

    l.main_bits = xz_bits_top32(l.positions);
    l.main_bits -= 1; // one head for two positions, or fewer
    if (l.main_bits < MAIN_BITS_MIN)
        l.main_bits = MAIN_BITS_MIN;
    if (l.main_bits > MAIN_BITS_MAX)
        l.main_bits = MAIN_BITS_MAX;
    if (shape->hash_bytes == 2)
        l.main_bits = 16;
    l.heads = xz_main_at(shape);
    if (shape->is_near)
        l.heads = (size_t)1 << XZ_NEAR_BITS;
    if (shape->row_bits == 0)
        l.heads += (size_t)1 << l.main_bits;
    l.links = (size_t)l.positions * shape->links;
    return l;
}

uint32_t xz_finder_ahead(const struct xz_finder_setup *setup)
{
    return setup->in_bulk != XZ_BULK_NONE ? xz_bulk_ahead(setup) : 0;
}

lzma_ret xz_finder_prepare(struct xz_finder *f, const lzma_allocator *allocator,
                           const struct xz_window *w, uint32_t end)
{
    return xz_finder_is_ready(f, end) ? LZMA_OK : xz_bulk_prepare(f, allocator, w);
}

lzma_ret xz_finder_prepare_unsorted(struct xz_finder *f,
                                    const lzma_allocator *allocator,
                                    const struct xz_window *w, uint32_t end)
{
    return xz_bulk_prepare_unsorted(f, allocator, w, end);
}

bool xz_finder_is_ready(const struct xz_finder *f, uint32_t end)
{
    return f->in_bulk == XZ_BULK_NONE || xz_bulk_is_ready(f, end);
}

uint64_t xz_finder_memusage(const struct xz_finder_setup *setup)
{
    if (setup->little_size > 0)
        return xz_little_words(setup->dict_size) * sizeof(uint32_t);
    if (setup->in_bulk != XZ_BULK_NONE)
        return xz_bulk_memusage(setup);
    const struct xz_finder_shape shape = make_shape(setup);
    const struct layout last = make_layout(&shape, shape.ring_size);
    const struct layout before = make_layout(&shape, last.positions / GROWTH);
    uint64_t words = (uint64_t)last.heads + (uint64_t)last.positions * shape.links;
    if (shape.row_bits == 0 && before.positions < last.positions)
        words += before.heads > before.links ? before.heads : before.links;
    const uint64_t rows = shape.row_bits > 0
                              ? xz_row_table_memusage(shape.row_bits, setup->dict_size)
                              : 0;
    return words * sizeof(uint32_t) + rows;
}

void xz_finder_end(struct xz_finder *f, const lzma_allocator *allocator)
{
    xz_free(f->heads, allocator);
    xz_free(f->links, allocator);
    xz_row_table_end(&f->rows, allocator);
    f->heads = NULL;
    f->links = NULL;
    f->heads_allocated = 0;
    f->links_allocated = 0;
    xz_bulk_end(f, allocator);
}

/* Makes *table hold count words, of which the first `used` are kept. */
static lzma_ret resize(uint32_t **table, size_t *allocated, size_t used, size_t count,
                       const lzma_allocator *allocator)
{
    if (count <= *allocated)
        return LZMA_OK;
    if (used == 0) {
        xz_free(*table, allocator);
        *table = NULL;
        *allocated = 0;
    }
    size_t bytes;
    if (!xz_mul_fits(count, sizeof(uint32_t), &bytes))
        return LZMA_MEM_ERROR;
    uint32_t *larger = xz_alloc_large(bytes, allocator);
    if (larger == NULL)
        return LZMA_MEM_ERROR;
    if (used > 0)
        memcpy(larger, *table, used * sizeof(uint32_t));
    xz_free(*table, allocator);
    *table = larger;
    *allocated = count;
    return LZMA_OK;
}

/* As many words for each text. What is not used is not touched. */
static lzma_ret open_little(struct xz_finder *f, const lzma_allocator *allocator,
                            const struct xz_finder_setup *setup)
{
    const size_t words = xz_little_words(setup->dict_size);
    if (f->heads_allocated < words) {
        xz_free(f->heads, allocator);
        f->heads_allocated = 0;
        f->heads = xz_alloc(words * sizeof(uint32_t), allocator);
        if (f->heads == NULL)
            return LZMA_MEM_ERROR;
        f->heads_allocated = words;
    }
    f->little = xz_little_kernel();
    xz_little_open(f, setup->little_size);
    return LZMA_OK;
}

lzma_ret xz_finder_open(struct xz_finder *f, const lzma_allocator *allocator,
                        const struct xz_finder_setup *setup)
{
    f->shape = make_shape(setup);
    f->nice_len = f->shape.nice_len;
    f->dict_size = setup->dict_size;
    f->ring_base =
        setup->start > f->shape.ring_size ? setup->start : f->shape.ring_size;
    f->ring_is_full = false;
    f->offset = f->ring_base;
    f->insert_pos = 0;
    f->in_bulk = setup->in_bulk;
    f->little = NULL;
    if (f->in_bulk != XZ_BULK_NONE) {
        xz_free(f->links, allocator);
        f->links = NULL;
        f->links_allocated = 0;
        xz_row_table_end(&f->rows, allocator);
        xz_bulk_open(f, allocator, setup);
        return LZMA_OK;
    }
    xz_bulk_end(f, allocator);
    if (setup->little_size > 0)
        return open_little(f, allocator, setup);

    /* What is left from larger options is more than the memory use that was told. */
    const struct layout last = make_layout(&f->shape, f->shape.ring_size);
    if (f->heads_allocated > last.heads || f->links_allocated > last.links)
        xz_finder_end(f, allocator);
    if (f->shape.row_bits == 0)
        xz_row_table_end(&f->rows, allocator);

    const struct layout l = make_layout(&f->shape, 0);
    XZ_TRY(resize(&f->heads, &f->heads_allocated, 0, l.heads, allocator));
    XZ_TRY(resize(&f->links, &f->links_allocated, 0, l.links, allocator));
    memset(f->heads, 0, l.heads * sizeof(uint32_t));
    f->positions = l.positions;
    f->main_bits = l.main_bits;
    f->row_kernel = xz_row_kernel();
    if (f->shape.row_bits > 0)
        return xz_row_table_open(&f->rows, allocator, f->shape.row_bits, f->dict_size);
    return LZMA_OK;
}

/* Copies each main head to all indices that its own splits into, from the last one
   down, since they lie in the same array. */
static void spread_heads(uint32_t *heads, uint32_t old_bits, uint32_t new_bits)
{
    const uint32_t splits = new_bits - old_bits;
    for (size_t i = (size_t)1 << new_bits; i-- > 0;)
        heads[i] = heads[i >> splits];
}

static lzma_ret grow(struct xz_finder *f, const lzma_allocator *allocator,
                     uint32_t needed)
{
    const struct layout old = make_layout(&f->shape, f->positions);
    const struct layout l = make_layout(&f->shape, needed);
    XZ_TRY(resize(&f->links, &f->links_allocated, old.links, l.links, allocator));
    XZ_TRY(resize(&f->heads, &f->heads_allocated, old.heads, l.heads, allocator));
    if (l.main_bits > f->main_bits)
        spread_heads(f->heads + xz_main_at(&f->shape), f->main_bits, l.main_bits);
    f->positions = l.positions;
    f->main_bits = l.main_bits;
    return LZMA_OK;
}

static void renumber_table(uint32_t *table, size_t count, uint32_t less)
{
    for (size_t i = 0; i < count; ++i)
        table[i] = table[i] > less ? table[i] - less : 0;
}

/* Lowers all numbers, so that the ring's present round begins at ring_size again. All
   that are in reach stay above 0:
   number - dict_size >= ring_base - dict_size = ring_size - dict_size = 1. */
static void renumber(struct xz_finder *f)
{
    const uint32_t ring_size = f->shape.ring_size;
    const uint32_t number = f->insert_pos + f->offset;
    const uint32_t less = f->ring_base - ring_size;
    const struct layout l = make_layout(&f->shape, f->positions);
    const uint32_t used = f->ring_is_full ? ring_size : number - f->ring_base;
    renumber_table(f->heads, l.heads, less);
    renumber_table(f->links, (size_t)used * f->shape.links, less);
    f->ring_base -= less;
    f->offset -= less;
}

lzma_ret xz_finder_reserve(struct xz_finder *f, const lzma_allocator *allocator,
                           uint32_t end)
{
    if (f->little != NULL)
        return LZMA_OK;
    if (f->shape.row_bits > 0)
        return xz_row_table_reserve(&f->rows, allocator, end);
    const uint32_t ring_size = f->shape.ring_size;
    const uint32_t next = f->insert_pos + f->offset;
    const uint32_t more = end - f->insert_pos;
    const uint64_t in_round = (uint64_t)(next - f->ring_base) + more;
    const uint32_t needed =
        f->ring_is_full || in_round > ring_size ? ring_size : (uint32_t)in_round;
    if (needed > f->positions)
        XZ_TRY(grow(f, allocator, needed));
    if (next > UINT32_MAX - more)
        renumber(f);
    return LZMA_OK;
}

void xz_finder_moved(struct xz_finder *f, uint32_t moved)
{
    /* Rows may be behind by more than the window holds: what has left it is lost. */
    f->insert_pos = f->insert_pos > moved ? f->insert_pos - moved : 0;
    f->noise_start = f->noise_start > moved ? f->noise_start - moved : 0;
    f->noise_end = f->noise_end > moved ? f->noise_end - moved : 0;
    f->offset += moved;
    f->sorted_start -= moved;
    /* Text may pass beyond what is prepared, or before anything is. */
    f->sorted_end = f->sorted_end > moved ? f->sorted_end - moved : 0;
}

uint32_t xz_finder_find(struct xz_finder *f, const struct xz_window *w, uint32_t pos,
                        struct xz_pair *pairs)
{
    if (f->shape.links == 2)
        return xz_bin_tree_find(f, w, pos, pairs);
    if (f->shape.links == 1)
        return xz_hash_chain_find(f, w, pos, pairs);
    return xz_hash_row_find(f, w, pos, pairs);
}

void xz_finder_batch(struct xz_finder *f, const struct xz_window *w, uint32_t start,
                     uint32_t limit, struct xz_match_batch *batch)
{
    if (f->little != NULL)
        f->little->batch(f, w, start, limit, batch);
    else if (f->in_bulk != XZ_BULK_NONE)
        xz_bulk_batch(f, w, start, limit, batch);
    else if (f->shape.links == 2)
        xz_bin_tree_batch(f, w, start, limit, batch);
    else if (f->shape.links == 1)
        xz_hash_chain_batch(f, w, start, limit, batch);
    else
        xz_hash_row_batch(f, w, start, limit, batch);
}
