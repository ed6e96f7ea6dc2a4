// SPDX-License-Identifier: 0BSD
// Lets every n-th allocation fail in every function that allocates without an
// lzma_stream, and in the coders of the Index.
//
// A case runs with allocation 1 failing, then 2, and so on until none fails. Each run
// must return LZMA_MEM_ERROR (or NULL), touch none of its output positions, and leak
// nothing.

#include "support/samples.h"

#define MOST_ALLOCS 400

static uint8_t output[ROOM];

/* Does its work with the allocator and checks the result; frees everything. Returns
   LZMA_OK or the error. NULL from a function that returns a pointer counts as
   LZMA_MEM_ERROR. */
struct call_case {
    const char *name;
    lzma_ret (*call)(const lzma_allocator *allocator);
};

static lzma_ret call_easy_buffer_encode(const lzma_allocator *allocator)
{
    size_t pos = 0;
    return lzma_easy_buffer_encode(0, LZMA_CHECK_SHA256, allocator, samples.plain,
                                   PLAIN_SIZE, output, &pos, ROOM);
}

static lzma_ret call_stream_buffer_encode(const lzma_allocator *allocator)
{
    size_t pos = 0;
    return lzma_stream_buffer_encode(samples.chain_small, LZMA_CHECK_CRC32, allocator,
                                     samples.plain, PLAIN_SIZE, output, &pos, ROOM);
}

static lzma_ret call_stream_buffer_decode(const lzma_allocator *allocator)
{
    uint64_t memlimit = UINT64_MAX;
    size_t in_pos = 0;
    size_t out_pos = 0;
    const lzma_ret ret =
        lzma_stream_buffer_decode(&memlimit, 0, allocator, samples.mt.bytes, &in_pos,
                                  samples.mt.size, output, &out_pos, ROOM);
    assert_int_equal(out_pos, ret == LZMA_OK ? PLAIN_SIZE : 0);
    assert_int_equal(in_pos, ret == LZMA_OK ? samples.mt.size : 0);
    return ret;
}

static lzma_ret call_raw_buffer_encode(const lzma_allocator *allocator)
{
    size_t pos = 0;
    return lzma_raw_buffer_encode(samples.chain_small, allocator, samples.plain,
                                  PLAIN_SIZE, output, &pos, ROOM);
}

static lzma_ret call_raw_buffer_decode(const lzma_allocator *allocator)
{
    size_t in_pos = 0;
    size_t out_pos = 0;
    const lzma_ret ret =
        lzma_raw_buffer_decode(samples.chain_lzma2, allocator, samples.lzma2.bytes,
                               &in_pos, samples.lzma2.size, output, &out_pos, ROOM);
    assert_int_equal(out_pos, ret == LZMA_OK ? PLAIN_SIZE : 0);
    return ret;
}

/* A Block to memory and back, with its header parsed in between. */
static lzma_ret call_block_buffers(const lzma_allocator *allocator)
{
    lzma_block block = {.check = LZMA_CHECK_CRC64, .filters = samples.chain_small};
    size_t size = 0;
    lzma_ret ret = lzma_block_buffer_encode(&block, allocator, samples.plain,
                                            PLAIN_SIZE, output, &size, ROOM);
    if (ret != LZMA_OK)
        return ret;
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_block back = {.version = 1, .check = LZMA_CHECK_CRC64, .filters = filters};
    back.header_size = lzma_block_header_size_decode(output[0]);
    ret = lzma_block_header_decode(&back, allocator, output);
    if (ret != LZMA_OK)
        return ret;
    static uint8_t restored[PLAIN_SIZE];
    size_t in_pos = back.header_size;
    size_t out_pos = 0;
    ret = lzma_block_buffer_decode(&back, allocator, output, &in_pos, size, restored,
                                   &out_pos, PLAIN_SIZE);
    if (ret == LZMA_OK)
        assert_memory_equal(restored, samples.plain, PLAIN_SIZE);
    lzma_filters_free(filters, allocator);
    return ret;
}

static lzma_ret call_filters_copy(const lzma_allocator *allocator)
{
    lzma_filter copy[LZMA_FILTERS_MAX + 1];
    const lzma_ret ret = lzma_filters_copy(samples.chain_small, copy, allocator);
    if (ret == LZMA_OK)
        lzma_filters_free(copy, allocator);
    return ret;
}

static lzma_ret call_filter_flags_decode(const lzma_allocator *allocator)
{
    static const uint8_t flags[] = {0x03, 0x01, 0x07};
    lzma_filter filter = {LZMA_VLI_UNKNOWN, NULL};
    size_t pos = 0;
    const lzma_ret ret =
        lzma_filter_flags_decode(&filter, allocator, flags, &pos, sizeof(flags));
    if (ret == LZMA_OK)
        allocator->free(allocator->opaque, filter.options);
    return ret;
}

static lzma_ret call_properties_decode(const lzma_allocator *allocator)
{
    static const uint8_t props[5] = {0x5D, 0, 0, 1, 0};
    lzma_filter filter = {LZMA_FILTER_LZMA1, NULL};
    const lzma_ret ret = lzma_properties_decode(&filter, allocator, props, 5);
    if (ret == LZMA_OK)
        allocator->free(allocator->opaque, filter.options);
    return ret;
}

/* The function returns a message, in which only this one is about memory. */
static lzma_ret call_str_to_filters(const lzma_allocator *allocator)
{
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    int pos = -1;
    const char *message =
        lzma_str_to_filters("delta:dist=2 x86:start=16 arm:start=4 lzma2:preset=3",
                            &pos, filters, 0, allocator);
    if (message != NULL)
        return LZMA_MEM_ERROR;
    lzma_filters_free(filters, allocator);
    return LZMA_OK;
}

static lzma_ret call_str_from_filters(const lzma_allocator *allocator)
{
    char *text = NULL;
    const lzma_ret ret =
        lzma_str_from_filters(&text, samples.chain_small, LZMA_STR_ENCODER, allocator);
    assert_true((ret == LZMA_OK) == (text != NULL));
    allocator->free(allocator->opaque, text);
    return ret;
}

static lzma_ret call_str_list_filters(const lzma_allocator *allocator)
{
    char *text = NULL;
    const lzma_ret ret =
        lzma_str_list_filters(&text, LZMA_VLI_UNKNOWN, LZMA_STR_ENCODER, allocator);
    assert_true((ret == LZMA_OK) == (text != NULL));
    allocator->free(allocator->opaque, text);
    return ret;
}

/* An index with records enough for several groups of them. */
static lzma_ret build_index(const lzma_allocator *allocator, lzma_index **ret_index)
{
    lzma_index *index = lzma_index_init(allocator);
    if (index == NULL)
        return LZMA_MEM_ERROR;
    for (lzma_vli i = 0; i < 2000; ++i) {
        const lzma_ret ret = lzma_index_append(index, allocator, 100, 200);
        if (ret != LZMA_OK) {
            assert_int_equal(lzma_index_block_count(index), i);
            lzma_index_end(index, allocator);
            return ret;
        }
    }
    *ret_index = index;
    return LZMA_OK;
}

static lzma_ret call_index_append(const lzma_allocator *allocator)
{
    lzma_index *index;
    const lzma_ret ret = build_index(allocator, &index);
    if (ret == LZMA_OK)
        lzma_index_end(index, allocator);
    return ret;
}

static lzma_ret call_index_dup(const lzma_allocator *allocator)
{
    lzma_index *index;
    const lzma_ret ret = build_index(allocator, &index);
    if (ret != LZMA_OK)
        return ret;
    lzma_index *copy = lzma_index_dup(index, allocator);
    const bool copied = copy != NULL;
    if (copied)
        assert_int_equal(lzma_index_file_size(copy), lzma_index_file_size(index));
    lzma_index_end(copy, allocator);
    lzma_index_end(index, allocator);
    return copied ? LZMA_OK : LZMA_MEM_ERROR;
}

/* After a failure both indexes are as before and belong to the caller. */
static lzma_ret call_index_cat(const lzma_allocator *allocator)
{
    lzma_index *first;
    lzma_index *second;
    lzma_ret ret = build_index(allocator, &first);
    if (ret != LZMA_OK)
        return ret;
    ret = build_index(allocator, &second);
    if (ret == LZMA_OK) {
        ret = lzma_index_cat(first, second, allocator);
        assert_int_equal(lzma_index_block_count(first), ret == LZMA_OK ? 4000 : 2000);
        if (ret != LZMA_OK)
            lzma_index_end(second, allocator);
    }
    lzma_index_end(first, allocator);
    return ret;
}

static lzma_ret call_index_buffer_decode(const lzma_allocator *allocator)
{
    lzma_index *index = NULL;
    uint64_t memlimit = UINT64_MAX;
    size_t pos = 0;
    const lzma_ret ret = lzma_index_buffer_decode(
        &index, &memlimit, allocator, samples.index.bytes, &pos, samples.index.size);
    assert_true((ret == LZMA_OK) == (index != NULL));
    lzma_index_end(index, allocator);
    return ret;
}

static lzma_ret call_index_hash(const lzma_allocator *allocator)
{
    lzma_index_hash *hash = lzma_index_hash_init(NULL, allocator);
    if (hash == NULL)
        return LZMA_MEM_ERROR;
    assert_ptr_equal(lzma_index_hash_init(hash, allocator), hash);
    const lzma_ret ret = lzma_index_hash_append(hash, 100, 200);
    lzma_index_hash_end(hash, allocator);
    return ret;
}

/* Runs a coder that is open over bytes, with FINISH. */
static lzma_ret run_over(lzma_stream *strm, const struct packed *input)
{
    lzma_ret ret = LZMA_OK;
    strm->next_in = input->bytes;
    strm->avail_in = input->size;
    while (ret == LZMA_OK) {
        strm->next_out = output;
        strm->avail_out = ROOM;
        ret = lzma_code(strm, LZMA_FINISH);
    }
    return ret;
}

static lzma_ret call_index_decoder(const lzma_allocator *allocator)
{
    lzma_index *index = NULL;
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = allocator;
    lzma_ret ret = lzma_index_decoder(&strm, &index, UINT64_MAX);
    if (ret == LZMA_OK)
        ret = run_over(&strm, &samples.index);
    assert_true((ret == LZMA_STREAM_END) == (index != NULL));
    lzma_end(&strm);
    lzma_index_end(index, allocator);
    return ret == LZMA_STREAM_END ? LZMA_OK : ret;
}

static lzma_ret call_index_encoder(const lzma_allocator *allocator)
{
    lzma_index *index;
    lzma_ret ret = build_index(allocator, &index);
    if (ret != LZMA_OK)
        return ret;
    static const struct packed nothing;
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = allocator;
    ret = lzma_index_encoder(&strm, index);
    if (ret == LZMA_OK)
        ret = run_over(&strm, &nothing);
    lzma_end(&strm);
    lzma_index_end(index, allocator);
    return ret == LZMA_STREAM_END ? LZMA_OK : ret;
}

static lzma_ret call_file_info_decoder(const lzma_allocator *allocator)
{
    lzma_index *index = NULL;
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = allocator;
    lzma_ret ret = lzma_file_info_decoder(&strm, &index, UINT64_MAX, samples.mt.size);
    if (ret == LZMA_OK)
        ret = run_over(&strm, &samples.mt);
    assert_true((ret == LZMA_STREAM_END) == (index != NULL));
    lzma_end(&strm);
    lzma_index_end(index, allocator);
    return ret == LZMA_STREAM_END ? LZMA_OK : ret;
}

/* New filters for a Stream that is being written. */
static lzma_ret call_filters_update(const lzma_allocator *allocator)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = allocator;
    lzma_ret ret = lzma_stream_encoder(&strm, samples.chain_small, LZMA_CHECK_CRC32);
    if (ret == LZMA_OK)
        ret = lzma_filters_update(&strm, samples.chain_big);
    if (ret == LZMA_OK)
        ret = run_over(&strm, &samples.index);
    lzma_end(&strm);
    return ret == LZMA_STREAM_END ? LZMA_OK : ret;
}

static const struct call_case call_cases[] = {
    {"lzma_easy_buffer_encode", call_easy_buffer_encode},
    {"lzma_stream_buffer_encode", call_stream_buffer_encode},
    {"lzma_stream_buffer_decode", call_stream_buffer_decode},
    {"lzma_raw_buffer_encode", call_raw_buffer_encode},
    {"lzma_raw_buffer_decode", call_raw_buffer_decode},
    {"lzma_block_buffer_*", call_block_buffers},
    {"lzma_filters_copy", call_filters_copy},
    {"lzma_filter_flags_decode", call_filter_flags_decode},
    {"lzma_properties_decode", call_properties_decode},
    {"lzma_str_to_filters", call_str_to_filters},
    {"lzma_str_from_filters", call_str_from_filters},
    {"lzma_str_list_filters", call_str_list_filters},
    {"lzma_index_append", call_index_append},
    {"lzma_index_dup", call_index_dup},
    {"lzma_index_cat", call_index_cat},
    {"lzma_index_buffer_decode", call_index_buffer_decode},
    {"lzma_index_hash_*", call_index_hash},
    {"lzma_index_decoder", call_index_decoder},
    {"lzma_index_encoder", call_index_encoder},
    {"lzma_file_info_decoder", call_file_info_decoder},
    {"lzma_filters_update", call_filters_update},
};

static void run_call_case(void **state)
{
    const struct call_case *c = *state;
    for (long number = 1; number < MOST_ALLOCS; ++number) {
        struct counter memory;
        counter_init(&memory, -1);
        fail_at(&memory, number);
        const lzma_ret ret = c->call(&memory.allocator);
        const bool failed = memory.count >= number;
        if (ret != (failed ? LZMA_MEM_ERROR : LZMA_OK))
            fail_msg("%s: result %d with allocation %ld failing", c->name, (int)ret,
                     number);
        counter_check(&memory);
        if (!failed) {
            assert_true(number > 1);
            return;
        }
    }
    fail_msg("%s: does not come to an end", c->name);
}

#define COUNT ARRAY_COUNT(call_cases)

static int set_up(void **state)
{
    (void)state;
    samples_make();
    return 0;
}

int main(void)
{
    struct CMUnitTest tests[COUNT];
    for (size_t i = 0; i < COUNT; ++i)
        tests[i] = (struct CMUnitTest){call_cases[i].name, run_call_case, NULL, NULL,
                                       (void *)(uintptr_t)&call_cases[i]};
    return cmocka_run_group_tests(tests, set_up, NULL);
}
