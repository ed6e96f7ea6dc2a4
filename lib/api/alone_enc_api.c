// SPDX-License-Identifier: 0BSD
// Exported: encoders of .lzma files and of microlzma.

#include "api/stream_state.h"
#include "base/try.h"
#include "stream/alone_enc.h"
#include "stream/microlzma_enc.h"

extern LZMA_API(lzma_ret)
    lzma_alone_encoder(lzma_stream *strm, const lzma_options_lzma *options)
{
    const unsigned actions = XZ_ACTION(LZMA_RUN) | XZ_ACTION(LZMA_FINISH);
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, actions, &slot));
    const lzma_ret ret = options == NULL
                             ? LZMA_PROG_ERROR
                             : xz_alone_enc_open(slot, strm->allocator, options);
    return xz_strm_opened(strm, ret);
}

extern LZMA_API(lzma_ret)
    lzma_microlzma_encoder(lzma_stream *strm, const lzma_options_lzma *options)
{
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTION(LZMA_FINISH), &slot));
    const lzma_ret ret = options == NULL
                             ? LZMA_PROG_ERROR
                             : xz_microlzma_enc_open(slot, strm->allocator, options);
    return xz_strm_opened(strm, ret);
}
