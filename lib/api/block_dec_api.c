// SPDX-License-Identifier: 0BSD
// Exported: decoding of single Blocks.

#include "api/buffer_args.h"
#include "api/stream_state.h"
#include "base/try.h"
#include "stream/block_dec.h"

extern LZMA_API(lzma_ret) lzma_block_decoder(lzma_stream *strm, lzma_block *block)
{
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_DECODE, &slot));
    return xz_strm_opened(strm, xz_block_dec_open(slot, strm->allocator, block));
}

extern LZMA_API(lzma_ret)
    lzma_block_buffer_decode(lzma_block *block, const lzma_allocator *allocator,
                             const uint8_t *in, size_t *in_pos, size_t in_size,
                             uint8_t *out, size_t *out_pos, size_t out_size)
{
    struct xz_io io;
    XZ_TRY(xz_buffer_args_decode(in, in_pos, in_size, out, out_pos, out_size, &io));
    struct xz_coder *coder = NULL;
    lzma_ret ret = xz_block_dec_open(&coder, allocator, block);
    if (ret == LZMA_OK)
        ret = xz_coder_pull(coder, allocator, &io, LZMA_FINISH);
    xz_coder_end(&coder, allocator);
    /* The last bytes of a Block are taken only when all output is there. */
    if (ret == LZMA_OK)
        return io.in_pos == io.in_size ? LZMA_DATA_ERROR : LZMA_BUF_ERROR;
    if (ret != LZMA_STREAM_END)
        return ret;
    *in_pos = io.in_pos;
    *out_pos = io.out_pos;
    return LZMA_OK;
}
