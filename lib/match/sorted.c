// SPDX-License-Identifier: 0BSD
// Sorting a text, and the reverse of its order.

#include "match/sorted.h"
#include "match/anchors.h"
#include "match/suffix_sort.h"
#include <string.h>

/* Words of an order of so many anchors. */
static size_t order_words(uint32_t count)
{
    const size_t places = (size_t)count + 2 * XZ_SORTED_PAD;
    return places + places / 2 + places / 4 + 3;
}

/* All anchors of a text: sorting takes a word a position. */
static size_t all_words(uint32_t size)
{
    return order_words(xz_anchors_max(size)) + size / 8 + XZ_SORTED_PAD;
}

/* Positions that have a word in ranks, and those behind them where the last ones may
   have their anchor. */
static uint32_t window_of(uint32_t ranked)
{
    return ranked + XZ_ANCHOR_STEP - 1;
}

/* Most anchors that the positions of a window may refer to, and their own. */
static uint32_t near_max(uint32_t size, uint32_t ranked, uint32_t reach)
{
    const uint64_t sum = (uint64_t)window_of(ranked) + reach;
    return xz_anchors_max(sum < size ? (uint32_t)sum : size) + 1;
}

static size_t near_words(uint32_t size, uint32_t ranked, uint32_t reach)
{
    return reach == 0 ? 0 : order_words(near_max(size, ranked, reach));
}

static size_t rank_words(uint32_t ranked)
{
    return (size_t)window_of(ranked) + XZ_SORTED_PAD;
}

size_t xz_sorted_memory(uint32_t size, uint32_t ranked, uint32_t reach)
{
    const size_t space = xz_suffix_sort_space(size);
    const size_t words = near_words(size, ranked, reach) + rank_words(ranked);
    return (all_words(size) + (space > words ? space : words)) * sizeof(uint32_t);
}

static struct xz_order place_order(uint32_t *memory, uint32_t max)
{
    struct xz_order order = {.anchors = memory + XZ_SORTED_PAD};
    order.before = (uint16_t *)(order.anchors + max + XZ_SORTED_PAD) + XZ_SORTED_PAD;
    order.common = (uint8_t *)(order.before + max + XZ_SORTED_PAD) + XZ_SORTED_PAD;
    return order;
}

static void clear_pads(const struct xz_order *order)
{
    const size_t pad = XZ_SORTED_PAD;
    memset(order->anchors - pad, 0, pad * sizeof(*order->anchors));
    memset(order->anchors + order->count, 0, pad * sizeof(*order->anchors));
    memset(order->before - pad, 0, pad * sizeof(*order->before));
    memset(order->before + order->count, 0, pad * sizeof(*order->before));
    memset(order->common - pad, 0, pad);
    memset(order->common + order->count, 0, pad);
}

/* Words that are no anchor's. */
#define NO_ANCHOR UINT32_MAX

/* Gives each position the rank of its anchor. Behind the last rank there is none that
   has anything in common: the first positions of a text may have that. */
static void spread_ranks(const struct xz_sorted *s)
{
    const uint32_t none = s->near.count << XZ_GAP_BITS;
    uint32_t word = none;
    for (uint32_t i = s->window; i-- > 0;) {
        word = s->ranks[i] == NO_ANCHOR ? word + 1 : s->ranks[i];
        s->ranks[i] = word;
    }
    for (uint32_t i = s->from; i < XZ_ANCHOR_FIRST && i - s->from < s->window; ++i)
        s->ranks[i - s->from] = none;
    memset(s->ranks + s->window, 0, XZ_SORTED_PAD * sizeof(uint32_t));
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
    XZ_CHECKED(xz_sorted_memory(size, ranked, s->reach) <= s->allocated);
    uint32_t *const rest = s->memory + all_words(size);
    const size_t words = s->allocated / sizeof(uint32_t) - all_words(size);
    s->size = size;
    s->ranked_max = ranked;
    s->all = place_order(s->memory, xz_anchors_max(size));
    s->all.count = xz_suffix_sort(s->sorter, text, size, depth_of(s->cap),
                                  s->all.anchors, (struct xz_sort_space){rest, words});
    clear_pads(&s->all);
    s->kernels->index(text, s);
    s->near = s->all;
    if (s->reach != 0)
        s->near = place_order(rest, near_max(size, ranked, s->reach));
    s->ranks = rest + near_words(size, ranked, s->reach);
    xz_sorted_rank(s, from);
}

void xz_sorted_rank(struct xz_sorted *s, uint32_t from)
{
    const uint32_t left = s->size - from;
    s->from = from;
    s->ranked = left < s->ranked_max ? left : s->ranked_max;
    s->window = left < window_of(s->ranked) ? left : window_of(s->ranked);
    const uint32_t first = from > s->reach ? from - s->reach : 0;
    memset(s->ranks, 0xFF, s->window * sizeof(*s->ranks));
    s->kernels->rank(s, first, from + s->window);
    clear_pads(&s->near);
    spread_ranks(s);
}
