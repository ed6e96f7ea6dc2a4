// SPDX-License-Identifier: 0BSD
// Compresses, decompresses or tests files, one after the other.

#ifndef XZ_CLI_RUN_H
#define XZ_CLI_RUN_H

#include "cutter.h"
#include "foresight.h"
#include "memory.h"
#include "names.h"
#include "options.h"

#include "../common/confine.h"
#include "../common/files.h"
#include "../common/progress.h"
#include "../common/relay.h"
#include "../common/report.h"

#include <lzma.h>

#include <stdbool.h>
#include <stdint.h>

/* Size of each of the two buffers, and their alignment */
#define XZ_RUN_BUFFER    (UINT32_C(1) << 17)
#define XZ_RUN_ALIGNMENT 4096

/* The thread that looks around while the coder is at work, see run_watch.c */
struct xz_watch {
    bool running; // there is one
    bool failed;  // there can be none
    pthread_t thread;
    pthread_mutex_t mutex; // for all that follows
    pthread_cond_t cond;   // for the thread
    bool inside;           // the coder is at work
    bool asleep;           // the thread waits for that
    bool stopping;         // it shall end
    uint64_t in, out;      // bytes, when the coder went to work
};

/* What stays the same from file to file, and the state of the current file */
struct xz_run {
    const struct xz_options *options;
    const struct xz_limits *limits;
    const struct xz_plan *plan;
    struct xz_report *report;
    struct xz_file_rules rules;

    uint8_t *in; // XZ_RUN_BUFFER bytes each, owned
    uint8_t *out;
    lzma_stream strm;
    struct xz_progress progress;
    struct xz_watch watch;

    struct xz_confine confine;
    bool is_only_file; // no other will be opened after it

    struct xz_files files;
    size_t source_base;             // of its name, see struct xz_source
    struct xz_cutter cutter;        // when compressing
    struct xz_block_entry *blocks;  // that --effort=max has chosen, owned; or NULL
    enum xz_format format;          // when decompressing; AUTO: copied unchanged
    struct xz_foresight foresight;  // when decompressing; used by strm
    bool coding;                    // strm is set up for this file
    lzma_ret first;                 // what the decoder answers to its first call
    bool ended;                     // the source has been read to its end
    struct xz_relay *reader;        // reads ahead, or NULL
    struct xz_relay *writer;        // writes behind, or NULL
    uint8_t *out_begin;             // where strm's output began: out, or in writer
    size_t out_room;                // and how much it may be
    uint64_t written;               // bytes for the target, until there is a writer
    uint64_t copied;                // bytes, when copying
    uint64_t amount_in, amount_out; // bytes of the file that has been done
    _Atomic uint64_t live_in;       // while on a thread apart: how far it is
    _Atomic uint64_t live_out;
    bool waits;          // for the output, at the other end of a pipe: somebody may
    uint64_t given_ms;   // when output was last written
    uint64_t asked_ms;   // when the coder last got data, or was asked for more without
    uint64_t asked_out;  // bytes that it had put out then
    unsigned asks;       // how often, in this pause of the source
    uint64_t flushed_ms; // when the last flush was (--flush-timeout)
    uint64_t flushed_in; // bytes that had been taken in until then
};

/* `file_count` is for the progress display, 0 if unknown. False: reported. */
bool xz_run_init(struct xz_run *run, const struct xz_options *options,
                 const struct xz_limits *limits, const struct xz_plan *plan,
                 struct xz_report *report, uint64_t file_count);

/*
 * For a thread of its own, like another run, but with other limits and plan: signals,
 * terminals and the renewing display are left to the other run. False: out of memory.
 */
bool xz_run_init_apart(struct xz_run *run, const struct xz_run *other,
                       const struct xz_limits *limits, const struct xz_plan *plan,
                       struct xz_report *report);

/* Enter the sandbox; before the first file and before threads. */
void xz_run_confine(struct xz_run *run);

/* Work on a file. What goes wrong is in run->report. */
void xz_run_file(struct xz_run *run, const struct xz_source *source);

void xz_run_free(struct xz_run *run);

/*
 * In run_target.c: if --output names a character device, or a name of standard output
 * as /dev/stdout is, or with --force anything else that is no regular file, it becomes
 * standard output, so that it is written to and not replaced. Call it before
 * xz_plan_make(). False: reported, also if --output-dir names no directory.
 */
bool xz_run_connect_output(struct xz_options *options, struct xz_report *report);

/*
 * In run_target.c: the name of the file that a source will be made into, to be freed;
 * NULL if there will be none, or without memory.
 */
char *xz_run_name_target(const struct xz_options *options,
                         const struct xz_source *source);

/* In run_target.c, for run.c: false if the source will be skipped for its name. */
bool xz_run_may_have_target(const struct xz_run *run);

/* In run_target.c, for run.c: open what is written to, if anything. False: reported. */
bool xz_run_open_target(struct xz_run *run);

/* In run_pump.c, for run.c: bytes from source to target through the coder. */
bool xz_run_pump_encode(struct xz_run *run);
bool xz_run_pump_decode(struct xz_run *run);
bool xz_run_pump_copy(struct xz_run *run);

/*
 * In run_pump.c, for run.c: end the threads that read and write, if there are any,
 * before the files are closed.
 */
void xz_run_end_relays(struct xz_run *run);

/*
 * In run_pump.c, for run_watch.c: serve signals that ask for news or for a pause, and
 * the display, which shows these amounts of bytes.
 */
void xz_run_show(struct xz_run *run, uint64_t in, uint64_t out);

/*
 * In run_watch.c: start the watching thread, call lzma_code() under its eyes, end the
 * thread. Without it xz_run_watch_code() is lzma_code(), and ending does nothing.
 */
void xz_run_watch_start(struct xz_run *run);
lzma_ret xz_run_watch_code(struct xz_run *run, lzma_action action);
void xz_run_watch_end(struct xz_run *run);

/*
 * In run.c, for run_watch.c: a signal asks for an end, and the coder is still at work.
 * Close the files, without a target; the process must be ended at once.
 */
void xz_run_give_up(struct xz_run *run);

/* In run.c, for run_pump.c: open the encoder. False: reported. */
bool xz_run_start_encoder(struct xz_run *run);

/*
 * In run_pump.c, for run.c: let the decoder see the headers, so that a file it cannot
 * decode makes no target and replaces none. False: reported.
 */
bool xz_run_begin_decoding(struct xz_run *run);

/*
 * In run_pump.c, for run.c: read more behind the bytes in the buffer. False if reading
 * failed or was interrupted for good; run->ended is set at the end.
 */
bool xz_run_read_more(struct xz_run *run);

/* In run_where.c: report an error of the coder, and where in the file it is. */
void xz_run_report(struct xz_run *run, lzma_ret ret);

#endif
