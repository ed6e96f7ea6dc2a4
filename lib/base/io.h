// SPDX-License-Identifier: 0BSD
// One record of input and output that all coders pass along.

#ifndef XZ_BASE_IO_H
#define XZ_BASE_IO_H

#include "base/platform.h"
#include <string.h>

/* Bytes before a position are used, bytes from it on are free.
   Invariants: in_pos <= in_size, out_pos <= out_size; in may be NULL only when
   in_size is 0, out only when out_size is 0. A coder moves the positions forward and
   never touches the sizes or the pointers. */
struct xz_io {
    const uint8_t *in; // owned by the caller
    size_t in_pos;
    size_t in_size;
    uint8_t *out; // owned by the caller
    size_t out_pos;
    size_t out_size;

    /* True: from a decoder's first call to its last, out is the same buffer, and what
       the decoder has written there stays as it is. Then that buffer is its dictionary
       and nothing is copied twice. One-shot calls and threaded Blocks say so. */
    bool out_stays;

    /* Set by a filter that has bytes ready for which there is no room. */
    bool has_more;
};

static inline size_t xz_io_in_left(const struct xz_io *io)
{
    return io->in_size - io->in_pos;
}

static inline size_t xz_io_out_left(const struct xz_io *io)
{
    return io->out_size - io->out_pos;
}

/* Moves as many bytes as both sides allow from io's input to its output. Returns how
   many. */
static inline size_t xz_io_copy(struct xz_io *io)
{
    const size_t in_left = xz_io_in_left(io);
    const size_t out_left = xz_io_out_left(io);
    const size_t count = in_left < out_left ? in_left : out_left;
    if (count > 0)
        memcpy(io->out + io->out_pos, io->in + io->in_pos, count);
    io->in_pos += count;
    io->out_pos += count;
    return count;
}

/* Fills buf[*pos .. size) from io's input. Returns true when it is full. */
static inline bool xz_io_gather(struct xz_io *io, uint8_t *buf, size_t *pos,
                                size_t size)
{
    const size_t want = size - *pos;
    const size_t left = xz_io_in_left(io);
    const size_t count = left < want ? left : want;
    if (count > 0)
        memcpy(buf + *pos, io->in + io->in_pos, count);
    *pos += count;
    io->in_pos += count;
    return *pos == size;
}

/* Writes buf[*pos .. size) to io's output. Returns true when all of it is out. */
static inline bool xz_io_scatter(struct xz_io *io, const uint8_t *buf, size_t *pos,
                                 size_t size)
{
    const size_t want = size - *pos;
    const size_t left = xz_io_out_left(io);
    const size_t count = left < want ? left : want;
    if (count > 0)
        memcpy(io->out + io->out_pos, buf + *pos, count);
    *pos += count;
    io->out_pos += count;
    return *pos == size;
}

#endif
