// SPDX-License-Identifier: 0BSD
// Groups of positions whose first bytes agree, sorted with AVX-512.
//
// What decides the order of a group's positions is put into records of 64 bits, from
// the top:
//
//     by pivot   class, 9 bits | next bytes | place in the group, or position
//     by bytes                   next bytes | place in the group, or position
//
// The class tells how far a text agrees with the pivot, one of the group's texts: what
// is less comes first, the longer both agree the later; then what is equal; then what
// is greater, the longer both agree the earlier. The next bytes are those behind what
// is known to agree, so that each step gets on. Bytes beyond the depth are not put in:
// then all ways lead to the same order.
//
// 64 bytes are compared at once. Two positions are compared as far as counts; up to
// eight go through one vector from the gathering of their bytes to the writing of their
// order.

#include "base/bits.h"
#include "match/anchor_group.h"
#include "match/record_net_x86.h"
#include "match/record_sort.h"
#include <string.h>

#if XZ_X86_64

# define COMPARE_SIZE 64
# define FEW          8  // positions for one vector
# define SMALL        64 // whose records are compared at once
# define PLAIN_KNOWN  8  // where less is known, texts differ soon: no pivot
# define PIVOT_GAIN   8  // bytes that a large group's pivot must be worth
# define LARGE_RUNS   64 // large groups that may wait
# define AHEAD        64 // positions ahead whose text is fetched
# define FETCHED      40 // bytes behind the first of it

# define CLASS_EQUAL 256
# define CLASS_END   511
# define KEY_BITS    64 // of a record

/* How records are made. Their low bits are a place or a position. */
struct layout {
    bool by_pivot;
    uint32_t bytes; // next bytes
    uint32_t low_bits;
};

/* Places in groups of at most XZ_ANCHOR_GROUP_MAX; positions. */
static const struct layout by_bytes = {false, 6, 16};
static const struct layout by_pivot = {true, 5, 15};
static const struct layout large_by_bytes = {false, 4, 31};
static const struct layout large_by_pivot = {true, 3, 31};

XZ_ALWAYS_INLINE uint64_t read_be64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return __builtin_bswap64(v);
}

/* Bits of so many bytes from `known` on that are beyond the depth. */
XZ_ALWAYS_INLINE uint32_t beyond(uint32_t known, uint32_t bytes, uint32_t depth)
{
    return known + bytes > depth ? 8 * (known + bytes - depth) : 0;
}

/* A bit for each of COMPARE_SIZE bytes that is not the same. */
XZ_AVX512 XZ_ALWAYS_INLINE uint64_t differing(__m512i text, const uint8_t *other)
{
    return _mm512_cmpneq_epi8_mask(text, _mm512_loadu_si512(other));
}

/* What a record has above its low bits. first: the pivot's text from `known` on. */
XZ_AVX512 XZ_ALWAYS_INLINE uint64_t pivot_key(const uint8_t *text, const uint8_t *pivot,
                                              __m512i first, uint32_t known,
                                              uint32_t depth, uint32_t bytes)
{
    uint64_t differ = differing(first, text + known);
    uint32_t len = known;
    while (XZ_UNLIKELY(differ == 0) && len + COMPARE_SIZE < depth) {
        len += COMPARE_SIZE;
        differ = differing(_mm512_loadu_si512(pivot + len), text + len);
    }
    len += (uint32_t)_tzcnt_u64(differ);
    if (len >= depth)
        return (uint64_t)CLASS_EQUAL << 8 * bytes;
    const uint64_t next = read_be64(text + len);
    const uint64_t class = next < read_be64(pivot + len) ? len : CLASS_END - len;
    const uint64_t counted =
        next >> (KEY_BITS - 8 * bytes) >> beyond(len, bytes, depth);
    return class << 8 * bytes | counted;
}

/* Writes the records of a run. */
XZ_AVX512 XZ_ALWAYS_INLINE void make_records(const struct xz_anchor_groups *g,
                                             struct xz_anchor_run run,
                                             struct layout layout, bool has_places,
                                             uint64_t *records)
{
    const uint8_t *const text = g->anchors.text;
    const uint32_t depth = g->anchors.depth;
    const uint32_t known = run.known;
    const uint32_t *const positions = g->anchors.positions + run.start;
    const uint32_t count = run.end - run.start;
    const uint8_t *const pivot = text + positions[count / 2];
    const __m512i first = _mm512_loadu_si512(pivot + known);
    const uint32_t unused =
        KEY_BITS - 8 * layout.bytes + beyond(known, layout.bytes, depth);
    for (uint32_t i = 0; i < count; ++i) {
        const uint8_t *const p = text + positions[i];
        const uint64_t key =
            layout.by_pivot ? pivot_key(p, pivot, first, known, depth, layout.bytes)
                            : read_be64(p + known) >> unused;
        records[i] = key << layout.low_bits | (has_places ? i : positions[i]);
    }
}

/* What the positions have in common whose records have this one's key. */
XZ_ALWAYS_INLINE uint32_t known_of(const struct xz_anchor_groups *g, uint64_t record,
                                   uint32_t known, struct layout layout)
{
    if (!layout.by_pivot)
        return known + layout.bytes;
    const uint32_t class = (uint32_t)(record >> layout.low_bits >> 8 * layout.bytes);
    if (class == CLASS_EQUAL)
        return g->anchors.depth;
    return (class < CLASS_EQUAL ? class : CLASS_END - class) + layout.bytes;
}

XZ_AVX512 static void sort_two(const struct xz_anchors *anchors,
                               struct xz_anchor_run run)
{
    uint32_t *const positions = anchors->positions + run.start;
    const uint32_t a = positions[0];
    const uint32_t b = positions[1];
    const uint8_t *const text_a = anchors->text + a;
    const uint8_t *const text_b = anchors->text + b;
    for (uint32_t len = run.known; len < anchors->depth; len += COMPARE_SIZE) {
        const uint64_t differ =
            differing(_mm512_loadu_si512(text_a + len), text_b + len);
        if (differ == 0)
            continue;
        len += (uint32_t)_tzcnt_u64(differ);
        const bool is_swapped = len < anchors->depth && text_a[len] > text_b[len];
        positions[0] = is_swapped ? b : a;
        positions[1] = is_swapped ? a : b;
        return;
    }
}

/* Without optimization gcc's header has a macro for _mm512_mask_i64gather_epi64(), and
   that hands the mask on as a char. */
# pragma GCC diagnostic push
# pragma GCC diagnostic ignored "-Wsign-conversion"

/* The next bytes of a few positions, their first byte on top, but for the last one:
   there is the lane. Returns 0 if all agree as far as counts. *known is raised by what
   they all have in common. */
XZ_AVX512 XZ_ALWAYS_INLINE bool gather(const struct xz_anchors *anchors,
                                       __m512i positions, __mmask8 lanes,
                                       uint32_t *known, __m512i *ret)
{
    const __m512i big_endian =
        _mm512_set4_epi32(0x08090a0b, 0x0c0d0eff, 0x00010203, 0x040506ff);
    __m512i v;
    uint32_t len = *known;
    for (;; len += 8) {
        if (len >= anchors->depth)
            return false;
        v = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), lanes, positions,
                                        anchors->text + len, 1);
        const __m512i first = _mm512_broadcastq_epi64(_mm512_castsi512_si128(v));
        if (_mm512_mask_cmpneq_epi64_mask(lanes, v, first) != 0)
            break;
    }
    const uint64_t counted = ~UINT64_C(0) << 8 << beyond(len, 7, anchors->depth);
    v = _mm512_and_si512(_mm512_shuffle_epi8(v, big_endian),
                         _mm512_set1_epi64((int64_t)counted));
    v = _mm512_or_si512(v, _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7));
    *ret = _mm512_mask_mov_epi64(_mm512_set1_epi64(-1), lanes, v);
    *known = len + 7;
    return true;
}

# pragma GCC diagnostic pop

/* Adds runs for neighbours that have the same key: a bit for each that is the same as
   the next one. */
XZ_ALWAYS_INLINE struct xz_anchor_run *
add_run(uint32_t start, uint64_t *same, uint32_t known, struct xz_anchor_run *next)
{
    const uint32_t at = (uint32_t)xz_bits_low64(*same);
    const uint32_t more = (uint32_t)xz_bits_low64(~(*same >> at));
    *same &= ~UINT64_C(0) << (at + more);
    *next = (struct xz_anchor_run){start + at, start + at + more + 1, known};
    return next + 1;
}

XZ_AVX512 XZ_ALWAYS_INLINE struct xz_anchor_run *
sort_few(const struct xz_anchor_groups *g, struct xz_anchor_run run,
         struct xz_anchor_run *next)
{
    uint32_t *const at = g->anchors.positions + run.start;
    const __mmask8 lanes = xz_net_lanes(run.end - run.start, 0);
    const __m512i positions =
        _mm512_cvtepu32_epi64(_mm256_maskz_loadu_epi32(lanes, at));
    __m512i v;
    if (!gather(&g->anchors, positions, lanes, &run.known, &v))
        return next;
    v = xz_net_sort8(v);
    _mm256_mask_storeu_epi32(
        at, lanes, _mm512_cvtepi64_epi32(_mm512_permutexvar_epi64(v, positions)));
    if (run.known >= g->anchors.depth)
        return next;
    const __m512i change = _mm512_xor_si512(v, _mm512_alignr_epi64(v, v, 1));
    uint64_t same = _mm512_mask_cmplt_epu64_mask((__mmask8)(lanes >> 1), change,
                                                 _mm512_set1_epi64(1 << 8));
    while (same != 0)
        next = add_run(run.start, &same, run.known, next);
    return next;
}

/* A bit for each of count records, at most SMALL, whose key is that of the next. One
   more may be read. */
XZ_AVX512 XZ_ALWAYS_INLINE uint64_t same_keys(const uint64_t *records, uint32_t count,
                                              uint32_t low_bits)
{
    uint64_t same = 0;
    for (uint32_t i = 0; i < count; i += XZ_NET_LANES) {
        const __mmask8 lanes = xz_net_lanes(count - 1 - i, 0);
        const __m512i change =
            _mm512_xor_si512(_mm512_maskz_loadu_epi64(lanes, records + i),
                             _mm512_maskz_loadu_epi64(lanes, records + i + 1));
        const uint64_t bits = _mm512_mask_cmplt_epu64_mask(
            lanes, change, _mm512_set1_epi64(1LL << low_bits));
        same |= bits << i;
    }
    return same;
}

/* Adds a run of sorted records with one key. */
XZ_ALWAYS_INLINE struct xz_anchor_run *
add_keyed(const struct xz_anchor_groups *g, const uint64_t *record,
          struct xz_anchor_run same, struct layout layout, struct xz_anchor_run *next)
{
    same.known = known_of(g, *record, same.known, layout);
    *next = same;
    return next + (same.known < g->anchors.depth);
}

/* Adds the runs of a group whose records are sorted. */
XZ_AVX512 XZ_ALWAYS_INLINE struct xz_anchor_run *
list_runs(const struct xz_anchor_groups *g, struct xz_anchor_run run,
          struct layout layout, struct xz_anchor_run *next)
{
    const uint64_t *const records = g->records;
    const uint32_t count = run.end - run.start;
    if (count <= SMALL) {
        uint64_t same = same_keys(records, count, layout.low_bits);
        while (same != 0) {
            const uint64_t *const record = records + xz_bits_low64(same);
            struct xz_anchor_run part;
            add_run(run.start, &same, run.known, &part);
            next = add_keyed(g, record, part, layout, next);
        }
        return next;
    }
    for (uint32_t i = 1, start = 0; i <= count; ++i) {
        if (i < count && (records[i] ^ records[start]) >> layout.low_bits == 0)
            continue;
        const struct xz_anchor_run part = {run.start + start, run.start + i, run.known};
        if (i > start + 1)
            next = add_keyed(g, records + start, part, layout, next);
        start = i;
    }
    return next;
}

/* A run that is neither few nor large. */
XZ_AVX512 XZ_ALWAYS_INLINE struct xz_anchor_run *
sort_some(const struct xz_anchor_groups *g, struct xz_anchor_run run,
          struct layout layout, struct xz_anchor_run *next)
{
    const uint32_t count = run.end - run.start;
    uint32_t *const positions = g->anchors.positions + run.start;
    uint64_t *const records = g->records;
    make_records(g, run, layout, true, records);
    memcpy(g->copy, positions, count * sizeof(*positions));
    xz_records_sort_avx512(records, records + XZ_ANCHOR_GROUP_MAX, count,
                           layout.low_bits);
    for (uint32_t i = 0; i < count; ++i)
        positions[i] = g->copy[records[i] % XZ_ANCHOR_GROUP_MAX];
    return list_runs(g, run, layout, next);
}

/* A group that is not large. */
XZ_AVX512 static void finish(const struct xz_anchor_groups *g,
                             struct xz_anchor_run group)
{
    struct xz_anchor_run *top = g->runs;
    *top++ = group;
    while (top > g->runs) {
        const struct xz_anchor_run run = *--top;
        const uint32_t count = run.end - run.start;
        if (count == 2)
            sort_two(&g->anchors, run);
        else if (count <= FEW)
            top = sort_few(g, run, top);
        else if (run.known < PLAIN_KNOWN)
            top = sort_some(g, run, by_bytes, top);
        else
            top = sort_some(g, run, by_pivot, top);
    }
}

/* True if the positions of a group agree with its pivot for long, on average. */
XZ_AVX512 static bool is_deep(const struct xz_anchor_groups *g,
                              struct xz_anchor_run run)
{
    const uint32_t samples = 16;
    const uint32_t size = run.end - run.start;
    const uint8_t *const text = g->anchors.text + run.known;
    const uint32_t *const positions = g->anchors.positions + run.start;
    const __m512i pivot = _mm512_loadu_si512(text + positions[size / 2]);
    uint32_t sum = 0;
    for (uint32_t i = 0; i < samples; ++i)
        sum += (uint32_t)_tzcnt_u64(
            differing(pivot, text + positions[size / samples * i]));
    return sum >= samples * PIVOT_GAIN;
}

/* From sorted records back to positions; what they have in common is sorted on, or
   waits if it is large. Returns the place behind the last one that waits; NULL if there
   are too many. */
XZ_AVX512 static struct xz_anchor_run *take_large(const struct xz_anchor_groups *g,
                                                  struct xz_anchor_run run,
                                                  struct layout layout,
                                                  struct xz_anchor_run *next,
                                                  const struct xz_anchor_run *end)
{
    const uint64_t *const records = g->large;
    uint32_t *const positions = g->anchors.positions + run.start;
    const uint32_t count = run.end - run.start;
    const uint32_t mask = (UINT32_C(1) << layout.low_bits) - 1;
    for (uint32_t i = 0; i < count; ++i)
        positions[i] = (uint32_t)records[i] & mask;
    for (uint32_t i = 1, start = 0; i <= count; ++i) {
        const uint32_t ahead = i + AHEAD < count ? i + AHEAD : count - 1;
        XZ_PREFETCH(g->anchors.text + positions[ahead] + run.known + FETCHED);
        if (i < count && (records[i] ^ records[start]) >> layout.low_bits == 0)
            continue;
        struct xz_anchor_run part = {run.start + start, run.start + i, run.known};
        part.known = known_of(g, records[start], run.known, layout);
        start = i;
        if (part.end - part.start < 2 || part.known >= g->anchors.depth)
            continue;
        if (part.end - part.start <= XZ_ANCHOR_GROUP_MAX)
            finish(g, part);
        else if (next == end)
            return NULL;
        else
            *next++ = part;
    }
    return next;
}

XZ_AVX512 bool xz_anchor_group_sort_avx512(const struct xz_anchor_groups *g,
                                           struct xz_anchor_run run)
{
    struct xz_anchor_run waiting[LARGE_RUNS];
    struct xz_anchor_run *top = waiting;
    if (run.end - run.start <= XZ_ANCHOR_GROUP_MAX) {
        finish(g, run);
        return true;
    }
    if (run.end - run.start > g->large_max / 2)
        return false;
    *top++ = run;
    while (top > waiting) {
        const struct xz_anchor_run group = *--top;
        const uint32_t count = group.end - group.start;
        const bool has_pivot = is_deep(g, group);
        const struct layout layout = has_pivot ? large_by_pivot : large_by_bytes;
        if (has_pivot)
            make_records(g, group, large_by_pivot, false, g->large);
        else
            make_records(g, group, large_by_bytes, false, g->large);
        xz_records_sort_avx512(g->large, g->large + g->large_max / 2, count,
                               layout.low_bits);
        top = take_large(g, group, layout, top, waiting + LARGE_RUNS);
        if (top == NULL)
            return false;
    }
    return true;
}

#endif
