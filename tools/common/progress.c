// SPDX-License-Identifier: 0BSD
// Shows how far a file is: percentage, sizes, ratio, speed, elapsed and remaining time.

/*
 * On a terminal a line of 78 columns is renewed once per second. A wider terminal gets
 * a bar too, a narrower one the beginning and the remaining time:
 *
 *     name (2/5)
 *      87.2 %           5.0 MiB / 5.7 MiB = 0.877    2.1 MiB/s       0:12   3 s
 *      87.2 % [=================>  ]           5.0 MiB / 5.7 MiB = 0.877 ...
 *      87.2 % 5.0 MiB / 5.7 MiB = 0.877   3 s
 *
 * Elsewhere each file gets one line when it is done, or when a signal asks for news:
 *
 *     name: 5119.9 KiB / 5859.4 KiB = 0.874, 2.1 MiB/s, 0:12
 *
 * Sizes are compressed / uncompressed in both directions. Speed counts uncompressed
 * bytes and, like the estimate, is left out in the first seconds, when it would jump.
 */

#include "system.h"

#include "progress.h"
#include "record.h"
#include "report.h"
#include "units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* No speed before this, no estimate before the other; the line is renewed as often. */
#define SPEED_AFTER_MS    3000
#define ESTIMATE_AFTER_MS 2000
#define RENEW_MS          1000

/* CLOCK_MONOTONIC: setting the time of day must not turn speeds negative. */
uint64_t xz_clock_ms(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void xz_progress_init(struct xz_progress *p, enum xz_progress_style style,
                      struct xz_report *report, uint64_t file_count)
{
    memset(p, 0, sizeof(*p));
    p->style = style;
    p->report = report;
    p->terminal = isatty(STDERR_FILENO) == 1;
    p->file_count = file_count;
}

/* On a terminal the name stands above the line, with an empty line between files. */
static void put_heading(struct xz_progress *p)
{
    FILE *out = xz_report_stream(p->report);
    if (p->any_shown)
        fputc('\n', out);
    xz_put_masked(out, p->name);
    fprintf(out,
            p->file_count > 0 ? " (%" PRIu64 "/%" PRIu64 ")\n" : " (%" PRIu64 ")\n",
            p->file_number, p->file_count);
    p->name_shown = true;
    p->any_shown = true;
}

void xz_progress_file(struct xz_progress *p, const char *name)
{
    p->file_number++;
    p->name = name;
    p->name_shown = false;
    p->size = 0;
    p->start_ms = 0;
    p->in = 0;
    p->out = 0;
    if (p->style == XZ_PROGRESS_ALWAYS && p->terminal && !p->report->json)
        put_heading(p);
}

void xz_progress_start(struct xz_progress *p, uint64_t size, bool compressing)
{
    p->size = size;
    p->compressing = compressing;
    p->start_ms = xz_clock_ms();
    p->next_ms = p->start_ms + RENEW_MS;
}

/* Everything that renewing the line needs. */
static bool renews(const struct xz_progress *p)
{
    bool renewed = p->terminal || p->report->json;
    return p->style != XZ_PROGRESS_NEVER && renewed && p->name != NULL
           && p->start_ms != 0;
}

bool xz_progress_due(const struct xz_progress *p)
{
    return renews(p) && xz_clock_ms() >= p->next_ms;
}

int xz_progress_wait(const struct xz_progress *p)
{
    if (!renews(p))
        return -1;
    uint64_t now = xz_clock_ms();
    return now >= p->next_ms ? 0 : (int)(p->next_ms - now);
}

/*
 * "87.2 %"; the end is 100 % exactly; without a known size there is nothing to divide.
 */
static void percent_text(const struct xz_progress *p, bool complete,
                         char out[XZ_UNIT_TEXT_SIZE])
{
    if (complete)
        snprintf(out, XZ_UNIT_TEXT_SIZE, "100 %%");
    else if (p->size == 0)
        snprintf(out, XZ_UNIT_TEXT_SIZE, "--- %%");
    else {
        double percent = (double)p->in * 100.0 / (double)p->size;
        snprintf(out, XZ_UNIT_TEXT_SIZE, "%.1f %%", percent < 99.9 ? percent : 99.9);
    }
}

/* "5.0 MiB / 5.7 MiB = 0.877" */
static void sizes_text(const struct xz_progress *p, enum xz_unit least, char *out,
                       size_t out_size)
{
    uint64_t compressed = p->compressing ? p->out : p->in;
    uint64_t uncompressed = p->compressing ? p->in : p->out;
    char a[XZ_UNIT_TEXT_SIZE], b[XZ_UNIT_TEXT_SIZE], c[XZ_UNIT_TEXT_SIZE];
    snprintf(out, out_size, "%s / %s = %s", xz_size_text(compressed, least, a),
             xz_size_text(uncompressed, least, b),
             xz_ratio_text(compressed, uncompressed, c));
}

/* "2.1 MiB/s", or "" */
static void speed_text(const struct xz_progress *p, uint64_t elapsed_ms,
                       char out[XZ_UNIT_TEXT_SIZE])
{
    static const char *const units[] = {"KiB/s", "MiB/s", "GiB/s"};
    out[0] = '\0';
    if (elapsed_ms < SPEED_AFTER_MS)
        return;
    uint64_t bytes = p->compressing ? p->in : p->out;
    double speed = (double)bytes / 1024.0 * 1000.0 / (double)elapsed_ms;
    size_t unit = 0;
    while (speed > 999.0 && unit + 1 < sizeof(units) / sizeof(units[0])) {
        speed /= 1024.0;
        unit++;
    }
    snprintf(out, XZ_UNIT_TEXT_SIZE, "%.*f %s", speed < 9.95 ? 1 : 0, speed,
             units[unit]);
}

/*
 * "3 s", or "". A little more than the rule of three says: late is better than early.
 */
static void remaining_text(const struct xz_progress *p, uint64_t elapsed_ms,
                           char out[XZ_UNIT_TEXT_SIZE])
{
    out[0] = '\0';
    if (elapsed_ms < ESTIMATE_AFTER_MS || p->size <= p->in || p->in == 0)
        return;
    double left = (double)elapsed_ms * (double)(p->size - p->in) / (double)p->in;
    uint64_t seconds = left < 1e15 ? (uint64_t)(left / 1000.0) + 1 : UINT64_MAX / 1000;
    if (seconds >= 60) // the seconds of a longer time are a guess anyway
        seconds = (seconds + 9) / 10 * 10;
    xz_estimate_text(seconds, out);
}

/* The three occasions for a line */
enum moment { RUNNING, FAILED, COMPLETE };

/* Columns of the line without a bar, and the greatest width of a bar */
#define LINE_COLUMNS 79
#define BAR_MOST     42
#define BAR_LEAST    12

/* "[=====>   ] " as wide as there is room, or "". */
static void bar_text(const struct xz_progress *p, unsigned columns, bool complete,
                     char out[BAR_MOST + 2])
{
    unsigned width = columns > LINE_COLUMNS + 1 ? columns - LINE_COLUMNS - 1 : 0;
    width = width > BAR_MOST ? BAR_MOST : width;
    out[0] = '\0';
    if (width < BAR_LEAST || (p->size == 0 && !complete))
        return;
    unsigned cells = width - 3;
    double part = complete ? 1.0 : (double)p->in / (double)p->size;
    unsigned full = (unsigned)((part < 1.0 ? part : 1.0) * cells);
    memset(out, ' ', width);
    out[width] = '\0';
    out[0] = '[';
    memset(out + 1, '=', full);
    if (full < cells)
        out[1 + full] = '>';
    out[width - 2] = ']';
}

/*
 * The unit does not go below MiB while the line is renewed, so that numbers do not jump
 * between units in every second.
 */
static void put_terminal_line(struct xz_progress *p, uint64_t elapsed_ms,
                              enum moment moment)
{
    bool complete = moment == COMPLETE;
    unsigned columns = xz_terminal_columns(STDERR_FILENO);
    char percent[XZ_UNIT_TEXT_SIZE], sizes[4 * XZ_UNIT_TEXT_SIZE];
    char speed[XZ_UNIT_TEXT_SIZE], clock[XZ_UNIT_TEXT_SIZE] = "";
    char remaining[XZ_UNIT_TEXT_SIZE] = "", bar[BAR_MOST + 2];
    char line[16 * XZ_UNIT_TEXT_SIZE];
    percent_text(p, complete, percent);
    bar_text(p, columns, complete, bar);
    sizes_text(p, complete ? XZ_UNIT_B : XZ_UNIT_MIB, sizes, sizeof(sizes));
    speed_text(p, elapsed_ms, speed);
    if (elapsed_ms >= 1000)
        xz_clock_text(elapsed_ms / 1000, clock);
    if (moment == RUNNING)
        remaining_text(p, elapsed_ms, remaining);
    if (columns >= LINE_COLUMNS)
        snprintf(line, sizeof(line), "%6s %s%35s   %9s %10s   %-11s", percent, bar,
                 sizes, speed, clock, remaining);
    else
        snprintf(line, sizeof(line), "%6s %s   %-11s", percent, sizes, remaining);
    /* The last column stays free: a character there may move to the next line. */
    fprintf(xz_report_stream(p->report), "\r%.*s", (int)columns - 1, line);
    fflush(xz_report_stream(p->report));
    p->line_open = true;
}

/*
 * A line that stands alone: with the name, without columns, and without what is
 * unknown.
 */
static void put_plain_line(struct xz_progress *p, uint64_t elapsed_ms,
                           enum moment moment)
{
    FILE *out = xz_report_stream(p->report);
    char text[4 * XZ_UNIT_TEXT_SIZE];
    xz_put_masked(out, p->name);
    fputs(": ", out);
    if (moment != COMPLETE && p->size > 0) {
        percent_text(p, false, text);
        fprintf(out, "%s, ", text);
    }
    sizes_text(p, XZ_UNIT_B, text, sizeof(text));
    fputs(text, out);
    speed_text(p, elapsed_ms, text);
    if (text[0] != '\0')
        fprintf(out, ", %s", text);
    if (elapsed_ms >= 1000)
        fprintf(out, ", %s", xz_clock_text(elapsed_ms / 1000, text));
    if (moment == RUNNING) {
        remaining_text(p, elapsed_ms, text);
        if (text[0] != '\0')
            fprintf(out, ", %s left", text);
    }
    fputc('\n', out);
}

/* --json: what people see as a line; the file's own record says how it ended. */
static void put_record(struct xz_progress *p, uint64_t elapsed_ms)
{
    struct xz_record record;
    xz_record_begin(&record, xz_report_stream(p->report));
    xz_record_text(&record, "type", "progress");
    xz_record_text(&record, "name", p->name);
    xz_record_number(&record, "in", p->in);
    xz_record_number(&record, "out", p->out);
    if (p->size > 0)
        xz_record_number(&record, "size", p->size);
    else
        xz_record_null(&record, "size");
    xz_record_number(&record, "milliseconds", elapsed_ms);
    xz_record_end(&record);
}

static void put_line(struct xz_progress *p, uint64_t in, uint64_t out,
                     enum moment moment)
{
    uint64_t now = xz_clock_ms();
    uint64_t elapsed_ms = now - p->start_ms;
    p->in = in;
    p->out = out;
    p->next_ms = now + RENEW_MS;
    if (p->report->json) {
        if (moment == RUNNING)
            put_record(p, elapsed_ms);
        return;
    }
    if (p->terminal && p->style == XZ_PROGRESS_LATE && !p->name_shown)
        put_heading(p);
    if (p->terminal && p->name_shown)
        put_terminal_line(p, elapsed_ms, moment);
    else
        put_plain_line(p, elapsed_ms, moment);
}

void xz_progress_show(struct xz_progress *p, uint64_t in, uint64_t out)
{
    if (p->name != NULL && p->start_ms != 0)
        put_line(p, in, out, RUNNING);
}

void xz_progress_skip(struct xz_progress *p, uint64_t milliseconds)
{
    p->start_ms += milliseconds;
    p->next_ms += milliseconds;
}

/* The last line says 100 %, or, after a failure, how far it came. */
void xz_progress_end(struct xz_progress *p, uint64_t in, uint64_t out, bool complete)
{
    bool wanted = p->style == XZ_PROGRESS_ALWAYS
                  || (p->style == XZ_PROGRESS_LATE && p->name_shown);
    if (wanted && p->name != NULL && p->start_ms != 0)
        put_line(p, in, out, complete ? COMPLETE : FAILED);
    xz_progress_cancel(p);
}

void xz_progress_cancel(struct xz_progress *p)
{
    xz_progress_break(p);
    p->name = NULL;
    p->start_ms = 0;
}

void xz_progress_break(struct xz_progress *p)
{
    if (!p->line_open)
        return;
    fputc('\n', xz_report_stream(p->report));
    p->line_open = false;
}
