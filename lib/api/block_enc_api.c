// SPDX-License-Identifier: 0BSD
// Exported: encoding of single Blocks.

#include "api/buffer_args.h"
#include "api/stream_state.h"
#include "api/symver.h"
#include "base/try.h"
#include "check/check.h"
#include "stream/block_enc.h"

extern LZMA_API(lzma_ret) lzma_block_encoder(lzma_stream *strm, lzma_block *block)
{
    const unsigned actions =
        XZ_ACTION(LZMA_RUN) | XZ_ACTION(LZMA_SYNC_FLUSH) | XZ_ACTION(LZMA_FINISH);
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, actions, &slot));
    return xz_strm_opened(strm, xz_block_enc_open(slot, strm->allocator, block));
}

/* What both one-shot calls ask of a Block. */
static lzma_ret check_block(const lzma_block *block, bool needs_filters)
{
    if (block == NULL)
        return LZMA_PROG_ERROR;
    if (block->version > 1)
        return LZMA_OPTIONS_ERROR;
    if ((unsigned)block->check > LZMA_CHECK_ID_MAX
        || (needs_filters && block->filters == NULL))
        return LZMA_PROG_ERROR;
    if (!xz_check_is_supported(block->check))
        return LZMA_UNSUPPORTED_CHECK;
    return LZMA_OK;
}

extern LZMA_API(lzma_ret)
    lzma_block_buffer_encode(lzma_block *block, const lzma_allocator *allocator,
                             const uint8_t *in, size_t in_size, uint8_t *out,
                             size_t *out_pos, size_t out_size)
{
    struct xz_io io;
    XZ_TRY(xz_buffer_args_encode(in, in_size, out, out_pos, out_size, &io));
    XZ_TRY(check_block(block, true));
    struct xz_coder *chain = NULL;
    const lzma_ret ret = xz_block_encode(&chain, allocator, block, &io, NULL);
    xz_coder_end(&chain, allocator);
    if (ret == LZMA_OK)
        *out_pos = io.out_pos;
    return ret;
}

extern LZMA_API(lzma_ret)
    lzma_block_uncomp_encode(lzma_block *block, const uint8_t *in, size_t in_size,
                             uint8_t *out, size_t *out_pos, size_t out_size)
{
    struct xz_io io;
    XZ_TRY(xz_buffer_args_encode(in, in_size, out, out_pos, out_size, &io));
    XZ_TRY(check_block(block, false));
    XZ_TRY(xz_block_store(block, &io));
    *out_pos = io.out_pos;
    return LZMA_OK;
}

XZ_DEFAULT_5_2(lzma_block_uncomp_encode)
XZ_ALIAS_5_2_2(lzma_block_uncomp_encode)
