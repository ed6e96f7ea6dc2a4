// SPDX-License-Identifier: 0BSD
// Filter coders: any split of input and output gives the bytes of one whole call.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "filter/bcj.h"
#include "filter/delta.h"
#include "stream/filter_list.h"

#define DATA_SIZE 3000

static uint32_t seed = 1;

static uint32_t random32(void)
{
    seed = seed * 1664525 + 1013904223;
    return seed >> 8;
}

/* A source that copies, and fails or ends after some bytes: like a decoder below. */
struct tap {
    struct xz_coder base;
    size_t left;
    lzma_ret ret; // when nothing is left
};

static lzma_ret tap_code(struct xz_coder *coder, const lzma_allocator *allocator,
                         struct xz_io *io, lzma_action action)
{
    struct tap *tap = (struct tap *)coder;
    (void)allocator;
    (void)action;
    struct xz_io sub = *io;
    if (xz_io_in_left(io) > tap->left)
        sub.in_size = io->in_pos + tap->left;
    const size_t count = xz_io_copy(&sub);
    tap->left -= count;
    io->in_pos = sub.in_pos;
    io->out_pos = sub.out_pos;
    return tap->left == 0 ? tap->ret : LZMA_OK;
}

static void tap_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    xz_free(coder, allocator);
}

static const struct xz_coder_ops tap_ops = {.code = tap_code, .end = tap_end};

/* Code-like bytes: many calls and jumps of all the filters' CPUs. */
static void fill_data(uint8_t *data, size_t size)
{
    static const uint8_t opcodes[] = {0xE8, 0xE9, 0xEB, 0x94, 0x48, 0x40, 0x7F,
                                      0x00, 0xFF, 0x97, 0x17, 0xEF, 0xF0};
    for (size_t i = 0; i < size; ++i) {
        const uint32_t r = random32();
        data[i] = r % 3 == 0 ? opcodes[r / 3 % sizeof(opcodes)] : (uint8_t)(r >> 4);
    }
}

static lzma_options_delta delta_options;
static lzma_options_bcj bcj_options;

static void open_filter(struct xz_coder **slot, lzma_vli id, bool is_encoder)
{
    lzma_filter filter = {.id = id};
    lzma_ret ret;
    if (id == LZMA_FILTER_DELTA) {
        delta_options.type = LZMA_DELTA_TYPE_BYTE;
        delta_options.dist = 1 + random32() % 256;
        filter.options = &delta_options;
        ret = is_encoder ? xz_delta_enc_open(slot, NULL, &filter)
                         : xz_delta_dec_open(slot, NULL, &filter);
    } else {
        bcj_options.start_offset = 16 * (random32() % 1000);
        filter.options = &bcj_options;
        ret = is_encoder ? xz_bcj_enc_open(slot, NULL, &filter)
                         : xz_bcj_dec_open(slot, NULL, &filter);
    }
    assert_int_equal(ret, LZMA_OK);
}

/* What the kernel makes of all data at once. */
static void convert_whole(lzma_vli id, bool is_encoder, uint8_t *data, size_t size)
{
    if (id == LZMA_FILTER_DELTA) {
        struct xz_delta delta;
        xz_delta_init(&delta, delta_options.dist);
        if (is_encoder)
            xz_delta_encode(&delta, data, size);
        else
            xz_delta_decode(&delta, data, size);
    } else {
        struct xz_bcj bcj;
        xz_bcj_init(&bcj, id, bcj_options.start_offset, is_encoder);
        xz_bcj_convert(&bcj, data, size);
    }
}

static size_t random_piece(void)
{
    return random32() % 4 == 0 ? random32() % 700 : random32() % 24;
}

/* Codes in random pieces; returns the final result. */
static lzma_ret code_in_pieces(struct xz_coder *coder, const uint8_t *in, size_t size,
                               uint8_t *out, size_t *ret_size)
{
    struct xz_io io = {.in = in, .out = out};
    lzma_ret ret = LZMA_OK;
    while (ret == LZMA_OK) {
        const size_t in_piece = random_piece();
        const size_t out_piece = random_piece();
        io.in_size = in_piece < size - io.in_pos ? io.in_pos + in_piece : size;
        io.out_size = out_piece < size - io.out_pos ? io.out_pos + out_piece : size;
        const size_t room = io.out_size - io.out_pos;
        ret = xz_coder_pull(coder, NULL, &io,
                            io.in_size == size ? LZMA_FINISH : LZMA_RUN);
        assert_true(io.in_pos <= io.in_size && io.out_pos <= io.out_size);
        /* LZMA_OK means: all input taken, or all room used. */
        if (ret == LZMA_OK && room > 0)
            assert_true(io.in_pos == io.in_size || io.out_pos == io.out_size);
    }
    *ret_size = io.out_pos;
    return ret;
}

static void test_splits(void **state)
{
    (void)state;
    uint8_t data[DATA_SIZE];
    uint8_t expected[DATA_SIZE];
    uint8_t out[DATA_SIZE];
    struct xz_coder *coder = NULL;
    for (int round = 0; round < 2000; ++round) {
        const lzma_vli id = LZMA_FILTER_DELTA + random32() % 9;
        const bool is_encoder = random32() % 2 == 0;
        const size_t size = random32() % (random32() % 2 == 0 ? 40 : DATA_SIZE);
        fill_data(data, size);
        memcpy(expected, data, size);
        open_filter(&coder, id, is_encoder);
        if (size > 0)
            convert_whole(id, is_encoder, expected, size);

        size_t out_size;
        assert_int_equal(code_in_pieces(coder, data, size, out, &out_size),
                         LZMA_STREAM_END);
        assert_int_equal(out_size, size);
        assert_memory_equal(out, expected, size);
    }
    xz_coder_end(&coder, NULL);
}

static struct xz_coder *open_tap(struct xz_coder **slot, size_t left, lzma_ret ret)
{
    struct tap *tap = xz_coder_take(slot, &tap_ops, sizeof(*tap), NULL);
    assert_non_null(tap);
    tap->left = left;
    tap->ret = ret;
    return &tap->base;
}

/* A source that fails: all that it gave comes out, then the failure. */
static void test_failing_source(void **state)
{
    (void)state;
    uint8_t data[DATA_SIZE];
    uint8_t expected[DATA_SIZE];
    uint8_t out[DATA_SIZE];
    struct xz_coder *coder = NULL;
    for (int round = 0; round < 500; ++round) {
        const lzma_vli id = LZMA_FILTER_DELTA + random32() % 9;
        const size_t size = random32() % DATA_SIZE;
        const size_t good = size == 0 ? 0 : random32() % size;
        fill_data(data, size);
        memcpy(expected, data, size);
        open_filter(&coder, id, false);
        open_tap(&coder->source, good, LZMA_DATA_ERROR);
        if (good > 0)
            convert_whole(id, false, expected, good);

        size_t out_size;
        assert_int_equal(code_in_pieces(coder, data, size, out, &out_size),
                         LZMA_DATA_ERROR);
        assert_int_equal(out_size, good);
        assert_memory_equal(out, expected, out_size);
    }
    xz_coder_end(&coder, NULL);
}

/* The output stays: it is converted in one go, from where it begins. */
static void test_in_place(void **state)
{
    (void)state;
    uint8_t data[DATA_SIZE];
    uint8_t expected[DATA_SIZE];
    uint8_t out[DATA_SIZE + 100];
    struct xz_coder *coder = NULL;
    for (int round = 0; round < 500; ++round) {
        const lzma_vli id = LZMA_FILTER_DELTA + random32() % 9;
        const size_t size = 1 + random32() % (DATA_SIZE - 1);
        fill_data(data, size);
        memcpy(expected, data, size);
        open_filter(&coder, id, false);
        open_tap(&coder->source, size, LZMA_STREAM_END);
        convert_whole(id, false, expected, size);

        struct xz_io io = {.in = data, .out = out, .out_pos = 100, .out_stays = true};
        lzma_ret ret = LZMA_OK;
        while (ret == LZMA_OK) {
            io.in_size += random_piece();
            io.in_size = io.in_size < size ? io.in_size : size;
            io.out_size = 100 + io.in_size;
            ret = xz_coder_pull(coder, NULL, &io, LZMA_RUN);
            if (ret == LZMA_OK)
                assert_memory_equal(out + 100, data, io.out_pos - 100);
        }
        assert_int_equal(ret, LZMA_STREAM_END);
        assert_int_equal(io.out_pos, 100 + size);
        assert_memory_equal(out + 100, expected, size);
    }
    xz_coder_end(&coder, NULL);
}

static void test_sync_flush(void **state)
{
    (void)state;
    uint8_t data[200];
    uint8_t expected[200];
    uint8_t out[200];
    fill_data(data, sizeof(data));
    memcpy(expected, data, sizeof(data));
    struct xz_coder *coder = NULL;
    open_filter(&coder, LZMA_FILTER_DELTA, true);
    convert_whole(LZMA_FILTER_DELTA, true, expected, sizeof(data));

    struct xz_io io = {.in = data, .in_size = 70, .out = out, .out_size = 30};
    assert_int_equal(xz_coder_pull(coder, NULL, &io, LZMA_SYNC_FLUSH), LZMA_OK);
    assert_int_equal(io.out_pos, 30);
    io.out_size = 200;
    assert_int_equal(xz_coder_pull(coder, NULL, &io, LZMA_SYNC_FLUSH), LZMA_STREAM_END);
    assert_int_equal(io.out_pos, 70);
    io.in_size = 200;
    assert_int_equal(xz_coder_pull(coder, NULL, &io, LZMA_FINISH), LZMA_STREAM_END);
    assert_memory_equal(out, expected, sizeof(data));

    open_filter(&coder, LZMA_FILTER_X86, true);
    assert_int_equal(xz_coder_pull(coder, NULL, &io, LZMA_SYNC_FLUSH),
                     LZMA_OPTIONS_ERROR);
    xz_coder_end(&coder, NULL);
}

static void test_options(void **state)
{
    (void)state;
    struct xz_coder *coder = NULL;
    lzma_options_delta delta;
    memset(&delta, 0, sizeof(delta));
    assert_true(xz_delta_memusage(NULL) == UINT64_MAX);
    assert_true(xz_delta_memusage(&delta) == UINT64_MAX);
    delta.dist = 257;
    lzma_filter filter = {.id = LZMA_FILTER_DELTA, .options = &delta};
    assert_int_equal(xz_delta_dec_open(&coder, NULL, &filter), LZMA_OPTIONS_ERROR);
    delta.dist = 256;
    assert_true(xz_delta_memusage(&delta) < 10000);
    delta.type = (lzma_delta_type)1;
    assert_int_equal(xz_delta_enc_open(&coder, NULL, &filter), LZMA_OPTIONS_ERROR);

    for (lzma_vli id = LZMA_FILTER_X86; id <= LZMA_FILTER_RISCV; ++id) {
        lzma_options_bcj bcj = {.start_offset = xz_bcj_alignment(id)};
        filter.id = id;
        filter.options = &bcj;
        assert_int_equal(xz_bcj_dec_open(&coder, NULL, &filter), LZMA_OK);
        if (bcj.start_offset > 1) {
            --bcj.start_offset;
            assert_int_equal(xz_bcj_enc_open(&coder, NULL, &filter),
                             LZMA_OPTIONS_ERROR);
        }
        filter.options = NULL;
        assert_int_equal(xz_bcj_enc_open(&coder, NULL, &filter), LZMA_OK);
    }
    xz_coder_end(&coder, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_splits),   cmocka_unit_test(test_failing_source),
        cmocka_unit_test(test_in_place), cmocka_unit_test(test_sync_flush),
        cmocka_unit_test(test_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
