// SPDX-License-Identifier: 0BSD
// Iterators of lzma_index: all members, all modes, locating, and changes on the way.

#include "format_help.h"

/* Appends a Stream with the given uncompressed sizes, ended by -1. Unpadded Sizes are
   21, 22, ... */
static void add_stream(lzma_index **index, const int *sizes)
{
    lzma_index *stream = lzma_index_init(NULL);
    for (unsigned i = 0; sizes[i] >= 0; ++i)
        assert_int_equal(lzma_index_append(stream, NULL, 21 + i, (lzma_vli)sizes[i]),
                         LZMA_OK);
    if (*index == NULL)
        *index = stream;
    else
        assert_int_equal(lzma_index_cat(*index, stream, NULL), LZMA_OK);
}

/* Streams: {}, {10, 0, 5}, {0}, {}, {7}. */
static lzma_index *sample(void)
{
    lzma_index *index = NULL;
    add_stream(&index, (const int[]){-1});
    add_stream(&index, (const int[]){10, 0, 5, -1});
    assert_int_equal(lzma_index_stream_padding(index, 8), LZMA_OK);
    const lzma_stream_flags flags = {.backward_size = LZMA_VLI_UNKNOWN,
                                     .check = LZMA_CHECK_CRC64};
    assert_int_equal(lzma_index_stream_flags(index, &flags), LZMA_OK);
    add_stream(&index, (const int[]){0, -1});
    add_stream(&index, (const int[]){-1});
    add_stream(&index, (const int[]){7, -1});
    return index;
}

/* Every member of the third Block of the second Stream. */
static void members(void **state)
{
    (void)state;
    lzma_index *index = sample();
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, index);
    for (int i = 0; i < 3; ++i)
        assert_false(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK));
    assert_int_equal(iter.stream.flags->check, LZMA_CHECK_CRC64);
    assert_true(iter.stream.number == 2);
    assert_true(iter.stream.block_count == 3);
    assert_true(iter.stream.compressed_offset == 32);
    assert_true(iter.stream.uncompressed_offset == 0);
    assert_true(iter.stream.compressed_size == 12 + 24 * 3 + 12 + 12);
    assert_true(iter.stream.uncompressed_size == 15);
    assert_true(iter.stream.padding == 8);
    assert_true(iter.block.number_in_file == 3);
    assert_true(iter.block.compressed_file_offset == 32 + 12 + 48);
    assert_true(iter.block.uncompressed_file_offset == 10);
    assert_true(iter.block.number_in_stream == 3);
    assert_true(iter.block.compressed_stream_offset == 12 + 48);
    assert_true(iter.block.uncompressed_stream_offset == 10);
    assert_true(iter.block.uncompressed_size == 5);
    assert_true(iter.block.unpadded_size == 23);
    assert_true(iter.block.total_size == 24);

    assert_false(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK));
    assert_null(iter.stream.flags);
    assert_true(iter.stream.number == 3
                && iter.stream.compressed_offset == 32 + 108 + 8);
    assert_true(iter.block.number_in_file == 4 && iter.block.number_in_stream == 1);
    lzma_index_end(index, NULL);
}

/* In mode, the iterator must visit these places: Stream * 10 + Block. */
static void check_mode(lzma_index_iter_mode mode, const int *places)
{
    lzma_index *index = sample();
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, index);
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; places[i] >= 0; ++i) {
            assert_false(lzma_index_iter_next(&iter, mode));
            const lzma_vli block =
                iter.stream.block_count == 0 ? 0 : iter.block.number_in_stream;
            assert_int_equal(iter.stream.number * 10 + block, places[i]);
        }
        const lzma_index_iter before = iter;
        assert_true(lzma_index_iter_next(&iter, mode));
        assert_memory_equal(&iter, &before, sizeof(iter));
        lzma_index_iter_rewind(&iter);
    }
    lzma_index_end(index, NULL);
}

static void modes(void **state)
{
    (void)state;
    check_mode(LZMA_INDEX_ITER_ANY, (const int[]){10, 21, 22, 23, 31, 40, 51, -1});
    check_mode(LZMA_INDEX_ITER_STREAM, (const int[]){10, 21, 31, 40, 51, -1});
    check_mode(LZMA_INDEX_ITER_BLOCK, (const int[]){21, 22, 23, 31, 51, -1});
    check_mode(LZMA_INDEX_ITER_NONEMPTY_BLOCK, (const int[]){21, 23, 51, -1});
    check_mode((lzma_index_iter_mode)4, (const int[]){-1});
    check_mode((lzma_index_iter_mode)-1, (const int[]){-1});
}

static void locating(void **state)
{
    (void)state;
    lzma_index *index = sample();
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, index);
    for (lzma_vli target = 0; target < 22; ++target) {
        assert_false(lzma_index_iter_locate(&iter, target));
        const lzma_vli block = iter.block.number_in_file;
        assert_int_equal(block, target < 10 ? 1 : target < 15 ? 3 : 5);
        assert_true(iter.block.uncompressed_file_offset <= target);
        assert_true(target - iter.block.uncompressed_file_offset
                    < iter.block.uncompressed_size);
    }
    assert_false(lzma_index_iter_locate(&iter, 3));
    const lzma_index_iter before = iter;
    assert_true(lzma_index_iter_locate(&iter, 22));
    assert_true(lzma_index_iter_locate(&iter, UINT64_MAX));
    assert_memory_equal(&iter, &before, sizeof(iter));
    assert_false(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK));
    assert_true(iter.block.number_in_file == 2);
    lzma_index_end(index, NULL);
}

/* Locates every offset among many Blocks, some of them empty. */
static void locating_among_many(void **state)
{
    (void)state;
    for (unsigned count = 1; count < 1600; count += count / 2 + 1) {
        lzma_index *index = lzma_index_init(NULL);
        for (unsigned i = 0; i < count; ++i)
            assert_int_equal(lzma_index_append(index, NULL, 30, i % 3), LZMA_OK);
        lzma_index_iter iter;
        lzma_index_iter_init(&iter, index);
        const lzma_vli size = lzma_index_uncompressed_size(index);
        for (lzma_vli target = 0; target < size; ++target) {
            assert_false(lzma_index_iter_locate(&iter, target));
            const lzma_vli start = target / 3 * 3 + (target % 3 == 0 ? 0 : 1);
            assert_true(iter.block.uncompressed_file_offset == start);
            assert_true(iter.block.uncompressed_size == (target % 3 == 0 ? 1 : 2));
        }
        assert_true(lzma_index_iter_locate(&iter, size));
        lzma_index_end(index, NULL);
    }
}

/* An iterator at the end goes on when there is more, in the Stream or behind it. */
static void changes(void **state)
{
    (void)state;
    lzma_index *index = lzma_index_init(NULL);
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, index);
    assert_true(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK));
    assert_false(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_ANY));
    assert_true(iter.stream.block_count == 0);
    for (lzma_vli i = 0; i < 1200; ++i) {
        assert_true(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK));
        assert_int_equal(lzma_index_append(index, NULL, 5 + i, i), LZMA_OK);
        assert_false(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK));
        assert_true(iter.block.number_in_file == i + 1);
        assert_true(iter.block.unpadded_size == 5 + i);
        assert_true(iter.stream.block_count == i + 1);
    }
    /* A larger index is joined: its vector of Streams is taken over. */
    lzma_index *more = NULL;
    for (int i = 0; i < 5; ++i)
        add_stream(&more, (const int[]){3, -1});
    assert_int_equal(lzma_index_cat(index, more, NULL), LZMA_OK);
    for (lzma_vli i = 0; i < 5; ++i) {
        assert_false(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK));
        assert_true(iter.stream.number == i + 2);
        assert_true(iter.block.number_in_file == 1201 + i);
        assert_true(iter.block.uncompressed_file_offset == 1199 * 600 + 3 * i);
    }
    assert_true(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_ANY));
    lzma_index_end(index, NULL);
}

/* Stream Flags stay where an iterator pointed to. */
static void flags_stay(void **state)
{
    (void)state;
    lzma_index *index = lzma_index_init(NULL);
    const lzma_stream_flags flags = {.backward_size = 8, .check = LZMA_CHECK_SHA256};
    assert_int_equal(lzma_index_stream_flags(index, &flags), LZMA_OK);
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, index);
    assert_false(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_ANY));
    const lzma_stream_flags *pointer = iter.stream.flags;
    for (int i = 0; i < 100; ++i)
        add_stream(&index, (const int[]){1, 2, 3, 4, 5, 6, -1});
    assert_int_equal(pointer->check, LZMA_CHECK_SHA256);
    lzma_index_iter_rewind(&iter);
    assert_false(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_STREAM));
    assert_ptr_equal(iter.stream.flags, pointer);
    lzma_index_end(index, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members),  cmocka_unit_test(modes),
        cmocka_unit_test(locating), cmocka_unit_test(locating_among_many),
        cmocka_unit_test(changes),  cmocka_unit_test(flags_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
