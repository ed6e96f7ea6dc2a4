// SPDX-License-Identifier: 0BSD
// A pure getopt_long(): options, abbreviations, groups of letters, operands anywhere.

/*
 * getopt_long() keeps its position in globals, prints on standard error by itself, and
 * its treatment of abbreviations differs between C libraries. This does what glibc's
 * does, as far as users can see it:
 *
 *     --name=VALUE, --name VALUE    any unique beginning of the name will do
 *     -abcVALUE, -abc VALUE         letters share a dash; the last may take an argument
 *     --                            everything behind it is an operand
 *     -                             an operand
 *
 * An exact name beats longer names that begin with it (--filters and --filters1), and a
 * beginning that fits several names is fine if all of them mean the same (--mem does
 * not, as --memlimit and --memlimit-compress differ; --to and --stdout do not overlap).
 *
 * Operands are returned where they stand. A caller that wants them to end the options
 * (POSIXLY_CORRECT) sets operands_only when it gets the first.
 */

#include "system.h"

#include "argscan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void xz_argscan_init(struct xz_argscan *scan, const struct xz_arg_def *defs,
                     const char *shorts, int argc, char *const *argv, int first,
                     char *error, size_t error_size)
{
    *scan = (struct xz_argscan){
        .defs = defs,
        .shorts = shorts,
        .argc = argc,
        .argv = argv,
        .next = first,
        .error = error,
        .error_size = error_size,
    };
}

static int fail(struct xz_argscan *scan, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Write the text of an error and return the code for it, so that callers can end with
 * one statement.
 */
static int fail(struct xz_argscan *scan, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(scan->error, scan->error_size, format, args);
    va_end(args);
    return XZ_ARGSCAN_ERROR;
}

/* Append the names that a too short abbreviation could mean. */
static int fail_ambiguous(struct xz_argscan *scan, const struct xz_arg_def *defs,
                          const char *name, size_t length)
{
    fail(scan, "option '--%.*s' is ambiguous; it could be", (int)length, name);
    for (const struct xz_arg_def *def = defs; def->name != NULL; def++) {
        size_t used = strlen(scan->error);
        if (strncmp(def->name, name, length) == 0)
            snprintf(scan->error + used, scan->error_size - used, " '--%s'", def->name);
    }
    return XZ_ARGSCAN_ERROR;
}

/* The option of this name, or the one it abbreviates; *ret_clear tells if it is one. */
static const struct xz_arg_def *find_in(const struct xz_arg_def *defs, const char *name,
                                        size_t length, bool *ret_clear)
{
    const struct xz_arg_def *found = NULL;
    *ret_clear = true;
    for (const struct xz_arg_def *def = defs; def->name != NULL; def++) {
        if (strncmp(def->name, name, length) != 0)
            continue;
        if (def->name[length] == '\0') {
            *ret_clear = true;
            return def;
        }
        if (found == NULL)
            found = def;
        else if (found->id != def->id || found->kind != def->kind)
            *ret_clear = false;
    }
    return found;
}

/* The argument after the current one, or NULL at the end. */
static const char *take_argument(struct xz_argscan *scan)
{
    return scan->next < scan->argc ? scan->argv[scan->next++] : NULL;
}

/*
 * "--name" without its dashes. An optional argument must be joined with '='; a required
 * one may also be the next argument.
 */
static int next_long(struct xz_argscan *scan, const char *name, const char **ret_value)
{
    size_t length = strcspn(name, "=");
    bool clear = true;
    const struct xz_arg_def *defs = scan->defs;
    const struct xz_arg_def *def = find_in(defs, name, length, &clear);
    if (def == NULL && scan->newer != NULL) {
        defs = scan->newer;
        def = find_in(defs, name, length, &clear);
    }
    if (def == NULL)
        return fail(scan, "unrecognized option '--%.*s'", (int)length, name);
    if (!clear)
        return fail_ambiguous(scan, defs, name, length);

    const char *value = name[length] == '=' ? name + length + 1 : NULL;
    if (value != NULL && def->kind == XZ_ARG_NONE)
        return fail(scan, "option '--%s' doesn't allow an argument", def->name);
    if (value == NULL && def->kind == XZ_ARG_REQUIRED) {
        value = take_argument(scan);
        if (value == NULL)
            return fail(scan, "option '--%s' requires an argument", def->name);
    }
    *ret_value = value;
    return def->id;
}

/*
 * The next letter of a cluster. The cluster is dropped as soon as its last letter is
 * known, so that the argument of an option is looked for in the right place.
 */
static int next_short(struct xz_argscan *scan, const char **ret_value)
{
    char letter = *scan->cluster++;
    const char *known = letter == ':' ? NULL : strchr(scan->shorts, letter);
    if (*scan->cluster == '\0' && (known == NULL || known[1] != ':'))
        scan->cluster = NULL;
    if (known == NULL)
        return fail(scan, "invalid option -- '%c'", letter);
    if (known[1] != ':')
        return (unsigned char)letter;

    const char *value = scan->cluster;
    scan->cluster = NULL;
    if (*value == '\0')
        value = take_argument(scan);
    if (value == NULL)
        return fail(scan, "option requires an argument -- '%c'", letter);
    *ret_value = value;
    return (unsigned char)letter;
}

/* Only what begins with a dash and has more than that is an option. */
int xz_argscan_next(struct xz_argscan *scan, const char **ret_value)
{
    *ret_value = NULL;
    if (scan->cluster != NULL)
        return next_short(scan, ret_value);
    const char *argument = take_argument(scan);
    if (argument == NULL)
        return XZ_ARGSCAN_END;
    if (!scan->operands_only && argument[0] == '-' && argument[1] != '\0') {
        if (argument[1] != '-') {
            scan->cluster = argument + 1;
            return next_short(scan, ret_value);
        }
        if (argument[2] != '\0')
            return next_long(scan, argument + 2, ret_value);
        scan->operands_only = true;
        argument = take_argument(scan);
        if (argument == NULL)
            return XZ_ARGSCAN_END;
    }
    *ret_value = argument;
    return XZ_ARGSCAN_OPERAND;
}
