// SPDX-License-Identifier: 0BSD
// What a byte is worth: more where literals are dear and many and stand alone.

#include "lzma/byte_worth.h"
#include "support/support.h"

#define STRETCH    4096
#define SHORT_DIST 7

static struct xz_symbol_enc enc;
static uint8_t text[1 + STRETCH]; // zeros, with one before them
static struct xz_symbol symbols[STRETCH];

/* A model that has learned nothing but that there are matches: a literal costs 8
   bits. */
static void open_model(void)
{
    lzma_options_lzma options;
    memset(&options, 0, sizeof(options));
    assert_false(lzma_lzma_preset(&options, 1));
    const struct xz_enc_props props = xz_enc_props(&options);
    memset(&enc, 0, sizeof(enc));
    xz_symbol_enc_reset(&enc, &props);
    enc.context.reps[0] = SHORT_DIST;
}

static bool are_reps; // what matches are

/* Learns `size` bytes in which, of `period` symbols, one is a match of len bytes (1: a
   short rep) and the others are literals. */
static void learn(struct xz_byte_worth *w, uint32_t size, uint32_t period, uint32_t len)
{
    uint32_t total = 0;
    for (uint32_t at = 0; at < size; ++total) {
        const bool is_literal = total % period != period - 1;
        const uint32_t left = size - at;
        symbols[total].len = is_literal ? 1 : len < left ? len : left;
        const bool is_rep = are_reps || symbols[total].len == 1;
        symbols[total].dist = is_literal ? 0 : is_rep ? SHORT_DIST : 1000 + total;
        at += symbols[total].len;
    }
    xz_byte_worth_learn(w, &enc, text + 1, symbols, total);
}

static bool is_dear_after(uint32_t size, uint32_t period, uint32_t len)
{
    struct xz_byte_worth w;
    xz_byte_worth_reset(&w);
    assert_false(w.is_dear);
    learn(&w, size, period, len);
    return w.is_dear;
}

static void test_literals(void **state)
{
    (void)state;
    open_model();
    assert_true(is_dear_after(STRETCH, STRETCH + 1, 0));
    assert_true(is_dear_after(STRETCH, 10, 20)); // 9 of 29 bytes
    assert_false(is_dear_after(STRETCH, 2, 8));  // 1 of 9
    assert_false(is_dear_after(STRETCH, 17, 1)); // 16 literals, a short rep
    assert_true(is_dear_after(STRETCH, 21, 1));  // 20
    assert_false(is_dear_after(2000, 4000, 0));  // too little to tell
    assert_true(is_dear_after(2050, 4000, 0));
}

static void test_reps(void **state)
{
    (void)state;
    open_model();
    are_reps = true;
    assert_false(is_dear_after(STRETCH, 4, 4)); // 3 literals, a rep
    assert_true(is_dear_after(STRETCH, 6, 4));  // 5
    are_reps = false;
    assert_true(is_dear_after(STRETCH, 4, 4));
}

/* Prices of a model that was reset say nothing, and what was does not count. */
static void test_fresh(void **state)
{
    (void)state;
    open_model();
    struct xz_byte_worth w;
    xz_byte_worth_reset(&w);
    learn(&w, STRETCH, STRETCH + 1, 0);
    assert_true(w.is_dear);
    xz_symbol_enc_reset(&enc, &enc.props);
    learn(&w, STRETCH, STRETCH + 1, 0);
    assert_false(w.is_dear);
}

/* Where the literals that would be priced are matches, nothing is known. */
static void test_unpriced(void **state)
{
    (void)state;
    open_model();
    for (uint32_t i = 0; i < STRETCH / 2; ++i) {
        const bool is_literal = i % 16 != 0;
        symbols[i].len = is_literal ? 1 : 9;
        symbols[i].dist = is_literal ? 0 : 1000 + i;
    }
    struct xz_byte_worth w;
    xz_byte_worth_reset(&w);
    xz_byte_worth_learn(&w, &enc, text + 1, symbols, STRETCH / 2);
    assert_int_equal(w.priced, 0);
    assert_false(w.is_dear);
}

static void test_prices(void **state)
{
    (void)state;
    open_model();
    /* Zeros cost 8 * 0.90 bits, then 8 * 0.86. */
    const struct {
        uint16_t prob;
        bool is_dear;
    } cases[] = {{1088, true}, {1120, false}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); ++i) {
        for (size_t at = 0; at < ARRAY_COUNT(enc.model.literal); ++at)
            enc.model.literal[at] = cases[i].prob;
        assert_int_equal(is_dear_after(STRETCH, STRETCH + 1, 0), cases[i].is_dear);
    }
}

/* Where bytes are worth more, fewer literals suffice; and what was is forgotten. */
static void test_late(void **state)
{
    (void)state;
    open_model();
    struct xz_byte_worth w;
    xz_byte_worth_reset(&w);
    for (uint32_t i = 0; i < 60; ++i)
        learn(&w, STRETCH, 2, 8);
    assert_false(w.is_dear);
    for (uint32_t i = 0; i < 8; ++i)
        learn(&w, STRETCH, 3, 8); // 2 of 10 bytes
    assert_true(w.is_dear);
    for (uint32_t i = 0; i < 60; ++i)
        learn(&w, STRETCH, 2, 8); // 1 of 9
    assert_true(w.is_dear);
    for (uint32_t i = 0; i < 60; ++i)
        learn(&w, STRETCH, 2, 11); // 1 of 12
    assert_false(w.is_dear);
    assert_true(w.bytes < 5 * STRETCH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_literals), cmocka_unit_test(test_reps),
        cmocka_unit_test(test_fresh),    cmocka_unit_test(test_unpriced),
        cmocka_unit_test(test_prices),   cmocka_unit_test(test_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
