// SPDX-License-Identifier: 0BSD
// Presets: every member of every level, and what is no preset.

#include "format_help.h"

static void presets(void **state)
{
    (void)state;
    static const struct {
        uint32_t dict_kib, mode, mf, nice_len, depth, nice_extreme, depth_extreme;
    } want[10] = {
        {256, 1, 0x03, 128, 4, 273, 512},   {1024, 1, 0x04, 128, 8, 273, 512},
        {2048, 1, 0x04, 273, 24, 273, 512}, {4096, 1, 0x04, 273, 48, 192, 0},
        {4096, 2, 0x14, 16, 0, 273, 512},   {8192, 2, 0x14, 32, 0, 192, 0},
        {8192, 2, 0x14, 64, 0, 273, 512},   {16384, 2, 0x14, 64, 0, 273, 512},
        {32768, 2, 0x14, 64, 0, 273, 512},  {65536, 2, 0x14, 64, 0, 273, 512},
    };
    for (uint32_t level = 0; level < 10; ++level) {
        lzma_options_lzma options;
        memset(&options, 0x55, sizeof(options));
        assert_false(lzma_lzma_preset(&options, level));
        assert_int_equal(options.dict_size, want[level].dict_kib * 1024);
        assert_int_equal(options.mode, want[level].mode);
        assert_int_equal(options.mf, want[level].mf);
        assert_int_equal(options.nice_len, want[level].nice_len);
        assert_int_equal(options.depth, want[level].depth);
        assert_true(options.lc == 3 && options.lp == 0 && options.pb == 2);
        assert_true(options.preset_dict == NULL && options.preset_dict_size == 0);
        assert_false(lzma_lzma_preset(&options, level | LZMA_PRESET_EXTREME));
        assert_int_equal(options.dict_size, want[level].dict_kib * 1024);
        assert_int_equal(options.mode, LZMA_MODE_NORMAL);
        assert_int_equal(options.mf, LZMA_MF_BT4);
        assert_int_equal(options.nice_len, want[level].nice_extreme);
        assert_int_equal(options.depth, want[level].depth_extreme);
    }
    lzma_options_lzma options = {.dict_size = 77};
    const uint32_t bad[] = {10, 31, 32, 64, 6 | 1U << 30, UINT32_MAX};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i)
        assert_true(lzma_lzma_preset(&options, bad[i]));
    assert_int_equal(options.dict_size, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
