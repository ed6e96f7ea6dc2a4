// SPDX-License-Identifier: 0BSD
// One file from opening to closing: which coder, which target, what becomes of both.

/*
 * The order of steps for one file:
 *
 *     open the source
 *     decompressing: read the first bytes, detect the format, open the decoder
 *     open the target                        (so an unknown file makes no target)
 *     compressing: open the encoder
 *     pump until the end                     run_pump.c
 *     close both; remove one of them         files.c
 */

#include "../common/system.h"

#include "coders.h"
#include "detect.h"
#include "effort.h"
#include "run.h"

#include "../common/record.h"
#include "../common/signals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void break_progress(void *opaque)
{
    xz_progress_break(opaque);
}

/* True if no target will be made: data goes to standard output, or nowhere. */
static bool writes_to_stdout(const struct xz_options *options)
{
    bool only_stdin = options->operand_count == 0 && !options->names_from_file
                      && options->output == NULL;
    return options->to_stdout || only_stdin;
}

/*
 * With -v always. Otherwise work that takes longer than a second is shown to whoever
 * waits for it at a terminal; not to a pager or another program that may be using the
 * same terminal, and that reads what we write.
 */
static enum xz_progress_style wanted_progress(const struct xz_options *options,
                                              const struct xz_report *report)
{
    struct stat st;
    if (report->verbosity >= XZ_SAY_MORE)
        return XZ_PROGRESS_ALWAYS;
    if (options->json)
        return XZ_PROGRESS_NEVER;
    if (report->verbosity < XZ_SAY_WARNINGS || isatty(STDERR_FILENO) != 1
        || tcgetpgrp(STDERR_FILENO) != getpgrp())
        return XZ_PROGRESS_NEVER;
    bool to_stdout = writes_to_stdout(options);
    if (options->mode != XZ_MODE_TEST && to_stdout
        && (fstat(STDOUT_FILENO, &st) != 0 || !S_ISREG(st.st_mode)))
        return XZ_PROGRESS_NEVER;
    return XZ_PROGRESS_LATE;
}

bool xz_run_init(struct xz_run *run, const struct xz_options *options,
                 const struct xz_limits *limits, const struct xz_plan *plan,
                 struct xz_report *report, uint64_t file_count)
{
    static const lzma_stream new_stream = LZMA_STREAM_INIT;
    bool decompresses = options->mode == XZ_MODE_DECOMPRESS;
    *run = (struct xz_run){
        .options = options,
        .limits = limits,
        .plan = plan,
        .report = report,
        .rules = {.to_stdout = options->to_stdout,
                  .keep = options->keep,
                  .force = options->force,
                  .sparse = options->sparse && decompresses,
                  .sync = options->sync,
                  .stdout_name = options->stdout_name},
        .strm = new_stream,
    };
    xz_files_init(&run->files, &run->rules, report);
    xz_progress_init(&run->progress, wanted_progress(options, report), report,
                     file_count);
    report->before_message = break_progress;
    report->opaque = &run->progress;
    run->in = aligned_alloc(XZ_RUN_ALIGNMENT, XZ_RUN_BUFFER);
    run->out = aligned_alloc(XZ_RUN_ALIGNMENT, XZ_RUN_BUFFER);
    if (run->in == NULL || run->out == NULL) {
        xz_report_error(report, NULL, "%s", strerror(ENOMEM));
        return false;
    }
    if (!xz_signals_install()) {
        xz_report_error(report, NULL, "Cannot install signal handlers: %s",
                        strerror(errno));
        return false;
    }
    if (run->progress.style != XZ_PROGRESS_NEVER && run->progress.terminal)
        xz_signals_install_pause();
    return true;
}

/*
 * As far as is known before the files are. A single file to standard output needs even
 * less once it is open.
 */
void xz_run_confine(struct xz_run *run)
{
    const struct xz_options *options = run->options;
    bool single =
        options->operand_count <= 1 && !options->names_from_file && !options->recursive;
    bool reads_only = writes_to_stdout(options);
    run->is_only_file = single && reads_only;
    xz_confine_enter(&run->confine, reads_only ? XZ_CONFINE_READ : XZ_CONFINE_FILES);
    if (!run->is_only_file)
        xz_report_note(run->report, XZ_SAY_ALL, NULL, "%s", run->confine.text);
}

bool xz_run_init_apart(struct xz_run *run, const struct xz_run *other,
                       const struct xz_limits *limits, const struct xz_plan *plan,
                       struct xz_report *report)
{
    static const lzma_stream new_stream = LZMA_STREAM_INIT;
    *run = (struct xz_run){
        .options = other->options,
        .limits = limits,
        .plan = plan,
        .report = report,
        .rules = other->rules,
        .strm = new_stream,
    };
    run->rules.apart = true;
    xz_files_init(&run->files, &run->rules, report);
    xz_progress_init(&run->progress,
                     other->progress.style == XZ_PROGRESS_ALWAYS ? XZ_PROGRESS_ALWAYS
                                                                 : XZ_PROGRESS_NEVER,
                     report, 0);
    run->progress.terminal = false; // a line for each file, told by another thread
    run->in = aligned_alloc(XZ_RUN_ALIGNMENT, XZ_RUN_BUFFER);
    run->out = aligned_alloc(XZ_RUN_ALIGNMENT, XZ_RUN_BUFFER);
    if (run->in != NULL && run->out != NULL)
        return true;
    free(run->in);
    free(run->out);
    return false;
}

/*
 * A worker of the library that sorts many megabytes does not hear for seconds that it
 * is to end. Whoever has pressed Control-C does not wait for it: the signal ends it.
 */
void xz_run_free(struct xz_run *run)
{
    run->report->before_message = NULL;
    if (xz_signals_aborted())
        return;
    xz_run_watch_end(run);
    lzma_end(&run->strm);
    xz_foresight_end(&run->foresight);
    free(run->blocks);
    free(run->in);
    free(run->out);
}

/* Terminals neither give nor take compressed data. */
static bool refuse_terminal(struct xz_run *run, bool from_stdin)
{
    const struct xz_options *options = run->options;
    const char *why = NULL;
    if (options->mode == XZ_MODE_COMPRESS) {
        bool to_stdout = options->to_stdout || (from_stdin && options->output == NULL);
        if (to_stdout && isatty(STDOUT_FILENO) == 1)
            why = "Compressed data cannot be written to a terminal";
    } else if (from_stdin && isatty(STDIN_FILENO) == 1) {
        why = "Compressed data cannot be read from a terminal";
    }
    if (why != NULL)
        xz_report_error(run->report, NULL, "%s", why);
    return why != NULL;
}

/* --effort=max: look at the file, if that is possible, to choose Blocks and chains. */
static void choose_blocks(struct xz_run *run)
{
    size_t count = 0;
    free(run->blocks);
    run->blocks = NULL;
    if (!run->options->max_effort || !run->files.source_is_regular)
        return;
    run->blocks = xz_effort_plan(run->options, run->files.source_fd, &count);
    if (run->blocks != NULL)
        xz_cutter_follow(&run->cutter, run->blocks, count);
}

/* The first Block may use another chain than the default one. */
bool xz_run_start_encoder(struct xz_run *run)
{
    xz_cutter_init(&run->cutter, run->options, run->plan->mt);
    choose_blocks(run);
    lzma_ret ret = xz_coder_open_encoder(&run->strm, run->options, run->plan,
                                         xz_cutter_chain(&run->cutter));
    run->coding = ret == LZMA_OK;
    if (ret != LZMA_OK)
        xz_report_error(run->report, run->files.source_name, "%s", xz_coder_text(ret));
    return ret == LZMA_OK;
}

/*
 * Where threads may help: learn about the file what its end tells, if the data do not
 * begin in its middle. What will be skipped for its name is decoded without, as far as
 * that goes without output: threads would not have found damage by then.
 */
static void foresee(struct xz_run *run)
{
    const struct xz_files *files = &run->files;
    xz_foresight_end(&run->foresight);
    if (run->format == XZ_FORMAT_XZ && run->limits->threads > 1
        && files->source_is_regular && files->source_stat.st_size > 0
        && lseek(files->source_fd, 0, SEEK_CUR) == (off_t)run->strm.avail_in
        && xz_run_may_have_target(run))
        xz_foresight_look(&run->foresight, files->source_fd,
                          (uint64_t)files->source_stat.st_size,
                          run->limits->mt_decompress);
}

/* Read the beginning of the file and open what can decode it, or prepare to copy. */
static bool start_decoder(struct xz_run *run)
{
    const struct xz_options *options = run->options;
    run->format = options->format;
    if (options->format != XZ_FORMAT_RAW) {
        while (run->strm.avail_in < XZ_DETECT_SIZE && !run->ended)
            if (!xz_run_read_more(run))
                return false;
        run->format = xz_detect(run->strm.next_in, run->strm.avail_in);
        if (options->format != XZ_FORMAT_AUTO && options->format != run->format)
            run->format = XZ_FORMAT_AUTO;
        bool copies =
            options->mode == XZ_MODE_DECOMPRESS && options->to_stdout && options->force;
        if (run->format == XZ_FORMAT_AUTO && copies)
            return true;
    }
    foresee(run);
    lzma_ret ret = xz_coder_open_decoder(&run->strm, options, run->limits, run->format,
                                         &run->foresight.file);
    run->coding = ret == LZMA_OK;
    if (ret != LZMA_OK)
        xz_report_error(run->report, run->files.source_name, "%s", xz_coder_text(ret));
    return ret == LZMA_OK && xz_run_begin_decoding(run);
}

/* Regular files do not block, and need no guard against sleeping through a signal. */
static void guard(struct xz_run *run)
{
    const struct xz_files *files = &run->files;
    int source = files->source_is_regular ? -1 : files->source_fd;
    int target = files->target_name != NULL ? -1 : files->target_fd;
    if (!run->rules.apart && (source != -1 || target != -1))
        xz_signals_guard(source, target);
}

/* With one source and no target, nothing else has to be opened. */
static void confine_strictly(struct xz_run *run)
{
    if (!run->is_only_file)
        return;
    xz_confine_enter(&run->confine, XZ_CONFINE_STRICT);
    xz_report_note(run->report, XZ_SAY_ALL, NULL, "%s", run->confine.text);
}

/* The work between opening the source and closing both files. */
static bool convert(struct xz_run *run)
{
    bool encode = run->options->mode == XZ_MODE_COMPRESS;
    run->strm.next_in = run->in;
    run->strm.avail_in = 0;
    run->coding = false;
    run->ended = false;
    run->copied = 0;
    run->waits = false; // nothing was put out
    run->asks = 0;
    confine_strictly(run);
    guard(run);
    uint64_t size = xz_files_source_size(&run->files);
    if (size == 0)
        size = run->options->size_hint;
    xz_progress_start(&run->progress, size, encode);
    if (!encode && !start_decoder(run))
        return false;
    if (!xz_run_open_target(run))
        return false;
    guard(run);
    run->written = 0;
    run->out_begin = run->out;
    run->out_room = XZ_RUN_BUFFER;
    run->strm.next_out = run->out_begin;
    run->strm.avail_out = run->out_room;
    if (encode)
        return xz_run_pump_encode(run);
    return run->format == XZ_FORMAT_AUTO ? xz_run_pump_copy(run)
                                         : xz_run_pump_decode(run);
}

/* --json: how a file ended. */
static void put_record(struct xz_run *run, const char *name, bool success,
                       uint64_t start)
{
    static const char *const modes[] = {"compress", "decompress", "test", "list"};
    struct xz_record record;
    xz_record_begin(&record, xz_report_stream(run->report));
    xz_record_text(&record, "type", "file");
    xz_record_text(&record, "name", name);
    xz_record_text(&record, "mode", modes[run->options->mode]);
    xz_record_bool(&record, "good", success);
    xz_record_number(&record, "in", run->amount_in);
    xz_record_number(&record, "out", run->amount_out);
    xz_record_number(&record, "milliseconds", xz_clock_ms() - start);
    xz_record_end(&record);
}

/* End what is left of the file when the coder is done, or is left alone. */
static bool close_files(struct xz_run *run, bool success)
{
    xz_run_end_relays(run);
    if (!success)
        xz_progress_cancel(&run->progress);
    return xz_files_close(&run->files, success);
}

void xz_run_give_up(struct xz_run *run)
{
    (void)close_files(run, false);
}

/* A file that fails leaves no trace but its message, and the next one gets its turn. */
void xz_run_file(struct xz_run *run, const struct xz_source *source)
{
    const char *name = source->name;
    run->source_base = source->base;
    run->amount_in = 0;
    run->amount_out = 0;
    if (!run->rules.apart && refuse_terminal(run, name == NULL))
        return;
    xz_progress_file(&run->progress, name != NULL ? name : "(stdin)");
    uint64_t start = xz_clock_ms();
    bool opened = name != NULL ? xz_files_open_source(&run->files, name)
                               : xz_files_open_stdin(&run->files);
    if (!opened) {
        xz_progress_cancel(&run->progress);
        if (run->options->json)
            put_record(run, name, false, start);
        return;
    }
    bool success = close_files(run, convert(run));
    if (run->options->json && !xz_signals_aborted())
        put_record(run, name != NULL ? name : "(stdin)", success, start);
}
