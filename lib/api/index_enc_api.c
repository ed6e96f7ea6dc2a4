// SPDX-License-Identifier: 0BSD
// Exported: the streaming Index encoder.

#include "api/stream_state.h"
#include "base/try.h"
#include "stream/index_enc.h"

extern LZMA_API(lzma_ret) lzma_index_encoder(lzma_stream *strm, const lzma_index *i)
{
    const unsigned actions = XZ_ACTION(LZMA_RUN) | XZ_ACTION(LZMA_FINISH);
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, actions, &slot));
    const lzma_ret ret =
        i == NULL ? LZMA_PROG_ERROR : xz_index_enc_open(slot, strm->allocator, i);
    return xz_strm_opened(strm, ret);
}
