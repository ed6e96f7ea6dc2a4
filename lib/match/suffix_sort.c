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
// To get the LMS suffixes into order:
//
//  1. Throw them into their buckets in any order and induce as above. That sorts the
//     pieces of text from one LMS to the next.
//  2. Give each piece its rank as a name, equal ones the same. The names in text order
//     are a text of at most half the length. If all differ, their order is known.
//     Otherwise sort that text's suffixes in the same way.
//
// There is no recursion: all shorter texts are made first, then their orders from the
// shortest back to the longest. Everything lies in the result's array:
//
//     sorted  | orders of texts 1, 2, ...  |  ... text 2 | text 1 |
//
// A place whose suffix has nothing to induce in the pass at hand is marked by
// complementing it. That is decided when it is written: the bytes needed are in the
// cache then. Reading positions far ahead to fetch their bytes hides the rest.

#include "match/suffix_sort.h"
#include "base/bytes.h"
#include <string.h>

/* Places ahead whose text is fetched. */
#define AHEAD 96

/* A text at one level: bytes at level 0, names above. */
struct level {
    const void *text;
    uint32_t size;
    uint32_t alphabet; // values are below this
    uint32_t lms_count;
};

#define LEVELS 32 // each has at most half the text of the one before

XZ_ALWAYS_INLINE uint32_t at(const void *text, int32_t i, bool is_bytes)
{
    return is_bytes ? ((const uint8_t *)text)[i] : ((const uint32_t *)text)[i];
}

/* A walk through the text from its end, to find LMS positions. */
struct walk {
    uint32_t next; // value of the position before, which follows in the text
    bool next_is_s;
};

XZ_ALWAYS_INLINE struct walk walk_start(const struct level *l, bool is_bytes)
{
    return (struct walk){at(l->text, (int32_t)l->size - 1, is_bytes), false};
}

/* Goes on to position i; returns 1 if i + 1 is an LMS position, else 0. Types follow
   each other irregularly, so all who walk do their work without branches: at a position
   that is none, what was done last is done again. */
XZ_ALWAYS_INLINE uint32_t walk_step(struct walk *w, const struct level *l, int32_t i,
                                    bool is_bytes)
{
    const uint32_t value = at(l->text, i, is_bytes);
    const bool is_s = value < w->next + w->next_is_s;
    const bool is_lms = !is_s & w->next_is_s;
    w->next_is_s = is_s;
    w->next = value;
    return is_lms;
}

/* Goes on to the first LMS position and returns the position before it; -1 if there is
   none. */
XZ_ALWAYS_INLINE int32_t walk_to_first(struct walk *w, const struct level *l,
                                       bool is_bytes)
{
    for (int32_t i = (int32_t)l->size - 2; i >= 0; --i) {
        if (walk_step(w, l, i, is_bytes) != 0)
            return i;
    }
    return -1;
}

XZ_ALWAYS_INLINE void fetch(const void *text, int32_t i, bool is_bytes)
{
    /* A marked or empty place fetches something near; that is harmless. */
    const int32_t j = i < 0 ? ~i : i;
    if (is_bytes)
        XZ_PREFETCH((const uint8_t *)text + j - (j > 0));
    else
        XZ_PREFETCH((const uint32_t *)text + j - (j > 0));
}

XZ_ALWAYS_INLINE void count_values(const struct level *l, uint32_t *counts,
                                   bool is_bytes)
{
    memset(counts, 0, l->alphabet * sizeof(*counts));
    for (uint32_t i = 0; i < l->size; ++i)
        ++counts[at(l->text, (int32_t)i, is_bytes)];
}

/* Where each bucket begins. */
XZ_ALWAYS_INLINE void bucket_starts(const struct level *l, uint32_t *places,
                                    bool is_bytes)
{
    uint32_t sum = 0;
    count_values(l, places, is_bytes);
    for (uint32_t i = 0; i < l->alphabet; ++i) {
        const uint32_t count = places[i];
        places[i] = sum;
        sum += count;
    }
}

/* And where it ends. */
XZ_ALWAYS_INLINE void bucket_ends(const struct level *l, uint32_t *places,
                                  bool is_bytes)
{
    uint32_t sum = 0;
    count_values(l, places, is_bytes);
    for (uint32_t i = 0; i < l->alphabet; ++i) {
        sum += places[i];
        places[i] = sum;
    }
}

/* Upwards: L suffixes from what is there. keep: places stay filled when they are done
   with; otherwise only what the pass downwards starts from is left. */
XZ_ALWAYS_INLINE void induce_l(const struct level *l, int32_t *sorted, uint32_t *places,
                               bool keep, bool is_bytes)
{
    const void *const text = l->text;
    const int32_t size = (int32_t)l->size;
    const int32_t last = size - 1;
    const uint32_t last_value = at(text, last, is_bytes);
    sorted[places[last_value]++] =
        last > 0 && at(text, last - 1, is_bytes) < last_value ? ~last : last;
    for (int32_t i = 0; i < size; ++i) {
        if (i + AHEAD < size)
            fetch(text, sorted[i + AHEAD], is_bytes);
        const int32_t pos = sorted[i];
        if (pos <= 0) {
            sorted[i] = ~pos;
            if (!keep && pos == 0)
                sorted[i] = 0;
            continue;
        }
        sorted[i] = keep ? ~pos : 0;
        const int32_t before = pos - 1;
        const uint32_t value = at(text, before, is_bytes);
        const bool is_done = before > 0 && at(text, before - 1, is_bytes) < value;
        sorted[places[value]++] = is_done ? ~before : before;
    }
}

/* Downwards: S suffixes. Afterwards all places are filled and unmarked (keep), or the
   LMS suffixes are there, marked. */
XZ_ALWAYS_INLINE void induce_s(const struct level *l, int32_t *sorted, uint32_t *places,
                               bool keep, bool is_bytes)
{
    const void *const text = l->text;
    for (int32_t i = (int32_t)l->size - 1; i >= 0; --i) {
        if (i >= AHEAD)
            fetch(text, sorted[i - AHEAD], is_bytes);
        const int32_t pos = sorted[i];
        if (pos <= 0) {
            if (keep)
                sorted[i] = ~pos;
            continue;
        }
        if (!keep)
            sorted[i] = 0;
        const int32_t before = pos - 1;
        const uint32_t value = at(text, before, is_bytes);
        const bool is_done = before == 0 || at(text, before - 1, is_bytes) > value;
        sorted[--places[value]] = is_done ? ~before : before;
    }
}

/* Step 1. Returns the number of LMS suffixes; they are in sorted[0 .. count) in the
   order of their pieces. places: a word for each value. */
XZ_ALWAYS_INLINE uint32_t sort_pieces(const struct level *l, int32_t *sorted,
                                      uint32_t *places, bool is_bytes)
{
    const void *const text = l->text;
    bucket_ends(l, places, is_bytes);
    memset(sorted, 0, l->size * sizeof(*sorted));
    struct walk walk = walk_start(l, is_bytes);
    int32_t i = walk_to_first(&walk, l, is_bytes);
    if (i < 0)
        return 0;
    uint32_t value = at(text, i + 1, is_bytes);
    uint32_t place = --places[value];
    int32_t latest = i + 1;
    sorted[place] = latest;
    while (--i >= 0) {
        value = walk.next;
        const uint32_t is_lms = walk_step(&walk, l, i, is_bytes);
        const uint32_t free_place = places[value] - is_lms;
        places[value] = free_place;
        place = is_lms != 0 ? free_place : place;
        latest = is_lms != 0 ? i + 1 : latest;
        sorted[place] = latest;
    }
    bucket_starts(l, places, is_bytes);
    induce_l(l, sorted, places, false, is_bytes);
    bucket_ends(l, places, is_bytes);
    induce_s(l, sorted, places, false, is_bytes);
    uint32_t count = 0;
    for (uint32_t k = 0; k < l->size; ++k) {
        const int32_t pos = sorted[k];
        sorted[count] = ~pos;
        count += pos < 0 && pos != ~0;
    }
    return count;
}

XZ_ALWAYS_INLINE bool pieces_agree(const void *text, int32_t a, int32_t b, int32_t size,
                                   bool is_bytes)
{
    const size_t width = is_bytes ? 1 : 4;
    const uint8_t *const p = (const uint8_t *)text + (size_t)a * width;
    const uint8_t *const q = (const uint8_t *)text + (size_t)b * width;
    if (is_bytes && size <= 8)
        return (xz_read64le(p) ^ xz_read64le(q)) << (64 - 8 * size) == 0;
    return memcmp(p, q, (size_t)size * width) == 0;
}

/* Writes the size of each piece, up to and with the next LMS position, to
   sizes[position / 2]. */
XZ_ALWAYS_INLINE void measure_pieces(const struct level *l, int32_t *sizes,
                                     bool is_bytes)
{
    struct walk walk = walk_start(l, is_bytes);
    int32_t i = walk_to_first(&walk, l, is_bytes);
    if (i < 0)
        return;
    int32_t start = i + 1;
    int32_t size = (int32_t)l->size - 1 - i;
    sizes[start >> 1] = size;
    while (--i >= 0) {
        const uint32_t is_lms = walk_step(&walk, l, i, is_bytes);
        size = is_lms != 0 ? start - i : size;
        start = is_lms != 0 ? i + 1 : start;
        sizes[start >> 1] = size;
    }
}

/* Step 2. Writes the names in text order to the end of sorted. Returns how many names
   there are. */
XZ_ALWAYS_INLINE uint32_t name_pieces(const struct level *l, int32_t *sorted,
                                      bool is_bytes)
{
    const uint32_t count = l->lms_count;
    int32_t *const names = sorted + count;
    memset(names, 0, (l->size - count) * sizeof(*names));
    measure_pieces(l, names, is_bytes);
    int32_t name = 0;
    int32_t before = 0;
    int32_t before_size = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (i + AHEAD < count) {
            fetch(l->text, sorted[i + AHEAD], is_bytes);
            XZ_PREFETCH(&names[sorted[i + AHEAD] >> 1]);
        }
        const int32_t pos = sorted[i];
        const int32_t size = names[pos >> 1];
        if (size != before_size || !pieces_agree(l->text, before, pos, size, is_bytes))
            ++name;
        before = pos;
        before_size = size;
        names[pos >> 1] = name;
    }
    int32_t *out = sorted + l->size;
    for (uint32_t i = l->size / 2 + 1; i-- > 0;) {
        if (count + i < l->size && names[i] > 0)
            *--out = names[i] - 1;
    }
    return (uint32_t)name;
}

/* The LMS positions in text order, into lms[0 .. lms_count). */
XZ_ALWAYS_INLINE void list_lms(const struct level *l, int32_t *lms, bool is_bytes)
{
    struct walk walk = walk_start(l, is_bytes);
    int32_t i = walk_to_first(&walk, l, is_bytes);
    if (i < 0)
        return;
    int32_t *out = lms + l->lms_count - 1;
    int32_t latest = i + 1;
    *out = latest;
    while (--i >= 0) {
        const uint32_t is_lms = walk_step(&walk, l, i, is_bytes);
        latest = is_lms != 0 ? i + 1 : latest;
        out -= is_lms;
        *out = latest;
    }
}

/* From the order of the LMS suffixes (as numbers in text order, in sorted[0 ..
   lms_count)) to the order of all. The names at the end of sorted are not needed any
   more. */
XZ_ALWAYS_INLINE void induce_all(const struct level *l, int32_t *sorted,
                                 uint32_t *places, bool is_bytes)
{
    const uint32_t count = l->lms_count;
    int32_t *const lms = sorted + (l->size - count);
    list_lms(l, lms, is_bytes);
    for (uint32_t i = 0; i < count; ++i)
        sorted[i] = lms[sorted[i]];
    bucket_ends(l, places, is_bytes);
    memset(sorted + count, 0, (l->size - count) * sizeof(*sorted));
    for (uint32_t i = count; i-- > 0;) {
        const int32_t pos = sorted[i];
        sorted[i] = 0;
        sorted[--places[at(l->text, pos, is_bytes)]] = pos;
    }
    bucket_starts(l, places, is_bytes);
    induce_l(l, sorted, places, true, is_bytes);
    bucket_ends(l, places, is_bytes);
    induce_s(l, sorted, places, true, is_bytes);
}

/* Steps 1 and 2. */
XZ_ALWAYS_INLINE uint32_t reduce(struct level *l, int32_t *sorted, uint32_t *places,
                                 bool is_bytes)
{
    l->lms_count = sort_pieces(l, sorted, places, is_bytes);
    return name_pieces(l, sorted, is_bytes);
}

static uint32_t reduce_bytes(struct level *l, int32_t *sorted, uint32_t *places)
{
    return reduce(l, sorted, places, true);
}

static uint32_t reduce_names(struct level *l, int32_t *sorted, uint32_t *places)
{
    return reduce(l, sorted, places, false);
}

static void induce_bytes(const struct level *l, int32_t *sorted, uint32_t *places)
{
    induce_all(l, sorted, places, true);
}

static void induce_names(const struct level *l, int32_t *sorted, uint32_t *places)
{
    induce_all(l, sorted, places, false);
}

uint32_t xz_suffix_sort_space(uint32_t size)
{
    return size / 2 > 256 ? size / 2 : 256; // names, and byte values
}

void xz_suffix_sort(const uint8_t *text, uint32_t size, uint32_t *sorted,
                    uint32_t *space)
{
    struct level levels[LEVELS];
    int32_t *const order = (int32_t *)sorted;
    if (size < 2) {
        memset(sorted, 0, size * sizeof(*sorted));
        return;
    }
    uint32_t depth = 0;
    levels[0] = (struct level){.text = text, .size = size, .alphabet = 256};
    for (;; ++depth) {
        struct level *const l = &levels[depth];
        const uint32_t names =
            depth == 0 ? reduce_bytes(l, order, space) : reduce_names(l, order, space);
        const uint32_t *const next = sorted + l->size - l->lms_count;
        if (names == l->lms_count) {
            for (uint32_t i = 0; i < names; ++i)
                order[next[i]] = (int32_t)i;
            break;
        }
        levels[depth + 1] = (struct level){
            .text = next,
            .size = l->lms_count,
            .alphabet = names,
        };
    }
    while (depth > 0)
        induce_names(&levels[depth--], order, space);
    induce_bytes(&levels[0], order, space);
}
