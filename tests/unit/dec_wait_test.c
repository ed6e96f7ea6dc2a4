// SPDX-License-Identifier: 0BSD
// The truth table of dec_wait.h: every view there is against the rows.

#include "thread/dec_wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A row of the table: what is asked of each member. */
enum want { NO, YES, ANY };

struct row {
    int lack; // or -1: any
    enum want out_full;
    enum want lane_empty;
    enum want head_starved;
    enum want is_finish;
    enum want got_input;
    enum want out_was_full;
    enum want behind_blocks;
    bool must_wait;
};

/* clang-format off */
static const struct row rows[] = {
    /* lack               full empty starved finish input was_full behind  wait */
    {-1,                  YES, ANY,  ANY,    ANY,   ANY,  ANY,     ANY,    false},
    {XZ_DEC_LACKS_ROOM,   NO,  ANY,  ANY,    ANY,   ANY,  ANY,     ANY,    false},
    {XZ_DEC_LACKS_PLACE,  NO,  YES,  ANY,    ANY,   ANY,  ANY,     ANY,    false},
    {XZ_DEC_LACKS_PLACE,  NO,  NO,   YES,    ANY,   ANY,  ANY,     ANY,    false},
    {XZ_DEC_LACKS_PLACE,  NO,  NO,   NO,     ANY,   ANY,  ANY,     ANY,    true},
    {XZ_DEC_LACKS_INPUT,  NO,  YES,  ANY,    ANY,   ANY,  ANY,     ANY,    false},
    {XZ_DEC_LACKS_INPUT,  NO,  NO,   YES,    ANY,   ANY,  ANY,     ANY,    false},
    {XZ_DEC_LACKS_INPUT,  NO,  NO,   NO,     YES,   ANY,  ANY,     ANY,    true},
    {XZ_DEC_LACKS_INPUT,  NO,  NO,   NO,     NO,    ANY,  ANY,     YES,    true},
    {XZ_DEC_LACKS_INPUT,  NO,  NO,   NO,     NO,    YES,  ANY,     NO,     false},
    {XZ_DEC_LACKS_INPUT,  NO,  NO,   NO,     NO,    NO,   YES,     NO,     false},
    {XZ_DEC_LACKS_INPUT,  NO,  NO,   NO,     NO,    NO,   NO,      NO,     true},
};
/* clang-format on */

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static bool is_wanted(enum want want, bool value)
{
    return want == ANY || (want == YES) == value;
}

static bool matches(const struct row *row, const struct xz_dec_view *view)
{
    return (row->lack == -1 || row->lack == (int)view->lack)
           && is_wanted(row->out_full, view->out_full)
           && is_wanted(row->lane_empty, view->lane_empty)
           && is_wanted(row->head_starved, view->head_starved)
           && is_wanted(row->is_finish, view->is_finish)
           && is_wanted(row->got_input, view->got_input)
           && is_wanted(row->out_was_full, view->out_was_full)
           && is_wanted(row->behind_blocks, view->behind_blocks);
}

static void test_every_view_has_one_row(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 3 * 128; ++bits) {
        const struct xz_dec_view view = {
            .lack = (enum xz_dec_lack)(bits / 128),
            .out_full = (bits & 1) != 0,
            .lane_empty = (bits & 2) != 0,
            .head_starved = (bits & 4) != 0,
            .is_finish = (bits & 8) != 0,
            .got_input = (bits & 16) != 0,
            .out_was_full = (bits & 32) != 0,
            .behind_blocks = (bits & 64) != 0,
        };
        size_t found = 0;
        for (size_t i = 0; i < ROW_COUNT; ++i) {
            if (!matches(&rows[i], &view))
                continue;
            ++found;
            assert_int_equal(xz_dec_must_wait(&view), rows[i].must_wait);
        }
        assert_int_equal(found, 1);
    }
}

/* The caller must never sleep where no worker can wake it. */
static void test_waits_only_for_workers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROW_COUNT; ++i) {
        if (!rows[i].must_wait)
            continue;
        assert_int_equal(rows[i].lane_empty, NO);
        assert_int_equal(rows[i].head_starved, NO);
        assert_int_equal(rows[i].out_full, NO);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_view_has_one_row),
        cmocka_unit_test(test_waits_only_for_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
