// SPDX-License-Identifier: 0BSD
// Every constant of the CRCs, computed again from the polynomials.

#include "check/crc_fold.h"
#include "check/crc_table.h"
#include "support/support.h"

#define POLYNOMIAL_32 UINT64_C(0xEDB88320)
#define POLYNOMIAL_64 UINT64_C(0xC96C5795D7870F42)

static const uint64_t slices_32[64] = {
    XZ_CRC32_SLICE_0, XZ_CRC32_SLICE_1, XZ_CRC32_SLICE_2, XZ_CRC32_SLICE_3,
    XZ_CRC32_SLICE_4, XZ_CRC32_SLICE_5, XZ_CRC32_SLICE_6, XZ_CRC32_SLICE_7,
};

static const uint64_t slices_64[64] = {
    XZ_CRC64_SLICE_0, XZ_CRC64_SLICE_1, XZ_CRC64_SLICE_2, XZ_CRC64_SLICE_3,
    XZ_CRC64_SLICE_4, XZ_CRC64_SLICE_5, XZ_CRC64_SLICE_6, XZ_CRC64_SLICE_7,
};

/* x^n modulo polynomial, reflected in `bits` bits, all by shifting one bit at a time.
   */
static uint64_t power(unsigned n, uint64_t polynomial, unsigned bits)
{
    uint64_t value = UINT64_C(1) << (bits - 1);
    for (; n > 0; --n)
        value = (value >> 1) ^ ((value & 1) != 0 ? polynomial : 0);
    return value;
}

static void slices(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 64; ++i) {
        assert_int_equal(slices_32[i], power(32 + i, POLYNOMIAL_32, 32));
        assert_int_equal(slices_64[i], power(64 + i, POLYNOMIAL_64, 64));
    }
}

/* The 256 entries of a slice: the first is the register after each byte alone. */
static void expansion(void **state)
{
    (void)state;
    static const uint32_t table_32[256] = XZ_CRC_SLICE(XZ_CRC32_SLICE_0);
    static const uint64_t table_64[256] = XZ_CRC_SLICE(XZ_CRC64_SLICE_0);
    for (uint32_t byte = 0; byte < 256; ++byte) {
        uint32_t value_32 = byte;
        uint64_t value_64 = byte;
        for (int i = 0; i < 8; ++i) {
            value_32 = (value_32 >> 1) ^ ((value_32 & 1) != 0 ? 0xEDB88320 : 0);
            value_64 = (value_64 >> 1) ^ ((value_64 & 1) != 0 ? POLYNOMIAL_64 : 0);
        }
        assert_int_equal(table_32[byte], value_32);
        assert_int_equal(table_64[byte], value_64);
    }
}

/* The lowest 64 of the 65 coefficients of floor(x^128 / Q), from x^64 on; Q is x^64
   plus what polynomial holds. Long division: rest is what is left below the current
   place. */
static uint64_t quotient(uint64_t polynomial)
{
    uint64_t result = 0;
    uint64_t rest = UINT64_C(1) << 63;
    for (unsigned step = 0; step <= 64; ++step) {
        /* One place on: is there a coefficient above x^63 to divide? */
        const bool divides = step == 0 || (rest & 1) != 0;
        if (step > 0)
            rest = (rest >> 1) ^ (divides ? polynomial : 0);
        else
            rest = polynomial;
        if (divides && step < 64)
            result |= UINT64_C(1) << step;
    }
    return result;
}

static void check_fold(const struct xz_crc_fold *fold, uint64_t polynomial)
{
    assert_int_equal(fold->by_1024[0], power(1024 + 63, polynomial, 64));
    assert_int_equal(fold->by_1024[1], power(1024 - 1, polynomial, 64));
    assert_int_equal(fold->by_512[0], power(512 + 63, polynomial, 64));
    assert_int_equal(fold->by_512[1], power(512 - 1, polynomial, 64));
    assert_int_equal(fold->by_256[0], power(256 + 63, polynomial, 64));
    assert_int_equal(fold->by_256[1], power(256 - 1, polynomial, 64));
    assert_int_equal(fold->by_128[0], power(128 + 63, polynomial, 64));
    assert_int_equal(fold->by_128[1], power(128 - 1, polynomial, 64));
    assert_int_equal(fold->mu, quotient(polynomial));
    assert_int_equal(fold->q, polynomial << 1 | 1);
    assert_int_equal(fold->q_low_bit, polynomial >> 63 != 0 ? UINT64_MAX : 0);
}

/* For CRC32, Q is P x^32: the 32 coefficients of P in the low half. */
static void fold_constants(void **state)
{
    (void)state;
    check_fold(&xz_crc32_fold, POLYNOMIAL_32);
    check_fold(&xz_crc64_fold, POLYNOMIAL_64);
}

static void slide(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 48; ++i)
        assert_int_equal(xz_crc_slide[i], i >= 16 && i < 32 ? i - 16 : 0x80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices),
        cmocka_unit_test(expansion),
        cmocka_unit_test(fold_constants),
        cmocka_unit_test(slide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
