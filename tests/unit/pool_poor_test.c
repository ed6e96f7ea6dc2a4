// SPDX-License-Identifier: 0BSD
// The thread pool where the system has no more threads or conditions.
//
// pthread_create() and pthread_cond_init() of this file take the place of the system's.

#include "thread/pool.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static int threads_asked;
static int conditions_left;

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                   void *(*start)(void *), void *argument)
{
    (void)thread;
    (void)attributes;
    (void)start;
    (void)argument;
    ++threads_asked;
    return EAGAIN;
}

int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes)
{
    (void)attributes;
    if (conditions_left == 0)
        return ENOMEM;
    --conditions_left;
    *cond = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    return 0;
}

/* Counts what is allocated and not freed. */
static void *take(void *opaque, size_t count, size_t size)
{
    void *p = calloc(count, size);
    *(long *)opaque += p != NULL;
    return p;
}

static void give(void *opaque, void *p)
{
    *(long *)opaque -= p != NULL;
    free(p);
}

struct counted_job {
    struct xz_job job;
    int runs;
};

static void run_counted(struct xz_job *job)
{
    ++((struct counted_job *)job)->runs;
}

/* Every job runs at once, in the caller; the pool asks again each time. */
static void no_threads(void **state)
{
    (void)state;
    conditions_left = 2;
    struct xz_pool *pool = xz_pool_open(4, NULL);
    assert_non_null(pool);
    for (int i = 1; i <= 3; ++i) {
        struct counted_job job = {.job.run = run_counted};
        xz_pool_submit(pool, &job.job);
        assert_int_equal(job.runs, 1);
        assert_int_equal(threads_asked, i);
    }
    assert_int_equal(pool->thread_count, 0);
    assert_int_equal(pool->queued_count, 0);
    xz_pool_close(pool, NULL);
}

/* Without conditions there is no pool, and nothing stays allocated. */
static void no_conditions(void **state)
{
    (void)state;
    for (int enough = 0; enough <= 2; ++enough) {
        long live = 0;
        const lzma_allocator allocator = {take, give, &live};
        conditions_left = enough;
        struct xz_pool *pool = xz_pool_open(4, &allocator);
        assert_int_equal(pool != NULL, enough == 2);
        assert_int_equal(live, enough == 2 ? 2 : 0);
        xz_pool_close(pool, &allocator);
        assert_int_equal(live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_threads),
        cmocka_unit_test(no_conditions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
