// SPDX-License-Identifier: 0BSD
// Suffix sorting: every suffix once, each less than the next.

#include "match/suffix_sort.h"
#include "support/support.h"

#define SLACK 8 // readable bytes behind a text

static uint32_t *order;
static uint32_t *rank_of;

/* Sorted as they should be: by the first byte, then by the order of the suffixes that
   start one later. That takes a constant time a suffix, whatever the text is. */
static void check_order(const uint8_t *text, uint32_t size)
{
    order = malloc((size + 1) * sizeof(*order));
    rank_of = malloc((size + 1) * sizeof(*rank_of));
    uint32_t *const space = malloc(xz_suffix_sort_space(size) * sizeof(*space));
    xz_suffix_sort(text, size, order, space);
    memset(rank_of, 0xFF, (size + 1) * sizeof(*rank_of));
    for (uint32_t rank = 0; rank < size; ++rank) {
        assert_true(order[rank] < size);
        assert_int_equal(rank_of[order[rank]], UINT32_MAX);
        rank_of[order[rank]] = rank;
    }
    for (uint32_t rank = 1; rank < size; ++rank) {
        const uint32_t a = order[rank - 1];
        const uint32_t b = order[rank];
        assert_true(text[a] <= text[b]);
        if (text[a] == text[b] && a + 1 < size)
            assert_true(b + 1 < size && rank_of[a + 1] < rank_of[b + 1]);
    }
    free(order);
    free(rank_of);
    free(space);
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
