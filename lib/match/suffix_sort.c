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
#include <string.h>

/* Places ahead whose text is fetched. */
#define AHEAD 96

#define VALUES 256

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

/* How often each value comes; four tables, as the same value often follows itself. */
static void count_values(const uint8_t *text, uint32_t size, uint32_t *counts)
{
    uint32_t parts[4][VALUES] = {{0}};
    uint32_t i = 0;
    for (; i + 4 <= size; i += 4) {
        ++parts[0][text[i]];
        ++parts[1][text[i + 1]];
        ++parts[2][text[i + 2]];
        ++parts[3][text[i + 3]];
    }
    for (; i < size; ++i)
        ++parts[0][text[i]];
    for (uint32_t value = 0; value < VALUES; ++value)
        counts[value] =
            parts[0][value] + parts[1][value] + parts[2][value] + parts[3][value];
}

/* Where each bucket begins. */
static void bucket_starts(const uint32_t *counts, uint32_t *places)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < VALUES; ++i) {
        places[i] = sum;
        sum += counts[i];
    }
}

/* And where it ends. */
static void bucket_ends(const uint32_t *counts, uint32_t *places)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < VALUES; ++i) {
        sum += counts[i];
        places[i] = sum;
    }
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

/* From the order of the LMS suffixes, in sorted[0 .. count), to the order of all. */
static void induce(const uint8_t *text, uint32_t size, int32_t *sorted, uint32_t count)
{
    uint32_t counts[VALUES];
    uint32_t places[VALUES];
    count_values(text, size, counts);
    bucket_ends(counts, places);
    memset(sorted + count, 0, (size - count) * sizeof(*sorted));
    for (uint32_t i = count; i-- > 0;) {
        const int32_t pos = sorted[i];
        sorted[i] = 0;
        sorted[--places[text[pos]]] = pos;
    }
    bucket_starts(counts, places);
    induce_l(text, (int32_t)size, sorted, places);
    bucket_ends(counts, places);
    induce_s(text, (int32_t)size, sorted, places);
}

uint32_t xz_suffix_sort_space(uint32_t size)
{
    return xz_lms_sort_space(size);
}

void xz_suffix_sort(const uint8_t *text, uint32_t size, uint32_t depth,
                    uint32_t *sorted, uint32_t *space)
{
    if (size < 2) {
        memset(sorted, 0, size * sizeof(*sorted));
        return;
    }
    const uint32_t count = list_lms(text, size, sorted + size);
    memmove(sorted, sorted + size - count, count * sizeof(*sorted));
    xz_lms_sort(text, size, depth, sorted, count, sorted + count, space);
    induce(text, size, (int32_t *)sorted, count);
}
