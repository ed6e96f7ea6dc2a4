// SPDX-License-Identifier: 0BSD
// Symbols listed as decisions against symbols coded at once: the same bytes, whatever
// listing writes and moves in vain.

#include "lzma/symbol_enc.h"
#include "support/decisions.h"
#include "support/support.h"

#define TEXT_AT  4096 // of that much, any byte may be a source
#define SYMBOLS  30000
#define DATA_MAX (SYMBOLS * XZ_SYMBOL_OUT_MAX)
#define PLACES   48 // decisions of the longest symbol

static struct xz_symbol symbols[SYMBOLS];
static uint32_t symbol_count;
static uint8_t text[TEXT_AT + SYMBOLS * XZ_LEN_MAX];
static uint8_t at_once[DATA_MAX];
static uint8_t listed[DATA_MAX];
static uint16_t list[SYMBOLS * XZ_SYMBOL_DECISIONS_MAX];
static struct xz_symbol_enc plain;
static struct xz_symbol_enc lister;

static uint32_t add(uint32_t *count, uint32_t len, uint32_t dist)
{
    symbols[(*count)++] = (struct xz_symbol){len, dist};
    return len;
}

/* A far distance of any slot that a list can have, one in reach, as literals look at
   the byte there, a short rep of it, literals, and one of few distances, which are reps
   at times. */
static uint32_t make_symbols(void)
{
    uint64_t seed = 21;
    uint32_t size = 0;
    for (uint32_t i = 0; i + 8 < SYMBOLS;) {
        const uint32_t bits = random_below(&seed, 31);
        const uint32_t top = UINT32_C(1) << bits;
        const uint32_t near = 1 + random_below(&seed, TEXT_AT);
        size += add(&i, 2 + random_below(&seed, 18),
                    1 + top + random_below(&seed, bits == 30 ? top / 2 : top));
        size += add(&i, 2 + random_below(&seed, XZ_LEN_MAX - 1), near);
        if (random_below(&seed, 2) == 0)
            size += add(&i, 1, near);
        for (uint32_t literals = random_below(&seed, 3); literals > 0; --literals)
            size += add(&i, 1, 0);
        size += add(&i, 2 + random_below(&seed, 18), 1 + random_below(&seed, 4));
        symbol_count = i;
    }
    return size;
}

static void check(const struct xz_enc_props *props)
{
    const uint32_t size = make_symbols();
    uint32_t done_size;
    xz_symbol_enc_reset(&plain, props);
    xz_symbol_enc_reset(&lister, props);

    xz_rc_start(&plain.rc, at_once);
    assert_int_equal(xz_symbols_encode(&plain, text + TEXT_AT, symbols, symbol_count,
                                       at_once + DATA_MAX, size, &done_size),
                     symbol_count);
    assert_int_equal(done_size, size);
    xz_rc_finish(&plain.rc);

    lister.rc.list = list;
    assert_int_equal(xz_symbols_list(&lister, text + TEXT_AT, symbols, symbol_count,
                                     list + sizeof(list) / sizeof(*list), size,
                                     &done_size),
                     symbol_count);
    assert_int_equal(done_size, size);
    struct xz_range_enc rc;
    xz_rc_start(&rc, listed);
    code_decisions(&rc, list, (uint32_t)(lister.rc.list - list));
    xz_rc_finish(&rc);

    assert_int_equal(rc.out - listed, plain.rc.out - at_once);
    assert_memory_equal(listed, at_once, (size_t)(rc.out - listed));
    assert_memory_equal(&lister.context, &plain.context, sizeof(plain.context));
    assert_int_equal(lister.match_count, plain.match_count);
    assert_int_equal(lister.rep_count, plain.rep_count);
}

/* What is written in vain lies within the room of the longest symbol. */
static void test_room(void **state)
{
    (void)state;
    struct guard room = guard_make(NULL, PLACES * sizeof(*list));
    const lzma_options_lzma options = {.lc = 3, .pb = 2};
    const struct xz_enc_props props = xz_enc_props(&options);
    for (uint32_t len = XZ_LEN_MIN; len <= XZ_LEN_MAX; ++len) {
        for (uint32_t bits = 0; bits <= 30; ++bits) {
            const struct xz_symbol far = {len, (UINT32_C(1) << bits) + 1};
            uint32_t size;
            xz_symbol_enc_reset(&lister, &props);
            lister.rc.list = (uint16_t *)(void *)room.start;
            assert_int_equal(xz_symbols_list(&lister, text + TEXT_AT, &far, 1,
                                             lister.rc.list + XZ_SYMBOL_DECISIONS_MAX,
                                             len, &size),
                             1);
        }
    }
    guard_free(&room);
}

static void test_same_bytes(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (size_t i = 0; i < sizeof(text); ++i)
        text[i] = (uint8_t)random_below(&seed, 7);
    const lzma_options_lzma options[] = {
        {.lc = 3, .lp = 0, .pb = 2},
        {.lc = 0, .lp = 4, .pb = 4},
        {.lc = 4, .lp = 0, .pb = 0},
    };
    for (size_t i = 0; i < sizeof(options) / sizeof(*options); ++i) {
        const struct xz_enc_props props = xz_enc_props(&options[i]);
        check(&props);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
