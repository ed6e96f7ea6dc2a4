// SPDX-License-Identifier: 0BSD
// Signal handlers that only leave notes, and the ways to notice them in time.

/*
 * A handler may not touch much, so it writes down the signal's number and the program
 * looks at it between two steps. Two places could sleep through a signal:
 *
 *   poll()   waits for input together with a pipe into which the handler writes a byte
 *            (the self-pipe trick), so the order of signal and poll() does not matter.
 *
 *   write()  and read() return EINTR when a signal comes while they sleep. One that
 *            comes just before they start would be slept through; therefore the handler
 *            makes the two guarded files non-blocking. Doing that only when the program
 *            is about to end, instead of always, spares other processes that share the
 *            same terminal or pipe; the flags are put back before the end.
 *
 * This file holds the only writable globals of the tools: handlers get no argument.
 * They are written before the handlers are installed, or are atomic, since a handler
 * may run on another thread than the one that looks.
 */

#include "system.h"

#include "signals.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const int abort_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXCPU, SIGXFSZ};
static const int news_signals[] = {SIGALRM, SIGUSR1, XZ_SIGNAL_INFO};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "handlers may use them");

/* Number of the signal that asked for an end, or 0 */
static atomic_int abort_signal = 0;

/* Nonzero: a signal asked for news, or for a pause */
static atomic_int news_wanted = 0;
static atomic_int pause_wanted = 0;

/* The self-pipe: read end, write end */
static int wake_pipe[2] = {-1, -1};

/* Guarded files, their flags, and whether the handler changed them */
static atomic_int guarded_fd[2] = {-1, -1};
static atomic_int guarded_flags[2] = {0, 0};
static atomic_int guard_used = 0;

/* Make poll() return. The write end does not block. */
static void wake(void)
{
    char byte = 0;
    ssize_t ignored = write(wake_pipe[1], &byte, 1);
    (void)ignored; // a full pipe is readable already
}

/* fcntl() and write() are among the functions that a handler may call. */
static void on_abort(int number)
{
    int saved_errno = errno;
    abort_signal = number;
    for (size_t i = 0; i < 2; i++) {
        if (guarded_fd[i] != -1) {
            (void)fcntl(guarded_fd[i], F_SETFL, guarded_flags[i] | O_NONBLOCK);
            guard_used = 1;
        }
    }
    wake();
    errno = saved_errno;
}

static void on_news(int number)
{
    int saved_errno = errno;
    (void)number;
    news_wanted = 1;
    wake();
    errno = saved_errno;
}

static void on_pause(int number)
{
    int saved_errno = errno;
    (void)number;
    pause_wanted = 1;
    wake();
    errno = saved_errno;
}

/* Without SA_RESTART, so that read() and write() return. Ignored signals stay so. */
static bool handle(int number, void (*handler)(int))
{
    struct sigaction old;
    if (sigaction(number, NULL, &old) != 0)
        return false;
    if (old.sa_handler == SIG_IGN)
        return true;
    struct sigaction action = {.sa_handler = handler};
    sigfillset(&action.sa_mask);
    return sigaction(number, &action, NULL) == 0;
}

/*
 * All signals are blocked while a handler runs, so that handlers do not interrupt each
 * other.
 */
bool xz_signals_install(void)
{
    if (pipe(wake_pipe) != 0)
        return false;
    for (size_t i = 0; i < 2; i++) {
        int flags = fcntl(wake_pipe[i], F_GETFL);
        if (flags == -1 || fcntl(wake_pipe[i], F_SETFL, flags | O_NONBLOCK) == -1
            || fcntl(wake_pipe[i], F_SETFD, FD_CLOEXEC) == -1)
            return false;
    }
    for (size_t i = 0; i < COUNT(abort_signals); i++)
        if (!handle(abort_signals[i], on_abort))
            return false;
    for (size_t i = 0; i < COUNT(news_signals); i++)
        if (!handle(news_signals[i], on_news))
            return false;
    return true;
}

void xz_signals_install_pause(void)
{
    (void)handle(SIGTSTP, on_pause);
}

bool xz_signals_aborted(void)
{
    return abort_signal != 0;
}

bool xz_signals_take_news(void)
{
    bool wanted = news_wanted != 0;
    news_wanted = 0;
    return wanted;
}

/*
 * The default action is what stops the process: SIGSTOP instead would also stop a
 * process whose group has nobody to continue it.
 */
bool xz_signals_pause(void)
{
    if (pause_wanted == 0)
        return false;
    pause_wanted = 0;
    struct sigaction stop = {.sa_handler = SIG_DFL};
    struct sigaction old;
    sigset_t set, before;
    sigemptyset(&stop.sa_mask);
    if (sigaction(SIGTSTP, &stop, &old) != 0)
        return false;
    sigemptyset(&set);
    sigaddset(&set, SIGTSTP);
    (void)pthread_sigmask(SIG_UNBLOCK, &set, &before);
    raise(SIGTSTP); // sleeps here until SIGCONT
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)sigaction(SIGTSTP, &old, NULL);
    return true;
}

int xz_signals_fd(void)
{
    return wake_pipe[0];
}

void xz_signals_wake(void)
{
    wake();
}

/*
 * Others do not look for signals while they wait. SIGPIPE and SIGXFSZ are sent to the
 * thread whose write() went wrong.
 */
bool xz_signals_start_thread(pthread_t *thread, void *(*work)(void *), void *opaque)
{
    sigset_t blocked, before;
    sigfillset(&blocked);
    sigdelset(&blocked, SIGPIPE);
    sigdelset(&blocked, SIGXFSZ);
    (void)pthread_sigmask(SIG_SETMASK, &blocked, &before);
    bool good = pthread_create(thread, NULL, work, opaque) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return good;
}

void xz_signals_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(cond, &attributes);
    (void)pthread_condattr_destroy(&attributes);
}

void xz_signals_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_nsec += 100000000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_sec++;
        time.tv_nsec -= 1000000000;
    }
    (void)pthread_cond_timedwait(cond, mutex, &time);
}

void xz_signals_drain(void)
{
    char bytes[64];
    while (read(wake_pipe[0], bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes))
        ;
}

/*
 * Flags belong to the open file, which other processes may share; hence they are read
 * anew each time and put back as they were.
 */
void xz_signals_guard(int fd_in, int fd_out)
{
    const int fds[2] = {fd_in, fd_out};
    for (size_t i = 0; i < 2; i++) {
        int old = guarded_fd[i];
        guarded_fd[i] = -1;
        if (old != -1 && guard_used != 0)
            (void)fcntl(old, F_SETFL, guarded_flags[i]);
        int flags = fds[i] == -1 ? -1 : fcntl(fds[i], F_GETFL);
        if (flags == -1)
            continue;
        guarded_flags[i] = flags;
        guarded_fd[i] = fds[i];
    }
}

/*
 * A program that dies by the signal tells its parent the truth: a shell, for example,
 * ends a loop when Control-C killed the command, not when it exited with an error.
 */
void xz_signals_reraise(void)
{
    int number = abort_signal;
    if (number == 0)
        return;
    xz_signals_guard(-1, -1);
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigset_t set;
    sigemptyset(&action.sa_mask);
    sigemptyset(&set);
    sigaddset(&set, number);
    (void)sigaction(number, &action, NULL);
    (void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(number);
    exit(1); // only if the default action does not end the process
}
