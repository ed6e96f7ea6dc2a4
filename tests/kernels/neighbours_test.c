// SPDX-License-Identifier: 0BSD
// Neighbours in suffix order: kernels of the CPU against portable C.

#include "base/cpu.h"
#include "match/sorted.h"
#include "match/suffix_sort.h"
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
                 const uint8_t *text, uint32_t size, uint32_t from, uint32_t cap)
{
    s->allocated = xz_sorted_memory(size, size - from);
    s->memory = malloc(s->allocated);
    assert_non_null(s->memory);
    s->kernels = kernels;
    s->sorter = xz_suffix_kernels();
    s->cap = cap;
    xz_sorted_make(s, text, size, from, size - from);
}

/* Some candidates, true or not. The farther ones have more bytes in common, as it is
   with tables: see xz_near_job. */
static void make_dists(const uint8_t *text, uint32_t pos, uint32_t dict_size,
                       uint32_t *dists)
{
    uint32_t dist = 1;
    for (uint32_t table = 0; table < XZ_HEADS; ++table) {
        while (dist < 300 && dist <= pos && dist <= dict_size
               && memcmp(text + pos, text + pos - dist, xz_head_bytes[table]) != 0)
            ++dist;
        dists[table] = dist <= pos && dist <= dict_size ? dist : 0;
    }
}

static struct xz_match_batch *find(const struct xz_sorted *s, const uint8_t *text,
                                   uint32_t pos, uint32_t dict_size, uint32_t nice_len,
                                   bool has_order)
{
    struct xz_match_batch *const batch = calloc(1, sizeof(*batch));
    static struct xz_latest latest[COUNT];
    struct xz_sorted sorted = *s;
    if (!has_order)
        sorted.size = 0;
    assert_non_null(batch);
    struct xz_near_job job = {
        .sorted = &sorted,
        .text = text + pos,
        .pos = pos,
        .avail = s->size - pos,
        .count = s->size - pos < COUNT ? s->size - pos : COUNT,
        .dict_size = dict_size,
        .nice_len = nice_len,
        .latest = latest,
        .span = !has_order && pos % 3 == 0 ? pos % 7 : 0,
    };
    for (uint32_t i = 0; i < job.count; ++i)
        make_dists(text, pos + i, dict_size, latest[i].dists);
    const struct xz_pair *const end = s->kernels->find(&job, batch, batch->pairs);
    batch->first[batch->count] = (uint32_t)(end - batch->pairs);
    return batch;
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
    const uint32_t rank = s->ranks[pos - s->from];
    uint32_t count = 0;
    for (uint32_t table = 0; table < XZ_HEADS; ++table) {
        const uint32_t len = agree(text + pos, text + pos - dists[table], limit);
        if (dists[table] != 0 && len >= xz_head_bytes[table])
            count = add(all, count, len, dists[table]);
    }
    for (uint32_t other = rank < XZ_NEAR_RANKS ? 0 : rank - XZ_NEAR_RANKS;
         other <= rank + XZ_NEAR_RANKS && other < s->size; ++other) {
        const uint32_t dist = pos - s->order[other];
        if (s->order[other] >= pos || dist > dict_size)
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
        make(&s, &xz_near_portable, text, SIZE, 20000, caps[kind % ARRAY_COUNT(caps)]);
        for (uint32_t pos = 20000; pos < SIZE; pos += SIZE - pos < 400 ? 1 : 61) {
            struct xz_pair pairs[XZ_NEAR_PAIRS];
            uint32_t dists[XZ_HEADS];
            struct xz_match_batch *const batch = find(&s, text, pos, 15000, 273, true);
            make_dists(text, pos, 15000, dists);
            const uint32_t count = define(&s, text, pos, dists, 15000, pairs);
            assert_int_equal(batch->first[1], count);
            assert_memory_equal(batch->pairs, pairs, count * sizeof(*pairs));
            free(batch);
        }
        free(s.memory);
    }
}

static void check_position(const struct xz_sorted *ours, const struct xz_sorted *other,
                           const uint8_t *text, uint32_t pos, uint32_t dict_size,
                           uint32_t nice_len)
{
    for (int has_order = 0; has_order < 2; ++has_order) {
        struct xz_match_batch *const a =
            find(ours, text, pos, dict_size, nice_len, has_order);
        struct xz_match_batch *const b =
            find(other, text, pos, dict_size, nice_len, has_order);
        assert_true(a->count > 0);
        assert_int_equal(a->count, b->count);
        assert_memory_equal(a->first, b->first, (a->count + 1) * sizeof(*a->first));
        assert_memory_equal(a->pairs, b->pairs, a->first[a->count] * sizeof(*a->pairs));
        for (uint32_t i = 0; i < a->count; ++i) {
            for (uint32_t j = a->first[i]; j < a->first[i + 1]; ++j)
                assert_memory_equal(text + pos + i, text + pos + i - a->pairs[j].dist,
                                    a->pairs[j].len);
        }
        free(a);
        free(b);
    }
}

/* Ranks of other positions, up to the end of the text at last; those that are more than
   dict_size old leave the order. */
static void check_ranks(struct xz_sorted *s, const uint8_t *text, uint32_t from,
                        uint32_t ranked, uint32_t dict_size)
{
    s->ranked_max = ranked;
    for (uint32_t pos = from; pos < s->size; pos += ranked) {
        const uint32_t left = s->size - pos;
        const uint32_t oldest = pos > dict_size ? pos - dict_size : 0;
        xz_sorted_rank(s, pos, oldest);
        assert_int_equal(s->from, pos);
        assert_int_equal(s->ranked, left < ranked ? left : ranked);
        for (uint32_t i = 0; i < s->ranked; ++i)
            assert_int_equal(s->order[s->ranks[i]], pos + i);
        assert_true(s->oldest <= oldest && oldest - s->oldest <= s->size / 8);
        assert_int_equal(s->count, s->size - s->oldest);
        for (uint32_t rank = 1; rank < s->count; ++rank) {
            const uint32_t a = s->order[rank - 1];
            const uint32_t b = s->order[rank];
            const uint32_t avail = s->size - (a > b ? a : b);
            const uint32_t limit = avail < s->cap ? avail : s->cap;
            assert_true(b >= s->oldest);
            assert_int_equal(s->common[rank], agree(text + a, text + b, limit));
        }
        assert_int_equal(s->common[0], 0);
        assert_int_equal(s->common[s->count], 0);
    }
}

static void check_same(const struct xz_near_kernels *kernels, const uint8_t *text,
                       uint32_t size, uint32_t from, uint32_t dict_size, uint32_t cap)
{
    struct xz_sorted ours;
    struct xz_sorted portable;
    make(&ours, kernels, text, size, from, cap);
    make(&portable, &xz_near_portable, text, size, from, cap);
    assert_memory_equal(ours.common, portable.common, size + 1);
    assert_memory_equal(ours.ranks, portable.ranks,
                        (size - from + 1) * sizeof(*ours.ranks));
    for (uint32_t pos = from; pos < size; pos += 7)
        check_position(&ours, &portable, text, pos, dict_size, cap < 255 ? cap : 273);
    const uint32_t ranked = size - from > 7000 ? 7000 : 13;
    check_ranks(&ours, text, from, ranked, dict_size);
    check_ranks(&portable, text, from, ranked, dict_size);
    assert_memory_equal(ours.order, portable.order, ours.count * sizeof(*ours.order));
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
            check_same(kernels, text, 1 + (uint32_t)kind * 61, 0, 100, 255);
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
