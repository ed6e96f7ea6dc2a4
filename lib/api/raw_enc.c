// SPDX-License-Identifier: 0BSD
// Exported: raw encoders, and changing the filters of a running encoder.

#include "api/buffer_args.h"
#include "api/stream_state.h"
#include "base/try.h"
#include "stream/chain.h"
#include "stream/filter_list.h"

extern LZMA_API(lzma_bool) lzma_filter_encoder_is_supported(lzma_vli id)
{
    return xz_filter_find(&xz_chain_encoders, id) != NULL;
}

extern LZMA_API(uint64_t) lzma_raw_encoder_memusage(const lzma_filter *filters)
{
    const uint64_t chain = xz_chain_memusage(&xz_chain_encoders, filters);
    return chain == UINT64_MAX ? UINT64_MAX : chain + XZ_MEMUSAGE_BASE;
}

extern LZMA_API(lzma_ret)
    lzma_raw_encoder(lzma_stream *strm, const lzma_filter *filters)
{
    const unsigned actions =
        XZ_ACTION(LZMA_RUN) | XZ_ACTION(LZMA_SYNC_FLUSH) | XZ_ACTION(LZMA_FINISH);
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, actions, &slot));
    return xz_strm_opened(
        strm, xz_chain_open(&xz_chain_encoders, slot, strm->allocator, filters));
}

extern LZMA_API(lzma_ret)
    lzma_raw_buffer_encode(const lzma_filter *filters, const lzma_allocator *allocator,
                           const uint8_t *in, size_t in_size, uint8_t *out,
                           size_t *out_pos, size_t out_size)
{
    struct xz_io io;
    XZ_TRY(xz_buffer_args_encode(in, in_size, out, out_pos, out_size, &io));
    struct xz_coder *chain = NULL;
    lzma_ret ret = xz_chain_open(&xz_chain_encoders, &chain, allocator, filters);
    if (ret == LZMA_OK)
        ret = xz_coder_pull(chain, allocator, &io, LZMA_FINISH);
    xz_coder_end(&chain, allocator);
    if (ret == LZMA_OK)
        return LZMA_BUF_ERROR;
    if (ret != LZMA_STREAM_END)
        return ret;
    *out_pos = io.out_pos;
    return LZMA_OK;
}

extern LZMA_API(lzma_ret)
    lzma_filters_update(lzma_stream *strm, const lzma_filter *filters)
{
    struct xz_coder *coder = strm == NULL ? NULL : xz_strm_coder(strm);
    if (coder == NULL || (coder->ops->update == NULL && coder->filter_id == 0))
        return LZMA_PROG_ERROR;
    if (xz_chain_memusage(&xz_chain_encoders, filters) == UINT64_MAX)
        return LZMA_OPTIONS_ERROR;
    if (coder->filter_id != 0)
        return xz_chain_update(coder, strm->allocator, filters);
    return coder->ops->update(coder, strm->allocator, filters);
}
