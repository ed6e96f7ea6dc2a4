// SPDX-License-Identifier: 0BSD
// clearxz_file_decoder_mt(): what is known of a file beforehand makes threads possible
// and changes nothing else, whether it is true or not.

#include "support/support.h"
#include "support/thread_count.h"
#include <clearxz.h>
#include <unistd.h>

#define TEXT_SIZE 300000

static uint8_t text[TEXT_SIZE];
static uint8_t file[2 * TEXT_SIZE];
static uint8_t out[2 * TEXT_SIZE];

/* Packs text in Blocks of about block_size, whose headers tell no sizes; a new Stream
   after every streams_after Blocks. Returns the size in file. */
static size_t pack_checked(size_t block_size, unsigned streams_after, lzma_check check)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    size_t file_size = 0;
    unsigned blocks = 0;
    for (size_t pos = 0; pos < TEXT_SIZE;) {
        if (blocks == 0)
            assert_int_equal(lzma_easy_encoder(&strm, 1, check), LZMA_OK);
        const size_t left = TEXT_SIZE - pos;
        strm.next_in = text + pos;
        strm.avail_in = block_size < left ? block_size : left;
        pos += strm.avail_in;
        ++blocks;
        const bool ends = pos == TEXT_SIZE || blocks == streams_after;
        strm.next_out = file + file_size;
        strm.avail_out = sizeof(file) - file_size;
        assert_int_equal(lzma_code(&strm, ends ? LZMA_FINISH : LZMA_FULL_FLUSH),
                         LZMA_STREAM_END);
        file_size = (size_t)(strm.next_out - file);
        if (!ends)
            continue;
        blocks = 0;
        /* Stream Padding of every length there may be */
        for (size_t i = 0; i < pos / block_size % 3 * 4; ++i)
            file[file_size++] = 0;
    }
    lzma_end(&strm);
    return file_size;
}

static size_t pack(size_t block_size, unsigned streams_after)
{
    return pack_checked(block_size, streams_after, LZMA_CHECK_CRC32);
}

static lzma_index *read_index(size_t file_size)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_index *index = NULL;
    assert_int_equal(lzma_file_info_decoder(&strm, &index, UINT64_MAX, file_size),
                     LZMA_OK);
    strm.next_in = file;
    strm.avail_in = file_size;
    lzma_ret ret;
    while ((ret = lzma_code(&strm, LZMA_RUN)) == LZMA_SEEK_NEEDED) {
        strm.next_in = file + strm.seek_pos;
        strm.avail_in = file_size - (size_t)strm.seek_pos;
    }
    assert_int_equal(ret, LZMA_STREAM_END);
    lzma_end(&strm);
    return index;
}

struct result {
    lzma_ret ret;
    size_t size;      // bytes in out
    unsigned threads; // most that were seen
};

/* Decodes the first file_size bytes of file in pieces. */
static struct result decode_flagged(size_t file_size, uint32_t threads,
                                    const clearxz_file *known, size_t piece,
                                    uint32_t flags)
{
    const lzma_mt options = {.threads = threads,
                             .flags = LZMA_CONCATENATED | flags,
                             .memlimit_threading = UINT64_C(1) << 30,
                             .memlimit_stop = UINT64_MAX};
    lzma_stream strm = LZMA_STREAM_INIT;
    struct result result = {.ret = LZMA_OK};
    settle();
    assert_int_equal(clearxz_file_decoder_mt(&strm, &options, known), LZMA_OK);
    strm.next_in = file;
    while (result.ret == LZMA_OK) {
        const size_t left = file_size - (size_t)strm.total_in;
        strm.avail_in = left < piece ? left : piece;
        strm.next_out = out + result.size;
        const size_t room = sizeof(out) - result.size;
        strm.avail_out = piece < room ? piece : room;
        result.ret = lzma_code(&strm, strm.avail_in == left ? LZMA_FINISH : LZMA_RUN);
        result.size = (size_t)strm.total_out;
        const unsigned now = count_threads();
        result.threads = now > result.threads ? now : result.threads;
    }
    lzma_end(&strm);
    return result;
}

static struct result decode(size_t file_size, uint32_t threads,
                            const clearxz_file *known, size_t piece)
{
    return decode_flagged(file_size, threads, known, piece, 0);
}

static void check_good(const struct result *result)
{
    assert_int_equal(result->ret, LZMA_STREAM_END);
    assert_int_equal(result->size, TEXT_SIZE);
    assert_memory_equal(out, text, TEXT_SIZE);
}

static int make_text(void **state)
{
    (void)state;
    fill_text(text, TEXT_SIZE, 7);
    count_others();
    return 0;
}

/* Without an Index such files need the caller's thread; with it all of them work. */
static void test_index_gives_sizes(void **state)
{
    (void)state;
    const unsigned streams_after[] = {1, 3, UINT32_MAX};
    for (size_t i = 0; i < ARRAY_COUNT(streams_after); ++i) {
        const size_t size = pack(20000, streams_after[i]);
        lzma_index *index = read_index(size);
        clearxz_file known = {.index = NULL};
        struct result result = decode(size, 4, &known, 5000);
        check_good(&result);
        assert_int_equal(result.threads, 1);
        known.index = index;
        for (uint32_t threads = 1; threads <= 16; threads *= 2) {
            result = decode(size, threads, &known, 3000 + 5000 * threads);
            check_good(&result);
            assert_true(result.threads > 1);
            assert_true(result.threads <= threads + 1);
        }
        lzma_index_end(index, NULL);
    }
}

/* The Check of a Block that is most of the file is computed as its output is given. A
   false one is told behind the last byte, and before the next Block's. */
static void test_check_of_most(void **state)
{
    (void)state;
    static const lzma_check checks[] = {LZMA_CHECK_NONE, LZMA_CHECK_CRC32,
                                        LZMA_CHECK_CRC64, LZMA_CHECK_SHA256};
    static const size_t sizes[] = {TEXT_SIZE, 280000};
    static const size_t pieces[] = {1000, sizeof(out)};
    for (size_t i = 0; i < 4 * ARRAY_COUNT(checks); ++i) {
        const lzma_check check = checks[i / 4];
        const size_t size = pack_checked(sizes[i % 2], UINT32_MAX, check);
        const size_t piece = pieces[i / 2 % 2];
        lzma_index *index = read_index(size);
        const clearxz_file known = {.index = index};
        lzma_index_iter iter;
        lzma_index_iter_init(&iter, index);
        assert_false(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK));
        struct result result = decode(size, 2, &known, piece);
        check_good(&result);
        assert_true(result.threads > 1);

        if (check != LZMA_CHECK_NONE) {
            file[LZMA_STREAM_HEADER_SIZE + iter.block.total_size - 1] ^= 1;
            memset(out, 0, sizeof(out));
            result = decode(size, 2, &known, piece);
            assert_int_equal(result.ret, LZMA_DATA_ERROR);
            assert_int_equal(result.size, sizes[i % 2]);
            assert_memory_equal(out, text, sizes[i % 2]);
            result = decode_flagged(size, 2, &known, piece, LZMA_FAIL_FAST);
            assert_int_equal(result.ret, LZMA_DATA_ERROR);
            result = decode_flagged(size, 2, &known, piece, LZMA_IGNORE_CHECK);
            check_good(&result);
        }
        lzma_index_end(index, NULL);
    }
}

/* An Index that does not belong to the file never makes a bad file good or reads where
   it must not; sizes of headers count for more. */
static void test_wrong_index(void **state)
{
    (void)state;
    const size_t size = pack(20000, UINT32_MAX);
    lzma_index *right = read_index(size);
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, right);
    for (unsigned wrong = 0; wrong < 6; ++wrong) {
        static const lzma_vli unpadded_add[] = {0, 4, 0, LZMA_VLI_MAX / 4, 0, 100};
        static const lzma_vli uncompressed_add[] = {1, 0, LZMA_VLI_MAX / 4, 0, 0, 100};
        lzma_index *index = lzma_index_init(NULL);
        lzma_index_iter_rewind(&iter);
        for (unsigned i = 0; !lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK); ++i) {
            const bool here = i == 3;
            const bool tiny = here && wrong == 4;
            assert_int_equal(
                lzma_index_append(index, NULL,
                                  tiny ? 5
                                       : iter.block.unpadded_size
                                             + (here ? unpadded_add[wrong] : 0),
                                  iter.block.uncompressed_size
                                      + (here ? uncompressed_add[wrong] : 0)),
                LZMA_OK);
            if (wrong == 5 && i == 8)
                break;
        }
        const clearxz_file known = {.index = index};
        const struct result result = decode(size, 3, &known, 7000);
        if (wrong == 4) {
            check_good(&result); // a size that cannot be is no hint
        } else {
            assert_int_equal(result.ret, LZMA_DATA_ERROR);
            assert_true(result.size >= 3 * 20000);
            assert_memory_equal(out, text, result.size);
        }
        lzma_index_end(index, NULL);
    }
    lzma_index_end(right, NULL);
}

/* A file that has become shorter or longer than its Index says */
static void test_other_length(void **state)
{
    (void)state;
    const size_t size = pack(30000, 2);
    lzma_index *index = read_index(size);
    const clearxz_file known = {.index = index};
    for (size_t cut = 1; cut < size; cut += 997) {
        const struct result result = decode(size - cut, 3, &known, 9000);
        assert_true(result.ret == LZMA_BUF_ERROR || result.ret == LZMA_STREAM_END
                    || result.ret == LZMA_DATA_ERROR);
        assert_memory_equal(out, text, result.size);
    }
    /* The same file once more behind itself: Blocks that the Index does not know */
    memcpy(file + size, file, size);
    const struct result result = decode(2 * size, 3, &known, 9000);
    assert_int_equal(result.ret, LZMA_STREAM_END);
    assert_int_equal(result.size, 2 * TEXT_SIZE);
    assert_memory_equal(out + TEXT_SIZE, text, TEXT_SIZE);
    lzma_index_end(index, NULL);
}

static void test_arguments(void **state)
{
    (void)state;
    const lzma_mt options = {.threads = 1, .memlimit_stop = UINT64_MAX};
    const clearxz_file known = {.index = NULL};
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(clearxz_file_decoder_mt(NULL, &options, &known), LZMA_PROG_ERROR);
    assert_int_equal(clearxz_file_decoder_mt(&strm, NULL, &known), LZMA_PROG_ERROR);
    assert_int_equal(clearxz_file_decoder_mt(&strm, &options, NULL), LZMA_PROG_ERROR);
    assert_null(strm.internal);
}

/* ---- Dictionary resets ---- */

#define PIECES     7
#define PIECE_SIZE 290000
#define LONG_SIZE  (PIECES * PIECE_SIZE)

static uint8_t long_text[LONG_SIZE];
static uint8_t filtered[LONG_SIZE];
static uint8_t long_out[LONG_SIZE + 1];

/* LZMA2 data whose pieces were encoded apart. Returns the size. */
static size_t pack_pieces(uint8_t *data, size_t capacity)
{
    lzma_options_lzma options;
    (void)lzma_lzma_preset(&options, 0);
    const lzma_filter chain[] = {{LZMA_FILTER_LZMA2, &options},
                                 {LZMA_VLI_UNKNOWN, NULL}};
    size_t size = 0;
    for (size_t i = 0; i < PIECES; ++i) {
        assert_int_equal(lzma_raw_buffer_encode(chain, NULL, filtered + i * PIECE_SIZE,
                                                PIECE_SIZE, data, &size, capacity),
                         LZMA_OK);
        --size; // the end mark
    }
    data[size++] = 0x00;
    return size;
}

/* A Stream of one Block with such data in it, behind a delta filter if wanted. */
static size_t pack_resets(uint8_t *stream, size_t capacity, bool with_delta)
{
    lzma_options_lzma options;
    (void)lzma_lzma_preset(&options, 0);
    lzma_options_delta delta = {.dist = 1};
    lzma_filter chain[] = {{LZMA_FILTER_DELTA, &delta},
                           {LZMA_FILTER_LZMA2, &options},
                           {LZMA_VLI_UNKNOWN, NULL}};
    lzma_block block = {.version = 1,
                        .check = LZMA_CHECK_CRC32,
                        .compressed_size = LZMA_VLI_UNKNOWN,
                        .uncompressed_size = LZMA_VLI_UNKNOWN,
                        .filters = with_delta ? chain : chain + 1};
    for (size_t i = 0; i < LONG_SIZE; ++i)
        filtered[i] =
            (uint8_t)(long_text[i] - (with_delta && i > 0 ? long_text[i - 1] : 0));
    lzma_stream_flags flags = {.version = 0, .check = LZMA_CHECK_CRC32};
    assert_int_equal(lzma_stream_header_encode(&flags, stream), LZMA_OK);
    size_t size = LZMA_STREAM_HEADER_SIZE;
    assert_int_equal(lzma_block_header_size(&block), LZMA_OK);
    assert_int_equal(lzma_block_header_encode(&block, stream + size), LZMA_OK);
    size += block.header_size;
    block.compressed_size = pack_pieces(stream + size, capacity - size);
    block.uncompressed_size = LONG_SIZE;
    size += (size_t)block.compressed_size;
    while (size % 4 != 0)
        stream[size++] = 0;
    const uint32_t crc = lzma_crc32(long_text, LONG_SIZE, 0);
    for (int i = 0; i < 4; ++i)
        stream[size++] = (uint8_t)(crc >> (8 * i));
    lzma_index *index = lzma_index_init(NULL);
    assert_int_equal(
        lzma_index_append(index, NULL, lzma_block_unpadded_size(&block), LONG_SIZE),
        LZMA_OK);
    assert_int_equal(lzma_index_buffer_encode(index, stream, &size, capacity), LZMA_OK);
    flags.backward_size = lzma_index_size(index);
    assert_int_equal(lzma_stream_footer_encode(&flags, stream + size), LZMA_OK);
    lzma_index_end(index, NULL);
    return size + LZMA_STREAM_HEADER_SIZE;
}

static size_t stream_size;

static lzma_bool read_at(void *opaque, uint64_t pos, uint8_t *buffer, size_t size)
{
    if (pos > stream_size || size > stream_size - pos)
        return false;
    memcpy(buffer, (const uint8_t *)opaque + pos, size);
    return true;
}

/* Decodes stream with pieces of piece bytes; counts threads. */
static struct result decode_long(const uint8_t *stream, size_t size,
                                 const lzma_mt *options, const clearxz_file *known,
                                 size_t piece)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    struct result result = {.ret = LZMA_OK};
    settle();
    assert_int_equal(clearxz_file_decoder_mt(&strm, options, known), LZMA_OK);
    strm.next_in = stream;
    strm.next_out = long_out;
    while (result.ret == LZMA_OK) {
        const size_t left = size - (size_t)strm.total_in;
        const size_t room = sizeof(long_out) - (size_t)strm.total_out;
        strm.avail_in = left < piece ? left : piece;
        strm.avail_out = room < piece ? room : piece;
        result.ret = lzma_code(&strm, strm.avail_in == left ? LZMA_FINISH : LZMA_RUN);
        const unsigned now = count_threads();
        result.threads = now > result.threads ? now : result.threads;
        uint64_t in;
        uint64_t out_size;
        lzma_get_progress(&strm, &in, &out_size);
        assert_true(in <= size && out_size <= LONG_SIZE);
    }
    result.size = (size_t)strm.total_out;
    lzma_end(&strm);
    return result;
}

/* One Block is shared among threads where its dictionary is reset. */
static void test_dictionary_resets(void **state)
{
    (void)state;
    fill_text(long_text, LONG_SIZE, 9);
    const size_t capacity = LONG_SIZE + 100000;
    uint8_t *stream = malloc(capacity);
    for (int with_delta = 0; with_delta < 2; ++with_delta) {
        stream_size = pack_resets(stream, capacity, with_delta);
        lzma_index *index = NULL;
        lzma_stream strm = LZMA_STREAM_INIT;
        assert_int_equal(lzma_file_info_decoder(&strm, &index, UINT64_MAX, stream_size),
                         LZMA_OK);
        strm.next_in = stream;
        strm.avail_in = stream_size;
        assert_int_equal(lzma_code(&strm, LZMA_RUN), LZMA_STREAM_END);
        lzma_end(&strm);
        clearxz_file known = {.index = index, .read_at = read_at, .opaque = stream};
        lzma_mt options = {.memlimit_threading = UINT64_MAX,
                           .memlimit_stop = UINT64_MAX};
        for (options.threads = 1; options.threads <= 16; options.threads *= 2) {
            options.timeout = options.threads == 2;
            for (size_t piece = 3000; piece < 20000000; piece *= 17) {
                const struct result result =
                    decode_long(stream, stream_size, &options, &known, piece);
                assert_int_equal(result.ret, LZMA_STREAM_END);
                assert_int_equal(result.size, LONG_SIZE);
                assert_memory_equal(long_out, long_text, LONG_SIZE);
                assert_int_equal(result.threads > 2, options.threads > 1);
            }
        }
        /* A limit that one segment does not fit into */
        options.threads = 4;
        options.memlimit_threading = PIECE_SIZE;
        struct result result =
            decode_long(stream, stream_size, &options, &known, 50000);
        assert_int_equal(result.ret, LZMA_STREAM_END);
        assert_int_equal(result.threads, 1);
        options.memlimit_threading = UINT64_MAX;
        /* Damage and truncation: the same verdict, and what comes is right. */
        const clearxz_file unknown = {.index = NULL};
        for (size_t pos = 20; pos < stream_size; pos += stream_size / 23) {
            const struct result cut = decode_long(stream, pos, &options, &known, 70000);
            assert_int_equal(cut.ret, LZMA_BUF_ERROR);
            assert_memory_equal(long_out, long_text, cut.size);
            stream[pos] ^= 0x40;
            result = decode_long(stream, stream_size, &options, &unknown, 70000);
            const struct result bad =
                decode_long(stream, stream_size, &options, &known, 70000);
            stream[pos] ^= 0x40;
            assert_int_equal(bad.ret, result.ret);
            assert_true(bad.size <= result.size);
        }
        lzma_index_end(index, NULL);
    }
    free(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_index_gives_sizes), cmocka_unit_test(test_check_of_most),
        cmocka_unit_test(test_wrong_index),       cmocka_unit_test(test_other_length),
        cmocka_unit_test(test_dictionary_resets), cmocka_unit_test(test_arguments),
    };
    return cmocka_run_group_tests(tests, make_text, NULL);
}
