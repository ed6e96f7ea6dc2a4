// SPDX-License-Identifier: 0BSD
// Mutex, condition and clock: the few things of pthread that the room uses.
//
// Lock scopes stay visible: xz_lock(&m); ...; xz_unlock(&m). Waiting has a deadline on
// the monotonic clock, so that setting the wall clock disturbs nobody.

#ifndef XZ_THREAD_SYNC_H
#define XZ_THREAD_SYNC_H

#include "base/platform.h"
#include <pthread.h>
#include <time.h>

/* A deadline that never comes. */
#define XZ_NO_DEADLINE UINT64_MAX

/* Milliseconds on a clock that only moves forward. */
uint64_t xz_monotonic_ms(void);

static inline void xz_lock(pthread_mutex_t *mutex)
{
    (void)pthread_mutex_lock(mutex);
}

static inline void xz_unlock(pthread_mutex_t *mutex)
{
    (void)pthread_mutex_unlock(mutex);
}

/* Initialises a condition that waits on the monotonic clock. False: no resources. */
bool xz_cond_init(pthread_cond_t *cond);

/* Waits for a signal with mutex held. deadline_ms is a time of xz_monotonic_ms() or
   XZ_NO_DEADLINE. Returns false when the deadline has passed. May wake without a
   cause. */
bool xz_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, uint64_t deadline_ms);

#endif
