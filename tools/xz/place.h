// SPDX-License-Identifier: 0BSD
// Whether two names are for one and the same file, which need not exist.

#ifndef XZ_CLI_PLACE_H
#define XZ_CLI_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

/* A name, and its directory once that has been looked at */
struct xz_place {
    const char *name; // not owned; NULL: none
    bool looked;      // what follows is set
    bool found;       // there is such a directory
    dev_t device;
    ino_t inode;
};

/*
 * True if the last parts of both names are equal and their directories are the same
 * one, however they are spelled. A directory is looked at once, when it matters.
 * Letters of both cases count as equal, and bytes that are not ASCII are left out,
 * since file systems differ in which of them they take for one; so it may also be true
 * for two files. False if a name is NULL.
 */
bool xz_place_same(struct xz_place *a, struct xz_place *b);

#endif
