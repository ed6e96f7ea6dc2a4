// SPDX-License-Identifier: 0BSD
// Handing out what a range encoder writes while carries may still come.
//
// A carry runs back over bytes of 255 to the first byte that is not, and changes that
// one and those. Bytes before it are settled. An LZMA1 stream has one run of range
// coding from start to end, so its buffer is handed out in pieces like this:
//
//     buf | settled | last byte that is not 255 | 255 255 ... | free
//                   ^ `settled`                               ^ rc->out
//
// What is not settled moves to the front of the buffer. If it should ever fill the
// buffer, one byte of 255 stands for all of them: they can only change together.

#ifndef XZ_LZMA_RANGE_OUT_H
#define XZ_LZMA_RANGE_OUT_H

#include "base/io.h"
#include "lzma/range_enc.h"

struct xz_range_out {
    uint8_t *buf;    // owned by the caller; where rc was started
    uint64_t total;  // bytes that went out
    uint64_t folded; // buf[1] stands for so many bytes more
    size_t out_pos;  // bytes of buf that went out
    size_t settled;  // bytes of buf that may go out
};

static inline void xz_range_out_start(struct xz_range_out *o, uint8_t *buf)
{
    *o = (struct xz_range_out){.buf = buf};
}

/* Bytes written so far, wherever they are. */
static inline uint64_t xz_range_out_size(const struct xz_range_out *o,
                                         const struct xz_range_enc *rc)
{
    return o->total + o->folded + (uint64_t)(rc->out - (o->buf + o->out_pos));
}

/* Index in buf of the last byte that is not 255. The first byte ever written is 0, and
   one such byte is always kept. */
size_t xz_range_out_last(const struct xz_range_out *o, const struct xz_range_enc *rc);

/* Decides what may go out: all of it at the end (is_finished), else what no carry can
   change. To be followed by xz_range_out_write(), until that returns true, before the
   next symbol is coded. */
void xz_range_out_settle(struct xz_range_out *o, struct xz_range_enc *rc,
                         bool is_finished);

/* Writes settled bytes to io's output. Returns true when all of them are out; then
   the rest was moved to the front. */
bool xz_range_out_write(struct xz_range_out *o, struct xz_range_enc *rc,
                        struct xz_io *io);

#endif
