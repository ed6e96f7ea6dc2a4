// SPDX-License-Identifier: 0BSD
// CLEARXZ_THREADS gives a program's decoder threads, and nothing else changes; and
// coders with threads in a child of fork().

#include "support/support.h"
#include "support/thread_count.h"
#include <sys/wait.h>
#include <unistd.h>

#define TEXT_SIZE 1500000

static uint8_t text[TEXT_SIZE];
static uint8_t packed[TEXT_SIZE]; // in Blocks with sizes
static size_t packed_size;
static uint8_t out[TEXT_SIZE + 1];

static int make_packed(void **state)
{
    (void)state;
    fill_text(text, TEXT_SIZE, 11);
    count_others();
    const lzma_mt options = {
        .threads = 2, .block_size = 100000, .check = LZMA_CHECK_CRC64};
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_stream_encoder_mt(&strm, &options), LZMA_OK);
    strm.next_in = text;
    strm.avail_in = TEXT_SIZE;
    strm.next_out = packed;
    strm.avail_out = sizeof(packed);
    while (lzma_code(&strm, LZMA_FINISH) == LZMA_OK) {
    }
    packed_size = (size_t)strm.total_out;
    lzma_end(&strm);
    return 0;
}

/* Goes on with strm until about out_size bytes are out; returns the last result. */
static lzma_ret decode_to(lzma_stream *strm, size_t out_size, unsigned *ret_threads)
{
    lzma_ret ret = LZMA_OK;
    while (ret == LZMA_OK && strm->total_out < out_size) {
        const size_t left = packed_size - (size_t)strm->total_in;
        strm->next_in = packed + strm->total_in;
        strm->avail_in = left < 9000 ? left : 9000;
        strm->next_out = out + strm->total_out;
        const size_t room = sizeof(out) - (size_t)strm->total_out;
        strm->avail_out = room < 20000 ? room : 20000;
        ret = lzma_code(strm, strm->avail_in == left ? LZMA_FINISH : LZMA_RUN);
        const unsigned now = count_threads();
        *ret_threads = now > *ret_threads ? now : *ret_threads;
    }
    return ret;
}

/* What sets up a decoder of .xz files. */
struct opener {
    lzma_ret (*open)(lzma_stream *strm, uint64_t memlimit, uint32_t flags);
};
static const struct opener openers[] = {{lzma_stream_decoder}, {lzma_auto_decoder}};

/* An allocator that is made for one thread. */
struct own {
    struct counter counter;
    pthread_t thread;
    bool is_foreign; // another thread has called it
};

static void *own_alloc(void *opaque, size_t count, size_t size)
{
    struct own *const own = opaque;
    own->is_foreign |= !pthread_equal(own->thread, pthread_self());
    return own->counter.allocator.alloc(own->counter.allocator.opaque, count, size);
}

static void own_free(void *opaque, void *p)
{
    struct own *const own = opaque;
    own->is_foreign |= !pthread_equal(own->thread, pthread_self());
    own->counter.allocator.free(own->counter.allocator.opaque, p);
}

/* Decodes all with the variable set; returns the most threads that were seen. */
static unsigned threads_with(const char *value, const lzma_allocator *allocator,
                             const struct opener *opener)
{
    unsigned threads = 0;
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = allocator;
    if (value == NULL)
        assert_int_equal(unsetenv("CLEARXZ_THREADS"), 0);
    else
        assert_int_equal(setenv("CLEARXZ_THREADS", value, 1), 0);
    memset(out, 0, sizeof(out));
    settle();
    assert_int_equal(opener->open(&strm, UINT64_MAX, LZMA_TELL_ANY_CHECK), LZMA_OK);
    assert_int_equal(decode_to(&strm, SIZE_MAX, &threads), LZMA_GET_CHECK);
    assert_int_equal(lzma_get_check(&strm), LZMA_CHECK_CRC64);
    assert_int_equal(decode_to(&strm, SIZE_MAX, &threads), LZMA_STREAM_END);
    assert_int_equal(strm.total_out, TEXT_SIZE);
    assert_memory_equal(out, text, TEXT_SIZE);
    lzma_end(&strm);
    return threads;
}

static void test_variable(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_COUNT(openers); ++k) {
        const struct opener *const opener = &openers[k];
        assert_true(threads_with("3", NULL, opener) > 1);
        assert_true(threads_with("3", NULL, opener) <= 4);
        if (lzma_cputhreads() > 1)
            assert_true(threads_with("0", NULL, opener) > 1);
        static const char *const off[] = {NULL, "",   "1",     "two",
                                          "-2", "2 ", "16385", "0x2"};
        for (size_t i = 0; i < ARRAY_COUNT(off); ++i)
            assert_int_equal(threads_with(off[i], NULL, opener), 1);
        /* A program's allocator is called by its own thread alone. */
        struct own own = {.thread = pthread_self()};
        const lzma_allocator allocator = {own_alloc, own_free, &own};
        counter_init(&own.counter, -1);
        assert_true(threads_with("3", &allocator, opener) > 1);
        assert_int_equal(threads_with("1", &allocator, opener), 1);
        assert_false(own.is_foreign);
        counter_check(&own.counter);
    }
    assert_int_equal(unsetenv("CLEARXZ_THREADS"), 0);
}

/* Sets strm up, which may have a decoder, and returns the most threads that were seen
   when it decodes all. */
static unsigned threads_again(lzma_stream *strm, const char *value)
{
    unsigned threads = 0;
    if (value == NULL)
        assert_int_equal(unsetenv("CLEARXZ_THREADS"), 0);
    else
        assert_int_equal(setenv("CLEARXZ_THREADS", value, 1), 0);
    assert_int_equal(lzma_stream_decoder(strm, UINT64_MAX, 0), LZMA_OK);
    if (value == NULL || value[0] == '1')
        settle(); // threads of before come to their end
    assert_int_equal(decode_to(strm, SIZE_MAX, &threads), LZMA_STREAM_END);
    assert_memory_equal(out, text, TEXT_SIZE);
    return threads;
}

/* A decoder that is set up again looks again, whatever it was before. */
static void test_used_again(void **state)
{
    (void)state;
    static const char *const orders[][4] = {
        {NULL, "3", NULL, "3"}, {"3", NULL, "3", NULL}, {"3", "3", "1", "1"}};
    for (size_t i = 0; i < ARRAY_COUNT(orders); ++i) {
        lzma_stream strm = LZMA_STREAM_INIT;
        for (size_t k = 0; k < ARRAY_COUNT(orders[i]); ++k) {
            const char *const value = orders[i][k];
            const bool has_threads = value != NULL && value[0] == '3';
            assert_int_equal(threads_again(&strm, value) > 1, has_threads);
        }
        /* Set up twice, and nothing decoded in between. */
        assert_int_equal(unsetenv("CLEARXZ_THREADS"), 0);
        assert_int_equal(lzma_stream_decoder(&strm, UINT64_MAX, 0), LZMA_OK);
        assert_true(threads_again(&strm, "3") > 1);
        lzma_end(&strm);
    }
    assert_int_equal(unsetenv("CLEARXZ_THREADS"), 0);
}

/* The decoder's limit is that of lzma_stream_decoder(), and progress is what was
   made. */
static void limit_with(const struct opener *opener, const lzma_allocator *allocator)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = allocator;
    unsigned threads = 0;
    uint64_t in;
    uint64_t out_size;
    assert_int_equal(opener->open(&strm, 50000, 0), LZMA_OK);
    lzma_get_progress(&strm, &in, &out_size);
    assert_int_equal(in, 0);
    assert_int_equal(decode_to(&strm, SIZE_MAX, &threads), LZMA_MEMLIMIT_ERROR);
    assert_int_equal(lzma_memlimit_get(&strm), 50000);
    assert_int_equal(lzma_memlimit_set(&strm, lzma_memusage(&strm)), LZMA_OK);
    assert_int_equal(decode_to(&strm, SIZE_MAX, &threads), LZMA_STREAM_END);
    assert_memory_equal(out, text, TEXT_SIZE);
    lzma_get_progress(&strm, &in, &out_size);
    assert_int_equal(in, packed_size);
    assert_int_equal(out_size, TEXT_SIZE);
    lzma_end(&strm);
}

static void test_limit(void **state)
{
    (void)state;
    assert_int_equal(setenv("CLEARXZ_THREADS", "3", 1), 0);
    for (size_t i = 0; i < ARRAY_COUNT(openers); ++i) {
        struct counter counter;
        counter_init(&counter, -1);
        limit_with(&openers[i], NULL);
        limit_with(&openers[i], &counter.allocator);
        counter_check(&counter);
    }
    assert_int_equal(unsetenv("CLEARXZ_THREADS"), 0);
}

/* A program's allocator that fails, and flags that are none. */
static void test_failures(void **state)
{
    (void)state;
    assert_int_equal(setenv("CLEARXZ_THREADS", "3", 1), 0);
    for (size_t i = 0; i < ARRAY_COUNT(openers); ++i) {
        lzma_ret ret = LZMA_MEM_ERROR;
        for (long left = 0; ret != LZMA_STREAM_END; ++left) {
            lzma_stream strm = LZMA_STREAM_INIT;
            unsigned threads = 0;
            struct counter counter;
            counter_init(&counter, left);
            strm.allocator = &counter.allocator;
            ret = openers[i].open(&strm, UINT64_MAX, 0);
            if (ret == LZMA_OK)
                ret = decode_to(&strm, SIZE_MAX, &threads);
            assert_true(ret == LZMA_STREAM_END || ret == LZMA_MEM_ERROR);
            lzma_end(&strm);
            counter_check(&counter);
        }
        lzma_stream strm = LZMA_STREAM_INIT;
        assert_int_equal(openers[i].open(&strm, 1, UINT32_MAX), LZMA_OPTIONS_ERROR);
        lzma_end(&strm);
    }
    assert_int_equal(unsetenv("CLEARXZ_THREADS"), 0);
}

/* What comes out before damage does not depend on the variable. */
static void test_damage(void **state)
{
    (void)state;
    packed[packed_size / 2] ^= 0xFF;
    static const uint32_t flags[] = {0, LZMA_FAIL_FAST};
    for (size_t i = 0; i < 2 * ARRAY_COUNT(openers); ++i) {
        uint64_t made[2];
        for (size_t k = 0; k < 2; ++k) {
            lzma_stream strm = LZMA_STREAM_INIT;
            unsigned threads = 0;
            assert_int_equal(setenv("CLEARXZ_THREADS", k == 0 ? "1" : "3", 1), 0);
            assert_int_equal(openers[i / 2].open(&strm, UINT64_MAX, flags[i % 2]),
                             LZMA_OK);
            assert_int_equal(decode_to(&strm, SIZE_MAX, &threads), LZMA_DATA_ERROR);
            made[k] = strm.total_out;
            lzma_end(&strm);
        }
        assert_int_equal(made[0], made[1]);
    }
    packed[packed_size / 2] ^= 0xFF;
    assert_int_equal(unsetenv("CLEARXZ_THREADS"), 0);
}

/* What a child does with a coder that the parent has begun. 0: all as it should be. */
static int child(lzma_stream *strm, bool had_threads)
{
    unsigned threads = 0;
    uint64_t in;
    uint64_t out_size;
    alarm(60); // a deadlock ends the child
    lzma_get_progress(strm, &in, &out_size);
    const lzma_ret ret = decode_to(strm, SIZE_MAX, &threads);
    if (ret != (had_threads ? LZMA_PROG_ERROR : LZMA_STREAM_END))
        return 1;
    lzma_end(strm);
    const lzma_mt options = {
        .threads = 3, .memlimit_threading = UINT64_MAX, .memlimit_stop = UINT64_MAX};
    if (lzma_stream_decoder_mt(strm, &options) != LZMA_OK
        || decode_to(strm, SIZE_MAX, &threads) != LZMA_STREAM_END
        || memcmp(out, text, TEXT_SIZE) != 0)
        return 2;
    lzma_end(strm);
    return 0;
}

static void fork_after(const struct opener *opener, const lzma_allocator *allocator,
                       const char *threads_value, size_t out_size, bool had_threads)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = allocator;
    unsigned threads = 0;
    assert_int_equal(setenv("CLEARXZ_THREADS", threads_value, 1), 0);
    assert_int_equal(opener->open(&strm, UINT64_MAX, 0), LZMA_OK);
    assert_int_equal(decode_to(&strm, out_size, &threads), LZMA_OK);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(child(&strm, had_threads));
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(decode_to(&strm, SIZE_MAX, &threads), LZMA_STREAM_END);
    assert_memory_equal(out, text, TEXT_SIZE);
    lzma_end(&strm);
    assert_int_equal(unsetenv("CLEARXZ_THREADS"), 0);
}

/* At any moment of the work: the parent goes on, the child is told, and may begin anew.
   Before the first thread, and without the variable, the child can go on itself. */
static void test_fork(void **state)
{
    (void)state;
    fork_after(&openers[0], NULL, "1", TEXT_SIZE / 2, false);
    fork_after(&openers[0], NULL, "3", 0, false);
    for (size_t out_size = 1; out_size < TEXT_SIZE - 200000; out_size += TEXT_SIZE / 9)
        fork_after(&openers[0], NULL, "3", out_size, true);
    for (size_t i = 0; i < ARRAY_COUNT(openers); ++i) {
        struct counter counter;
        counter_init(&counter, -1);
        fork_after(&openers[i], &counter.allocator, "3", 0, false);
        fork_after(&openers[i], &counter.allocator, "3", TEXT_SIZE / 2, true);
        counter_check(&counter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_variable), cmocka_unit_test(test_used_again),
        cmocka_unit_test(test_limit),    cmocka_unit_test(test_failures),
        cmocka_unit_test(test_damage),   cmocka_unit_test(test_fork),
    };
    return cmocka_run_group_tests(tests, make_packed, NULL);
}
