// SPDX-License-Identifier: 0BSD
// A queue of files, workers that take one each, and a main thread that tells in order.

/*
 * A file of one Block keeps one core busy, however many there are; so such files are
 * done side by side. A bigger one has all threads for itself, when those before it are
 * done.
 *
 *     main thread    names -> jobs; writes what the oldest job has for standard output
 *                    and standard error, and drops it when it is done
 *     workers        take the next job nobody has taken; each has a struct xz_run
 *
 * What a job says is kept in memory until it is the oldest. So is what it has for
 * standard output; when that is DATA_LIMIT bytes the job waits until the main thread,
 * the only one that writes there, has taken them. The oldest job never waits for
 * another, so there is always one that goes on.
 *
 * All members of struct batch and struct job that both sides use are under the mutex; a
 * job's text and data belong to its worker until `done`, but for the data of a job that
 * waits. Signals are left to the main thread, which looks at them ten times a second.
 */

#include "../common/system.h"

#include "batch.h"
#include "place.h"

#include "../common/signals.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bytes for standard output that a job keeps */
#define DATA_LIMIT ((size_t)4 << 20)

/* Jobs that wait or are done, for each worker */
#define JOBS_PER_WORKER 64

/* Files that a worker has open: source, target, its directory while that is synced */
#define FILES_PER_WORKER 3

/* Files left to the main thread: standard ones, lists of names, directories, pipes */
#define FILES_OF_MAIN 16

/* Compressed files up to this size are decoded side by side. */
#define SMALL_COMPRESSED (UINT64_C(4) << 20)

struct job {
    struct job *next;
    struct batch *batch;
    char *name;               // owned
    char *target;             // owned; NULL: none
    struct xz_place from, to; // the places of these two; of the main thread
    size_t base;
    dev_t device; // of the source
    ino_t inode;
    bool done;
    struct worker *worker; // that has taken it, or NULL

    char *text; // for standard error, owned
    size_t text_size;
    enum xz_exit status;
    uint64_t in, out; // for the progress display

    uint8_t *data; // for standard output, owned
    size_t data_size;
    size_t data_capacity;
};

struct worker {
    struct batch *batch;
    pthread_t thread;
    struct xz_report report;
    struct xz_run run;
    char *text; // of report.stream
    size_t text_size;
    struct job *job;
};

struct batch {
    struct xz_run *run; // of the main thread
    struct xz_limits limits;
    struct xz_plan plan; // with one thread
    uint64_t size_limit; // of sources that are done side by side

    pthread_mutex_t mutex;
    pthread_cond_t for_workers; // a job, room in its data, or the end
    pthread_cond_t for_main;    // the oldest job is done or waits
    struct job *oldest;
    struct job *newest;
    struct job *untaken; // the oldest that no worker has
    unsigned job_count;
    bool closing; // no jobs will follow
    bool failed;  // standard output cannot be written, or a signal asks for an end

    unsigned worker_count;
    struct worker *workers;
    struct xz_files standard_output; // of the main thread
    uint64_t in, out;                // of jobs that are done
    uint64_t start_in, start_out;    // the same when this stretch of jobs began
    bool shows;                      // the progress display of the main thread
    bool measured;                   // the display knows how much there is to do
};

/* Fewer workers where the process may not have as many files open as they would. */
static unsigned with_files(unsigned workers, uint64_t open_files)
{
    uint64_t rest = open_files > FILES_OF_MAIN ? open_files - FILES_OF_MAIN : 0;
    if (open_files > 0 && workers > rest / FILES_PER_WORKER)
        workers = (unsigned)(rest / FILES_PER_WORKER);
    return workers > 0 ? workers : 1;
}

unsigned xz_batch_workers(const struct xz_options *options,
                          const struct xz_limits *limits, const struct xz_plan *plan)
{
    bool several =
        options->operand_count > 1 || options->names_from_file || options->recursive;
    if (!several || limits->threads < 2 || options->json)
        return 1;
    if (options->mode == XZ_MODE_COMPRESS)
        return plan->mt ? with_files(plan->threads, limits->open_files) : 1;
    /* A limit is for all decoders together: it is left to one. */
    bool limited = limits->decompress != UINT64_MAX;
    if (limited || options->format == XZ_FORMAT_RAW)
        return 1;
    return with_files(limits->threads, limits->open_files);
}

/* struct xz_file_rules.put: keep data, waiting for room. Called by a worker. */
static bool keep_data(void *opaque, const uint8_t *buffer, size_t size)
{
    struct worker *worker = opaque;
    struct batch *batch = worker->batch;
    struct job *job = worker->job;
    pthread_mutex_lock(&batch->mutex);
    while (job->data_size > 0 && job->data_size + size > DATA_LIMIT && !batch->failed) {
        pthread_cond_signal(&batch->for_main);
        pthread_cond_wait(&batch->for_workers, &batch->mutex);
    }
    bool good = !batch->failed;
    if (good && job->data_size + size > job->data_capacity) {
        size_t capacity = 2 * (job->data_size + size);
        uint8_t *data = realloc(job->data, capacity);
        good = data != NULL;
        if (good) {
            job->data = data;
            job->data_capacity = capacity;
        } else {
            xz_report_error(&worker->report, job->name, "%s", strerror(ENOMEM));
        }
    }
    if (good) {
        memcpy(job->data + job->data_size, buffer, size);
        job->data_size += size;
    }
    pthread_mutex_unlock(&batch->mutex);
    return good;
}

/* Take what the job has said out of the stream, which is then empty again. */
static void take_text(struct worker *worker, struct job *job)
{
    fflush(worker->report.stream);
    if (worker->text_size == 0)
        return;
    job->text = malloc(worker->text_size);
    if (job->text != NULL) {
        memcpy(job->text, worker->text, worker->text_size);
        job->text_size = worker->text_size;
    }
    (void)fseeko(worker->report.stream, 0, SEEK_SET);
}

static void *work(void *opaque)
{
    struct worker *worker = opaque;
    struct batch *batch = worker->batch;
    pthread_mutex_lock(&batch->mutex);
    for (;;) {
        while (batch->untaken == NULL && !batch->closing && !batch->failed)
            pthread_cond_wait(&batch->for_workers, &batch->mutex);
        struct job *job = batch->untaken;
        if (job == NULL || batch->failed)
            break;
        batch->untaken = job->next;
        worker->job = job;
        job->worker = worker;
        worker->run.live_in = 0;
        worker->run.live_out = 0;
        pthread_mutex_unlock(&batch->mutex);
        worker->report.status = XZ_EXIT_OK;
        struct xz_source source = {job->name, job->base, false};
        xz_run_file(&worker->run, &source);
        take_text(worker, job);
        job->status = worker->report.status;
        job->in = worker->run.amount_in;
        job->out = worker->run.amount_out;
        pthread_mutex_lock(&batch->mutex);
        job->done = true;
        if (job == batch->oldest)
            pthread_cond_signal(&batch->for_main);
    }
    pthread_mutex_unlock(&batch->mutex);
    return NULL;
}

/* Bytes of all jobs of this stretch, of those that are under way too. */
static void get_amounts(struct batch *batch, uint64_t *ret_in, uint64_t *ret_out)
{
    pthread_mutex_lock(&batch->mutex);
    *ret_in = batch->in - batch->start_in;
    *ret_out = batch->out - batch->start_out;
    for (struct job *job = batch->oldest; job != NULL; job = job->next) {
        if (job->done) {
            *ret_in += job->in;
            *ret_out += job->out;
        } else if (job->worker != NULL) {
            struct xz_run *run = &job->worker->run;
            *ret_in += atomic_load_explicit(&run->live_in, memory_order_relaxed);
            *ret_out += atomic_load_explicit(&run->live_out, memory_order_relaxed);
        }
    }
    pthread_mutex_unlock(&batch->mutex);
}

/* True for a regular file that one core is enough for. */
static bool suits(const struct batch *batch, const struct xz_source *source,
                  struct stat *ret_stat)
{
    return source->name != NULL && stat(source->name, ret_stat) == 0
           && S_ISREG(ret_stat->st_mode)
           && (uint64_t)ret_stat->st_size <= batch->size_limit;
}

/*
 * How much there is to do: all names once more. Where sources are removed, those that
 * are done are not there any more. Done only when somebody has waited for a second.
 */
static uint64_t measure(struct batch *batch)
{
    const struct xz_options *options = batch->run->options;
    struct xz_report silent = {.program = "", .verbosity = XZ_SAY_NOTHING};
    struct xz_names names;
    struct xz_source source;
    struct stat st;
    uint64_t in = 0, out = 0, size = 0;
    if (options->names_from_file && options->names_file == NULL)
        return 0;
    get_amounts(batch, &in, &out);
    if (!xz_names_open(&names, options, &silent))
        return 0;
    while (xz_names_next(&names, &source))
        if (suits(batch, &source, &st))
            size += (uint64_t)st.st_size;
    xz_names_close(&names);
    return batch->run->rules.keep ? size - batch->start_in : size + in;
}

/* Signals and the display; called by the main thread, without the mutex. */
static void look_around(struct batch *batch)
{
    uint64_t in, out;
    struct xz_progress *progress = &batch->run->progress;
    uint64_t before = xz_clock_ms();
    if (xz_signals_pause())
        xz_progress_skip(progress, xz_clock_ms() - before);
    bool news = xz_signals_take_news();
    if (!news && !(batch->shows && xz_progress_due(progress)))
        return;
    if (!batch->measured)
        progress->size = measure(batch);
    batch->measured = true;
    get_amounts(batch, &in, &out);
    xz_progress_show(progress, in, out);
}

/* Write data of the oldest job; it is taken from it first. Called with the mutex. */
static void pass_on_data(struct batch *batch, struct job *job)
{
    uint8_t *data = job->data;
    size_t size = job->data_size;
    job->data = NULL;
    job->data_size = 0;
    job->data_capacity = 0;
    pthread_cond_broadcast(&batch->for_workers);
    pthread_mutex_unlock(&batch->mutex);
    bool good = xz_files_write(&batch->standard_output, data, size);
    free(data);
    pthread_mutex_lock(&batch->mutex);
    if (!good)
        batch->failed = true;
}

/* Tell what the job said, and forget it. Called with the mutex. */
static void retire(struct batch *batch, struct job *job)
{
    struct xz_report *report = batch->run->report;
    if (job->status == XZ_EXIT_ERROR || report->status == XZ_EXIT_OK)
        report->status = job->status;
    if (job->text_size > 0) {
        xz_progress_break(&batch->run->progress);
        fwrite(job->text, 1, job->text_size, xz_report_stream(report));
    }
    batch->in += job->in;
    batch->out += job->out;
    batch->oldest = job->next;
    batch->job_count--;
    if (batch->oldest == NULL)
        batch->newest = NULL;
    free(job->name);
    free(job->target);
    free(job->text);
    free(job->data);
    free(job);
}

/* Until no more than `most` jobs are left: tell about the oldest. */
static void drain(struct batch *batch, unsigned most)
{
    pthread_mutex_lock(&batch->mutex);
    while (batch->job_count > most && !batch->failed) {
        struct job *job = batch->oldest;
        if (job->data_size > 0 && (job->done || job->data_size >= DATA_LIMIT / 2)) {
            pass_on_data(batch, job);
        } else if (job->done) {
            retire(batch, job);
        } else {
            xz_signals_wait(&batch->for_main, &batch->mutex);
        }
        pthread_mutex_unlock(&batch->mutex);
        look_around(batch);
        pthread_mutex_lock(&batch->mutex);
        if (xz_signals_aborted())
            batch->failed = true;
    }
    pthread_mutex_unlock(&batch->mutex);
}

/*
 * True if a job that is under way makes what this source would be made into, or one of
 * both makes the other's source; or if it has the same source, which it may remove, and
 * whose access time it changes. The later one must see what the earlier one leaves, and
 * no more, as if they were done in turn. A link may lead to any of them.
 */
static bool is_under_way(struct batch *batch, const struct xz_source *source,
                         const char *target, const struct stat *st)
{
    struct xz_place from = {.name = source->name}, to = {.name = target};
    struct stat link;
    bool found =
        target != NULL && lstat(source->name, &link) == 0 && S_ISLNK(link.st_mode);
    pthread_mutex_lock(&batch->mutex);
    for (struct job *job = batch->oldest; job != NULL && !found; job = job->next)
        found =
            (target != NULL && job->device == st->st_dev && job->inode == st->st_ino)
            || xz_place_same(&job->to, &to) || xz_place_same(&job->to, &from)
            || xz_place_same(&job->from, &to);
    pthread_mutex_unlock(&batch->mutex);
    return found;
}

/* A job for a file, which takes over the target; false without memory. */
static bool add_job(struct batch *batch, const struct xz_source *source, char *target,
                    const struct stat *st)
{
    struct job *job = calloc(1, sizeof(*job));
    char *name = strdup(source->name);
    if (job == NULL || name == NULL) {
        free(job);
        free(name);
        free(target);
        return false;
    }
    job->batch = batch;
    job->name = name;
    job->target = target;
    job->from.name = name;
    job->to.name = target;
    job->base = source->base;
    job->device = st->st_dev;
    job->inode = st->st_ino;
    pthread_mutex_lock(&batch->mutex);
    if (batch->newest != NULL)
        batch->newest->next = job;
    else
        batch->oldest = job;
    batch->newest = job;
    if (batch->untaken == NULL)
        batch->untaken = job;
    batch->job_count++;
    pthread_cond_signal(&batch->for_workers);
    pthread_mutex_unlock(&batch->mutex);
    return true;
}

static bool start_worker(struct batch *batch, struct worker *worker)
{
    struct xz_run *main_run = batch->run;
    worker->batch = batch;
    worker->report = *main_run->report;
    worker->report.status = XZ_EXIT_OK;
    worker->report.before_message = NULL;
    worker->report.stream = open_memstream(&worker->text, &worker->text_size);
    if (worker->report.stream == NULL)
        return false;
    if (!xz_run_init_apart(&worker->run, main_run, &batch->limits, &batch->plan,
                           &worker->report)) {
        (void)fclose(worker->report.stream);
        free(worker->text);
        return false;
    }
    worker->run.rules.put = main_run->rules.to_stdout ? keep_data : NULL;
    worker->run.rules.put_opaque = worker;
    bool good = xz_signals_start_thread(&worker->thread, work, worker);
    if (!good) {
        xz_run_free(&worker->run);
        (void)fclose(worker->report.stream);
        free(worker->text);
    }
    return good;
}

/* With fewer workers than wanted, or none, the work is done all the same. */
static void start(struct batch *batch, struct xz_run *run, unsigned workers)
{
    uint64_t block = run->options->block_size;
    *batch = (struct batch){.run = run, .limits = *run->limits, .plan = *run->plan};
    batch->limits.threads = 1;
    batch->plan.threads = 1;
    if (block == 0)
        block = lzma_mt_block_size(run->options->chains[0].filters);
    batch->size_limit =
        run->options->mode == XZ_MODE_COMPRESS ? block : SMALL_COMPRESSED;
    pthread_mutex_init(&batch->mutex, NULL);
    pthread_cond_init(&batch->for_workers, NULL);
    xz_signals_cond_init(&batch->for_main);
    xz_files_init(&batch->standard_output, &run->rules, run->report);
    batch->shows = run->progress.style == XZ_PROGRESS_LATE;
    /* What may not be written to a terminal is refused file by file. */
    if (run->options->mode == XZ_MODE_COMPRESS && run->rules.to_stdout
        && isatty(STDOUT_FILENO) == 1)
        workers = 0;
    batch->workers = calloc(workers, sizeof(*batch->workers));
    while (batch->workers != NULL && batch->worker_count < workers
           && start_worker(batch, &batch->workers[batch->worker_count]))
        batch->worker_count++;
}

static void stop(struct batch *batch)
{
    pthread_mutex_lock(&batch->mutex);
    batch->closing = true;
    pthread_cond_broadcast(&batch->for_workers);
    pthread_mutex_unlock(&batch->mutex);
    for (unsigned i = 0; i < batch->worker_count; i++) {
        struct worker *worker = &batch->workers[i];
        (void)pthread_join(worker->thread, NULL);
        xz_run_free(&worker->run);
        (void)fclose(worker->report.stream);
        free(worker->text);
    }
    while (batch->oldest != NULL) // after a failure
        retire(batch, batch->oldest);
    free(batch->workers);
    pthread_cond_destroy(&batch->for_main);
    pthread_cond_destroy(&batch->for_workers);
    pthread_mutex_destroy(&batch->mutex);
}

/* Before the main thread does a file itself, and at the end. */
static void finish_jobs(struct batch *batch, bool *working, bool last)
{
    if (!*working)
        return;
    drain(batch, 0);
    bool good = xz_files_close(&batch->standard_output, !batch->failed);
    if (batch->shows)
        xz_progress_end(&batch->run->progress, batch->in - batch->start_in,
                        batch->out - batch->start_out, good && !batch->failed && last);
    *working = false;
}

/* One display for all jobs; with -v at a terminal their own lines are enough. */
static void announce(struct batch *batch)
{
    struct xz_run *run = batch->run;
    batch->start_in = batch->in;
    batch->start_out = batch->out;
    batch->measured = false;
    if (run->progress.style == XZ_PROGRESS_ALWAYS && run->progress.terminal)
        return;
    xz_progress_file(&run->progress, "(several files)");
    xz_progress_start(&run->progress, 0, run->options->mode == XZ_MODE_COMPRESS);
}

void xz_batch_files(struct xz_run *run, struct xz_names *names)
{
    struct batch batch;
    struct xz_source source;
    struct stat st;
    bool working = false; // there are jobs, or were since the last own file
    start(&batch, run, xz_batch_workers(run->options, run->limits, run->plan));
    while (!batch.failed && xz_names_next(names, &source)) {
        char *target = NULL;
        bool fits = batch.worker_count > 0 && suits(&batch, &source, &st);
        if (fits) {
            target = xz_run_name_target(run->options, &source);
            if (is_under_way(&batch, &source, target, &st)) {
                drain(&batch, 0);
                fits = suits(&batch, &source, &st); // it may be gone now
            }
        }
        if (!fits) {
            free(target);
            finish_jobs(&batch, &working, false);
            xz_run_file(run, &source);
            continue;
        }
        if (!working) {
            if (run->rules.to_stdout && run->options->mode != XZ_MODE_TEST)
                (void)xz_files_open_stdout(&batch.standard_output);
            xz_signals_guard(-1, batch.standard_output.target_fd);
            announce(&batch);
            working = true;
        }
        if (!add_job(&batch, &source, target, &st)) {
            xz_report_error(run->report, source.name, "%s", strerror(ENOMEM));
            break;
        }
        drain(&batch, JOBS_PER_WORKER * batch.worker_count);
    }
    finish_jobs(&batch, &working, true);
    stop(&batch);
}
