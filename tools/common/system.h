// SPDX-License-Identifier: 0BSD
// What differs between operating systems; the first include of every file in tools/.

/*
 * This is the only place in tools/ that asks which system it is compiled for.
 * Everything else is POSIX.1-2008 and C11.
 */

#ifndef XZ_TOOLS_SYSTEM_H
#define XZ_TOOLS_SYSTEM_H

/* Files beyond 2 GiB and times beyond 2038 on 32-bit systems. */
#ifndef _FILE_OFFSET_BITS
# define _FILE_OFFSET_BITS 64
#endif
#ifndef _TIME_BITS
# define _TIME_BITS 64
#endif

/* Makes a strict -std=c11 show the POSIX functions too. */
#ifndef _DEFAULT_SOURCE
# define _DEFAULT_SOURCE 1
#endif

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <termios.h>

/* The BSDs send SIGINFO for Control-T; elsewhere SIGUSR1 serves alone. */
#ifdef SIGINFO
# define XZ_SIGNAL_INFO SIGINFO
#else
# define XZ_SIGNAL_INFO SIGUSR1
#endif

/* Times of a file with nanoseconds, as futimens() takes them. */
#ifdef __APPLE__
# define XZ_STAT_ATIME(st) ((st)->st_atimespec)
# define XZ_STAT_MTIME(st) ((st)->st_mtimespec)
#else
# define XZ_STAT_ATIME(st) ((st)->st_atim)
# define XZ_STAT_MTIME(st) ((st)->st_mtim)
#endif

/* Tell the kernel that a file will be read from front to end. */
static inline void xz_advise_sequential(int fd)
{
#ifdef POSIX_FADV_SEQUENTIAL
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#else
    (void)fd;
#endif
}

/* The kernel's number for the CPU whose system calls a filter is made for; 0: none. */
#if defined(__linux__) && defined(__x86_64__) && !defined(__ILP32__)
# define XZ_SECCOMP_ARCH 0xC000003EU
#elif defined(__linux__) && defined(__aarch64__) && !defined(__ILP32__)
# define XZ_SECCOMP_ARCH 0xC00000B7U
#else
# define XZ_SECCOMP_ARCH 0U
#endif

/* Sanitizers look at the whole process when it ends, which a sandbox would prevent. */
#ifdef __has_feature
# if __has_feature(address_sanitizer)
#  define XZ_IS_SANITIZED 1
# endif
#elif defined(__SANITIZE_ADDRESS__)
# define XZ_IS_SANITIZED 1
#endif
#ifndef XZ_IS_SANITIZED
# define XZ_IS_SANITIZED 0
#endif

/* Columns of a terminal, 80 if it does not tell. */
static inline unsigned xz_terminal_columns(int fd)
{
#ifdef TIOCGWINSZ
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
#endif
    (void)fd;
    return 80;
}

/* What a directory says about the kind of a member; false also if it says nothing. */
#ifdef DT_DIR
# define XZ_DIRENT_IS(member, kind) ((member)->d_type == (kind))
#else
# define XZ_DIRENT_IS(member, kind) ((void)(member), false)
#endif

/* The resource whose limit bounds all memory of the process, besides RLIMIT_DATA. */
#ifdef __OpenBSD__
# define XZ_RLIMIT_MEMORY RLIMIT_DATA
#else
# define XZ_RLIMIT_MEMORY RLIMIT_AS
#endif

#endif
