// SPDX-License-Identifier: 0BSD
// The threaded coders through the public interface: the same bytes for any number of
// threads and any chunking, errors in the right place, and ending or reopening at any
// moment.
//
// All randomness comes from one generator with a fixed seed, so a failure repeats.

#include <lzma.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static uint64_t seed = 88172645463325252U;

static uint32_t random_below(uint32_t limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 32) % limit;
}

/* A tenth of n where SLOW is in the environment: for valgrind's tools. */
static size_t less(size_t n)
{
    return getenv("SLOW") != NULL ? n / 10 : n;
}

struct bytes {
    uint8_t *data;
    size_t size;
};

/* Text of words that come again and again, with noise now and then. */
static struct bytes make_text(size_t size)
{
    struct bytes text = {malloc(size + 1), size};
    size_t pos = 0;
    while (pos < size) {
        char word[24];
        const uint32_t kind = random_below(900);
        const int length = kind < 3 ? 0 : snprintf(word, sizeof(word), "word%u ", kind);
        for (int i = 0; i < length && pos < size; ++i)
            text.data[pos++] = (uint8_t)word[i];
        for (uint32_t i = 0; length == 0 && i < 300 && pos < size; ++i)
            text.data[pos++] = (uint8_t)random_below(256);
    }
    return text;
}

/* Runs strm over in with random pieces of input and output up to chunk bytes (0: all at
   once) and gives out what comes; stops at an error or at the end. */
static lzma_ret run(lzma_stream *strm, struct bytes in, size_t chunk, struct bytes *out,
                    size_t out_capacity)
{
    lzma_ret ret = LZMA_OK;
    size_t in_pos = 0;
    size_t idle_calls = 0;
    out->data = malloc(out_capacity);
    out->size = 0;
    strm->avail_in = 0;
    while (ret == LZMA_OK && idle_calls < 10000) {
        if (strm->avail_in == 0 && in_pos < in.size) {
            size_t count = in.size - in_pos;
            if (chunk != 0 && count > chunk)
                count = 1 + random_below((uint32_t)chunk);
            strm->next_in = in.data + in_pos;
            strm->avail_in = count;
            in_pos += count;
        }
        size_t room = out_capacity - out->size;
        if (chunk != 0 && room > chunk)
            room = 1 + random_below((uint32_t)chunk);
        strm->next_out = out->data + out->size;
        strm->avail_out = room;
        ret = lzma_code(strm, in_pos == in.size ? LZMA_FINISH : LZMA_RUN);
        out->size += room - strm->avail_out;
        idle_calls = room == strm->avail_out ? idle_calls + 1 : 0;
    }
    return ret;
}

static struct bytes encode_mt(struct bytes in, uint32_t threads, uint64_t block_size,
                              uint32_t preset, size_t chunk, uint32_t timeout)
{
    const lzma_mt options = {.threads = threads,
                             .block_size = block_size,
                             .timeout = timeout,
                             .preset = preset,
                             .check = LZMA_CHECK_CRC32};
    lzma_stream strm = LZMA_STREAM_INIT;
    struct bytes out;
    assert_int_equal(lzma_stream_encoder_mt(&strm, &options), LZMA_OK);
    const size_t capacity =
        in.size + in.size / 8 + 4096 + 200 * (size_t)(in.size / block_size + 1);
    assert_int_equal(run(&strm, in, chunk, &out, capacity), LZMA_STREAM_END);
    assert_int_equal(strm.total_in, in.size);
    assert_int_equal(strm.total_out, out.size);
    lzma_end(&strm);
    return out;
}

static lzma_ret decode_mt(struct bytes in, uint32_t threads, size_t chunk,
                          uint32_t flags, uint64_t memlimit_threading,
                          size_t out_capacity, struct bytes *out)
{
    const lzma_mt options = {.threads = threads,
                             .flags = flags,
                             .timeout = chunk % 3 == 0 ? 1 : 0,
                             .memlimit_threading = memlimit_threading,
                             .memlimit_stop = UINT64_MAX};
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_stream_decoder_mt(&strm, &options), LZMA_OK);
    const lzma_ret ret = run(&strm, in, chunk, out, out_capacity);
    lzma_end(&strm);
    return ret;
}

static void test_bytes_do_not_depend_on_threads(void **state)
{
    (void)state;
    const uint64_t block_sizes[] = {1000, 70000, 1 << 20};
    for (size_t i = 0; i < 3; ++i) {
        struct bytes text = make_text(less(i == 0 ? 40000 : 1500000));
        struct bytes one = encode_mt(text, 1, block_sizes[i], 1, 0, 0);
        for (uint32_t threads = 2; threads <= 9; threads += 3) {
            const size_t chunk = threads * 1777;
            struct bytes many =
                encode_mt(text, threads, block_sizes[i], 1, chunk, threads % 2);
            assert_int_equal(one.size, many.size);
            assert_memory_equal(one.data, many.data, one.size);
            free(many.data);
        }
        for (uint32_t threads = 1; threads <= 7; threads += 2) {
            struct bytes back;
            assert_int_equal(decode_mt(one, threads, threads * 3000, 0, UINT64_MAX,
                                       text.size + 1, &back),
                             LZMA_STREAM_END);
            assert_int_equal(back.size, text.size);
            assert_memory_equal(back.data, text.data, text.size);
            free(back.data);
        }
        free(one.data);
        free(text.data);
    }
}

static void test_empty_and_tiny(void **state)
{
    (void)state;
    for (size_t size = 0; size < 4; ++size) {
        struct bytes text = make_text(size);
        struct bytes packed = encode_mt(text, 16, 1 << 20, 9, 0, 0);
        struct bytes back;
        assert_int_equal(decode_mt(packed, 16, 0, 0, UINT64_MAX, 16, &back),
                         LZMA_STREAM_END);
        assert_int_equal(back.size, size);
        assert_int_equal(size == 0, packed.size == 32);
        free(back.data);
        free(packed.data);
        free(text.data);
    }
}

/* With no memory for threads the caller's thread decodes: the same result. */
static void test_memlimit_threading(void **state)
{
    (void)state;
    struct bytes text = make_text(less(900000));
    struct bytes packed = encode_mt(text, 4, 50000, 1, 0, 0);
    const uint64_t limits[] = {0, 1, 1300000, 2000000, UINT64_MAX};
    for (size_t i = 0; i < 5; ++i) {
        struct bytes back;
        assert_int_equal(decode_mt(packed, 4, 5000, 0, limits[i], text.size + 1, &back),
                         LZMA_STREAM_END);
        assert_int_equal(back.size, text.size);
        assert_memory_equal(back.data, text.data, text.size);
        free(back.data);
    }
    free(packed.data);
    free(text.data);
}

/* Damage in the middle: everything before its Block comes out, then the error. */
static void test_damage(void **state)
{
    (void)state;
    struct bytes text = make_text(400000);
    struct bytes packed = encode_mt(text, 4, 20000, 1, 0, 0);
    for (size_t round = 0; round < less(60); ++round) {
        const size_t where = 12 + random_below((uint32_t)packed.size - 12);
        packed.data[where] ^= 0x10;
        struct bytes plain;
        struct bytes threaded;
        lzma_stream strm = LZMA_STREAM_INIT;
        assert_int_equal(lzma_stream_decoder(&strm, UINT64_MAX, 0), LZMA_OK);
        const lzma_ret expected = run(&strm, packed, 3000, &plain, text.size + 1);
        lzma_end(&strm);
        const lzma_ret ret = decode_mt(packed, 1 + random_below(6), 3000, 0, UINT64_MAX,
                                       text.size + 1, &threaded);
        assert_int_equal(ret, expected);
        assert_true(threaded.size <= plain.size);
        assert_true(threaded.size + 20000 > plain.size);
        assert_memory_equal(threaded.data, plain.data, threaded.size);
        free(plain.data);
        free(threaded.data);
        assert_int_not_equal(decode_mt(packed, 3, 0, LZMA_FAIL_FAST, UINT64_MAX,
                                       text.size + 1, &threaded),
                             LZMA_STREAM_END);
        free(threaded.data);
        packed.data[where] ^= 0x10;
    }
    free(packed.data);
    free(text.data);
}

/* Every length of a file that is cut off ends in LZMA_BUF_ERROR, with LZMA_FAIL_FAST
   inside a Block in LZMA_DATA_ERROR, and never hangs. */
static void test_truncated(void **state)
{
    (void)state;
    struct bytes text = make_text(60000);
    struct bytes packed = encode_mt(text, 4, 20000, 1, 0, 0);
    const uint32_t step = getenv("SLOW") != NULL ? 400 : 40;
    for (size_t size = 0; size < packed.size; size += 1 + random_below(step)) {
        const struct bytes cut = {packed.data, size};
        struct bytes back;
        assert_int_equal(decode_mt(cut, 3, 700, 0, UINT64_MAX, text.size + 1, &back),
                         LZMA_BUF_ERROR);
        assert_memory_equal(back.data, text.data, back.size);
        free(back.data);
        const lzma_ret ret =
            decode_mt(cut, 3, 700, LZMA_FAIL_FAST, UINT64_MAX, text.size + 1, &back);
        assert_true(ret == LZMA_DATA_ERROR || ret == LZMA_BUF_ERROR);
        free(back.data);
    }
    free(packed.data);
    free(text.data);
}

/* An output buffer of exactly the data's size: the end comes all the same, whatever the
   workers are at when the last byte is given. */
static void test_exact_room(void **state)
{
    (void)state;
    struct bytes text = make_text(300000);
    struct bytes packed = encode_mt(text, 3, 60000, 1, 0, 0);
    uint8_t *out = malloc(text.size);
    assert_non_null(out);
    for (size_t round = 0; round < less(300); ++round) {
        const lzma_mt mt = {.threads = 2,
                            .memlimit_threading = UINT64_MAX,
                            .memlimit_stop = UINT64_MAX};
        lzma_stream strm = LZMA_STREAM_INIT;
        assert_int_equal(lzma_stream_decoder_mt(&strm, &mt), LZMA_OK);
        strm.next_in = packed.data;
        strm.avail_in = packed.size;
        strm.next_out = out;
        strm.avail_out = text.size;
        lzma_ret ret;
        do
            ret = lzma_code(&strm, LZMA_FINISH);
        while (ret == LZMA_OK);
        assert_int_equal(ret, LZMA_STREAM_END);
        assert_int_equal(strm.avail_out, 0);
        lzma_end(&strm);
    }
    free(out);
    free(packed.data);
    free(text.data);
}

/* One lzma_stream goes through coders that are ended, reopened or left at random
   points of their work. */
static void test_random_endings(void **state)
{
    (void)state;
    struct bytes text = make_text(300000);
    struct bytes packed = encode_mt(text, 4, 30000, 1, 0, 0);
    uint8_t *out = malloc(400000);
    lzma_stream strm = LZMA_STREAM_INIT;
    const size_t rounds = less(getenv("SANITIZED") != NULL ? 150 : 600);
    for (size_t round = 0; round < rounds; ++round) {
        lzma_mt options = {.threads = 1 + random_below(5),
                           .block_size = 1000 + random_below(60000),
                           .timeout = random_below(2),
                           .preset = random_below(3),
                           .check = LZMA_CHECK_CRC64,
                           .memlimit_threading = random_below(4) * UINT64_C(1000000),
                           .memlimit_stop = UINT64_MAX};
        const bool is_encoder = random_below(2) == 0;
        const struct bytes in = is_encoder ? text : packed;
        assert_int_equal(is_encoder ? lzma_stream_encoder_mt(&strm, &options)
                                    : lzma_stream_decoder_mt(&strm, &options),
                         LZMA_OK);
        strm.next_in = in.data;
        strm.next_out = out;
        strm.avail_out = 400000;
        size_t calls = random_below(40);
        for (lzma_ret ret = LZMA_OK; ret == LZMA_OK && calls > 0; --calls) {
            const size_t left = in.size - (size_t)(strm.next_in - in.data);
            strm.avail_in = left < 20000 ? left : random_below(20000);
            ret = lzma_code(&strm, LZMA_RUN);
            uint64_t progress_in;
            uint64_t progress_out;
            lzma_get_progress(&strm, &progress_in, &progress_out);
            assert_true(progress_in <= in.size);
        }
        if (random_below(2) == 0)
            lzma_end(&strm);
    }
    lzma_end(&strm);
    free(out);
    free(packed.data);
    free(text.data);
}

/* After LZMA_FULL_FLUSH all that was given can be decoded; LZMA_FULL_BARRIER only ends
   a Block. Flush points cut Blocks, so they are part of what the bytes depend on. */
static void test_flushes(void **state)
{
    (void)state;
    struct bytes text = make_text(200000);
    struct bytes first = {NULL, 0};
    for (uint32_t threads = 1; threads <= 4; ++threads) {
        const lzma_mt options = {
            .threads = threads, .block_size = 30000, .check = LZMA_CHECK_CRC32};
        lzma_stream strm = LZMA_STREAM_INIT;
        assert_int_equal(lzma_stream_encoder_mt(&strm, &options), LZMA_OK);
        uint8_t *out = malloc(text.size);
        strm.next_in = text.data;
        strm.next_out = out;
        strm.avail_out = text.size;
        for (size_t i = 0; i < 4; ++i) {
            strm.avail_in = 50000;
            const lzma_action action = i % 2 == 0 ? LZMA_FULL_FLUSH : LZMA_FULL_BARRIER;
            lzma_ret ret;
            do {
                ret = lzma_code(&strm, action);
            } while (ret == LZMA_OK);
            assert_int_equal(ret, LZMA_STREAM_END);
            assert_int_equal(strm.avail_in, 0);
            if (action != LZMA_FULL_FLUSH)
                continue;
            struct bytes back;
            const struct bytes so_far = {out, (size_t)(strm.next_out - out)};
            assert_int_equal(decode_mt(so_far, 2, 0, 0, UINT64_MAX, text.size, &back),
                             LZMA_BUF_ERROR);
            assert_int_equal(back.size, 50000 * (i + 1));
            assert_memory_equal(back.data, text.data, back.size);
            free(back.data);
        }
        lzma_ret ret;
        do {
            ret = lzma_code(&strm, LZMA_FINISH);
        } while (ret == LZMA_OK);
        assert_int_equal(ret, LZMA_STREAM_END);
        const struct bytes whole = {out, (size_t)(strm.next_out - out)};
        if (threads == 1) {
            first = whole;
        } else {
            assert_int_equal(first.size, whole.size);
            assert_memory_equal(first.data, whole.data, whole.size);
            free(out);
        }
        lzma_end(&strm);
    }
    free(first.data);
    free(text.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_do_not_depend_on_threads),
        cmocka_unit_test(test_empty_and_tiny),
        cmocka_unit_test(test_memlimit_threading),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_exact_room),
        cmocka_unit_test(test_random_endings),
        cmocka_unit_test(test_flushes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
