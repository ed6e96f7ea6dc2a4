// SPDX-License-Identifier: 0BSD
// File names from a file, one after the other (--files, --files0).

#ifndef XZ_TOOLS_NAME_LIST_H
#define XZ_TOOLS_NAME_LIST_H

#include "report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct xz_name_list {
    FILE *file;
    const char *shown; // its name in messages
    char terminator;   // '\n' or '\0', behind every name
    char *name;        // the current one, owned
    size_t capacity;   // allocated for it
    struct xz_report *report;
};

/* `from` NULL stands for standard input. False: reported, nothing to close. */
bool xz_name_list_open(struct xz_name_list *list, const char *from, char terminator,
                       struct xz_report *report);

/*
 * The next name, valid until the next call; NULL at the end, after an error (which is
 * reported) or a signal that asks for an end. Empty names are skipped.
 */
const char *xz_name_list_next(struct xz_name_list *list);

void xz_name_list_close(struct xz_name_list *list);

#endif
