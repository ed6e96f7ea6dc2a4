// SPDX-License-Identifier: 0BSD
// Puts operands, names from --files and the contents of directories into one order.

/*
 * With -r a name that is a directory stands for the files in and below it. Those that
 * the user did not name himself are passed over in silence where there is nothing to
 * do: compressed files when compressing, others when decompressing, testing or listing.
 */

#include "../common/system.h"

#include "names.h"

#include "../common/signals.h"
#include "../common/suffix.h"

#include <string.h>

bool xz_names_open(struct xz_names *names, const struct xz_options *options,
                   struct xz_report *report)
{
    *names = (struct xz_names){.options = options, .report = report};
    if (!options->names_from_file)
        return true;
    names->list_open = xz_name_list_open(&names->list, options->names_file,
                                         options->names_terminator, report);
    return names->list_open;
}

/* "-", or no operand at all, is standard input, unless that has the names. */
static bool next_operand(struct xz_names *names, const char **ret_name)
{
    const struct xz_options *options = names->options;
    bool names_from_stdin = options->names_from_file && options->names_file == NULL;
    if (options->operand_count == 0 && !options->names_from_file
        && names->next_operand++ == 0) {
        *ret_name = NULL;
        return true;
    }
    while (names->next_operand < options->operand_count) {
        const char *name = options->operands[names->next_operand++];
        bool is_stdin = strcmp(name, "-") == 0;
        if (!is_stdin || !names_from_stdin) {
            *ret_name = is_stdin ? NULL : name;
            return true;
        }
        xz_report_error(names->report, NULL, "Standard input cannot be data and names");
    }
    return false;
}

/* Operands first, then the list. */
static bool next_given(struct xz_names *names, const char **ret_name)
{
    if (next_operand(names, ret_name))
        return true;
    *ret_name = names->list_open ? xz_name_list_next(&names->list) : NULL;
    return *ret_name != NULL;
}

/*
 * Where the last part of a name begins: "b/" in "a/b/", also without its slash. Parts
 * that lead upwards are left out, as they would lead out of the directory.
 */
static size_t base_of(const char *name)
{
    size_t end = strlen(name);
    while (end > 0 && name[end - 1] == '/')
        end--;
    size_t base = end;
    while (base > 0 && name[base - 1] != '/')
        base--;
    size_t length = end - base;
    bool is_dots = (length == 1 && name[base] == '.')
                   || (length == 2 && name[base] == '.' && name[base + 1] == '.');
    return is_dots ? end : base;
}

/* True if a file that was found, not named, is to be worked on. */
static bool applies(const struct xz_options *options, const char *name)
{
    unsigned all = XZ_SUFFIX_XZ | XZ_SUFFIX_LZMA | XZ_SUFFIX_LZIP;
    if (options->mode == XZ_MODE_COMPRESS)
        return xz_suffix_find(name, all, options->suffix) == NULL;
    if (options->mode == XZ_MODE_LIST)
        all = XZ_SUFFIX_XZ;
    return xz_suffix_find(name, all, options->suffix) != NULL;
}

bool xz_names_next(struct xz_names *names, struct xz_source *ret_source)
{
    const char *name = NULL;
    while (!xz_signals_aborted()) {
        name = xz_walk_next(&names->walk);
        if (name != NULL) {
            size_t base = names->walk_base;
            base += strspn(name + base, "/");
            *ret_source = (struct xz_source){name, base, true};
            if (applies(names->options, name))
                return true;
            continue;
        }
        xz_walk_end(&names->walk);
        if (!next_given(names, &name))
            return false;
        if (name == NULL) {
            *ret_source = (struct xz_source){NULL, 0, false};
            return true;
        }
        if (!names->options->recursive || !xz_walk_is_directory(name)) {
            *ret_source = (struct xz_source){name, base_of(name), false};
            return true;
        }
        names->walk_base = base_of(name);
        xz_walk_start(&names->walk, name, names->report);
    }
    return false;
}

void xz_names_close(struct xz_names *names)
{
    xz_walk_end(&names->walk);
    if (names->list_open)
        xz_name_list_close(&names->list);
}

uint64_t xz_names_count(const struct xz_options *options)
{
    if (options->names_from_file || options->recursive)
        return 0;
    return options->operand_count > 0 ? options->operand_count : 1;
}
