// SPDX-License-Identifier: 0BSD
// Limits of control groups from the text of files, and from a tree of them.

#include "support/support.h"

#include "../../tools/common/cgroup.h"
#include "../../tools/xz/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void memory_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t bytes;
    } rows[] = {
        {"max\n", UINT64_MAX},
        {"", UINT64_MAX},
        {"-1\n", UINT64_MAX},
        {"0\n", 0},
        {"268435456\n", 268435456},
        {"9223372036854771712\n", UINT64_MAX}, // version 1 without a limit
        {"99999999999999999999999\n", UINT64_MAX},
        {"garbage", UINT64_MAX},
        {"4096 garbage", UINT64_MAX},
        {"4096K\n", UINT64_MAX},
        {"0x1000\n", UINT64_MAX},
        {" 4096\n", UINT64_MAX},
        {"18446744073709551615\n", UINT64_MAX},
        {"4611686018427387903\n", 4611686018427387903},
        {"4611686018427387904\n", UINT64_MAX},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        assert_true(xz_cgroup_memory_text(rows[i].text) == rows[i].bytes);
}

static void cpu_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t cpus;
    } rows[] = {
        {"max 100000\n", UINT32_MAX},
        {"100000 100000\n", 1},
        {"50000 100000\n", 1},
        {"150000 100000\n", 2},
        {"200000 100000\n", 2},
        {"1 1000000\n", 1},
        {"0 100000\n", UINT32_MAX},
        {"5 0\n", UINT32_MAX},
        {"", UINT32_MAX},
        {"-1 100000\n", UINT32_MAX},
        {"100000\n", UINT32_MAX},
        {"garbage\n", UINT32_MAX},
        {"9 garbage\n", UINT32_MAX},
        {"9223372036854775807 1\n", UINT32_MAX},
        {"99999999999999999999999 100000\n", UINT32_MAX},
        {"100000 99999999999999999999999\n", 1},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        assert_int_equal(xz_cgroup_cpu_text(rows[i].text), rows[i].cpus);
}

static void meminfo_text(void **state)
{
    (void)state;
    assert_true(xz_meminfo_available("MemTotal: 9 kB\nMemAvailable:    2048 kB\n")
                == 2097152);
    assert_true(xz_meminfo_available("MemTotal: 9 kB\n") == 0);
    assert_true(xz_meminfo_available("") == 0);
}

/* A directory for the files of one case; its name. */
static const char *make_tree(char name[64])
{
    strcpy(name, "/tmp/cgroup_test.XXXXXX");
    assert_non_null(mkdtemp(name));
    return name;
}

/* Write a file below the tree; directories on the way are made. */
static void put(const char *tree, const char *file, const char *text)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", tree, file);
    for (char *slash = strchr(path + strlen(tree) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0700);
        *slash = '/';
    }
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

/* What is found with these groups, and a mount of this type and root at TREE/mount. */
static struct xz_cgroup look(const char *tree, const char *groups, const char *root,
                             const char *mount, const char *type)
{
    char cgroup_file[256], mountinfo_file[256], text[1024];
    snprintf(text, sizeof(text),
             "22 1 0:1 / /proc rw - proc proc rw\n"
             "33 22 0:29 %s %s/%s rw,nosuid shared:4 - %s\n",
             root, tree, mount, type);
    put(tree, "mountinfo", text);
    put(tree, "cgroup", groups);
    snprintf(cgroup_file, sizeof(cgroup_file), "%s/cgroup", tree);
    snprintf(mountinfo_file, sizeof(mountinfo_file), "%s/mountinfo", tree);
    return xz_cgroup_look(cgroup_file, mountinfo_file);
}

static void remove_tree(const char *tree)
{
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", tree);
    assert_int_equal(system(command), 0);
}

static void version_2(void **state)
{
    (void)state;
    char tree[64];
    make_tree(tree);
    static const char type[] = "cgroup2 cgroup2 rw,nsdelegate";
    put(tree, "mount/a/b/memory.max", "max\n");
    put(tree, "mount/a/b/memory.high", "1000000\n");
    put(tree, "mount/a/b/cpu.max", "350000 100000\n");
    put(tree, "mount/a/memory.max", "900000\n");
    put(tree, "mount/a/cpu.max", "max 100000\n");
    struct xz_cgroup found = look(tree, "0::/a/b\n", "/", "mount", type);
    assert_true(found.memory == 900000); // of the group around it
    assert_int_equal(found.cpus, 4);

    put(tree, "mount/a/memory.max", "2000000\n");
    found = look(tree, "0::/a/b\n", "/", "mount", type);
    assert_true(found.memory == 1000000); // memory.high

    /* A container: the mount shows /a as its root. */
    found = look(tree, "0::/x/y/b\n", "/x/y", "mount/a", type);
    assert_true(found.memory == 1000000 && found.cpus == 4);
    found = look(tree, "0::/../other\n", "/", "mount/a", type);
    assert_true(found.memory == 2000000 && found.cpus == UINT32_MAX);

    /* Nothing there, or not ours. */
    found = look(tree, "0::/none\n", "/", "mount", type);
    assert_true(found.memory == UINT64_MAX && found.cpus == UINT32_MAX);
    found = look(tree, "7:pids:/a/b\n", "/", "mount", type);
    assert_true(found.memory == UINT64_MAX && found.cpus == UINT32_MAX);

    put(tree, "with space/a/memory.max", "777\n");
    found = look(tree, "0::/a\n", "/", "with\\040space", type);
    assert_true(found.memory == 777);
    remove_tree(tree);
}

/* A limit may be anywhere between the group and the mount, and each file by itself. */
static void version_2_nested(void **state)
{
    (void)state;
    char tree[64];
    make_tree(tree);
    static const char type[] = "cgroup2 cgroup2 rw";
    static const char deep[] = "0::/a/b/c/d/e/f/g/h\n";
    put(tree, "mount/a/b/c/d/e/f/g/h/memory.max", "max\n");
    put(tree, "mount/a/b/c/d/e/f/g/h/memory.high", "max\n");
    put(tree, "mount/a/b/c/d/e/f/g/h/cpu.max", "max 100000\n");
    struct xz_cgroup found = look(tree, deep, "/", "mount", type);
    assert_true(found.memory == UINT64_MAX && found.cpus == UINT32_MAX);

    put(tree, "mount/a/memory.high", "500000\n");
    put(tree, "mount/a/b/c/cpu.max", "200000 100000\n");
    found = look(tree, deep, "/", "mount", type);
    assert_true(found.memory == 500000 && found.cpus == 2);
    put(tree, "mount/a/b/memory.max", "400000\n");
    put(tree, "mount/cpu.max", "100000 100000\n");
    found = look(tree, deep, "/", "mount", type);
    assert_true(found.memory == 400000 && found.cpus == 1);
    found = look(tree, "0::/a\n", "/", "mount", type);
    assert_true(found.memory == 500000 && found.cpus == 1);
    found = look(tree, "0::/\n", "/", "mount", type);
    assert_true(found.memory == UINT64_MAX && found.cpus == 1);

    /* What is not understood limits nothing, and hides nothing around it. */
    put(tree, "mount/a/b/c/d/memory.max", "garbage\n");
    put(tree, "mount/a/b/c/d/cpu.max", "\n");
    put(tree, "mount/a/b/c/d/e/memory.max", "");
    put(tree, "mount/a/b/c/d/e/memory.high/not_a_file", "1\n");
    put(tree, "mount/a/b/c/d/e/f/memory.max", "99999999999999999999999999\n");
    put(tree, "mount/a/b/c/d/e/f/cpu.max", "99999999999999999999999999 1\n");
    found = look(tree, deep, "/", "mount", type);
    assert_true(found.memory == 400000 && found.cpus == 1);
    put(tree, "mount/a/b/c/d/memory.max", "0\n");
    found = look(tree, deep, "/", "mount", type);
    assert_true(found.memory == 0);
    remove_tree(tree);
}

/* Groups that the mount does not show, and those that only look as if it did. */
static void version_2_outside(void **state)
{
    (void)state;
    char tree[64], groups[6000];
    make_tree(tree);
    static const char type[] = "cgroup2 cgroup2 rw";
    put(tree, "memory.max", "1\n");
    put(tree, "mountain/memory.max", "2\n");
    put(tree, "mount/memory.max", "700000\n");
    put(tree, "mount/b/memory.max", "600000\n");
    struct xz_cgroup found = look(tree, "0::/x/y\n", "/x/y", "mount", type);
    assert_true(found.memory == 700000);
    found = look(tree, "0::/x/y/b/none\n", "/x/y", "mount", type);
    assert_true(found.memory == 600000);
    found = look(tree, "0::/x/yain\n", "/x/y", "mount", type);
    assert_true(found.memory == 700000);
    found = look(tree, "0::/other\n", "/x/y", "mount", type);
    assert_true(found.memory == 700000);
    found = look(tree, "0::/b (deleted)\n", "/", "mount", type);
    assert_true(found.memory == 700000);

    /* A name longer than any path, no line, no colon. */
    strcpy(groups, "0::/b");
    memset(groups + 5, 'x', sizeof(groups) - 6);
    groups[sizeof(groups) - 1] = '\0';
    found = look(tree, groups, "/", "mount", type);
    assert_true(found.memory == 700000);
    found = look(tree, "", "/", "mount", type);
    assert_true(found.memory == UINT64_MAX);
    found = look(tree, "0:/b\n0\n:::\n", "/", "mount", type);
    assert_true(found.memory == UINT64_MAX);
    remove_tree(tree);
    found = xz_cgroup_look("/nonexistent/cgroup", "/nonexistent/mountinfo");
    assert_true(found.memory == UINT64_MAX && found.cpus == UINT32_MAX);
}

static void version_1(void **state)
{
    (void)state;
    char tree[64];
    make_tree(tree);
    static const char groups[] = "9:name=systemd:/s\n4:memory:/a\n1:cpu,cpuacct:/c\n";
    put(tree, "mount/a/memory.limit_in_bytes", "300000000\n");
    put(tree, "mount/memory.limit_in_bytes", "9223372036854771712\n");
    put(tree, "mount/c/cpu.cfs_quota_us", "150000\n");
    put(tree, "mount/c/cpu.cfs_period_us", "100000\n");
    put(tree, "mount/cpu.cfs_quota_us", "-1\n");
    put(tree, "mount/cpu.cfs_period_us", "100000\n");
    struct xz_cgroup found =
        look(tree, groups, "/", "mount", "cgroup cgroup rw,memory");
    assert_true(found.memory == 300000000 && found.cpus == UINT32_MAX);
    found = look(tree, groups, "/", "mount", "cgroup cgroup rw,cpu,cpuacct");
    assert_true(found.memory == UINT64_MAX && found.cpus == 2);
    found = look(tree, groups, "/", "mount", "cgroup cgroup rw,cpuset");
    assert_true(found.memory == UINT64_MAX && found.cpus == UINT32_MAX);
    remove_tree(tree);
}

/* Which of several amounts decides about the default limit, and all that there is. */
static void soft_limits(void **state)
{
    (void)state;
    static const uint64_t mib = 1 << 20;
    static const struct {
        uint64_t ram, process, group, available, want, most; // MiB, 0: none, unknown
    } rows[] = {
        {4000, 0, 0, 0, 1000, 3936},    {4000, 0, 0, 3000, 1000, 3936},
        {4000, 0, 0, 300, 300, 3936},   {4000, 0, 800, 0, 200, 736},
        {4000, 0, 8000, 0, 1000, 3936}, {4000, 564, 0, 0, 500, 500},
        {4000, 564, 80, 10, 10, 16},    {0, 0, 0, 0, 32, 0},
        {0, 0, 100, 0, 25, 36},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct xz_options options;
        struct xz_limits limits;
        xz_options_init(&options, "xz");
        struct xz_machine machine = {
            .ram = rows[i].ram * mib,
            .process_limit = rows[i].process > 0 ? rows[i].process * mib : UINT64_MAX,
            .group_limit = rows[i].group > 0 ? rows[i].group * mib : UINT64_MAX,
            .available = rows[i].available * mib,
            .cpus = 3,
        };
        xz_limits_resolve(&options, &machine, &limits);
        assert_true(limits.mt_default == rows[i].want * mib);
        assert_true(limits.mt_decompress == rows[i].want * mib);
        const uint64_t most = rows[i].most > 0 ? rows[i].most * mib : UINT64_MAX;
        assert_true(limits.most == most);
        assert_int_equal(limits.threads, 3);
        options.limit_compress.amount = 10;
        options.limit_compress.is_percent = true;
        xz_limits_resolve(&options, &machine, &limits);
        if (rows[i].group > 0 && rows[i].group < rows[i].ram)
            assert_true(limits.compress == rows[i].group * mib / 100 * 10
                        || limits.compress == rows[i].group * mib / 10);
        xz_options_free(&options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_text),      cmocka_unit_test(cpu_text),
        cmocka_unit_test(meminfo_text),     cmocka_unit_test(version_2),
        cmocka_unit_test(version_2_nested), cmocka_unit_test(version_2_outside),
        cmocka_unit_test(version_1),        cmocka_unit_test(soft_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
