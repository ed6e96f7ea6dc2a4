// SPDX-License-Identifier: 0BSD
// Names that are for one file, and names that are not.

#include "../tools/xz/place.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* In a directory with d, a link to it, and a link to the directory itself. */
static int enter(void **state)
{
    char *const name = malloc(4096);
    const char *const where = getenv("TMPDIR");
    snprintf(name, 4096, "%s/xzplace.XXXXXX", where != NULL ? where : "/tmp");
    *state = name;
    return mkdtemp(name) == NULL || chdir(name) != 0 || mkdir("d", 0700) != 0
           || mkdir("e", 0700) != 0 || symlink("d", "link") != 0
           || symlink(".", "here") != 0;
}

static int leave(void **state)
{
    char *const name = *state;
    const int result = unlink("link") | unlink("here") | rmdir("d") | rmdir("e")
                       | chdir("/") | rmdir(name);
    free(name);
    return result;
}

/* Asked twice: what was looked at is kept. */
static bool same(const char *a, const char *b)
{
    struct xz_place at_a = {.name = a}, at_b = {.name = b};
    const bool is_same = xz_place_same(&at_a, &at_b);
    assert_int_equal(xz_place_same(&at_a, &at_b), is_same);
    return is_same;
}

static void same_file(void **state)
{
    char whole[4200];
    snprintf(whole, sizeof(whole), "%s/d/a.xz", (char *)*state);
    static const char *const names[] = {
        "d/a.xz",
        "./d/a.xz",
        "d//a.xz",
        "d/../d/a.xz",
        "e/../d/a.xz",
        "link/a.xz",
        "d/A.xz",
        "here/d/a.XZ",
        "here/link/a.xz",
        "d/\xc3\xa4"
        "a.xz",
    };
    const size_t count = ARRAY_COUNT(names);
    for (size_t i = 0; i < count; i++) {
        assert_true(same(names[i], whole));
        for (size_t k = 0; k < count; k++)
            assert_true(same(names[i], names[k]));
    }
    assert_true(same("a", "here/a"));
    assert_true(same("/a", "//a"));
    /* What is not there yet is compared by its spelling. */
    assert_true(same("new/a", "new/a"));
}

static void other_file(void **state)
{
    static const char *const names[] = {
        "d/a.xz", "e/a.xz", "a.xz", "d/b.xz", "d/a.xz.xz", "d/a", "new/a.xz", "/a.xz",
    };
    const size_t count = ARRAY_COUNT(names);
    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            assert_int_equal(same(names[i], names[k]), i == k);
    assert_false(same(NULL, "a"));
    assert_false(same("a", NULL));
    assert_false(same(NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_file),
        cmocka_unit_test(other_file),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
