// SPDX-License-Identifier: 0BSD
// Neighbours in suffix order: kernels of the CPU against portable C.

#include "base/cpu.h"
#include "match/sorted.h"
#include "match/suffix_sort.h"
#include "support/anchor_marks.h"
#include "support/support.h"

#define SIZE  60000
#define SLACK 512
#define COUNT 16

/* Kinds of text: one more than others have. */
#define KIND_COUNT (DATA_KIND_COUNT + 1)

/* The last kind is of two letters: there all tables have candidates, each a longer one
   than the table before, and neighbours have more. */
static void fill(uint8_t *text, size_t kind)
{
    if (kind < DATA_KIND_COUNT) {
        data_kinds[kind].fill(text, SIZE, kind);
        return;
    }
    fill_random(text, SIZE, kind);
    for (uint32_t i = 0; i < SIZE; ++i)
        text[i] = 'a' + (text[i] & 1);
}

static void make(struct xz_sorted *s, const struct xz_near_kernels *kernels,
                 const uint8_t *text, uint32_t size, uint32_t from, uint32_t ranked,
                 uint32_t reach, uint32_t cap)
{
    s->allocated = xz_sorted_memory(size, ranked, reach);
    s->memory = malloc(s->allocated);
    assert_non_null(s->memory);
    s->kernels = kernels;
    s->sorter = xz_suffix_sorter_here();
    s->cap = cap;
    s->reach = reach;
    xz_sorted_make(s, text, size, from, ranked);
}

/* Some candidates, true or not. The farther ones have more bytes in common, as it is
   with tables: see xz_near_job. */
static void make_dists(const uint8_t *text, uint32_t pos, uint32_t dict_size,
                       uint32_t *dists)
{
    uint32_t dist = 1;
    for (uint32_t table = 0; table < XZ_HEADS; ++table) {
        while (dist < 300 && dist <= pos && dist <= dict_size
               && (text[pos] != text[pos - dist]
                   || memcmp(text + pos, text + pos - dist, xz_head_bytes[table]) != 0))
            ++dist;
        dists[table] = dist <= pos && dist <= dict_size ? dist : 0;
    }
}

/* How many positions a search at pos takes. */
static uint32_t count_at(const struct xz_sorted *s, uint32_t pos)
{
    const uint32_t ranked = s->from + s->ranked - pos;
    return ranked < COUNT ? ranked : COUNT;
}

static struct xz_latest latest[COUNT];

static void make_latest(const struct xz_sorted *s, const uint8_t *text, uint32_t pos,
                        uint32_t dict_size)
{
    for (uint32_t i = 0; i < count_at(s, pos); ++i)
        make_dists(text, pos + i, dict_size, latest[i].dists);
}

/* The pairs of some positions, whose candidates are made. What was in the batch before
   is gone. */
static void find(const struct xz_sorted *s, const uint8_t *text, uint32_t pos,
                 uint32_t dict_size, uint32_t nice_len, bool has_order,
                 struct xz_match_batch *batch)
{
    struct xz_sorted sorted = *s;
    if (!has_order)
        sorted.size = 0;
    memset(batch, 0, offsetof(struct xz_match_batch, pairs));
    memset(batch->pairs, 0, COUNT * XZ_NEAR_PAIRS * sizeof(*batch->pairs));
    struct xz_near_job job = {
        .sorted = &sorted,
        .text = text + pos,
        .pos = pos,
        .avail = s->size - pos,
        .count = count_at(s, pos),
        .dict_size = dict_size,
        .nice_len = nice_len,
        .latest = latest,
        .table_bytes = xz_head_bytes,
        .span = !has_order && pos % 3 == 0 ? pos % 7 : 0,
    };
    const struct xz_pair *const end = s->kernels->find(&job, batch, batch->pairs);
    batch->first[batch->count] = (uint32_t)(end - batch->pairs);
}

/* One more candidate among those before, which rise in distance. */
static uint32_t add(struct xz_pair *pairs, uint32_t count, uint32_t len, uint32_t dist)
{
    uint32_t at = count;
    for (; at > 0 && pairs[at - 1].dist > dist; --at)
        pairs[at] = pairs[at - 1];
    pairs[at] = (struct xz_pair){len, dist};
    return count + 1;
}

static uint32_t agree(const uint8_t *a, const uint8_t *b, uint32_t limit)
{
    uint32_t len = 0;
    while (len < limit && a[len] == b[len])
        ++len;
    return len;
}

/* The pairs of a position as sorted.h defines them. Returns how many. */
static uint32_t define(const struct xz_sorted *s, const uint8_t *text, uint32_t pos,
                       const uint32_t *dists, uint32_t dict_size, struct xz_pair *pairs)
{
    struct xz_pair all[XZ_NEAR_PAIRS];
    const uint32_t avail = s->size - pos;
    const uint32_t limit = avail < s->cap ? avail : s->cap;
    const uint32_t word = s->ranks[pos - s->from];
    const uint32_t rank = xz_rank_of(word);
    const uint32_t anchor = pos + xz_gap_of(word);
    uint32_t count = 0;
    for (uint32_t table = 0; table < XZ_HEADS; ++table) {
        const uint32_t len = agree(text + pos, text + pos - dists[table], limit);
        if (dists[table] != 0 && len >= xz_head_bytes[table])
            count = add(all, count, len, dists[table]);
    }
    for (uint32_t other = rank < XZ_NEAR_RANKS ? 0 : rank - XZ_NEAR_RANKS;
         rank < s->near.count && other <= rank + XZ_NEAR_RANKS && other < s->near.count;
         ++other) {
        const uint32_t dist = anchor - s->near.anchors[other];
        if (s->near.anchors[other] >= anchor || dist > dict_size)
            continue;
        const uint32_t len = agree(text + pos, text + pos - dist, limit);
        if (len >= XZ_NEAR_LEN_MIN)
            count = add(all, count, len, dist);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (kept == 0 || all[i].len > pairs[kept - 1].len)
            pairs[kept++] = all[i];
    }
    if (kept > 0 && pairs[kept - 1].len == s->cap)
        pairs[kept - 1].len =
            agree(text + pos, text + pos - pairs[kept - 1].dist,
                  avail < XZ_MATCH_LEN_MAX ? avail : XZ_MATCH_LEN_MAX);
    return kept;
}

/* Sampled: what portable C finds is what is meant. */
static void test_portable(void **state)
{
    (void)state;
    static const uint32_t caps[] = {2, 5, 16, 64, 255};
    static uint8_t text[SIZE + SLACK];
    for (size_t kind = 0; kind < KIND_COUNT; ++kind) {
        struct xz_sorted s;
        fill(text, kind);
        make(&s, &xz_near_portable, text, SIZE, 20000, SIZE - 20000,
             kind % 2 == 0 ? 0 : 15000, caps[kind % ARRAY_COUNT(caps)]);
        for (uint32_t pos = 20000; pos < SIZE; pos += SIZE - pos < 400 ? 1 : 61) {
            struct xz_pair pairs[XZ_NEAR_PAIRS];
            static struct xz_match_batch batch;
            make_latest(&s, text, pos, 15000);
            find(&s, text, pos, 15000, 273, true, &batch);
            const uint32_t count = define(&s, text, pos, latest[0].dists, 15000, pairs);
            assert_int_equal(batch.first[1], count);
            assert_memory_equal(batch.pairs, pairs, count * sizeof(*pairs));
        }
        free(s.memory);
    }
}

static void check_position(const struct xz_sorted *ours, const struct xz_sorted *other,
                           const uint8_t *text, uint32_t pos, uint32_t dict_size,
                           uint32_t nice_len)
{
    static struct xz_match_batch batches[2];
    const struct xz_match_batch *const a = &batches[0];
    const struct xz_match_batch *const b = &batches[1];
    make_latest(ours, text, pos, dict_size);
    for (int has_order = 0; has_order < 2; ++has_order) {
        find(ours, text, pos, dict_size, nice_len, has_order, &batches[0]);
        find(other, text, pos, dict_size, nice_len, has_order, &batches[1]);
        assert_true(a->count > 0);
        assert_int_equal(a->count, b->count);
        assert_memory_equal(a->first, b->first, (a->count + 1) * sizeof(*a->first));
        assert_memory_equal(a->pairs, b->pairs, a->first[a->count] * sizeof(*a->pairs));
        for (uint32_t i = 0; i < a->count; ++i) {
            for (uint32_t j = a->first[i]; j < a->first[i + 1]; ++j)
                assert_memory_equal(text + pos + i, text + pos + i - a->pairs[j].dist,
                                    a->pairs[j].len);
        }
    }
}

static uint32_t anchors_between(const struct xz_sorted *s, const uint8_t *anchors,
                                uint32_t first, uint32_t end)
{
    return anchors_count(anchors, s->size, first)
           - anchors_count(anchors, s->size, end);
}

/* Anchors that ranked positions may refer to are in the order, each once, and with what
   lies before it and what it has in common with the one before. What is around is 0. */
static void check_order(const struct xz_sorted *s, const uint8_t *text,
                        const uint8_t *anchors)
{
    const struct xz_order *const o = &s->near;
    uint8_t *const seen = calloc(s->size + 1, 1);
    const uint32_t end = s->reach == 0 ? s->size : s->from + s->window;
    const uint32_t first = s->reach == 0 || s->from < s->reach ? 0 : s->from - s->reach;
    assert_int_equal(o->count, anchors_between(s, anchors, first, end));
    for (uint32_t rank = 0; rank < o->count; ++rank) {
        const uint32_t b = o->anchors[rank];
        assert_true(b >= first && b < end);
        assert_int_equal(anchors[b], 1);
        assert_int_equal(seen[b]++, 0);
        assert_int_equal(o->before[rank], text[b - 1] << 8 | text[b - 2]);
        if (rank == 0)
            continue;
        const uint32_t a = o->anchors[rank - 1];
        const uint32_t avail = s->size - (a > b ? a : b);
        const uint32_t limit = avail < s->cap ? avail : s->cap;
        assert_int_equal(o->common[rank], agree(text + a, text + b, limit));
    }
    for (uint32_t i = 1; i <= XZ_NEAR_RANKS; ++i) {
        assert_int_equal(o->common[0 - (int32_t)i], 0);
        assert_int_equal(o->common[o->count + i], 0);
    }
    assert_int_equal(o->common[o->count], 0);
    free(seen);
}

/* Each position that is to be searched has its anchor's rank, also if the anchor is not
   to be searched; the first two of a text have none. */
static void check_words(const struct xz_sorted *s, const uint8_t *anchors)
{
    for (uint32_t i = 0; i < s->ranked; ++i) {
        const uint32_t pos = s->from + i;
        const uint32_t rank = xz_rank_of(s->ranks[i]);
        const uint32_t gap = xz_gap_of(s->ranks[i]);
        if (pos < 2) {
            assert_int_equal(rank, s->near.count);
            assert_int_equal(gap, 0);
            continue;
        }
        assert_in_range(gap, 0, 2);
        assert_int_equal(gap, anchors_gap(anchors, pos));
        assert_true(rank < s->near.count);
        assert_int_equal(s->near.anchors[rank], pos + gap);
    }
}

/* Ranks of other positions, up to the end of the text at last; with an order of their
   own each time if reach is not 0. */
static void check_ranks(const struct xz_near_kernels *kernels, const uint8_t *text,
                        uint32_t size, uint32_t from, uint32_t ranked,
                        uint32_t dict_size, uint32_t reach, uint32_t cap)
{
    struct xz_sorted ours;
    struct xz_sorted portable;
    uint8_t *const anchors = anchors_of(text, size);
    make(&ours, kernels, text, size, from, ranked, reach, cap);
    make(&portable, &xz_near_portable, text, size, from, ranked, reach, cap);
    check_order(&ours, text, anchors);
    for (uint32_t pos = from;;) {
        const uint32_t left = size - pos;
        assert_int_equal(ours.from, pos);
        assert_int_equal(ours.ranked, left < ranked ? left : ranked);
        assert_int_equal(ours.near.count, portable.near.count);
        assert_memory_equal(ours.ranks, portable.ranks,
                            ours.ranked * sizeof(*ours.ranks));
        check_words(&ours, anchors);
        check_position(&ours, &portable, text, pos, dict_size, 273);
        check_position(&ours, &portable, text, pos + ours.ranked - 1, dict_size, 273);
        if (left <= ranked)
            break;
        pos += ranked;
        xz_sorted_rank(&ours, pos);
        xz_sorted_rank(&portable, pos);
        if (ranked > COUNT)
            check_order(&ours, text, anchors);
    }
    check_order(&ours, text, anchors);
    assert_memory_equal(ours.near.anchors, portable.near.anchors,
                        ours.near.count * sizeof(*ours.near.anchors));
    free(anchors);
    free(ours.memory);
    free(portable.memory);
}

static void check_same(const struct xz_near_kernels *kernels, const uint8_t *text,
                       uint32_t size, uint32_t from, uint32_t dict_size, uint32_t cap)
{
    struct xz_sorted ours;
    struct xz_sorted portable;
    make(&ours, kernels, text, size, from, size - from, 0, cap);
    make(&portable, &xz_near_portable, text, size, from, size - from, 0, cap);
    assert_int_equal(ours.near.count, portable.near.count);
    assert_memory_equal(ours.near.common, portable.near.common, ours.near.count + 1);
    assert_memory_equal(ours.near.before, portable.near.before,
                        ours.near.count * sizeof(*ours.near.before));
    assert_memory_equal(ours.ranks, portable.ranks,
                        (size - from + 1) * sizeof(*ours.ranks));
    for (uint32_t pos = from; pos < size; pos += 7)
        check_position(&ours, &portable, text, pos, dict_size, cap < 255 ? cap : 273);
    free(ours.memory);
    free(portable.memory);
}

static void test_kernels(void **state)
{
    (void)state;
    static const uint32_t features[] = {
        UINT32_MAX,
        ~(uint32_t)XZ_CPU_AVX512,
        ~(uint32_t)(XZ_CPU_AVX512 | XZ_CPU_AVX2),
        0,
    };
    static const uint32_t caps[] = {2, 16, 64, 65, 255};
    static uint8_t text[SIZE + SLACK];
    for (size_t i = 0; i < ARRAY_COUNT(features); ++i) {
        xz_cpu_limit(features[i]);
        const struct xz_near_kernels *const kernels = xz_near_kernels();
        for (size_t kind = 0; kind < KIND_COUNT; ++kind) {
            const uint32_t cap = caps[kind % ARRAY_COUNT(caps)];
            fill(text, kind);
            check_same(kernels, text, SIZE, 40000, 20000, cap);
            check_ranks(kernels, text, SIZE, 40000, 7000, 20000, 0, cap);
            check_ranks(kernels, text, SIZE, 20000, 7000, 15000, 15000, cap);
            check_ranks(kernels, text, SIZE, 0, 2100, 3000, 3000, cap);
            const uint32_t little = 1 + (uint32_t)kind * 61;
            check_same(kernels, text, little, 0, 100, 255);
            for (uint32_t ranked = 1; ranked <= 13 && ranked <= little; ranked += 3)
                check_ranks(kernels, text, little, 0, ranked, 100, ranked % 2 * 100,
                            255);
            for (uint32_t size = 1; size < 8; ++size)
                check_ranks(kernels, text + size, size, 0, 1 + size / 2, 3,
                            size % 2 * 3, 5);
        }
    }
    xz_cpu_limit(UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_portable),
        cmocka_unit_test(test_kernels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
