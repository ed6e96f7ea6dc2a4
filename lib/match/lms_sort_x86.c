// SPDX-License-Identifier: 0BSD
// The LMS suffixes of a text in order, with AVX-512.
//
//     1  They are counted by their first two bytes, walking through the text.
//     2  In a second walk each goes to its bucket, as a record of the bytes behind the
//        first two and its position.
//     3  Records of a bucket are sorted. Positions with the same key are a group
//        (lms_group.h), sorted on by what lies behind in the text.
//
// So the text is read in its order twice, and out of order only where suffixes agree
// for longer than a record's key. Nothing but the buckets is kept: which suffixes are
// LMS is found anew (suffix_sort.c tells what that is). Types go from the end of the
// text to its start, like the carry of a sum: where a byte is less than the next one a
// carry is generated, where it is equal it is passed on. So one addition gives 64
// types.
//
// Records take two words each where positions will be, and positions never overtake the
// records that are still to be read:
//
//     sorted | positions | free | records |
//            0           i      2 * i     2 * count
//
// Positions near the text's end are left out, so that no load goes beyond it, and
// merged in at last.

#include "match/lms_sort_x86.h"
#include "match/record_net_x86.h"
#include "match/record_sort.h"
#include <string.h>

#if XZ_X86_64

# define BLOCK 64

/* Words of position in a record: then there are 5 bytes of key, or 4. */
# define SHORT_TEXT (UINT32_C(1) << 24)

# define AHEAD   64 // records ahead whose text is fetched
# define FETCHED 40 // bytes behind the key, fetched too

struct sorter {
    struct xz_lms_groups groups;
    uint64_t *records; // where positions will be
    uint32_t *ends;    // of each bucket; while it is filled, down to where
    uint32_t *space;   // for xz_lms_sort_run()
    uint32_t limit;    // positions from there on are left out
    uint32_t low_bits;
};

static uint64_t read_be64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return __builtin_bswap64(v);
}

XZ_AVX512 XZ_ALWAYS_INLINE __m512i load_reversed(const uint8_t *p)
{
    /* clang-format off */
    static const uint8_t places[BLOCK] = {
        63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48,
        47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32,
        31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
        15, 14, 13, 12, 11, 10,  9,  8,  7,  6,  5,  4,  3,  2,  1,  0,
    };
    /* clang-format on */
    return _mm512_permutexvar_epi8(_mm512_loadu_si512(places), _mm512_loadu_si512(p));
}

/* Types of BLOCK positions, the last one's in bit 0: 1 is S. next_is_s: that of the
   position behind them. */
XZ_AVX512 XZ_ALWAYS_INLINE uint64_t types_of(const uint8_t *p, uint32_t next_is_s)
{
    const __m512i here = load_reversed(p);
    const __m512i next = load_reversed(p + 1);
    const uint64_t less = _mm512_cmplt_epu8_mask(here, next);
    const uint64_t less_or_equal = _mm512_cmple_epu8_mask(here, next);
    const uint64_t sum = less + less_or_equal + next_is_s;
    return less | (less_or_equal & ~sum);
}

/* Counts a position in its bucket, or puts its record there. */
XZ_ALWAYS_INLINE void put(const struct sorter *s, uint32_t position, bool is_counted)
{
    const uint64_t text = read_be64(s->groups.lms.text + position);
    uint32_t *const end = &s->ends[text >> 48];
    if (is_counted) {
        ++*end;
        return;
    }
    const uint64_t key = (text << 16) >> s->low_bits << s->low_bits;
    s->records[--*end] = key | position;
}

/* Puts all LMS positions below the limit, from the last one. */
XZ_AVX512 XZ_ALWAYS_INLINE void walk(const struct sorter *s, bool is_counted)
{
    const uint8_t *const text = s->groups.lms.text;
    const uint32_t last = s->groups.lms.size - 1;
    uint32_t pos = s->limit;
    while (pos < last && text[pos] == text[pos + 1])
        ++pos;
    uint32_t next_is_s = pos < last && text[pos] < text[pos + 1];
    pos = s->limit - 1;
    next_is_s = text[pos] < text[pos + 1] + next_is_s;
    for (; pos >= BLOCK; pos -= BLOCK) {
        const uint64_t types = types_of(text + pos - BLOCK, next_is_s);
        uint64_t lms = (types << 1 | next_is_s) & ~types; // bit 0: pos
        next_is_s = (uint32_t)(types >> (BLOCK - 1));
        for (; lms != 0; lms &= lms - 1)
            put(s, pos - (uint32_t)_tzcnt_u64(lms), is_counted);
    }
    for (; pos > 0; --pos) {
        const bool is_s = text[pos - 1] < text[pos] + next_is_s;
        if (next_is_s && !is_s)
            put(s, pos, is_counted);
        next_is_s = is_s;
    }
}

/* LMS positions from the limit on, in rising order; at most half of the positions.
   Returns how many. */
static uint32_t list_tail(const struct sorter *s, uint32_t *out)
{
    const uint8_t *const text = s->groups.lms.text;
    const uint32_t size = s->groups.lms.size;
    uint32_t tail[XZ_LMS_DEPTH_MAX + XZ_LMS_TAIL_MAX];
    uint32_t count = 0;
    uint32_t next_is_s = 0;
    for (uint32_t pos = size - 1; pos > 0 && pos >= s->limit; --pos) {
        const bool is_s = text[pos - 1] < text[pos] + next_is_s;
        if (next_is_s && !is_s)
            tail[count++] = pos;
        next_is_s = is_s;
    }
    for (uint32_t i = 0; i < count; ++i)
        out[i] = tail[count - 1 - i];
    return count;
}

/* Any group of positions; from free on there is room for as many. */
static void sort_group(const struct sorter *s, struct xz_lms_run run, uint32_t *free)
{
    if (!xz_lms_group_sort_avx512(&s->groups, run))
        xz_lms_sort_run(&s->groups.lms, run, free, s->space);
}

/* Positions are written where records were: these are read as mere bytes. */
static uint64_t load(const uint64_t *record)
{
    uint64_t v;
    memcpy(&v, record, sizeof(v));
    return v;
}

/* Sorts a bucket's records as far as their keys go, and makes them positions. */
XZ_AVX512 static void sort_bucket(const struct sorter *s, uint32_t start, uint32_t end)
{
    uint64_t *const records = s->records;
    uint32_t *const sorted = s->groups.lms.positions;
    const uint8_t *const text = s->groups.lms.text;
    const uint32_t known = 2 + (64 - s->low_bits) / 8;
    const uint64_t mask = ~(~UINT64_C(0) << s->low_bits);
    xz_records_sort_avx512(records + start, s->groups.large, end - start, s->low_bits);
    for (uint32_t i = start, j; i < end; i = j) {
        const uint64_t key = load(records + i) & ~mask;
        for (j = i; j < end && (load(records + j) & ~mask) == key; ++j) {
            const uint32_t ahead = j + AHEAD < end ? j + AHEAD : end - 1;
            const uint8_t *const far = text + (load(records + ahead) & mask) + known;
            XZ_PREFETCH(far);
            XZ_PREFETCH(far + FETCHED);
        }
        for (uint32_t k = i; k < j; ++k)
            sorted[k] = (uint32_t)(load(records + k) & mask);
        if (j - i > 1)
            sort_group(s, (struct xz_lms_run){i, j, known}, sorted + j);
    }
}

/* A bucket of records for which there is no room elsewhere: by position alone. */
static void sort_huge_bucket(const struct sorter *s, uint32_t start, uint32_t end)
{
    uint32_t *const sorted = s->groups.lms.positions;
    const uint64_t mask = ~(~UINT64_C(0) << s->low_bits);
    for (uint32_t i = start; i < end; ++i)
        sorted[i] = (uint32_t)(load(s->records + i) & mask);
    xz_lms_sort_run(&s->groups.lms, (struct xz_lms_run){start, end, 2}, sorted + end,
                    s->space);
}

/* Sets up what lies in space. */
static struct sorter make_sorter(const struct xz_lms *lms, struct xz_sort_space space)
{
    const uint32_t odd = (uintptr_t)space.words % sizeof(uint64_t) != 0;
    uint32_t *const aligned = space.words + odd;
    const uint32_t shared = xz_lms_shared_space(lms->size);
    const uint32_t max = XZ_LMS_GROUP_MAX;
    const size_t left = (space.count - odd - shared - XZ_LMS_BUCKETS) / 2;
    return (struct sorter){
        .groups = {.lms = *lms,
                   .records = (uint64_t *)(void *)aligned,
                   .runs = (struct xz_lms_run *)(void *)(aligned + 4 * max),
                   .copy = aligned + 6 * max,
                   .large = (uint64_t *)(void *)(aligned + shared + XZ_LMS_BUCKETS),
                   .large_max = (uint32_t)(left < lms->size ? left : lms->size)},
        .records = (uint64_t *)(void *)lms->positions,
        .ends = aligned + shared,
        .space = aligned,
        .limit = lms->size - lms->depth - XZ_LMS_TAIL_MAX,
        .low_bits = lms->size <= SHORT_TEXT ? 24 : 32,
    };
}

XZ_AVX512 uint32_t xz_lms_sort_avx512(const uint8_t *text, uint32_t size,
                                      uint32_t depth, uint32_t *sorted,
                                      struct xz_sort_space space)
{
    const struct xz_lms lms = {text, size, depth, sorted};
    const struct sorter s = make_sorter(&lms, space);
    memset(s.ends, 0, XZ_LMS_BUCKETS * sizeof(*s.ends));
    walk(&s, true);
    uint32_t count = 0;
    for (uint32_t i = 0; i < XZ_LMS_BUCKETS; ++i) {
        count += s.ends[i];
        s.ends[i] = count;
    }
    walk(&s, false);
    for (uint32_t i = 0; i < XZ_LMS_BUCKETS; ++i) {
        const uint32_t start = s.ends[i];
        const uint32_t end = i + 1 < XZ_LMS_BUCKETS ? s.ends[i + 1] : count;
        if (end - start > s.groups.large_max)
            sort_huge_bucket(&s, start, end);
        else if (end > start)
            sort_bucket(&s, start, end);
    }
    const uint32_t tail = list_tail(&s, sorted + count);
    xz_lms_merge(&lms, count, count + tail);
    return count + tail;
}

#endif
