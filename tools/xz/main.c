// SPDX-License-Identifier: 0BSD
// xz: compresses and decompresses files. Options, then limits, then file after file.

#include "../common/system.h"

#include "batch.h"
#include "benchmark.h"
#include "list.h"
#include "memory.h"
#include "names.h"
#include "options.h"
#include "options_help.h"
#include "run.h"

#include "../common/files.h"
#include "../common/report.h"
#include "../common/signals.h"

#include <stdlib.h>

/* All files, to be worked on, or listed if run is NULL. */
static void do_files(struct xz_run *run, struct xz_list *list,
                     const struct xz_options *options, struct xz_report *report)
{
    struct xz_names names;
    struct xz_source source;
    if (!xz_names_open(&names, options, report))
        return;
    if (run != NULL && xz_batch_workers(options, run->limits, run->plan) > 1) {
        xz_batch_files(run, &names);
        xz_names_close(&names);
        return;
    }
    while (xz_names_next(&names, &source)) {
        if (run != NULL)
            xz_run_file(run, &source);
        else
            xz_list_file(list, source.name);
    }
    xz_names_close(&names);
}

/* --benchmark */
static void benchmark_files(const struct xz_options *options,
                            const struct xz_limits *limits, struct xz_report *report)
{
    struct xz_confine confine = {.landlock = 0};
    struct xz_names names;
    struct xz_source source;
    if (!xz_signals_install()) {
        xz_report_error(report, NULL, "Cannot install signal handlers");
        return;
    }
    xz_confine_enter(&confine, XZ_CONFINE_READ);
    if (!xz_names_open(&names, options, report))
        return;
    while (xz_names_next(&names, &source))
        xz_benchmark_file(options, limits, report, source.name);
    xz_names_close(&names);
    (void)xz_report_flush_stdout(report);
}

/* Compress, decompress, test or list. */
static void work_on_files(struct xz_options *options, const struct xz_limits *limits,
                          struct xz_report *report)
{
    uint64_t count = xz_names_count(options);
    if (options->mode == XZ_MODE_LIST) {
        struct xz_confine confine = {.landlock = 0};
        struct xz_list list;
        xz_confine_enter(&confine, XZ_CONFINE_READ);
        xz_list_init(&list, options, limits, report, count);
        do_files(NULL, &list, options, report);
        xz_list_end(&list);
        return;
    }
    if (options->benchmark) {
        benchmark_files(options, limits, report);
        return;
    }
    struct xz_plan plan;
    struct xz_run run;
    if (!xz_run_connect_output(options, report)
        || !xz_plan_make(options, limits, report, &plan))
        return;
    if (xz_run_init(&run, options, limits, &plan, report, count)) {
        xz_run_confine(&run);
        do_files(&run, NULL, options, report);
    }
    xz_run_free(&run);
}

/* Environment, command line, consequences. */
static bool parse_all(struct xz_options *options, int argc, char **argv, char *error)
{
    const char *texts[] = {getenv("XZ_DEFAULTS"), getenv("XZ_OPT")};
    for (size_t i = 0; i < 2; i++)
        if (texts[i] != NULL && !xz_options_parse_env(options, texts[i], error))
            return false;
    options->stop_at_operand = getenv("POSIXLY_CORRECT") != NULL;
    return xz_options_parse(options, argc, argv, error)
           && xz_options_settle(options, error);
}

int main(int argc, char **argv)
{
    char error[XZ_OPTIONS_ERROR_SIZE];
    struct xz_report report = {.program = argv[0] != NULL ? argv[0] : "xz"};
    struct xz_options options;
    xz_files_reserve_standard();
    setvbuf(stderr, NULL, _IOLBF, BUFSIZ); // a message is one write
    xz_options_init(&options, report.program);
    bool good = parse_all(&options, argc, argv, error);
    report.verbosity = (enum xz_verbosity)options.verbosity;
    report.warnings_are_ok = options.no_warn;
    report.json = options.json;
    if (options.json && options.mode == XZ_MODE_TEST)
        report.stream = stdout; // it has no other use there
    if (!good) {
        xz_report_error(&report, NULL, "%s", error);
        xz_report_note(&report, XZ_SAY_ERRORS, NULL, "Try '%s --help'.",
                       report.program);
    } else {
        struct xz_limits limits;
        struct xz_machine machine = xz_machine_look();
        xz_limits_resolve(&options, &machine, &limits);
        if (options.action == XZ_ACTION_RUN)
            work_on_files(&options, &limits, &report);
        else if (!xz_help_print(&options, &limits, &machine, report.program))
            xz_report_error(&report, NULL, "Out of memory");
        else
            (void)xz_report_flush_stdout(&report);
    }
    xz_options_free(&options);
    xz_signals_reraise();
    return xz_report_exit_status(&report);
}
