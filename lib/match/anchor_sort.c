// SPDX-License-Identifier: 0BSD
// Sorting positions of a text by a limited number of bytes, from the first one on.
//
// A group is a run of positions whose first bytes agree. All positions are one at
// first. A large group is split in sequential passes over its positions, which rise. As
// soon as a group is so small that its texts stay in the cache, it is finished before
// the next one begins. There are two ways to split a group:
//
//     by bytes   the next ones, 1, 2 or 4
//     by pivot   each position is compared with one of the group: what is less comes
//                first, the longer both agree the later; then what is equal; then what
//                is greater, the longer both agree the earlier
//
// By bytes is faster where texts differ soon. By pivot passes over the bytes that
// repetitive texts have in common. As it might split off little, every fourth step goes
// by bytes, which bounds the work.
//
// Small groups are copied to records { key | position }, sorted by radix or insertion.
// Few positions that agree for little go where counting those that are less puts them;
// tiny groups that agree for long are sorted by comparing whole texts. Every step is
// stable.
//
// Large groups wait on no stack of their own: a large group's parts lie in its place,
// the first position of each is marked, and a frame remembers where the group ends and
// how many bytes its parts have in common.
//
// Positions near the end of the text are left out, so that no load goes beyond it, and
// merged in at last.

#include "match/anchor_sort.h"
#include "base/bytes.h"
#include "match/match_len.h"
#include <string.h>

#define SMALL      8192 // most positions of a group to be finished at once
#define TINY       8    // most to be compared as a whole
#define FEW        16   // most to be placed by counting
#define INSERTION  32   // most records to be sorted by insertion
#define WIDE_SPLIT (UINT32_C(1) << 16) // least to be split by two bytes at once
#define STEP       4                   // bytes of a record
#define FEW_STEP   8                   // bytes of each of a few
#define TAIL       16 // bytes that a load may need behind those that count
#define MARK       (UINT32_C(1) << 31) // of the first position of a part
#define DEEP       32                  // bytes in common from which a pivot is used
#define PIVOT_GAIN 8                   // bytes that a large group's pivot must be worth

struct sorter {
    const uint8_t *text;
    uint32_t depth;
    uint32_t *positions;
    uint32_t *scratch;
    uint32_t *counts;           // 2^16, or 2^10 for small texts
    uint64_t *records;          // two arrays of small
    struct xz_anchor_run *runs; // two lists of small / 2
    uint32_t small;
};

/* Values of what of a position decides where it belongs among those of its group. */
#define CLASSES     1024
#define CLASS_EQUAL 512

static uint32_t count_words(uint32_t size)
{
    return size < WIDE_SPLIT ? CLASSES : 1U << 16;
}

static uint32_t small_size(uint32_t size)
{
    return size < SMALL ? (size + 2) & ~1U : SMALL;
}

/* Records need 4 words each, runs 3; alignment 1. */
uint32_t xz_anchor_sort_space(uint32_t size)
{
    return count_words(size) + 7 * small_size(size) + 1;
}

static uint32_t read_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Bytes that the positions of a group have in common. */
static uint32_t agreed(const struct sorter *s, struct xz_anchor_run run)
{
    const uint8_t *const first = s->text + s->positions[run.start];
    uint32_t len = s->depth;
    for (uint32_t i = run.start + 1; i < run.end && len > run.known; ++i)
        len = xz_match_len(s->text + s->positions[i], first, run.known, len);
    return len;
}

static uint32_t class_of(const struct sorter *s, uint32_t position, uint32_t pivot,
                         uint32_t known)
{
    const uint8_t *const text = s->text + position;
    const uint8_t *const other = s->text + pivot;
    const uint32_t len = xz_match_len(text, other, known, s->depth);
    if (len >= s->depth)
        return CLASS_EQUAL;
    return text[len] < other[len] ? len : CLASSES - 1 - len;
}

/* What positions of a class have in common. */
static uint32_t class_len(const struct sorter *s, uint32_t class)
{
    if (class == CLASS_EQUAL)
        return s->depth;
    return class < CLASS_EQUAL ? class : CLASSES - 1 - class;
}

enum way { BY_BYTE, BY_TWO_BYTES, BY_PIVOT };

XZ_ALWAYS_INLINE uint32_t value_of(const struct sorter *s, uint32_t position,
                                   uint32_t known, uint32_t pivot, enum way way)
{
    const uint8_t *const p = s->text + position + known;
    if (way == BY_PIVOT)
        return class_of(s, position, pivot, known);
    return way == BY_BYTE ? p[0] : (uint32_t)p[0] << 8 | p[1];
}

/* Sorts a group by value and marks the parts. */
XZ_ALWAYS_INLINE void distribute(struct sorter *s, struct xz_anchor_run run,
                                 enum way way)
{
    const uint32_t values = way == BY_BYTE        ? 1U << 8
                            : way == BY_TWO_BYTES ? 1U << 16
                                                  : CLASSES;
    uint32_t *const counts = s->counts;
    uint32_t *const positions = s->positions + run.start;
    const uint32_t size = run.end - run.start;
    const uint32_t pivot = positions[size / 2];
    memset(counts, 0, values * sizeof(*counts));
    for (uint32_t i = 0; i < size; ++i)
        ++counts[value_of(s, positions[i], run.known, pivot, way)];
    uint32_t sum = 0;
    for (uint32_t i = 0; i < values; ++i) {
        const uint32_t count = counts[i];
        counts[i] = sum;
        sum += count;
    }
    memcpy(s->scratch, positions, size * sizeof(*positions));
    for (uint32_t i = 0; i < size; ++i) {
        const uint32_t position = s->scratch[i];
        positions[counts[value_of(s, position, run.known, pivot, way)]++] = position;
    }
    uint32_t before = 0;
    for (uint32_t i = 0; i < values; ++i) {
        if (counts[i] > before)
            positions[before] |= MARK;
        before = counts[i];
    }
}

/* True if the positions of a group agree with its pivot for long, on average. */
static bool is_deep(const struct sorter *s, struct xz_anchor_run run)
{
    const uint32_t samples = 16;
    const uint32_t size = run.end - run.start;
    const uint8_t *const pivot = s->text + s->positions[run.start + size / 2];
    uint32_t sum = 0;
    for (uint32_t i = 0; i < samples; ++i) {
        const uint32_t position = s->positions[run.start + size / samples * i];
        sum += xz_match_len(s->text + position, pivot, run.known, s->depth) - run.known;
    }
    return sum >= samples * PIVOT_GAIN;
}

/* Splits a large group, unless all agree for more bytes than are known. Returns how
   many are known then. */
static uint32_t split(struct sorter *s, struct xz_anchor_run run, bool may_use_pivot)
{
    const uint32_t len = agreed(s, run);
    if (len > run.known)
        return len;
    if (may_use_pivot && is_deep(s, run)) {
        distribute(s, run, BY_PIVOT);
        return run.known;
    }
    if (run.end - run.start >= WIDE_SPLIT && run.known + 2 <= s->depth) {
        distribute(s, run, BY_TWO_BYTES);
        return run.known + 2;
    }
    distribute(s, run, BY_BYTE);
    return run.known + 1;
}

/* By comparing texts. */
static void sort_tiny(struct sorter *s, struct xz_anchor_run run)
{
    uint32_t *const positions = s->positions;
    for (uint32_t i = run.start + 1; i < run.end; ++i) {
        const uint32_t position = positions[i];
        const uint8_t *const text = s->text + position;
        uint32_t j = i;
        for (; j > run.start; --j) {
            const uint8_t *const other = s->text + positions[j - 1];
            const uint32_t len = xz_match_len(text, other, run.known, s->depth);
            if (len >= s->depth || text[len] > other[len])
                break;
            positions[j] = positions[j - 1];
        }
        positions[j] = position;
    }
}

/* Bits of a word of so many bytes, behind those that are known, that do not count. */
static uint32_t beyond(const struct sorter *s, uint32_t known, uint32_t bytes)
{
    return known + bytes > s->depth ? 8 * (known + bytes - s->depth) : 0;
}

static uint64_t read_be64(const uint8_t *p)
{
    return (uint64_t)read_be32(p) << 32 | read_be32(p + 4);
}

/* Sorts a few by their next FEW_STEP bytes: each goes behind as many as are less. There
   are no branches that depend on the text. Adds the runs that are left to next. */
static struct xz_anchor_run *sort_few(struct sorter *s, struct xz_anchor_run run,
                                      struct xz_anchor_run *next)
{
    const uint32_t count = run.end - run.start;
    const uint32_t over = beyond(s, run.known, FEW_STEP);
    uint32_t *const positions = s->positions + run.start;
    uint64_t keys[FEW];
    uint64_t sorted[FEW + 1];
    uint32_t unsorted[FEW];
    uint32_t places[FEW] = {0};
    for (uint32_t i = 0; i < count; ++i) {
        const uint64_t key = read_be64(s->text + positions[i] + run.known) >> over;
        uint32_t place = i;
        for (uint32_t j = 0; j < i; ++j) {
            const uint32_t is_less = key < keys[j];
            place -= is_less;
            places[j] += is_less;
        }
        unsorted[i] = positions[i];
        keys[i] = key;
        places[i] = place;
    }
    for (uint32_t i = 0; i < count; ++i) {
        sorted[places[i]] = keys[i];
        positions[places[i]] = unsorted[i];
    }
    const uint32_t known = run.known + FEW_STEP;
    if (known >= s->depth)
        return next;
    for (uint32_t i = 1, start = 0; i <= count; ++i) {
        if (i < count && sorted[i] == sorted[start])
            continue;
        if (i > start + 1)
            *next++ = (struct xz_anchor_run){run.start + start, run.start + i, known};
        start = i;
    }
    return next;
}

static void sort_by_insertion(uint64_t *records, uint32_t count)
{
    for (uint32_t i = 1; i < count; ++i) {
        const uint64_t record = records[i];
        uint32_t j = i;
        for (; j > 0 && records[j - 1] > record; --j)
            records[j] = records[j - 1];
        records[j] = record;
    }
}

/* From the lowest of the four bytes up; a byte that is the same everywhere is passed
   over. Returns where the result is: records or other. */
static uint64_t *sort_by_radix(uint64_t *records, uint64_t *other, uint32_t count)
{
    uint32_t counts[STEP][256] = {{0}};
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t key = (uint32_t)(records[i] >> 32);
        ++counts[0][key & 0xFF];
        ++counts[1][key >> 8 & 0xFF];
        ++counts[2][key >> 16 & 0xFF];
        ++counts[3][key >> 24];
    }
    for (uint32_t digit = 0; digit < STEP; ++digit) {
        const uint32_t shift = 32 + 8 * digit;
        uint32_t *const places = counts[digit];
        if (places[records[0] >> shift & 0xFF] == count)
            continue;
        uint32_t sum = 0;
        for (uint32_t i = 0; i < 256; ++i) {
            const uint32_t here = places[i];
            places[i] = sum;
            sum += here;
        }
        for (uint32_t i = 0; i < count; ++i)
            other[places[records[i] >> shift & 0xFF]++] = records[i];
        uint64_t *const swap = records;
        records = other;
        other = swap;
    }
    return records;
}

/* Sorts a run by the next STEP bytes or by a pivot; adds the runs that are left to
   next. */
XZ_ALWAYS_INLINE struct xz_anchor_run *sort_run(struct sorter *s,
                                                struct xz_anchor_run run, bool by_pivot,
                                                struct xz_anchor_run *next)
{
    const uint32_t count = run.end - run.start;
    uint32_t *const positions = s->positions + run.start;
    const uint32_t pivot = positions[count / 2];
    const uint32_t over = beyond(s, run.known, STEP);
    uint64_t *records = s->records;
    for (uint32_t i = 0; i < count; ++i) {
        const uint8_t *const text = s->text + positions[i];
        const uint32_t key = by_pivot ? class_of(s, positions[i], pivot, run.known)
                                      : read_be32(text + run.known) >> over;
        records[i] = (uint64_t)key << 32 | positions[i];
    }
    if (count <= INSERTION)
        sort_by_insertion(records, count);
    else
        records = sort_by_radix(records, records + s->small, count);
    uint32_t start = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t key = (uint32_t)(records[i] >> 32);
        positions[i] = (uint32_t)records[i];
        if (i + 1 < count && records[i + 1] >> 32 == key)
            continue;
        const uint32_t known = by_pivot ? class_len(s, key) : run.known + STEP;
        if (i > start && known < s->depth)
            *next++ =
                (struct xz_anchor_run){run.start + start, run.start + i + 1, known};
        start = i + 1;
    }
    return next;
}

/* Sorts a small group. */
static void finish(struct sorter *s, struct xz_anchor_run run)
{
    struct xz_anchor_run *now = s->runs;
    struct xz_anchor_run *next = s->runs + s->small / 2;
    struct xz_anchor_run *end = now;
    *end++ = run;
    for (uint32_t step = 0; end > now; ++step) {
        struct xz_anchor_run *next_end = next;
        for (const struct xz_anchor_run *r = now; r < end; ++r) {
            const uint32_t count = r->end - r->start;
            if (count <= FEW && r->known < DEEP)
                next_end = sort_few(s, *r, next_end);
            else if (count <= TINY)
                sort_tiny(s, *r);
            else if (r->known < DEEP || step % 4 == 3)
                next_end = sort_run(s, *r, false, next_end);
            else
                next_end = sort_run(s, *r, true, next_end);
        }
        struct xz_anchor_run *const swap = now;
        now = next;
        next = swap;
        end = next_end;
    }
}

/* A large group whose parts are being sorted. */
struct frame {
    uint32_t end;
    uint32_t known;
    bool by_pivot; // the parts were made by one: what they have in common is not known
};

/* Positions whose texts are long enough for every load. */
static void sort_long(struct sorter *s, struct xz_anchor_run all)
{
    struct frame frames[2 * XZ_ANCHOR_DEPTH_MAX + 2];
    uint32_t level = 0;
    frames[0] = (struct frame){all.end, all.known, false};
    for (uint32_t start = all.start; start < all.end;) {
        while (frames[level].end == start)
            --level;
        const struct frame frame = frames[level];
        struct xz_anchor_run run = {start, start + 1, frame.known};
        s->positions[start] &= ~MARK;
        while (run.end < frame.end && (s->positions[run.end] & MARK) == 0)
            ++run.end;
        if (run.end - start > s->small && run.known < s->depth) {
            const uint32_t known = split(s, run, !frame.by_pivot);
            frames[++level] = (struct frame){run.end, known, known == run.known};
            continue;
        }
        if (run.end - start > 1 && run.known < s->depth)
            finish(s, run);
        start = run.end;
    }
}

/* True if the suffix at a is less, as far as depth; equal ones keep their order. */
static bool is_less(const struct xz_anchors *anchors, uint32_t a, uint32_t b)
{
    const uint8_t *const text = anchors->text;
    uint32_t limit = anchors->size - (a > b ? a : b);
    limit = limit < anchors->depth ? limit : anchors->depth;
    const uint32_t len = xz_match_len(text + a, text + b, 0, limit);
    if (len < limit)
        return text[a + len] < text[b + len];
    return len < anchors->depth && a > b;
}

void xz_anchor_merge(const struct xz_anchors *anchors, uint32_t sorted, uint32_t count)
{
    uint32_t *const positions = anchors->positions;
    uint32_t tail[XZ_ANCHOR_DEPTH_MAX + XZ_ANCHOR_TAIL_MAX];
    const uint32_t tail_count = count - sorted;
    for (uint32_t i = 0; i < tail_count; ++i) {
        const uint32_t position = positions[sorted + i];
        uint32_t j = i;
        for (; j > 0 && is_less(anchors, position, tail[j - 1]); --j)
            tail[j] = tail[j - 1];
        tail[j] = position;
    }
    uint32_t end = sorted; // of those that are still to be moved
    for (uint32_t i = tail_count; i-- > 0;) {
        uint32_t low = 0;
        uint32_t high = end;
        while (low < high) {
            const uint32_t middle = low + (high - low) / 2;
            if (is_less(anchors, tail[i], positions[middle]))
                high = middle;
            else
                low = middle + 1;
        }
        memmove(positions + low + i + 1, positions + low,
                (end - low) * sizeof(*positions));
        positions[low + i] = tail[i];
        end = low;
    }
}

void xz_anchor_sort_run(const struct xz_anchors *anchors, struct xz_anchor_run run,
                        uint32_t *scratch, uint32_t *space)
{
    const uint32_t small = small_size(anchors->size);
    uint32_t *const aligned = space + ((uintptr_t)space % sizeof(uint64_t) != 0);
    struct sorter s = {
        .text = anchors->text,
        .depth = anchors->depth,
        .positions = anchors->positions,
        .scratch = scratch,
        .counts = aligned + 7 * small,
        .records = (uint64_t *)(void *)aligned,
        .runs = (struct xz_anchor_run *)(void *)(aligned + 4 * small),
        .small = small,
    };
    sort_long(&s, run);
}

void xz_anchor_sort(const struct xz_anchors *anchors, uint32_t count, uint32_t *scratch,
                    uint32_t *space)
{
    uint32_t sorted = count;
    while (sorted > 0
           && anchors->size - anchors->positions[sorted - 1] < anchors->depth + TAIL)
        --sorted;
    xz_anchor_sort_run(anchors, (struct xz_anchor_run){0, sorted, 0}, scratch, space);
    xz_anchor_merge(anchors, sorted, count);
}
