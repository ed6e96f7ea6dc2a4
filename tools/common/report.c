// SPDX-License-Identifier: 0BSD
// Messages on standard error: one line each, harmless to terminals, with exit status.

/*
 * File names come from strangers, and messages with them go to terminals, which obey
 * control characters, and to log files, which are read line by line. So a message is
 * one line and what is not harmless is replaced. UTF-8 passes, since names in all
 * languages should be readable, in whatever locale this runs; only characters without a
 * shape of their own that could hide or reorder other text are replaced.
 *
 * Standard error should be line buffered (main() sees to that): then a message is one
 * write() and does not mix with those of other programs in a pipeline.
 */

#include "system.h"

#include "record.h"
#include "report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

/*
 * Length of the UTF-8 sequence at s, and the character in *ret_c; 0 if it is none.
 * Overlong forms and surrogates are none.
 */
static size_t utf8_decode(const unsigned char *s, uint32_t *ret_c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = s[0] < 0x80   ? 1
                  : s[0] < 0xC2 ? 0
                  : s[0] < 0xE0 ? 2
                  : s[0] < 0xF0 ? 3
                  : s[0] < 0xF5 ? 4
                                : 0;
    if (size < 2) {
        *ret_c = s[0];
        return size;
    }
    uint32_t c = s[0] & (0xFFU >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3FU);
    }
    if (c < least[size] || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF)
        return 0;
    *ret_c = c;
    return size;
}

/* True for what has no look of its own and may change that of other text. */
static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) // C0, DEL, C1
           || (c >= 0x2028 && c <= 0x202E)     // line ends, direction marks
           || (c >= 0x2066 && c <= 0x2069)     // direction isolates
           || c == 0x200E || c == 0x200F;
}

size_t xz_utf8_size(const char *s)
{
    uint32_t c = 0;
    size_t size = utf8_decode((const unsigned char *)s, &c);
    return is_control(c) ? 0 : size;
}

/* Byte by byte where it is not UTF-8, so that nothing is swallowed. */
void xz_put_masked(FILE *out, const char *text)
{
    while (*text != '\0') {
        size_t size = xz_utf8_size(text);
        if (size == 0)
            putc('?', out);
        else
            fwrite(text, 1, size, out);
        text += size == 0 ? 1 : size;
    }
}

void xz_put_usage(FILE *out, const char *program)
{
    const char *slash = strrchr(program, '/');
    fputs("Usage: ", out);
    xz_put_masked(out, slash != NULL ? slash + 1 : program);
}

FILE *xz_report_stream(const struct xz_report *report)
{
    return report->stream != NULL ? report->stream : stderr;
}

static void say(struct xz_report *report, const char *kind, const char *file,
                const char *format, va_list args) __attribute__((format(printf, 4, 0)));

/* The name is written apart from the text: it may be as long as it likes. */
static void say(struct xz_report *report, const char *kind, const char *file,
                const char *format, va_list args)
{
    char text[2048];
    FILE *out = xz_report_stream(report);
    vsnprintf(text, sizeof(text), format, args);
    if (report->before_message != NULL)
        report->before_message(report->opaque);
    if (report->json) {
        struct xz_record record;
        xz_record_begin(&record, out);
        xz_record_text(&record, "type", kind);
        xz_record_text(&record, "name", file);
        xz_record_text(&record, "text", text);
        xz_record_end(&record);
        return;
    }
    xz_put_masked(out, report->program);
    fputs(": ", out);
    if (file != NULL) {
        xz_put_masked(out, file);
        fputs(": ", out);
    }
    xz_put_masked(out, text);
    fputc('\n', out);
}

void xz_report_error(struct xz_report *report, const char *file, const char *format,
                     ...)
{
    report->status = XZ_EXIT_ERROR;
    if (report->verbosity < XZ_SAY_ERRORS)
        return;
    va_list args;
    va_start(args, format);
    say(report, "error", file, format, args);
    va_end(args);
}

void xz_report_warning(struct xz_report *report, const char *file, const char *format,
                       ...)
{
    if (report->status == XZ_EXIT_OK)
        report->status = XZ_EXIT_WARNING;
    if (report->verbosity < XZ_SAY_WARNINGS)
        return;
    va_list args;
    va_start(args, format);
    say(report, "warning", file, format, args);
    va_end(args);
}

void xz_report_note(struct xz_report *report, enum xz_verbosity verbosity,
                    const char *file, const char *format, ...)
{
    if (report->verbosity < verbosity)
        return;
    va_list args;
    va_start(args, format);
    say(report, "note", file, format, args);
    va_end(args);
}

/* A message that nobody could be told is an error. */
int xz_report_exit_status(const struct xz_report *report)
{
    if (report->stream == NULL && ferror(stderr) != 0)
        return XZ_EXIT_ERROR;
    if (report->status == XZ_EXIT_WARNING && report->warnings_are_ok)
        return XZ_EXIT_OK;
    return (int)report->status;
}

/*
 * What was printed with stdio may still wait in its buffer; a full disk shows only now.
 */
bool xz_report_flush_stdout(struct xz_report *report)
{
    bool failed = ferror(stdout) != 0;
    int reason = 0;
    if (fflush(stdout) != 0) {
        failed = true;
        reason = errno;
    }
    if (failed)
        xz_report_error(report, "(stdout)", "Write error: %s",
                        reason != 0 ? strerror(reason) : "output was lost");
    return !failed;
}
