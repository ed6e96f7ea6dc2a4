// SPDX-License-Identifier: 0BSD
// Walks through directories with a stack of names instead of recursion.

/*
 * A directory on top of the stack is replaced by what is in it, sorted backwards, so
 * that names come out in order: all below "a" before "b". The stack holds names, no
 * open directories: no depth uses up file descriptors.
 */

#include "system.h"

#include "suffix.h"
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool xz_walk_is_directory(const char *name)
{
    struct stat st;
    return stat(name, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Takes over the name, also when it fails. */
static bool push(struct xz_walk *walk, char *name, bool is_directory)
{
    if (name != NULL && walk->count == walk->capacity) {
        size_t capacity = walk->capacity == 0 ? 64 : walk->capacity * 2;
        struct xz_walk_entry *entries =
            realloc(walk->entries, capacity * sizeof(*entries));
        if (entries == NULL) {
            free(name);
            name = NULL;
        } else {
            walk->entries = entries;
            walk->capacity = capacity;
        }
    }
    if (name == NULL) {
        xz_report_error(walk->report, NULL, "%s", strerror(ENOMEM));
        return false;
    }
    walk->entries[walk->count++] = (struct xz_walk_entry){name, is_directory};
    return true;
}

/* Put a member of a directory on the stack if it is a file or a directory itself. */
static bool push_member(struct xz_walk *walk, const char *directory,
                        const struct dirent *member)
{
    if (strcmp(member->d_name, ".") == 0 || strcmp(member->d_name, "..") == 0)
        return true;
    char *name = xz_name_join(directory, member->d_name);
    bool is_directory = XZ_DIRENT_IS(member, DT_DIR);
    if (name != NULL && !is_directory && !XZ_DIRENT_IS(member, DT_REG)) {
        struct stat st;
        bool known = lstat(name, &st) == 0;
        is_directory = known && S_ISDIR(st.st_mode);
        if (!is_directory && (!known || !S_ISREG(st.st_mode))) {
            free(name);
            return true; // vanished, a link or special
        }
    }
    return push(walk, name, is_directory);
}

static int compare_backwards(const void *a, const void *b)
{
    const struct xz_walk_entry *x = a;
    const struct xz_walk_entry *y = b;
    return -strcmp(x->name, y->name);
}

/* Replace a directory, which has been taken off the stack, by its members. */
static void open_up(struct xz_walk *walk, const char *directory)
{
    DIR *dir = opendir(directory);
    size_t first = walk->count;
    if (dir == NULL) {
        xz_report_error(walk->report, directory, "%s", strerror(errno));
        return;
    }
    for (;;) {
        errno = 0;
        const struct dirent *member = readdir(dir);
        if (member == NULL) {
            if (errno != 0)
                xz_report_error(walk->report, directory, "%s", strerror(errno));
            break;
        }
        if (!push_member(walk, directory, member))
            break;
    }
    (void)closedir(dir);
    if (walk->count > first)
        qsort(walk->entries + first, walk->count - first, sizeof(*walk->entries),
              compare_backwards);
}

void xz_walk_start(struct xz_walk *walk, const char *directory,
                   struct xz_report *report)
{
    *walk = (struct xz_walk){.report = report};
    open_up(walk, directory);
}

const char *xz_walk_next(struct xz_walk *walk)
{
    while (walk->count > 0) {
        struct xz_walk_entry entry = walk->entries[--walk->count];
        free(walk->current);
        walk->current = entry.name;
        if (!entry.is_directory)
            return entry.name;
        open_up(walk, entry.name);
    }
    return NULL;
}

void xz_walk_end(struct xz_walk *walk)
{
    while (walk->count > 0)
        free(walk->entries[--walk->count].name);
    free(walk->entries);
    free(walk->current);
    *walk = (struct xz_walk){.report = walk->report};
}
