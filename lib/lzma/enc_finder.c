// SPDX-License-Identifier: 0BSD
// Choosing among finders as a text comes.

#include "lzma/enc_finder.h"
#include "lzma/lzma_rules.h"
#include "match/little.h"

/* Room for which rows are made at first, and how it grows. */
#define ROOM_MIN   (UINT32_C(1) << 9)
#define ROOM_TIMES 4

#define ROWS_DEPTH 32

/* A window that is meant for sorting keeps no more than the dictionary. Where noise was
   passed over, trees look at texts that are so much farther. */
#define TREE_LESS XZ_LZMA2_CHUNK_STORED_MAX

static struct xz_finder_setup rows_setup(const struct xz_finder_setup *full,
                                         uint32_t room)
{
    return (struct xz_finder_setup){
        .mf = LZMA_MF_HC4,
        .dict_size = room < full->dict_size ? room : full->dict_size,
        .nice_len = full->nice_len,
        .depth = ROWS_DEPTH,
    };
}

/* Tables give batches, which the fast parser does not ask for; it has no bulk. */
static bool has_little(const struct xz_finder_setup *full)
{
    return full->in_bulk != XZ_BULK_NONE;
}

static struct xz_finder_setup little_setup(const struct xz_finder_setup *full,
                                           uint32_t size)
{
    return (struct xz_finder_setup){
        .mf = LZMA_MF_HC4,
        .dict_size = XZ_LITTLE_MAX,
        .nice_len = full->nice_len,
        .little_size = size,
    };
}

static struct xz_finder_setup tree_setup(const struct xz_finder_setup *full)
{
    struct xz_finder_setup setup = *full;
    setup.in_bulk = XZ_BULK_NONE;
    setup.dict_size -= TREE_LESS; // bulk: the dictionary is larger than that
    return setup;
}

/* Rows are no match for chains and rows that were asked for. */
static bool has_rows(const struct xz_finder_setup *full)
{
    return full->in_bulk != XZ_BULK_NONE || xz_finder_has_trees(full);
}

/* A tree takes more memory than where it is to be saved. */
static bool has_tree(const struct xz_finder_setup *full)
{
    return full->in_bulk == XZ_BULK_WIDE;
}

uint32_t xz_enc_finder_wait(const struct xz_finder_setup *full)
{
    if (has_tree(full))
        return XZ_ENC_FLUSHED + 1;
    if (has_little(full))
        return XZ_LITTLE_MAX + 1;
    return has_rows(full) ? XZ_ENC_LITTLE + 1 : 0;
}

uint64_t xz_enc_finder_memusage(const struct xz_finder_setup *full)
{
    uint64_t usage = xz_finder_memusage(full);
    if (has_rows(full)) {
        const struct xz_finder_setup rows = rows_setup(full, UINT32_MAX);
        const uint64_t more = xz_finder_memusage(&rows);
        usage = usage > more ? usage : more;
    }
    if (has_little(full)) {
        const struct xz_finder_setup little = little_setup(full, XZ_LITTLE_MAX);
        const uint64_t more = xz_finder_memusage(&little);
        usage = usage > more ? usage : more;
    }
    if (has_tree(full)) {
        const struct xz_finder_setup tree = tree_setup(full);
        const uint64_t more = xz_finder_memusage(&tree);
        usage = usage > more ? usage : more;
    }
    return usage;
}

/* Whether the finders of both take the same steps of growth. */
static bool is_same(const struct xz_finder_setup *a, const struct xz_finder_setup *b)
{
    return a->mf == b->mf && a->dict_size == b->dict_size && a->nice_len == b->nice_len
           && a->depth == b->depth && a->is_near == b->is_near
           && a->in_bulk == b->in_bulk;
}

lzma_ret xz_enc_finder_start(struct xz_enc_finder *e, struct xz_finder *f,
                             const lzma_allocator *allocator,
                             const struct xz_finder_setup *full, bool is_whole)
{
    /* With what is left from other options there may be more than was told. */
    if (!is_same(&e->full, full))
        xz_finder_end(f, allocator);
    e->full = *full;
    e->room = 0;
    e->kind = XZ_ENC_FINDER_NONE;
    if (!is_whole && has_rows(full))
        return LZMA_OK;
    e->kind = XZ_ENC_FINDER_FULL;
    return xz_finder_open(f, allocator, full);
}

bool xz_enc_finder_waits(const struct xz_enc_finder *e, const struct xz_window *w)
{
    return e->kind != XZ_ENC_FINDER_FULL
           && w->end - w->pos < xz_enc_finder_wait(&e->full);
}

/* The least kind that serves for the text that is there. */
static enum xz_enc_finder_kind kind_for(const struct xz_enc_finder *e,
                                        const struct xz_window *w, bool ends,
                                        bool is_flush)
{
    const uint32_t size = w->end - w->pos;
    if (ends && !is_flush && e->kind == XZ_ENC_FINDER_NONE && has_little(&e->full)
        && w->end <= XZ_LITTLE_MAX)
        return XZ_ENC_FINDER_LITTLE;
    if (ends && size <= (is_flush ? XZ_ENC_LITTLE_FLUSH : XZ_ENC_LITTLE))
        return XZ_ENC_FINDER_ROWS;
    if (ends && is_flush && size <= XZ_ENC_FLUSHED && has_tree(&e->full))
        return XZ_ENC_FINDER_TREE;
    return XZ_ENC_FINDER_FULL;
}

static lzma_ret open_rows(struct xz_enc_finder *e, struct xz_finder *f,
                          const lzma_allocator *allocator, uint32_t end)
{
    uint32_t room = ROOM_MIN;
    while (room < end && room < e->full.dict_size)
        room *= ROOM_TIMES;
    e->room = room < e->full.dict_size ? room : UINT32_MAX;
    const struct xz_finder_setup setup = rows_setup(&e->full, room);
    return xz_finder_open(f, allocator, &setup);
}

lzma_ret xz_enc_finder_choose(struct xz_enc_finder *e, struct xz_finder *f,
                              const lzma_allocator *allocator,
                              const struct xz_window *w, bool ends, bool is_flush)
{
    if (e->kind == XZ_ENC_FINDER_FULL || e->kind == XZ_ENC_FINDER_LITTLE)
        return LZMA_OK;
    const enum xz_enc_finder_kind kind = kind_for(e, w, ends, is_flush);
    if (kind == XZ_ENC_FINDER_ROWS && e->kind <= kind) {
        e->kind = kind;
        return w->end > e->room ? open_rows(e, f, allocator, w->end) : LZMA_OK;
    }
    if (kind <= e->kind)
        return LZMA_OK;
    e->kind = kind;
    if (kind == XZ_ENC_FINDER_FULL)
        return xz_finder_open(f, allocator, &e->full);
    const struct xz_finder_setup setup = kind == XZ_ENC_FINDER_LITTLE
                                             ? little_setup(&e->full, w->end)
                                             : tree_setup(&e->full);
    return xz_finder_open(f, allocator, &setup);
}
