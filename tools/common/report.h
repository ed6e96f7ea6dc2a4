// SPDX-License-Identifier: 0BSD
// Messages to people on standard error, and the exit status that follows from them.

#ifndef XZ_TOOLS_REPORT_H
#define XZ_TOOLS_REPORT_H

#include <stdbool.h>
#include <stdio.h>

/* How much is said; -q goes down, -v goes up. */
enum xz_verbosity {
    XZ_SAY_NOTHING,
    XZ_SAY_ERRORS,
    XZ_SAY_WARNINGS, // the default
    XZ_SAY_MORE,     // -v
    XZ_SAY_ALL       // -vv
};

enum xz_exit { XZ_EXIT_OK = 0, XZ_EXIT_ERROR = 1, XZ_EXIT_WARNING = 2 };

/*
 * One per run of a program. Every message is one line,
 *
 *     PROGRAM: FILE: text
 *
 * in which bytes that could steer a terminal are shown as '?'. Being silent does not
 * change the exit status.
 */
struct xz_report {
    const char *program;         // as the program was called
    enum xz_verbosity verbosity; // how much is said
    enum xz_exit status;         // worst thing that happened so far
    bool json;                   // messages are records, see docs/json.md
    bool warnings_are_ok;        // -Q: a warning leaves the exit status 0

    FILE *stream; // where messages go; NULL: standard error

    /* Called before a message, so that a progress line can be finished. May be NULL. */
    void (*before_message)(void *opaque);
    void *opaque;
};

/* Where messages go. */
FILE *xz_report_stream(const struct xz_report *report);

/* An error: exit status 1. `file` may be NULL. */
void xz_report_error(struct xz_report *report, const char *file, const char *format,
                     ...) __attribute__((format(printf, 3, 4)));

/* A warning: exit status 2, unless there is an error. */
void xz_report_warning(struct xz_report *report, const char *file, const char *format,
                       ...) __attribute__((format(printf, 3, 4)));

/* A note for those who asked for this verbosity; the exit status stays. */
void xz_report_note(struct xz_report *report, enum xz_verbosity verbosity,
                    const char *file, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The exit status of the program. */
int xz_report_exit_status(const struct xz_report *report);

/*
 * Write text that came from outside to a terminal or file: control characters, bytes
 * that are not UTF-8 and characters that turn the writing direction become '?'.
 */
void xz_put_masked(FILE *out, const char *text);

/*
 * Write "Usage: " and the program's name without its folder, for the first line of a
 * help text: it fits its line wherever the program lies.
 */
void xz_put_usage(FILE *out, const char *program);

/*
 * Bytes of the character at s; 0 for those that xz_put_masked() replaces. Not for NUL.
 */
size_t xz_utf8_size(const char *s);

/*
 * Flush standard output and tell about errors. Call it last; returns false on failure.
 */
bool xz_report_flush_stdout(struct xz_report *report);

#endif
