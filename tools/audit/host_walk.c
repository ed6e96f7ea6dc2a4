// SPDX-License-Identifier: 0BSD
// Walks over all files of a system and looks at those that can hold a liblzma.

/*
 * A library is found by what it is, not by where it lies: every regular file is opened
 * and its first bytes read. ELF files, static libraries, initial RAM disks, snaps are
 * looked at wholly, files whose size is that of a known carrier are hashed, other
 * archives only if asked for.
 * In a folder that was named to "file" everything is looked at.
 *
 * Folders wait in a list, not on the stack of a recursion. They are opened without
 * following links, so that a link made meanwhile leads nowhere. File systems that hold
 * no files of a disk are left out; those that live elsewhere leave a gap.
 */

#include "../common/system.h"

#include "archive_walk.h"
#include "container.h"
#include "host.h"
#include "id_set.h"
#include "scan.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define HEAD_SIZE 512 // enough for what is always opened

/* Numbers of statfs(2). */
static const struct {
    uint32_t type;
    const char *reason; // NULL: the kernel's own, there is nothing to look at
} file_systems[] = {
    {0x9FA0, NULL},     // proc
    {0x62656572, NULL}, // sysfs
    {0x1CD1, NULL},     // devpts
    {0x27E0EB, NULL},   // cgroup
    {0x63677270, NULL}, // cgroup2
    {0x64626720, NULL}, // debugfs
    {0x74726163, NULL}, // tracefs
    {0x73636673, NULL}, // securityfs
    {0xCAFE4A11, NULL}, // bpf
    {0x6165676C, NULL}, // pstore
    {0x62656570, NULL}, // configfs
    {0x19800202, NULL}, // mqueue
    {0x958458F6, NULL}, // hugetlbfs
    {0x42494E4D, NULL}, // binfmt_misc
    {0xDE5E81E4, NULL}, // efivarfs
    {0x0187, "an automounter: not entered"},
    {0x6969, "a network file system: not entered"},
    {0xFF534D42, "a network file system: not entered"},
    {0xFE534D42, "a network file system: not entered"},
    {0x01021997, "a network file system: not entered"},
    {0x00C36400, "a network file system: not entered"},
    {0x65735546, "a FUSE file system: not entered"},
};

struct walk {
    const struct xz_root *root;
    struct xz_id_set seen;
    struct xz_words folders; // that wait; paths below the root
    uint64_t device;         // of the folder before
};

/* True if a folder on this device shall be entered; what is left out is told. */
static bool enters(struct walk *walk, int fd, const char *object, uint64_t device)
{
    struct statfs fs;
    if (device == walk->device || fstatfs(fd, &fs) != 0)
        return true;
    for (size_t i = 0; i < sizeof(file_systems) / sizeof(file_systems[0]); i++) {
        if ((uint32_t)fs.f_type != file_systems[i].type)
            continue;
        if (file_systems[i].reason != NULL)
            xz_audit_gap(walk->root->audit, object, file_systems[i].reason);
        return false;
    }
    walk->device = device;
    return true;
}

static bool is_size_of_carrier(const struct xz_audit *audit, uint64_t size)
{
    for (size_t i = 0; i < audit->rules->count; i++) {
        const struct xz_rule *rule = &audit->rules->rules[i];
        for (size_t k = 0; k < rule->digest_count; k++) {
            if (rule->digests[k].file_size == size && size != 0)
                return true;
        }
    }
    return false;
}

/*
 * True for NAME_REVISION.snap if snap/NAME/REVISION has files of another device: it is
 * mounted there, and is looked at there.
 */
static bool is_mounted_snap(struct walk *walk, const char *object,
                            const struct stat *snap)
{
    struct stat st;
    const char *name = xz_path_name(object);
    const char *revision = strrchr(name, '_');
    if (revision == NULL || !xz_ends_with(name, ".snap"))
        return false;
    char *path =
        xz_store_printf("snap/%.*s/%.*s/meta/snap.yaml", (int)(revision - name), name,
                        (int)strcspn(revision + 1, "."), revision + 1);
    int fd = xz_root_open_file(walk->root, path);
    bool mounted = fd >= 0 && fstat(fd, &st) == 0 && st.st_dev != snap->st_dev;
    if (fd >= 0)
        close(fd);
    free(path);
    return mounted;
}

static void look_at_fd(struct walk *walk, int fd, const char *object,
                       const struct stat *st)
{
    struct xz_audit *audit = walk->root->audit;
    uint8_t head[XZ_CONTAINER_HEAD];
    ssize_t got = pread(fd, head, audit->every_archive ? sizeof(head) : HEAD_SIZE, 0);
    if (got < 0) {
        xz_audit_gap(audit, object, strerror(errno));
        return;
    }
    bool elf = xz_elf_is(head, (size_t)got);
    bool archive = xz_archive_is(audit, object, head, (size_t)got)
                   && (audit->every_archive || !is_mounted_snap(walk, object, st));
    bool carrier = is_size_of_carrier(audit, (uint64_t)st->st_size);
    audit->counts.files += !elf && !archive && !audit->hash_all;
    if (!elf && !archive && !carrier && !audit->hash_all)
        return;
    size_t size = 0;
    uint8_t *data = xz_scan_read_fd(audit, fd, object, &size);
    if (data != NULL && (elf || archive || audit->hash_all))
        xz_scan_object(audit, object, data, size, 0);
    else if (data != NULL)
        xz_scan_digests(audit, object, data, size, false);
    free(data);
}

static void look_at_file(struct walk *walk, int folder, const char *name,
                         const char *path)
{
    struct stat st;
    int fd =
        openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ELOOP || errno == ENXIO))
        return; // gone, or another kind of file by now
    char *object = xz_root_object(walk->root, path);
    if (fd < 0)
        xz_audit_gap(walk->root->audit, object, strerror(errno));
    else if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0
             && xz_id_set_add(&walk->seen, (uint64_t)st.st_dev, (uint64_t)st.st_ino))
        look_at_fd(walk, fd, object, &st);
    if (fd >= 0)
        close(fd);
    free(object);
}

static void do_entry(struct walk *walk, int folder, const char *path,
                     const struct dirent *entry)
{
    const char *name = entry->d_name;
    struct stat st;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return;
    unsigned char type = entry->d_type;
    if (type == DT_UNKNOWN && fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        type = S_ISDIR(st.st_mode) ? DT_DIR : S_ISREG(st.st_mode) ? DT_REG : DT_LNK;
    if (type != DT_DIR && type != DT_REG)
        return;
    char *inner = xz_store_printf("%s%s%s", path, *path != '\0' ? "/" : "", name);
    if (type == DT_DIR)
        xz_words_add(&walk->folders, inner);
    else
        look_at_file(walk, folder, name, inner);
    free(inner);
}

static void do_folder(struct walk *walk, const char *path)
{
    struct stat st;
    int fd = openat(walk->root->fd, *path != '\0' ? path : ".",
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    char *object = xz_root_object(walk->root, path);
    DIR *dir = NULL;
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
            xz_audit_gap(walk->root->audit, object, strerror(errno));
    } else if (enters(walk, fd, object, (uint64_t)st.st_dev)
               && xz_id_set_add(&walk->seen, (uint64_t)st.st_dev,
                                (uint64_t)st.st_ino)) {
        dir = fdopendir(fd);
    }
    while (dir != NULL && !xz_audit_late(walk->root->audit, object)) {
        errno = 0;
        struct dirent *entry = readdir(dir);
        if (entry == NULL) {
            if (errno != 0)
                xz_audit_gap(walk->root->audit, object, strerror(errno));
            break;
        }
        do_entry(walk, fd, path, entry);
    }
    if (dir != NULL)
        closedir(dir);
    else if (fd >= 0)
        close(fd);
    free(object);
}

void xz_host_walk(const struct xz_root *root)
{
    struct walk walk = {.root = root};
    xz_words_add(&walk.folders, "");
    while (walk.folders.count > 0 && !root->audit->late) {
        char *path = walk.folders.at[--walk.folders.count];
        do_folder(&walk, path);
        free(path);
    }
    xz_words_free(&walk.folders);
    xz_id_set_free(&walk.seen);
}
