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
    xz_sorted_make(s, text, size, from, cap);
}

static void check_same(const struct xz_near_kernels *kernels, const uint8_t *text,
                       uint32_t size, uint32_t from, uint32_t dict_size, uint32_t cap)
{
    struct xz_sorted ours;
    struct xz_sorted portable;
    make(&ours, kernels, text, size, from, cap);
    make(&portable, &xz_near_portable, text, size, from, cap);
    assert_memory_equal(ours.common, portable.common, size + 1);
    for (uint32_t pos = from; pos < size; pos += COUNT) {
        struct xz_near a[COUNT];
        struct xz_near b[COUNT];
        const uint32_t count = size - pos < COUNT ? size - pos : COUNT;
        ours.kernels->find(&ours, dict_size, pos, count, a);
        portable.kernels->find(&portable, dict_size, pos, count, b);
        for (uint32_t i = 0; i < count; ++i) {
            assert_int_equal(a[i].count, b[i].count);
            for (uint32_t j = 0; j < a[i].count; ++j) {
                assert_int_equal(a[i].pairs[j].len, b[i].pairs[j].len);
                assert_int_equal(a[i].pairs[j].dist, b[i].pairs[j].dist);
                assert_memory_equal(text + pos + i, text + pos + i - a[i].pairs[j].dist,
                                    a[i].pairs[j].len);
            }
        }
    }
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
            check_same(kernels, text, SIZE, 1000, 20000, cap);
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
