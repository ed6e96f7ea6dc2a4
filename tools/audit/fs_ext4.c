// SPDX-License-Identifier: 0BSD
// Files in an image of ext2, ext3 or ext4, read with libext2fs.

/*
 * The library is given an I/O manager that reads from memory and refuses to write; it
 * opens no file. What it returns is not believed further than needed:
 *
 *     size of the group table     must fit into the image before it is opened
 *     folders                     each once, by number; another time leaves a gap
 *     entries in all folders      at most one for 8 bytes of the image (they have 12)
 *     size of a file              the limits, before a byte is read
 *     blocks                      must lie in the image, or reading fails
 *
 * Besides the files that folders lead to, those count that an inode in use has and no
 * folder (removed while a program had them open). Of what was removed before, ext4
 * keeps no trace but the bytes: blocks that are free are searched for patterns.
 *
 * Documentation: https://docs.kernel.org/filesystems/ext4/, ext2fs/ext2fs.h.
 */

#include "../common/system.h"

#include "fs_files.h"
#include "scan.h"

#include <et/com_err.h>
#include <ext2fs/ext2fs.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK       65536
#define MOST_PATH   4096 // bytes
#define ENTRY_LEAST 8    // bytes of the image for each entry of a folder
#define ENCRYPTED   0x800U

const bool xz_ext4_is_built = true;

/* A folder that waits. */
struct folder {
    ext2_ino_t inode;
    char *path;
};

struct ext4 {
    ext2_filsys fs;
    struct xz_fs *out;
    uint8_t *seen; // a bit an inode: met in some folder
    struct folder *folders;
    size_t folder_count, folder_room;
    uint64_t entries_left;
    struct xz_words names; // of the current folder, with
    ext2_ino_t *inodes;    // their inodes
    size_t inode_room;
};

/* ---- The image in memory ---------------------------------------------------------*/

/* The library has complained, in words that nobody shall see. */
static bool has_complained;

static void hear_complaint(const char *who, long code, const char *format,
                           va_list arguments)
{
    (void)who, (void)code, (void)format, (void)arguments;
    has_complained = true;
}

/* The image that is being opened: the library hands a manager a name and no more. */
static const struct xz_fs *opening;

static errcode_t memory_close(io_channel channel)
{
    if (--channel->refcount <= 0) {
        free(channel->name);
        free(channel);
    }
    return 0;
}

static errcode_t memory_set_size(io_channel channel, int size)
{
    channel->block_size = size;
    return 0;
}

/* A negative count is one of bytes. What lies behind the end is zero, and an error. */
static errcode_t memory_read64(io_channel channel, unsigned long long block, int count,
                               void *out)
{
    const struct xz_fs *image = channel->private_data;
    uint64_t unit = (uint64_t)channel->block_size;
    uint64_t want = count < 0 ? -(uint64_t)count : (uint64_t)count * unit;
    uint64_t pos = block <= image->size / unit ? block * unit : image->size;
    uint64_t have = image->size - pos;
    uint64_t part = want < have ? want : have;
    memcpy(out, image->data + pos, part);
    memset((uint8_t *)out + part, 0, want - part);
    return part == want ? 0 : EXT2_ET_SHORT_READ;
}

static errcode_t memory_read(io_channel channel, unsigned long block, int count,
                             void *out)
{
    return memory_read64(channel, block, count, out);
}

static errcode_t refuse64(io_channel channel, unsigned long long block, int count,
                          const void *data)
{
    (void)channel, (void)block, (void)count, (void)data;
    return EXT2_ET_RO_FILSYS;
}

static errcode_t refuse(io_channel channel, unsigned long block, int count,
                        const void *data)
{
    return refuse64(channel, block, count, data);
}

static errcode_t memory_flush(io_channel channel)
{
    (void)channel;
    return 0;
}

static errcode_t memory_open(const char *name, int flags, io_channel *ret);

/* The library wants it without const. */
static struct struct_io_manager memory = {
    .magic = EXT2_ET_MAGIC_IO_MANAGER,
    .name = "an image in memory",
    .open = memory_open,
    .close = memory_close,
    .set_blksize = memory_set_size,
    .read_blk = memory_read,
    .read_blk64 = memory_read64,
    .write_blk = refuse,
    .write_blk64 = refuse64,
    .flush = memory_flush,
};

static errcode_t memory_open(const char *name, int flags, io_channel *ret)
{
    if ((flags & IO_FLAG_RW) != 0)
        return EXT2_ET_RO_FILSYS;
    io_channel channel = xz_store_new(sizeof(*channel));
    channel->magic = EXT2_ET_MAGIC_IO_CHANNEL;
    channel->manager = &memory;
    channel->name = xz_store_copy(name);
    channel->block_size = 1024;
    channel->refcount = 1;
    channel->private_data = (void *)(uintptr_t)opening;
    *ret = channel;
    return 0;
}

/* ---- Opening ---------------------------------------------------------------------*/

static void gap_for(struct xz_fs *out, const char *path, const char *what,
                    errcode_t error)
{
    char *reason = xz_store_printf("%s: %s", what, error_message(error));
    xz_fs_gap(out, path, reason);
    free(reason);
}

static uint64_t little(const uint8_t *at, size_t size)
{
    uint64_t value = 0;
    while (size > 0)
        value = value << 8 | at[--size];
    return value;
}

/*
 * True if the tables that opening reads, and a bit for each inode, take no more memory
 * than the image has bytes. Fields of the super block by their offsets.
 */
static bool has_room(const struct xz_fs *out)
{
    const uint8_t *super = out->data + 1024;
    if (out->size < 2048)
        return false;
    uint64_t log_size = little(super + 24, 4);
    uint64_t blocks = little(super + 4, 4);
    uint64_t inodes = little(super, 4);
    uint64_t per_group = little(super + 32, 4);
    if ((little(super + 96, 4) & EXT4_FEATURE_INCOMPAT_64BIT) != 0)
        blocks |= little(super + 336, 4) << 32;
    if (log_size > 6 || per_group == 0)
        return false;
    return blocks / per_group * 32 < out->size && inodes * 128 <= out->size;
}

static bool open_image(struct ext4 *ext4)
{
    struct xz_fs *out = ext4->out;
    if (!has_room(out)) {
        xz_fs_gap(out, "", "a damaged image of ext2, ext3 or ext4");
        return false;
    }
    initialize_ext2_error_table();
    (void)set_com_err_hook(hear_complaint);
    has_complained = false;
    opening = out;
    errcode_t error = ext2fs_open2("image", NULL,
                                   EXT2_FLAG_64BITS | EXT2_FLAG_SOFTSUPP_FEATURES
                                       | EXT2_FLAG_SKIP_MMP,
                                   0, 0, &memory, &ext4->fs);
    opening = NULL;
    if (error != 0) {
        gap_for(out, "", "an image of ext2, ext3 or ext4 that cannot be read", error);
        return false;
    }
    const struct ext2_super_block *super = ext4->fs->super;
    if (ext2fs_blocks_count(ext4->fs->super) > out->size / ext4->fs->blocksize)
        xz_fs_gap(out, "", "the image ends before its file system does");
    if ((super->s_feature_incompat & EXT3_FEATURE_INCOMPAT_RECOVER) != 0)
        xz_fs_gap(out, "", "was not unmounted: changes in its journal were not read");
    ext4->seen = xz_store_new(super->s_inodes_count / 8 + 1);
    ext4->entries_left = out->size / ENTRY_LEAST;
    return true;
}

/* ---- Folders ---------------------------------------------------------------------*/

/* False if the inode was met before, or is none. */
static bool meet(struct ext4 *ext4, ext2_ino_t inode)
{
    if (inode == 0 || inode > ext4->fs->super->s_inodes_count)
        return false;
    uint8_t bit = (uint8_t)(1U << inode % 8);
    bool is_new = (ext4->seen[inode / 8] & bit) == 0;
    ext4->seen[inode / 8] |= bit;
    return is_new;
}

static void add_folder(struct ext4 *ext4, ext2_ino_t inode, const char *path)
{
    ext4->folders = xz_store_grow(ext4->folders, ext4->folder_count, &ext4->folder_room,
                                  sizeof(struct folder));
    ext4->folders[ext4->folder_count++] =
        (struct folder){.inode = inode, .path = xz_store_copy(path)};
}

/* A callback of ext2fs_dir_iterate2(): keeps the name for when the folder is read. */
static int keep_entry(ext2_ino_t folder, int kind, struct ext2_dir_entry *entry,
                      int offset, int block_size, char *block, void *opaque)
{
    struct ext4 *ext4 = opaque;
    size_t size = (size_t)ext2fs_dirent_name_len(entry);
    (void)folder, (void)kind, (void)offset, (void)block_size, (void)block;
    if (ext4->entries_left == 0)
        return DIRENT_ABORT;
    ext4->entries_left--;
    if (entry->inode == 0 || size == 0 || (size == 1 && entry->name[0] == '.')
        || (size == 2 && entry->name[0] == '.' && entry->name[1] == '.'))
        return 0;
    ext4->inodes = xz_store_grow(ext4->inodes, ext4->names.count, &ext4->inode_room,
                                 sizeof(ext2_ino_t));
    ext4->inodes[ext4->names.count] = entry->inode;
    xz_words_add_bytes(&ext4->names, entry->name, size);
    return 0;
}

/* One entry: what its inode is decides, not what the folder says of it. */
static void do_entry(struct ext4 *ext4, const char *path, ext2_ino_t number)
{
    struct ext2_inode inode;
    errcode_t error = ext2fs_read_inode(ext4->fs, number, &inode);
    if (error != 0) {
        gap_for(ext4->out, path, "damaged", error);
        return;
    }
    bool is_new = meet(ext4, number);
    if (LINUX_S_ISDIR(inode.i_mode)) {
        if (!is_new)
            xz_fs_gap(ext4->out, path, "damaged: this folder is in two places");
        else if (strlen(path) > MOST_PATH)
            xz_fs_gap(ext4->out, path, "folders are nested too deep");
        else
            add_folder(ext4, number, path);
    } else if (LINUX_S_ISREG(inode.i_mode) && is_new) {
        (void)xz_fs_add(ext4->out, path, number, EXT2_I_SIZE(&inode));
    }
}

static void do_folder(struct ext4 *ext4, const struct folder *folder)
{
    errcode_t error = ext2fs_dir_iterate2(
        ext4->fs, folder->inode, DIRENT_FLAG_INCLUDE_EMPTY, NULL, keep_entry, ext4);
    if (error != 0)
        gap_for(ext4->out, folder->path, "a damaged folder", error);
    for (size_t i = 0; i < ext4->names.count && !ext4->out->full; i++) {
        if (xz_audit_late(ext4->out->audit, ext4->out->object))
            break;
        char *path =
            xz_store_printf("%s%s%s", folder->path, folder->path[0] != '\0' ? "/" : "",
                            ext4->names.at[i]);
        do_entry(ext4, path, ext4->inodes[i]);
        free(path);
    }
    xz_words_free(&ext4->names);
}

static void list_folders(struct ext4 *ext4)
{
    (void)meet(ext4, EXT2_ROOT_INO);
    add_folder(ext4, EXT2_ROOT_INO, "");
    while (ext4->folder_count > 0) {
        struct folder folder = ext4->folders[--ext4->folder_count];
        if (!ext4->out->full && !ext4->out->audit->late)
            do_folder(ext4, &folder);
        free(folder.path);
    }
    if (ext4->entries_left == 0)
        xz_fs_gap(ext4->out, "", "damaged: more names in folders than have room");
}

/*
 * Of a file that was removed while it was open, the time of removal is the number of
 * another such file or 0.
 */
static bool is_in_use(const struct ext4 *ext4, const struct ext2_inode *inode)
{
    return inode->i_links_count > 0
           || inode->i_dtime <= ext4->fs->super->s_inodes_count;
}

/* Files that no folder names. */
static void list_orphans(struct ext4 *ext4)
{
    ext2_inode_scan scan = NULL;
    struct ext2_inode inode;
    ext2_ino_t number = 0;
    bool damaged = false;
    errcode_t error = ext2fs_open_inode_scan(ext4->fs, 0, &scan);
    if (error == 0)
        ext2fs_inode_scan_flags(scan, EXT2_SF_SKIP_MISSING_ITABLE | EXT2_SF_DO_LAZY, 0);
    while (error == 0 && !xz_audit_late(ext4->out->audit, ext4->out->object)) {
        error = ext2fs_get_next_inode(scan, &number, &inode);
        if (error == EXT2_ET_INODE_CSUM_INVALID) {
            damaged = true;
            error = 0;
        } else if (error != 0 || number == 0) {
            break;
        } else if (number >= EXT2_FIRST_INO(ext4->fs->super)
                   && LINUX_S_ISREG(inode.i_mode) && EXT2_I_SIZE(&inode) > 0
                   && is_in_use(ext4, &inode) && meet(ext4, number)) {
            char *path = xz_store_printf("(inode %u, in no folder)", number);
            (void)xz_fs_add(ext4->out, path, number, EXT2_I_SIZE(&inode));
            free(path);
        }
    }
    if (scan != NULL)
        ext2fs_close_inode_scan(scan);
    if (error != 0)
        gap_for(ext4->out, "", "its table of files is damaged", error);
    if (damaged)
        xz_fs_gap(ext4->out, "", "some checksums in its table of files are wrong");
}

/* ---- Contents --------------------------------------------------------------------*/

static const char *read_file(void *reader, const struct xz_fs_file *file,
                             struct xz_text *ret)
{
    struct ext4 *ext4 = reader;
    struct ext2_inode inode;
    ext2_file_t open = NULL;
    errcode_t error = ext2fs_read_inode(ext4->fs, (ext2_ino_t)file->id, &inode);
    if (error == 0 && (inode.i_flags & ENCRYPTED) != 0)
        return "encrypted";
    if (error == 0)
        error = ext2fs_file_open(ext4->fs, (ext2_ino_t)file->id, 0, &open);
    while (error == 0 && ret->size < file->size) {
        char chunk[CHUNK];
        unsigned got = 0;
        error = ext2fs_file_read(open, chunk, CHUNK, &got);
        // Of data in the inode itself the library returns more than there is.
        uint64_t left = file->size - ret->size;
        if (got > 0 && got <= CHUNK)
            xz_text_add(ret, chunk, got < left ? got : (size_t)left);
        else if (error == 0)
            error = EXT2_ET_SHORT_READ;
    }
    if (open != NULL)
        (void)ext2fs_file_close(open);
    return error != 0 ? error_message(error) : NULL;
}

/* Search blocks that no file has: removed files leave their bytes there. */
static void search_free(struct ext4 *ext4)
{
    struct xz_fs *out = ext4->out;
    ext2_filsys fs = ext4->fs;
    errcode_t error = ext2fs_read_block_bitmap(fs);
    if (error != 0) {
        gap_for(out, "", "its map of free blocks is damaged", error);
        return;
    }
    blk64_t last = ext2fs_blocks_count(fs->super) - 1;
    blk64_t pos = fs->super->s_first_data_block;
    blk64_t most = out->size / fs->blocksize; // blocks in the image
    while (pos <= last && pos < most
           && ext2fs_find_first_zero_block_bitmap2(fs->block_map, pos, last, &pos)
                  == 0) {
        blk64_t end = 0;
        if (ext2fs_find_first_set_block_bitmap2(fs->block_map, pos, last, &end) != 0)
            end = last + 1;
        end = end < most ? end : most;
        if (end <= pos)
            break;
        xz_scan_part(out->audit, out->object, "free blocks", out->data,
                     pos * fs->blocksize, (end - pos) * fs->blocksize);
        pos = end;
    }
}

bool xz_ext4_visit(struct xz_fs *fs)
{
    struct ext4 ext4 = {.out = fs};
    if (!open_image(&ext4))
        return false;
    list_folders(&ext4);
    list_orphans(&ext4);
    xz_fs_visit(fs, read_file, &ext4);
    search_free(&ext4);
    if (has_complained)
        xz_fs_gap(fs, "", "its map of blocks is damaged");
    ext2fs_free(ext4.fs);
    free(ext4.folders);
    free(ext4.inodes);
    free(ext4.seen);
    return true;
}
