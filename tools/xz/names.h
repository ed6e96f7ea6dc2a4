// SPDX-License-Identifier: 0BSD
// All files to work on: operands, names from --files, and -r below directories.

#ifndef XZ_CLI_NAMES_H
#define XZ_CLI_NAMES_H

#include "options.h"

#include "../common/name_list.h"
#include "../common/report.h"
#include "../common/walk.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A source, valid until the next is asked for */
struct xz_source {
    const char *name; // NULL: standard input
    size_t base;      // index in name of the part that --output-dir keeps
    bool found;       // in a directory; the user did not name it
};

struct xz_names {
    const struct xz_options *options;
    struct xz_report *report;
    size_t next_operand;
    bool list_open; // --files
    struct xz_name_list list;
    struct xz_walk walk; // the directory that is being gone through
    size_t walk_base;    // `base` for what is found there
};

/* False: reported, nothing to close. */
bool xz_names_open(struct xz_names *names, const struct xz_options *options,
                   struct xz_report *report);

/* The next source; false at the end, or when a signal asks for one. */
bool xz_names_next(struct xz_names *names, struct xz_source *ret_source);

void xz_names_close(struct xz_names *names);

/* How many sources there will be; 0 if that is not known before the end. */
uint64_t xz_names_count(const struct xz_options *options);

#endif
