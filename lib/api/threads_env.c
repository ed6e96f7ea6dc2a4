// SPDX-License-Identifier: 0BSD
// CLEARXZ_THREADS: whoever runs a program may let its .xz decoders have threads.
//
// This is the only file of the library that looks at the environment, and not in
// programs that run with more rights than their user. The number of threads is the
// value, 0 is one for each processor; anything else counts as not set.
//
// A program's own lzma_allocator may not be made for several threads, so there must be
// none. Memory for Blocks in parallel is a quarter of the machine's, as xz has it, and
// never more than the program's limit.

#define _GNU_SOURCE // secure_getenv()
#include "api/threads_env.h"
#include "base/hardware.h"
#include "thread/pool.h"
#include <stdlib.h>

/* A number up to XZ_THREADS_MAX, or UINT32_MAX. */
static uint32_t parse(const char *text)
{
    uint32_t value = 0;
    if (text == NULL || *text == '\0')
        return UINT32_MAX;
    for (; *text != '\0'; ++text) {
        if (*text < '0' || *text > '9')
            return UINT32_MAX;
        value = value * 10 + (uint32_t)(*text - '0');
        if (value > XZ_THREADS_MAX)
            return UINT32_MAX;
    }
    return value;
}

bool xz_threads_env_decoder(const lzma_allocator *allocator, uint64_t memlimit,
                            uint32_t flags, struct xz_dec_mt_options *ret_options)
{
    if (allocator != NULL)
        return false;
    uint32_t threads = parse(XZ_SECURE_GETENV("CLEARXZ_THREADS"));
    if (threads == 0)
        threads = xz_cputhreads();
    if (threads < 2 || threads > XZ_THREADS_MAX)
        return false;
    const uint64_t quarter = xz_physmem() / 4;
    const struct xz_dec_mt_options options = {
        .threads = threads,
        .flags = flags,
        .memlimit_threading = quarter < memlimit ? quarter : memlimit,
        .memlimit_stop = memlimit,
    };
    *ret_options = options;
    return true;
}
