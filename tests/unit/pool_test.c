// SPDX-License-Identifier: 0BSD
// The thread pool: every job runs once, threads start only when needed, closing is safe
// at any moment.

#include "thread/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct counted_job {
    struct xz_job job;
    atomic_int runs;
    useconds_t pause_us;
};

static void run_counted(struct xz_job *job)
{
    struct counted_job *counted = (struct counted_job *)job;
    if (counted->pause_us > 0)
        usleep(counted->pause_us);
    atomic_fetch_add(&counted->runs, 1);
}

#define JOBS 200

static void wait_until_all_ran(struct xz_pool *pool, struct counted_job *jobs,
                               int count)
{
    for (int i = 0; i < count; ++i) {
        xz_lock(&pool->lock);
        while (atomic_load(&jobs[i].runs) == 0)
            xz_cond_wait(&pool->changed, &pool->lock, xz_monotonic_ms() + 50);
        xz_unlock(&pool->lock);
    }
}

static void test_each_job_runs_once(void **state)
{
    (void)state;
    static struct counted_job jobs[JOBS];
    for (uint32_t threads = 1; threads <= 8; threads *= 2) {
        struct xz_pool *pool = xz_pool_open(threads, NULL);
        assert_non_null(pool);
        assert_int_equal(pool->thread_count, 0);
        for (int i = 0; i < JOBS; ++i) {
            jobs[i] = (struct counted_job){.job.run = run_counted};
            xz_pool_submit(pool, &jobs[i].job);
        }
        wait_until_all_ran(pool, jobs, JOBS);
        assert_in_range(pool->thread_count, 1, threads);
        xz_pool_close(pool, NULL);
        for (int i = 0; i < JOBS; ++i)
            assert_int_equal(atomic_load(&jobs[i].runs), 1);
    }
}

static void test_idle_worker_takes_next_job(void **state)
{
    (void)state;
    static struct counted_job jobs[8];
    struct xz_pool *pool = xz_pool_open(8, NULL);
    for (int i = 0; i < 8; ++i) {
        jobs[i] = (struct counted_job){.job.run = run_counted};
        xz_pool_submit(pool, &jobs[i].job);
        wait_until_all_ran(pool, &jobs[i], 1);
        for (bool idle = false; !idle;) {
            xz_lock(&pool->lock);
            idle = pool->idle_count == pool->thread_count;
            xz_unlock(&pool->lock);
        }
    }
    assert_int_equal(pool->thread_count, 1);
    xz_pool_close(pool, NULL);
}

static void test_close_with_jobs_left(void **state)
{
    (void)state;
    static struct counted_job jobs[JOBS];
    for (int round = 0; round < 50; ++round) {
        struct xz_pool *pool = xz_pool_open(3, NULL);
        for (int i = 0; i < JOBS; ++i) {
            jobs[i] = (struct counted_job){.job.run = run_counted, .pause_us = 100};
            xz_pool_submit(pool, &jobs[i].job);
        }
        usleep((useconds_t)(round * 20));
        xz_pool_close(pool, NULL);
    }
    xz_pool_close(NULL, NULL);
}

static void test_deadline(void **state)
{
    (void)state;
    struct xz_pool *pool = xz_pool_open(1, NULL);
    xz_lock(&pool->lock);
    const uint64_t deadline = xz_monotonic_ms() + 20;
    while (xz_cond_wait(&pool->changed, &pool->lock, deadline))
        continue;
    xz_unlock(&pool->lock);
    assert_true(xz_monotonic_ms() >= deadline);
    xz_pool_close(pool, NULL);
}

/* Bytes of address space in use. */
static rlim_t used_space(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%lu", &pages) != 1)
        pages = 0;
    if (file != NULL)
        (void)fclose(file);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* In a process of its own: no thread can be started, as there is no room for its
   stack. */
static int run_without_threads(void)
{
    static struct counted_job jobs[3];
    struct xz_pool *pool = xz_pool_open(4, NULL);
    const struct rlimit limit = {used_space(), used_space()};
    if (pool == NULL || setrlimit(RLIMIT_AS, &limit) != 0)
        return 1;
    for (int i = 0; i < 3; ++i) {
        jobs[i] = (struct counted_job){.job.run = run_counted};
        xz_pool_submit(pool, &jobs[i].job);
        if (atomic_load(&jobs[i].runs) != 1 || pool->thread_count != 0)
            return 2;
    }
    xz_pool_close(pool, NULL);
    return 0;
}

static void test_no_threads_to_be_had(void **state)
{
    (void)state;
    if (getenv("SANITIZED") != NULL)
        skip(); // sanitizers need more address space than a limit can tell
    const pid_t child = fork();
    assert_int_not_equal(child, -1);
    if (child == 0)
        _exit(run_without_threads());
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_threads_to_be_had), // first: stacks are kept
        cmocka_unit_test(test_each_job_runs_once),
        cmocka_unit_test(test_idle_worker_takes_next_job),
        cmocka_unit_test(test_close_with_jobs_left),
        cmocka_unit_test(test_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
