// SPDX-License-Identifier: 0BSD
// Rows: the x86-64 form against portable C, and what entries mean.

#include "base/cpu.h"
#include "match/row_catch.h"
#include "support/support.h"

#define ROUNDS 2000

static _Alignas(64) uint64_t plain[1 << XZ_ROW_BITS_MAX];
static _Alignas(64) uint64_t quick[1 << XZ_ROW_BITS_MAX];

/* Every width and number of tag bits: the same hits and the same rows. */
static void test_x86_agrees(void **state)
{
    (void)state;
    if (!XZ_ROW_X86)
        skip();
    uint64_t seed = 3;
    uint8_t latest = 0;
    struct xz_row_key plain_key = {.row = plain, .latest = &latest};
    struct xz_row_key quick_key = {.row = quick, .latest = &latest};
    for (uint32_t row_bits = XZ_ROW_BITS_MIN; row_bits <= XZ_ROW_BITS_MAX; ++row_bits) {
        for (uint32_t pos_bits = 13; pos_bits <= 31; ++pos_bits) {
            memset(plain, 0, sizeof(plain));
            memset(quick, 0, sizeof(quick));
            for (int round = 0; round < ROUNDS; ++round) {
                const uint32_t tag = random_below(&seed, 5) << pos_bits;
                const uint32_t number = random_below(&seed, UINT32_C(1) << 13);
                assert_int_equal(xz_row_hits_plain(plain, tag, pos_bits, row_bits),
                                 xz_row_hits_x86(quick, tag, pos_bits, row_bits));
                if (row_bits >= XZ_ROW_RING_BITS) {
                    plain_key.first = quick_key.first = latest;
                    xz_row_push_ring(&plain_key, tag | number);
                    xz_row_push_ring(&quick_key, tag | number);
                } else {
                    xz_row_push_plain(plain, tag | number, row_bits);
                    xz_row_push_x86(quick, tag | number, row_bits);
                }
                assert_memory_equal(plain, quick, sizeof(plain));
            }
        }
    }
}

/* What this CPU compares a ring's tags with, with all features and with fewer. */
static void test_ring_hits_agree(void **state)
{
    (void)state;
    static const uint32_t limits[] = {UINT32_MAX, ~(uint32_t)XZ_CPU_AVX512, 0};
    uint64_t seed = 5;
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); ++i) {
        struct xz_row_table t = {.words = NULL};
        xz_cpu_limit(limits[i]);
        xz_row_choose_hits(&t);
        for (uint32_t pos_bits = 13; pos_bits <= 31; ++pos_bits) {
            for (int round = 0; round < ROUNDS; ++round) {
                for (uint32_t k = 0; k < UINT32_C(1) << (XZ_ROW_RING_BITS - 1); ++k)
                    plain[k] = random_next(&seed)
                               & 3 * ((UINT64_C(1) << 32 | 1) << (pos_bits - 1));
                const uint32_t tag = random_below(&seed, 2) << pos_bits;
                assert_int_equal(
                    xz_row_hits_plain(plain, tag, pos_bits, XZ_ROW_RING_BITS),
                    t.ring_hits(plain, tag, pos_bits));
            }
        }
    }
    xz_cpu_limit(UINT32_MAX);
}

static struct xz_row_key key_of(const struct xz_row_table *t, uint32_t tag)
{
    return (struct xz_row_key){
        .row = t->words,
        .latest = t->latest,
        .first = t->row_bits >= XZ_ROW_RING_BITS ? *t->latest : 0,
        .tag = tag << t->pos_bits,
    };
}

/* The latest entries come first, each with its tag and its distance; the oldest one is
   dropped. Rows that are moved, and a ring. */
static void test_order(void **state)
{
    (void)state;
    for (uint32_t row_bits = 3; row_bits <= XZ_ROW_BITS_MAX; ++row_bits) {
        const uint32_t width = UINT32_C(1) << row_bits;
        struct xz_row_table t = {.words = NULL};
        assert_int_equal(xz_row_table_open(&t, NULL, row_bits, 1 << 16), LZMA_OK);
        /* Numbers wrap. */
        for (uint32_t i = 0; i < width + 4; ++i) {
            const struct xz_row_key key = key_of(&t, 2 + i % 2);
            xz_row_push(&t, &key, UINT32_MAX - 5 + i, row_bits);
        }
        const struct xz_row_key even = key_of(&t, 2);
        const struct xz_row_key odd = key_of(&t, 3);
        const uint32_t all = UINT32_MAX >> (32 - width);
        assert_int_equal(xz_row_hits(&t, &odd, row_bits), 0x55555555 & all);
        assert_int_equal(xz_row_hits(&t, &even, row_bits), 0xAAAAAAAA & all);
        for (uint32_t i = 0; i < width; ++i)
            assert_int_equal(
                xz_row_dist(&t, &odd, UINT32_MAX - 5 + width + 4, i, row_bits), i + 1);
        xz_row_table_end(&t, NULL);
    }
}

/* The farthest distance is told from all nearer ones, whatever the dictionary is. */
static void test_far(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {4096, 4097, 5000, 8191, 3 << 19};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
        struct xz_row_table t = {.words = NULL};
        assert_int_equal(xz_row_table_open(&t, NULL, 4, sizes[i]), LZMA_OK);
        const struct xz_row_key key = key_of(&t, 1);
        xz_row_push(&t, &key, 77, 4);
        assert_int_equal(xz_row_dist(&t, &key, 77 + sizes[i], 0, 4), sizes[i]);
        xz_row_table_end(&t, NULL);
    }
}

/* A table that is opened again for a smaller dictionary keeps no more memory than it
   tells for that one. */
static void test_smaller(void **state)
{
    (void)state;
    struct xz_row_table t = {.words = NULL};
    assert_int_equal(xz_row_table_open(&t, NULL, 4, 1 << 20), LZMA_OK);
    assert_int_equal(xz_row_table_reserve(&t, NULL, 1 << 20), LZMA_OK);
    assert_true(t.allocated <= xz_row_table_memusage(4, 1 << 20));
    assert_int_equal(xz_row_table_open(&t, NULL, 4, 1 << 14), LZMA_OK);
    assert_true(t.allocated <= xz_row_table_memusage(4, 1 << 14));
    xz_row_table_end(&t, NULL);
}

static void check_growth(uint32_t row_bits)
{
    static uint8_t text[4096 + 4];
    fill_random(text, sizeof(text), 1);
    struct xz_row_table t = {.words = NULL};
    assert_int_equal(xz_row_table_open(&t, NULL, row_bits, 1 << 20), LZMA_OK);
    for (uint32_t i = 0; i < 2000; ++i) {
        const struct xz_row_key key = xz_row_key(&t, text + i, row_bits);
        xz_row_push(&t, &key, i, row_bits);
    }
    assert_int_equal(xz_row_table_reserve(&t, NULL, 1 << 20), LZMA_OK);
    assert_int_equal(t.positions, 1 << 20);
    uint32_t found = 0;
    for (uint32_t i = 0; i < 2000; ++i) {
        const struct xz_row_key key = xz_row_key(&t, text + i, row_bits);
        uint32_t hits = xz_row_hits(&t, &key, row_bits);
        for (; hits != 0; hits &= hits - 1)
            found +=
                xz_row_dist(&t, &key, 5000, xz_bits_low64(hits), row_bits) == 5000 - i;
    }
    assert_true(found > 1900);
    xz_row_table_end(&t, NULL);
}

/* When a table grows, what was found before is found. */
static void test_growth(void **state)
{
    (void)state;
    check_growth(4);
    check_growth(XZ_ROW_RING_BITS);
}

/* Positions that come in together: the same rows, copies and tags as one by one. */
static void test_catch_agrees(void **state)
{
    (void)state;
    static uint8_t text[20000 + XZ_ROW_TEXT - 1 + XZ_ROW_CATCH_OVERREAD];
    static struct xz_row_catch expected;
    static struct xz_row_catch got;
    const struct xz_row_kernel *const kernel = xz_row_kernel();
    uint64_t seed = 11;
    for (uint32_t i = 0; i < sizeof(text); ++i)
        text[i] = (uint8_t)random_below(&seed, i < 10000 ? 4 : 200);
    struct guard guard = guard_make(text, sizeof(text));
    struct xz_row_table a = {.words = NULL};
    struct xz_row_table b = {.words = NULL};
    assert_int_equal(xz_row_table_open(&a, NULL, XZ_ROW_BITS_MIN, 4096), LZMA_OK);
    assert_int_equal(xz_row_table_open(&b, NULL, XZ_ROW_BITS_MIN, 4096), LZMA_OK);
    const size_t size = sizeof(uint64_t) * XZ_ROW_CATCH_WORDS << a.main_bits;
    for (uint32_t pos = 0; pos < 20000;) {
        /* The last piece is as long as one may be, so that a kernel reads as far. */
        const uint32_t rest = 20000 - XZ_ROW_CATCH - pos;
        const uint32_t most = rest - 1 < XZ_ROW_CATCH ? rest : XZ_ROW_CATCH;
        const bool is_whole = rest == 0 || random_below(&seed, 3) == 0;
        const uint32_t count = is_whole ? most : random_below(&seed, most) + 1;
        memset(&expected, 0, sizeof(expected));
        memset(&got, 0, sizeof(got));
        xz_row_portable.fill(&a, text + pos, pos, count, &expected);
        kernel->fill(&b, guard.start + pos, pos, count, &got);
        assert_memory_equal(&expected, &got, sizeof(got));
        assert_memory_equal(a.words, b.words, size);
        pos += count;
    }
    xz_row_table_end(&a, NULL);
    xz_row_table_end(&b, NULL);
    guard_free(&guard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_x86_agrees),   cmocka_unit_test(test_ring_hits_agree),
        cmocka_unit_test(test_order),        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_catch_agrees), cmocka_unit_test(test_far),
        cmocka_unit_test(test_smaller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
