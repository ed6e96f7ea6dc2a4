// SPDX-License-Identifier: 0BSD
// Range coding in lanes against one decision after another: the same bytes, with the
// CPU's kernels and without, for lists of any number and length.

#include "base/cpu.h"
#include "lzma/range_lanes.h"
#include "support/decisions.h"
#include "support/support.h"

#define COUNT_MAX 3000
#define ROOM      (XZ_RC_LANE_DATA_MAX(COUNT_MAX) + 64)

struct list {
    uint32_t count;
    uint16_t decisions[COUNT_MAX + XZ_RC_LANE_PAD];
};

static const uint32_t limits[] = {UINT32_MAX, ~(uint32_t)XZ_CPU_AVX512};

static struct list lists[XZ_RC_LANES];
static uint8_t expected[XZ_RC_LANES][ROOM];
static size_t expected_size[XZ_RC_LANES];
static uint8_t got[XZ_RC_LANES][16 + sizeof(lists[0].decisions) + 64];

static uint16_t adaptive(uint32_t prob, uint32_t bit)
{
    return (uint16_t)(prob | bit << XZ_RC_PROB_BITS);
}

static uint16_t direct(uint32_t bit)
{
    return (uint16_t)(XZ_RC_LIST_EVEN | bit << XZ_RC_PROB_BITS);
}

/* What listing gave, coded one by one. */
static size_t code_plainly(const struct list *list, uint8_t *out)
{
    struct xz_range_enc rc;
    xz_rc_start(&rc, out);
    code_decisions(&rc, list->decisions, list->count);
    xz_rc_finish(&rc);
    return (size_t)(rc.out - out);
}

/* Codes `count` lists over themselves, as encoders do. */
static void check(uint32_t count, const struct xz_rc_kernel *kernel)
{
    struct xz_rc_lane lanes[XZ_RC_LANES];
    for (uint32_t i = 0; i < count; ++i) {
        memset(got[i], 0x55, sizeof(got[i]));
        memcpy(got[i] + 16, lists[i].decisions, sizeof(lists[i].decisions));
        lanes[i] = (struct xz_rc_lane){
            .list = (uint16_t *)(void *)(got[i] + 16),
            .count = lists[i].count,
            .out = got[i] + XZ_RC_LANE_BEFORE,
        };
    }
    xz_rc_lanes_code(lanes, count, kernel);
    for (uint32_t i = 0; i < count; ++i) {
        const uint8_t *const start = got[i] + XZ_RC_LANE_BEFORE;
        assert_int_equal(lanes[i].out - start, expected_size[i]);
        assert_memory_equal(start, expected[i], expected_size[i]);
    }
}

/* Codes the first list in pieces, each of which is listed anew; every second one
   decision after another. */
static void check_pieces(const struct xz_rc_kernel *kernel)
{
    static uint16_t piece[COUNT_MAX + XZ_RC_LANE_PAD];
    static uint8_t room[XZ_RC_LANE_BEFORE + ROOM];
    uint8_t *const start = room + XZ_RC_LANE_BEFORE;
    struct xz_range_enc rc;
    xz_rc_start(&rc, start);
    rc.list = piece;
    uint32_t size = 0;
    for (uint32_t done = 0; done < lists[0].count; done += size) {
        const uint32_t left = lists[0].count - done;
        size = done % 97 + 1 < left ? done % 97 + 1 : left;
        if (done % 2 == 1) {
            code_decisions(&rc, lists[0].decisions + done, size);
            continue;
        }
        memcpy(piece, lists[0].decisions + done, size * sizeof(*piece));
        rc.list += size;
        xz_rc_code_list(&rc, piece, kernel);
        assert_ptr_equal(rc.list, piece);
    }
    xz_rc_finish(&rc);
    assert_int_equal(rc.out - start, expected_size[0]);
    assert_memory_equal(start, expected[0], expected_size[0]);
}

static void check_both(uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i)
        expected_size[i] = code_plainly(&lists[i], expected[i]);
    check(count, NULL);
    check_pieces(NULL);
    for (uint32_t i = 0; i < sizeof(limits) / sizeof(limits[0]); ++i) {
        xz_cpu_limit(limits[i]);
        if (xz_rc_kernel() == NULL)
            continue;
        check(count, xz_rc_kernel());
        check_pieces(xz_rc_kernel());
    }
    xz_cpu_limit(UINT32_MAX);
}

/* Outcomes as likely as their probabilities say, or all unlikely. */
static void test_random(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 400; ++round) {
        const uint32_t count = 1 + random_below(&seed, XZ_RC_LANES);
        for (uint32_t i = 0; i < count; ++i) {
            lists[i].count = random_below(&seed, COUNT_MAX + 1);
            const uint32_t kind = random_below(&seed, 3);
            for (uint32_t k = 0; k < lists[i].count; ++k) {
                const uint32_t prob = 31 + random_below(&seed, 2017 - 31 + 1);
                const uint32_t bit = random_below(&seed, 2048) >= prob;
                lists[i].decisions[k] = random_below(&seed, 4) == 0
                                            ? direct(random_below(&seed, 2))
                                        : kind == 0 ? adaptive(31, 0)
                                        : kind == 1 ? adaptive(2017, 1)
                                                    : adaptive(prob, bit);
            }
        }
        check_both(count);
    }
}

/* Decisions that keep a byte boundary inside the range for long, then one beyond it: a
   carry through many bytes of 255. */
static void make_carry(struct list *list, uint32_t length)
{
    uint32_t range = UINT32_MAX;
    uint32_t ahead = UINT32_C(1) << 31; // from low to the boundary
    list->count = 0;
    while (list->count < length) {
        range >>= 1;
        const bool is_one = ahead >= range && ahead - range > 0;
        list->decisions[list->count++] = direct(is_one);
        if (is_one)
            ahead -= range;
        if (range < XZ_RC_TOP) {
            range <<= 8;
            ahead <<= 8;
        }
    }
    /* Ones only, from here on: low passes what is left. */
    for (int i = 0; i < 40; ++i)
        list->decisions[list->count++] = direct(1);
}

static void test_carry(void **state)
{
    (void)state;
    for (uint32_t length = 8; length < 400; ++length) {
        for (uint32_t i = 0; i < XZ_RC_LANES; ++i)
            make_carry(&lists[i], length + i);
        check_both(XZ_RC_LANES);
    }
    /* The bytes before the carry were 255 indeed. */
    assert_int_equal(expected[0][1], 0x80);
    for (int i = 2; i < 40; ++i)
        assert_int_equal(expected[0][i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_carry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
