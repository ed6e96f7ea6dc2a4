// SPDX-License-Identifier: 0BSD
// Common lengths, many bytes at a time, against byte by byte.

#include "match/match_len.h"
#include "support/support.h"

#define SIZE   300
#define MARGIN XZ_MATCH_LEN_WIDE_OVERREAD

/* Texts that differ at one place, or nowhere, and agree behind it. */
static void test_lengths(void **state)
{
    (void)state;
    static uint8_t a[SIZE + MARGIN];
    static uint8_t b[SIZE + MARGIN];
    fill_random(a, sizeof(a), 5);
    for (uint32_t differs = 0; differs <= SIZE; ++differs) {
        memcpy(b, a, sizeof(b));
        b[differs] ^= 1;
        for (uint32_t known = 0; known <= differs && known < 70; ++known) {
            for (uint32_t limit = known; limit <= SIZE; limit += 7) {
                const uint32_t len = differs < limit ? differs : limit;
                assert_int_equal(xz_match_len(a, b, known, limit), len);
                assert_int_equal(xz_match_len_wide(a, b, known, limit), len);
            }
        }
    }
}

/* Behind limit the wide form reads as many bytes as it may, not more. */
static void test_reads(void **state)
{
    (void)state;
    uint8_t text[2 + MARGIN];
    memset(text, 1, sizeof(text));
    struct guard guard = guard_make(text, sizeof(text));
    assert_int_equal(xz_match_len_wide(guard.start + 1, guard.start, 0, 1), 1);
    assert_int_equal(xz_match_len_wide(guard.start + 1, guard.start, 1, 2), 2);
    guard_free(&guard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
