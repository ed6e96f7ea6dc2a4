// SPDX-License-Identifier: 0BSD
// File info over an Index of several windows, read in pieces of many sizes.
//
// The file's Blocks are bytes that no decoder takes: only headers and Indexes are read.

#include <lzma.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RECORDS 9000U
#define HEADER  ((size_t)LZMA_STREAM_HEADER_SIZE)

struct file {
    uint8_t *bytes;
    size_t size;
    lzma_index *index; // of its Streams
};

/* Appends a Stream of count Blocks, and padding. */
static void add_stream(struct file *file, unsigned count, size_t padding)
{
    lzma_index *index = lzma_index_init(NULL);
    for (unsigned i = 0; i < count; ++i)
        assert_int_equal(lzma_index_append(index, NULL, 5 + i % 40, i * 1000), LZMA_OK);
    const lzma_stream_flags flags = {.check = LZMA_CHECK_CRC32,
                                     .backward_size = lzma_index_size(index)};
    assert_int_equal(lzma_index_stream_flags(index, &flags), LZMA_OK);
    assert_int_equal(lzma_index_stream_padding(index, padding), LZMA_OK);
    const size_t stream_size = (size_t)lzma_index_stream_size(index);
    const size_t start = file->size;
    file->size += stream_size + padding;
    file->bytes = realloc(file->bytes, file->size);
    uint8_t *const stream = file->bytes + start;
    memset(stream, 0xEE, stream_size);
    memset(stream + stream_size, 0, padding);
    assert_int_equal(lzma_stream_header_encode(&flags, stream), LZMA_OK);
    assert_int_equal(lzma_stream_footer_encode(&flags, stream + stream_size - HEADER),
                     LZMA_OK);
    size_t pos = stream_size - HEADER - (size_t)flags.backward_size;
    assert_int_equal(
        lzma_index_buffer_encode(index, stream, &pos, stream_size - HEADER), LZMA_OK);
    if (file->index == NULL)
        file->index = index;
    else
        assert_int_equal(lzma_index_cat(file->index, index, NULL), LZMA_OK);
}

static void expect_same(const lzma_index *found, const lzma_index *wanted)
{
    lzma_index_iter a, b;
    lzma_index_iter_init(&a, found);
    lzma_index_iter_init(&b, wanted);
    assert_true(lzma_index_file_size(found) == lzma_index_file_size(wanted));
    while (!lzma_index_iter_next(&a, LZMA_INDEX_ITER_BLOCK)) {
        assert_false(lzma_index_iter_next(&b, LZMA_INDEX_ITER_BLOCK));
        assert_true(a.block.compressed_file_offset == b.block.compressed_file_offset);
        assert_true(a.block.unpadded_size == b.block.unpadded_size);
        assert_true(a.block.uncompressed_size == b.block.uncompressed_size);
    }
    assert_true(lzma_index_iter_next(&b, LZMA_INDEX_ITER_BLOCK));
}

/* Reads a file's info with `step` bytes at a time. Sets *ret_taken to the bytes that
   were taken, returns the number of seeks. */
static unsigned read_info(const struct file *file, size_t step, size_t *ret_taken)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_index *index = NULL;
    unsigned seeks = 0;
    size_t pos = 0;
    *ret_taken = 0;
    assert_int_equal(lzma_file_info_decoder(&strm, &index, UINT64_MAX, file->size),
                     LZMA_OK);
    for (lzma_ret ret = LZMA_OK; ret != LZMA_STREAM_END;) {
        const size_t left = file->size - pos;
        const size_t given = left < step ? left : step;
        strm.next_in = file->bytes + pos;
        strm.avail_in = given;
        ret = lzma_code(&strm, LZMA_RUN);
        assert_true(ret == LZMA_OK || ret == LZMA_STREAM_END
                    || ret == LZMA_SEEK_NEEDED);
        *ret_taken += given - strm.avail_in;
        pos += given - strm.avail_in;
        if (ret == LZMA_SEEK_NEEDED) {
            assert_true(strm.seek_pos <= file->size);
            pos = (size_t)strm.seek_pos;
            ++seeks;
        }
    }
    expect_same(index, file->index);
    lzma_index_end(index, NULL);
    lzma_end(&strm);
    return seeks;
}

static void index_of_many_windows(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 7, 1000, 8191, 8192, 8193, 40000};
    struct file file = {NULL, 0, NULL};
    add_stream(&file, 3, 4);
    add_stream(&file, RECORDS, 0);
    add_stream(&file, 0, 20000);
    add_stream(&file, 700, 8);
    size_t taken;
    assert_int_equal(read_info(&file, file.size, &taken), 0);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); ++i) {
        assert_true(read_info(&file, steps[i], &taken) > 0);
        /* What is read backwards to look for padding, and again as an Index. */
        if (steps[i] == 1)
            assert_true(taken <= 2 * lzma_index_size(file.index) + 20000 + 6 * 8192);
    }
    lzma_index_end(file.index, NULL);
    free(file.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(index_of_many_windows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
