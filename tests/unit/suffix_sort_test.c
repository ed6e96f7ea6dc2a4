// SPDX-License-Identifier: 0BSD
// Suffix sorting: every suffix once, each less than the next.

#include "match/suffix_sort.h"
#include "support/support.h"

#define SLACK 8 // readable bytes behind a text

/* Every suffix once, in the order of the bytes that count. */
static void check_depth(const struct xz_suffix_kernels *kernels, const uint8_t *text,
                        uint32_t size, uint32_t depth)
{
    uint32_t *const order = malloc((size + 1) * sizeof(*order));
    uint8_t *const seen = calloc(size + 1, 1);
    const size_t words = xz_suffix_sort_space(size);
    uint32_t *const space = malloc((words + 1) * sizeof(*space));
    xz_suffix_sort(kernels, text, size, depth, order,
                   (struct xz_sort_space){space + size % 2, words});
    for (uint32_t rank = 0; rank < size; ++rank) {
        assert_true(order[rank] < size);
        assert_int_equal(seen[order[rank]]++, 0);
    }
    for (uint32_t rank = 1; rank < size; ++rank) {
        const uint32_t a = order[rank - 1];
        const uint32_t b = order[rank];
        uint32_t limit = size - (a > b ? a : b);
        limit = limit < depth ? limit : depth;
        const int result = memcmp(text + a, text + b, limit);
        assert_true(result <= 0);
        if (result == 0 && limit < depth)
            assert_true(a > b);
    }
    free(order);
    free(seen);
    free(space);
}

static void check_order(const uint8_t *text, uint32_t size)
{
    const struct xz_suffix_kernels *const kernels = xz_suffix_kernels();
    check_depth(kernels, text, size, 16);
    check_depth(kernels, text, size, size % 2 == 0 ? 64 : 2);
    check_depth(&xz_suffix_portable, text, size, 16);
    check_depth(kernels, text, size, 255);
}

static void test_short_texts(void **state)
{
    (void)state;
    uint8_t text[40 + SLACK] = {0};
    uint64_t seed = 3;
    check_order(text, 0);
    for (int i = 0; i < 20000; ++i) {
        const uint32_t size = 1 + random_below(&seed, 40);
        const uint32_t values = 1 + random_below(&seed, 5);
        for (uint32_t j = 0; j < size; ++j)
            text[j] = (uint8_t)(random_below(&seed, values) * 64 - (i & 1));
        check_order(text, size);
    }
}

static void test_all_kinds(void **state)
{
    (void)state;
    static uint8_t text[200000 + SLACK];
    for (size_t kind = 0; kind < DATA_KIND_COUNT; ++kind) {
        data_kinds[kind].fill(text, 200000, 7 + kind);
        check_order(text, 200000);
    }
}

/* Texts that take many levels, or where almost all suffixes agree for long. */
static void test_hostile_texts(void **state)
{
    (void)state;
    static uint8_t text[300000 + SLACK];
    const uint32_t size = sizeof(text) - SLACK;
    uint32_t before = 1;
    text[0] = 'a';
    text[1] = 'b';
    for (uint32_t filled = 2; filled < size;) { // Fibonacci word
        const uint32_t part = before < size - filled ? before : size - filled;
        memcpy(text + filled, text, part);
        before = filled;
        filled += part;
    }
    check_order(text, size);
    for (uint32_t i = 0; i < size; ++i) // Thue-Morse word
        text[i] = (uint8_t)__builtin_parity(i);
    check_order(text, size);
    for (uint32_t period = 1; period <= 300; period = period * 3 + 1) {
        for (uint32_t i = 0; i < size; ++i)
            text[i] = (uint8_t)(i % period * 7);
        check_order(text, size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_texts),
        cmocka_unit_test(test_all_kinds),
        cmocka_unit_test(test_hostile_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
