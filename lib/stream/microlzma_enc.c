// SPDX-License-Identifier: 0BSD
// The microlzma encoder: as much input as fits into the output buffer.
//
// How much fits is known only when the output is full, and the LZMA1 encoder takes in
// more than it encodes. So the input position is set afterwards, from what the encoder
// says it has put into the output. How large the output is only the one call tells: the
// LZMA1 encoder is opened there.

#include "stream/microlzma_enc.h"
#include "base/alloc.h"
#include "base/try.h"
#include "format/lclppb.h"
#include "lzma/lzma_enc.h"

/* Least room: the range coder's 5 bytes and one more. */
#define ROOM_MIN 6

struct microlzma_enc {
    struct xz_coder base;
    struct xz_coder *lzma1; // owned
    lzma_options_lzma options;
    uint8_t props; // lc, lp and pb
};

static lzma_ret microlzma_enc_code(struct xz_coder *coder,
                                   const lzma_allocator *allocator, struct xz_io *io,
                                   lzma_action action)
{
    struct microlzma_enc *enc = (struct microlzma_enc *)coder;
    const size_t in_start = io->in_pos;
    const size_t out_start = io->out_pos;
    if (xz_io_out_left(io) < ROOM_MIN)
        return LZMA_PROG_ERROR;

    const struct xz_lzma1_finish finish = {
        .marker = false,
        .out_limit = xz_io_out_left(io),
    };
    XZ_TRY(xz_lzma1_enc_open(&enc->lzma1, allocator, &enc->options, &finish));
    const lzma_ret ret = xz_coder_pull(enc->lzma1, allocator, io, action);
    if (ret != LZMA_STREAM_END)
        return ret == LZMA_OK ? LZMA_PROG_ERROR : ret;
    io->in_pos = in_start + (size_t)xz_lzma1_enc_consumed(enc->lzma1);
    io->out[out_start] = (uint8_t)~enc->props;
    return LZMA_STREAM_END;
}

static void microlzma_enc_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct microlzma_enc *enc = (struct microlzma_enc *)coder;
    xz_coder_end(&enc->lzma1, allocator);
    xz_free(enc, allocator);
}

static const struct xz_coder_ops microlzma_enc_ops = {
    .code = microlzma_enc_code,
    .end = microlzma_enc_end,
};

lzma_ret xz_microlzma_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                               const lzma_options_lzma *options)
{
    struct microlzma_enc *enc =
        xz_coder_take(slot, &microlzma_enc_ops, sizeof(*enc), allocator);
    if (enc == NULL)
        return LZMA_MEM_ERROR;
    if (!xz_lclppb_encode(options, &enc->props)
        || xz_lzma1_enc_memusage(options) == UINT64_MAX)
        return LZMA_OPTIONS_ERROR;
    enc->options = *options;
    return LZMA_OK;
}
