// SPDX-License-Identifier: 0BSD
// Goes through a command line as getopt_long() does, without I/O and without globals.

#ifndef XZ_TOOLS_ARGSCAN_H
#define XZ_TOOLS_ARGSCAN_H

#include <stdbool.h>
#include <stddef.h>

enum xz_arg_kind {
    XZ_ARG_NONE,
    XZ_ARG_REQUIRED, // --name=VALUE, --name VALUE, -nVALUE, -n VALUE
    XZ_ARG_OPTIONAL  // --name=VALUE or --name alone
};

/* A long option. Options with the same id and kind are names for the same thing. */
struct xz_arg_def {
    const char *name;
    int id;
    enum xz_arg_kind kind;
};

/* What xz_argscan_next() returns besides an id; ids are above 0. */
enum {
    XZ_ARGSCAN_END = 0,
    XZ_ARGSCAN_OPERAND = -1, // *ret_value is the operand
    XZ_ARGSCAN_ERROR = -2    // text has been written to error
};

struct xz_argscan {
    const struct xz_arg_def *defs; // ends with a name of NULL

    /*
     * Options that take no abbreviation away from `defs`: what shortens one of those
     * means that one, though it fits one of these too. May be NULL; set it after
     * xz_argscan_init().
     */
    const struct xz_arg_def *newer;

    const char *shorts; // letters; ':' behind those with an argument; id = letter
    char *const *argv;
    int argc;

    int next;            // index of the next argument
    const char *cluster; // rest of a group of short options, or NULL
    bool operands_only;  // "--" has been seen

    char *error; // receives the text of an error
    size_t error_size;
};

/* Start with argv[first]. */
void xz_argscan_init(struct xz_argscan *scan, const struct xz_arg_def *defs,
                     const char *shorts, int argc, char *const *argv, int first,
                     char *error, size_t error_size);

/*
 * The next option or operand, in the order of the command line; operands may stand
 * between options. *ret_value is the option's argument or NULL. Long options may be
 * shortened as long as one meaning remains.
 */
int xz_argscan_next(struct xz_argscan *scan, const char **ret_value);

#endif
