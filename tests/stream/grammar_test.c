// SPDX-License-Identifier: 0BSD
// The grammar's events for a file of two Streams, in pieces of any size; what it owns.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "check/check.h"
#include "stream/grammar.h"
#include "support/support.h"

#define FILE_SIZE_MAX 4096

struct file {
    uint8_t bytes[FILE_SIZE_MAX];
    size_t size;
};

static uint8_t plain[500];

/* Appends a Stream of count Blocks, stored, with their sizes in the headers. */
static void append_stream(struct file *file, size_t count, lzma_check check)
{
    lzma_stream_flags flags = {.version = 0, .check = check};
    assert_int_equal(lzma_stream_header_encode(&flags, file->bytes + file->size),
                     LZMA_OK);
    file->size += LZMA_STREAM_HEADER_SIZE;
    lzma_index *index = lzma_index_init(NULL);
    for (size_t i = 0; i < count; ++i) {
        const size_t size = 100 + i;
        lzma_block block = {.version = 0, .check = check};
        assert_int_equal(lzma_block_uncomp_encode(&block, plain, size, file->bytes,
                                                  &file->size, FILE_SIZE_MAX),
                         LZMA_OK);
        assert_int_equal(
            lzma_index_append(index, NULL, lzma_block_unpadded_size(&block), size),
            LZMA_OK);
    }
    assert_int_equal(
        lzma_index_buffer_encode(index, file->bytes, &file->size, FILE_SIZE_MAX),
        LZMA_OK);
    flags.backward_size = lzma_index_size(index);
    lzma_index_end(index, NULL);
    assert_int_equal(lzma_stream_footer_encode(&flags, file->bytes + file->size),
                     LZMA_OK);
    file->size += LZMA_STREAM_HEADER_SIZE;
}

static void append_zeros(struct file *file, size_t size)
{
    memset(file->bytes + file->size, 0, size);
    file->size += size;
}

/* A letter for each event. */
static const char letters[] = {
    [XZ_EVENT_NEED_INPUT] = '.', [XZ_EVENT_STREAM_HEADER] = 'H', [XZ_EVENT_BLOCK] = 'B',
    [XZ_EVENT_INDEX] = 'I',      [XZ_EVENT_STREAM_FOOTER] = 'F', [XZ_EVENT_END] = 'E',
};

static size_t body_size(const lzma_block *block)
{
    return (size_t)((block->compressed_size + 3) & ~(lzma_vli)3)
           + xz_check_size(block->check);
}

/* Reads file in pieces; writes the events to trace. Returns the last result. */
static lzma_ret follow(const struct file *file, size_t piece, bool is_concatenated,
                       char *trace)
{
    struct xz_grammar grammar;
    memset(&grammar, 0, sizeof(grammar));
    xz_grammar_init(&grammar, NULL, is_concatenated);
    struct xz_io io = {.in = file->bytes};
    lzma_ret ret = LZMA_OK;
    char last = '.';
    while (ret == LZMA_OK && last != 'E') {
        enum xz_event event;
        const bool is_last = io.in_size == file->size;
        ret = xz_grammar_next(&grammar, NULL, &io, is_last, &event);
        assert_true(io.in_pos <= io.in_size);
        if (ret != LZMA_OK)
            break;
        last = letters[event];
        if (event == XZ_EVENT_NEED_INPUT) {
            assert_int_equal(io.in_pos, io.in_size);
            if (is_last)
                break;
            io.in_size +=
                piece < file->size - io.in_size ? piece : file->size - io.in_size;
            continue;
        }
        *trace++ = last;
        if (event == XZ_EVENT_BLOCK) {
            assert_true(grammar.block.filters[0].id == LZMA_FILTER_LZMA2);
            io.in_pos += body_size(&grammar.block);
            io.in_size = io.in_pos > io.in_size ? io.in_pos : io.in_size;
            ret = xz_grammar_body_done(&grammar, NULL);
        }
    }
    *trace = '\0';
    xz_grammar_end(&grammar, NULL);
    return ret;
}

static void check_trace(const struct file *file, bool is_concatenated,
                        lzma_ret expected_ret, const char *expected)
{
    char trace[100];
    for (size_t piece = 1; piece <= FILE_SIZE_MAX;
         piece += piece < 60 ? 1 : FILE_SIZE_MAX - 60) {
        assert_int_equal(follow(file, piece, is_concatenated, trace), expected_ret);
        assert_string_equal(trace, expected);
    }
}

static void test_events(void **state)
{
    (void)state;
    struct file file = {.size = 0};
    append_stream(&file, 0, LZMA_CHECK_NONE);
    check_trace(&file, false, LZMA_OK, "HIFE");
    check_trace(&file, true, LZMA_OK, "HIFE");
    append_zeros(&file, 8);
    append_stream(&file, 3, LZMA_CHECK_CRC32);
    append_stream(&file, 1, LZMA_CHECK_SHA256);
    check_trace(&file, false, LZMA_OK, "HIFE");
    check_trace(&file, true, LZMA_OK, "HIFHBBBIFHBIFE");
    append_zeros(&file, 4);
    check_trace(&file, true, LZMA_OK, "HIFHBBBIFHBIFE");
    append_zeros(&file, 1);
    check_trace(&file, true, LZMA_DATA_ERROR, "HIFHBBBIFHBIF");
}

static void test_magic(void **state)
{
    (void)state;
    struct file file = {.size = 0};
    append_stream(&file, 1, LZMA_CHECK_CRC64);
    const size_t second = file.size;
    append_stream(&file, 1, LZMA_CHECK_CRC64);
    file.bytes[second] ^= 1;
    check_trace(&file, false, LZMA_OK, "HBIFE");
    check_trace(&file, true, LZMA_DATA_ERROR, "HBIF");
    file.bytes[0] ^= 1;
    check_trace(&file, true, LZMA_FORMAT_ERROR, "");
}

/* Any changed byte outside the bodies is noticed, and any cut. */
static void test_damage(void **state)
{
    (void)state;
    struct file file = {.size = 0};
    append_stream(&file, 0, LZMA_CHECK_CRC32);
    append_stream(&file, 0, LZMA_CHECK_CRC32);
    char trace[100];
    for (size_t i = 0; i < file.size; ++i) {
        file.bytes[i] ^= 0x10;
        const lzma_ret ret = follow(&file, FILE_SIZE_MAX, true, trace);
        assert_true(ret != LZMA_OK || strchr(trace, 'E') == NULL);
        file.bytes[i] ^= 0x10;
    }
    const size_t size = file.size;
    for (file.size = 0; file.size < size; ++file.size) {
        if (file.size == size / 2)
            continue;
        assert_int_equal(follow(&file, 5, true, trace), LZMA_OK);
        assert_null(strchr(trace, 'E'));
    }
}

/* An Index that does not list the Blocks that were there. */
static void test_wrong_sizes(void **state)
{
    (void)state;
    struct file file = {.size = 0};
    append_stream(&file, 2, LZMA_CHECK_CRC32);
    struct xz_grammar grammar;
    memset(&grammar, 0, sizeof(grammar));
    xz_grammar_init(&grammar, NULL, false);
    struct xz_io io = {.in = file.bytes, .in_size = file.size};
    enum xz_event event;
    assert_int_equal(xz_grammar_next(&grammar, NULL, &io, true, &event), LZMA_OK);
    for (int i = 0; i < 2; ++i) {
        assert_int_equal(xz_grammar_next(&grammar, NULL, &io, true, &event), LZMA_OK);
        assert_int_equal(event, XZ_EVENT_BLOCK);
        io.in_pos += body_size(&grammar.block);
        grammar.block.uncompressed_size += i == 1;
        assert_int_equal(xz_grammar_body_done(&grammar, NULL), LZMA_OK);
    }
    assert_int_equal(xz_grammar_next(&grammar, NULL, &io, true, &event),
                     LZMA_DATA_ERROR);
    xz_grammar_end(&grammar, NULL);
}

static void test_ownership(void **state)
{
    (void)state;
    struct file file = {.size = 0};
    append_stream(&file, 1, LZMA_CHECK_CRC32);
    struct xz_grammar grammar;
    memset(&grammar, 0, sizeof(grammar));
    enum xz_event event;
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    for (int way = 0; way < 3; ++way) {
        xz_grammar_init(&grammar, NULL, false);
        struct xz_io io = {.in = file.bytes, .in_size = file.size};
        assert_int_equal(xz_grammar_next(&grammar, NULL, &io, true, &event), LZMA_OK);
        assert_int_equal(xz_grammar_next(&grammar, NULL, &io, true, &event), LZMA_OK);
        assert_int_equal(event, XZ_EVENT_BLOCK);
        if (way == 0)
            continue; // the next xz_grammar_init() frees
        if (way == 1) {
            xz_grammar_take_filters(&grammar, filters);
            assert_true(filters[0].id == LZMA_FILTER_LZMA2);
            assert_true(filters[1].id == LZMA_VLI_UNKNOWN);
            lzma_filters_free(filters, NULL);
        }
        assert_int_equal(xz_grammar_next(&grammar, NULL, &io, true, &event),
                         LZMA_PROG_ERROR);
    }
    xz_grammar_end(&grammar, NULL);
}

/* A Block Header with more padding than any needs, a byte at a time: memory for it is
   asked for then alone, and may be missing. */
static void test_long_header(void **state)
{
    (void)state;
    struct file file = {.size = LZMA_STREAM_HEADER_SIZE};
    const lzma_stream_flags flags = {.version = 0, .check = LZMA_CHECK_CRC32};
    assert_int_equal(lzma_stream_header_encode(&flags, file.bytes), LZMA_OK);
    uint8_t *const header = file.bytes + file.size;
    append_zeros(&file, LZMA_BLOCK_HEADER_SIZE_MAX);
    header[0] = 0xFF;
    header[2] = (uint8_t)LZMA_FILTER_LZMA2;
    header[3] = 1; // byte of properties, which is 0
    const size_t end = LZMA_BLOCK_HEADER_SIZE_MAX - 4;
    xz_write32le(header + end, xz_crc32(header, end, 0));

    struct xz_grammar grammar;
    memset(&grammar, 0, sizeof(grammar));
    for (long left = 0; left < 3; ++left) {
        for (size_t step = 1; step <= file.size; step += file.size - 1) {
            struct counter counter;
            counter_init(&counter, left);
            xz_grammar_init(&grammar, &counter.allocator, false);
            struct xz_io io = {.in = file.bytes};
            enum xz_event event = XZ_EVENT_NEED_INPUT;
            lzma_ret ret = LZMA_OK;
            while (ret == LZMA_OK && event != XZ_EVENT_BLOCK) {
                io.in_size += event == XZ_EVENT_NEED_INPUT ? step : 0;
                ret = xz_grammar_next(&grammar, &counter.allocator, &io, false, &event);
            }
            const long needed = step == 1 ? 2 : 1; // the filter's options are one
            assert_int_equal(ret, left < needed ? LZMA_MEM_ERROR : LZMA_OK);
            if (ret == LZMA_OK) {
                assert_int_equal(io.in_pos, file.size);
                assert_true(grammar.block.filters[0].id == LZMA_FILTER_LZMA2);
            }
            xz_grammar_end(&grammar, &counter.allocator);
            counter_check(&counter);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events),    cmocka_unit_test(test_magic),
        cmocka_unit_test(test_damage),    cmocka_unit_test(test_wrong_sizes),
        cmocka_unit_test(test_ownership), cmocka_unit_test(test_long_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
