// SPDX-License-Identifier: 0BSD
// Signals: stop tidily, show progress, count no time while stopped.

#ifndef XZ_TOOLS_SIGNALS_H
#define XZ_TOOLS_SIGNALS_H

#include <pthread.h>
#include <stdbool.h>

/*
 * Catch the signals that ask for an end (INT TERM HUP PIPE XCPU XFSZ) or for news (ALRM
 * USR1 INFO). What is ignored stays ignored. Returns false, with errno set, on failure.
 */
bool xz_signals_install(void);

/*
 * Catch SIGTSTP too, so that the time spent stopped can be left out of the clock. Only
 * for programs that look at xz_signals_pause() often.
 */
void xz_signals_install_pause(void);

/* True once a signal asked for an end. Undo what is half done, then re-raise. */
bool xz_signals_aborted(void);

/* True once for each time that a signal asked for news. */
bool xz_signals_take_news(void);

/*
 * If SIGTSTP came: stop here, and return true after having been continued. On any
 * thread.
 */
bool xz_signals_pause(void);

/*
 * Readable when a signal has come since xz_signals_drain(); to be used in poll() beside
 * the file that may block.
 */
int xz_signals_fd(void);

/* Forget that xz_signals_fd() was readable. */
void xz_signals_drain(void);

/* Make xz_signals_fd() readable, for the thread that waits for it. From any thread. */
void xz_signals_wake(void);

/*
 * Start a thread to which no signals come, but those that its own writing causes. Like
 * pthread_create(); false on failure.
 */
bool xz_signals_start_thread(pthread_t *thread, void *(*work)(void *), void *opaque);

/*
 * Initialise a condition for xz_signals_wait(): on the monotonic clock, so that setting
 * the wall clock back does not make signals wait.
 */
void xz_signals_cond_init(pthread_cond_t *cond);

/*
 * Like pthread_cond_wait(), but for a tenth of a second at most, so that the caller can
 * look at signals so often. The condition is of xz_signals_cond_init().
 */
void xz_signals_wait(pthread_cond_t *cond, pthread_mutex_t *mutex);

/*
 * Name the files that may block in read() and write() now; -1 stands for none. A signal
 * that asks for an end makes them non-blocking at once. Calling this again puts back
 * the flags of files named before.
 */
void xz_signals_guard(int fd_in, int fd_out);

/*
 * End the process by the signal that asked for an end; return if there was none. On any
 * thread.
 */
void xz_signals_reraise(void);

#endif
