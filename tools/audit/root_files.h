// SPDX-License-Identifier: 0BSD
// Files of a system whose root is some directory: no link leads out of it.

#ifndef XZ_AUDIT_ROOT_FILES_H
#define XZ_AUDIT_ROOT_FILES_H

#include "audit.h"

/* The system that is looked at. */
struct xz_root {
    struct xz_audit *audit;
    const char *name; // as the user named it; begins the names of objects
    int fd;           // the directory
};

/* Open the directory; false, with a gap, if that fails. */
bool xz_root_open(struct xz_root *root, struct xz_audit *audit, const char *name);
void xz_root_close(struct xz_root *root);

/*
 * Open a file or directory below the root for reading. Links are followed as the system
 * itself would follow them: "/" is the root. -1 with errno on failure.
 */
int xz_root_open_file(const struct xz_root *root, const char *path);

/*
 * Read a file. NULL if it does not exist; NULL with a gap if it does and cannot be
 * read. The caller frees it.
 */
uint8_t *xz_root_read(const struct xz_root *root, const char *path, size_t *ret_size);

/*
 * Names in a directory, sorted; none, with a gap unless it does not exist, on failure.
 */
void xz_root_list(const struct xz_root *root, const char *path, struct xz_words *ret);

/* The object's name for a path below the root; the caller frees it. */
char *xz_root_object(const struct xz_root *root, const char *path);

#endif
