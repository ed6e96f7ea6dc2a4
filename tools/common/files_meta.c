// SPDX-License-Identifier: 0BSD
// Metadata of the target, its way to the disk, and the careful removal of files.

/*
 * What is copied: owner, group, the nine permission bits, access and modification time
 * with nanoseconds. What is not: set-id and sticky bits, as the new file has other
 * contents; ACLs and extended attributes.
 *
 * What reaches the disk before a source is removed: the target's data, and its name,
 * which is data of the directory. One without the other would not survive a crash.
 */

#include "system.h"

#include "files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * The mode for a target whose group could not be set. Its group is now another one than
 * the source's, and the members of the source's group are "others". Neither may get
 * more than both had before, so both get what group and others had in common.
 */
static mode_t narrow_mode(mode_t mode)
{
    mode_t common = (mode >> 3) & mode & 07;
    return (mode & 0700) | common << 3 | common;
}

/*
 * The target belongs to the user that runs the program and to nobody else until this is
 * done; each step may only open it to those who could read the source.
 */
void xz_files_copy_metadata(struct xz_files *files)
{
    const struct stat *st = &files->source_stat;
    int fd = files->target_fd;
    if (files->source_is_stdin)
        return;

    /* Only root can give files away, so nobody else expects it. */
    if (fchown(fd, st->st_uid, (gid_t)-1) != 0 && geteuid() == 0)
        xz_report_warning(files->report, files->target_shown,
                          "Cannot set the file owner: %s", strerror(errno));

    /* The mode comes after the owner: changing the owner may clear bits of it. */
    mode_t mode = st->st_mode & 0777;
    if (files->target_stat.st_gid != st->st_gid
        && fchown(fd, (uid_t)-1, st->st_gid) != 0) {
        xz_report_warning(files->report, files->target_shown,
                          "Cannot set the file group: %s", strerror(errno));
        mode = narrow_mode(mode);
    }
    if (fchmod(fd, mode) != 0)
        xz_report_warning(files->report, files->target_shown,
                          "Cannot set the file permissions: %s", strerror(errno));

    /* Not worth a warning: some file systems have no such times. */
    struct timespec times[2] = {XZ_STAT_ATIME(st), XZ_STAT_MTIME(st)};
    (void)futimens(fd, times);
}

/* Some file systems cannot flush directories and say so in one of these ways. */
static bool is_sync_refusal(int reason)
{
    return reason == EINVAL || reason == ENOTSUP || reason == EROFS || reason == EBADF;
}

/* Flush the directory that the name stands in; without it the name could get lost. */
static bool sync_directory(const char *name)
{
    const char *slash = strrchr(name, '/');
    char *directory = NULL;
    if (slash != NULL) {
        size_t length = slash == name ? 1 : (size_t)(slash - name);
        directory = malloc(length + 1);
        if (directory == NULL)
            return false;
        memcpy(directory, name, length);
        directory[length] = '\0';
    }
    int fd = open(directory != NULL ? directory : ".",
                  O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOCTTY);
    free(directory);
    if (fd == -1) // write and search permission is enough to have made the target
        return errno == EACCES;
    bool good = fsync(fd) == 0 || is_sync_refusal(errno);
    int reason = errno;
    (void)close(fd);
    errno = reason;
    return good;
}

/*
 * Errors here are failures: the source is still there, and is worth more than a target
 * that may not be.
 */
bool xz_files_sync(struct xz_files *files)
{
    if (fsync(files->target_fd) != 0) {
        xz_report_error(files->report, files->target_shown,
                        "Synchronizing the file failed: %s", strerror(errno));
        return false;
    }
    if (!sync_directory(files->target_name)) {
        xz_report_error(files->report, files->target_shown,
                        "Synchronizing the directory of the file failed: %s",
                        strerror(errno));
        return false;
    }
    return true;
}

/*
 * Somebody may have renamed the file and put another one in its place. There is no call
 * that removes a name only if it still means a certain file, so a small gap between
 * looking and removing remains.
 */
void xz_files_remove(struct xz_files *files, const char *name,
                     const struct stat *identity, bool follow_links)
{
    struct stat now;
    int result = follow_links ? stat(name, &now) : lstat(name, &now);
    if (result != 0 || now.st_dev != identity->st_dev
        || now.st_ino != identity->st_ino) {
        xz_report_warning(files->report, name,
                          "File seems to have been moved, not removing");
        return;
    }
    if (unlink(name) != 0)
        xz_report_warning(files->report, name, "Cannot remove: %s", strerror(errno));
}
