// SPDX-License-Identifier: 0BSD
// Files of a system whose root is some directory: no link leads out of it.

/*
 * A root directory that comes from elsewhere may hold links like etc/os-release ->
 * /home/me/secret. openat2() with RESOLVE_IN_ROOT takes the directory for "/" while it
 * follows them. Kernels before 5.6 lack it; there only "/" itself can be looked at.
 */

#include "../common/system.h"

#include "root_files.h"
#include "scan.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SYS_OPENAT2     437
#define RESOLVE_IN_ROOT 0x10

struct open_how {
    uint64_t flags, mode, resolve;
};

bool xz_root_open(struct xz_root *root, struct xz_audit *audit, const char *name)
{
    *root = (struct xz_root){.audit = audit, .name = name};
    root->fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root->fd >= 0)
        return true;
    xz_audit_gap(audit, name, strerror(errno));
    return false;
}

void xz_root_close(struct xz_root *root)
{
    if (root->fd >= 0)
        close(root->fd);
    root->fd = -1;
}

int xz_root_open_file(const struct xz_root *root, const char *path)
{
    struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                           .resolve = RESOLVE_IN_ROOT};
    while (*path == '/')
        path++;
    if (*path == '\0')
        path = ".";
    long fd = syscall(SYS_OPENAT2, root->fd, path, &how, sizeof(how));
    if (fd < 0 && errno == ENOSYS && strcmp(root->name, "/") == 0)
        fd = openat(root->fd, path, (int)how.flags);
    return (int)fd;
}

char *xz_root_object(const struct xz_root *root, const char *path)
{
    const char *slash = xz_ends_with(root->name, "/") ? "" : "/";
    while (*path == '/')
        path++;
    return xz_store_printf("%s%s%s", root->name, slash, path);
}

/* A gap, unless there is nothing at this path. */
static void complain(const struct xz_root *root, const char *path, int error)
{
    if (error == ENOENT || error == ENOTDIR)
        return;
    char *object = xz_root_object(root, path);
    xz_audit_gap(root->audit, object, strerror(error));
    free(object);
}

uint8_t *xz_root_read(const struct xz_root *root, const char *path, size_t *ret_size)
{
    int fd = xz_root_open_file(root, path);
    if (fd < 0) {
        complain(root, path, errno);
        return NULL;
    }
    char *object = xz_root_object(root, path);
    uint8_t *data = xz_scan_read_fd(root->audit, fd, object, ret_size);
    free(object);
    close(fd);
    return data;
}

static int by_name(const void *one, const void *two)
{
    return strcmp(*(char *const *)one, *(char *const *)two);
}

void xz_root_list(const struct xz_root *root, const char *path, struct xz_words *ret)
{
    int fd = xz_root_open_file(root, path);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (dir == NULL) {
        complain(root, path, errno);
        if (fd >= 0)
            close(fd);
        return;
    }
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            xz_words_add(ret, entry->d_name);
    }
    closedir(dir);
    if (ret->count > 1)
        qsort(ret->at, ret->count, sizeof(char *), by_name);
}
