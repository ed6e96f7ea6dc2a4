// SPDX-License-Identifier: 0BSD
// lzma_index: appending, sizes, limits, joining, copying, memory use.
//
// Random programs are compared with another liblzma in tests/abi; iterators have a test
// of their own (index_iter_test.c).

#include "format_help.h"

#define UNPADDED_MAX (LZMA_VLI_MAX - 3)

/* Block counts around every change of the size of a group. */
static const unsigned edges[] = {0,    1,    3,    4,    5,    7,    8,   9,   15,
                                 16,   17,   255,  256,  257,  511,  512, 513, 1023,
                                 1024, 1025, 1536, 4095, 4096, 4097, 5000};
#define EDGE_COUNT (sizeof(edges) / sizeof(edges[0]))

/* The sizes of Block n: easy to know again. */
static lzma_vli unpadded(lzma_vli n)
{
    return 5 + n * 7 % 1000;
}

static lzma_vli uncompressed(lzma_vli n)
{
    return n % 3 == 0 ? 0 : n;
}

/* An index of one Stream with Blocks first, first + 1 ... */
static lzma_index *make(lzma_vli first, unsigned count, const lzma_allocator *allocator)
{
    lzma_index *index = lzma_index_init(allocator);
    for (unsigned i = 0; index != NULL && i < count; ++i) {
        if (lzma_index_append(index, allocator, unpadded(first + i),
                              uncompressed(first + i))
            != LZMA_OK) {
            lzma_index_end(index, allocator);
            return NULL;
        }
    }
    return index;
}

/* All Blocks of index must be those from first on. */
static void assert_blocks(const lzma_index *index, lzma_vli first, lzma_vli count)
{
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, index);
    lzma_vli total = 0;
    lzma_vli data = 0;
    for (lzma_vli i = 0; i < count; ++i) {
        assert_false(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK));
        assert_true(iter.block.number_in_file == i + 1);
        assert_true(iter.block.unpadded_size == unpadded(first + i));
        assert_true(iter.block.uncompressed_size == uncompressed(first + i));
        assert_true(iter.block.uncompressed_file_offset == data);
        total += iter.block.total_size;
        data += iter.block.uncompressed_size;
    }
    assert_true(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK));
    assert_true(lzma_index_block_count(index) == count);
    assert_true(lzma_index_total_size(index) == total);
    assert_true(lzma_index_uncompressed_size(index) == data);
}

static void empty(void **state)
{
    (void)state;
    lzma_index *index = lzma_index_init(NULL);
    assert_true(lzma_index_stream_count(index) == 1);
    assert_true(lzma_index_block_count(index) == 0);
    assert_true(lzma_index_size(index) == 8);
    assert_true(lzma_index_stream_size(index) == 32);
    assert_true(lzma_index_file_size(index) == 32);
    assert_true(lzma_index_total_size(index) == 0);
    assert_true(lzma_index_uncompressed_size(index) == 0);
    assert_int_equal(lzma_index_checks(index), 0);
    lzma_index_end(index, NULL);
    lzma_index_end(NULL, NULL);
}

/* Indexes of all sizes, their memory use, and their copies. */
static void growing(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDGE_COUNT; ++i) {
        struct counter counter;
        counter_init(&counter, -1);
        lzma_index *index = make(0, edges[i], &counter.allocator);
        assert_non_null(index);
        assert_blocks(index, 0, edges[i]);
        assert_true(counter.peak <= lzma_index_memusage(1, edges[i]));
        assert_true(lzma_index_memused(index) == lzma_index_memusage(1, edges[i]));

        struct counter of_copy;
        counter_init(&of_copy, -1);
        lzma_index *copy = lzma_index_dup(index, &of_copy.allocator);
        assert_non_null(copy);
        lzma_index_end(index, &counter.allocator);
        assert_int_equal(counter.live, 0);
        assert_true(of_copy.peak <= lzma_index_memusage(1, edges[i]));
        assert_blocks(copy, 0, edges[i]);
        assert_int_equal(lzma_index_append(copy, &of_copy.allocator, unpadded(edges[i]),
                                           uncompressed(edges[i])),
                         LZMA_OK);
        assert_blocks(copy, 0, edges[i] + 1);
        lzma_index_end(copy, &of_copy.allocator);
        assert_int_equal(of_copy.live, 0);
    }
}

static void bad_records(void **state)
{
    (void)state;
    lzma_index *index = lzma_index_init(NULL);
    const lzma_vli bad[] = {0, 4, UNPADDED_MAX + 1, LZMA_VLI_MAX, LZMA_VLI_UNKNOWN};
    for (size_t i = 0; i < 5; ++i)
        assert_int_equal(lzma_index_append(index, NULL, bad[i], 0), LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_append(index, NULL, 5, LZMA_VLI_MAX + 1),
                     LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_append(NULL, NULL, 5, 0), LZMA_PROG_ERROR);
    /* A Block alone may be as large, the Stream around it may not. */
    assert_int_equal(lzma_index_append(index, NULL, UNPADDED_MAX, 0), LZMA_DATA_ERROR);
    assert_int_equal(lzma_index_append(index, NULL, UNPADDED_MAX - 44, LZMA_VLI_MAX),
                     LZMA_DATA_ERROR);
    assert_blocks(index, 0, 0);
    assert_int_equal(lzma_index_append(index, NULL, UNPADDED_MAX - 48, LZMA_VLI_MAX),
                     LZMA_OK);
    assert_true(lzma_index_file_size(index) <= LZMA_VLI_MAX);
    assert_int_equal(lzma_index_append(index, NULL, 5, 0), LZMA_DATA_ERROR);
    assert_int_equal(lzma_index_stream_padding(index, 8), LZMA_DATA_ERROR);
    lzma_index_end(index, NULL);

    index = lzma_index_init(NULL);
    assert_int_equal(lzma_index_append(index, NULL, 5, LZMA_VLI_MAX), LZMA_OK);
    assert_int_equal(lzma_index_append(index, NULL, 5, 1), LZMA_DATA_ERROR);
    assert_int_equal(lzma_index_append(index, NULL, 5, 0), LZMA_OK);
    lzma_index_end(index, NULL);
}

static void padding(void **state)
{
    (void)state;
    lzma_index *index = lzma_index_init(NULL);
    const lzma_vli bad[] = {1, 2, 3, 5, LZMA_VLI_MAX, LZMA_VLI_MAX + 1, UINT64_MAX - 3};
    for (size_t i = 0; i < 7; ++i)
        assert_int_equal(lzma_index_stream_padding(index, bad[i]), LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_stream_padding(NULL, 4), LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_stream_padding(index, LZMA_VLI_MAX - 31),
                     LZMA_DATA_ERROR);
    assert_true(lzma_index_file_size(index) == 32);
    assert_int_equal(lzma_index_stream_padding(index, LZMA_VLI_MAX - 35), LZMA_OK);
    assert_true(lzma_index_file_size(index) == LZMA_VLI_MAX - 3);
    assert_int_equal(lzma_index_append(index, NULL, 5, 0), LZMA_DATA_ERROR);
    assert_int_equal(lzma_index_stream_padding(index, 4), LZMA_OK);
    assert_true(lzma_index_file_size(index) == 36);
    assert_true(lzma_index_stream_size(index) == 32);
    lzma_index_end(index, NULL);
}

static void flags_and_checks(void **state)
{
    (void)state;
    lzma_stream_flags flags = {.backward_size = LZMA_VLI_UNKNOWN};
    lzma_index *all = NULL;
    uint32_t want = 0;
    for (int check = 0; check <= LZMA_CHECK_ID_MAX; ++check) {
        lzma_index *index = lzma_index_init(NULL);
        flags.check = (lzma_check)((check + 1) % 16);
        assert_int_equal(lzma_index_stream_flags(index, &flags), LZMA_OK);
        flags.check = (lzma_check)check;
        assert_int_equal(lzma_index_stream_flags(index, &flags), LZMA_OK);
        assert_int_equal(lzma_index_checks(index), 1U << check);
        want |= 1U << check;
        if (all == NULL)
            all = index;
        else
            assert_int_equal(lzma_index_cat(all, index, NULL), LZMA_OK);
        assert_int_equal(lzma_index_checks(all), want);
        lzma_index *copy = lzma_index_dup(all, NULL);
        assert_int_equal(lzma_index_checks(copy), want);
        lzma_index_end(copy, NULL);
    }
    flags.version = 1;
    assert_int_equal(lzma_index_stream_flags(all, &flags), LZMA_OPTIONS_ERROR);
    flags.version = 0;
    flags.check = (lzma_check)16;
    assert_int_equal(lzma_index_stream_flags(all, &flags), LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_stream_flags(NULL, &flags), LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_stream_flags(all, NULL), LZMA_PROG_ERROR);
    lzma_index_end(all, NULL);
}

/* Joins many small indexes, forwards, backwards, or from both ends: the Blocks come out
   in order, whichever side was moved. */
static void join_order(int pattern, unsigned streams)
{
    struct counter counter;
    counter_init(&counter, -1);
    const lzma_allocator *allocator = &counter.allocator;
    lzma_vli first = 3 * streams; // room for Blocks in front
    lzma_vli end = first;
    lzma_index *all = lzma_index_init(allocator);
    for (unsigned i = 1; i < streams; ++i) {
        const unsigned count = i % 4 == 3 ? 0 : i % 4;
        const bool in_front = pattern == 1 || (pattern == 2 && i % 3 != 0);
        if (in_front) {
            first -= count;
            lzma_index *index = make(first, count, allocator);
            assert_int_equal(lzma_index_stream_padding(index, 4 * (i % 5)), LZMA_OK);
            assert_int_equal(lzma_index_cat(index, all, allocator), LZMA_OK);
            all = index;
        } else {
            lzma_index *index = make(end, count, allocator);
            end += count;
            assert_int_equal(lzma_index_cat(all, index, allocator), LZMA_OK);
        }
    }
    assert_true(lzma_index_stream_count(all) == streams);
    assert_blocks(all, first, end - first);
    assert_true(counter.bytes <= lzma_index_memused(all));
    assert_true(lzma_index_block_count(all) == end - first);

    lzma_index *copy = lzma_index_dup(all, allocator);
    assert_blocks(copy, first, end - first);
    assert_true(lzma_index_file_size(copy) == lzma_index_file_size(all));
    lzma_index_end(copy, allocator);
    lzma_index_end(all, allocator);
    assert_int_equal(counter.live, 0);
}

static void joining(void **state)
{
    (void)state;
    for (int pattern = 0; pattern < 3; ++pattern) {
        for (unsigned streams = 1; streams < 40; ++streams)
            join_order(pattern, streams);
        join_order(pattern, 5000);
    }
}

/* Joins halves of halves. */
static lzma_index *join_tree(lzma_vli first, unsigned count)
{
    lzma_index *trees[16];
    size_t used = 0;
    unsigned sizes[16];
    for (unsigned i = 0; i < count; ++i) {
        trees[used] = make(first + i, 1, NULL);
        sizes[used++] = 1;
        while (used > 1 && sizes[used - 1] == sizes[used - 2]) {
            assert_int_equal(lzma_index_cat(trees[used - 2], trees[used - 1], NULL),
                             LZMA_OK);
            sizes[used - 2] *= 2;
            --used;
        }
    }
    while (used > 1) {
        --used;
        assert_int_equal(lzma_index_cat(trees[used - 1], trees[used], NULL), LZMA_OK);
    }
    return trees[0];
}

static void joining_trees(void **state)
{
    (void)state;
    for (unsigned count = 1; count < 300; count += 7) {
        lzma_index *index = join_tree(10, count);
        assert_blocks(index, 10, count);
        lzma_index_end(index, NULL);
    }
}

static void join_refuses(void **state)
{
    (void)state;
    lzma_index *a = lzma_index_init(NULL);
    lzma_index *b = lzma_index_init(NULL);
    assert_int_equal(lzma_index_cat(a, NULL, NULL), LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_cat(NULL, a, NULL), LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_cat(a, a, NULL), LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_append(a, NULL, UINT64_C(1) << 62, 0), LZMA_OK);
    assert_int_equal(lzma_index_append(b, NULL, (UINT64_C(1) << 62) - 16, 1), LZMA_OK);
    assert_int_equal(lzma_index_cat(a, b, NULL), LZMA_DATA_ERROR);
    lzma_index_end(a, NULL);
    a = lzma_index_init(NULL);
    assert_int_equal(lzma_index_append(a, NULL, 5, LZMA_VLI_MAX), LZMA_OK);
    assert_int_equal(lzma_index_cat(a, b, NULL), LZMA_DATA_ERROR);
    assert_int_equal(lzma_index_cat(b, a, NULL), LZMA_DATA_ERROR);
    assert_true(lzma_index_block_count(a) == 1 && lzma_index_block_count(b) == 1);
    lzma_index_end(a, NULL);
    lzma_index_end(b, NULL);
}

/* A program of all operations, with every allocation failing once: nothing leaks, and
   an index that an operation failed on is what it was. */
static bool run_with(struct counter *counter)
{
    const lzma_allocator *allocator = &counter->allocator;
    bool is_done = false;
    lzma_index *a = make(0, 600, allocator);
    lzma_index *b = make(600, 20, allocator);
    lzma_index *copy = NULL;
    if (a != NULL && b != NULL) {
        const lzma_ret ret = lzma_index_cat(a, b, allocator);
        if (ret == LZMA_OK) {
            b = NULL;
            assert_blocks(a, 0, 620);
            copy = lzma_index_dup(a, allocator);
        } else {
            assert_int_equal(ret, LZMA_MEM_ERROR);
            assert_blocks(a, 0, 600);
            assert_blocks(b, 600, 20);
        }
    }
    if (copy != NULL) {
        b = make(620, 1, allocator);
        is_done = b != NULL && lzma_index_cat(copy, b, allocator) == LZMA_OK;
        assert_blocks(copy, 0, is_done ? 621 : 620);
        if (is_done)
            b = NULL;
    }
    lzma_index_end(a, allocator);
    lzma_index_end(b, allocator);
    lzma_index_end(copy, allocator);
    assert_int_equal(counter->live, 0);
    return is_done;
}

static void failing_allocations(void **state)
{
    (void)state;
    struct counter counter;
    long left = 0;
    do {
        assert_true(left < 1000);
        counter_init(&counter, left++);
    } while (!run_with(&counter));
}

/* After a failed append the same append works. */
static void append_again(void **state)
{
    (void)state;
    struct counter counter;
    counter_init(&counter, -1);
    lzma_index *index = lzma_index_init(&counter.allocator);
    for (unsigned i = 0; i < 1100; ++i) {
        counter.left = 0;
        lzma_ret ret =
            lzma_index_append(index, &counter.allocator, unpadded(i), uncompressed(i));
        counter.left = -1;
        if (ret != LZMA_OK) {
            assert_int_equal(ret, LZMA_MEM_ERROR);
            assert_true(lzma_index_block_count(index) == i);
            ret = lzma_index_append(index, &counter.allocator, unpadded(i),
                                    uncompressed(i));
        }
        assert_int_equal(ret, LZMA_OK);
    }
    assert_blocks(index, 0, 1100);
    lzma_index_end(index, &counter.allocator);
    assert_int_equal(counter.live, 0);
}

static void memory_use(void **state)
{
    (void)state;
    assert_true(lzma_index_memusage(0, 0) == UINT64_MAX);
    assert_true(lzma_index_memusage(UINT64_C(1) << 32, 0) == UINT64_MAX);
    assert_true(lzma_index_memusage(1, LZMA_VLI_MAX) == UINT64_MAX);
    assert_true(lzma_index_memusage(1, UINT64_MAX) == UINT64_MAX);
    assert_true(lzma_index_memusage(UINT64_MAX, 1) == UINT64_MAX);
    assert_true(lzma_index_memusage(UINT32_MAX, UINT64_C(1) << 40) < UINT64_MAX);
    uint64_t before = 0;
    for (lzma_vli blocks = 1; blocks < LZMA_VLI_MAX / 4; blocks *= 3) {
        const uint64_t usage = lzma_index_memusage(1, blocks);
        assert_true(usage >= before);
        if (usage == UINT64_MAX)
            break;
        assert_true(usage / 16 >= blocks);
        assert_true(usage <= lzma_index_memusage(2, blocks));
        before = usage;
    }
}

/* Streams of any mix of sizes stay within the bound that knows only the totals. */
static void memory_bound(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 200; ++round) {
        struct counter counter;
        counter_init(&counter, -1);
        lzma_index *all = lzma_index_init(&counter.allocator);
        const unsigned streams = 1 + (unsigned)(random_next(&seed) % 12);
        const unsigned most = edges[random_next(&seed) % EDGE_COUNT] % 1030 + 1;
        for (unsigned i = 1; i < streams; ++i) {
            const unsigned count = (unsigned)(random_next(&seed) % most);
            lzma_index *index = make(0, count, &counter.allocator);
            assert_int_equal(lzma_index_cat(all, index, &counter.allocator), LZMA_OK);
            assert_true(counter.bytes <= lzma_index_memused(all));
        }
        lzma_index_end(all, &counter.allocator);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty),
        cmocka_unit_test(growing),
        cmocka_unit_test(bad_records),
        cmocka_unit_test(padding),
        cmocka_unit_test(flags_and_checks),
        cmocka_unit_test(joining),
        cmocka_unit_test(joining_trees),
        cmocka_unit_test(join_refuses),
        cmocka_unit_test(failing_allocations),
        cmocka_unit_test(append_again),
        cmocka_unit_test(memory_use),
        cmocka_unit_test(memory_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
