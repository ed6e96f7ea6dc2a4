// SPDX-License-Identifier: 0BSD
// Reads names that end with a newline or a null byte.

#include "system.h"

#include "name_list.h"
#include "signals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * The whole file is never held in memory; it may be a pipe from find(1) that is still
 * working.
 */
bool xz_name_list_open(struct xz_name_list *list, const char *from, char terminator,
                       struct xz_report *report)
{
    *list = (struct xz_name_list){
        .file = from != NULL ? fopen(from, "r") : stdin,
        .shown = from != NULL ? from : "(stdin)",
        .terminator = terminator,
        .report = report,
    };
    if (list->file == NULL)
        xz_report_error(report, from, "%s", strerror(errno));
    return list->file != NULL;
}

/* Make room for one byte more than `used`. */
static bool grow(struct xz_name_list *list, size_t used)
{
    if (used < list->capacity)
        return true;
    size_t capacity = list->capacity == 0 ? 256 : list->capacity * 2;
    char *name = capacity > list->capacity ? realloc(list->name, capacity) : NULL;
    if (name == NULL)
        return false;
    list->name = name;
    list->capacity = capacity;
    return true;
}

/* One byte; reading goes on after signals that do not ask for an end. */
static int next_byte(struct xz_name_list *list)
{
    for (;;) {
        int c = xz_signals_aborted() ? EOF : getc(list->file);
        if (c != EOF || !ferror(list->file) || errno != EINTR || xz_signals_aborted())
            return c;
        clearerr(list->file);
    }
}

/* What the end of the file means after `used` bytes of a name. */
static void report_end(struct xz_name_list *list, size_t used)
{
    if (xz_signals_aborted())
        return;
    if (ferror(list->file))
        xz_report_error(list->report, list->shown, "Read error: %s", strerror(errno));
    else if (used > 0)
        xz_report_error(list->report, list->shown,
                        "Unexpected end of input when reading filenames");
}

/*
 * The last name must be terminated too: a list that was cut off could end in the middle
 * of a name, and that could be the name of another file.
 */
const char *xz_name_list_next(struct xz_name_list *list)
{
    size_t used = 0;
    for (;;) {
        int c = next_byte(list);
        if (c == EOF) {
            report_end(list, used);
            return NULL;
        }
        if (c == (unsigned char)list->terminator) {
            if (used == 0)
                continue;
            list->name[used] = '\0';
            return list->name;
        }
        if (c == '\0') {
            xz_report_error(list->report, list->shown,
                            "Null character found when reading filenames; maybe you "
                            "meant '--files0' instead of '--files'?");
            return NULL;
        }
        if (!grow(list, used + 1)) {
            xz_report_error(list->report, list->shown, "%s", strerror(ENOMEM));
            return NULL;
        }
        list->name[used++] = (char)c;
    }
}

void xz_name_list_close(struct xz_name_list *list)
{
    if (list->file != stdin)
        (void)fclose(list->file);
    free(list->name);
}
