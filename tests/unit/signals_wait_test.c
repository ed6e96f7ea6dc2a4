// SPDX-License-Identifier: 0BSD
// Waiting for signals where somebody sets the wall clock back.
//
// clock_gettime() of this file takes the place of the system's: its wall clock is a day
// ahead, as if it had been set back just after it was read.

#define _GNU_SOURCE // syscall()
#include "../../tools/common/signals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define DAY 86400

int clock_gettime(clockid_t clock, struct timespec *time)
{
    const int status = (int)syscall(SYS_clock_gettime, clock, time);
    if (clock == CLOCK_REALTIME)
        time->tv_sec += DAY;
    return status;
}

/* A tenth of a second, or a day: then the alarm ends the test. */
static void wall_clock_set_back(void **state)
{
    (void)state;
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t cond;
    xz_signals_cond_init(&cond);
    (void)alarm(600);
    pthread_mutex_lock(&mutex);
    xz_signals_wait(&cond, &mutex);
    pthread_mutex_unlock(&mutex);
    (void)alarm(0);
    assert_int_equal(pthread_cond_destroy(&cond), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wall_clock_set_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
