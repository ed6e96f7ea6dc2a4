// SPDX-License-Identifier: 0BSD
// Stream Header and Stream Footer: bytes, order of errors, comparing.

#include "format_help.h"

#define SIZE LZMA_STREAM_HEADER_SIZE

/* The 32 bytes of the empty file that `xz -C crc64 </dev/null` makes, without the
   Index. */
static const uint8_t header_bytes[SIZE] = {0xFD, '7',  'z',  'X',  'Z',  0x00,
                                           0x00, 0x04, 0xE6, 0xD6, 0xB4, 0x46};
static const uint8_t footer_bytes[SIZE] = {0x1F, 0xB6, 0xF3, 0x7D, 0x01, 0x00,
                                           0x00, 0x00, 0x00, 0x04, 'Y',  'Z'};

static void known_bytes(void **state)
{
    (void)state;
    lzma_stream_flags flags = {.backward_size = 8, .check = LZMA_CHECK_CRC64};
    uint8_t out[SIZE];
    assert_int_equal(lzma_stream_header_encode(&flags, out), LZMA_OK);
    assert_memory_equal(out, header_bytes, SIZE);
    assert_int_equal(lzma_stream_footer_encode(&flags, out), LZMA_OK);
    assert_memory_equal(out, footer_bytes, SIZE);

    assert_int_equal(lzma_stream_header_decode(&flags, header_bytes), LZMA_OK);
    assert_int_equal(flags.check, LZMA_CHECK_CRC64);
    assert_true(flags.backward_size == LZMA_VLI_UNKNOWN);
    assert_int_equal(lzma_stream_footer_decode(&flags, footer_bytes), LZMA_OK);
    assert_int_equal(flags.check, LZMA_CHECK_CRC64);
    assert_true(flags.backward_size == 8);
}

static void all_checks_and_sizes(void **state)
{
    (void)state;
    const lzma_vli sizes[] = {4, 8, 0x10000, LZMA_BACKWARD_SIZE_MAX};
    for (int check = 0; check <= LZMA_CHECK_ID_MAX; ++check) {
        for (size_t i = 0; i < 4; ++i) {
            lzma_stream_flags in = {.backward_size = sizes[i],
                                    .check = (lzma_check)check};
            lzma_stream_flags out;
            uint8_t buf[SIZE];
            assert_int_equal(lzma_stream_footer_encode(&in, buf), LZMA_OK);
            assert_int_equal(lzma_stream_footer_decode(&out, buf), LZMA_OK);
            assert_int_equal(lzma_stream_flags_compare(&in, &out), LZMA_OK);
        }
    }
}

/* Every single bit that flips is noticed: in the magic bytes as a wrong format,
   elsewhere by the CRC32. */
static void flipped_bits(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < SIZE * 8; ++bit) {
        uint8_t buf[SIZE];
        lzma_stream_flags flags;
        memcpy(buf, header_bytes, SIZE);
        buf[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(lzma_stream_header_decode(&flags, buf),
                         bit < 6 * 8 ? LZMA_FORMAT_ERROR : LZMA_DATA_ERROR);
        memcpy(buf, footer_bytes, SIZE);
        buf[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(lzma_stream_footer_decode(&flags, buf),
                         bit >= 10 * 8 ? LZMA_FORMAT_ERROR : LZMA_DATA_ERROR);
    }
}

/* Reserved bits with a right CRC32 are what a later version may write. */
static void reserved_bits(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 16; ++bit) {
        if (bit >= 8 && bit < 12)
            continue;
        uint8_t buf[SIZE];
        lzma_stream_flags flags;
        memcpy(buf, header_bytes, SIZE);
        buf[6 + bit / 8] ^= (uint8_t)(1U << bit % 8);
        uint32_t crc = lzma_crc32(buf + 6, 2, 0);
        for (int i = 0; i < 4; ++i)
            buf[8 + i] = (uint8_t)(crc >> 8 * i);
        assert_int_equal(lzma_stream_header_decode(&flags, buf), LZMA_OPTIONS_ERROR);
    }
}

static void bad_members(void **state)
{
    (void)state;
    uint8_t buf[SIZE];
    lzma_stream_flags flags = {
        .version = 1, .backward_size = 3, .check = (lzma_check)99};
    assert_int_equal(lzma_stream_header_encode(&flags, buf), LZMA_OPTIONS_ERROR);
    assert_int_equal(lzma_stream_footer_encode(&flags, buf), LZMA_OPTIONS_ERROR);
    flags.version = 0;
    assert_int_equal(lzma_stream_header_encode(&flags, buf), LZMA_PROG_ERROR);
    flags.check = LZMA_CHECK_NONE;
    assert_int_equal(lzma_stream_header_encode(&flags, buf), LZMA_OK);
    const lzma_vli bad_sizes[] = {0, 3, 6, LZMA_BACKWARD_SIZE_MAX + 4,
                                  LZMA_VLI_UNKNOWN};
    for (size_t i = 0; i < 5; ++i) {
        flags.backward_size = bad_sizes[i];
        assert_int_equal(lzma_stream_footer_encode(&flags, buf), LZMA_PROG_ERROR);
    }
}

static void check_compare(lzma_stream_flags a, lzma_stream_flags b, lzma_ret want)
{
    assert_int_equal(lzma_stream_flags_compare(&a, &b), want);
    assert_int_equal(lzma_stream_flags_compare(&b, &a), want);
}

static void comparing(void **state)
{
    (void)state;
    const lzma_vli unknown = LZMA_VLI_UNKNOWN;
    const lzma_stream_flags a = {.backward_size = unknown, .check = LZMA_CHECK_CRC32};
    lzma_stream_flags b = a;
    check_compare(a, b, LZMA_OK);
    b.backward_size = 3;
    check_compare(a, b, LZMA_OK);
    check_compare(b, b, LZMA_PROG_ERROR);
    b.check = LZMA_CHECK_CRC64;
    check_compare(a, b, LZMA_DATA_ERROR);
    b.check = (lzma_check)16;
    check_compare(a, b, LZMA_PROG_ERROR);
    b.version = 1;
    check_compare(a, b, LZMA_OPTIONS_ERROR);
    lzma_stream_flags c = {.backward_size = 4, .check = LZMA_CHECK_CRC32};
    lzma_stream_flags d = {.backward_size = 8, .check = LZMA_CHECK_CRC32};
    check_compare(c, d, LZMA_DATA_ERROR);
    check_compare(c, c, LZMA_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_bytes),  cmocka_unit_test(all_checks_and_sizes),
        cmocka_unit_test(flipped_bits), cmocka_unit_test(reserved_bits),
        cmocka_unit_test(bad_members),  cmocka_unit_test(comparing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
