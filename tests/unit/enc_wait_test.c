// SPDX-License-Identifier: 0BSD
// The truth table of enc_wait.h, row by row.

#include "thread/enc_wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static enum xz_enc_wait ask(bool in_left, bool out_full, bool lane_empty,
                            lzma_action action)
{
    const struct xz_enc_view view = {in_left, out_full, lane_empty, action};
    return xz_enc_wait(&view);
}

static void test_input_left(void **state)
{
    (void)state;
    for (int action = LZMA_RUN; action <= LZMA_FULL_BARRIER; ++action) {
        for (int empty = 0; empty <= 1; ++empty) {
            assert_int_equal(ask(true, true, empty, (lzma_action)action),
                             XZ_ENC_RETURN);
            assert_int_equal(ask(true, false, empty, (lzma_action)action), XZ_ENC_WAIT);
        }
    }
}

static void test_input_used(void **state)
{
    (void)state;
    for (int full = 0; full <= 1; ++full) {
        for (int empty = 0; empty <= 1; ++empty) {
            assert_int_equal(ask(false, full, empty, LZMA_RUN), XZ_ENC_RETURN);
            assert_int_equal(ask(false, full, empty, LZMA_FULL_BARRIER), XZ_ENC_DONE);
        }
    }
    const lzma_action actions[] = {LZMA_FULL_FLUSH, LZMA_FINISH};
    for (int i = 0; i < 2; ++i) {
        assert_int_equal(ask(false, false, true, actions[i]), XZ_ENC_DONE);
        assert_int_equal(ask(false, true, true, actions[i]), XZ_ENC_DONE);
        assert_int_equal(ask(false, true, false, actions[i]), XZ_ENC_RETURN);
        assert_int_equal(ask(false, false, false, actions[i]), XZ_ENC_WAIT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_input_left),
        cmocka_unit_test(test_input_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
