/* SPDX-License-Identifier: 0BSD */
/* The public interface of the compression library: include this file alone. */
/* clang-format off */

/*
 * Programs written for liblzma 5.8 (API level 5.8.3) compile against these headers
 * unchanged: names, types, values and struct layouts are those of that library.
 * What ClearXZ offers beyond it is in <clearxz.h>.
 *
 * A first program
 *
 *     lzma_stream strm = LZMA_STREAM_INIT;
 *     lzma_ret ret = lzma_easy_encoder(&strm, LZMA_PRESET_DEFAULT, LZMA_CHECK_CRC64);
 *     ... set next_in, avail_in, next_out, avail_out; call lzma_code() until it
 *     ... returns LZMA_STREAM_END; give LZMA_FINISH once all input is there
 *     lzma_end(&strm);
 *
 * Words. A .xz file is one or more Streams; a Stream holds Blocks and one Index. A
 * Block went through a chain of up to four filters. Section numbers after "Source:"
 * are those of "The .xz File Format" 1.2.1 unless another document is named.
 *
 * Conventions, valid for every function unless its comment says otherwise
 *
 *   Sizes        in bytes.
 *   in, in_pos, in_size
 *                Input is in[*in_pos] up to and without in[in_size];
 *                *in_pos <= in_size. in may be NULL if in_size is 0.
 *   out, out_pos, out_size
 *                The same for output. Single-call functions move *in_pos and *out_pos
 *                only when they succeed; out may have been written to anyway.
 *   filters      Array in encoding order, 1..LZMA_FILTERS_MAX used entries and then one
 *                with id LZMA_VLI_UNKNOWN. The library copies what it needs, unless a
 *                comment says that the array must stay.
 *   allocator    NULL stands for malloc() and free(). What was allocated with an
 *                allocator is freed with the same one.
 *   strm         Set to LZMA_STREAM_INIT, or used before. A function that sets up a
 *                coder ignores next_in and next_out, zeroes total_in and total_out, and
 *                reuses or frees the old coder. If it fails nothing stays allocated.
 *   memlimit     Bytes of memory a decoder may use. 0 counts as 1; UINT64_MAX is no
 *                limit.
 *   Result codes LZMA_OK is success, LZMA_MEM_ERROR out of memory, LZMA_PROG_ERROR a
 *                NULL or impossible argument: the lists explain them only where they
 *                mean more. Callers must be ready for any code. Functions without a
 *                code answer a wrong NULL with what stands for nothing or failure.
 *
 *   "Threads: any"      may run in several threads at once.
 *   "Threads: one per x" may run in several threads at once, each with its own x; while
 *                        it runs, no other thread may use that x.
 *   "Threads: readers"   several threads may read the same object as long as none
 *                        changes it.
 *   No function may be called from a signal handler. A process that forks must not use,
 *   in the child, a coder with worker threads that the parent opened.
 *
 * Macros that a program may define first
 *
 *   LZMA_API_STATIC      the static library will be linked (matters on Windows)
 *   LZMA_MANUAL_HEADERS  NULL, size_t, uint8_t, uint32_t, uint64_t and the macros
 *                        UINT32_C, UINT64_C, UINT32_MAX, UINT64_MAX exist already
 *   LZMA_API, LZMA_API_IMPORT, LZMA_API_CALL, lzma_nothrow, lzma_attribute, lzma_attr_*
 *                        each replaces the definition below
 */

#ifndef LZMA_H
#define LZMA_H

#ifndef LZMA_MANUAL_HEADERS
# include <stddef.h>

/* C++ before 2011 gives the limit and constant macros only when asked to. */
# if defined(__cplusplus) && !defined(__STDC_LIMIT_MACROS)
#  define __STDC_LIMIT_MACROS 1
# endif
# if defined(__cplusplus) && !defined(__STDC_CONSTANT_MACROS)
#  define __STDC_CONSTANT_MACROS 1
# endif
# include <inttypes.h>

/* Such a compiler may have seen <inttypes.h> earlier, without the request. */
# ifndef UINT32_C
#  define UINT32_C(n) n ## U
# endif
# ifndef UINT64_C
#  include <limits.h>
#  if ULONG_MAX > 4294967295UL
#   define UINT64_C(n) n ## UL
#  else
#   define UINT64_C(n) n ## ULL
#  endif
# endif
# ifndef UINT32_MAX
#  define UINT32_MAX (UINT32_C(4294967295))
# endif
# ifndef UINT64_MAX
#  define UINT64_MAX (UINT64_C(18446744073709551615))
# endif
#endif

/* Linkage of every function; MinGW needs no import mark, Windows needs __cdecl. */
#ifndef LZMA_API_IMPORT
# if defined(_WIN32) && !defined(__GNUC__) && !defined(LZMA_API_STATIC)
#  define LZMA_API_IMPORT __declspec(dllimport)
# else
#  define LZMA_API_IMPORT
# endif
#endif

#ifndef LZMA_API_CALL
# if defined(_WIN32) && !defined(__CYGWIN__)
#  define LZMA_API_CALL __cdecl
# else
#  define LZMA_API_CALL
# endif
#endif

#ifndef LZMA_API
# define LZMA_API(type) LZMA_API_IMPORT type LZMA_API_CALL
#endif

/* No function throws. A caller's allocator must not throw either. */
#ifndef lzma_nothrow
# if defined(__cplusplus)
#  if __cplusplus >= 201103L || (defined(_MSVC_LANG) && _MSVC_LANG >= 201103L)
#   define lzma_nothrow noexcept
#  else
#   define lzma_nothrow throw()
#  endif
# elif defined(__GNUC__)
#  define lzma_nothrow __attribute__((__nothrow__))
# else
#  define lzma_nothrow
# endif
#endif

/* Hints for the compiler; they change no meaning. */
#ifndef lzma_attribute
# if defined(__GNUC__)
#  define lzma_attribute(attr) __attribute__(attr)
# else
#  define lzma_attribute(attr)
# endif
#endif

#ifndef lzma_attr_pure
# define lzma_attr_pure lzma_attribute((__pure__))
#endif

#ifndef lzma_attr_const
# define lzma_attr_const lzma_attribute((__const__))
#endif

#ifndef lzma_attr_warn_unused_result
# define lzma_attr_warn_unused_result lzma_attribute((__warn_unused_result__))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Each part relies on those before it and refuses to be included alone. */
#define LZMA_H_INTERNAL 1

/* Types and functions common to all coders */
#include "lzma/version.h"
#include "lzma/base.h"
#include "lzma/vli.h"
#include "lzma/check.h"

/* Filters */
#include "lzma/filter.h"
#include "lzma/bcj.h"
#include "lzma/delta.h"
#include "lzma/lzma12.h"

/* Whole files */
#include "lzma/container.h"

/* Parts of the .xz format */
#include "lzma/stream_flags.h"
#include "lzma/block.h"
#include "lzma/index.h"
#include "lzma/index_hash.h"

/* The machine */
#include "lzma/hardware.h"

#undef LZMA_H_INTERNAL

#ifdef __cplusplus
}
#endif

#endif
