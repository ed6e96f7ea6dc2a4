// SPDX-License-Identifier: 0BSD
// The dictionary: growth, wrapping, borrowed memory, presets, allocations that fail.

#include "lzma/dict.h"
#include "support/support.h"

/* Runs bytes through a dictionary as stored data, `step` bytes of room at a time, and
   checks what comes out and every distance that it keeps. */
static void run_through(struct xz_dict *dict, const lzma_allocator *allocator,
                        uint32_t dict_size, size_t total, size_t step)
{
    uint8_t *plain = malloc(total);
    uint8_t *out = malloc(step);
    fill_random(plain, total, 7);
    struct xz_io io = {plain, 0, total, out, 0, step, false, false};
    const size_t kept = dict->own_size;
    size_t seen = 0;
    while (seen < total) {
        assert_int_equal(xz_dict_begin(dict, allocator, &io, UINT64_MAX), LZMA_OK);
        assert_true(dict->limit > dict->pos && dict->limit <= dict->size);
        xz_dict_store(dict, &io, total);
        const size_t count = xz_dict_flush(dict, &io);
        assert_memory_equal(out + io.out_pos - count, plain + seen, count);
        seen += count;
        assert_int_equal(dict->last, plain[seen - 1]);
        io.out_pos = io.out_pos == step ? 0 : io.out_pos;
        const size_t far = seen < dict_size ? seen : dict_size;
        assert_true(xz_dict_reaches(dict, far));
        const size_t index =
            far <= dict->pos ? dict->pos - far : dict->pos + dict->size - far;
        assert_int_equal(dict->buf[index], plain[seen - far]);
        assert_false(xz_dict_reaches(dict, (uint64_t)far + 1));
        assert_true(dict->own_size == kept
                    || dict->own_size < seen * 4 + 4 * XZ_DICT_FIRST);
        assert_true(dict->first == NULL || dict->own == dict->first
                    || dict->own_size > 2 * XZ_DICT_FIRST
                    || dict->own_size == dict->full_size);
    }
    free(plain);
    free(out);
}

static void test_growth_and_wrap(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {4096, 65536, 100000, 1048576, 3000000};
    struct counter counter;
    counter_init(&counter, -1);
    struct xz_dict dict = {0};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); ++i) {
        const uint32_t size = xz_dict_reach(sizes[i]);
        assert_int_equal(xz_dict_open(&dict, &counter.allocator, sizes[i], NULL, 0),
                         LZMA_OK);
        run_through(&dict, &counter.allocator, size, sizes[i] * 2 + 1000,
                    i % 2 == 0 ? 1000 : 77777);
        assert_int_equal(counter.bytes, xz_dict_memusage(sizes[i]));
    }
    const long count = counter.count;
    assert_int_equal(xz_dict_open(&dict, &counter.allocator, 3000000, NULL, 0),
                     LZMA_OK);
    run_through(&dict, &counter.allocator, 3000000, 3500000, 99999);
    assert_int_equal(counter.count, count); // the buffer is used again
    assert_int_equal(xz_dict_open(&dict, &counter.allocator, 4096, NULL, 0), LZMA_OK);
    assert_int_equal(counter.bytes, 0); // too great to be kept
    xz_dict_end(&dict, &counter.allocator);
    counter_check(&counter);
}

static void test_huge_costs_nothing(void **state)
{
    (void)state;
    struct counter counter;
    counter_init(&counter, -1);
    struct xz_dict dict = {0};
    assert_int_equal(xz_dict_open(&dict, &counter.allocator, UINT32_MAX, NULL, 0),
                     LZMA_OK);
    assert_int_equal(counter.count, 0);
    run_through(&dict, &counter.allocator, UINT32_MAX, 1000, 50);
    assert_true(counter.peak <= 4 * XZ_DICT_FIRST + XZ_DICT_PAD);
    xz_dict_end(&dict, &counter.allocator);
    counter_check(&counter);
}

/* What a decoder has at hand serves first, and is not freed. */
static void test_at_hand(void **state)
{
    (void)state;
    struct counter counter;
    counter_init(&counter, -1);
    struct xz_dict dict = {.first = malloc(XZ_DICT_AT_HAND)};
    const uint32_t sizes[] = {1U << 20, 4096, 5000, 8000, 20000};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); ++i) {
        const uint32_t size = sizes[i];
        assert_int_equal(xz_dict_open(&dict, &counter.allocator, size, NULL, 0),
                         LZMA_OK);
        run_through(&dict, &counter.allocator, xz_dict_reach(size), XZ_DICT_FIRST, 999);
        assert_int_equal(counter.bytes, 0);
        assert_ptr_equal(dict.buf, dict.first);
        assert_int_equal(xz_dict_open(&dict, &counter.allocator, size, NULL, 0),
                         LZMA_OK);
        run_through(&dict, &counter.allocator, xz_dict_reach(size), 3 * size + 1, 999);
        assert_int_equal(counter.bytes, xz_dict_memusage(size));
        xz_dict_end(&dict, &counter.allocator);
    }
    counter_check(&counter);
    free(dict.first);
}

static void test_borrowed(void **state)
{
    (void)state;
    struct guard out = guard_make(NULL, 5000);
    uint8_t plain[5000];
    fill_random(plain, sizeof(plain), 1);
    struct xz_dict dict = {0};
    assert_int_equal(xz_dict_open(&dict, NULL, 4096, NULL, 0), LZMA_OK);
    struct xz_io io = {plain, 0, sizeof(plain), out.start, 10, 10, true, false};
    while (io.out_size < out.size) {
        io.out_size += io.out_size + 99 < out.size ? 99 : out.size - io.out_size;
        assert_int_equal(xz_dict_begin(&dict, NULL, &io, UINT64_MAX), LZMA_OK);
        xz_dict_store(&dict, &io, 5000);
        xz_dict_flush(&dict, &io);
    }
    assert_null(dict.own);
    assert_memory_equal(out.start + 10, plain, out.size - 10);
    assert_true(xz_dict_reaches(&dict, 4096));
    assert_false(xz_dict_reaches(&dict, 4097));
    xz_dict_reset(&dict);
    assert_false(xz_dict_reaches(&dict, 1));
    xz_dict_end(&dict, NULL);
    guard_free(&out);
}

/* A preset of which only the pointer or only the size is there is none. */
static void test_preset_of_nothing(void **state)
{
    (void)state;
    struct xz_dict dict = {0};
    struct counter counter;
    counter_init(&counter, -1);
    const uint8_t byte = 7;
    assert_int_equal(xz_dict_open(&dict, &counter.allocator, 4096, &byte, 0), LZMA_OK);
    assert_int_equal(dict.last, 0);
    assert_int_equal(xz_dict_open(&dict, &counter.allocator, 4096, NULL, 9), LZMA_OK);
    assert_false(xz_dict_reaches(&dict, 1));
    assert_int_equal(counter.count, 0);
    xz_dict_end(&dict, &counter.allocator);
}

static void test_preset(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 100, 4095, 4096, 4097, 70000, 300000};
    uint8_t *preset = malloc(300000);
    fill_random(preset, 300000, 3);
    struct xz_dict dict = {0};
    uint8_t *const first = malloc(XZ_DICT_AT_HAND);
    for (size_t i = 0; i < ARRAY_COUNT(sizes) * 2; ++i) {
        if (i == ARRAY_COUNT(sizes)) {
            xz_dict_end(&dict, NULL);
            dict.first = first;
        }
        for (uint32_t dict_size = 4096; dict_size <= 409600; dict_size *= 10) {
            const size_t size = sizes[i % ARRAY_COUNT(sizes)];
            assert_int_equal(xz_dict_open(&dict, NULL, dict_size, preset, size), 0);
            const size_t kept = size < dict_size ? size : dict_size;
            assert_int_equal(dict.pos, kept);
            assert_memory_equal(dict.buf, preset + size - kept, kept);
            assert_int_equal(dict.last, preset[size - 1]);
            uint8_t out[300];
            struct xz_io io = {NULL, 0, 0, out, 0, sizeof(out), true, false};
            assert_int_equal(xz_dict_begin(&dict, NULL, &io, 300), LZMA_OK);
            assert_false(dict.borrowed); // history is not in the caller's buffer
            xz_dict_repeat(&dict, kept, 300);
            const size_t count = xz_dict_flush(&dict, &io);
            assert_memory_equal(out, preset + size - kept, kept < count ? kept : count);
        }
    }
    xz_dict_end(&dict, NULL);
    free(first);
    free(preset);
}

/* Every allocation fails in turn; then the same dictionary must work, with the same
   size and with another one (a liblzma once wrote through NULL here). */
static void test_failing_allocation(void **state)
{
    (void)state;
    for (long left = 0; left < 6; ++left) {
        struct counter counter;
        counter_init(&counter, left);
        struct xz_dict dict = {0};
        uint8_t byte[1000] = {0};
        lzma_ret ret = xz_dict_open(&dict, &counter.allocator, 1U << 20, NULL, 0);
        for (unsigned i = 0; i < 1500 && ret == LZMA_OK; ++i) {
            struct xz_io io = {byte,         0,     sizeof(byte), byte, 0,
                               sizeof(byte), false, false};
            ret = xz_dict_begin(&dict, &counter.allocator, &io, 1000);
            xz_dict_store(&dict, &io, 1000);
            xz_dict_flush(&dict, &io);
        }
        assert_int_equal(ret, left < 5 ? LZMA_MEM_ERROR : LZMA_OK);
        counter.left = -1;
        for (uint32_t size = 1U << 20; size <= 1U << 21; size *= 2) {
            assert_int_equal(xz_dict_open(&dict, &counter.allocator, size, NULL, 0), 0);
            run_through(&dict, &counter.allocator, size, 2500000, 4096);
        }
        xz_dict_end(&dict, &counter.allocator);
        counter_check(&counter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_growth_and_wrap),
        cmocka_unit_test(test_huge_costs_nothing),
        cmocka_unit_test(test_at_hand),
        cmocka_unit_test(test_borrowed),
        cmocka_unit_test(test_preset),
        cmocka_unit_test(test_preset_of_nothing),
        cmocka_unit_test(test_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
