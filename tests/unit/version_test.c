// SPDX-License-Identifier: 0BSD
// Versions, and what the machine has.

#include "format_help.h"
#include <clearxz.h>

static void versions(void **state)
{
    (void)state;
    assert_int_equal(lzma_version_number(), 50080032);
    assert_string_equal(lzma_version_string(), "5.8.3");
    assert_string_equal(clearxz_version(), CLEARXZ_VERSION_STRING);
}

static void hardware(void **state)
{
    (void)state;
    assert_in_range(lzma_cputhreads(), 1, 8192);
    assert_true(lzma_physmem() >= 1 << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions),
        cmocka_unit_test(hardware),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
