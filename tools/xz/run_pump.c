// SPDX-License-Identifier: 0BSD
// The loops that carry bytes from the source through the coder into the target.

/*
 * All waiting for the source happens in fill(), where signals and the progress display
 * get their turn; the rest of the time they get it after each call of lzma_code(),
 * which handles 128 KiB at most or returns after 0.3 s. An encoder without threads that
 * sorts its text (presets 4 to 9) may do so for seconds within one call; meanwhile they
 * get it from another thread (run_watch.c).
 *
 * Where the library has worker threads, this thread has nothing to do but to read and
 * to write. Where it also codes, it is given a reader and a writer (common/relay.h), if
 * there is more to do than a megabyte. Both waits of the writer are in flush_out() and
 * drain_out().
 */

#include "../common/system.h"

#include "coders.h"
#include "run.h"

#include "../common/signals.h"

#include <stdatomic.h>
#include <string.h>

/* Amounts for the progress display. */
static void get_amounts(struct xz_run *run, uint64_t *ret_in, uint64_t *ret_out)
{
    *ret_in = run->copied;
    *ret_out = run->copied;
    if (run->coding)
        lzma_get_progress(&run->strm, ret_in, ret_out);
}

void xz_run_show(struct xz_run *run, uint64_t in, uint64_t out)
{
    uint64_t before = xz_clock_ms();
    if (xz_signals_pause())
        xz_progress_skip(&run->progress, xz_clock_ms() - before);
    if (xz_signals_take_news() || xz_progress_due(&run->progress))
        xz_progress_show(&run->progress, in, out);
}

/* Serve signals and display; false if the work shall end. */
static bool look_around(struct xz_run *run)
{
    if (xz_signals_aborted())
        return false;
    uint64_t in, out;
    get_amounts(run, &in, &out);
    if (run->rules.apart) {
        atomic_store_explicit(&run->live_in, in, memory_order_relaxed);
        atomic_store_explicit(&run->live_out, out, memory_order_relaxed);
    } else {
        xz_run_show(run, in, out);
    }
    return true;
}

static void end_progress(struct xz_run *run, bool complete)
{
    get_amounts(run, &run->amount_in, &run->amount_out);
    xz_progress_end(&run->progress, run->amount_in, run->amount_out, complete);
}

/* Bytes before it is worth to start a thread */
#define LONG_AFTER (UINT64_C(1) << 20)

/*
 * True if this thread is the one that codes, though another is allowed. A .xz file
 * whose Index was read first is decoded by workers.
 */
static bool codes_alone(const struct xz_run *run)
{
    bool workers = run->options->mode == XZ_MODE_COMPRESS
                       ? run->plan->mt || run->options->flush_timeout > 0
                       : run->foresight.index != NULL;
    return run->limits->threads > 1 && !run->rules.apart && run->coding && !workers;
}

/* True if what is not used may have to be given back. */
static bool may_unread(const struct xz_run *run)
{
    return run->files.source_is_stdin
           && (run->options->single_stream || run->format == XZ_FORMAT_LZIP);
}

/* Regular files are read ahead by the system; terminals mind who reads them. */
static bool wants_reader(const struct xz_run *run)
{
    mode_t mode = run->files.source_stat.st_mode;
    bool helps =
        S_ISFIFO(mode) || S_ISSOCK(mode) || (S_ISBLK(mode) && !may_unread(run));
    return run->reader == NULL && run->strm.total_in >= LONG_AFTER && helps
           && codes_alone(run);
}

static bool wants_writer(const struct xz_run *run)
{
    struct stat st;
    return run->written >= LONG_AFTER && codes_alone(run)
           && fstat(run->files.target_fd, &st) == 0 && !S_ISCHR(st.st_mode);
}

/* Wait until the writer has room, or, with `all`, has written all it was given. */
static bool wait_for_writer(struct xz_run *run, bool all)
{
    for (;;) {
        int timeout = xz_progress_wait(&run->progress);
        switch (all ? xz_relay_drain(run->writer, &run->files, timeout)
                    : xz_relay_room(run->writer, &run->files, timeout, &run->out_begin,
                                    &run->out_room)) {
        case XZ_READ_DATA:
        case XZ_READ_END:
            return true;
        case XZ_READ_FAILED:
            return false;
        case XZ_READ_NOTHING:
            break;
        }
        if (!look_around(run))
            return false;
    }
}

/* Give what the coder has put out to the writer, and get room for more from it. */
static bool pass_on(struct xz_run *run, size_t size)
{
    if (size > 0)
        xz_relay_put(run->writer, size);
    if (!wait_for_writer(run, false))
        return false;
    run->strm.next_out = run->out_begin;
    run->strm.avail_out = run->out_room;
    return true;
}

/*
 * Somebody may wait at the other end of a pipe: what is ready is not kept for long. So
 * a source that pauses is waited for only until then. If the library has workers, they
 * go on meanwhile, and are asked for more from time to time.
 */
#define LATE_MS 200
#define ASK_MS  1000

static bool is_late(const struct xz_run *run)
{
    return run->waits && run->strm.avail_out < run->out_room
           && xz_clock_ms() >= run->given_ms + LATE_MS;
}

static bool has_workers(const struct xz_run *run)
{
    bool able = run->options->mode == XZ_MODE_COMPRESS ? run->plan->mt
                                                       : run->format == XZ_FORMAT_XZ;
    return able && run->coding && run->limits->threads > 1;
}

/* Milliseconds that a source may pause before the coder gets a turn; -1: for ever. */
static int late_wait(const struct xz_run *run)
{
    if (!run->waits || run->ended)
        return -1;
    uint64_t until = run->given_ms + LATE_MS;
    if (run->strm.avail_out == run->out_room) {
        if (!has_workers(run))
            return -1;
        if (run->asks > 0 && run->strm.total_out > run->asked_out)
            return 0; // there may be more
        until = run->asked_ms + (run->asks > 0 ? ASK_MS : LATE_MS);
    }
    uint64_t now = xz_clock_ms();
    return now < until ? (int)(until - now) : 0;
}

/* At the beginning of a file, once its target is known. */
static void begin_waiting(struct xz_run *run)
{
    struct stat st;
    run->waits = !run->rules.apart && run->files.target_name == NULL
                 && fstat(run->files.target_fd, &st) == 0 && !S_ISREG(st.st_mode);
    run->given_ms = xz_clock_ms();
    run->asks = 0;
}

/* A coder that was asked without being given anything may have nothing to say. */
static lzma_ret answer(const struct xz_run *run, lzma_ret ret)
{
    bool asked = run->asks > 0 && !run->ended;
    return asked && ret == LZMA_BUF_ERROR ? LZMA_OK : ret;
}

/* Write what the coder has put out, if there is a target. */
static bool flush_out(struct xz_run *run)
{
    run->given_ms = xz_clock_ms();
    size_t size = run->out_room - run->strm.avail_out;
    if (run->writer != NULL)
        return pass_on(run, size);
    run->strm.next_out = run->out;
    run->strm.avail_out = XZ_RUN_BUFFER;
    if (size == 0 || run->files.target_fd == -1)
        return true;
    if (!xz_files_write(&run->files, run->out, size))
        return false;
    run->written += size;
    if (!wants_writer(run))
        return true;
    run->written = 0;
    run->writer = xz_relay_start_writer(&run->files);
    return run->writer == NULL || pass_on(run, 0);
}

/* The same, and wait until it has been written, however much was on its way. */
static bool drain_out(struct xz_run *run)
{
    return flush_out(run) && (run->writer == NULL || wait_for_writer(run, true));
}

void xz_run_end_relays(struct xz_run *run)
{
    if (run->reader != NULL)
        xz_relay_end(run->reader, &run->files);
    if (run->writer != NULL)
        xz_relay_end(run->writer, &run->files);
    run->reader = NULL;
    run->writer = NULL;
}

/* A data error is told after the progress line, so that the line is the older news. */
static bool fail(struct xz_run *run, lzma_ret ret)
{
    end_progress(run, false);
    xz_run_report(run, ret);
    return false;
}

enum fill_result { FILL_DATA, FILL_END, FILL_FLUSH, FILL_LATE, FILL_FAILED };

/* Milliseconds until a flush is due, -1 if there will be none. */
static int flush_wait(const struct xz_run *run)
{
    uint64_t timeout = run->options->flush_timeout;
    if (timeout == 0 || run->options->mode != XZ_MODE_COMPRESS || !run->coding
        || run->strm.total_in == run->flushed_in)
        return -1;
    uint64_t passed = xz_clock_ms() - run->flushed_ms;
    uint64_t left = passed < timeout ? timeout - passed : 0;
    return left < INT32_MAX ? (int)left : INT32_MAX;
}

/* Put up to `size` bytes behind what is in the input buffer; return how it went. */
static enum xz_read_result read_some(struct xz_run *run, size_t size, int timeout)
{
    uint8_t *end = run->in + (size_t)(run->strm.next_in - run->in) + run->strm.avail_in;
    size_t got = 0;
    enum xz_read_result result = xz_files_read(&run->files, end, size, timeout, &got);
    run->strm.avail_in += got;
    return result;
}

/* The same with the reader, whose bytes stay where they are. */
static enum xz_read_result take_some(struct xz_run *run, size_t size, int timeout)
{
    uint8_t *bytes = NULL;
    size_t got = 0;
    enum xz_read_result result =
        xz_relay_take(run->reader, &run->files, size, timeout, &bytes, &got);
    run->strm.next_in = bytes;
    run->strm.avail_in = got;
    return result;
}

/* Of two waits, where -1 is for ever. */
static int sooner(int a, int b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Get up to `size` bytes of input. */
static enum fill_result fill(struct xz_run *run, size_t size)
{
    if (run->strm.avail_in == 0 && wants_reader(run))
        run->reader = xz_relay_start_reader(&run->files);
    for (;;) {
        int timeout = sooner(xz_progress_wait(&run->progress),
                             sooner(flush_wait(run), late_wait(run)));
        switch (run->reader != NULL ? take_some(run, size, timeout)
                                    : read_some(run, size, timeout)) {
        case XZ_READ_DATA:
            run->asked_ms = xz_clock_ms();
            run->asks = 0;
            return FILL_DATA;
        case XZ_READ_END:
            run->ended = true;
            return FILL_END;
        case XZ_READ_FAILED:
            return FILL_FAILED;
        case XZ_READ_NOTHING:
            break;
        }
        if (!look_around(run))
            return FILL_FAILED;
        if (flush_wait(run) == 0)
            return FILL_FLUSH;
        if (late_wait(run) == 0) {
            run->asked_ms = xz_clock_ms();
            run->asked_out = run->strm.total_out;
            run->asks++;
            return FILL_LATE;
        }
    }
}

bool xz_run_read_more(struct xz_run *run)
{
    size_t used = (size_t)(run->strm.next_in - run->in) + run->strm.avail_in;
    return fill(run, XZ_RUN_BUFFER - used) != FILL_FAILED;
}

/*
 * Fill the empty buffer for the encoder, up to the end of the Block; choose the action.
 */
static bool next_action(struct xz_run *run, lzma_action *ret_action)
{
    uint64_t left = xz_cutter_left(&run->cutter);
    run->strm.next_in = run->in;
    switch (fill(run, left < XZ_RUN_BUFFER ? (size_t)left : XZ_RUN_BUFFER)) {
    case FILL_LATE:
        *ret_action = LZMA_RUN;
        return true;
    case FILL_DATA:
        xz_cutter_advance(&run->cutter, run->strm.avail_in);
        *ret_action = xz_cutter_left(&run->cutter) == 0 ? LZMA_FULL_BARRIER : LZMA_RUN;
        return true;
    case FILL_END:
        *ret_action = LZMA_FINISH;
        return true;
    case FILL_FLUSH:
        *ret_action = LZMA_SYNC_FLUSH;
        return true;
    case FILL_FAILED:
        break;
    }
    return false;
}

/* A flush or a Block is complete: go on with the next. */
static bool after_barrier(struct xz_run *run, lzma_action action)
{
    if (action == LZMA_SYNC_FLUSH) {
        run->flushed_ms = xz_clock_ms();
        run->flushed_in = run->strm.total_in;
        return flush_out(run);
    }
    unsigned before = xz_cutter_chain(&run->cutter);
    xz_cutter_next(&run->cutter);
    unsigned chain = xz_cutter_chain(&run->cutter);
    if (chain == before)
        return true;
    lzma_ret ret = lzma_filters_update(&run->strm, run->options->chains[chain].filters);
    return ret == LZMA_OK || fail(run, ret);
}

/*
 * A barrier is repeated until the encoder says that it is complete; only then may new
 * input follow.
 */
static bool pump(struct xz_run *run)
{
    lzma_action action = LZMA_RUN;
    begin_waiting(run);
    run->flushed_ms = xz_clock_ms();
    run->flushed_in = 0;
    for (;;) {
        if (run->strm.avail_in == 0 && action == LZMA_RUN && !next_action(run, &action))
            return false;
        if (run->strm.total_in >= LONG_AFTER && !run->plan->mt && !run->rules.apart)
            xz_run_watch_start(run);
        lzma_ret ret = answer(run, xz_run_watch_code(run, action));
        if ((run->strm.avail_out == 0 || is_late(run)) && !flush_out(run))
            return false;
        if (ret == LZMA_STREAM_END && action == LZMA_FINISH) {
            if (!drain_out(run))
                return false;
            end_progress(run, true);
            return true;
        }
        if (ret == LZMA_STREAM_END) {
            if (!after_barrier(run, action))
                return false;
            action = LZMA_RUN;
        } else if (ret != LZMA_OK) {
            return fail(run, ret);
        }
        if (!look_around(run))
            return false;
    }
}

/*
 * A file that is smaller than a Block and than a buffer is encoded by one call, which
 * makes the same bytes as a worker thread would, but without starting one.
 */
#define AT_ONCE (XZ_RUN_BUFFER / 2)

/* True if all of such a file is in the input buffer; *ret_failed: reading failed. */
static bool is_at_once(struct xz_run *run, bool *ret_failed)
{
    const struct xz_options *options = run->options;
    *ret_failed = false;
    if (!run->plan->mt || options->block_count > 0 || !run->files.source_is_regular
        || run->files.source_stat.st_size > AT_ONCE
        || (options->block_size > 0 && options->block_size < AT_ONCE))
        return false;
    while (!run->ended && run->strm.avail_in <= AT_ONCE) {
        if (!xz_run_read_more(run)) {
            *ret_failed = true;
            return false;
        }
    }
    return run->ended && run->strm.avail_in <= AT_ONCE;
}

/* False: reported, or a signal asks for an end. */
static bool encode_at_once(struct xz_run *run)
{
    const struct xz_options *options = run->options;
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    size_t size = 0;
    memcpy(filters, options->chains[0].filters, sizeof(filters));
    lzma_ret ret =
        lzma_stream_buffer_encode(filters, options->check, NULL, run->strm.next_in,
                                  run->strm.avail_in, run->out, &size, XZ_RUN_BUFFER);
    if (ret != LZMA_OK) {
        xz_run_report(run, ret);
        return false;
    }
    if (!xz_files_write(&run->files, run->out, size))
        return false;
    run->amount_in = run->strm.avail_in;
    run->amount_out = size;
    xz_progress_end(&run->progress, run->amount_in, run->amount_out, true);
    return !xz_signals_aborted();
}

/*
 * Open the encoder, unless the file is done without. What was read while finding that
 * out is in the buffer, and counts for the Block that it belongs to.
 */
bool xz_run_pump_encode(struct xz_run *run)
{
    bool failed = false;
    if (is_at_once(run, &failed))
        return encode_at_once(run);
    if (failed || !xz_run_start_encoder(run))
        return false;
    if (run->strm.avail_in > 0)
        xz_cutter_advance(&run->cutter, run->strm.avail_in);
    return pump(run);
}

/*
 * The decoder has seen the end of the data. Bytes behind it are fine for .lz files and
 * if they were to be ignored; otherwise nothing may follow. The .xz decoder has already
 * looked for more Streams itself.
 */
static bool check_rest(struct xz_run *run)
{
    if (run->options->single_stream || run->format == XZ_FORMAT_LZIP) {
        xz_files_unread(&run->files, run->strm.avail_in);
        return true;
    }
    while (run->strm.avail_in == 0 && !run->ended) {
        run->strm.next_in = run->in;
        if (fill(run, XZ_RUN_BUFFER) == FILL_FAILED)
            return false;
    }
    return run->strm.avail_in == 0 || fail(run, LZMA_DATA_ERROR);
}

/*
 * Get input. Before that takes time, give out what there is: somebody may wait for it.
 */
static bool refill(struct xz_run *run)
{
    run->strm.next_in = run->in;
    bool waits = run->reader != NULL ? xz_relay_is_empty(run->reader)
                                     : xz_files_read_blocks(&run->files);
    if (run->strm.avail_out < run->out_room && waits && !flush_out(run))
        return false;
    return fill(run, XZ_RUN_BUFFER) != FILL_FAILED;
}

static lzma_ret decode(struct xz_run *run)
{
    return answer(run, lzma_code(&run->strm, run->ended ? LZMA_FINISH : LZMA_RUN));
}

static bool is_failure(lzma_ret ret)
{
    return ret != LZMA_OK && ret != LZMA_STREAM_END && ret != LZMA_UNSUPPORTED_CHECK;
}

/* The Check of a Stream is not known: its data are decoded all the same. */
static void warn_of_check(struct xz_run *run)
{
    xz_report_warning(run->report, run->files.source_name, "%s",
                      xz_coder_text(LZMA_UNSUPPORTED_CHECK));
}

/* Without room for output it goes as far as the data. */
bool xz_run_begin_decoding(struct xz_run *run)
{
    run->strm.next_out = NULL;
    run->strm.avail_out = 0;
    run->first = decode(run);
    if (run->first == LZMA_UNSUPPORTED_CHECK) {
        warn_of_check(run);
        run->first = decode(run);
    }
    return !is_failure(run->first) || fail(run, run->first);
}

/*
 * Output is written before an error is reported: whatever could be decoded is given
 * out.
 */
bool xz_run_pump_decode(struct xz_run *run)
{
    begin_waiting(run);
    for (lzma_ret ret = run->first;; ret = decode(run)) {
        if ((run->strm.avail_out == 0 && !flush_out(run))
            || (ret != LZMA_OK && !drain_out(run)))
            return false;
        if (ret == LZMA_STREAM_END) {
            if (!check_rest(run))
                return false;
            end_progress(run, true);
            return true;
        }
        if (ret == LZMA_UNSUPPORTED_CHECK)
            warn_of_check(run);
        else if (ret != LZMA_OK)
            return fail(run, ret);
        if (!look_around(run)
            || (run->strm.avail_in == 0 && !run->ended && !refill(run)))
            return false;
    }
}

/* -dcf with a file of an unknown format. Its first bytes are in the buffer already. */
bool xz_run_pump_copy(struct xz_run *run)
{
    for (;;) {
        if (!xz_files_write(&run->files, run->strm.next_in, run->strm.avail_in))
            return false;
        run->copied += run->strm.avail_in;
        run->strm.next_in = run->in;
        run->strm.avail_in = 0;
        if (run->ended)
            break;
        if (fill(run, XZ_RUN_BUFFER) == FILL_FAILED || !look_around(run))
            return false;
    }
    end_progress(run, true);
    return true;
}
