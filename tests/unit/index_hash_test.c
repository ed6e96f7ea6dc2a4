// SPDX-License-Identifier: 0BSD
// The index hash: agreement, every kind of disagreement, limits.

#include "index_sample.h"

/* A hash to which the first count records were appended. */
static lzma_index_hash *hash_of(unsigned count)
{
    lzma_index_hash *hash = lzma_index_hash_init(NULL, NULL);
    for (unsigned i = 0; i < count; ++i)
        assert_int_equal(lzma_index_hash_append(hash, records[i][0], records[i][1]),
                         LZMA_OK);
    return hash;
}

static void hash_agrees(void **state)
{
    (void)state;
    for (unsigned count = 0; count <= RECORD_COUNT; ++count) {
        struct guard in = field(count);
        const size_t size = field_size(&in);
        for (size_t piece = 1; piece <= size; ++piece) {
            lzma_index_hash *hash = hash_of(count);
            assert_true(lzma_index_hash_size(hash) == size);
            size_t pos = 0;
            assert_int_equal(lzma_index_hash_decode(hash, in.start, &pos, 0),
                             LZMA_BUF_ERROR);
            lzma_ret ret = LZMA_OK;
            while (ret == LZMA_OK) {
                const size_t end = pos + piece < size ? pos + piece : size;
                ret = lzma_index_hash_decode(hash, in.start, &pos, end);
                if (pos < size)
                    assert_int_equal(lzma_index_hash_append(hash, 5, 5),
                                     LZMA_PROG_ERROR);
            }
            assert_int_equal(ret, LZMA_STREAM_END);
            assert_int_equal(pos, size);
            assert_ptr_equal(lzma_index_hash_init(hash, NULL), hash);
            assert_true(lzma_index_hash_size(hash) == 8);
            assert_int_equal(lzma_index_hash_append(hash, 5, 5), LZMA_OK);
            lzma_index_hash_end(hash, NULL);
        }
        guard_free(&in);
    }
}

static void expect_hash(lzma_index_hash *hash, const struct guard *in)
{
    size_t pos = 0;
    assert_int_equal(lzma_index_hash_decode(hash, in->start, &pos, field_size(in)),
                     LZMA_DATA_ERROR);
    lzma_index_hash_end(hash, NULL);
}

static void hash_differs(void **state)
{
    (void)state;
    struct guard in = field(3);
    expect_hash(hash_of(2), &in);
    expect_hash(hash_of(4), &in);
    /* The same sums in another order. */
    lzma_index_hash *hash = lzma_index_hash_init(NULL, NULL);
    for (unsigned i = 3; i-- > 0;)
        assert_int_equal(lzma_index_hash_append(hash, records[i][0], records[i][1]),
                         LZMA_OK);
    expect_hash(hash, &in);
    guard_free(&in);
}

/* Damage anywhere, in an Index of any length; that of a single Block is compared as a
   whole. Behind a good one no byte is taken or looked at. */
static void hash_is_damaged(void **state)
{
    (void)state;
    for (unsigned count = 0; count <= RECORD_COUNT; ++count) {
        struct guard in = field(count);
        const size_t size = field_size(&in);
        for (size_t bit = 0; bit < size * 8; ++bit) {
            in.start[bit / 8] ^= (uint8_t)(1U << bit % 8);
            expect_hash(hash_of(count), &in);
            in.start[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        uint8_t more[200];
        memset(more, 0xAA, sizeof(more));
        memcpy(more + 3, in.start, size);
        size_t pos = 3;
        lzma_index_hash *hash = hash_of(count);
        assert_int_equal(lzma_index_hash_decode(hash, more, &pos, sizeof(more)),
                         LZMA_STREAM_END);
        assert_int_equal(pos, 3 + size);
        assert_int_equal(lzma_index_hash_decode(hash, more, &pos, sizeof(more)),
                         LZMA_PROG_ERROR);
        lzma_index_hash_end(hash, NULL);
        guard_free(&in);
    }
}

static void hash_limits(void **state)
{
    (void)state;
    struct counter counter;
    counter_init(&counter, 0);
    assert_null(lzma_index_hash_init(NULL, &counter.allocator));
    lzma_index_hash_end(NULL, NULL);
    assert_int_equal(lzma_index_hash_append(NULL, 5, 5), LZMA_PROG_ERROR);
    lzma_index_hash *hash = hash_of(0);
    assert_int_equal(lzma_index_hash_append(hash, 4, 5), LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_hash_append(hash, LZMA_VLI_MAX, 5), LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_hash_append(hash, 5, LZMA_VLI_UNKNOWN),
                     LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_hash_append(hash, LZMA_VLI_MAX - 3, 5),
                     LZMA_DATA_ERROR);
    assert_int_equal(lzma_index_hash_append(hash, 5, LZMA_VLI_MAX), LZMA_OK);
    assert_int_equal(lzma_index_hash_append(hash, 5, 1), LZMA_DATA_ERROR);
    assert_int_equal(lzma_index_hash_append(hash, 5, 0), LZMA_OK);
    lzma_index_hash_end(hash, NULL);
}

/* A Stream as large as its file may be: two Headers of 12 bytes and an Index of 16 are
   around a single Block. Streams are multiples of four bytes. */
static void hash_largest(void **state)
{
    (void)state;
    const lzma_vli largest = (LZMA_VLI_MAX & ~(lzma_vli)3) - 2 * 12 - 16;
    lzma_index_hash *hash = lzma_index_hash_init(NULL, NULL);
    assert_int_equal(lzma_index_hash_append(hash, largest + 1, 5), LZMA_DATA_ERROR);
    assert_int_equal(lzma_index_hash_append(hash, largest, 5), LZMA_OK);
    assert_true(lzma_index_hash_size(hash) == 16);
    lzma_index_hash_end(hash, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash_agrees),     cmocka_unit_test(hash_differs),
        cmocka_unit_test(hash_is_damaged), cmocka_unit_test(hash_limits),
        cmocka_unit_test(hash_largest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
