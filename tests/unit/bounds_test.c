// SPDX-License-Identifier: 0BSD
// Bounds of single-call encoding, up to where there is none.

#include "format_help.h"

static void bounds(void **state)
{
    (void)state;
    assert_int_equal(lzma_block_buffer_bound(0), 96);
    assert_int_equal(lzma_block_buffer_bound(1), 100);
    assert_int_equal(lzma_block_buffer_bound(65536), 65632);
    assert_int_equal(lzma_block_buffer_bound(65537), 65636);
    assert_int_equal(lzma_stream_buffer_bound(0), 144);
    assert_int_equal(lzma_stream_buffer_bound(65537), 65684);
    assert_int_equal(lzma_block_buffer_bound(SIZE_MAX), 0);
    assert_int_equal(lzma_stream_buffer_bound(SIZE_MAX), 0);
    assert_int_equal(lzma_stream_buffer_bound(SIZE_MAX - 1000), 0);
    if (sizeof(size_t) == 8) {
        const size_t most = (size_t)UINT64_C(0x7FFE80047FF27BE2);
        assert_true(lzma_block_buffer_bound(most) == UINT64_C(0x7FFFFFFFFFFFFC18));
        assert_true(lzma_stream_buffer_bound(most) == UINT64_C(0x7FFFFFFFFFFFFC48));
        assert_true(lzma_block_buffer_bound(most + 1) == 0);
        assert_true(lzma_stream_buffer_bound(most + 1) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
