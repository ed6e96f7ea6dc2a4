// SPDX-License-Identifier: 0BSD
// The .lzma encoder: 13 bytes of header, then LZMA1 data with an end marker.

#include "stream/alone_enc.h"
#include "base/alloc.h"
#include "base/try.h"
#include "format/alone_header.h"
#include "lzma/lzma_enc.h"

struct alone_enc {
    struct xz_coder base;
    struct xz_coder *lzma1; // owned
    size_t header_pos;      // bytes of the header that are out
    uint8_t header[XZ_ALONE_HEADER_SIZE];
};

static lzma_ret alone_enc_code(struct xz_coder *coder, const lzma_allocator *allocator,
                               struct xz_io *io, lzma_action action)
{
    struct alone_enc *enc = (struct alone_enc *)coder;
    if (!xz_io_scatter(io, enc->header, &enc->header_pos, sizeof(enc->header)))
        return LZMA_OK;
    return xz_coder_pull(enc->lzma1, allocator, io, action);
}

static void alone_enc_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct alone_enc *enc = (struct alone_enc *)coder;
    xz_coder_end(&enc->lzma1, allocator);
    xz_free(enc, allocator);
}

static void alone_enc_progress(struct xz_coder *coder, uint64_t *in, uint64_t *out)
{
    struct alone_enc *enc = (struct alone_enc *)coder;
    xz_coder_progress(enc->lzma1, in, out);
}

static const struct xz_coder_ops alone_enc_ops = {
    .code = alone_enc_code,
    .end = alone_enc_end,
    .progress = alone_enc_progress,
};

lzma_ret xz_alone_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_options_lzma *options)
{
    struct alone_enc *enc =
        xz_coder_take(slot, &alone_enc_ops, sizeof(*enc), allocator);
    if (enc == NULL)
        return LZMA_MEM_ERROR;
    enc->header_pos = 0;
    XZ_TRY(xz_alone_header_encode(options, enc->header));
    const struct xz_lzma1_finish finish = {.marker = true, .out_limit = UINT64_MAX};
    return xz_lzma1_enc_open(&enc->lzma1, allocator, options, &finish);
}
