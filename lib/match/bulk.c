// SPDX-License-Identifier: 0BSD
// Match finder: whole stretches of text at a time, by their suffixes in sorted order.
//
//     | history | stretch to be coded | margin |
//     start                           end      start + size
//
// Before a stretch is searched, it is sorted together with the history that it may
// refer to, at its anchors (anchors.h). Long matches of a position are neighbours of
// its anchor in that order (sorted.h); how repetitive the text is does not change what
// that costs. What is short or recent is better found by hash tables of the latest
// positions:
//
//     heads | 2 bytes | 3 bytes | 4 bytes | 5 bytes | 6 bytes | 8 bytes |
//
// They also reach history that was not sorted. Matches of both are merged.
//
// Stretches begin and end at positions that follow from the size of the text that is
// there, up to a fixed size, so at flush points and nowhere else than in a text that
// comes whole. The margin makes matches at the stretch's end as long as they are; it
// is sorted again in the next stretch. A stretch that is shorter than usual, because
// the text ends, is sorted with less history in proportion: the work stays linear even
// if flushes are frequent. The least stretches are not sorted at all, nor is noise, nor
// what repeats itself so much that the tables know enough (repeats.h).
//
// A match of nice_len ends a batch: the parser takes it and asks for no position
// within it. Where tables are searched alone, positions before it may have got it, too.

#include "base/alloc.h"
#include "base/try.h"
#include "match/finder_table.h"
#include "match/heads.h"
#include "match/pair_block.h"
#include "match/repeats.h"
#include "match/sorted.h"
#include "match/suffix_sort.h"

#define MARGIN      4096
#define STRETCH_MIN 64

/* Least history for the least stretches: this many times their size. */
#define HISTORY_TIMES 3

/* Greatest common length that is counted when sorted. */
#define CAP_MAX 255

#define GROWTH     4
#define SORTED_MIN (UINT32_C(1) << 15)

/* Positions that are searched together: three blocks of near_find.h. */
#define BLOCK 48
_Static_assert(BLOCK <= XZ_PAIR_BLOCK && XZ_PAIR_ROOM <= XZ_NEAR_PAIRS,
               "both searches have room");

#define PART_UNIT (UINT32_C(64) << 10)
#define PART_MIN  (UINT32_C(1) << 20)

/* A part half as long as others, as where a text of two is cut in four, is sorted with
   no more history than it is long, or so much. */
#define PART_HISTORY (UINT32_C(8) << 20)

/* How much is sorted at a time. */
struct extent {
    uint32_t history; // bytes before a stretch that are sorted with it
    uint32_t stretch; // bytes of a whole stretch with its margin
    uint32_t rounds;  // its positions have ranks in so many; 0: see ranked_max()
};

/* Parts up to this size are as long as the dictionary, so that less is sorted twice;
   longer ones would leave other threads without work. */
#define PART_LONG_MAX (UINT32_C(16) << 20)

/* Dictionaries up to this size have longer stretches where memory is short, and parts
   ranks in more rounds. */
#define LEAN_DICT_SMALL (UINT32_C(4) << 20)

/* With dictionaries up to this size memory is so short that parts are sorted in two
   stretches, and with less than PART_MIN in many. */
#define PART_SMALL_MAX (UINT32_C(2) << 20)

/* With dictionaries up to this size there is no memory for longer stretches. */
#define WIDE_SMALL_MAX (UINT32_C(2) << 20)

/* Dictionaries up to this size have longer stretches; with greater ones they would take
   too much memory. */
#define LONG_DICT_MAX (UINT32_C(32) << 20)

/* The more is coded in a stretch, the less is sorted twice; the more history, the more
   is found. Lean: at preset 4 clients expect that it takes at most 48 MiB in all.
   Greater ones come with a limit of memory: about what XZ Utils takes. */
static struct extent make_extent(enum xz_bulk bulk, uint32_t dict_size)
{
    switch (bulk) {
    case XZ_BULK_PART:
        if (dict_size < PART_MIN)
            return (struct extent){dict_size / 16 * 13, dict_size / 2 + MARGIN, 3};
        if (dict_size <= PART_SMALL_MAX)
            return (struct extent){dict_size / 4 * 3, dict_size / 4 * 3 + MARGIN, 3};
        if (dict_size <= PART_LONG_MAX)
            return (struct extent){dict_size / 4 * 3,
                                   xz_bulk_part_size(dict_size) + MARGIN,
                                   dict_size <= LEAN_DICT_SMALL ? 3 : 2};
        return (struct extent){dict_size / 8 * 5, xz_bulk_part_size(dict_size) + MARGIN,
                               0};
    case XZ_BULK_LEAN:
        if (dict_size > LEAN_DICT_SMALL)
            return (struct extent){dict_size / 16 * 11, dict_size / 16 * 11 + MARGIN,
                                   7};
        return (struct extent){dict_size / 16 * 11, dict_size / 64 * 57 - MARGIN, 7};
    case XZ_BULK_WIDE:
    case XZ_BULK_NONE:
        break;
    }
    if (dict_size <= WIDE_SMALL_MAX)
        return (struct extent){dict_size, dict_size / 4 * 7 + MARGIN, 5};
    if (dict_size <= LONG_DICT_MAX)
        return (struct extent){dict_size, dict_size / 8 * 19 + MARGIN, 0};
    return (struct extent){dict_size, dict_size / 4 * 7 + MARGIN, 0};
}

/* A multiple of a stretch without its margin, or of a little more; at least
   PART_MIN. */
uint32_t xz_bulk_part_size(uint32_t dict_size)
{
    const uint32_t quarters = dict_size <= PART_SMALL_MAX  ? 6
                              : dict_size <= PART_LONG_MAX ? 4
                                                           : 3;
    const uint32_t size = dict_size / 4 * quarters & ~(PART_UNIT - 1);
    return size > PART_MIN ? size : PART_MIN;
}

uint32_t xz_bulk_ahead(const struct xz_finder_setup *setup)
{
    return make_extent(setup->in_bulk, setup->dict_size).stretch;
}

static uint32_t cap_of(uint32_t nice_len)
{
    return nice_len < CAP_MAX ? nice_len : CAP_MAX;
}

/* Positions that have ranks at a time. Each time all of the order is gone through. */
#define RANKED_MIN   (UINT32_C(2) << 20)
#define RANKED_MAX   (UINT32_C(16) << 20)
#define RANKED_TIMES 5

/* Of `searched` positions. */
static uint32_t ranked_max(const struct extent *extent, uint32_t searched)
{
    if (extent->rounds > 0)
        return searched / extent->rounds + 1;
    uint32_t max = searched / RANKED_TIMES;
    max = max > RANKED_MIN ? max : RANKED_MIN;
    max = max < RANKED_MAX ? max : RANKED_MAX;
    return searched < max ? searched : max;
}

/* A step of growth less is enough: what has room then, by the same divisions. */
static bool is_small(const struct extent *extent, uint32_t size, uint32_t searched)
{
    const uint32_t stretch = extent->stretch / GROWTH;
    return stretch >= SORTED_MIN && stretch >= searched
           && extent->history / GROWTH + stretch >= size;
}

/* Where memory is not short, positions have an order of what they may refer to: as if
   neighbours were looked for twice as far. */
static uint32_t reach_of(const struct extent *extent, enum xz_bulk bulk,
                         uint32_t dict_size, uint32_t size, uint32_t searched)
{
    const bool is_wide = bulk == XZ_BULK_WIDE || is_small(extent, size, searched);
    return is_wide ? dict_size : 0;
}

/* Memory for sorting size bytes of which `searched` are searched: a step of growth. */
static size_t sorted_memory(struct extent extent, uint32_t reach, uint32_t size,
                            uint32_t searched)
{
    while (is_small(&extent, size, searched)) {
        extent.history /= GROWTH;
        extent.stretch /= GROWTH;
    }
    return xz_sorted_memory(extent.history + extent.stretch,
                            ranked_max(&extent, extent.stretch), reach);
}

static size_t sorted_memory_max(const struct xz_finder_setup *setup)
{
    const struct extent extent = make_extent(setup->in_bulk, setup->dict_size);
    const uint32_t reach =
        reach_of(&extent, setup->in_bulk, setup->dict_size, UINT32_MAX, UINT32_MAX);
    return sorted_memory(extent, reach, UINT32_MAX, UINT32_MAX);
}

uint64_t xz_bulk_memusage(const struct xz_finder_setup *setup)
{
    const uint64_t sorted = xz_heads_memusage(setup, false) + sorted_memory_max(setup);
    const uint64_t alone = xz_heads_memusage(setup, true);
    return sorted > alone ? sorted : alone;
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
    f->sorted.sorter = xz_suffix_sorter_here();
    f->sorted.cap = cap_of(f->nice_len);
    f->sorted.size = 0;
    f->sorted_start = 0;
    f->sorted_end = 0;
    if (f->sorted.allocated > sorted_memory_max(setup))
        xz_bulk_end(f, allocator);
    xz_heads_open(f, allocator, setup);
}

/* Sorts the text from start to end; positions from `from` on are searched. */
static lzma_ret sort(struct xz_finder *f, const lzma_allocator *allocator,
                     const struct xz_window *w, uint32_t start, uint32_t from,
                     uint32_t end)
{
    const struct extent extent = make_extent(f->in_bulk, f->dict_size);
    struct xz_sorted *const s = &f->sorted;
    s->reach = reach_of(&extent, f->in_bulk, f->dict_size, end - start, end - from);
    const size_t memory = sorted_memory(extent, s->reach, end - start, end - from);
    if (memory > f->sorted.allocated) {
        xz_bulk_end(f, allocator);
        f->sorted.memory = xz_alloc_large(memory, allocator);
        if (f->sorted.memory == NULL)
            return LZMA_MEM_ERROR;
        f->sorted.allocated = memory;
    }
    xz_sorted_make(&f->sorted, w->buf + start, end - start, from - start,
                   ranked_max(&extent, end - from));
    return LZMA_OK;
}

bool xz_bulk_is_ready(const struct xz_finder *f, uint32_t end)
{
    return end <= f->sorted_end;
}

uint32_t xz_bulk_history(enum xz_bulk bulk, uint32_t dict_size, uint32_t size)
{
    const struct extent extent = make_extent(bulk, dict_size);
    uint32_t history = extent.history;
    if (size < extent.stretch && history / HISTORY_TIMES > size)
        history = size * HISTORY_TIMES;
    if (bulk == XZ_BULK_PART && size <= (extent.stretch - MARGIN) / 2 + PART_UNIT) {
        const uint32_t enough = size > PART_HISTORY ? size : PART_HISTORY;
        history = history < enough ? history : enough;
    }
    return history;
}

/* Readies the tables for positions below end. A part does not take in more history than
   they have room for. */
static lzma_ret update_heads(struct xz_finder *f, const lzma_allocator *allocator,
                             const struct xz_window *w, uint32_t end, bool alone)
{
    XZ_TRY(xz_heads_update(f, allocator, w, end, alone));
    if (f->in_bulk == XZ_BULK_PART)
        xz_heads_skip(f, w->pos);
    return LZMA_OK;
}

/* Least part of a dictionary for which tables are made anew: all positions that are in
   reach go into them again. */
#define SWITCH_LEAST 4

/* True if the next size bytes are to be searched in the tables alone. */
static bool wants_alone(const struct xz_finder *f, const struct xz_window *w,
                        uint32_t size)
{
    if (f->nice_len != XZ_REPEATS_NICE)
        return false;
    const bool is_little =
        size < XZ_REPEATS_SIZE_MIN || size < f->dict_size / SWITCH_LEAST;
    if (f->main_bits > 0 && is_little)
        return f->heads_alone;
    return xz_repeats_itself(w->buf + w->pos, size);
}

lzma_ret xz_bulk_prepare(struct xz_finder *f, const lzma_allocator *allocator,
                         const struct xz_window *w)
{
    const struct extent extent = make_extent(f->in_bulk, f->dict_size);
    const uint32_t whole = extent.stretch;
    const uint32_t avail = w->end - w->pos;
    const uint32_t size = avail < whole ? avail : whole;
    uint32_t history = xz_bulk_history(f->in_bulk, f->dict_size, size);
    if (history > w->pos)
        history = w->pos;
    const uint32_t end = w->pos + size;
    const bool alone = wants_alone(f, w, size);
    if (alone)
        xz_bulk_end(f, allocator);
    XZ_TRY(update_heads(f, allocator, w, end, alone));
    f->sorted.size = 0;
    const bool is_sorted = size >= STRETCH_MIN && !alone;
    if (!alone)
        xz_heads_take_noise(f, w, is_sorted ? w->pos - history : w->pos);
    if (is_sorted)
        XZ_TRY(sort(f, allocator, w, w->pos - history, w->pos, end));
    f->sorted_start = w->pos - history;
    f->sorted_end = size < whole ? end : end - MARGIN;
    return LZMA_OK;
}

lzma_ret xz_bulk_prepare_unsorted(struct xz_finder *f, const lzma_allocator *allocator,
                                  const struct xz_window *w, uint32_t end)
{
    XZ_TRY(update_heads(f, allocator, w, end, f->heads_alone));
    f->sorted.size = 0;
    f->sorted_start = w->pos;
    f->sorted_end = end;
    return LZMA_OK;
}

/* Sees to it that positions from start on have ranks. Returns up to where they have, at
   most limit. */
static uint32_t rank(struct xz_finder *f, uint32_t start, uint32_t limit)
{
    struct xz_sorted *const s = &f->sorted;
    const uint32_t pos = start - f->sorted_start;
    if (s->size == 0)
        return limit;
    if (pos - s->from >= s->ranked)
        xz_sorted_rank(s, pos);
    const uint32_t ranked = s->ranked - (pos - s->from);
    return limit - start < ranked ? limit : start + ranked;
}

void xz_bulk_batch(struct xz_finder *f, const struct xz_window *w, uint32_t start,
                   uint32_t limit, struct xz_match_batch *batch)
{
    struct xz_pair *out = batch->pairs;
    struct xz_pair *const full = batch->pairs + XZ_BATCH_PAIRS - BLOCK * XZ_NEAR_PAIRS;
    struct xz_near_job job = {
        .sorted = &f->sorted,
        .dict_size = f->dict_size,
        .nice_len = f->nice_len,
        .table_bytes = f->heads_alone ? xz_head_bytes_alone : xz_head_bytes,
    };
    if (limit - start > XZ_BATCH_POSITIONS)
        limit = start + XZ_BATCH_POSITIONS;
    limit = rank(f, start, limit);
    batch->start = start;
    batch->count = 0;
    for (uint32_t pos = start; pos < limit && out <= full; pos += job.count) {
        struct xz_latest room[BLOCK];
        job.text = w->buf + pos;
        job.pos = pos - f->sorted_start;
        job.avail = w->end - pos;
        job.count = limit - pos < BLOCK ? limit - pos : BLOCK;
        job.latest = xz_heads_take(f, w, pos, &job.count, room);
        job.span = 0;
        if (f->insert_pos < pos && f->sorted.size == 0)
            job.span = pos - f->insert_pos;
        out = f->heads_alone ? xz_repeats_find(&job, pos, batch, out)
                             : f->sorted.kernels->find(&job, batch, out);
        if (out > batch->pairs && out[-1].len >= f->nice_len)
            break;
    }
    batch->first[batch->count] = (uint32_t)(out - batch->pairs);
}
