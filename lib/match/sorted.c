// SPDX-License-Identifier: 0BSD
// Sorting a text, and the reverse of its order.

#include "match/sorted.h"
#include "match/suffix_sort.h"
#include <string.h>

static size_t order_words(uint32_t size)
{
    return 2 * (size_t)XZ_SORTED_PAD + size;
}

/* When more than 1 / of the positions are too old, they leave the order: then more of
   what is near a suffix is of use. */
#define OLD_PART 16

static size_t rank_words(uint32_t ranked)
{
    return (size_t)ranked + XZ_SORTED_PAD;
}

/* Ranks and common lengths; before they are known, the sorter's work space. */
static size_t rest_words(uint32_t size, uint32_t ranked)
{
    const size_t space = xz_suffix_sort_space(size);
    const size_t common = (size + 2 * XZ_SORTED_PAD) / sizeof(uint32_t) + 1;
    const size_t words = rank_words(ranked) + common;
    return space > words ? space : words;
}

size_t xz_sorted_memory(uint32_t size, uint32_t ranked)
{
    return (order_words(size) + rest_words(size, ranked)) * sizeof(uint32_t);
}

static void clear_pads(struct xz_sorted *s)
{
    const size_t pad = XZ_SORTED_PAD * sizeof(uint32_t);
    memset(s->order - XZ_SORTED_PAD, 0, pad);
    memset(s->order + s->count, 0, pad);
    memset(s->common - XZ_SORTED_PAD, 0, XZ_SORTED_PAD);
    memset(s->common + s->count, 0, XZ_SORTED_PAD);
}

/* The order counts more bytes than the cap: by half of it, by BEYOND_MIN at least, by
   the cap at most. Then the neighbours of a long match are those that are longest. */
#define BEYOND_MIN 16

static uint32_t depth_of(uint32_t cap)
{
    const uint32_t least = cap < BEYOND_MIN ? cap : BEYOND_MIN;
    const uint32_t depth = cap + (cap / 2 > least ? cap / 2 : least);
    return depth < XZ_SUFFIX_SORT_DEPTH ? depth : XZ_SUFFIX_SORT_DEPTH;
}

void xz_sorted_make(struct xz_sorted *s, const uint8_t *text, uint32_t size,
                    uint32_t from, uint32_t ranked)
{
    s->order = s->memory + XZ_SORTED_PAD;
    s->ranks = s->memory + order_words(size);
    s->common = (uint8_t *)(s->ranks + rank_words(ranked)) + XZ_SORTED_PAD;
    s->size = size;
    s->count = size;
    s->oldest = 0;
    s->from = from;
    s->ranked_max = ranked;
    s->ranked = ranked;
    const size_t words = s->allocated / sizeof(uint32_t) - order_words(size);
    const struct xz_sort_space space = {s->ranks, words};
    xz_suffix_sort(s->sorter, text, size, depth_of(s->cap), s->order, space);
    clear_pads(s);
    s->kernels->index(text, s);
    memset(s->ranks + s->ranked, 0, XZ_SORTED_PAD * sizeof(uint32_t));
}

void xz_sorted_rank(struct xz_sorted *s, uint32_t from, uint32_t oldest)
{
    const uint32_t left = s->size - from;
    s->from = from;
    s->ranked = left < s->ranked_max ? left : s->ranked_max;
    if (oldest - s->oldest > s->count / OLD_PART) {
        s->oldest = oldest;
        s->kernels->rank(s);
        clear_pads(s);
    } else {
        s->kernels->rank_all(s);
    }
    memset(s->ranks + s->ranked, 0, XZ_SORTED_PAD * sizeof(uint32_t));
}
