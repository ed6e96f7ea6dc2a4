// SPDX-License-Identifier: 0BSD
// Header of .lzma files: rounding, and what is taken for a header.

#include "format/alone_header.h"
#include "format_help.h"

/* Properties 3/0/2, 8 MiB, unknown size. */
static const uint8_t usual[XZ_ALONE_HEADER_SIZE] = {
    0x5D, 0x00, 0x00, 0x80, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

static void encoding(void **state)
{
    (void)state;
    static const struct {
        uint32_t dict_size;
        uint32_t stored_size;
    } cases[] = {
        {4096, 4096},
        {4097, 6144},
        {(8 << 20) - 1, 8 << 20},
        {8 << 20, 8 << 20},
        {UINT32_C(3) << 30, UINT32_C(3) << 30},
        {UINT32_MAX - 1, UINT32_MAX},
    };
    struct guard out = guard_make(NULL, XZ_ALONE_HEADER_SIZE);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
        lzma_options_lzma options = {.dict_size = cases[i].dict_size, .lc = 3, .pb = 2};
        struct xz_alone_header header;
        assert_int_equal(xz_alone_header_encode(&options, out.start), LZMA_OK);
        assert_int_equal(xz_alone_header_decode(out.start, true, &header), LZMA_OK);
        assert_int_equal(header.options.dict_size, cases[i].stored_size);
        assert_true(header.options.lc == 3 && header.options.pb == 2);
        assert_true(header.uncompressed_size == UINT64_MAX);
    }
    lzma_options_lzma options = {.dict_size = 8 << 20, .lc = 3, .pb = 2};
    assert_int_equal(xz_alone_header_encode(&options, out.start), LZMA_OK);
    assert_memory_equal(out.start, usual, XZ_ALONE_HEADER_SIZE);
    options.dict_size = 4095;
    assert_int_equal(xz_alone_header_encode(&options, out.start), LZMA_OPTIONS_ERROR);
    options.dict_size = 4096;
    options.lp = 2;
    assert_int_equal(xz_alone_header_encode(&options, out.start), LZMA_OPTIONS_ERROR);
    guard_free(&out);
}

/* A header with these values must be accepted as told. */
static void check_alone(uint8_t properties, uint32_t dict_size, uint64_t size,
                        bool is_plain_ok, bool is_picky_ok)
{
    uint8_t in[XZ_ALONE_HEADER_SIZE] = {properties};
    for (int i = 0; i < 4; ++i)
        in[1 + i] = (uint8_t)(dict_size >> 8 * i);
    for (int i = 0; i < 8; ++i)
        in[5 + i] = (uint8_t)(size >> 8 * i);
    struct xz_alone_header header;
    assert_int_equal(xz_alone_header_decode(in, false, &header),
                     is_plain_ok ? LZMA_OK : LZMA_FORMAT_ERROR);
    if (is_plain_ok) {
        assert_int_equal(header.options.dict_size, dict_size);
        assert_true(header.uncompressed_size == size);
    }
    assert_int_equal(xz_alone_header_decode(in, true, &header),
                     is_picky_ok ? LZMA_OK : LZMA_FORMAT_ERROR);
    /* What is possible as a whole is possible at each length; what is not, is so from
       some length on. */
    bool was_possible = true;
    for (size_t cut = 0; cut <= XZ_ALONE_HEADER_SIZE; ++cut) {
        struct guard part = guard_make(in, cut);
        const bool is_possible = xz_alone_header_is_possible(part.start, cut, true);
        assert_true(was_possible || !is_possible);
        was_possible = is_possible;
        guard_free(&part);
    }
    assert_int_equal(was_possible, is_picky_ok);
}

static void rules(void **state)
{
    (void)state;
    check_alone(0x5D, 8 << 20, UINT64_MAX, true, true);
    check_alone(0x5D, 12 << 20, 0, true, true);
    check_alone(0x5D, UINT32_MAX, 5, true, true);
    check_alone(0x5D, 0, 5, true, true);
    check_alone(0x5D, 1, 5, true, true);
    check_alone(0x5D, 3, 5, true, true);
    check_alone(0x5D, 5, 5, true, false);
    check_alone(0x5D, UINT32_C(7) << 20, 5, true, false);
    check_alone(0x5D, UINT32_MAX - 1, 5, true, false);
    check_alone(0x5D, 4096, (UINT64_C(1) << 38) - 1, true, true);
    check_alone(0x5D, 4096, UINT64_C(1) << 38, true, false);
    check_alone(0x5D, 4096, UINT64_MAX - 1, true, false);
    check_alone(225, 4096, 5, false, false);
    check_alone(8, 4096, 5, false, false);
    check_alone(0xFD, 4096, 5, false, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encoding),
        cmocka_unit_test(rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
