// SPDX-License-Identifier: 0BSD
// What the compiler and the operating system offer, decided from predefined macros.
//
// This is the only header with compiler and system tests. Nothing here is probed
// when the project is built: a macro either follows from what the compiler says of
// itself, or the portable path is taken. Other files ask for XZ_X86_64 and the like.

#ifndef XZ_BASE_PLATFORM_H
#define XZ_BASE_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `make minimal` defines XZ_SMALL_FILTERS: a bit, counted by the Filter ID, for each
   branch converter that is wanted. Then size counts for more than speed. */
#ifdef XZ_SMALL_FILTERS
# define XZ_SMALL 1
#else
# define XZ_SMALL         0
# define XZ_SMALL_FILTERS 0
#endif

/* A branch converter that may be left out, and what only the whole library has. The
   compiler sees that a name is not needed, so the linker need not find it. */
#define XZ_IF_FILTER(id, function)                                                     \
 (!XZ_SMALL || (XZ_SMALL_FILTERS >> (id)&1) != 0 ? (function) : NULL)
#define XZ_IF_WHOLE(function) (!XZ_SMALL ? (function) : NULL)

#if (defined(__GNUC__) || defined(__clang__)) && !XZ_SMALL
# define XZ_ALWAYS_INLINE static inline __attribute__((__always_inline__))
#else
# define XZ_ALWAYS_INLINE static inline
#endif

#if defined(__GNUC__) || defined(__clang__)
# define XZ_NOINLINE    __attribute__((__noinline__))
# define XZ_LIKELY(x)   __builtin_expect(!!(x), 1)
# define XZ_UNLIKELY(x) __builtin_expect(!!(x), 0)
# define XZ_PREFETCH(p) __builtin_prefetch(p)
/* Into the second-level cache: more of these can be under way. */
# define XZ_PREFETCH_FAR(p) __builtin_prefetch(p, 0, 2)
# define XZ_RESTRICT        __restrict__
# define XZ_TARGET(name)    __attribute__((__target__(name)))
# define XZ_HAVE_GNUC       1
#else
# define XZ_NOINLINE
# define XZ_LIKELY(x)       (x)
# define XZ_UNLIKELY(x)     (x)
# define XZ_PREFETCH(p)     ((void)(p))
# define XZ_PREFETCH_FAR(p) ((void)(p))
# define XZ_RESTRICT
# define XZ_TARGET(name)
# define XZ_HAVE_GNUC 0
#endif

/* Intrinsics need a compiler that compiles one function for another CPU. */
#if XZ_HAVE_GNUC && defined(__x86_64__) && !defined(__ILP32__) && !XZ_SMALL
# define XZ_X86_64 1
#else
# define XZ_X86_64 0
#endif

#if XZ_HAVE_GNUC && defined(__aarch64__) && !XZ_SMALL
# define XZ_ARM64 1
#else
# define XZ_ARM64 0
#endif

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
# define XZ_BIG_ENDIAN 1
#else
# define XZ_BIG_ENDIAN 0
#endif

#if defined(__linux__)
# define XZ_LINUX 1
#else
# define XZ_LINUX 0
#endif

/* An environment variable, or NULL in programs with more rights than their user. Where
   no function tells, there are none. */
#if XZ_LINUX
# define XZ_SECURE_GETENV(name) secure_getenv(name)
#else
# define XZ_SECURE_GETENV(name) ((const char *)NULL)
#endif

/* Waiting on a condition with a deadline on the monotonic clock: where the call cannot
   be told which clock, the condition is (thread/sync.c). The former costs programs
   three names less to look up. sync.c defines _GNU_SOURCE. */
#if defined(__GLIBC__)
# if __GLIBC_PREREQ(2, 30)
#  define XZ_HAVE_CLOCKWAIT 1
# endif
#endif
#if defined(XZ_HAVE_CLOCKWAIT)
# define XZ_COND_WAIT_UNTIL(cond, mutex, deadline)                                     \
  pthread_cond_clockwait(cond, mutex, CLOCK_MONOTONIC, deadline)
#else
# define XZ_HAVE_CLOCKWAIT 0
# define XZ_COND_WAIT_UNTIL(cond, mutex, deadline)                                     \
  pthread_cond_timedwait(cond, mutex, deadline)
#endif

/* What must be true, looked at in builds with -DXZ_CHECK, which `make check` has: one
   that is not ends the program. */
#if defined(XZ_CHECK)
# define XZ_CHECKED(truth) ((truth) ? (void)0 : __builtin_trap())
#else
# define XZ_CHECKED(truth) ((void)0)
#endif

/* Versioned symbols exist in the shared library on glibc only; the Makefile sets
   XZ_SHARED for its objects, so that a static library never carries versions. */
#if defined(XZ_SHARED) && defined(__ELF__) && XZ_HAVE_GNUC && XZ_LINUX                 \
    && defined(__gnu_linux__)
# define XZ_SYMBOL_VERSIONS 1
#else
# define XZ_SYMBOL_VERSIONS 0
#endif

#endif
