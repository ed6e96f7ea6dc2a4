// SPDX-License-Identifier: 0BSD
// The files in and below a directory, in the order of their names.

#ifndef XZ_TOOLS_WALK_H
#define XZ_TOOLS_WALK_H

#include "report.h"

#include <stdbool.h>
#include <stddef.h>

/* A name that has still to be looked at; owned */
struct xz_walk_entry {
    char *name;
    bool is_directory;
};

/*
 * The stack of names to come; its last is the next. All zeros is a walk with nothing to
 * come.
 */
struct xz_walk {
    struct xz_report *report;
    struct xz_walk_entry *entries; // owned
    size_t count;
    size_t capacity;
    char *current; // the name given out last, owned
};

/* True if the name is a directory, or a link to one. */
bool xz_walk_is_directory(const char *name);

/* Begin with a directory. What cannot be read is reported, here and later. */
void xz_walk_start(struct xz_walk *walk, const char *directory,
                   struct xz_report *report);

/*
 * The next regular file, valid until the next call; NULL at the end. Links and special
 * files below the directory are passed over. All names of a directory are read before
 * the first is given out, so files made there meanwhile do not turn up.
 */
const char *xz_walk_next(struct xz_walk *walk);

/* Stop before the end, or after it. */
void xz_walk_end(struct xz_walk *walk);

#endif
