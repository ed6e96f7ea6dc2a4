// SPDX-License-Identifier: 0BSD
// Header and footer of .lz members.

#include "format/lzip_header.h"
#include "format_help.h"

static void header_bytes(void **state)
{
    (void)state;
    uint8_t in[] = {'L', 'Z', 'I', 'P', 1, 0x17};
    struct xz_lzip_header header;
    assert_int_equal(xz_lzip_header_decode(in, &header), LZMA_OK);
    assert_int_equal(header.version, 1);
    assert_int_equal(header.options.dict_size, 8 << 20);
    assert_true(header.options.lc == 3 && header.options.lp == 0
                && header.options.pb == 2);
    in[5] = 0xD3; // 2^19 - 6 * 2^15, the example of the lzip manual
    assert_int_equal(xz_lzip_header_decode(in, &header), LZMA_OK);
    assert_int_equal(header.options.dict_size, 320 << 10);
    for (unsigned byte = 0; byte < 256; ++byte) {
        in[5] = (uint8_t)byte;
        const unsigned log2 = byte % 32;
        const bool is_valid = log2 <= 29 && (log2 > 12 || byte == 12);
        assert_int_equal(xz_lzip_header_decode(in, &header),
                         is_valid ? LZMA_OK : LZMA_DATA_ERROR);
        if (is_valid)
            assert_in_range(header.options.dict_size, 4096, 1 << 29);
    }
    in[4] = 2;
    assert_int_equal(xz_lzip_header_decode(in, &header), LZMA_OPTIONS_ERROR);
    in[3] = 'Q';
    assert_int_equal(xz_lzip_header_decode(in, &header), LZMA_FORMAT_ERROR);
}

static void footer_bytes(void **state)
{
    (void)state;
    static const uint8_t bytes[20] = {1, 0,    0, 0x80, 2, 0, 0, 0, 0, 0,
                                      0, 0x40, 3, 0,    0, 0, 0, 0, 0, 0x20};
    struct xz_lzip_footer footer;
    for (uint32_t version = 0; version < 2; ++version) {
        const size_t size = xz_lzip_footer_size(version);
        assert_int_equal(size, version == 0 ? 12 : 20);
        struct guard in = guard_make(bytes, size);
        xz_lzip_footer_decode(in.start, version, &footer);
        assert_int_equal(footer.crc32, 0x80000001);
        assert_true(footer.uncompressed_size == 0x4000000000000002);
        assert_true(footer.member_size
                    == (version == 0 ? UINT64_MAX : 0x2000000000000003));
        guard_free(&in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_bytes),
        cmocka_unit_test(footer_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
