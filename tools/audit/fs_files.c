// SPDX-License-Identifier: 0BSD
// The files in an image of a file system: readers list them, this hands them over.

#include "../common/system.h"

#include "fs_files.h"

#include <stdlib.h>
#include <string.h>

#define MOST_DAMAGED 16 // files that are named one by one

void xz_fs_gap(struct xz_fs *fs, const char *path, const char *reason)
{
    char *inner = xz_store_printf("%s%s%s", fs->object, *path != '\0' ? "!" : "", path);
    xz_audit_gap(fs->audit, inner, reason);
    free(inner);
}

bool xz_fs_add(struct xz_fs *fs, const char *path, uint64_t id, uint64_t size)
{
    if (fs->count >= XZ_FS_MOST_FILES) {
        if (!fs->full)
            xz_fs_gap(fs, "", "more files than are looked at in an image");
        fs->full = true;
        return false;
    }
    fs->files =
        xz_store_grow(fs->files, fs->count, &fs->room, sizeof(struct xz_fs_file));
    fs->files[fs->count++] =
        (struct xz_fs_file){.path = xz_store_copy(path), .id = id, .size = size};
    return true;
}

void xz_fs_free(struct xz_fs *fs)
{
    for (size_t i = 0; i < fs->count; i++)
        free(fs->files[i].path);
    free(fs->files);
    fs->files = NULL;
    fs->count = fs->room = 0;
}

/* Package databases are judged by the distribution: its file comes before them. */
static bool is_release(const struct xz_fs_file *file)
{
    return strcmp(file->path, "etc/os-release") == 0
           || strcmp(file->path, "usr/lib/os-release") == 0;
}

static int in_order(const void *one, const void *two)
{
    const struct xz_fs_file *a = one;
    const struct xz_fs_file *b = two;
    if (is_release(a) != is_release(b))
        return is_release(a) ? -1 : 1;
    return strcmp(a->path, b->path);
}

static void add_damaged(struct xz_fs *fs, const struct xz_fs_file *file,
                        const char *reason)
{
    if (++fs->damaged <= MOST_DAMAGED)
        xz_fs_gap(fs, file->path, reason);
}

static void visit_file(struct xz_fs *fs, const struct xz_fs_file *file,
                       xz_fs_read *read, void *reader)
{
    struct xz_audit *audit = fs->audit;
    struct xz_text data = {0};
    struct xz_member member = {.name = file->path, .is_regular = true};
    if (file->size > audit->limits.file_size
        || file->size > audit->limits.total_size - audit->unpacked) {
        xz_fs_gap(fs, file->path, "larger than the limits when unpacked");
        fs->visit(fs->opaque, &member);
        return;
    }
    const char *wrong = read(reader, file, &data);
    audit->unpacked += data.size;
    if (wrong != NULL)
        add_damaged(fs, file, wrong);
    member.data = (const uint8_t *)(data.data != NULL ? data.data : "");
    member.size = data.size;
    fs->visit(fs->opaque, &member);
    xz_text_free(&data);
}

void xz_fs_visit(struct xz_fs *fs, xz_fs_read *read, void *reader)
{
    if (fs->count > 1)
        qsort(fs->files, fs->count, sizeof(struct xz_fs_file), in_order);
    for (size_t i = 0; i < fs->count; i++) {
        if (xz_audit_late(fs->audit, fs->object))
            break;
        visit_file(fs, &fs->files[i], read, reader);
    }
    if (fs->damaged > MOST_DAMAGED) {
        char *reason = xz_store_printf("%zu more files in it could not be read wholly",
                                       fs->damaged - MOST_DAMAGED);
        xz_fs_gap(fs, "", reason);
        free(reason);
    }
}
