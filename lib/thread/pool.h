// SPDX-License-Identifier: 0BSD
// Worker threads that run jobs in the order in which they were given.
//
// Threads start when there is a job and nobody idle, never before. They know nothing of
// what a job does. One mutex, `lock`, guards the pool and may guard the users' results
// as well; `changed` is signalled after every job, and by jobs that have news.
//
// In a child of fork() the threads are gone, the lock may be held by nobody, and what
// the threads were at is half done. A pool without threads is as good as new there; of
// one with threads the child must leave everything as it is.

#ifndef XZ_THREAD_POOL_H
#define XZ_THREAD_POOL_H

#include "thread/sync.h"
#include <lzma.h>
#include <sys/types.h>

/* More threads are refused by the public interface. */
#define XZ_THREADS_MAX 16384

/* Embedded in what the user wants done. */
struct xz_job {
    /* Called by a worker without the lock. */
    void (*run)(struct xz_job *job);
    struct xz_job *next; // in the pool's queue
};

struct xz_pool {
    pthread_mutex_t lock;
    pthread_cond_t changed;  // results: for the thread that owns the pool
    pthread_cond_t has_work; // jobs: for the workers
    struct xz_job *first;    // lock: jobs nobody has begun
    struct xz_job **last;    // lock: where the next job is linked
    uint32_t queued_count;   // lock: jobs from first on
    uint32_t idle_count;     // lock: workers that wait for has_work
    bool stop;               // lock: workers leave, jobs had better end soon
    uint32_t thread_count;   // owner: threads started
    uint32_t thread_max;     // owner: invariant: thread_count <= thread_max
    pthread_t *threads;      // owner: thread_max of them, owned
    pid_t process;           // owner: where the threads are
};

/* Creates a pool of at most thread_max (1 to XZ_THREADS_MAX) threads and starts none.
   Returns NULL when there is no memory. The caller owns it. */
struct xz_pool *xz_pool_open(uint32_t thread_max, const lzma_allocator *allocator);

/* True in a child of fork() if the pool had threads: then nothing of it, and of what
   jobs work on, may be touched or freed. */
bool xz_pool_is_lost(struct xz_pool *pool);

/* Queues a job. Fewer threads than wanted are no error; where not a single one can be
   started, the job is run at once by the caller, who must not hold the lock. */
void xz_pool_submit(struct xz_pool *pool, struct xz_job *job);

/* Sets `stop`, forgets the jobs that nobody has begun, waits for those that run, ends
   all threads and frees the pool. After it no worker touches anything of the user's.
   pool may be NULL. */
void xz_pool_close(struct xz_pool *pool, const lzma_allocator *allocator);

#endif
