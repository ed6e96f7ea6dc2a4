// SPDX-License-Identifier: 0BSD
// Processes: which have a liblzma mapped, and what is in mappings that no file shows.

/*
 * An update replaces the file; a daemon that was not restarted still runs the old one,
 * which has no name any more. /proc/PID/map_files/START-END leads to the file that is
 * mapped, whatever its name leads to now. It is read for mappings whose file was
 * deleted, or was not met by the walk over the file system (containers have others).
 *
 * Only the head of a file that is mapped from its beginning tells that it is ELF; so
 * mappings with offset 0 count. Devices are not opened: opening one may do something.
 */

#include "../common/system.h"

#include "elf_read.h"
#include "host.h"
#include "id_set.h"
#include "scan.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define PROC_FILE_MAX (16U << 20)
#define USERS_SHOWN   8

static const char deleted_mark[] = " (deleted)";

struct processes {
    struct xz_audit *audit;
    const char *proc;
    const char *root;
    struct xz_mapped_files *files; // that were opened here
    struct xz_id_set looked_at;    // mappings that were tried
    struct xz_words libraries;     // paths of mapped liblzma
    struct xz_words users;         // at the same positions: "sshd (123), ..."
    size_t *user_counts;
    size_t user_room;
    size_t forbidden; // processes of others
};

bool xz_mapping_read(const char *line, struct xz_mapping *ret)
{
    unsigned long long start = 0;
    unsigned long long end = 0;
    unsigned long long offset = 0;
    unsigned long long inode = 0;
    unsigned device_major = 0;
    unsigned device_minor = 0;
    int path = 0;
    if (sscanf(line, "%16llx-%16llx %*4s %16llx %8x:%8x %20llu %n", &start, &end,
               &offset, &device_major, &device_minor, &inode, &path)
            != 6
        || path == 0 || line[path] != '/')
        return false;
    *ret = (struct xz_mapping){.start = start,
                               .end = end,
                               .offset = offset,
                               .inode = inode,
                               .path = line + path};
    ret->device = (uint64_t)makedev(device_major, device_minor);
    ret->path_size = strlen(ret->path);
    snprintf(ret->range, sizeof(ret->range), "%llx-%llx", start, end);
    if (xz_ends_with(ret->path, deleted_mark)) {
        ret->deleted = true;
        ret->path_size -= sizeof(deleted_mark) - 1;
    }
    return true;
}

/* True for .../liblzma.so and what may stand behind that. */
static bool is_liblzma(const struct xz_mapping *mapping)
{
    char *path = xz_store_bytes(mapping->path, mapping->path_size);
    bool is = strncmp(xz_path_name(path), "liblzma.so", 10) == 0;
    free(path);
    return is;
}

void xz_mapping_judge(struct xz_audit *audit, const char *object, const char *process,
                      const struct xz_mapping *mapping)
{
    if (!is_liblzma(mapping))
        return;
    if (mapping->deleted)
        xz_audit_find_test(audit, "deleted-mapping", object, UINT64_MAX, process,
                           mapping->path);
    if (strcmp(process, "sshd") == 0 || strncmp(process, "sshd-", 5) == 0)
        xz_audit_find_test(audit, "sshd-maps", object, UINT64_MAX, process,
                           mapping->path);
}

/*
 * Files of /proc have no size: read until the end. NULL if that fails; NUL-terminated.
 */
static char *read_proc(const struct processes *p, const char *pid, const char *name,
                       size_t *ret_size)
{
    char *path = xz_store_printf("%s/%s/%s", p->proc, pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct xz_text text = {0};
    char chunk[16384];
    ssize_t got = fd < 0 ? -1 : 0;
    free(path);
    while (fd >= 0 && text.size < PROC_FILE_MAX
           && (got = read(fd, chunk, sizeof(chunk))) > 0)
        xz_text_add(&text, chunk, (size_t)got);
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (got < 0) {
        xz_text_free(&text);
        errno = error;
        return NULL;
    }
    *ret_size = text.size;
    return xz_text_take(&text);
}

/* True if the walk below the root meets the file that is mapped. */
static bool walk_meets(const struct processes *p, const struct xz_mapping *mapping)
{
    struct stat st;
    return !mapping->deleted && strncmp(mapping->path, p->root, strlen(p->root)) == 0
           && lstat(mapping->path, &st) == 0 && (uint64_t)st.st_dev == mapping->device
           && (uint64_t)st.st_ino == mapping->inode;
}

/* Open a mapping's file through map_files and keep it, if it is ELF. */
static void open_mapping(struct processes *p, const char *pid, const char *object,
                         const struct xz_mapping *mapping)
{
    char *path = xz_store_printf("%s/%s/map_files/%s", p->proc, pid, mapping->range);
    struct xz_mapped_files *files = p->files;
    struct stat st;
    uint8_t head[4];
    bool there = stat(path, &st) == 0;
    bool regular = there && S_ISREG(st.st_mode);
    int fd = regular ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
    if (fd >= 0 && pread(fd, head, sizeof(head), 0) == 4 && xz_elf_is(head, 4)) {
        size_t at = files->objects.count;
        files->fds = xz_store_grow(files->fds, at, &files->room, sizeof(int));
        files->fds[at] = fd;
        xz_words_add(&files->objects, object);
    } else if (fd >= 0) {
        close(fd);
    } else if ((regular || !there) && errno != ENOENT) {
        char *reason =
            xz_store_printf("its mapping cannot be read: %s", strerror(errno));
        xz_audit_gap(p->audit, object, reason);
        free(reason);
    }
    free(path);
}

/* Keep who has which liblzma mapped. */
static void note_user(struct processes *p, const char *path, const char *pid,
                      const char *process)
{
    size_t i = 0;
    while (i < p->libraries.count && strcmp(p->libraries.at[i], path) != 0)
        i++;
    p->user_counts =
        xz_store_grow(p->user_counts, i, &p->user_room, sizeof(*p->user_counts));
    if (i == p->libraries.count) {
        xz_words_add(&p->libraries, path);
        xz_words_add(&p->users, "");
        p->user_counts[i] = 0;
    }
    if (p->user_counts[i]++ >= USERS_SHOWN)
        return;
    char *old = p->users.at[i];
    p->users.at[i] =
        xz_store_printf("%s%s%s (%s)", old, *old != '\0' ? ", " : "", process, pid);
    free(old);
}

static void do_mapping(struct processes *p, const char *pid, const char *process,
                       const char *line, uint64_t *last_inode)
{
    struct xz_mapping mapping;
    if (!xz_mapping_read(line, &mapping))
        return;
    char *object = xz_store_printf("%s/%s!%s", p->proc, pid, mapping.path);
    if (is_liblzma(&mapping) && mapping.inode != *last_inode) {
        *last_inode = mapping.inode;
        xz_mapping_judge(p->audit, object, process, &mapping);
        note_user(p, mapping.path, pid, process);
    }
    // Devices of maps and of stat() differ on some file systems: then it is read twice.
    if (mapping.offset == 0 && !walk_meets(p, &mapping)
        && xz_id_set_add(&p->looked_at, mapping.device, mapping.inode))
        open_mapping(p, pid, object, &mapping);
    free(object);
}

static void do_process(struct processes *p, const char *pid)
{
    size_t size = 0;
    uint64_t last_inode = 0;
    char *comm = read_proc(p, pid, "comm", &size);
    char *maps = comm != NULL ? read_proc(p, pid, "maps", &size) : NULL;
    if (maps == NULL) {
        p->forbidden += errno == EACCES || errno == EPERM;
        free(comm);
        return;
    }
    comm[strcspn(comm, "\n")] = '\0';
    p->audit->counts.processes++;
    for (char *line = maps; *line != '\0';) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        do_mapping(p, pid, comm, line, &last_inode);
        line = end != NULL ? end + 1 : line + strlen(line);
    }
    free(maps);
    char *environ_text = read_proc(p, pid, "environ", &size);
    if (environ_text != NULL) {
        char *object = xz_store_printf("%s/%s (%s)", p->proc, pid, comm);
        xz_scan_environ(p->audit, object, (const uint8_t *)environ_text, size);
        free(object);
    }
    free(environ_text);
    free(comm);
}

void xz_host_processes(struct xz_audit *audit, const char *proc, const char *root,
                       struct xz_mapped_files *ret)
{
    struct processes p = {.audit = audit, .proc = proc, .root = root, .files = ret};
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) { // for what is kept open
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    DIR *dir = opendir(proc);
    if (dir == NULL) {
        xz_audit_gap(audit, proc, strerror(errno));
        return;
    }
    for (struct dirent *entry = readdir(dir);
         entry != NULL && !xz_audit_late(audit, proc); entry = readdir(dir)) {
        if (strspn(entry->d_name, "0123456789") == strlen(entry->d_name))
            do_process(&p, entry->d_name);
    }
    closedir(dir);
    for (size_t i = 0; i < p.libraries.count; i++) {
        char *note = xz_store_printf("mapped by %zu processes: %s%s", p.user_counts[i],
                                     p.users.at[i],
                                     p.user_counts[i] > USERS_SHOWN ? ", ..." : "");
        xz_audit_component(audit, "process", p.libraries.at[i], NULL, NULL, note);
        free(note);
    }
    if (p.forbidden > 0) {
        char *reason =
            xz_store_printf("%zu processes of other users; run as root", p.forbidden);
        xz_audit_gap(audit, proc, reason);
        free(reason);
    }
    xz_id_set_free(&p.looked_at);
    xz_words_free(&p.libraries);
    xz_words_free(&p.users);
    free(p.user_counts);
}
