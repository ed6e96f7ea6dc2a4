// SPDX-License-Identifier: 0BSD
// A thread that looks around while one call of the encoder takes long.

/*
 * An encoder without threads of its own sorts up to some hundred megabytes of text
 * within one call of lzma_code(), which takes seconds. Meanwhile nobody would hear
 * Control-C or renew the display. So a second thread wakes up ten times a second, and
 * if the first is in that call, does what that one does between two calls:
 *
 *     main thread   enters the call    ...   leaves it     looks around itself
 *     watcher                          looks around; or, if a signal asks for an end,
 *                                      removes the target and ends the process
 *
 * `inside` is under the mutex, and the watcher holds that while it looks around. So the
 * two are never busy with files, display or signals at the same time, and a main thread
 * that leaves the call while the watcher ends the process waits for that. While the
 * main thread waits for something else, and hears signals itself, the watcher sleeps.
 *
 * Encoders with threads return three times a second and need none of this.
 */

#include "../common/system.h"

#include "run.h"

#include "../common/signals.h"

/* Called with the mutex, while the coder is at work: this does not return. */
static void end_process(struct xz_run *run)
{
    xz_run_give_up(run);
    xz_signals_reraise();
}

static void *look_on(void *opaque)
{
    struct xz_run *run = opaque;
    struct xz_watch *watch = &run->watch;
    pthread_mutex_lock(&watch->mutex);
    while (!watch->stopping) {
        if (watch->inside) {
            xz_signals_wait(&watch->cond, &watch->mutex);
        } else {
            watch->asleep = true;
            pthread_cond_wait(&watch->cond, &watch->mutex);
            watch->asleep = false;
        }
        if (watch->inside && xz_signals_aborted())
            end_process(run);
        if (watch->inside)
            xz_run_show(run, watch->in, watch->out);
    }
    pthread_mutex_unlock(&watch->mutex);
    return NULL;
}

/* Without memory for a thread it is done without. */
void xz_run_watch_start(struct xz_run *run)
{
    struct xz_watch *watch = &run->watch;
    if (watch->running || watch->failed)
        return;
    pthread_mutex_init(&watch->mutex, NULL);
    xz_signals_cond_init(&watch->cond);
    watch->running = xz_signals_start_thread(&watch->thread, look_on, run);
    watch->failed = !watch->running;
}

lzma_ret xz_run_watch_code(struct xz_run *run, lzma_action action)
{
    struct xz_watch *watch = &run->watch;
    if (!watch->running)
        return lzma_code(&run->strm, action);
    pthread_mutex_lock(&watch->mutex);
    watch->inside = true;
    lzma_get_progress(&run->strm, &watch->in, &watch->out);
    if (watch->asleep)
        pthread_cond_signal(&watch->cond);
    pthread_mutex_unlock(&watch->mutex);
    lzma_ret ret = lzma_code(&run->strm, action);
    pthread_mutex_lock(&watch->mutex);
    watch->inside = false;
    pthread_mutex_unlock(&watch->mutex);
    return ret;
}

void xz_run_watch_end(struct xz_run *run)
{
    struct xz_watch *watch = &run->watch;
    if (!watch->running)
        return;
    pthread_mutex_lock(&watch->mutex);
    watch->stopping = true;
    pthread_cond_signal(&watch->cond);
    pthread_mutex_unlock(&watch->mutex);
    (void)pthread_join(watch->thread, NULL);
    pthread_cond_destroy(&watch->cond);
    pthread_mutex_destroy(&watch->mutex);
    watch->running = false;
}
