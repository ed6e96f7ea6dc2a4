// SPDX-License-Identifier: 0BSD
// The progress display: a line that renews itself on a terminal, or one at the end.

#ifndef XZ_TOOLS_PROGRESS_H
#define XZ_TOOLS_PROGRESS_H

#include "report.h"

#include <stdbool.h>
#include <stdint.h>

/* For which files something is shown; a signal that asks for news always gets a line */
enum xz_progress_style {
    XZ_PROGRESS_NEVER,
    XZ_PROGRESS_LATE,  // on a terminal, for those that take longer than a second
    XZ_PROGRESS_ALWAYS // -v
};

/*
 * Use, once per file:
 *
 *     xz_progress_file(p, name)               announces the file
 *     xz_progress_start(p, size, compressing) starts the clock
 *     if (xz_progress_due(p)) xz_progress_show(p, in, out)        as often as it likes
 *     xz_progress_end(p, in, out, complete)
 *
 * Amounts are bytes read from the source and bytes made from them.
 */
struct xz_progress {
    enum xz_progress_style style;
    bool terminal;            // standard error is a terminal: the line renews itself
    struct xz_report *report; // where lines go

    uint64_t file_number; // of the current file, from 1
    uint64_t file_count;  // 0: not known
    const char *name;     // current file; NULL: none, nothing to show
    bool name_shown;      // the heading line is out
    bool any_shown;       // that of an earlier file too
    bool line_open;       // the cursor stands in an unfinished line

    bool compressing;
    uint64_t size;     // of the source, 0: not known
    uint64_t start_ms; // when the clock was started
    uint64_t next_ms;  // when the line shall be renewed
    uint64_t in, out;  // amounts shown last
};

/* Set up: nothing is written. file_count is 0 if unknown. */
void xz_progress_init(struct xz_progress *p, enum xz_progress_style style,
                      struct xz_report *report, uint64_t file_count);

/* Begin with a file; the name must stay until xz_progress_end(). */
void xz_progress_file(struct xz_progress *p, const char *name);

/* The file is open: start the clock. size 0 means unknown. */
void xz_progress_start(struct xz_progress *p, uint64_t size, bool compressing);

/* True when the line should be renewed: once per second on a terminal, if wanted. */
bool xz_progress_due(const struct xz_progress *p);

/* Milliseconds until xz_progress_due() will be true, -1 for never. For poll(). */
int xz_progress_wait(const struct xz_progress *p);

/* Renew the line, or, where the display does not renew itself, write one line. */
void xz_progress_show(struct xz_progress *p, uint64_t in, uint64_t out);

/* The process slept this long (SIGTSTP): do not count it. */
void xz_progress_skip(struct xz_progress *p, uint64_t milliseconds);

/* The file is done, or failed (then the part done is shown as a percentage). */
void xz_progress_end(struct xz_progress *p, uint64_t in, uint64_t out, bool complete);

/* The file failed, which has been told already: end without a line of its own. */
void xz_progress_cancel(struct xz_progress *p);

/* Leave the unfinished line before something else is written to standard error. */
void xz_progress_break(struct xz_progress *p);

/* Milliseconds of a clock that never goes back. */
uint64_t xz_clock_ms(void);

#endif
