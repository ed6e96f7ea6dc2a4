// SPDX-License-Identifier: 0BSD
// Encoding in one call: the bounds, buffers of exactly the right size, and what the
// headers say.

#include "support/support.h"

#define DATA_SIZE 200000

/* What is encoded, and into which chain. */
struct sample {
    const uint8_t *data;
    size_t size;
    lzma_filter *filters;
    lzma_check check;
};

/* One of the functions below: out has room for *size bytes, and gets as many as
   needed. */
typedef lzma_ret encode_function(const struct sample *sample, uint8_t *out,
                                 size_t *size);

static lzma_ret block_smallest(const struct sample *sample, uint8_t *out, size_t *size)
{
    lzma_block block = {.check = sample->check, .filters = sample->filters};
    size_t pos = 0;
    const lzma_ret ret = lzma_block_buffer_encode(&block, NULL, sample->data,
                                                  sample->size, out, &pos, *size);
    if (ret == LZMA_OK) {
        assert_int_equal(lzma_block_total_size(&block), pos);
        assert_int_equal(block.uncompressed_size, sample->size);
        assert_ptr_equal(block.filters, sample->filters);
    }
    *size = pos;
    return ret;
}

static lzma_ret block_stored(const struct sample *sample, uint8_t *out, size_t *size)
{
    lzma_block block = {.version = 1, .check = sample->check};
    size_t pos = 0;
    const lzma_ret ret =
        lzma_block_uncomp_encode(&block, sample->data, sample->size, out, &pos, *size);
    if (ret == LZMA_OK)
        assert_int_equal(lzma_block_total_size(&block), pos);
    *size = pos;
    return ret;
}

static lzma_ret stream_smallest(const struct sample *sample, uint8_t *out, size_t *size)
{
    size_t pos = 0;
    const lzma_ret ret =
        lzma_stream_buffer_encode(sample->filters, sample->check, NULL, sample->data,
                                  sample->size, out, &pos, *size);
    *size = pos;
    return ret;
}

static lzma_ret stream_easy(const struct sample *sample, uint8_t *out, size_t *size)
{
    size_t pos = 0;
    const lzma_ret ret = lzma_easy_buffer_encode(0, sample->check, NULL, sample->data,
                                                 sample->size, out, &pos, *size);
    *size = pos;
    return ret;
}

/* Decodes a Block, whose header must tell both sizes. */
static void check_block(const struct sample *sample, const uint8_t *in, size_t size)
{
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_block block = {.version = 1, .check = sample->check, .filters = filters};
    block.header_size = lzma_block_header_size_decode(in[0]);
    assert_int_equal(lzma_block_header_decode(&block, NULL, in), LZMA_OK);
    assert_int_equal(block.uncompressed_size, sample->size);
    assert_int_not_equal(block.compressed_size, LZMA_VLI_UNKNOWN);
    assert_int_equal(lzma_block_total_size(&block), size);
    uint8_t *back = malloc(sample->size + 1);
    size_t in_pos = block.header_size;
    size_t out_pos = 0;
    assert_int_equal(lzma_block_buffer_decode(&block, NULL, in, &in_pos, size, back,
                                              &out_pos, sample->size),
                     LZMA_OK);
    assert_int_equal(in_pos, size);
    assert_int_equal(out_pos, sample->size);
    if (out_pos > 0)
        assert_memory_equal(back, sample->data, out_pos);
    free(back);
    lzma_filters_free(filters, NULL);
}

/* The same for a Stream: 12 bytes, a Block if there is data, Index and footer. */
static void check_stream(const struct sample *sample, const uint8_t *in, size_t size)
{
    lzma_stream_flags flags;
    assert_int_equal(lzma_stream_footer_decode(&flags, in + size - 12), LZMA_OK);
    const size_t block_size = size - 24 - (size_t)flags.backward_size;
    if (sample->size == 0)
        assert_int_equal(block_size, 0);
    else
        check_block(sample, in + 12, block_size);
}

/* Encodes into buffers that end where they must: at the bound, at what is needed, and
   one byte before it. */
static void check_sizes(const struct sample *sample, encode_function *encode,
                        bool is_stream)
{
    const size_t bound = is_stream ? lzma_stream_buffer_bound(sample->size)
                                   : lzma_block_buffer_bound(sample->size);
    struct guard guard = guard_make(NULL, bound);
    size_t size = bound;
    assert_int_equal(encode(sample, guard.start, &size), LZMA_OK);
    assert_in_range(size, 1, bound);
    if (is_stream)
        check_stream(sample, guard.start, size);
    else
        check_block(sample, guard.start, size);
    guard_free(&guard);

    guard = guard_make(NULL, size);
    size_t again = size;
    assert_int_equal(encode(sample, guard.start, &again), LZMA_OK);
    assert_int_equal(again, size);
    guard_free(&guard);

    for (size_t less = 1; less <= size; less = less < 20 ? less + 1 : less * 2) {
        guard = guard_make(NULL, size - less);
        again = size - less;
        assert_int_equal(encode(sample, guard.start, &again), LZMA_BUF_ERROR);
        assert_int_equal(again, 0);
        guard_free(&guard);
    }
}

static void test_sizes(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,     1,     4,      999,      65535,
                                   65536, 65537, 131072, DATA_SIZE};
    static const lzma_check checks[] = {LZMA_CHECK_NONE, LZMA_CHECK_CRC32,
                                        LZMA_CHECK_CRC64, LZMA_CHECK_SHA256};
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 0));
    lzma_filter filters[2] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, NULL}};
    uint8_t *data = malloc(DATA_SIZE);
    for (size_t i = 0; i < 2 * ARRAY_COUNT(sizes); ++i) {
        (i % 2 == 0 ? fill_text : fill_random)(data, DATA_SIZE, i + 1);
        const struct sample sample = {data, sizes[i / 2], filters, checks[i % 4]};
        check_sizes(&sample, block_smallest, false);
        check_sizes(&sample, block_stored, false);
        check_sizes(&sample, stream_smallest, true);
        check_sizes(&sample, stream_easy, true);
    }
    free(data);
}

/* Where the chain's header is long and its data does not shrink, the stored form may be
   the only one that fits. */
static void test_stored_form_is_smaller(void **state)
{
    (void)state;
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 0));
    lzma_options_bcj start = {.start_offset = 4};
    lzma_options_delta delta = {.dist = 1};
    lzma_filter filters[5] = {{LZMA_FILTER_DELTA, &delta},
                              {LZMA_FILTER_X86, &start},
                              {LZMA_FILTER_ARM, &start},
                              {LZMA_FILTER_LZMA2, &options},
                              {LZMA_VLI_UNKNOWN, NULL}};
    for (size_t in_size = 1; in_size < 300; in_size += 7) {
        uint8_t data[300];
        fill_random(data, sizeof(data), in_size);
        const struct sample sample = {data, in_size, filters, LZMA_CHECK_SHA256};
        uint8_t out[600];
        size_t stored = sizeof(out);
        assert_int_equal(block_stored(&sample, out, &stored), LZMA_OK);
        size_t size = stored;
        struct guard guard = guard_make(NULL, stored);
        assert_int_equal(block_smallest(&sample, guard.start, &size), LZMA_OK);
        check_block(&sample, guard.start, size);
        guard_free(&guard);
    }
}

/* A Block that is not at the start of the buffer. */
static void test_offset(void **state)
{
    (void)state;
    static const uint8_t data[] = "some data, some data, some data, some data";
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 6));
    lzma_filter filters[2] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, NULL}};
    for (size_t offset = 0; offset < 9; ++offset) {
        const struct sample sample = {data, sizeof(data), filters, LZMA_CHECK_CRC32};
        lzma_block block = {.check = LZMA_CHECK_CRC32, .filters = filters};
        uint8_t out[300];
        size_t pos = offset;
        memset(out, 0xAA, sizeof(out));
        assert_int_equal(lzma_block_buffer_encode(&block, NULL, data, sizeof(data), out,
                                                  &pos, sizeof(out)),
                         LZMA_OK);
        check_block(&sample, out + offset, pos - offset);
        assert_true(offset == 0 || out[offset - 1] == 0xAA);
        assert_int_equal(out[pos], 0xAA);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_stored_form_is_smaller),
        cmocka_unit_test(test_offset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
