// SPDX-License-Identifier: 0BSD
// Faults that liblzma had: for each a test that would have shown it. Buffers end where
// a wrong access is seen by the sanitizers' build and by the allocator that counts.
//
//     CVE-2026-34743        lzma_index_append() behind a decoded Index of no Records
//     GHSA-5qpq-xqfv-j9pg   dictionary forgotten after an allocation that failed
//     CVE-2025-31115        buffers used by workers after their owner let go of them:
//                           stream/mt_stress_test.c
//     2026-11, ours         trees read text before the window, which had moved on

#include <sys/mman.h>

#include "support/samples.h"

/* Appends to an Index that was decoded with no Records, and copies it. */
static void append_to_decoded_index(void **state)
{
    (void)state;
    static const unsigned counts[] = {1, 2, 3, 511, 512, 513, 2000};
    for (size_t c = 0; c < ARRAY_COUNT(counts); ++c) {
        struct counter counter;
        counter_init(&counter, -1);
        uint8_t field[64];
        size_t size = 0;
        lzma_index *empty = lzma_index_init(&counter.allocator);
        assert_int_equal(lzma_index_buffer_encode(empty, field, &size, sizeof(field)),
                         LZMA_OK);
        lzma_index_end(empty, &counter.allocator);

        lzma_index *index = NULL;
        uint64_t limit = UINT64_MAX;
        size_t pos = 0;
        assert_int_equal(lzma_index_buffer_decode(&index, &limit, &counter.allocator,
                                                  field, &pos, size),
                         LZMA_OK);
        for (unsigned i = 0; i < counts[c]; ++i)
            assert_int_equal(lzma_index_append(index, &counter.allocator, 5 + i, i + 1),
                             LZMA_OK);
        lzma_index *copy = lzma_index_dup(index, &counter.allocator);
        assert_non_null(copy);

        lzma_index_iter iter;
        lzma_index_iter_init(&iter, copy);
        for (unsigned i = 0; i < counts[c]; ++i) {
            assert_false(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK));
            assert_true(iter.block.unpadded_size == 5 + i);
            assert_true(iter.block.uncompressed_size == i + 1);
        }
        assert_true(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK));
        lzma_index_end(copy, &counter.allocator);
        lzma_index_end(index, &counter.allocator);
        counter_check(&counter);
    }
}

/* A decoder whose dictionary comes from a header, and its input with a small and with a
   big dictionary. */
struct reuse_case {
    lzma_ret (*open)(lzma_stream *strm, bool is_big);
    const struct packed *small;
    const struct packed *big;
};

static lzma_ret open_alone(lzma_stream *strm, bool is_big)
{
    (void)is_big;
    return lzma_alone_decoder(strm, UINT64_MAX);
}

static lzma_ret open_lzip(lzma_stream *strm, bool is_big)
{
    (void)is_big;
    return lzma_lzip_decoder(strm, UINT64_MAX, 0);
}

static lzma_ret open_auto(lzma_stream *strm, bool is_big)
{
    (void)is_big;
    return lzma_auto_decoder(strm, UINT64_MAX, 0);
}

static lzma_ret open_micro(lzma_stream *strm, bool is_big)
{
    return lzma_microlzma_decoder(strm, samples.micro.size, PLAIN_SIZE, true,
                                  is_big ? samples.options_big.dict_size
                                         : samples.options_small.dict_size);
}

/* Decodes one packed sample; allocation number `failing` fails (0: none). */
static lzma_ret decode(lzma_stream *strm, struct counter *counter,
                       const struct reuse_case *test, bool is_big, long failing)
{
    static uint8_t out[PLAIN_SIZE + 1];
    const struct packed *const input = is_big ? test->big : test->small;
    fail_at(counter, failing);
    lzma_ret ret = test->open(strm, is_big);
    if (ret != LZMA_OK)
        return ret;
    strm->next_in = input->bytes;
    strm->avail_in = input->size;
    strm->next_out = out;
    strm->avail_out = 0;
    /* Room comes piece by piece: the dictionary is needed, not the caller's buffer. */
    do {
        strm->avail_out = PLAIN_SIZE - strm->total_out < 1000
                              ? (size_t)(PLAIN_SIZE - strm->total_out) + 1
                              : 1000;
        ret = lzma_code(strm, LZMA_FINISH);
    } while (ret == LZMA_OK && strm->total_out < PLAIN_SIZE);
    if (ret == LZMA_OK)
        ret = lzma_code(strm, LZMA_FINISH);
    if (ret == LZMA_STREAM_END)
        assert_memory_equal(out, samples.plain, PLAIN_SIZE);
    return ret;
}

static void dictionary_after_failure(void **state)
{
    (void)state;
    const struct reuse_case cases[] = {
        {open_alone, &samples.alone, &samples.alone_big},
        {open_lzip, &samples.lzip, &samples.lzip_big},
        {open_auto, &samples.alone, &samples.alone_big},
        {open_micro, &samples.micro, &samples.micro},
    };
    for (size_t c = 0; c < ARRAY_COUNT(cases); ++c) {
        for (long failing = 1; failing < 20; ++failing) {
            struct counter counter;
            counter_init(&counter, -1);
            lzma_stream strm = LZMA_STREAM_INIT;
            strm.allocator = &counter.allocator;
            /* Small, then big without memory, then small and big again. */
            assert_int_equal(decode(&strm, &counter, &cases[c], false, 0),
                             LZMA_STREAM_END);
            const lzma_ret ret = decode(&strm, &counter, &cases[c], true, failing);
            assert_true(ret == LZMA_MEM_ERROR || ret == LZMA_STREAM_END);
            assert_int_equal(decode(&strm, &counter, &cases[c], false, 0),
                             LZMA_STREAM_END);
            assert_int_equal(decode(&strm, &counter, &cases[c], true, 0),
                             LZMA_STREAM_END);
            lzma_end(&strm);
            counter_check(&counter);
        }
    }
}

#define FORBIDDEN ((size_t)1 << 20)

/* Memory behind a megabyte that nobody may touch. */
static void *walled_alloc(void *opaque, size_t count, size_t size)
{
    (void)opaque;
    const size_t whole = FORBIDDEN + 4096 + count * size;
    uint8_t *const start =
        mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED)
        return NULL;
    memcpy(start + FORBIDDEN + 4080, &whole, sizeof(whole));
    assert_int_equal(mprotect(start, FORBIDDEN, PROT_NONE), 0);
    return start + FORBIDDEN + 4096;
}

static void walled_free(void *opaque, void *ptr)
{
    (void)opaque;
    size_t whole;
    if (ptr == NULL)
        return;
    memcpy(&whole, (uint8_t *)ptr - 16, sizeof(whole));
    assert_int_equal(munmap((uint8_t *)ptr - FORBIDDEN - 4096, whole), 0);
}

/* Noise is stored unsearched, and put into the tree when the window may have moved. */
static void noise_in_trees(void **state)
{
    (void)state;
    static const struct {
        uint32_t dict_size;
        lzma_match_finder mf;
    } cases[] = {
        {98304, LZMA_MF_BT4},   {163840, LZMA_MF_BT4},  {24168, LZMA_MF_BT3},
        {98304, LZMA_MF_BT2},   {1000000, LZMA_MF_BT2}, {163840, LZMA_MF_HC4},
        {1000000, LZMA_MF_HC3}, {1000000, LZMA_MF_BT4},
    };
    const lzma_allocator walled = {walled_alloc, walled_free, NULL};
    const size_t size = (size_t)4 << 20;
    uint8_t *const plain = malloc(size);
    uint8_t *const packed = malloc(2 * size);
    fill_random(plain, size, 3);
    for (size_t c = 0; c < ARRAY_COUNT(cases); ++c) {
        lzma_options_lzma options;
        assert_false(lzma_lzma_preset(&options, 6));
        options.dict_size = cases[c].dict_size;
        options.mf = cases[c].mf;
        const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options},
                                       {LZMA_VLI_UNKNOWN, NULL}};
        lzma_stream strm = LZMA_STREAM_INIT;
        strm.allocator = &walled;
        assert_int_equal(lzma_raw_encoder(&strm, filters), LZMA_OK);
        strm.next_in = plain;
        strm.avail_in = size;
        strm.next_out = packed;
        strm.avail_out = 2 * size;
        assert_int_equal(lzma_code(&strm, LZMA_FINISH), LZMA_STREAM_END);
        lzma_end(&strm);
    }
    free(plain);
    free(packed);
}

static int make_samples(void **state)
{
    (void)state;
    samples_make();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(append_to_decoded_index),
        cmocka_unit_test(dictionary_after_failure),
        cmocka_unit_test(noise_in_trees),
    };
    return cmocka_run_group_tests(tests, make_samples, NULL);
}
