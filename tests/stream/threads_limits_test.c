// SPDX-License-Identifier: 0BSD
// What the threaded coders take and promise: memory that follows the data, threads that
// start when needed, limits, flags, and calls that never end in LZMA_BUF_ERROR wrongly.

#include "support/support.h"
#include <dirent.h>
#include <unistd.h>

#define TEXT_SIZE 400000
#define MIB       ((size_t)1 << 20)

static uint8_t text[TEXT_SIZE];
static uint8_t packed[2 * TEXT_SIZE]; // text in Blocks of 20000 bytes
static size_t packed_size;
static uint8_t out[2 * TEXT_SIZE];

static lzma_mt mt_options(uint32_t threads)
{
    return (lzma_mt){.threads = threads,
                     .check = LZMA_CHECK_CRC32,
                     .memlimit_threading = UINT64_MAX,
                     .memlimit_stop = UINT64_MAX};
}

/* Codes all of in into out with LZMA_FINISH, up to the first result that is not
   LZMA_OK. */
static lzma_ret finish(lzma_stream *strm, const uint8_t *in, size_t in_size)
{
    strm->next_in = in;
    strm->avail_in = in_size;
    strm->next_out = out;
    strm->avail_out = sizeof(out);
    lzma_ret ret;
    do {
        ret = lzma_code(strm, LZMA_FINISH);
    } while (ret == LZMA_OK);
    return ret;
}

static int make_packed(void **state)
{
    (void)state;
    fill_text(text, TEXT_SIZE, 1);
    lzma_mt options = mt_options(2);
    options.block_size = 20000;
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_stream_encoder_mt(&strm, &options), LZMA_OK);
    assert_int_equal(finish(&strm, text, TEXT_SIZE), LZMA_STREAM_END);
    packed_size = (size_t)strm.total_out;
    memcpy(packed, out, packed_size);
    lzma_end(&strm);
    return 0;
}

/* ---- Memory and threads ---- */

static int count_threads(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    while (tasks != NULL && readdir(tasks) != NULL)
        ++count;
    if (tasks != NULL)
        (void)closedir(tasks);
    return count;
}

/* Encodes size bytes and gives the most memory that was in use. */
static size_t encoder_peak(const lzma_mt *options, size_t size)
{
    struct counter counter;
    counter_init(&counter, -1);
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = &counter.allocator;
    assert_int_equal(lzma_stream_encoder_mt(&strm, options), LZMA_OK);
    assert_int_equal(finish(&strm, text, size), LZMA_STREAM_END);
    lzma_end(&strm);
    const size_t peak = counter.peak;
    counter_check(&counter);
    return peak;
}

static size_t decoder_peak(const lzma_mt *options, const uint8_t *in, size_t in_size,
                           lzma_ret expected)
{
    struct counter counter;
    counter_init(&counter, -1);
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = &counter.allocator;
    assert_int_equal(lzma_stream_decoder_mt(&strm, options), LZMA_OK);
    assert_int_equal(finish(&strm, in, in_size), expected);
    lzma_end(&strm);
    const size_t peak = counter.peak;
    counter_check(&counter);
    return peak;
}

static void test_small_input_takes_little(void **state)
{
    (void)state;
    for (uint32_t threads = 16; threads <= 16384; threads *= 32) {
        lzma_mt options = mt_options(threads);
        options.preset = 9;
        assert_in_range(encoder_peak(&options, 1024), 1, 8 * MIB);
        assert_in_range(encoder_peak(&options, 0), 1, 2 * MIB);
        uint8_t small[1000];
        size_t size = 0;
        assert_int_equal(lzma_easy_buffer_encode(9, LZMA_CHECK_CRC64, NULL, text, 1024,
                                                 small, &size, sizeof(small)),
                         LZMA_OK);
        assert_in_range(decoder_peak(&options, small, size, LZMA_STREAM_END), 1, MIB);
    }
}

/* The estimate is not exceeded, whatever the Blocks. */
static void test_estimate_holds(void **state)
{
    (void)state;
    static const uint64_t block_sizes[] = {1000, 30000, 200000, 0};
    for (size_t i = 0; i < ARRAY_COUNT(block_sizes); ++i) {
        for (uint32_t threads = 1; threads <= 5; threads += 2) {
            lzma_mt options = mt_options(threads);
            options.block_size = block_sizes[i];
            const uint64_t estimate = lzma_stream_encoder_mt_memusage(&options);
            assert_in_range(encoder_peak(&options, TEXT_SIZE), 1, estimate);
        }
    }
}

/* memlimit_threading is kept but for the small parts that every decoder has. */
static void test_memlimit_threading_holds(void **state)
{
    (void)state;
    const size_t fixed = MIB / 2;
    for (size_t limit = 0; limit <= 4 * MIB; limit += 300000) {
        lzma_mt options = mt_options(6);
        options.memlimit_threading = limit;
        const size_t most = limit > 400000 ? limit : 400000;
        assert_in_range(decoder_peak(&options, packed, packed_size, LZMA_STREAM_END), 1,
                        most + fixed);
    }
}

static void test_threads_start_when_needed(void **state)
{
    (void)state;
    const int before = count_threads();
    lzma_mt options = mt_options(100);
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_stream_encoder_mt(&strm, &options), LZMA_OK);
    assert_int_equal(count_threads(), before);
    assert_int_equal(finish(&strm, text, 50000), LZMA_STREAM_END);
    assert_int_equal(count_threads(), before + 1);
    assert_int_equal(lzma_stream_decoder_mt(&strm, &options), LZMA_OK);
    /* A thread that has been joined may be listed for a moment. */
    for (int i = 0; i < 1000 && count_threads() != before; ++i)
        (void)usleep(1000);
    assert_int_equal(count_threads(), before);
    lzma_end(&strm);
}

/* ---- What headers claim ---- */

static void *allocate_up_to_1_gib(void *opaque, size_t count, size_t size)
{
    (void)opaque;
    return size > 1024 * MIB ? NULL : malloc(count * size);
}

/* Writes Stream Header, a Block Header that claims sizes, and more bytes. */
static size_t claim(uint64_t compressed_size, uint64_t uncompressed_size,
                    const uint8_t *body, size_t body_size, uint8_t *file)
{
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 1));
    lzma_filter filters[2] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, NULL}};
    const lzma_stream_flags flags = {.check = LZMA_CHECK_NONE};
    lzma_block block = {.check = LZMA_CHECK_NONE,
                        .compressed_size = compressed_size,
                        .uncompressed_size = uncompressed_size,
                        .filters = filters};
    assert_int_equal(lzma_stream_header_encode(&flags, file), LZMA_OK);
    assert_int_equal(lzma_block_header_size(&block), LZMA_OK);
    assert_int_equal(lzma_block_header_encode(&block, file + 12), LZMA_OK);
    memcpy(file + 12 + block.header_size, body, body_size);
    return 12 + block.header_size + body_size;
}

static void test_huge_claims(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {100000000, UINT64_C(1) << 31, SIZE_MAX / 3 - 8,
                                     UINT64_C(1) << 50, UINT64_C(1) << 62};
    static const uint8_t stored[] = {0x01, 0x00, 0x03, 'a', 'b', 'c', 'd'};
    const lzma_allocator allocator = {.alloc = allocate_up_to_1_gib};
    for (size_t i = 0; i < 2 * ARRAY_COUNT(sizes); ++i) {
        uint8_t file[100];
        const uint64_t size = sizes[i / 2];
        const size_t file_size = claim(size, size, stored, sizeof(stored), file);
        lzma_mt options = mt_options(4);
        options.memlimit_threading = i % 2 == 0 ? UINT64_MAX : 4 * MIB;
        if (i % 2 == 1)
            assert_in_range(decoder_peak(&options, file, file_size, LZMA_BUF_ERROR), 1,
                            2 * MIB);
        lzma_stream strm = LZMA_STREAM_INIT;
        strm.allocator = &allocator;
        assert_int_equal(lzma_stream_decoder_mt(&strm, &options), LZMA_OK);
        assert_int_equal(finish(&strm, file, file_size), LZMA_BUF_ERROR);
        assert_int_equal(strm.total_out, 4);
        assert_memory_equal(out, "abcd", 4);
        lzma_end(&strm);
    }
}

/* A Block that says it holds nothing. */
static void test_empty_block(void **state)
{
    (void)state;
    static const uint8_t end[] = {0x00, 0x00, 0x00, 0x00};
    uint8_t file[100];
    size_t size = claim(1, 0, end, sizeof(end), file);
    lzma_index *index = lzma_index_init(NULL);
    assert_int_equal(lzma_index_append(index, NULL, size - 12 - 3, 0), LZMA_OK);
    assert_int_equal(lzma_index_buffer_encode(index, file, &size, sizeof(file)),
                     LZMA_OK);
    const lzma_stream_flags flags = {.check = LZMA_CHECK_NONE,
                                     .backward_size = lzma_index_size(index)};
    assert_int_equal(lzma_stream_footer_encode(&flags, file + size), LZMA_OK);
    size += 12;
    lzma_index_end(index, NULL);
    const lzma_mt options = mt_options(3);
    assert_true(decoder_peak(&options, file, size, LZMA_STREAM_END) > 0);
}

/* ---- Calls ---- */

/* A call without room, then one with room while the workers are at it: not the second
   call in a row that cannot go on. */
static void test_no_wrong_buf_error(void **state)
{
    (void)state;
    for (int round = 0; round < 100; ++round) {
        const lzma_mt options = mt_options(1 + (uint32_t)round % 3);
        lzma_stream strm = LZMA_STREAM_INIT;
        assert_int_equal(lzma_stream_decoder_mt(&strm, &options), LZMA_OK);
        strm.next_in = packed;
        strm.avail_in = 3000;
        strm.next_out = out;
        assert_int_equal(lzma_code(&strm, LZMA_RUN), LZMA_OK);
        assert_int_equal(strm.avail_in, 0);
        assert_int_equal(lzma_code(&strm, LZMA_RUN), LZMA_OK);
        assert_int_equal(lzma_code(&strm, LZMA_RUN), LZMA_BUF_ERROR);
        strm.avail_out = 10;
        assert_int_equal(lzma_code(&strm, LZMA_RUN), LZMA_OK);
        assert_int_not_equal(strm.total_out, 0);
        lzma_end(&strm);
    }
}

static void test_progress_at_the_end(void **state)
{
    (void)state;
    uint64_t in;
    uint64_t given;
    lzma_mt options = mt_options(3);
    options.block_size = 30000;
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_stream_encoder_mt(&strm, &options), LZMA_OK);
    assert_int_equal(finish(&strm, text, TEXT_SIZE), LZMA_STREAM_END);
    lzma_get_progress(&strm, &in, &given);
    assert_int_equal(in, TEXT_SIZE);
    assert_int_equal(given, strm.total_out);
    assert_int_equal(lzma_stream_decoder_mt(&strm, &options), LZMA_OK);
    assert_int_equal(finish(&strm, packed, packed_size), LZMA_STREAM_END);
    lzma_get_progress(&strm, &in, &given);
    assert_int_equal(in, packed_size);
    assert_int_equal(given, TEXT_SIZE);
    lzma_end(&strm);
}

/* ---- LZMA_FAIL_FAST ---- */

static void test_fail_fast_on_sound_file(void **state)
{
    (void)state;
    lzma_stream strm = LZMA_STREAM_INIT;
    for (uint32_t round = 0; round < 60; ++round) {
        lzma_mt options = mt_options(1 + round % 5);
        options.flags = LZMA_FAIL_FAST;
        options.timeout = round % 2;
        assert_int_equal(lzma_stream_decoder_mt(&strm, &options), LZMA_OK);
        assert_int_equal(finish(&strm, packed, packed_size), LZMA_STREAM_END);
        assert_int_equal(strm.total_out, TEXT_SIZE);
        assert_memory_equal(out, text, TEXT_SIZE);
    }
    lzma_end(&strm);
}

/* A file that ends in a Block, or where a Block or the Index begins, is cut off. */
static void test_fail_fast_on_cut_file(void **state)
{
    (void)state;
    const size_t index_size =
        ((size_t)packed[packed_size - 8] + 1) * 4; // Backward Size, less than 1 KiB
    const size_t index_start = packed_size - 12 - index_size;
    lzma_mt options = mt_options(3);
    options.flags = LZMA_FAIL_FAST;
    lzma_stream strm = LZMA_STREAM_INIT;
    for (size_t size = 0; size < packed_size;
         size += size < 60 || size + 150 > packed_size ? 1 : 1009) {
        assert_int_equal(lzma_stream_decoder_mt(&strm, &options), LZMA_OK);
        const bool in_blocks = size >= 12 && size <= index_start;
        assert_int_equal(finish(&strm, packed, size),
                         in_blocks ? LZMA_DATA_ERROR : LZMA_BUF_ERROR);
    }
    lzma_end(&strm);
}

/* ---- Limits ---- */

static void test_memlimit_stop_resumes(void **state)
{
    (void)state;
    lzma_mt options = mt_options(3);
    options.memlimit_stop = 0;
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_stream_decoder_mt(&strm, &options), LZMA_OK);
    assert_int_equal(lzma_memlimit_get(&strm), 1);
    assert_int_equal(finish(&strm, packed, packed_size), LZMA_MEMLIMIT_ERROR);
    assert_int_equal(finish(&strm, strm.next_in, strm.avail_in), LZMA_MEMLIMIT_ERROR);
    const uint64_t usage = lzma_memusage(&strm);
    assert_in_range(usage, 100000, 1000000);
    assert_int_equal(lzma_memlimit_set(&strm, usage - 1), LZMA_MEMLIMIT_ERROR);
    assert_int_equal(lzma_memlimit_get(&strm), 1);
    assert_int_equal(lzma_memlimit_set(&strm, usage), LZMA_OK);
    assert_int_equal(finish(&strm, strm.next_in, strm.avail_in), LZMA_STREAM_END);
    assert_int_equal(strm.total_out, TEXT_SIZE);
    assert_memory_equal(out, text, TEXT_SIZE);
    lzma_end(&strm);
}

/* Two Blocks, the second with a dictionary of 64 MiB. Returns the size in packed. */
static size_t pack_with_larger_dict(size_t first_size)
{
    lzma_options_lzma small, large;
    assert_false(lzma_lzma_preset(&small, 0));
    large = small;
    large.dict_size = 64 * MIB;
    const lzma_filter before[] = {{LZMA_FILTER_LZMA2, &small},
                                  {LZMA_VLI_UNKNOWN, NULL}};
    const lzma_filter behind[] = {{LZMA_FILTER_LZMA2, &large},
                                  {LZMA_VLI_UNKNOWN, NULL}};
    lzma_mt options = mt_options(2);
    options.filters = before;
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_stream_encoder_mt(&strm, &options), LZMA_OK);
    strm.next_in = text;
    strm.avail_in = first_size;
    strm.next_out = out;
    strm.avail_out = sizeof(out);
    lzma_ret ret;
    do {
        ret = lzma_code(&strm, LZMA_FULL_FLUSH);
    } while (ret == LZMA_OK);
    assert_int_equal(ret, LZMA_STREAM_END);
    assert_int_equal(lzma_filters_update(&strm, behind), LZMA_OK);
    strm.avail_in = TEXT_SIZE - first_size;
    do {
        ret = lzma_code(&strm, LZMA_FINISH);
    } while (ret == LZMA_OK);
    assert_int_equal(ret, LZMA_STREAM_END);
    const size_t size = (size_t)strm.total_out;
    lzma_end(&strm);
    memcpy(packed, out, size);
    return size;
}

/* A Block that needs too much is refused when those before it are out, not sooner. */
static void test_memlimit_stop_waits(void **state)
{
    (void)state;
    const size_t first_size = TEXT_SIZE - 1000;
    const size_t size = pack_with_larger_dict(first_size);
    lzma_mt options = mt_options(2);
    options.memlimit_stop = 32 * MIB;
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_stream_decoder_mt(&strm, &options), LZMA_OK);
    assert_int_equal(finish(&strm, packed, size), LZMA_MEMLIMIT_ERROR);
    assert_int_equal(strm.total_out, first_size);
    assert_int_equal(lzma_memlimit_set(&strm, 128 * MIB), LZMA_OK);
    lzma_ret ret;
    do {
        ret = lzma_code(&strm, LZMA_FINISH);
    } while (ret == LZMA_OK);
    assert_int_equal(ret, LZMA_STREAM_END);
    assert_int_equal(strm.total_out, TEXT_SIZE);
    assert_memory_equal(out, text, TEXT_SIZE);
    lzma_end(&strm);
    assert_int_equal(make_packed(state), 0);
}

/* A limit that is lowered on the way binds the threads as well. */
static void test_lowered_limit(void **state)
{
    (void)state;
    struct counter counter;
    counter_init(&counter, -1);
    const lzma_mt options = mt_options(8);
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = &counter.allocator;
    assert_int_equal(lzma_stream_decoder_mt(&strm, &options), LZMA_OK);
    assert_int_equal(lzma_memlimit_set(&strm, 350000), LZMA_OK);
    assert_int_equal(finish(&strm, packed, packed_size), LZMA_STREAM_END);
    assert_int_equal(strm.total_out, TEXT_SIZE);
    lzma_end(&strm);
    assert_in_range(counter.peak, 1, 350000 + MIB / 2);
    counter_check(&counter);
}

static void test_refused_options(void **state)
{
    (void)state;
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_mt options = mt_options(2);
    options.check = (lzma_check)2;
    assert_int_equal(lzma_stream_encoder_mt(&strm, &options), LZMA_UNSUPPORTED_CHECK);
    options.check = (lzma_check)16;
    assert_int_equal(lzma_stream_encoder_mt(&strm, &options), LZMA_PROG_ERROR);
    options.check = LZMA_CHECK_CRC32;
    options.block_size = SIZE_MAX;
    assert_int_not_equal(lzma_stream_encoder_mt(&strm, &options), LZMA_OK);
    options.block_size = MIB;
    lzma_options_lzma lzma;
    assert_false(lzma_lzma_preset(&lzma, 0));
    lzma_filter filters[2] = {{LZMA_FILTER_LZMA1, &lzma}, {LZMA_VLI_UNKNOWN, NULL}};
    options.filters = filters;
    assert_int_equal(lzma_stream_encoder_mt(&strm, &options), LZMA_PROG_ERROR);
    filters[0].id = LZMA_FILTER_LZMA2;
    assert_int_equal(lzma_stream_encoder_mt(&strm, &options), LZMA_OK);
    filters[0].id = LZMA_FILTER_LZMA1;
    assert_int_equal(lzma_filters_update(&strm, filters), LZMA_PROG_ERROR);
    assert_int_equal(finish(&strm, text, 1000), LZMA_STREAM_END);
    lzma_end(&strm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_input_takes_little),
        cmocka_unit_test(test_estimate_holds),
        cmocka_unit_test(test_memlimit_threading_holds),
        cmocka_unit_test(test_threads_start_when_needed),
        cmocka_unit_test(test_huge_claims),
        cmocka_unit_test(test_empty_block),
        cmocka_unit_test(test_no_wrong_buf_error),
        cmocka_unit_test(test_progress_at_the_end),
        cmocka_unit_test(test_fail_fast_on_sound_file),
        cmocka_unit_test(test_fail_fast_on_cut_file),
        cmocka_unit_test(test_memlimit_stop_resumes),
        cmocka_unit_test(test_memlimit_stop_waits),
        cmocka_unit_test(test_lowered_limit),
        cmocka_unit_test(test_refused_options),
    };
    return cmocka_run_group_tests(tests, make_packed, NULL);
}
