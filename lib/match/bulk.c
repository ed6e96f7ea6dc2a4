// SPDX-License-Identifier: 0BSD
// Match finder: whole stretches of text at a time, by their suffixes in sorted order.
//
//     | history | stretch to be coded | margin |
//     start                           end      start + size
//
// Before a stretch is searched, it is sorted together with the history that it may
// refer to. Long matches of a position are its neighbours in that order (sorted.h);
// how repetitive the text is does not change what that costs. What is short or recent
// is better found by hash tables of the latest positions:
//
//     heads | 2 bytes | 3 bytes | 4 bytes | 6 bytes | 8 bytes |
//
// They also reach history that was not sorted. Matches of both are merged.
//
// Stretches begin and end at positions that follow from the size of the text that is
// there, up to a fixed size, so at flush points and nowhere else than in a text that
// comes whole. The margin makes matches at the stretch's end as long as they are; it
// is sorted again in the next stretch. A stretch that is shorter than usual, because
// the text ends, is sorted with less history in proportion: the work stays linear even
// if flushes are frequent. The least stretches are not sorted at all, nor is noise.
//
// A match of nice_len ends a batch: the parser takes it and asks for no position
// within it.

#include "base/alloc.h"
#include "base/try.h"
#include "match/finder_table.h"
#include "match/near_merge.h"
#include "match/sorted.h"
#include <string.h>

#define MARGIN      4096
#define STRETCH_MIN 64

/* Least history for the least stretches: this many times their size. */
#define HISTORY_TIMES 3

/* Greatest common length that is counted when sorted. */
#define CAP_MAX 255

#define GROWTH     4
#define SORTED_MIN (UINT32_C(1) << 16)

#define HEAD_BITS_MIN 10
#define HEAD_BITS_MAX 22
#define HEAD_BYTES    8 // of text that an insertion needs

enum { TABLE2, TABLE3, TABLE4, TABLE6, TABLE8, TABLES };

/* Positions that are worked on together: the tables' and texts' memory is fetched for
   all of them before it is used. */
#define BLOCK 16

/* Bytes before a stretch that are sorted with it, and bytes of a whole stretch with its
   margin. The more is coded in a stretch, the less is sorted twice. Presets with a
   dictionary of 4 MiB are known to need less than 48 MiB: they get less of both. */
#define LEAN_MIN ((UINT32_C(2) << 20) + 1)
#define LEAN_MAX (UINT32_C(4) << 20)

static bool is_lean(uint32_t dict_size)
{
    return dict_size >= LEAN_MIN && dict_size <= LEAN_MAX;
}

static uint32_t history_size(uint32_t dict_size)
{
    return is_lean(dict_size) ? dict_size / 2 : dict_size;
}

static uint32_t stretch_size(uint32_t dict_size)
{
    const uint32_t size = is_lean(dict_size) ? dict_size / 2 : dict_size / 4 * 7;
    return size + MARGIN;
}

uint32_t xz_bulk_ahead(uint32_t dict_size)
{
    return stretch_size(dict_size);
}

/* Bits of an index into the tables of 4 bytes and more, for this many positions. */
static uint32_t head_bits(uint32_t positions)
{
    if (positions < UINT32_C(4) << HEAD_BITS_MIN)
        return HEAD_BITS_MIN;
    const uint32_t bits = xz_bits_top32(positions) - 2 - is_lean(positions);
    return bits < HEAD_BITS_MAX ? bits : HEAD_BITS_MAX;
}

static size_t head_words(uint32_t bits)
{
    return xz_main_at(4) + ((size_t)(TABLES - TABLE4) << bits);
}

/* Memory for sorting size bytes of which `searched` are searched: a step of growth. */
static size_t sorted_memory(uint32_t dict_size, uint32_t size, uint32_t searched)
{
    uint32_t history = history_size(dict_size);
    uint32_t stretch = stretch_size(dict_size);
    while (stretch / GROWTH >= searched && (history + stretch) / GROWTH >= size
           && stretch / GROWTH >= SORTED_MIN) {
        history /= GROWTH;
        stretch /= GROWTH;
    }
    return xz_sorted_memory(history + stretch, stretch);
}

static size_t sorted_memory_max(uint32_t dict_size)
{
    return sorted_memory(dict_size, UINT32_MAX, UINT32_MAX);
}

uint64_t xz_bulk_memusage(const struct xz_finder_setup *setup)
{
    return (uint64_t)head_words(head_bits(setup->dict_size)) * sizeof(uint32_t)
           + sorted_memory_max(setup->dict_size);
}

void xz_bulk_end(struct xz_finder *f, const lzma_allocator *allocator)
{
    xz_free(f->sorted.memory, allocator);
    f->sorted.memory = NULL;
    f->sorted.allocated = 0;
}

void xz_bulk_open(struct xz_finder *f, const lzma_allocator *allocator,
                  const struct xz_finder_setup *setup)
{
    f->sorted.kernels = xz_near_kernels();
    f->sorted.size = 0;
    f->sorted_start = 0;
    f->sorted_end = 0;
    f->main_bits = 0; // no heads yet
    f->offset = setup->start > setup->dict_size ? setup->start : setup->dict_size + 1;
    if (f->sorted.allocated > sorted_memory_max(setup->dict_size))
        xz_bulk_end(f, allocator);
    if (f->heads_allocated > head_words(head_bits(setup->dict_size))) {
        xz_free(f->heads, allocator);
        f->heads = NULL;
        f->heads_allocated = 0;
    }
}

/* Index into heads for the text at p. */
XZ_ALWAYS_INLINE size_t head_at(const uint8_t *p, uint32_t table, uint32_t bits)
{
    if (table == TABLE2)
        return xz_hash2(p);
    if (table == TABLE3)
        return xz_heads3_at(4) + xz_hash3(p);
    const size_t at = xz_main_at(4) + ((size_t)(table - TABLE4) << bits);
    if (table == TABLE4)
        return at + xz_hash(xz_read32le(p), bits);
    const uint64_t text = xz_read64le(p) << (table == TABLE6 ? 16 : 0);
    return at + (size_t)((text * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - bits));
}

XZ_ALWAYS_INLINE void fetch_heads(const struct xz_finder *f, const uint8_t *p)
{
    for (uint32_t table = TABLE3; table < TABLES; ++table)
        XZ_PREFETCH(&f->heads[head_at(p, table, f->main_bits)]);
}

/* Inserts positions from insert_pos up to pos as far as their text is there. */
static void catch_up(struct xz_finder *f, const struct xz_window *w, uint32_t pos)
{
    const uint32_t bits = f->main_bits;
    uint32_t *const heads = f->heads;
    uint32_t at = f->insert_pos;
    for (; at < pos && w->end - at >= HEAD_BYTES + BLOCK; ++at) {
        const uint8_t *const cur = w->buf + at;
        fetch_heads(f, cur + BLOCK);
        for (uint32_t table = 0; table < TABLES; ++table)
            heads[head_at(cur, table, bits)] = at + f->offset;
    }
    for (; at < pos && w->end - at >= HEAD_BYTES; ++at) {
        for (uint32_t table = 0; table < TABLES; ++table)
            heads[head_at(w->buf + at, table, bits)] = at + f->offset;
    }
    f->insert_pos = at;
}

/* Makes heads with this many bits, anew from the text. */
static lzma_ret make_heads(struct xz_finder *f, const lzma_allocator *allocator,
                           const struct xz_window *w, uint32_t bits)
{
    const size_t words = head_words(bits);
    if (words > f->heads_allocated) {
        xz_free(f->heads, allocator);
        f->heads_allocated = 0;
        f->heads = xz_alloc_large(words * sizeof(uint32_t), allocator);
        if (f->heads == NULL) {
            f->main_bits = 0;
            return LZMA_MEM_ERROR;
        }
        f->heads_allocated = words;
    }
    memset(f->heads, 0, words * sizeof(uint32_t));
    f->main_bits = bits;
    const uint32_t inserted = f->insert_pos;
    f->insert_pos = inserted > f->dict_size ? inserted - f->dict_size : 0;
    catch_up(f, w, inserted);
    return LZMA_OK;
}

static lzma_ret update_heads(struct xz_finder *f, const lzma_allocator *allocator,
                             const struct xz_window *w, uint32_t end)
{
    /* What the window keeps before the history must not count. */
    uint32_t bits = head_bits(end < f->dict_size ? end : f->dict_size);
    if (bits < f->main_bits)
        bits = f->main_bits;
    if (end > UINT32_MAX - f->offset)
        f->offset = f->dict_size + 1;
    else if (bits == f->main_bits)
        return LZMA_OK;
    return make_heads(f, allocator, w, bits);
}

/* Sorts the text from start to end; positions from `from` on are searched. */
static lzma_ret sort(struct xz_finder *f, const lzma_allocator *allocator,
                     const struct xz_window *w, uint32_t start, uint32_t from,
                     uint32_t end)
{
    const size_t memory = sorted_memory(f->dict_size, end - start, end - from);
    if (memory > f->sorted.allocated) {
        xz_bulk_end(f, allocator);
        f->sorted.memory = xz_alloc_large(memory, allocator);
        if (f->sorted.memory == NULL)
            return LZMA_MEM_ERROR;
        f->sorted.allocated = memory;
    }
    xz_sorted_make(&f->sorted, w->buf + start, end - start, from - start,
                   f->nice_len < CAP_MAX ? f->nice_len : CAP_MAX);
    return LZMA_OK;
}

bool xz_bulk_is_ready(const struct xz_finder *f, uint32_t end)
{
    return end <= f->sorted_end;
}

lzma_ret xz_bulk_prepare(struct xz_finder *f, const lzma_allocator *allocator,
                         const struct xz_window *w)
{
    const uint32_t whole = stretch_size(f->dict_size);
    const uint32_t avail = w->end - w->pos;
    const uint32_t size = avail < whole ? avail : whole;
    uint32_t history = history_size(f->dict_size);
    if (size < whole && history / HISTORY_TIMES > size)
        history = size * HISTORY_TIMES;
    if (history > w->pos)
        history = w->pos;
    const uint32_t end = w->pos + size;
    XZ_TRY(update_heads(f, allocator, w, end));
    f->sorted.size = 0;
    if (size >= STRETCH_MIN)
        XZ_TRY(sort(f, allocator, w, w->pos - history, w->pos, end));
    f->sorted_start = w->pos - history;
    f->sorted_end = size < whole ? end : end - MARGIN;
    return LZMA_OK;
}

lzma_ret xz_bulk_prepare_unsorted(struct xz_finder *f, const lzma_allocator *allocator,
                                  const struct xz_window *w, uint32_t end)
{
    XZ_TRY(update_heads(f, allocator, w, end));
    f->sorted.size = 0;
    f->sorted_start = w->pos;
    f->sorted_end = end;
    return LZMA_OK;
}

/* Latest positions with the same first bytes, for each table. */
struct candidates {
    uint32_t number[TABLES];
};

/* Candidates of count positions, which become the latest ones themselves. */
XZ_ALWAYS_INLINE void take_heads(struct xz_finder *f, const struct xz_window *w,
                                 uint32_t pos, uint32_t count, struct candidates *c)
{
    uint32_t *const heads = f->heads;
    const uint32_t bits = f->main_bits;
    for (uint32_t i = 0; i < count; ++i) {
        const uint8_t *const cur = w->buf + pos + i;
        const uint32_t number = pos + i + f->offset;
        for (uint32_t table = 0; table < TABLES; ++table) {
            uint32_t *const head = &heads[head_at(cur, table, bits)];
            const uint32_t dist = number - *head;
            c[i].number[table] = *head;
            *head = number;
            if (dist - 1 < f->dict_size)
                XZ_PREFETCH(cur - dist);
        }
    }
    if (f->insert_pos < pos + count)
        f->insert_pos = pos + count;
}

/* The same for a position whose text ends soon: nothing is inserted. */
static void look_at_heads(const struct xz_finder *f, const uint8_t *cur, uint32_t avail,
                          struct candidates *c)
{
    static const uint8_t bytes[TABLES] = {2, 3, 4, 8, 8};
    for (uint32_t table = 0; table < TABLES; ++table) {
        c->number[table] =
            avail < bytes[table] ? 0 : f->heads[head_at(cur, table, f->main_bits)];
    }
}

/* Adds pairs of the candidates, longer than best, at out; returns the place behind the
   last one. */
XZ_ALWAYS_INLINE struct xz_pair *try_heads(const struct candidates *c,
                                           const uint8_t *cur, uint32_t number,
                                           uint32_t dict_size, uint32_t limit,
                                           uint32_t best, struct xz_pair *out)
{
    struct xz_pair *const none = out;
    uint32_t last = 0;
    for (uint32_t table = 0; table < TABLES; ++table) {
        const uint32_t dist = number - c->number[table];
        if (dist - 1 >= dict_size || dist == last)
            continue;
        const uint32_t len = xz_match_len(cur, cur - dist, 0, limit);
        if (len <= best)
            continue;
        while (out > none && out[-1].dist > dist)
            --out;
        best = len;
        last = dist;
        *out++ = (struct xz_pair){len, dist};
    }
    return out;
}

/* Adds the pairs of a block to the batch; returns the place behind them. */
static struct xz_pair *add_pairs(struct xz_finder *f, const struct xz_window *w,
                                 uint32_t count, const struct candidates *c,
                                 struct xz_near *near, struct xz_match_batch *batch,
                                 struct xz_pair *out)
{
    struct xz_pair latest[TABLES + HEAD_BYTES + 1];
    const uint32_t cap = f->nice_len < CAP_MAX ? f->nice_len : CAP_MAX;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t pos = batch->start + batch->count;
        const uint8_t *const cur = w->buf + pos;
        const uint32_t avail = w->end - pos;
        const uint32_t limit = avail < f->nice_len ? avail : f->nice_len;
        batch->first[batch->count++] = (uint32_t)(out - batch->pairs);
        struct xz_pair *const pairs = out;
        struct xz_pair *end = latest;
        uint32_t best = 1;
        if (f->insert_pos < pos && f->sorted.size == 0)
            end = xz_near_pairs(cur, pos - f->insert_pos, limit, &best, end);
        end = try_heads(&c[i], cur, pos + f->offset, f->dict_size, limit, best, end);
        *end = XZ_PAIR_END;
        near[i].pairs[near[i].count] = XZ_PAIR_END;
        out = xz_near_merge(latest, near[i].pairs, out);
        if (out > pairs) {
            xz_pair_extend(&out[-1], cur, cap, avail);
            if (out[-1].len >= f->nice_len)
                break;
        }
    }
    return out;
}

void xz_bulk_batch(struct xz_finder *f, const struct xz_window *w, uint32_t start,
                   uint32_t limit, struct xz_match_batch *batch)
{
    struct candidates candidates[BLOCK];
    struct xz_near near[BLOCK];
    struct xz_pair *out = batch->pairs;
    struct xz_pair *const full =
        batch->pairs + XZ_BATCH_PAIRS - BLOCK * (2 * XZ_NEAR_RANKS + TABLES);
    if (limit - start > XZ_BATCH_POSITIONS)
        limit = start + XZ_BATCH_POSITIONS;
    batch->start = start;
    batch->count = 0;
    catch_up(f, w, start);
    for (uint32_t pos = start; pos < limit && out <= full;) {
        const uint32_t left = w->end - pos;
        uint32_t count = limit - pos < BLOCK ? limit - pos : BLOCK;
        if (left < count + HEAD_BYTES || f->insert_pos < pos) {
            count = 1;
            look_at_heads(f, w->buf + pos, left, candidates);
            catch_up(f, w, pos + 1);
        } else {
            for (uint32_t i = 0; i < BLOCK && left >= 2 * BLOCK + HEAD_BYTES; ++i)
                fetch_heads(f, w->buf + pos + BLOCK + i);
            take_heads(f, w, pos, count, candidates);
        }
        for (uint32_t i = 0; i < count; ++i)
            near[i].count = 0;
        if (f->sorted.size > 0)
            f->sorted.kernels->find(&f->sorted, f->dict_size, pos - f->sorted_start,
                                    count, near);
        out = add_pairs(f, w, count, candidates, near, batch, out);
        if (out > batch->pairs && out[-1].len >= f->nice_len)
            break;
        pos += count;
    }
    batch->first[batch->count] = (uint32_t)(out - batch->pairs);
}
