// SPDX-License-Identifier: 0BSD
// The files in an image of a file system: readers list them, this hands them over.

/*
 * A reader of one kind of file system (fs_ext4.c, fs_squashfs.c) is optional: make
 * compiles fs_NAME.c if the library that it needs is installed, fs_NAME_none.c if not.
 */

#ifndef XZ_AUDIT_FS_FILES_H
#define XZ_AUDIT_FS_FILES_H

#include "archive_walk.h"

/* More files than this in an image leave a gap. */
#define XZ_FS_MOST_FILES (4U << 20)

/* A regular file; the reader knows what id means. */
struct xz_fs_file {
    char *path; // no slash at its beginning
    uint64_t id;
    uint64_t size; // as the file system says
};

/* An image, and what is done with the files in it. */
struct xz_fs {
    struct xz_audit *audit;
    const char *object;
    const uint8_t *data;
    size_t size;
    xz_member_visit *visit;
    void *opaque;

    struct xz_fs_file *files;
    size_t count, room;
    size_t damaged; // files that left a gap
    bool full;      // XZ_FS_MOST_FILES was met and told
};

/*
 * Appends up to file->size bytes to *ret, which is empty. Returns NULL, or what went
 * wrong; what could be read counts all the same.
 */
typedef const char *xz_fs_read(void *reader, const struct xz_fs_file *file,
                               struct xz_text *ret);

/* Keep a file for later; false if there are too many, which has left a gap. */
bool xz_fs_add(struct xz_fs *fs, const char *path, uint64_t id, uint64_t size);

/* Leave a gap for a path in the image; "" is the image itself. */
void xz_fs_gap(struct xz_fs *fs, const char *path, const char *reason);

/* Visit all files that were kept, that with the distribution's name first. */
void xz_fs_visit(struct xz_fs *fs, xz_fs_read *read, void *reader);
void xz_fs_free(struct xz_fs *fs);

/* True if this program was built with a reader. */
extern const bool xz_ext4_is_built;
extern const bool xz_squashfs_is_built;

/*
 * Visit the files of an image. False if it could not be opened at all; that has left a
 * gap.
 */
bool xz_ext4_visit(struct xz_fs *fs);
bool xz_squashfs_visit(struct xz_fs *fs);

#endif
