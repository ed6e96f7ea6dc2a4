// SPDX-License-Identifier: 0BSD
// Suffix sorting by induction, in linear time.
//
// After Nong, Zhang, Chan: "Linear Suffix Array Construction by Almost Pure
// Induced-Sorting" (2009). A suffix is of type S if it is less than the one that starts
// a byte later, else of type L; the last one is L. An S suffix with an L before it is a
// "leftmost S", LMS. In sorted order all suffixes that start with one byte value are
// neighbours (a bucket), L before S. If the LMS suffixes are in order, the others
// follow:
//
//     L: going through the order upwards, whenever suffix i is met and i - 1 is an L,
//        i - 1 goes to the first free place of its bucket
//     S: going downwards, if i - 1 is an S, it goes to the last free place
//
// Matches are counted up to a length only, so it is enough that suffixes are in the
// order of so many bytes. The LMS suffixes, at most half of all and a third in common
// data, are sorted by that many (lms_sort.c). What is induced from them is in order as
// far, too.
//
// A place whose suffix has nothing to induce in the pass at hand is marked by
// complementing it. That is decided when it is written: the bytes needed are in the
// cache then. Reading positions far ahead to fetch their bytes hides the rest.

#include "match/suffix_sort.h"
#include "match/lms_sort.h"
#include "match/lms_sort_x86.h"
#include "match/suffix_buckets.h"
#include <string.h>

/* Places ahead whose text is fetched. */
#define AHEAD 96

/* A walk through the text from its end, to find LMS positions. */
struct walk {
    uint32_t next; // value of the position before, which follows in the text
    bool next_is_s;
};

/* Goes on to position i; returns 1 if i + 1 is an LMS position, else 0. Types follow
   each other irregularly, so there are no branches. */
XZ_ALWAYS_INLINE uint32_t walk_step(struct walk *w, const uint8_t *text, uint32_t i)
{
    const uint32_t value = text[i];
    const bool is_s = value < w->next + w->next_is_s;
    const bool is_lms = !is_s & w->next_is_s;
    w->next_is_s = is_s;
    w->next = value;
    return is_lms;
}

/* The LMS positions in rising order, so that they end at end. Returns how many. */
static uint32_t list_lms(const uint8_t *text, uint32_t size, uint32_t *end)
{
    struct walk walk = {text[size - 1], false};
    uint32_t *out = end;
    for (uint32_t i = size - 1; i-- > 0;) {
        const uint32_t is_lms = walk_step(&walk, text, i);
        out[-1] = i + 1; // written over unless it is one
        out -= is_lms;
    }
    return (uint32_t)(end - out);
}

static void fetch(const uint8_t *text, int32_t i)
{
    /* A marked or empty place fetches something near; that is harmless. */
    const int32_t j = i < 0 ? ~i : i;
    XZ_PREFETCH(text + j - (j > 0));
}

/* Upwards: L suffixes from what is there. */
static void induce_l(const uint8_t *text, int32_t size, int32_t *sorted,
                     uint32_t *places)
{
    const int32_t last = size - 1;
    const uint32_t last_value = text[last];
    sorted[places[last_value]++] =
        last > 0 && text[last - 1] < last_value ? ~last : last;
    for (int32_t i = 0; i < size; ++i) {
        if (i + AHEAD < size)
            fetch(text, sorted[i + AHEAD]);
        const int32_t pos = sorted[i];
        sorted[i] = ~pos;
        if (pos <= 0)
            continue;
        const int32_t before = pos - 1;
        const uint32_t value = text[before];
        const bool is_done = before > 0 && text[before - 1] < value;
        sorted[places[value]++] = is_done ? ~before : before;
    }
}

/* Downwards: S suffixes. Afterwards all places are filled and unmarked. */
static void induce_s(const uint8_t *text, int32_t size, int32_t *sorted,
                     uint32_t *places)
{
    for (int32_t i = size - 1; i >= 0; --i) {
        if (i >= AHEAD)
            fetch(text, sorted[i - AHEAD]);
        const int32_t pos = sorted[i];
        if (pos <= 0) {
            sorted[i] = ~pos;
            continue;
        }
        const int32_t before = pos - 1;
        const uint32_t value = text[before];
        const bool is_done = before == 0 || text[before - 1] > value;
        sorted[--places[value]] = is_done ? ~before : before;
    }
}

static void induce(const uint8_t *text, uint32_t size, uint32_t *sorted, uint32_t count)
{
    uint32_t counts[XZ_SUFFIX_VALUES];
    uint32_t places[XZ_SUFFIX_VALUES];
    int32_t *const order = (int32_t *)sorted;
    xz_suffix_count(text, size, counts);
    xz_suffix_ends(counts, places);
    memset(order + count, 0, (size - count) * sizeof(*order));
    for (uint32_t i = count; i-- > 0;) {
        const int32_t pos = order[i];
        order[i] = 0;
        order[--places[text[pos]]] = pos;
    }
    xz_suffix_starts(counts, places);
    induce_l(text, (int32_t)size, order, places);
    xz_suffix_ends(counts, places);
    induce_s(text, (int32_t)size, order, places);
}

static uint32_t sort_lms(const uint8_t *text, uint32_t size, uint32_t depth,
                         uint32_t *sorted, struct xz_sort_space space)
{
    const struct xz_lms lms = {text, size, depth, sorted};
    const uint32_t count = list_lms(text, size, sorted + size);
    memmove(sorted, sorted + size - count, count * sizeof(*sorted));
    xz_lms_sort(&lms, count, sorted + count, space.words);
    return count;
}

const struct xz_suffix_kernels xz_suffix_portable = {sort_lms, induce};

uint32_t xz_suffix_sort_space(uint32_t size)
{
    return size < XZ_LMS_TEXT_MIN ? xz_lms_sort_space(size) : xz_lms_space_avx512(size);
}

void xz_suffix_sort(const struct xz_suffix_kernels *kernels, const uint8_t *text,
                    uint32_t size, uint32_t depth, uint32_t *sorted,
                    struct xz_sort_space space)
{
    if (size < 2) {
        memset(sorted, 0, size * sizeof(*sorted));
        return;
    }
    if (size < XZ_LMS_TEXT_MIN || depth < XZ_LMS_DEPTH_MIN)
        kernels = &xz_suffix_portable;
    kernels->induce(text, size, sorted,
                    kernels->sort_lms(text, size, depth, sorted, space));
}
