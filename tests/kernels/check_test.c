// SPDX-License-Identifier: 0BSD
// The Check field: sizes, support, contents for every type.

#include "check/check.h"
#include "support/support.h"

static void sizes(void **state)
{
    (void)state;
    static const uint32_t want[16] = {0,  4,  4,  4,  8,  8,  8,  16,
                                      16, 16, 32, 32, 32, 64, 64, 64};
    for (uint32_t id = 0; id < 16; ++id) {
        assert_int_equal(xz_check_size((lzma_check)id), want[id]);
        assert_int_equal(xz_check_is_supported((lzma_check)id),
                         id == 0 || id == 1 || id == 4 || id == 10);
    }
    static const uint32_t bad[] = {16, 17, 1000, 0x7FFFFFFF, 0x80000000, UINT32_MAX};
    for (size_t i = 0; i < ARRAY_COUNT(bad); ++i) {
        assert_int_equal(xz_check_size((lzma_check)bad[i]), UINT32_MAX);
        assert_false(xz_check_is_supported((lzma_check)bad[i]));
    }
}

static const struct {
    lzma_check type;
    const char *field; // of "123456789"
} fields[] = {
    {LZMA_CHECK_NONE, ""},
    {LZMA_CHECK_CRC32, "2639F4CB"},
    {LZMA_CHECK_CRC64, "FA3919DFBBC95D99"},
    {LZMA_CHECK_SHA256,
     "15E2B0D3C33891EBB0F1EF609EC419420C20E320CE94C65FBC8C3312448EB225"},
    {(lzma_check)2, ""},
    {(lzma_check)15, ""},
};

/* Nothing but the field is written. */
static void contents(void **state)
{
    (void)state;
    const uint8_t *digits = (const uint8_t *)"123456789";
    for (size_t i = 0; i < ARRAY_COUNT(fields); ++i) {
        for (size_t cut = 0; cut <= 9; ++cut) {
            uint8_t want[LZMA_CHECK_SIZE_MAX];
            uint8_t got[LZMA_CHECK_SIZE_MAX];
            memset(want, 0x55, sizeof(want));
            memset(got, 0x55, sizeof(got));
            hex_parse(fields[i].field, want, sizeof(want));
            struct xz_check check;
            xz_check_init(&check, fields[i].type);
            xz_check_update(&check, digits, cut);
            xz_check_update(&check, NULL, 0);
            xz_check_update(&check, digits + cut, 9 - cut);
            xz_check_finish(&check, got);
            assert_memory_equal(got, want, sizeof(want));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(contents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
