// SPDX-License-Identifier: 0BSD
// Neighbours in suffix order: kernels of the CPU against portable C.

#include "base/cpu.h"
#include "match/sorted.h"
#include "support/support.h"

#define SIZE  60000
#define SLACK 512
#define COUNT 16

static void make(struct xz_sorted *s, const struct xz_near_kernels *kernels,
                 const uint8_t *text, uint32_t size, uint32_t from, uint32_t cap)
{
    s->memory = malloc(xz_sorted_memory(size, size - from));
    assert_non_null(s->memory);
    s->kernels = kernels;
    s->cap = cap;
    xz_sorted_make(s, text, size, from);
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
    free(ours.memory);
    free(portable.memory);
}

static void test_kernels(void **state)
{
    (void)state;
    static const uint32_t features[] = {UINT32_MAX, ~(uint32_t)XZ_CPU_AVX512, 0};
    static const uint32_t caps[] = {2, 16, 64, 65, 255};
    static uint8_t text[SIZE + SLACK];
    for (size_t i = 0; i < ARRAY_COUNT(features); ++i) {
        xz_cpu_limit(features[i]);
        const struct xz_near_kernels *const kernels = xz_near_kernels();
        for (size_t kind = 0; kind < DATA_KIND_COUNT; ++kind) {
            const uint32_t cap = caps[kind % ARRAY_COUNT(caps)];
            data_kinds[kind].fill(text, SIZE, kind);
            check_same(kernels, text, SIZE, 40000, 20000, cap);
            check_same(kernels, text, 1 + (uint32_t)kind * 61, 0, 100, 255);
        }
    }
    xz_cpu_limit(UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kernels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
