// SPDX-License-Identifier: 0BSD
// Flushing and lzma_filters_update(): what can be decoded when, where Blocks end, and
// which filters may change.

#include "support/support.h"

#define TEXT_SIZE 60000
#define PART      20000

static uint8_t text[TEXT_SIZE];
static uint8_t out[2 * TEXT_SIZE];
static uint8_t back[2 * TEXT_SIZE];

struct chain {
    lzma_options_lzma lzma;
    lzma_options_delta delta;
    lzma_filter filters[4];
};

/* lzma2, with another filter before it unless that is LZMA_VLI_UNKNOWN. */
static void make_chain(struct chain *chain, lzma_vli before, uint32_t lc)
{
    assert_false(lzma_lzma_preset(&chain->lzma, 1));
    chain->lzma.lc = lc;
    chain->delta = (lzma_options_delta){.dist = 4};
    lzma_filter *next = chain->filters;
    if (before != LZMA_VLI_UNKNOWN)
        *next++ =
            (lzma_filter){before, before == LZMA_FILTER_DELTA ? &chain->delta : NULL};
    *next++ = (lzma_filter){LZMA_FILTER_LZMA2, &chain->lzma};
    *next = (lzma_filter){LZMA_VLI_UNKNOWN, NULL};
}

enum kind { PLAIN, THREADED };

static void open_stream(lzma_stream *strm, enum kind kind, const struct chain *chain,
                        const lzma_allocator *allocator)
{
    const lzma_mt options = {.threads = 3,
                             .block_size = 2 * TEXT_SIZE,
                             .filters = chain->filters,
                             .check = LZMA_CHECK_CRC32};
    *strm = (lzma_stream)LZMA_STREAM_INIT;
    strm->allocator = allocator;
    assert_int_equal(kind == PLAIN
                         ? lzma_stream_encoder(strm, chain->filters, LZMA_CHECK_CRC32)
                         : lzma_stream_encoder_mt(strm, &options),
                     LZMA_OK);
    strm->next_in = text;
    strm->next_out = out;
    strm->avail_out = sizeof(out);
}

/* Gives size bytes more, with an action. */
static lzma_ret give(lzma_stream *strm, size_t size, lzma_action action)
{
    strm->avail_in = size;
    lzma_ret ret;
    do {
        ret = lzma_code(strm, action);
    } while (ret == LZMA_OK && (action != LZMA_RUN || strm->avail_in > 0));
    return ret;
}

/* Bytes that a decoder makes of what is out; they are the text. */
static size_t decodable(const lzma_stream *strm, lzma_ret expected)
{
    lzma_stream decoder = LZMA_STREAM_INIT;
    assert_int_equal(lzma_stream_decoder(&decoder, UINT64_MAX, 0), LZMA_OK);
    decoder.next_in = out;
    decoder.avail_in = (size_t)strm->total_out;
    decoder.next_out = back;
    decoder.avail_out = sizeof(back);
    lzma_ret ret;
    do {
        ret = lzma_code(&decoder, LZMA_FINISH);
    } while (ret == LZMA_OK);
    assert_int_equal(ret, expected);
    const size_t size = (size_t)decoder.total_out;
    assert_memory_equal(back, text, size);
    lzma_end(&decoder);
    return size;
}

/* Blocks in a whole file. */
static uint64_t block_count(const lzma_stream *strm)
{
    lzma_index *index = NULL;
    lzma_stream reader = LZMA_STREAM_INIT;
    assert_int_equal(
        lzma_file_info_decoder(&reader, &index, UINT64_MAX, strm->total_out), LZMA_OK);
    reader.next_in = out;
    reader.avail_in = (size_t)strm->total_out;
    assert_int_equal(lzma_code(&reader, LZMA_FINISH), LZMA_STREAM_END);
    const uint64_t count = lzma_index_block_count(index);
    lzma_index_end(index, NULL);
    lzma_end(&reader);
    return count;
}

static void end(lzma_stream *strm, size_t size, uint64_t blocks)
{
    assert_int_equal(give(strm, 0, LZMA_FINISH), LZMA_STREAM_END);
    assert_int_equal(decodable(strm, LZMA_STREAM_END), size);
    assert_int_equal(block_count(strm), blocks);
    lzma_end(strm);
}

/* ---- Flushing ---- */

static void test_flushed_data_can_be_decoded(void **state)
{
    (void)state;
    static const lzma_action actions[] = {LZMA_SYNC_FLUSH, LZMA_FULL_FLUSH,
                                          LZMA_FULL_BARRIER};
    static const lzma_vli before[] = {LZMA_VLI_UNKNOWN, LZMA_FILTER_DELTA};
    for (size_t i = 0; i < 6; ++i) {
        struct chain chain;
        lzma_stream strm;
        make_chain(&chain, before[i % 2], 3);
        open_stream(&strm, PLAIN, &chain, NULL);
        const lzma_action action = actions[i / 2];
        for (size_t part = 1; part <= 3; ++part) {
            assert_int_equal(give(&strm, PART / 2, LZMA_RUN), LZMA_OK);
            assert_int_equal(give(&strm, PART / 2, action), LZMA_STREAM_END);
            assert_int_equal(decodable(&strm, LZMA_BUF_ERROR), part * PART);
        }
        end(&strm, TEXT_SIZE, action == LZMA_SYNC_FLUSH ? 1 : 3);
    }
}

/* A flush without data changes nothing, however often. */
static void test_empty_flushes(void **state)
{
    (void)state;
    static const lzma_action actions[] = {LZMA_FULL_FLUSH, LZMA_FULL_BARRIER,
                                          LZMA_SYNC_FLUSH};
    for (size_t i = 0; i < 5; ++i) {
        struct chain chain;
        lzma_stream strm;
        make_chain(&chain, LZMA_VLI_UNKNOWN, 3);
        open_stream(&strm, i < 3 ? PLAIN : THREADED, &chain, NULL);
        const lzma_action action = actions[i % 3];
        for (int round = 0; round < 3; ++round)
            assert_int_equal(give(&strm, 0, action), LZMA_STREAM_END);
        assert_int_equal(give(&strm, PART, LZMA_FULL_FLUSH), LZMA_STREAM_END);
        const uint64_t size = strm.total_out;
        for (int round = 0; round < 3; ++round)
            assert_int_equal(give(&strm, 0, action), LZMA_STREAM_END);
        assert_int_equal(strm.total_out, size);
        end(&strm, PART, 1);
    }
}

static void test_no_data_at_all(void **state)
{
    (void)state;
    for (int kind = PLAIN; kind <= THREADED; ++kind) {
        struct chain chain;
        lzma_stream strm;
        make_chain(&chain, LZMA_VLI_UNKNOWN, 3);
        open_stream(&strm, (enum kind)kind, &chain, NULL);
        assert_int_equal(give(&strm, 0, LZMA_FINISH), LZMA_STREAM_END);
        assert_int_equal(strm.total_out, 32);
        assert_int_equal(give(&strm, 0, LZMA_FINISH), LZMA_STREAM_END);
        lzma_end(&strm);
    }
}

static void test_filters_that_cannot_flush(void **state)
{
    (void)state;
    struct chain chain;
    lzma_stream strm;
    make_chain(&chain, LZMA_FILTER_X86, 3);
    open_stream(&strm, PLAIN, &chain, NULL);
    assert_int_equal(give(&strm, PART, LZMA_SYNC_FLUSH), LZMA_OPTIONS_ERROR);
    assert_int_equal(give(&strm, PART, LZMA_RUN), LZMA_PROG_ERROR);

    const lzma_filter lzma1[2] = {{LZMA_FILTER_LZMA1, &chain.lzma},
                                  {LZMA_VLI_UNKNOWN, NULL}};
    assert_int_equal(lzma_raw_encoder(&strm, lzma1), LZMA_OK);
    assert_int_equal(give(&strm, PART, LZMA_SYNC_FLUSH), LZMA_OPTIONS_ERROR);
    assert_int_equal(lzma_filters_update(&strm, lzma1), LZMA_PROG_ERROR);
    lzma_end(&strm);

    make_chain(&chain, LZMA_VLI_UNKNOWN, 3);
    open_stream(&strm, THREADED, &chain, NULL);
    assert_int_equal(give(&strm, PART, LZMA_SYNC_FLUSH), LZMA_PROG_ERROR);
    strm.next_in = text;
    assert_int_equal(give(&strm, PART, LZMA_RUN), LZMA_OK);
    end(&strm, PART, 1);
}

/* ---- lzma_filters_update() ---- */

static lzma_ret update(lzma_stream *strm, lzma_vli before, uint32_t lc)
{
    struct chain chain;
    make_chain(&chain, before, lc);
    return lzma_filters_update(strm, chain.filters);
}

static void test_update_inside_block(void **state)
{
    (void)state;
    struct chain chain;
    lzma_stream strm;
    make_chain(&chain, LZMA_FILTER_DELTA, 3);
    open_stream(&strm, PLAIN, &chain, NULL);
    assert_int_equal(give(&strm, PART, LZMA_SYNC_FLUSH), LZMA_STREAM_END);
    assert_int_equal(update(&strm, LZMA_FILTER_DELTA, 0), LZMA_OK);
    assert_int_equal(update(&strm, LZMA_FILTER_X86, 1), LZMA_PROG_ERROR);
    assert_int_equal(update(&strm, LZMA_VLI_UNKNOWN, 1), LZMA_PROG_ERROR);
    assert_int_equal(update(&strm, LZMA_FILTER_DELTA, 5), LZMA_OPTIONS_ERROR);
    assert_int_equal(give(&strm, PART, LZMA_RUN), LZMA_OK);
    assert_int_equal(update(&strm, LZMA_FILTER_DELTA, 3), LZMA_PROG_ERROR);
    assert_int_equal(give(&strm, PART, LZMA_SYNC_FLUSH), LZMA_STREAM_END);
    assert_int_equal(update(&strm, LZMA_FILTER_DELTA, 4), LZMA_OK);
    end(&strm, TEXT_SIZE, 1);
}

static void test_update_between_blocks(void **state)
{
    (void)state;
    for (int kind = PLAIN; kind <= THREADED; ++kind) {
        struct chain chain;
        lzma_stream strm;
        make_chain(&chain, LZMA_VLI_UNKNOWN, 3);
        open_stream(&strm, (enum kind)kind, &chain, NULL);
        assert_int_equal(update(&strm, LZMA_FILTER_DELTA, 0), LZMA_OK);
        assert_int_equal(give(&strm, PART, LZMA_FULL_BARRIER), LZMA_STREAM_END);
        assert_int_equal(update(&strm, LZMA_FILTER_X86, 0), LZMA_OK);
        assert_int_equal(give(&strm, PART, LZMA_RUN), LZMA_OK);
        assert_int_equal(update(&strm, LZMA_FILTER_DELTA, 0), LZMA_PROG_ERROR);
        assert_int_equal(give(&strm, 0, LZMA_FULL_FLUSH), LZMA_STREAM_END);
        const lzma_filter lzma1[2] = {{LZMA_FILTER_LZMA1, &chain.lzma},
                                      {LZMA_VLI_UNKNOWN, NULL}};
        assert_int_equal(lzma_filters_update(&strm, lzma1), LZMA_PROG_ERROR);
        assert_int_equal(update(&strm, LZMA_VLI_UNKNOWN, 5), LZMA_OPTIONS_ERROR);
        assert_int_equal(update(&strm, LZMA_VLI_UNKNOWN, 1), LZMA_OK);
        assert_int_equal(give(&strm, PART, LZMA_RUN), LZMA_OK);
        end(&strm, TEXT_SIZE, 3);
    }
}

/* The update fails for lack of memory: the old filters stay. */
static void test_update_without_memory(void **state)
{
    (void)state;
    for (int kind = PLAIN; kind <= THREADED; ++kind) {
        for (long left = 0; left < 4; ++left) {
            struct counter counter;
            counter_init(&counter, -1);
            struct chain chain;
            lzma_stream strm;
            make_chain(&chain, LZMA_VLI_UNKNOWN, 3);
            open_stream(&strm, (enum kind)kind, &chain, &counter.allocator);
            counter.left = left;
            const lzma_ret ret = update(&strm, LZMA_FILTER_DELTA, 0);
            assert_true(ret == LZMA_MEM_ERROR || ret == LZMA_OK);
            counter.left = -1;
            assert_int_equal(give(&strm, PART, LZMA_RUN), LZMA_OK);
            end(&strm, PART, 1);
            counter_check(&counter);
        }
    }
}

static void test_update_of_others(void **state)
{
    (void)state;
    struct chain chain;
    make_chain(&chain, LZMA_VLI_UNKNOWN, 3);
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_filters_update(NULL, chain.filters), LZMA_PROG_ERROR);
    assert_int_equal(lzma_filters_update(&strm, chain.filters), LZMA_PROG_ERROR);
    assert_int_equal(lzma_stream_decoder(&strm, UINT64_MAX, 0), LZMA_OK);
    assert_int_equal(lzma_filters_update(&strm, chain.filters), LZMA_PROG_ERROR);
    assert_int_equal(lzma_alone_encoder(&strm, &chain.lzma), LZMA_OK);
    assert_int_equal(lzma_filters_update(&strm, chain.filters), LZMA_PROG_ERROR);
    /* Where the coder is a chain, what is wrong with the new one is told first. */
    const lzma_filter lzma1[] = {{LZMA_FILTER_LZMA1, &chain.lzma},
                                 {LZMA_VLI_UNKNOWN, NULL}};
    const lzma_filter unknown[] = {{LZMA_VLI_MAX, NULL}, {LZMA_VLI_UNKNOWN, NULL}};
    assert_int_equal(lzma_raw_encoder(&strm, lzma1), LZMA_OK);
    assert_int_equal(lzma_filters_update(&strm, lzma1), LZMA_PROG_ERROR);
    assert_int_equal(lzma_filters_update(&strm, unknown), LZMA_OPTIONS_ERROR);
    lzma_end(&strm);
    open_stream(&strm, PLAIN, &chain, NULL);
    assert_int_equal(give(&strm, PART, LZMA_FINISH), LZMA_STREAM_END);
    assert_int_equal(lzma_filters_update(&strm, chain.filters), LZMA_PROG_ERROR);
    lzma_end(&strm);
}

/* Memory as a program may have left it. */
static void *alloc_filled(void *opaque, size_t count, size_t size)
{
    void *const memory = malloc(count * size);
    if (memory != NULL)
        memset(memory, *(const int *)opaque, count * size);
    return memory;
}

static void free_filled(void *opaque, void *memory)
{
    (void)opaque;
    free(memory);
}

/* Half of the text with few properties, then with many. Returns the size in out. */
static size_t encode_with_two(const lzma_allocator *allocator)
{
    lzma_options_lzma lzma;
    const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &lzma},
                                   {LZMA_VLI_UNKNOWN, NULL}};
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = allocator;
    assert_false(lzma_lzma_preset(&lzma, 6));
    lzma.lc = 0;
    lzma.pb = 0;
    assert_int_equal(lzma_raw_encoder(&strm, filters), LZMA_OK);
    strm.next_in = text;
    strm.next_out = out;
    strm.avail_out = sizeof(out);
    strm.avail_in = PART;
    assert_int_equal(lzma_code(&strm, LZMA_SYNC_FLUSH), LZMA_STREAM_END);
    lzma.lc = 4;
    lzma.pb = 4;
    assert_int_equal(lzma_filters_update(&strm, filters), LZMA_OK);
    strm.avail_in = TEXT_SIZE - PART;
    assert_int_equal(lzma_code(&strm, LZMA_FINISH), LZMA_STREAM_END);
    const size_t size = sizeof(out) - strm.avail_out;
    lzma_end(&strm);
    return size;
}

/* New properties have prices of their own, whatever memory held before. */
static void test_update_of_properties(void **state)
{
    (void)state;
    int byte = 0;
    const lzma_allocator allocator = {alloc_filled, free_filled, &byte};
    const size_t size = encode_with_two(&allocator);
    uint8_t *const first = malloc(size);
    assert_non_null(first);
    memcpy(first, out, size);
    for (byte = 1; byte < 256; byte += 127) {
        assert_int_equal(encode_with_two(&allocator), size);
        assert_memory_equal(out, first, size);
    }
    free(first);
}

static int fill(void **state)
{
    (void)state;
    fill_text(text, TEXT_SIZE, 3);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flushed_data_can_be_decoded),
        cmocka_unit_test(test_empty_flushes),
        cmocka_unit_test(test_no_data_at_all),
        cmocka_unit_test(test_filters_that_cannot_flush),
        cmocka_unit_test(test_update_inside_block),
        cmocka_unit_test(test_update_between_blocks),
        cmocka_unit_test(test_update_without_memory),
        cmocka_unit_test(test_update_of_others),
        cmocka_unit_test(test_update_of_properties),
    };
    return cmocka_run_group_tests(tests, fill, NULL);
}
