// SPDX-License-Identifier: 0BSD
// The range encoder against a plain decoder, carries, and handing out bytes.

#include "lzma/range_out.h"
#include "support/support.h"

/* The decoder's side, bit by bit, from the description of LZMA. */
struct plain_decoder {
    const uint8_t *in;
    uint32_t range;
    uint32_t code;
};

static void plain_start(struct plain_decoder *d, const uint8_t *in)
{
    assert_int_equal(in[0], 0);
    d->range = UINT32_MAX;
    d->code = 0;
    for (int i = 1; i < XZ_RC_START_SIZE; ++i)
        d->code = d->code << 8 | in[i];
    d->in = in + XZ_RC_START_SIZE;
}

static void plain_normalize(struct plain_decoder *d)
{
    if (d->range < XZ_RC_TOP) {
        d->range <<= 8;
        d->code = d->code << 8 | *d->in++;
    }
}

static uint32_t plain_bit(struct plain_decoder *d, uint16_t *prob)
{
    plain_normalize(d);
    const uint32_t bound = (d->range >> 11) * *prob;
    if (d->code < bound) {
        d->range = bound;
        *prob = (uint16_t)(*prob + ((2048 - *prob) >> 5));
        return 0;
    }
    d->range -= bound;
    d->code -= bound;
    *prob = (uint16_t)(*prob - (*prob >> 5));
    return 1;
}

static uint32_t plain_direct(struct plain_decoder *d)
{
    plain_normalize(d);
    d->range >>= 1;
    if (d->code < d->range)
        return 0;
    d->code -= d->range;
    return 1;
}

#define PROBS 64

static void init_probs(uint16_t *probs)
{
    for (int i = 0; i < PROBS; ++i)
        probs[i] = XZ_RC_PROB_INIT;
}

/* One step of a test: what is coded depends on a seed alone. */
enum step_kind { STEP_BIT, STEP_TREE, STEP_REVERSE, STEP_DIRECT };

struct step {
    enum step_kind kind;
    uint32_t bits;
    uint32_t value;
};

static struct step next_step(uint64_t *seed, uint32_t one_in)
{
    struct step step = {.kind = random_below(seed, 4), .bits = 1};
    if (step.kind != STEP_BIT)
        step.bits = 1 + random_below(seed, 5);
    for (uint32_t i = 0; i < step.bits; ++i)
        step.value = step.value * 2 + (random_below(seed, one_in) == 0);
    return step;
}

static void encode_step(struct xz_range_enc *rc, uint16_t *probs, struct step step)
{
    if (step.kind == STEP_BIT)
        xz_rc_bit(rc, &probs[0], step.value);
    else if (step.kind == STEP_TREE)
        xz_rc_tree(rc, probs, step.bits, step.value);
    else if (step.kind == STEP_REVERSE)
        xz_rc_tree_reverse(rc, probs, 5, step.bits, step.value);
    else
        xz_rc_direct(rc, step.bits, step.value);
}

static uint32_t decode_step(struct plain_decoder *d, uint16_t *probs, struct step step)
{
    if (step.kind == STEP_BIT)
        return plain_bit(d, &probs[0]);
    uint32_t value = 0;
    uint32_t node = 1;
    for (uint32_t i = 0; i < step.bits; ++i) {
        const uint32_t bit =
            step.kind == STEP_DIRECT ? plain_direct(d) : plain_bit(d, &probs[node]);
        node = node * 2 + bit;
        value = step.kind == STEP_REVERSE ? value | bit << i : value * 2 + bit;
    }
    return value;
}

#define STEPS 20000

static void test_decodes(void **state)
{
    (void)state;
    static uint8_t buf[STEPS * 5];
    for (uint32_t one_in = 1; one_in <= 300; one_in = one_in * 2 + 1) {
        uint16_t probs[PROBS];
        init_probs(probs);
        struct xz_range_enc rc;
        xz_rc_start(&rc, buf);
        uint64_t seed = one_in;
        for (int i = 0; i < STEPS; ++i)
            encode_step(&rc, probs, next_step(&seed, one_in));
        xz_rc_finish(&rc);

        uint16_t decoded_probs[PROBS];
        init_probs(decoded_probs);
        struct plain_decoder d;
        plain_start(&d, buf);
        seed = one_in;
        for (int i = 0; i < STEPS; ++i) {
            const struct step step = next_step(&seed, one_in);
            assert_int_equal(decode_step(&d, decoded_probs, step), step.value);
        }
        plain_normalize(&d);
        assert_int_equal(d.code, 0);
        assert_ptr_equal(d.in, rc.out);
        assert_memory_equal(probs, decoded_probs, sizeof(probs));
    }
}

/* All probabilities that can occur, both bits: bounds and updates as specified. */
static void test_bit(void **state)
{
    (void)state;
    uint8_t buf[16];
    for (uint16_t p = 31; p <= 2048 - 31; ++p) {
        for (uint32_t bit = 0; bit <= 1; ++bit) {
            uint16_t prob = p;
            struct xz_range_enc rc;
            xz_rc_start(&rc, buf);
            const uint32_t bound = (rc.range >> 11) * p;
            xz_rc_bit(&rc, &prob, bit);
            const uint32_t range = bit == 0 ? bound : UINT32_MAX - bound;
            const uint32_t low = bit == 0 ? 0 : bound;
            assert_true(range >= XZ_RC_TOP); // p >= 31 of 2048
            assert_int_equal(rc.range, range);
            assert_int_equal(rc.low, low);
            assert_int_equal(prob, bit == 0 ? p + ((2048 - p) >> 5) : p - (p >> 5));
        }
    }
}

static void test_carry(void **state)
{
    (void)state;
    uint8_t buf[8] = {0, 7, 0xFF, 0xFF, 0xFF, 1};
    const uint8_t carried[8] = {0, 8, 0, 0, 0, 1};
    xz_rc_carry(buf + 5);
    assert_memory_equal(buf, carried, sizeof(buf));
}

/* A long run handed out in pieces through a small buffer is the run itself. */
static void test_pieces(void **state)
{
    (void)state;
    static uint8_t whole[STEPS * 5];
    static uint8_t pieces[STEPS * 5];
    uint8_t buf[64];
    uint16_t probs[PROBS];
    for (uint64_t round = 1; round < 60; ++round) {
        struct xz_range_enc rc;
        init_probs(probs);
        xz_rc_start(&rc, whole);
        uint64_t seed = round;
        for (int i = 0; i < STEPS; ++i)
            encode_step(&rc, probs, next_step(&seed, 3));
        xz_rc_finish(&rc);
        const size_t size = (size_t)(rc.out - whole);

        struct xz_range_out o;
        struct xz_io io = {.out = pieces};
        init_probs(probs);
        xz_range_out_start(&o, buf);
        xz_rc_start(&rc, buf);
        seed = round;
        uint64_t room_seed = round;
        for (int i = 0; i <= STEPS; ++i) {
            if (i < STEPS)
                encode_step(&rc, probs, next_step(&seed, 3));
            else
                xz_rc_finish(&rc);
            if (i < STEPS && rc.out < buf + sizeof(buf) - 16)
                continue;
            xz_range_out_settle(&o, &rc, i == STEPS);
            do {
                io.out_size = io.out_pos + random_below(&room_seed, 9);
            } while (!xz_range_out_write(&o, &rc, &io));
        }
        assert_int_equal(io.out_pos, size);
        assert_int_equal(xz_range_out_size(&o, &rc), size);
        assert_memory_equal(pieces, whole, size);
    }
}

/* Bytes of 255 that fill the buffer over and over, then a carry or none. */
static void test_folded(void **state)
{
    (void)state;
    for (int carry = 0; carry <= 1; ++carry) {
        uint8_t buf[32];
        uint8_t out[1000];
        struct xz_io io = {.out = out};
        struct xz_range_out o;
        struct xz_range_enc rc;
        xz_range_out_start(&o, buf);
        xz_rc_start(&rc, buf);
        *rc.out++ = 0x41;
        size_t count = 2;
        for (int fill = 0; fill < 20; ++fill) {
            for (; rc.out < buf + sizeof(buf); ++count)
                *rc.out++ = 0xFF;
            xz_range_out_settle(&o, &rc, false);
            do {
                io.out_size = io.out_pos + 1;
            } while (!xz_range_out_write(&o, &rc, &io));
            assert_int_equal(io.out_pos, 1);
            assert_int_equal(xz_range_out_size(&o, &rc), count);
        }
        if (carry == 1)
            xz_rc_carry(rc.out);
        *rc.out++ = 0x55;
        ++count;
        xz_range_out_settle(&o, &rc, true);
        do {
            ++io.out_size;
        } while (!xz_range_out_write(&o, &rc, &io));
        assert_int_equal(io.out_pos, count);
        assert_int_equal(out[0], 0);
        assert_int_equal(out[1], 0x41 + carry);
        for (size_t i = 2; i < count - 1; ++i)
            assert_int_equal(out[i], carry == 1 ? 0 : 0xFF);
        assert_int_equal(out[count - 1], 0x55);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decodes), cmocka_unit_test(test_bit),
        cmocka_unit_test(test_carry),   cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_folded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
