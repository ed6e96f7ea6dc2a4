// SPDX-License-Identifier: 0BSD
// Opens and closes the source and the target of one operation, by the user's rules.

/*
 * Nobody shall lose data, see data that was hidden from him, or get a file that he did
 * not ask for:
 *
 *   - Without -f, -k or -c a source is a regular file itself, not a link to one, has
 *     one name, and no special mode bits, since its removal could surprise its owner.
 *   - A target is a new file (O_EXCL), readable by its owner alone until its contents
 *     are complete; then it gets the owner, group, mode and times of the source.
 *   - The source is removed last, after the target has reached the disk, and only if
 *     its name still belongs to the file that was read.
 *   - On failure the target is removed, with the same care.
 */

#include "system.h"

#include "files.h"
#include "signals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Without this a file opened later could become standard output or error by its number,
 * and then data or messages would be written into a file of the user.
 */
void xz_files_reserve_standard(void)
{
    /* Opened the wrong way round, so that using them still fails. */
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void xz_files_init(struct xz_files *files, const struct xz_file_rules *rules,
                   struct xz_report *report)
{
    memset(files, 0, sizeof(*files));
    files->rules = rules;
    files->report = report;
    files->source_fd = -1;
    files->target_fd = -1;
    files->restore_flags = -1;
}

/*
 * Asked after open() has failed: O_NOFOLLOW fails with different codes on different
 * systems.
 */
static bool is_symlink(const char *name)
{
    struct stat st;
    return lstat(name, &st) == 0 && S_ISLNK(st.st_mode);
}

/* The kinds of files that are left alone; true if this one may be read. */
static bool source_is_allowed(struct xz_files *files)
{
    const struct xz_file_rules *rules = files->rules;
    const struct stat *st = &files->source_stat;
    const char *why = NULL;
    if (S_ISDIR(st->st_mode))
        why = "Is a directory, skipping";
    else if (rules->to_stdout)
        return true;
    else if (!S_ISREG(st->st_mode))
        why = "Not a regular file, skipping";
    else if (rules->keep || rules->force)
        return true;
    else if ((st->st_mode & (S_ISUID | S_ISGID)) != 0)
        why = "File has setuid or setgid bit set, skipping";
    else if ((st->st_mode & S_ISVTX) != 0)
        why = "File has sticky bit set, skipping";
    else if (st->st_nlink > 1)
        why = "Input file has more than one hard link, skipping";
    if (why == NULL)
        return true;
    xz_report_warning(files->report, files->source_name, "%s", why);
    return false;
}

/*
 * O_NONBLOCK lets the opening of a FIFO or device return at once; it is taken back, as
 * reading waits in poll().
 */
static bool open_source_fd(struct xz_files *files, const char *name)
{
    const struct xz_file_rules *rules = files->rules;
    bool follow = rules->to_stdout || rules->keep || rules->force;
    int flags = O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK;
    if (!follow)
        flags |= O_NOFOLLOW;
    files->source_fd = open(name, flags);
    if (files->source_fd == -1) {
        int reason = errno;
        if (!follow && is_symlink(name))
            xz_report_warning(files->report, name, "Is a symbolic link, skipping");
        else
            xz_report_error(files->report, name, "%s", strerror(reason));
        return false;
    }
    if (fstat(files->source_fd, &files->source_stat) != 0) {
        xz_report_error(files->report, name, "%s", strerror(errno));
        return false;
    }
    int now =
        S_ISREG(files->source_stat.st_mode) ? -1 : fcntl(files->source_fd, F_GETFL);
    if (now != -1) // regular files never block
        (void)fcntl(files->source_fd, F_SETFL, now & ~O_NONBLOCK);
    return true;
}

/* What one read() gets needs no reading ahead. */
#define SMALL_SOURCE 131072

/*
 * Missing and unreadable files are errors; files that were found and left alone on
 * purpose are warnings.
 */
bool xz_files_open_source(struct xz_files *files, const char *name)
{
    files->source_name = name;
    files->source_is_stdin = false;
    if (name[0] == '\0') {
        xz_report_error(files->report, NULL, "Empty filename, skipping");
        return false;
    }
    if (!open_source_fd(files, name) || !source_is_allowed(files)) {
        if (files->source_fd != -1)
            (void)close(files->source_fd);
        files->source_fd = -1;
        return false;
    }
    files->source_is_regular = S_ISREG(files->source_stat.st_mode);
    if (files->source_is_regular && files->source_stat.st_size > SMALL_SOURCE)
        xz_advise_sequential(files->source_fd);
    return true;
}

/* Standard input is never closed and has no name that could be removed. */
bool xz_files_open_stdin(struct xz_files *files)
{
    files->source_name = "(stdin)";
    files->source_fd = STDIN_FILENO;
    files->source_is_stdin = true;
    if (fstat(STDIN_FILENO, &files->source_stat) != 0)
        memset(&files->source_stat, 0, sizeof(files->source_stat));
    files->source_is_regular = S_ISREG(files->source_stat.st_mode);
    return true;
}

/* For the percentage of the progress display. */
uint64_t xz_files_source_size(const struct xz_files *files)
{
    if (!files->source_is_regular || files->source_stat.st_size < 0)
        return 0;
    uint64_t size = (uint64_t)files->source_stat.st_size;
    if (files->source_is_stdin) { // which may have been read from before
        off_t pos = lseek(files->source_fd, 0, SEEK_CUR);
        if (pos > 0)
            size = (uint64_t)pos < size ? size - (uint64_t)pos : 0;
    }
    return size;
}

/* True if the name is the only one of the source. */
static bool names_source(const struct xz_files *files, const char *name)
{
    const struct stat *source = &files->source_stat;
    struct stat st;
    return files->source_is_regular && lstat(name, &st) == 0
           && st.st_dev == source->st_dev && st.st_ino == source->st_ino
           && st.st_nlink == 1;
}

/*
 * -f removes what has the name now; writing over it would also write over other names
 * of the same file, and would keep its owner and mode. O_EXCL then makes sure that the
 * file is new, whatever has happened in between.
 */
bool xz_files_open_target(struct xz_files *files, char *name)
{
    struct xz_report *report = files->report;
    if (names_source(files, name)) {
        xz_report_error(report, name, "Is the source, and cannot be the target too");
        free(name);
        return false;
    }
    if (files->rules->force && unlink(name) != 0 && errno != ENOENT) {
        xz_report_error(report, name, "Cannot remove: %s", strerror(errno));
        free(name);
        return false;
    }
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC;
    mode_t mode = S_IRUSR | S_IWUSR; // until it has the source's
    if (files->source_is_stdin)
        mode |= S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH; // but for the umask
    files->target_fd = open(name, flags, mode);
    if (files->target_fd == -1) {
        struct stat st;
        int reason = errno;
        if (reason == EEXIST && lstat(name, &st) == 0 && S_ISDIR(st.st_mode))
            reason = EISDIR; // which -f does not change
        xz_report_error(report, name, "%s%s", strerror(reason),
                        reason == EEXIST ? " (-f would replace it)" : "");
        free(name);
        return false;
    }
    files->target_name = name;
    files->target_shown = name;
    if (fstat(files->target_fd, &files->target_stat) != 0) {
        xz_report_error(report, name, "%s", strerror(errno));
        return false; // xz_files_close() closes it
    }
    files->target_is_sparse =
        files->rules->sparse && S_ISREG(files->target_stat.st_mode);
    return true;
}

/*
 * Holes can be made in standard output too if it is a regular file, if writing begins
 * at its end so that there is nothing to skip over, and if it is not in append mode,
 * where seeking would have no effect. Append mode is switched off for the time being.
 */
static void try_sparse_stdout(struct xz_files *files)
{
    struct stat st;
    int fd = files->target_fd;
    int flags = fcntl(fd, F_GETFL);
    if (flags == -1 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return;
    if ((flags & O_APPEND) == 0) {
        files->target_is_sparse = lseek(fd, 0, SEEK_CUR) == st.st_size;
        return;
    }
    if (lseek(fd, 0, SEEK_END) == -1 || fcntl(fd, F_SETFL, flags & ~O_APPEND) == -1)
        return;
    files->restore_flags = flags;
    files->target_is_sparse = true;
}

/* Standard output is not closed either; several files may follow each other in it. */
bool xz_files_open_stdout(struct xz_files *files)
{
    files->target_name = NULL;
    const char *shown = files->rules->stdout_name;
    files->target_shown = shown != NULL ? shown : "(stdout)";
    files->target_fd = STDOUT_FILENO;
    files->target_is_sparse = false;
    if (files->rules->sparse && files->rules->put == NULL)
        try_sparse_stdout(files);
    return true;
}

/* Close the target; on success it has its metadata and, if wanted, is on the disk. */
static bool finish_target(struct xz_files *files, bool success)
{
    if (files->restore_flags != -1)
        (void)fcntl(files->target_fd, F_SETFL, files->restore_flags);
    files->restore_flags = -1;
    if (files->target_name == NULL)
        return success;
    if (success) {
        xz_files_copy_metadata(files);
        bool removes = !files->rules->keep && !files->source_is_stdin;
        if (removes && files->rules->sync)
            success = xz_files_sync(files);
    }
    if (close(files->target_fd) != 0 && success) {
        xz_report_error(files->report, files->target_shown, "Closing failed: %s",
                        strerror(errno));
        success = false;
    }
    if (!success)
        xz_files_remove(files, files->target_name, &files->target_stat, false);
    return success;
}

/* A hole at the end needs one real byte, or the file would be too short. */
static bool fill_last_hole(struct xz_files *files)
{
    if (files->hole == 0)
        return true;
    files->hole--;
    files->target_is_sparse = false;
    return xz_files_write(files, (const uint8_t *)"", 1);
}

/* The source stays where somebody has taken the target away. */
static bool target_is_there(struct xz_files *files)
{
    const struct stat *target = &files->target_stat;
    struct stat st;
    if (lstat(files->target_name, &st) == 0 && st.st_dev == target->st_dev
        && st.st_ino == target->st_ino)
        return true;
    xz_report_warning(files->report, files->target_name,
                      "File seems to have been moved, not removing the source");
    return false;
}

/*
 * Somebody may write to the end of a source that has been read, as programs do with
 * their logs. Bytes that a decoder left behind were there from the beginning.
 */
static bool source_is_read(struct xz_files *files)
{
    struct stat st;
    off_t pos = lseek(files->source_fd, 0, SEEK_CUR);
    if (pos == -1 || fstat(files->source_fd, &st) != 0 || st.st_size <= pos
        || st.st_size <= files->source_stat.st_size)
        return true;
    xz_report_warning(files->report, files->source_name,
                      "Has grown since its end was read, not removing");
    return false;
}

/*
 * The source goes last. What was decoded to standard output before an error stays
 * there, holes included; a file is removed.
 */
bool xz_files_close(struct xz_files *files, bool success)
{
    if (files->target_fd != -1 && (success || files->target_name == NULL))
        success = fill_last_hole(files) && success;
    if (!files->rules->apart)
        xz_signals_guard(-1, -1);
    bool made_target = files->target_name != NULL && files->target_fd != -1;
    if (files->target_fd != -1)
        success = finish_target(files, success);
    if (success && made_target && !files->rules->keep && !files->source_is_stdin
        && target_is_there(files) && source_is_read(files))
        xz_files_remove(files, files->source_name, &files->source_stat,
                        files->rules->force);
    if (files->source_fd != -1 && !files->source_is_stdin)
        (void)close(files->source_fd);
    free(files->target_name);
    xz_files_init(files, files->rules, files->report);
    return success;
}
