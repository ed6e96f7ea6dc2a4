// SPDX-License-Identifier: 0BSD
// Files in a squashfs image, read with libsquashfs (of squashfs-tools-ng).

/*
 * The library is given a file object that reads from memory; it opens no file. What it
 * returns is not believed further than needed:
 *
 *     folders           each listing once, by its place in the image: a folder within
 *                       itself would never end. Not by the inode's number, which is a
 *                       field that may lie
 *     number of files   XZ_FS_MOST_FILES
 *     size of a file    the limits, before a byte is read
 *     blocks            of the size that the super block says; reading beyond fails
 *
 * Every file is looked at, also those that are links to the same inode: what the image
 * says of their being one cannot be checked. Inodes are kept from listing to reading,
 * since the library does not tell where they are.
 *
 * Documentation: https://dr-emann.github.io/squashfs/, sqfs/dir_reader.h.
 */

#include "../common/system.h"

#include "fs_files.h"
#include "id_set.h"

#include <sqfs/compressor.h>
#include <sqfs/data_reader.h>
#include <sqfs/dir.h>
#include <sqfs/dir_reader.h>
#include <sqfs/error.h>
#include <sqfs/inode.h>
#include <sqfs/io.h>
#include <sqfs/super.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK     131072
#define MOST_PATH 4096 // bytes

const bool xz_squashfs_is_built = true;

/* The image as the library reads it. */
struct memory_file {
    sqfs_file_t base; // first
    const struct xz_fs *image;
};

/* A folder that waits. */
struct folder {
    sqfs_inode_generic_t *inode;
    char *path;
};

struct squashfs {
    struct xz_fs *out;
    struct memory_file file;
    sqfs_super_t super;
    sqfs_compressor_t *compressor;
    sqfs_dir_reader_t *folders;
    sqfs_data_reader_t *data;
    sqfs_inode_generic_t **inodes; // of files, by their id
    size_t inode_count, inode_room;
    struct folder *waiting;
    size_t waiting_count, waiting_room;
    struct xz_id_set seen; // listings: (place, size)
};

static int memory_read(sqfs_file_t *file, sqfs_u64 offset, void *out, size_t size)
{
    const struct xz_fs *image = ((struct memory_file *)file)->image;
    if (offset > image->size || size > image->size - offset)
        return SQFS_ERROR_OUT_OF_BOUNDS;
    memcpy(out, image->data + offset, size);
    return 0;
}

static int memory_write(sqfs_file_t *file, sqfs_u64 offset, const void *data,
                        size_t size)
{
    (void)file, (void)offset, (void)data, (void)size;
    return SQFS_ERROR_IO;
}

static int memory_truncate(sqfs_file_t *file, sqfs_u64 size)
{
    (void)file, (void)size;
    return SQFS_ERROR_IO;
}

static sqfs_u64 memory_size(const sqfs_file_t *file)
{
    return ((const struct memory_file *)file)->image->size;
}

static const char *message(int error)
{
    switch (error) {
    case SQFS_ERROR_ALLOC:
        return "damaged, or larger than memory";
    case SQFS_ERROR_COMPRESSOR:
        return "damaged: data that cannot be decompressed";
    case SQFS_ERROR_UNSUPPORTED:
    case SFQS_ERROR_SUPER_VERSION:
        return "of a kind that libsquashfs does not read";
    case SQFS_ERROR_OUT_OF_BOUNDS:
    case SQFS_ERROR_IO:
        return "damaged: it points behind the end of the image";
    default:
        return "damaged";
    }
}

/* Free what one of the library's objects is; NULL is none. */
static void destroy(void *object)
{
    if (object != NULL)
        sqfs_destroy(object);
}

static int open_image(struct squashfs *fs)
{
    sqfs_compressor_config_t config;
    sqfs_file_t *file = &fs->file.base;
    int error = sqfs_super_read(&fs->super, file);
    // The table of fragments takes 16 bytes each in blocks of 8 KiB, which the image
    // lists with 8 bytes each.
    if (error == 0 && fs->super.fragment_entry_count / 512 > fs->out->size / 8)
        error = SQFS_ERROR_CORRUPTED;
    if (error == 0)
        error = sqfs_compressor_config_init(
            &config, (SQFS_COMPRESSOR)fs->super.compression_id, fs->super.block_size,
            SQFS_COMP_FLAG_UNCOMPRESS);
    if (error == 0)
        error = sqfs_compressor_create(&config, &fs->compressor);
    if (error != 0)
        return error;
    fs->folders = sqfs_dir_reader_create(&fs->super, fs->compressor, file, 0);
    fs->data = sqfs_data_reader_create(file, fs->super.block_size, fs->compressor, 0);
    if (fs->folders == NULL || fs->data == NULL)
        return SQFS_ERROR_ALLOC;
    return sqfs_data_reader_load_fragment_table(fs->data, &fs->super);
}

/* Take over a folder's inode: it waits, or is freed if its listing was met before. */
static void add_folder(struct squashfs *fs, sqfs_inode_generic_t *inode,
                       const char *path)
{
    bool extended = inode->base.type == SQFS_INODE_EXT_DIR;
    uint64_t block =
        extended ? inode->data.dir_ext.start_block : inode->data.dir.start_block;
    uint64_t offset = extended ? inode->data.dir_ext.offset : inode->data.dir.offset;
    uint64_t size = extended ? inode->data.dir_ext.size : inode->data.dir.size;
    bool is_empty = size <= 3;
    bool is_new = is_empty || xz_id_set_add(&fs->seen, block << 16 | offset, size);
    if (!is_new)
        xz_fs_gap(fs->out, path, "damaged: this folder is in two places");
    else if (strlen(path) > MOST_PATH)
        xz_fs_gap(fs->out, path, "folders are nested too deep");
    if (is_empty || !is_new || strlen(path) > MOST_PATH) {
        sqfs_free(inode);
        return;
    }
    fs->waiting = xz_store_grow(fs->waiting, fs->waiting_count, &fs->waiting_room,
                                sizeof(struct folder));
    fs->waiting[fs->waiting_count++] =
        (struct folder){.inode = inode, .path = xz_store_copy(path)};
}

/* Take over the inode of an entry. */
static void add_entry(struct squashfs *fs, sqfs_inode_generic_t *inode,
                      const char *path)
{
    sqfs_u64 size = 0;
    int type = inode->base.type;
    if (type == SQFS_INODE_DIR || type == SQFS_INODE_EXT_DIR) {
        add_folder(fs, inode, path);
    } else if ((type == SQFS_INODE_FILE || type == SQFS_INODE_EXT_FILE)
               && sqfs_inode_get_file_size(inode, &size) == 0
               && xz_fs_add(fs->out, path, fs->inode_count, size)) {
        fs->inodes = xz_store_grow(fs->inodes, fs->inode_count, &fs->inode_room,
                                   sizeof(fs->inodes[0]));
        fs->inodes[fs->inode_count++] = inode;
    } else {
        sqfs_free(inode);
    }
}

/* The next entry of the open folder; false at its end or where it is damaged. */
static bool do_entry(struct squashfs *fs, const char *folder)
{
    sqfs_dir_entry_t *entry = NULL;
    sqfs_inode_generic_t *inode = NULL;
    int got = sqfs_dir_reader_read(fs->folders, &entry);
    if (got != 0) {
        if (got < 0)
            xz_fs_gap(fs->out, folder, message(got));
        return false;
    }
    char *name = xz_store_bytes(entry->name, (size_t)entry->size + 1);
    char *path = xz_store_printf("%s%s%s", folder, folder[0] != '\0' ? "/" : "", name);
    sqfs_free(entry);
    int error = sqfs_dir_reader_get_inode(fs->folders, &inode);
    if (error == 0)
        add_entry(fs, inode, path);
    else
        xz_fs_gap(fs->out, path, message(error));
    free(path);
    free(name);
    return true;
}

static void list_folders(struct squashfs *fs)
{
    sqfs_inode_generic_t *root = NULL;
    int error = sqfs_dir_reader_get_root_inode(fs->folders, &root);
    if (error != 0)
        xz_fs_gap(fs->out, "", message(error));
    else
        add_entry(fs, root, "");
    while (fs->waiting_count > 0) {
        struct folder folder = fs->waiting[--fs->waiting_count];
        error = sqfs_dir_reader_open_dir(fs->folders, folder.inode, 0);
        if (error != 0)
            xz_fs_gap(fs->out, folder.path, message(error));
        while (error == 0 && !fs->out->full
               && !xz_audit_late(fs->out->audit, fs->out->object)
               && do_entry(fs, folder.path))
            continue;
        sqfs_free(folder.inode);
        free(folder.path);
    }
}

static const char *read_file(void *reader, const struct xz_fs_file *file,
                             struct xz_text *ret)
{
    struct squashfs *fs = reader;
    while (ret->size < file->size) {
        char chunk[CHUNK];
        uint64_t left = file->size - ret->size;
        sqfs_u32 want = left < CHUNK ? (sqfs_u32)left : CHUNK;
        sqfs_s32 got = sqfs_data_reader_read(fs->data, fs->inodes[file->id], ret->size,
                                             chunk, want);
        if (got <= 0 || (uint64_t)got > want)
            return message(got);
        xz_text_add(ret, chunk, (size_t)got);
    }
    return NULL;
}

bool xz_squashfs_visit(struct xz_fs *out)
{
    struct squashfs fs = {.out = out};
    fs.file = (struct memory_file){.base = {.read_at = memory_read,
                                            .write_at = memory_write,
                                            .get_size = memory_size,
                                            .truncate = memory_truncate},
                                   .image = out};
    int error = open_image(&fs);
    if (error == 0) {
        if (fs.super.bytes_used > out->size)
            xz_fs_gap(out, "", "the image ends before its file system does");
        list_folders(&fs);
        xz_fs_visit(out, read_file, &fs);
    } else {
        char *reason = xz_store_printf("a squashfs image: %s", message(error));
        xz_fs_gap(out, "", reason);
        free(reason);
    }
    for (size_t i = 0; i < fs.inode_count; i++)
        sqfs_free(fs.inodes[i]);
    free(fs.inodes);
    free(fs.waiting);
    xz_id_set_free(&fs.seen);
    destroy(fs.data);
    destroy(fs.folders);
    destroy(fs.compressor);
    return error == 0;
}
