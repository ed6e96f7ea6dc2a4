// SPDX-License-Identifier: 0BSD
// Kinds of files that hold other files, and how they are told by their first bytes.

#ifndef XZ_AUDIT_CONTAINER_H
#define XZ_AUDIT_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who opens it. */
enum xz_container_kind {
    XZ_CONTAINER_ARCHIVE,    // libarchive
    XZ_CONTAINER_COMPRESSED, // libarchive; one file, or an archive within
    XZ_CONTAINER_EXT4,       // fs_ext4.c
    XZ_CONTAINER_SQUASHFS,   // fs_squashfs.c
    XZ_CONTAINER_DISK,       // partition.c
    XZ_CONTAINER_IDLE,       // nobody: it holds no files
    XZ_CONTAINER_CLOSED      // nobody
};

struct xz_container {
    size_t offset; // of the bytes in the file
    size_t size;   // of the bytes
    const char *bytes;
    enum xz_container_kind kind;
    const char *name;
};

/* Bytes at the beginning of a file that decide. */
#define XZ_CONTAINER_HEAD 65608

/* The kind of container, or NULL if it is none that is known. */
const struct xz_container *xz_container_find(const uint8_t *data, size_t size);

#endif
