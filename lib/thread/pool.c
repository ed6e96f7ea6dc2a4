// SPDX-License-Identifier: 0BSD
// The pool: a queue, and threads that take from its head.
//
// A thread is started only when more jobs are queued than workers wait for one: a burst
// of small jobs that one worker keeps up with never starts a second.

#include "thread/pool.h"
#include "base/alloc.h"
#include <signal.h>
#include <unistd.h>

/* Takes the first job. The lock is held. */
static struct xz_job *take_job(struct xz_pool *pool)
{
    struct xz_job *job = pool->first;
    pool->first = job->next;
    --pool->queued_count;
    if (pool->first == NULL)
        pool->last = &pool->first;
    return job;
}

static void *work(void *argument)
{
    struct xz_pool *pool = argument;
    xz_lock(&pool->lock);
    while (!pool->stop) {
        if (pool->first == NULL) {
            ++pool->idle_count;
            xz_cond_wait(&pool->has_work, &pool->lock, XZ_NO_DEADLINE);
            --pool->idle_count;
            continue;
        }
        struct xz_job *job = take_job(pool);
        xz_unlock(&pool->lock);
        job->run(job);
        xz_lock(&pool->lock);
        pthread_cond_signal(&pool->changed);
    }
    xz_unlock(&pool->lock);
    return NULL;
}

/* Starts one more worker; it takes no signals, those belong to the program. */
static bool start_thread(struct xz_pool *pool)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return false;
    const bool good =
        pthread_create(&pool->threads[pool->thread_count], NULL, work, pool) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (good)
        ++pool->thread_count;
    return good;
}

struct xz_pool *xz_pool_open(uint32_t thread_max, const lzma_allocator *allocator)
{
    struct xz_pool *pool = xz_alloc_zero(sizeof(*pool), allocator);
    if (pool == NULL)
        return NULL;
    pool->threads = xz_alloc_array(thread_max, sizeof(pthread_t), allocator);
    pool->thread_max = thread_max;
    pool->process = getpid();
    pool->last = &pool->first;
    if (pool->threads == NULL)
        goto fail_memory;
    pool->lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER; // POSIX 2008: anywhere
    if (!xz_cond_init(&pool->changed))
        goto fail_lock;
    if (!xz_cond_init(&pool->has_work))
        goto fail_changed;
    return pool;

fail_changed:
    (void)pthread_cond_destroy(&pool->changed);
fail_lock:
    (void)pthread_mutex_destroy(&pool->lock);
fail_memory:
    xz_free(pool->threads, allocator);
    xz_free(pool, allocator);
    return NULL;
}

bool xz_pool_is_lost(struct xz_pool *pool)
{
    const pid_t process = getpid();
    if (pool->process == process)
        return false;
    if (pool->thread_count > 0)
        return true;
    pool->process = process;
    return false;
}

void xz_pool_submit(struct xz_pool *pool, struct xz_job *job)
{
    xz_lock(&pool->lock);
    const bool wants_thread = pool->queued_count >= pool->idle_count;
    xz_unlock(&pool->lock);

    if (wants_thread && pool->thread_count < pool->thread_max && !start_thread(pool)
        && pool->thread_count == 0) {
        job->run(job);
        return;
    }
    xz_lock(&pool->lock);
    job->next = NULL;
    *pool->last = job;
    pool->last = &job->next;
    ++pool->queued_count;
    pthread_cond_signal(&pool->has_work);
    xz_unlock(&pool->lock);
}

void xz_pool_close(struct xz_pool *pool, const lzma_allocator *allocator)
{
    if (pool == NULL)
        return;
    xz_lock(&pool->lock);
    pool->stop = true;
    for (uint32_t i = 0; i < pool->thread_count; ++i)
        pthread_cond_signal(&pool->has_work); // a worker each: none waits twice
    xz_unlock(&pool->lock);
    for (uint32_t i = 0; i < pool->thread_count; ++i)
        (void)pthread_join(pool->threads[i], NULL);
    (void)pthread_cond_destroy(&pool->has_work);
    (void)pthread_cond_destroy(&pool->changed);
    (void)pthread_mutex_destroy(&pool->lock);
    xz_free(pool->threads, allocator);
    xz_free(pool, allocator);
}
