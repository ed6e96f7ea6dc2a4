// SPDX-License-Identifier: 0BSD
// Numbers for people at the borders between units, and integers read with suffixes.

#include "support/support.h"

#include "../../tools/common/units.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * KIB)
#define GIB (KIB * MIB)

static void sizes(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        enum xz_unit least;
        const char *text, *exact;
    } cases[] = {
        {0, XZ_UNIT_B, "0 B", "0 B"},
        {9999, XZ_UNIT_B, "9999 B", "9999 B"},
        {10000, XZ_UNIT_B, "9.8 KiB", "9.8 KiB (10000 B)"},
        {64088, XZ_UNIT_B, "62.6 KiB", "62.6 KiB (64088 B)"},
        {9999 * KIB, XZ_UNIT_B, "9999.0 KiB", "9999.0 KiB (10238976 B)"},
        {10000 * KIB, XZ_UNIT_B, "9.8 MiB", "9.8 MiB (10240000 B)"},
        {10000 * MIB, XZ_UNIT_B, "9.8 GiB", "9.8 GiB (10485760000 B)"},
        {10000 * GIB, XZ_UNIT_B, "9.8 TiB", "9.8 TiB (10737418240000 B)"},
        {UINT64_MAX, XZ_UNIT_B, "16777216.0 TiB",
         "16777216.0 TiB (18446744073709551615 B)"},
        {0, XZ_UNIT_MIB, "0.0 MiB", "0 B"},
        {9999, XZ_UNIT_KIB, "9.8 KiB", "9999 B"},
        {3 * MIB, XZ_UNIT_MIB, "3.0 MiB", "3072.0 KiB (3145728 B)"},
    };
    char out[XZ_UNIT_TEXT_SIZE];
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_string_equal(xz_size_text(cases[i].bytes, cases[i].least, out),
                            cases[i].text);
        assert_string_equal(xz_size_text_exact(cases[i].bytes, out), cases[i].exact);
    }
}

static void ratios(void **state)
{
    (void)state;
    char out[XZ_UNIT_TEXT_SIZE];
    assert_string_equal(xz_ratio_text(107, 1000, out), "0.107");
    assert_string_equal(xz_ratio_text(0, 5, out), "0.000");
    assert_string_equal(xz_ratio_text(9999, 1000, out), "9.999");
    assert_string_equal(xz_ratio_text(10000, 1000, out), "---");
    assert_string_equal(xz_ratio_text(32, 0, out), "---");
    assert_string_equal(xz_ratio_text(0, 0, out), "---");
    assert_string_equal(xz_ratio_text(UINT64_MAX, UINT64_MAX, out), "1.000");
}

static void memory(void **state)
{
    (void)state;
    char out[XZ_UNIT_TEXT_SIZE];
    assert_string_equal(xz_mib_text(0, out), "0 MiB");
    assert_string_equal(xz_mib_text(1, out), "1 MiB");
    assert_string_equal(xz_mib_text(94 * MIB, out), "94 MiB");
    assert_string_equal(xz_mib_text(94 * MIB + 1, out), "95 MiB");
    assert_string_equal(xz_mib_text(UINT64_MAX, out), "17592186044416 MiB");
    assert_string_equal(xz_memory_text(MIB - 1, out), "1048575 B");
    assert_string_equal(xz_memory_text(MIB, out), "1 MiB");
}

static void times(void **state)
{
    (void)state;
    static const struct {
        uint64_t seconds;
        const char *clock, *estimate;
    } cases[] = {
        {0, "0:00", "0 s"},
        {59, "0:59", "59 s"},
        {60, "1:00", "1 min 0 s"},
        {599, "9:59", "9 min 59 s"},
        {600, "10:00", "10 min"},
        {3599, "59:59", "59 min"},
        {3600, "1:00:00", "1 h 0 min"},
        {86399, "23:59:59", "23 h 59 min"},
        {86400, "24:00:00", "1 d 0 h"},
        {UINT64_MAX, "5124095576030431:00:15", "213503982334601 d 7 h"},
    };
    char out[XZ_UNIT_TEXT_SIZE];
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_string_equal(xz_clock_text(cases[i].seconds, out), cases[i].clock);
        assert_string_equal(xz_estimate_text(cases[i].seconds, out), cases[i].estimate);
    }
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t value;
    } cases[] = {
        {"0", 0},
        {"007", 7},
        {"max", UINT64_MAX},
        {"5k", 5 * KIB},
        {"5K", 5 * KIB},
        {"5ki", 5 * KIB},
        {"5KiB", 5 * KIB},
        {"5kB", 5 * KIB},
        {"5m", 5 * MIB},
        {"5Mi", 5 * MIB},
        {" 5", 5},
        {"\t  5MB", 5 * MIB},
        {"5MB", 5 * MIB},
        {"5MiB", 5 * MIB},
        {"5g", 5 * GIB},
        {"5G", 5 * GIB},
        {"5giB", 5 * GIB},
        {"0GiB", 0},
        {"17179869183G", 17179869183 * GIB},
        {"18446744073709551615", UINT64_MAX},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        uint64_t value = 77;
        assert_null(xz_number_parse(cases[i].text, 0, UINT64_MAX, &value));
        if (value != cases[i].value)
            fail_msg("%s: wrong value", cases[i].text);
    }
    uint64_t value = 77;
    assert_null(xz_number_parse("max", 1, 100, &value));
    assert_int_equal(value, 100);
    assert_null(xz_number_parse("1", 1, 100, &value));
    assert_int_equal(value, 1);
    assert_null(xz_number_parse("2KiB", 0, 2048, &value));
    assert_int_equal(value, 2048);
}

static void wrong_numbers(void **state)
{
    (void)state;
    static const char not_number[] = "not a non-negative decimal integer";
    static const char suffix[] =
        "unknown suffix; KiB (2^10), MiB (2^20) and GiB (2^30) are known";
    static const char big[] = "the value is too big";
    static const char small[] = "the value is too small";
    static const struct {
        const char *text;
        uint64_t min, max;
        const char *why;
    } cases[] = {
        {"", 0, 9, not_number},
        {"-1", 0, 9, not_number},
        {"+1", 0, 9, not_number},
        {" -1", 0, 9, not_number},
        {" ", 0, 9, not_number},
        {"\n1", 0, 9, not_number},
        {"k", 0, 9, not_number},
        {"Max", 0, 9, not_number},
        {"maximum", 0, 9, not_number},
        {"1 ", 0, 9, suffix},
        {"0x1", 0, 9, suffix},
        {"1.5", 0, 9, suffix},
        {"1T", 0, 9, suffix},
        {"1Kib", 0, 9, suffix},
        {"1KiBs", 0, 9, suffix},
        {"1B", 0, 9, suffix},
        {"1e", 0, 9, suffix},
        {"10", 0, 9, big},
        {"1k", 0, 1023, big},
        {"0", 1, 9, small},
        {"18446744073709551616", 0, UINT64_MAX, big},
        {"99999999999999999999999999", 0, UINT64_MAX, big},
        {"17179869184G", 0, UINT64_MAX, big},
        {"18446744073709551615k", 0, UINT64_MAX, big},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        uint64_t value = 77;
        const char *why =
            xz_number_parse(cases[i].text, cases[i].min, cases[i].max, &value);
        if (why == NULL)
            fail_msg("%s: accepted", cases[i].text);
        assert_string_equal(why, cases[i].why);
        assert_int_equal(value, 77);
    }
}

static void grouped(void **state)
{
    (void)state;
    char text[XZ_UNIT_TEXT_SIZE];
    assert_string_equal(xz_grouped_text(0, text), "0");
    assert_string_equal(xz_grouped_text(999, text), "999");
    assert_string_equal(xz_grouped_text(1000, text), "1,000");
    assert_string_equal(xz_grouped_text(1048576, text), "1,048,576");
    assert_string_equal(xz_grouped_text(UINT64_MAX, text),
                        "18,446,744,073,709,551,615");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grouped),       cmocka_unit_test(sizes),
        cmocka_unit_test(ratios),        cmocka_unit_test(memory),
        cmocka_unit_test(times),         cmocka_unit_test(numbers),
        cmocka_unit_test(wrong_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
