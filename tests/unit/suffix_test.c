// SPDX-License-Identifier: 0BSD
// Suffixes of file names: which are found, what is left without them, what is refused.

#include "support/support.h"

#include "../../tools/common/suffix.h"

#include <errno.h>

#define ALL (XZ_SUFFIX_XZ | XZ_SUFFIX_LZMA | XZ_SUFFIX_LZIP)

/* want NULL: there is no suffix to remove. */
static void check_removed(const char *name, unsigned known, const char *custom,
                          const char *want)
{
    errno = EINTR;
    char *is = xz_suffix_remove(name, known, custom);
    assert_int_equal(errno, 0);
    if ((is == NULL) != (want == NULL) || (want != NULL && strcmp(is, want) != 0))
        fail_msg("%s: is %s, want %s", name, is != NULL ? is : "none",
                 want != NULL ? want : "none");
    free(is);
}

static void removing(void **state)
{
    (void)state;
    check_removed("a.xz", ALL, NULL, "a");
    check_removed("a.txz", ALL, NULL, "a.tar");
    check_removed("a.lzma", ALL, NULL, "a");
    check_removed("a.tlz", ALL, NULL, "a.tar");
    check_removed("a.lz", ALL, NULL, "a");
    check_removed("d.xz/a.xz", ALL, NULL, "d.xz/a");
    check_removed("a.xz.xz", ALL, NULL, "a.xz");
    check_removed(" .xz", ALL, NULL, " ");
}

static void nothing_to_remove(void **state)
{
    (void)state;
    static const char *const names[] = {
        "", "a", "xz", ".xz", "d/.xz", "/.txz", "a.XZ", "a.xz ", "axz", "a.xz/b", "a.z",
    };
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        check_removed(names[i], ALL, NULL, NULL);
        assert_null(xz_suffix_find(names[i], ALL, NULL));
    }
}

/* Only the sets asked for are known. */
static void sets(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned set;
        const char *suffix;
    } cases[] = {
        {"a.xz", XZ_SUFFIX_XZ, ".xz"},       {"a.txz", XZ_SUFFIX_XZ, ".txz"},
        {"a.lzma", XZ_SUFFIX_LZMA, ".lzma"}, {"a.tlz", XZ_SUFFIX_LZMA, ".tlz"},
        {"a.lz", XZ_SUFFIX_LZIP, ".lz"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *name = cases[i].name;
        assert_string_equal(xz_suffix_find(name, ALL, NULL), cases[i].suffix);
        assert_string_equal(xz_suffix_find(name, cases[i].set, NULL), cases[i].suffix);
        assert_null(xz_suffix_find(name, ALL & ~cases[i].set, NULL));
        check_removed(name, ALL & ~cases[i].set, NULL, NULL);
    }
}

/* A custom suffix stands beside the known ones, which come first. */
static void custom(void **state)
{
    (void)state;
    check_removed("a.foo", ALL, ".foo", "a");
    check_removed("afoo", 0, "foo", "a");
    check_removed("a.xz", ALL, ".foo", "a");
    check_removed("a.txz", ALL, "xz", "a.tar");
    check_removed("a.txz", 0, "xz", "a.t");
    check_removed("foo", ALL, "foo", NULL);
    check_removed("d/foo", ALL, "foo", NULL);
    assert_string_equal(xz_suffix_find("a.foo", ALL, ".foo"), ".foo");
    assert_string_equal(xz_suffix_find("a.xz", ALL, "z"), ".xz");
    assert_null(xz_suffix_find("a.foo", ALL, ".bar"));
}

static void appending(void **state)
{
    (void)state;
    char *name = xz_suffix_append("d/a.tar", ".xz");
    assert_string_equal(name, "d/a.tar.xz");
    free(name);
}

static void validity(void **state)
{
    (void)state;
    assert_true(xz_suffix_is_valid(".xz"));
    assert_true(xz_suffix_is_valid("x"));
    assert_false(xz_suffix_is_valid(""));
    assert_false(xz_suffix_is_valid("/"));
    assert_false(xz_suffix_is_valid(".x/z"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(removing),  cmocka_unit_test(nothing_to_remove),
        cmocka_unit_test(sets),      cmocka_unit_test(custom),
        cmocka_unit_test(appending), cmocka_unit_test(validity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
