// SPDX-License-Identifier: 0BSD
// The clock and conditions that wait on it.

#define _GNU_SOURCE // pthread_cond_clockwait()
#include "thread/sync.h"

uint64_t xz_monotonic_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

bool xz_cond_init(pthread_cond_t *cond)
{
    if (XZ_HAVE_CLOCKWAIT)
        return pthread_cond_init(cond, NULL) == 0;
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0)
        return false;
    const bool good = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0
                      && pthread_cond_init(cond, &attributes) == 0;
    (void)pthread_condattr_destroy(&attributes);
    return good;
}

bool xz_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, uint64_t deadline_ms)
{
    if (deadline_ms == XZ_NO_DEADLINE) {
        (void)pthread_cond_wait(cond, mutex);
        return true;
    }
    const struct timespec deadline = {
        .tv_sec = (time_t)(deadline_ms / 1000),
        .tv_nsec = (long)(deadline_ms % 1000) * 1000000,
    };
    return XZ_COND_WAIT_UNTIL(cond, mutex, &deadline) == 0;
}
