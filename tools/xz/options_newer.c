// SPDX-License-Identifier: 0BSD
// Options that XZ Utils does not have: targets, directories, hints.

/*
 * None of them may change what a command line means that works with XZ Utils. Their
 * letters are free there, and their long names stand in a list of their own, so that
 * every abbreviation of the others keeps its meaning (argscan.h).
 */

#include "../common/system.h"

#include "options_newer.h"

#include "../common/units.h"

#include <stdio.h>
#include <string.h>

enum {
    OPT_OUTPUT_DIR = XZ_NEWER_FIRST,
    OPT_SIZE_HINT,
    OPT_JSON,
    OPT_EFFORT,
    OPT_BENCHMARK
};

/* clang-format off */
const struct xz_arg_def xz_newer_options[] = {
    {"effort", OPT_EFFORT, XZ_ARG_REQUIRED},
    {"output", 'o', XZ_ARG_REQUIRED},
    {"output-dir", OPT_OUTPUT_DIR, XZ_ARG_REQUIRED},
    {"recursive", 'r', XZ_ARG_NONE},
    {"benchmark", OPT_BENCHMARK, XZ_ARG_NONE},
    {"json", OPT_JSON, XZ_ARG_NONE},
    {"size-hint", OPT_SIZE_HINT, XZ_ARG_REQUIRED},
    {NULL, 0, XZ_ARG_NONE},
};
/* clang-format on */

bool xz_newer_is(int id)
{
    return id == 'o' || id == 'r' || id >= XZ_NEWER_FIRST;
}

static bool fail(char error[XZ_OPTIONS_ERROR_SIZE], const char *text)
{
    snprintf(error, XZ_OPTIONS_ERROR_SIZE, "%s", text);
    return false;
}

bool xz_newer_is_json(int id)
{
    return id == OPT_JSON;
}

static bool set_size_hint(struct xz_options *options, const char *value, char *error)
{
    const char *why = xz_number_parse(value, 0, INT64_MAX, &options->size_hint);
    if (why != NULL)
        snprintf(error, XZ_OPTIONS_ERROR_SIZE, "--size-hint=%s: %s", value, why);
    return why == NULL;
}

bool xz_newer_apply(struct xz_options *options, int id, const char *value,
                    char error[XZ_OPTIONS_ERROR_SIZE])
{
    switch (id) {
    case 'o':
        if (value[0] == '\0')
            return fail(error, "--output: the name is empty");
        options->output = value;
        return true;
    case 'r':
        options->recursive = true;
        return true;
    case OPT_BENCHMARK:
        options->benchmark = true;
        return true;
    case OPT_JSON:
        options->json = true;
        return true;
    case OPT_OUTPUT_DIR:
        if (value[0] == '\0')
            return fail(error, "--output-dir: the name is empty");
        options->output_dir = value;
        return true;
    case OPT_EFFORT:
        options->max_effort = strcmp(value, "max") == 0;
        if (!options->max_effort && strcmp(value, "normal") != 0)
            return fail(error, "--effort: 'normal' or 'max' is wanted");
        return true;
    default:
        return set_size_hint(options, value, error);
    }
}

/* A source is kept if its target gets another name or place than it would by itself. */
bool xz_newer_settle(struct xz_options *options, char error[XZ_OPTIONS_ERROR_SIZE])
{
    bool reads_only = options->mode == XZ_MODE_TEST || options->mode == XZ_MODE_LIST;
    if (options->json && options->robot)
        return fail(error, "--json and --robot cannot be used together");
    if (options->benchmark
        && (options->mode != XZ_MODE_COMPRESS || options->output != NULL
            || options->output_dir != NULL || options->to_stdout
            || (options->format != XZ_FORMAT_AUTO && options->format != XZ_FORMAT_XZ)))
        return fail(error, "--benchmark compresses and decompresses .xz by itself and "
                           "writes no files");
    if (options->benchmark && (options->max_effort || options->block_count > 0))
        return fail(error, "--benchmark measures levels and filters; --effort=max and "
                           "--block-list cannot be used with it");
    if (options->output == NULL && options->output_dir == NULL)
        return true;
    if (reads_only)
        return fail(error, "--test and --list write no files: --output and "
                           "--output-dir cannot be used with them");
    if (options->output != NULL && options->output_dir != NULL)
        return fail(error, "--output and --output-dir cannot be used together");
    if (options->to_stdout)
        return fail(error, "--stdout cannot be used with --output or --output-dir");
    if (options->output != NULL
        && (options->operand_count > 1 || options->names_from_file
            || options->recursive))
        return fail(error, "--output is for one file; --output-dir takes many");
    options->keep = true;
    if (options->output != NULL && strcmp(options->output, "-") == 0) {
        options->output = NULL;
        options->to_stdout = true;
    }
    return true;
}
