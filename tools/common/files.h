// SPDX-License-Identifier: 0BSD
// A source file and the target file made from it: open, read, write, close, clean up.

#ifndef XZ_TOOLS_FILES_H
#define XZ_TOOLS_FILES_H

#include "report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/* How the user wants files to be treated; the same for all files of a run. */
struct xz_file_rules {
    bool to_stdout; // no target file: any kind of source is welcome
    bool keep;      // the source stays; links and special mode bits are accepted
    bool force;     // an existing target is replaced; links and mode bits are accepted
    bool sparse;    // zeros become holes in the target
    bool sync;      // data is on the disk before the source is removed
    bool apart;     // on a thread of its own: signals are the business of another

    const char *stdout_name; // of standard output in messages; NULL: "(stdout)"

    /* Gets what goes to standard output, if not NULL; false: give up. */
    bool (*put)(void *opaque, const uint8_t *buffer, size_t size);
    void *put_opaque;
};

enum xz_read_result {
    XZ_READ_DATA,    // at least one byte
    XZ_READ_END,     // the end of the file
    XZ_READ_NOTHING, // a signal or the timeout came first; look around and come back
    XZ_READ_FAILED   // has been reported
};

/*
 * One source and, once it is opened, its target. Life of a pair:
 *
 *     xz_files_open_source   or _stdin
 *     xz_files_open_target   or _stdout, or neither (testing)
 *     xz_files_read, xz_files_write ...
 *     xz_files_close         always
 *
 * Functions that return bool report what went wrong before they return false, unless a
 * signal asks for an end.
 */
struct xz_files {
    const struct xz_file_rules *rules;
    struct xz_report *report;

    const char *source_name; // as shown in messages
    int source_fd;           // -1: not open
    bool source_is_stdin;
    bool source_is_regular; // reading never blocks, the size is known
    struct stat source_stat;

    char *target_name;        // owned; NULL: not a file of ours
    const char *target_shown; // as shown in messages
    int target_fd;            // -1: not open
    bool target_is_sparse;    // zeros are skipped instead of written
    uint64_t hole;            // bytes skipped since the last write
    const char *write_fault;  // what xz_files_write_quietly() has to report, or NULL
    int write_reason;         // and the errno of it
    int restore_flags;        // O_APPEND was cleared on stdout: its flags; or -1
    struct stat target_stat;  // identity, for removal
};

/* Open /dev/null where standard input, output or error is closed. Call it first. */
void xz_files_reserve_standard(void);

void xz_files_init(struct xz_files *files, const struct xz_file_rules *rules,
                   struct xz_report *report);

/* Open a source by name; the name must stay. What may not be a source is reported. */
bool xz_files_open_source(struct xz_files *files, const char *name);
bool xz_files_open_stdin(struct xz_files *files);

/* Create the target; takes over the allocated name, in any case. */
bool xz_files_open_target(struct xz_files *files, char *name);
bool xz_files_open_stdout(struct xz_files *files);

/* Size of the source, 0 if unknown. */
uint64_t xz_files_source_size(const struct xz_files *files);

/*
 * Read up to `size` bytes, waiting at most `timeout` milliseconds (-1: as long as it
 * takes) for the first. *ret_size is set if the result is XZ_READ_DATA.
 */
enum xz_read_result xz_files_read(struct xz_files *files, void *buffer, size_t size,
                                  int timeout, size_t *ret_size);

/* True if reading would have to wait. */
bool xz_files_read_blocks(const struct xz_files *files);

/* Move the read position of a seekable standard input back over unused bytes. */
void xz_files_unread(struct xz_files *files, size_t size);

/* Write all bytes, or make a hole of them. */
bool xz_files_write(struct xz_files *files, const uint8_t *buffer, size_t size);

/* The same in two parts, for a thread that writes while another one reports. */
bool xz_files_write_quietly(struct xz_files *files, const uint8_t *buffer, size_t size);
void xz_files_report_write(struct xz_files *files);

/*
 * End of the work on the pair. On success the target gets the metadata of the source
 * and, unless it is kept, the source is removed; otherwise the target is removed.
 * Returns false if a success turned into a failure.
 */
bool xz_files_close(struct xz_files *files, bool success);

/* In files_meta.c, for files.c: owner, group, mode and times of the source. */
void xz_files_copy_metadata(struct xz_files *files);

/* In files_meta.c, for files.c: target and its directory to the disk. */
bool xz_files_sync(struct xz_files *files);

/*
 * In files_meta.c, for files.c: unlink a file if it is still the one that was opened.
 */
void xz_files_remove(struct xz_files *files, const char *name,
                     const struct stat *identity, bool follow_links);

#endif
