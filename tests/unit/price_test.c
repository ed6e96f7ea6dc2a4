// SPDX-License-Identifier: 0BSD
// Prices: the table is what its formula says, and sums agree with what coding costs.

#include "base/cpu.h"
#include "lzma/price.h"
#include "support/support.h"

/* log2 of v / 2048 in 1 / 2^20, by squaring: no floating point, no libm. */
static uint32_t minus_log2(uint32_t v)
{
    uint32_t whole = 0;
    uint64_t x = (uint64_t)v << 21; // v / 2048 as 32-bit fraction
    while (x < (UINT64_C(1) << 31)) {
        x <<= 1;
        ++whole;
    }
    /* x is in [1/2, 1): -log2(x) in (0, 1]. */
    uint32_t fraction = 0;
    for (int i = 0; i < 20; ++i) {
        x = (x * x) >> 32;
        fraction <<= 1;
        if (x < (UINT64_C(1) << 31)) {
            x <<= 1;
            fraction |= 1;
        }
    }
    return (whole << 20) + fraction;
}

static void test_table(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < ARRAY_COUNT(xz_price_table); ++i) {
        const uint32_t exact = minus_log2(i == 1 ? 31 : 16 * i + 8);
        const uint32_t shift = 20 - XZ_PRICE_FRACTION_BITS;
        const uint32_t rounded = (exact + (1U << (shift - 1))) >> shift;
        assert_int_equal(xz_price_table[i], rounded);
    }
    assert_int_equal(xz_price_bit(XZ_RC_PROB_INIT, 0) / 4, XZ_PRICE_BIT / 4 - 1);
}

static void test_bits(void **state)
{
    (void)state;
    for (uint32_t p = 31; p <= 2017; ++p) {
        assert_int_equal(xz_price_bit(p, 0), xz_price_0(p));
        assert_int_equal(xz_price_bit(p, 1), xz_price_1(p));
        assert_int_equal(xz_price_table[p >> 4], xz_price_0(p));
        assert_int_equal(xz_price_table[(2047 - p) >> 4], xz_price_1(p));
    }
}

static struct xz_symbol_enc enc;
static struct xz_prices prices;

/* A model that has learned something. */
static void train(uint32_t lc, uint32_t lp, uint32_t pb)
{
    lzma_options_lzma options;
    memset(&options, 0, sizeof(options));
    options.lc = lc;
    options.lp = lp;
    options.pb = pb;
    const struct xz_enc_props props = xz_enc_props(&options);
    xz_symbol_enc_reset(&enc, &props);
    uint64_t seed = 1 + lc + 5 * lp + 25 * pb;
    uint16_t *const probs = (uint16_t *)&enc.model;
    for (size_t i = 0; i < sizeof(enc.model) / sizeof(*probs); ++i)
        probs[i] = (uint16_t)(31 + random_below(&seed, 2017 - 31));
}

static uint32_t tree_price(const uint16_t *probs, uint32_t bits, uint32_t value)
{
    uint32_t price = 0;
    for (uint32_t node = 1; bits-- > 0;) {
        const uint32_t bit = (value >> bits) & 1;
        price += xz_price_bit(probs[node], bit);
        node = 2 * node + bit;
    }
    return price;
}

static uint32_t len_price(const struct xz_len_model *m, uint32_t pos_state,
                          uint32_t len)
{
    if (len < 10)
        return xz_price_bit(m->choice[0], 0)
               + tree_price(m->low_mid[0][pos_state], 3, len - 2);
    const uint32_t base = xz_price_bit(m->choice[0], 1);
    if (len < 18)
        return base + xz_price_bit(m->choice[1], 0)
               + tree_price(m->low_mid[1][pos_state], 3, len - 10);
    return base + xz_price_bit(m->choice[1], 1) + tree_price(m->high, 8, len - 18);
}

static uint32_t dist_price(uint32_t state, uint32_t dist0)
{
    uint32_t bits = 0; // below the top two bits
    while (dist0 >> bits >= 4)
        ++bits;
    if (dist0 < 4)
        return tree_price(enc.model.dist_slot[state], 6, dist0);
    const uint32_t slot = 2 * bits + (dist0 >> bits);
    uint32_t price = tree_price(enc.model.dist_slot[state], 6, slot);
    const uint16_t *probs = enc.model.dist_low[slot % XZ_DIST_MODEL_END];
    if (slot >= XZ_DIST_MODEL_END) {
        price += (bits - XZ_ALIGN_BITS) * XZ_PRICE_BIT;
        bits = XZ_ALIGN_BITS;
        probs = enc.model.dist_align;
    }
    for (uint32_t node = 1, i = 0; i < bits; ++i) {
        const uint32_t bit = (dist0 >> i) & 1;
        price += xz_price_bit(probs[node], bit);
        node = 2 * node + bit;
    }
    return price;
}

static uint32_t table_dist_price(uint32_t state, uint32_t dist)
{
    uint32_t more;
    return xz_price_dist_row(&prices, dist, &more)[state] + more;
}

static void test_tables(void **state)
{
    (void)state;
    for (uint32_t pb = 0; pb <= LZMA_PB_MAX; ++pb) {
        train(3, 0, pb);
        xz_prices_open(&prices);
        xz_prices_refresh(&prices, &enc, XZ_LENS);
        for (uint32_t ps = 0; ps < 1U << pb; ++ps) {
            for (uint32_t len = XZ_LEN_MIN; len <= XZ_LEN_MAX; ++len) {
                assert_int_equal(prices.match_len[ps][len - XZ_LEN_MIN],
                                 len_price(&enc.model.match_len, ps, len));
                assert_int_equal(prices.rep_len[ps][len - XZ_LEN_MIN],
                                 len_price(&enc.model.rep_len, ps, len));
            }
        }
        for (uint32_t s = 0; s < XZ_DIST_STATES; ++s) {
            for (uint32_t dist = 1; dist < 5000; ++dist)
                assert_int_equal(table_dist_price(s, dist), dist_price(s, dist - 1));
            for (uint32_t dist = 5000; dist < UINT32_C(3) << 30; dist += dist / 77)
                assert_int_equal(table_dist_price(s, dist), dist_price(s, dist - 1));
        }
    }
}

/* -log2 of the part of the range that is left: what was really spent, in 64ths. */
static uint32_t spent(const struct xz_range_enc *rc, const uint8_t *start)
{
    const uint32_t bytes = (uint32_t)(rc->out - start);
    const uint32_t range = rc->range >> 21; // of 2048
    return bytes * 8 * XZ_PRICE_BIT
           + (minus_log2(range) >> (20 - XZ_PRICE_FRACTION_BITS));
}

/* A byte bit by bit, by the rule that the symbol coder follows. */
static uint32_t literal_price(const uint16_t *probs, uint32_t byte, uint32_t match_byte,
                              bool is_matched)
{
    if (!is_matched)
        return tree_price(probs, 8, byte);
    uint32_t price = 0;
    bool agrees = true;
    for (uint32_t i = 8, node = 1; i-- > 0;) {
        const uint32_t bit = (byte >> i) & 1;
        const uint32_t match_bit = (match_byte >> i) & 1;
        const uint32_t tree = agrees ? 0x100 + 0x100 * match_bit : 0;
        price += xz_price_bit(probs[tree + node], bit);
        node = 2 * node + bit;
        agrees = agrees && bit == match_bit;
    }
    return price;
}

static void check_literal_tables(void)
{
    train(1, 1, 0);
    xz_prices_open(&prices);
    xz_prices_refresh(&prices, &enc, XZ_LENS);
    for (uint32_t context = 0; context < 4; ++context) {
        const uint16_t *const probs = enc.model.literal + XZ_LITERAL_SIZE * context;
        for (uint32_t i = 0; i < 1 << 17; ++i) {
            const uint32_t byte = i & 0xFF;
            const uint32_t match_byte = (i >> 8) & 0xFF;
            const bool is_matched = i >> 16 != 0;
            assert_int_equal(xz_price_literal(&prices.literal[context], byte,
                                              match_byte, is_matched),
                             literal_price(probs, byte, match_byte, is_matched));
        }
    }
}

static void test_literal_tables(void **state)
{
    (void)state;
    check_literal_tables();
    xz_cpu_limit(0);
    check_literal_tables();
    xz_cpu_limit(UINT32_MAX);
}

/* Literals cost what their prices say, within what rounding 9 decisions allows. */
static void test_literals(void **state)
{
    (void)state;
    static struct xz_symbol_enc copy;
    uint8_t buf[64];
    for (uint32_t lc = 0; lc <= 3; ++lc) {
        train(lc, 1, 2);
        xz_prices_open(&prices);
        xz_prices_refresh(&prices, &enc, XZ_LENS);
        uint64_t seed = 9 + lc;
        for (int i = 0; i < 3000; ++i) {
            uint8_t text[3] = {(uint8_t)random_next(&seed), (uint8_t)random_next(&seed),
                               (uint8_t)random_next(&seed)};
            copy = enc;
            copy.position = random_below(&seed, 8);
            copy.context.state = random_below(&seed, XZ_STATES);
            copy.context.reps[0] = 2;
            const bool is_matched = copy.context.state >= XZ_STATE_LITERALS;
            const uint32_t at = xz_literal_context(&copy.props, copy.position, text[1]);
            uint32_t price =
                xz_price_0(copy.model.is_match[copy.context.state][copy.position & 3]);
            price +=
                xz_price_literal(&prices.literal[at], text[2], text[0], is_matched);

            xz_rc_start(&copy.rc, buf);
            const struct xz_symbol symbol = {1, 0};
            uint32_t size;
            assert_int_equal(xz_symbols_encode(&copy, text + 2, &symbol, 1,
                                               buf + sizeof(buf), 1, &size),
                             1);
            const uint32_t real = spent(&copy.rc, buf + 1);
            assert_in_range(price + 40, real, real + 80);
        }
    }
}

/* Tables follow the coder when it has coded enough, not before. */
static void test_refresh(void **state)
{
    (void)state;
    train(3, 0, 2);
    xz_prices_open(&prices);
    enc.match_count = 5;
    enc.rep_count = 5;
    xz_prices_refresh(&prices, &enc, XZ_LENS);
    const uint32_t match = prices.match_len[0][0];
    const uint32_t rep = prices.rep_len[0][0];
    enc.model.match_len.low_mid[0][0][1] ^= 0x7F0;
    enc.model.rep_len.low_mid[0][0][1] ^= 0x7F0;
    ++enc.match_count;
    xz_prices_refresh(&prices, &enc, XZ_LENS);
    assert_int_equal(prices.match_len[0][0], match);
    enc.match_count += 1000;
    xz_prices_refresh(&prices, &enc, XZ_LENS);
    assert_int_not_equal(prices.match_len[0][0], match);
    assert_int_equal(prices.rep_len[0][0], rep);
    enc.rep_count += 1000;
    xz_prices_refresh(&prices, &enc, XZ_LENS);
    assert_int_not_equal(prices.rep_len[0][0], rep);

    const uint32_t literal = prices.literal[1].plain[0];
    enc.model.literal[XZ_LITERAL_SIZE + 1] ^= 0x7F0;
    ++enc.literal_count[1];
    xz_prices_refresh(&prices, &enc, XZ_LENS);
    assert_int_equal(prices.literal[1].plain[0], literal);
    enc.literal_count[1] += 1000;
    xz_prices_refresh(&prices, &enc, XZ_LENS);
    assert_int_not_equal(prices.literal[1].plain[0], literal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),    cmocka_unit_test(test_bits),
        cmocka_unit_test(test_tables),   cmocka_unit_test(test_literal_tables),
        cmocka_unit_test(test_literals), cmocka_unit_test(test_refresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
