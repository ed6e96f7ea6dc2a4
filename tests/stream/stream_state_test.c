// SPDX-License-Identifier: 0BSD
// lzma_code()'s state machine, rule by rule, around a coder that does what it is told.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "api/stream_state.h"
#include "base/alloc.h"

#define ALL_ACTIONS 0x1FU
#define TIMED_OUT   LZMA_RET_INTERNAL1

/* The next call of a told coder: what it moves, and what it returns. */
struct told {
    struct xz_coder base;
    size_t take;
    size_t give;
    lzma_ret ret;
    unsigned calls;
    unsigned *ended;
    uint64_t usage;
    uint64_t limit;
};

static lzma_ret told_code(struct xz_coder *coder, const lzma_allocator *allocator,
                          struct xz_io *io, lzma_action action)
{
    struct told *told = (struct told *)coder;
    (void)allocator;
    (void)action;
    io->in_pos += told->take;
    io->out_pos += told->give;
    ++told->calls;
    return told->ret;
}

static void told_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct told *told = (struct told *)coder;
    if (told->ended != NULL)
        ++*told->ended;
    xz_free(told, allocator);
}

static void told_progress(struct xz_coder *coder, uint64_t *ret_in, uint64_t *ret_out)
{
    (void)coder;
    *ret_in = 111;
    *ret_out = 222;
}

static lzma_check told_check(const struct xz_coder *coder)
{
    (void)coder;
    return LZMA_CHECK_SHA256;
}

static lzma_ret told_memlimit(struct xz_coder *coder, uint64_t *ret_usage,
                              uint64_t *ret_limit, uint64_t new_limit)
{
    struct told *told = (struct told *)coder;
    if (new_limit != 0 && new_limit < told->usage)
        return LZMA_MEMLIMIT_ERROR;
    if (new_limit != 0)
        told->limit = new_limit;
    *ret_usage = told->usage;
    *ret_limit = told->limit;
    return LZMA_OK;
}

static const struct xz_coder_ops plain_ops = {.code = told_code, .end = told_end};
static const struct xz_coder_ops full_ops = {
    .code = told_code,
    .end = told_end,
    .progress = told_progress,
    .check = told_check,
    .memlimit = told_memlimit,
};

static uint8_t in_buf[100];
static uint8_t out_buf[100];

static struct told *open_told(lzma_stream *strm, const struct xz_coder_ops *ops,
                              unsigned actions)
{
    struct xz_coder **slot;
    assert_int_equal(xz_strm_prepare(strm, actions, &slot), LZMA_OK);
    struct told *told = xz_coder_take(slot, ops, sizeof(*told), strm->allocator);
    assert_non_null(told);
    assert_int_equal(xz_strm_opened(strm, LZMA_OK), LZMA_OK);
    strm->next_in = in_buf;
    strm->avail_in = sizeof(in_buf);
    strm->next_out = out_buf;
    strm->avail_out = sizeof(out_buf);
    return told;
}

static lzma_ret call(lzma_stream *strm, struct told *told, lzma_action action,
                     size_t take, lzma_ret ret)
{
    told->take = take;
    told->give = 0;
    told->ret = ret;
    return lzma_code(strm, action);
}

static void test_entry_checks(void **state)
{
    (void)state;
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_code(&strm, LZMA_RUN), LZMA_PROG_ERROR);
    assert_int_equal(lzma_code(NULL, LZMA_RUN), LZMA_PROG_ERROR);
    lzma_end(NULL);
    lzma_end(&strm);

    struct told *told = open_told(&strm, &plain_ops, XZ_ACTIONS_DECODE);
    assert_int_equal(call(&strm, told, LZMA_SYNC_FLUSH, 0, LZMA_OK), LZMA_PROG_ERROR);
    assert_int_equal(call(&strm, told, LZMA_FULL_BARRIER, 0, LZMA_OK), LZMA_PROG_ERROR);
    assert_int_equal(call(&strm, told, (lzma_action)5, 0, LZMA_OK), LZMA_PROG_ERROR);
    assert_int_equal(call(&strm, told, (lzma_action)-1, 0, LZMA_OK), LZMA_PROG_ERROR);
    assert_int_equal(call(&strm, told, (lzma_action)33, 0, LZMA_OK), LZMA_PROG_ERROR);

    strm.next_in = NULL;
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_PROG_ERROR);
    strm.avail_in = 0;
    strm.next_out = NULL;
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_PROG_ERROR);
    strm.avail_out = 0;
    assert_int_equal(told->calls, 0);
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_OK);
    assert_int_equal(told->calls, 1);
    lzma_end(&strm);
    assert_null(strm.internal);
    assert_int_equal(lzma_code(&strm, LZMA_RUN), LZMA_PROG_ERROR);
}

static void test_reserved_members(void **state)
{
    (void)state;
    lzma_stream strm = LZMA_STREAM_INIT;
    struct told *told = open_told(&strm, &plain_ops, ALL_ACTIONS);
    const lzma_stream good = strm;

    strm.reserved_ptr1 = in_buf;
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_OPTIONS_ERROR);
    strm = good;
    strm.reserved_ptr4 = in_buf;
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_OPTIONS_ERROR);
    strm = good;
    strm.reserved_int2 = 1;
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_OPTIONS_ERROR);
    strm = good;
    strm.reserved_int3 = 1;
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_OPTIONS_ERROR);
    strm = good;
    strm.reserved_int4 = 1;
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_OPTIONS_ERROR);
    strm = good;
    strm.reserved_enum2 = (lzma_reserved_enum)1;
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_OPTIONS_ERROR);
    strm = good;
    strm.seek_pos = 1;
    assert_int_equal(call(&strm, told, LZMA_RUN, 1, LZMA_OK), LZMA_OK);
    assert_int_equal(told->calls, 1);
    lzma_end(&strm);
}

static void test_totals(void **state)
{
    (void)state;
    lzma_stream strm = LZMA_STREAM_INIT;
    struct told *told = open_told(&strm, &plain_ops, ALL_ACTIONS);
    told->take = 10;
    told->give = 7;
    told->ret = LZMA_DATA_ERROR;
    assert_int_equal(lzma_code(&strm, LZMA_RUN), LZMA_DATA_ERROR);
    assert_ptr_equal(strm.next_in, in_buf + 10);
    assert_int_equal(strm.avail_in, 90);
    assert_int_equal(strm.total_in, 10);
    assert_ptr_equal(strm.next_out, out_buf + 7);
    assert_int_equal(strm.avail_out, 93);
    assert_int_equal(strm.total_out, 7);
    told = open_told(&strm, &plain_ops, ALL_ACTIONS);
    assert_int_equal(strm.total_in, 0);
    assert_int_equal(strm.total_out, 0);
    lzma_end(&strm);
}

static void test_buf_error(void **state)
{
    (void)state;
    lzma_stream strm = LZMA_STREAM_INIT;
    struct told *told = open_told(&strm, &plain_ops, ALL_ACTIONS);
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_OK);
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_BUF_ERROR);
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_BUF_ERROR);
    assert_int_equal(call(&strm, told, LZMA_RUN, 1, LZMA_OK), LZMA_OK);
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_OK);
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, TIMED_OUT), LZMA_OK);
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_OK);
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_SEEK_NEEDED),
                     LZMA_SEEK_NEEDED);
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_OK);
    assert_int_equal(call(&strm, told, LZMA_RUN, 0, LZMA_OK), LZMA_BUF_ERROR);
    lzma_end(&strm);
}

static void test_action_order(void **state)
{
    (void)state;
    static const lzma_action flushes[] = {LZMA_SYNC_FLUSH, LZMA_FULL_FLUSH,
                                          LZMA_FULL_BARRIER};
    for (size_t i = 0; i < sizeof(flushes) / sizeof(flushes[0]); ++i) {
        lzma_stream strm = LZMA_STREAM_INIT;
        struct told *told = open_told(&strm, &plain_ops, ALL_ACTIONS);
        const lzma_action flush = flushes[i];
        assert_int_equal(call(&strm, told, LZMA_RUN, 1, LZMA_OK), LZMA_OK);
        assert_int_equal(call(&strm, told, flush, 1, LZMA_OK), LZMA_OK);
        const unsigned calls = told->calls;
        assert_int_equal(call(&strm, told, LZMA_RUN, 1, LZMA_OK), LZMA_PROG_ERROR);
        assert_int_equal(call(&strm, told, LZMA_FINISH, 1, LZMA_OK), LZMA_PROG_ERROR);
        --strm.avail_in;
        assert_int_equal(call(&strm, told, flush, 1, LZMA_OK), LZMA_PROG_ERROR);
        ++strm.avail_in;
        assert_int_equal(told->calls, calls);
        assert_int_equal(call(&strm, told, flush, 1, LZMA_OK), LZMA_OK);
        assert_int_equal(call(&strm, told, flush, 1, LZMA_STREAM_END), LZMA_STREAM_END);
        strm.avail_in = 50;
        assert_int_equal(call(&strm, told, LZMA_RUN, 1, LZMA_OK), LZMA_OK);
        assert_int_equal(call(&strm, told, LZMA_FINISH, 1, LZMA_OK), LZMA_OK);
        assert_int_equal(call(&strm, told, flush, 1, LZMA_OK), LZMA_PROG_ERROR);
        assert_int_equal(call(&strm, told, LZMA_FINISH, 1, LZMA_STREAM_END),
                         LZMA_STREAM_END);
        lzma_end(&strm);
    }
}

static void test_end_and_failure(void **state)
{
    (void)state;
    lzma_stream strm = LZMA_STREAM_INIT;
    struct told *told = open_told(&strm, &plain_ops, ALL_ACTIONS);
    assert_int_equal(call(&strm, told, LZMA_RUN, 1, LZMA_STREAM_END), LZMA_STREAM_END);
    assert_int_equal(call(&strm, told, LZMA_RUN, 1, LZMA_OK), LZMA_STREAM_END);
    assert_int_equal(call(&strm, told, LZMA_FINISH, 1, LZMA_OK), LZMA_STREAM_END);
    assert_int_equal(told->calls, 1);

    static const lzma_ret fatal[] = {LZMA_MEM_ERROR,     LZMA_FORMAT_ERROR,
                                     LZMA_OPTIONS_ERROR, LZMA_DATA_ERROR,
                                     LZMA_BUF_ERROR,     LZMA_PROG_ERROR};
    for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); ++i) {
        told = open_told(&strm, &plain_ops, ALL_ACTIONS);
        assert_int_equal(call(&strm, told, LZMA_RUN, 1, fatal[i]), fatal[i]);
        assert_int_equal(call(&strm, told, LZMA_RUN, 1, LZMA_OK), LZMA_PROG_ERROR);
    }
    static const lzma_ret mild[] = {LZMA_NO_CHECK, LZMA_UNSUPPORTED_CHECK,
                                    LZMA_GET_CHECK, LZMA_MEMLIMIT_ERROR};
    for (size_t i = 0; i < sizeof(mild) / sizeof(mild[0]); ++i) {
        told = open_told(&strm, &plain_ops, ALL_ACTIONS);
        assert_int_equal(call(&strm, told, LZMA_FINISH, 0, mild[i]), mild[i]);
        assert_int_equal(call(&strm, told, LZMA_FINISH, 0, mild[i]), mild[i]);
        assert_int_equal(call(&strm, told, LZMA_FINISH, 1, LZMA_OK), LZMA_OK);
    }
    lzma_end(&strm);
}

static void test_seek_ends_finish(void **state)
{
    (void)state;
    lzma_stream strm = LZMA_STREAM_INIT;
    struct told *told = open_told(&strm, &plain_ops, ALL_ACTIONS);
    assert_int_equal(call(&strm, told, LZMA_FINISH, 1, LZMA_SEEK_NEEDED),
                     LZMA_SEEK_NEEDED);
    strm.avail_in = 33;
    assert_int_equal(call(&strm, told, LZMA_RUN, 1, LZMA_OK), LZMA_OK);
    lzma_end(&strm);
}

static void test_reuse(void **state)
{
    (void)state;
    lzma_stream strm = LZMA_STREAM_INIT;
    unsigned ended = 0;
    struct told *told = open_told(&strm, &plain_ops, ALL_ACTIONS);
    told->ended = &ended;
    assert_ptr_equal(open_told(&strm, &plain_ops, ALL_ACTIONS), told);
    assert_int_equal(ended, 0);
    told = open_told(&strm, &full_ops, ALL_ACTIONS);
    assert_int_equal(ended, 1);
    told->ended = &ended;

    struct xz_coder **slot;
    assert_int_equal(xz_strm_prepare(&strm, ALL_ACTIONS, &slot), LZMA_OK);
    assert_int_equal(xz_strm_opened(&strm, LZMA_OPTIONS_ERROR), LZMA_OPTIONS_ERROR);
    assert_null(strm.internal);
    assert_int_equal(ended, 2);
    assert_int_equal(xz_strm_prepare(NULL, ALL_ACTIONS, &slot), LZMA_PROG_ERROR);
}

static void test_optional_operations(void **state)
{
    (void)state;
    uint64_t in = 0;
    uint64_t out = 0;
    lzma_stream strm = LZMA_STREAM_INIT;
    struct told *told = open_told(&strm, &plain_ops, ALL_ACTIONS);
    assert_int_equal(call(&strm, told, LZMA_RUN, 3, LZMA_OK), LZMA_OK);
    lzma_get_progress(&strm, &in, &out);
    assert_int_equal(in, 3);
    assert_int_equal(out, 0);
    assert_int_equal(lzma_get_check(&strm), LZMA_CHECK_NONE);
    assert_int_equal(lzma_memusage(&strm), 0);
    assert_int_equal(lzma_memlimit_get(&strm), 0);
    assert_int_equal(lzma_memlimit_set(&strm, 1000), LZMA_PROG_ERROR);

    told = open_told(&strm, &full_ops, ALL_ACTIONS);
    told->usage = 500;
    told->limit = 600;
    lzma_get_progress(&strm, &in, &out);
    assert_int_equal(in, 111);
    assert_int_equal(out, 222);
    assert_int_equal(lzma_get_check(&strm), LZMA_CHECK_SHA256);
    assert_int_equal(lzma_memusage(&strm), 500);
    assert_int_equal(lzma_memlimit_get(&strm), 600);
    assert_int_equal(lzma_memlimit_set(&strm, 499), LZMA_MEMLIMIT_ERROR);
    assert_int_equal(lzma_memlimit_set(&strm, 0), LZMA_MEMLIMIT_ERROR);
    assert_int_equal(lzma_memlimit_get(&strm), 600);
    told->usage = 1;
    assert_int_equal(lzma_memlimit_set(&strm, 0), LZMA_OK);
    assert_int_equal(lzma_memlimit_get(&strm), 1);
    lzma_end(&strm);
    assert_int_equal(lzma_memusage(&strm), 0);
}

/* A memory limit of 0 is one of 1 byte, so that no limit can be told from none. */
static void test_limit_of_zero(void **state)
{
    (void)state;
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_index *index = NULL;
    const lzma_mt mt = {.threads = 1, .memlimit_threading = 1, .memlimit_stop = 0};
    assert_int_equal(lzma_stream_decoder(&strm, 0, 0), LZMA_OK);
    assert_int_equal(lzma_memlimit_get(&strm), 1);
    assert_int_equal(lzma_alone_decoder(&strm, 0), LZMA_OK);
    assert_int_equal(lzma_memlimit_get(&strm), 1);
    assert_int_equal(lzma_lzip_decoder(&strm, 0, 0), LZMA_OK);
    assert_int_equal(lzma_memlimit_get(&strm), 1);
    assert_int_equal(lzma_auto_decoder(&strm, 0, 0), LZMA_OK);
    assert_int_equal(lzma_memlimit_get(&strm), 1);
    assert_int_equal(lzma_file_info_decoder(&strm, &index, 0, 100), LZMA_OK);
    assert_int_equal(lzma_memlimit_get(&strm), 1);
    assert_int_equal(lzma_index_decoder(&strm, &index, 0), LZMA_OK);
    assert_int_equal(lzma_memlimit_get(&strm), 1);
    assert_int_equal(lzma_stream_decoder_mt(&strm, &mt), LZMA_OK);
    assert_int_equal(lzma_memlimit_get(&strm), 1);
    lzma_end(&strm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entry_checks),
        cmocka_unit_test(test_reserved_members),
        cmocka_unit_test(test_totals),
        cmocka_unit_test(test_buf_error),
        cmocka_unit_test(test_action_order),
        cmocka_unit_test(test_end_and_failure),
        cmocka_unit_test(test_seek_ends_finish),
        cmocka_unit_test(test_reuse),
        cmocka_unit_test(test_optional_operations),
        cmocka_unit_test(test_limit_of_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
