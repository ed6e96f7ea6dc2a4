// SPDX-License-Identifier: 0BSD
// The suffixes at a text's anchors in order, with AVX-512.
//
//     1  Anchors are counted by their first two bytes, walking back through the text.
//     2  In a second walk each goes to its bucket, as a record of the bytes behind the
//        first two and its position.
//     3  Records of a bucket are sorted. Positions with the same key are a group
//        (anchor_group.h), sorted on by what lies behind in the text.
//
// So the text is read in its order twice, and out of order only where suffixes agree
// for longer than a record's key. Nothing but the buckets is kept: which positions are
// anchors is found anew. Whether suffixes are less than the next ones goes from the end
// of the text to its start, like the carry of a sum: where a byte is less than the next
// one a carry is generated, where it is equal it is passed on. So one addition tells it
// of 64 positions. What is every third position back from a valley goes on in steps of
// 3, 6, 12, 24 and 48.
//
// Records take two words each where positions will be, and positions never overtake the
// records that are still to be read:
//
//     sorted | positions | free | records |
//            0           i      2 * i     2 * count
//
// Positions near the text's end are left out, so that no load goes beyond it, and
// merged in at last.

#include "match/anchor_sort_x86.h"
#include "base/bits.h"
#include "base/cpu.h"
#include "match/anchors.h"
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
    struct xz_anchor_groups groups;
    uint64_t *records; // where positions will be
    uint32_t *ends;    // of each bucket; while it is filled, down to where
    uint32_t *space;   // for xz_anchor_sort_run()
    uint32_t limit;    // positions from there on are left out
    struct xz_anchor_walk at_limit;
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

/* Which of BLOCK positions have suffixes that are less than the next ones, the last
   position in bit 0. is_less: that of the position behind them. */
XZ_AVX512 XZ_ALWAYS_INLINE uint64_t less_ones(const uint8_t *p, uint32_t is_less)
{
    const __m512i here = load_reversed(p);
    const __m512i next = load_reversed(p + 1);
    const uint64_t less = _mm512_cmplt_epu8_mask(here, next);
    const uint64_t less_or_equal = _mm512_cmple_epu8_mask(here, next);
    const uint64_t sum = less + less_or_equal + is_less;
    return less | (less_or_equal & ~sum);
}

/* What is known of the BLOCK positions behind those at hand; of each the last one is in
   bit 0. */
struct behind {
    uint64_t valleys;
    uint64_t anchors;
    uint32_t is_less; // of the first position
};

/* Anchors among the BLOCK positions from p on. */
XZ_AVX512 XZ_ALWAYS_INLINE uint64_t anchors_of(const uint8_t *p, struct behind *b)
{
    const uint64_t less = less_ones(p, b->is_less);
    const uint64_t valleys = (less << 1 | b->is_less) & ~less;
    const uint64_t near =
        valleys << 1 | valleys << 2 | b->valleys >> 63 | b->valleys >> 62;
    uint64_t reach = ~near; // no valley is one or two positions behind
    uint64_t anchors = valleys | (reach & b->anchors >> (BLOCK - XZ_ANCHOR_STEP));
    for (uint32_t step = XZ_ANCHOR_STEP; step < BLOCK; step *= 2) {
        anchors |= reach & anchors << step;
        reach &= reach << step;
    }
    *b = (struct behind){valleys, anchors, (uint32_t)(less >> (BLOCK - 1))};
    return anchors;
}

/* Counts a position in its bucket, or puts its record there. */
XZ_ALWAYS_INLINE void put(const struct sorter *s, uint32_t position, bool is_counted)
{
    const uint64_t text = read_be64(s->groups.anchors.text + position);
    uint32_t *const end = &s->ends[text >> 48];
    if (is_counted) {
        ++*end;
        return;
    }
    const uint64_t key = (text << 16) >> s->low_bits << s->low_bits;
    s->records[--*end] = key | position;
}

/* Puts all anchors below the limit, from the last one. */
XZ_AVX512 XZ_ALWAYS_INLINE void walk(const struct sorter *s, bool is_counted)
{
    const uint8_t *const text = s->groups.anchors.text;
    struct xz_anchor_walk scalar = s->at_limit;
    struct behind b = {
        .anchors = UINT64_C(1) << (BLOCK - 1) >> scalar.gap,
        .is_less = scalar.is_less,
    };
    uint32_t pos = s->limit;
    for (; pos >= BLOCK + XZ_ANCHOR_FIRST; pos -= BLOCK) {
        uint64_t anchors = anchors_of(text + pos - BLOCK, &b);
        for (; anchors != 0; anchors &= anchors - 1)
            put(s, pos - 1 - (uint32_t)_tzcnt_u64(anchors), is_counted);
    }
    scalar = (struct xz_anchor_walk){text[pos], b.is_less,
                                     BLOCK - 1U - xz_bits_top64(b.anchors)};
    while (pos-- > XZ_ANCHOR_FIRST) {
        if (xz_anchor_step(&scalar, text[pos]))
            put(s, pos, is_counted);
    }
}

/* Any group of positions; from free on there is room for as many. */
static void sort_group(const struct sorter *s, struct xz_anchor_run run, uint32_t *free)
{
    if (!xz_anchor_group_sort_avx512(&s->groups, run))
        xz_anchor_sort_run(&s->groups.anchors, run, free, s->space);
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
    uint32_t *const sorted = s->groups.anchors.positions;
    const uint8_t *const text = s->groups.anchors.text;
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
            sort_group(s, (struct xz_anchor_run){i, j, known}, sorted + j);
    }
}

/* A bucket of records for which there is no room elsewhere: by position alone. */
static void sort_huge_bucket(const struct sorter *s, uint32_t start, uint32_t end)
{
    uint32_t *const sorted = s->groups.anchors.positions;
    const uint64_t mask = ~(~UINT64_C(0) << s->low_bits);
    for (uint32_t i = start; i < end; ++i)
        sorted[i] = (uint32_t)(load(s->records + i) & mask);
    xz_anchor_sort_run(&s->groups.anchors, (struct xz_anchor_run){start, end, 2},
                       sorted + end, s->space);
}

/* Sets up what lies in space. */
static struct sorter make_sorter(const struct xz_anchors *anchors,
                                 struct xz_sort_space space)
{
    const uint32_t odd = (uintptr_t)space.words % sizeof(uint64_t) != 0;
    uint32_t *const aligned = space.words + odd;
    const uint32_t shared = xz_anchor_shared_space(anchors->size);
    const uint32_t max = XZ_ANCHOR_GROUP_MAX;
    const size_t left = (space.count - odd - shared - XZ_ANCHOR_BUCKETS) / 2;
    return (struct sorter){
        .groups = {.anchors = *anchors,
                   .records = (uint64_t *)(void *)aligned,
                   .runs = (struct xz_anchor_run *)(void *)(aligned + 4 * max),
                   .copy = aligned + 6 * max,
                   .large = (uint64_t *)(void *)(aligned + shared + XZ_ANCHOR_BUCKETS),
                   .large_max =
                       (uint32_t)(left < anchors->size ? left : anchors->size)},
        .records = (uint64_t *)(void *)anchors->positions,
        .ends = aligned + shared,
        .space = aligned,
        .limit = anchors->size - anchors->depth - XZ_ANCHOR_TAIL_MAX,
        .low_bits = anchors->size <= SHORT_TEXT ? 24 : 32,
    };
}

XZ_AVX512 static uint32_t sort_avx512(const uint8_t *text, uint32_t size,
                                      uint32_t depth, uint32_t *sorted,
                                      struct xz_sort_space space)
{
    uint32_t tail[XZ_ANCHOR_DEPTH_MAX + XZ_ANCHOR_TAIL_MAX];
    const struct xz_anchors anchors = {text, size, depth, sorted};
    struct sorter s = make_sorter(&anchors, space);
    uint32_t *const tail_end = tail + (size - s.limit);
    const uint32_t tail_count =
        xz_anchors_list(text, size, s.limit, tail_end, &s.at_limit);
    memset(s.ends, 0, XZ_ANCHOR_BUCKETS * sizeof(*s.ends));
    walk(&s, true);
    uint32_t count = 0;
    for (uint32_t i = 0; i < XZ_ANCHOR_BUCKETS; ++i) {
        count += s.ends[i];
        s.ends[i] = count;
    }
    walk(&s, false);
    for (uint32_t i = 0; i < XZ_ANCHOR_BUCKETS; ++i) {
        const uint32_t start = s.ends[i];
        const uint32_t end = i + 1 < XZ_ANCHOR_BUCKETS ? s.ends[i + 1] : count;
        if (end - start > s.groups.large_max)
            sort_huge_bucket(&s, start, end);
        else if (end > start)
            sort_bucket(&s, start, end);
    }
    memcpy(sorted + count, tail_end - tail_count, tail_count * sizeof(*tail));
    xz_anchor_merge(&anchors, count, count + tail_count);
    return count + tail_count;
}

static const struct xz_suffix_sorter avx512 = {sort_avx512};

const struct xz_suffix_sorter *xz_suffix_sorter_here(void)
{
    return (xz_cpu_features() & XZ_CPU_AVX512) != 0 ? &avx512
                                                    : &xz_suffix_sort_portable;
}

#endif
