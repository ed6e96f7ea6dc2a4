// SPDX-License-Identifier: 0BSD
// Reads the limits of control groups, version 2 and version 1.

/*
 * A container sees the memory and the processors of the whole machine; what it may use
 * stands in files of a hierarchy of groups, and each group's limit holds for those in
 * it. So the way is:
 *
 *   1. /proc/self/cgroup     "0::/a/b" is the group of version 2,
 *                            "4:memory:/a/b" that of a version 1 controller
 *   2. /proc/self/mountinfo  where the hierarchy is mounted, and which group of it is
 *                            the root of the mount (containers see a part only)
 *   3. MOUNT/a/b, MOUNT/a, MOUNT: the files with the limits; the least counts
 *
 * memory.high is no hard limit, yet beyond it the kernel slows a process down until it
 * is as good as stopped; so it counts like memory.max.
 */

#include "system.h"

#include "cgroup.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A machine with many containers has many mounts. */
#define GROUPS_SIZE 65536
#define MOUNTS_SIZE (1 << 20)
#define PATH_SIZE   4096

/* The most that a version 1 group writes for "no limit" is just below this. */
#define NO_LIMIT (UINT64_C(1) << 62)

void xz_text_read(const char *name, char *out, size_t size)
{
    size_t used = 0;
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    while (fd != -1 && used < size - 1) {
        ssize_t got = read(fd, out + used, size - 1 - used);
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    out[used] = '\0';
    if (fd != -1)
        (void)close(fd);
}

uint64_t xz_cgroup_memory_text(const char *text)
{
    char *end = NULL;
    if (text[0] < '0' || text[0] > '9')
        return UINT64_MAX;
    unsigned long long bytes = strtoull(text, &end, 10);
    bool is_all = *end == '\0' || *end == '\n';
    return is_all && bytes < NO_LIMIT ? bytes : UINT64_MAX;
}

uint32_t xz_cgroup_cpus(int64_t quota, int64_t period)
{
    if (quota <= 0 || period <= 0)
        return UINT32_MAX;
    int64_t cpus = quota / period + (quota % period != 0);
    return cpus < UINT32_MAX ? (uint32_t)cpus : UINT32_MAX;
}

uint32_t xz_cgroup_cpu_text(const char *text)
{
    long long quota = 0, period = 0;
    if (sscanf(text, "%lld %lld", &quota, &period) != 2)
        return UINT32_MAX;
    return xz_cgroup_cpus(quota, period);
}

uint64_t xz_meminfo_available(const char *text)
{
    static const char label[] = "MemAvailable:";
    const char *line = strstr(text, label);
    return line != NULL ? strtoull(line + strlen(label), NULL, 10) * 1024 : 0;
}

/* The limit in a file of a group; the path is put back as it was. */
static uint64_t number_of(char *path, const char *file)
{
    char text[64];
    size_t length = strlen(path);
    if (length + strlen(file) + 2 > PATH_SIZE)
        return UINT64_MAX;
    path[length] = '/';
    strcpy(path + length + 1, file);
    xz_text_read(path, text, sizeof(text));
    path[length] = '\0';
    return strcmp(file, "cpu.max") == 0 ? xz_cgroup_cpu_text(text)
                                        : xz_cgroup_memory_text(text);
}

static void limit_memory(struct xz_cgroup *limits, uint64_t bytes)
{
    limits->memory = bytes < limits->memory ? bytes : limits->memory;
}

static void limit_cpus(struct xz_cgroup *limits, uint64_t cpus)
{
    limits->cpus = cpus < limits->cpus ? (uint32_t)cpus : limits->cpus;
}

/* One group, version 2. A group without a controller lacks its files. */
static void look_at_2(struct xz_cgroup *limits, char *path)
{
    limit_memory(limits, number_of(path, "memory.max"));
    limit_memory(limits, number_of(path, "memory.high"));
    uint64_t cpus = number_of(path, "cpu.max");
    if (cpus < UINT32_MAX)
        limit_cpus(limits, cpus);
}

static void look_at_1(struct xz_cgroup *limits, char *path)
{
    limit_memory(limits, number_of(path, "memory.limit_in_bytes"));
    uint64_t quota = number_of(path, "cpu.cfs_quota_us"); // -1: no limit
    uint64_t period = number_of(path, "cpu.cfs_period_us");
    if (quota <= INT64_MAX && period <= INT64_MAX)
        limit_cpus(limits, xz_cgroup_cpus((int64_t)quota, (int64_t)period));
}

/* A field of mountinfo, in which blanks and some others are octal: "\040". */
static void unescape(char *text)
{
    char *out = text;
    for (const char *in = text; *in != '\0'; out++) {
        bool octal = in[0] == '\\' && in[1] >= '0' && in[1] <= '3' && in[2] >= '0'
                     && in[2] <= '7' && in[3] >= '0' && in[3] <= '7';
        *out = (char)(octal ? (in[1] - '0') * 64 + (in[2] - '0') * 8 + (in[3] - '0')
                            : *in);
        in += octal ? 4 : 1;
    }
    *out = '\0';
}

/* True if a comma list has the word. */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)) != NULL; at += length)
        if ((at == list || at[-1] == ',')
            && (at[length] == ',' || at[length] == '\0' || at[length] == '\n'))
            return true;
    return false;
}

/*
 * The group of this process in a hierarchy, from the text of /proc/self/cgroup; the
 * controller is "" for version 2. False if there is none.
 */
static bool find_group(const char *text, const char *controller, char *out)
{
    for (const char *line = text; *line != '\0'; line += *line == '\n') {
        char names[256], path[PATH_SIZE] = "";
        size_t length = strcspn(line, "\n");
        int count = sscanf(line, "%*u:%255[^:\n]:%4095[^\n]", names, path);
        if (count < 2) // the names of version 2 are empty
            names[0] = '\0';
        if (count >= 2 || sscanf(line, "%*u::%4095[^\n]", path) == 1) {
            if (controller[0] == '\0' ? names[0] == '\0'
                                      : has_word(names, controller)) {
                strcpy(out, path);
                return true;
            }
        }
        line += length;
    }
    return false;
}

/*
 * Look at a group and those around it, up to the mount. A group outside of what the
 * mount shows is stood in for by the mount.
 */
static void look_upwards(struct xz_cgroup *limits, const char *mount, const char *root,
                         const char *group,
                         void (*look)(struct xz_cgroup *limits, char *path))
{
    char path[PATH_SIZE];
    size_t root_length = strcmp(root, "/") == 0 ? 0 : strlen(root);
    size_t mount_length = strlen(mount);
    const char *rest = group + (strlen(group) < root_length ? 0 : root_length);
    if (strncmp(group, root, root_length) != 0 || (*rest != '/' && *rest != '\0')
        || strstr(group, "/..") != NULL)
        rest = "";
    if (mount_length + strlen(rest) >= PATH_SIZE)
        rest = "";
    strcpy(path, mount);
    strcat(path, rest);
    for (;;) {
        size_t length = strlen(path);
        while (length > mount_length && path[length - 1] == '/')
            path[--length] = '\0';
        look(limits, path);
        char *slash = strrchr(path, '/');
        if (length <= mount_length || slash == NULL)
            return;
        *slash = '\0';
    }
}

/* One line of mountinfo: if it is a hierarchy of groups, look at ours in it. */
static void look_at_mount(struct xz_cgroup *limits, char *line, const char *groups)
{
    static const char *const controllers[] = {"memory", "cpu"};
    char root[PATH_SIZE], mount[PATH_SIZE], group[PATH_SIZE];
    char type[32], options[512];
    const char *dash = strstr(line, " - ");
    if (sscanf(line, "%*s %*s %*s %4095s %4095s", root, mount) != 2 || dash == NULL
        || sscanf(dash, " - %31s %*s %511s", type, options) != 2)
        return;
    unescape(root);
    unescape(mount);
    if (strcmp(type, "cgroup2") == 0 && find_group(groups, "", group))
        look_upwards(limits, mount, root, group, look_at_2);
    for (size_t i = 0; i < 2 && strcmp(type, "cgroup") == 0; i++)
        if (has_word(options, controllers[i])
            && find_group(groups, controllers[i], group))
            look_upwards(limits, mount, root, group, look_at_1);
}

struct xz_cgroup xz_cgroup_look(const char *cgroup_file, const char *mountinfo_file)
{
    struct xz_cgroup limits = {UINT64_MAX, UINT32_MAX};
    char *groups = malloc(GROUPS_SIZE);
    char *mounts = malloc(MOUNTS_SIZE);
    if (groups != NULL && mounts != NULL) {
        xz_text_read(cgroup_file, groups, GROUPS_SIZE);
        xz_text_read(mountinfo_file, mounts, MOUNTS_SIZE);
        char *rest = mounts;
        for (char *line; (line = strtok_r(rest, "\n", &rest)) != NULL;)
            if (strstr(line, " - cgroup") != NULL)
                look_at_mount(&limits, line, groups);
    }
    free(groups);
    free(mounts);
    return limits;
}
