// SPDX-License-Identifier: 0BSD
// CLEARXZ_THREADS: whoever runs a program may let its .xz decoders have threads.
//
// This is the only file of the library that looks at the environment, and not in
// programs that run with more rights than their user. The number of threads is the
// value, 0 is one for each processor; anything else counts as not set.
//
// A program's own lzma_allocator may not be made for several threads: a decoder with
// threads has malloc()'s memory then, all but a small struct. Memory for Blocks in
// parallel is a quarter of the machine's, as xz has it, and never more than the
// program's limit.

#define _GNU_SOURCE // secure_getenv()
#include "api/threads_env.h"
#include "base/alloc.h"
#include "base/hardware.h"
#include "stream/stream_dec.h"
#include "thread/pool.h"
#include "thread/stream_dec_mt.h"
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

/* How many threads the variable asks for, 1 if for none. */
static uint32_t threads_asked_for(void)
{
    uint32_t threads = parse(XZ_SECURE_GETENV("CLEARXZ_THREADS"));
    if (threads == 0)
        threads = xz_cputhreads();
    return threads <= XZ_THREADS_MAX ? threads : 1;
}

/* A decoder with threads for a program that has an allocator. */
struct apart {
    struct xz_coder base;
    struct xz_coder *decoder; // owned, in malloc()'s memory
};

static lzma_ret apart_code(struct xz_coder *coder, const lzma_allocator *allocator,
                           struct xz_io *io, lzma_action action)
{
    struct apart *const apart = (struct apart *)coder;
    (void)allocator;
    return xz_coder_pull(apart->decoder, NULL, io, action);
}

static void apart_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct apart *const apart = (struct apart *)coder;
    xz_coder_end(&apart->decoder, NULL);
    xz_free(apart, allocator);
}

static void apart_progress(struct xz_coder *coder, uint64_t *ret_in, uint64_t *ret_out)
{
    xz_coder_progress(((struct apart *)coder)->decoder, ret_in, ret_out);
}

static lzma_check apart_check(const struct xz_coder *coder)
{
    const struct xz_coder *const decoder = ((const struct apart *)coder)->decoder;
    return decoder->ops->check(decoder);
}

static lzma_ret apart_memlimit(struct xz_coder *coder, uint64_t *ret_usage,
                               uint64_t *ret_limit, uint64_t new_limit)
{
    struct xz_coder *const decoder = ((struct apart *)coder)->decoder;
    return decoder->ops->memlimit(decoder, ret_usage, ret_limit, new_limit);
}

static const struct xz_coder_ops apart_ops = {
    .code = apart_code,
    .end = apart_end,
    .progress = apart_progress,
    .check = apart_check,
    .memlimit = apart_memlimit,
};

lzma_ret xz_threads_env_open(struct xz_coder **slot, const lzma_allocator *allocator,
                             uint64_t memlimit, uint32_t flags)
{
    const uint32_t threads = threads_asked_for();
    if (threads < 2)
        return xz_stream_dec_open(slot, allocator, memlimit, flags);
    const uint64_t quarter = xz_physmem() / 4;
    const struct xz_dec_mt_options options = {
        .threads = threads,
        .flags = flags & ~(uint32_t)LZMA_FAIL_FAST, // it is of no account in one thread
        .memlimit_threading = quarter < memlimit ? quarter : memlimit,
        .memlimit_stop = memlimit,
    };
    if (allocator == NULL)
        return xz_stream_dec_mt_open(slot, NULL, &options);
    struct apart *const apart =
        xz_coder_take(slot, &apart_ops, sizeof(*apart), allocator);
    if (apart == NULL)
        return LZMA_MEM_ERROR;
    return xz_stream_dec_mt_open(&apart->decoder, NULL, &options);
}
