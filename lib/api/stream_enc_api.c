// SPDX-License-Identifier: 0BSD
// Exported: .xz encoders in the calling thread, by filters or by preset, streaming or
// in one call.

#include "api/buffer_args.h"
#include "api/easy_chain.h"
#include "api/stream_state.h"
#include "base/try.h"
#include "check/check.h"
#include "format/block_header.h"
#include "format/index.h"
#include "format/index_field.h"
#include "format/stream_flags.h"
#include "stream/block_enc.h"
#include "stream/chain.h"
#include "stream/stream_enc.h"

#define XZ_ACTIONS_STREAM                                                              \
 (XZ_ACTION(LZMA_RUN) | XZ_ACTION(LZMA_SYNC_FLUSH) | XZ_ACTION(LZMA_FULL_FLUSH)        \
  | XZ_ACTION(LZMA_FULL_BARRIER) | XZ_ACTION(LZMA_FINISH))

extern LZMA_API(lzma_ret)
    lzma_stream_encoder(lzma_stream *strm, const lzma_filter *filters, lzma_check check)
{
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_STREAM, &slot));
    return xz_strm_opened(strm,
                          xz_stream_enc_open(slot, strm->allocator, filters, check));
}

extern LZMA_API(lzma_ret)
    lzma_easy_encoder(lzma_stream *strm, uint32_t preset, lzma_check check)
{
    struct xz_easy_chain easy;
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_STREAM, &slot));
    lzma_ret ret = xz_easy_chain_init(&easy, preset);
    if (ret == LZMA_OK)
        ret = xz_stream_enc_open(slot, strm->allocator, easy.filters, check);
    return xz_strm_opened(strm, ret);
}

extern LZMA_API(uint64_t) lzma_easy_encoder_memusage(uint32_t preset)
{
    struct xz_easy_chain easy;
    if (xz_easy_chain_init(&easy, preset) != LZMA_OK)
        return UINT64_MAX;
    return lzma_raw_encoder_memusage(easy.filters);
}

/* The one Block, if there is data, and its Record in the Index. */
static lzma_ret encode_block(lzma_index *index, lzma_filter *filters, lzma_check check,
                             const lzma_allocator *allocator, struct xz_io *io)
{
    if (xz_io_in_left(io) == 0)
        return LZMA_OK;
    lzma_block block = {.version = 0, .check = check, .filters = filters};
    struct xz_coder *chain = NULL;
    const lzma_ret ret = xz_block_encode(&chain, allocator, &block, io, NULL);
    xz_coder_end(&chain, allocator);
    XZ_TRY(ret);
    return xz_index_append(index, allocator, xz_block_unpadded_size(&block),
                           block.uncompressed_size);
}

/* Header, Block, Index, footer at io's output; io's out_size leaves room for the footer
   to follow. */
static lzma_ret encode_stream(lzma_index *index, lzma_filter *filters, lzma_check check,
                              const lzma_allocator *allocator, struct xz_io *io)
{
    lzma_stream_flags flags = {.version = 0, .check = check};
    XZ_TRY(xz_stream_header_encode(&flags, io->out + io->out_pos));
    io->out_pos += LZMA_STREAM_HEADER_SIZE;
    XZ_TRY(encode_block(index, filters, check, allocator, io));
    XZ_TRY(xz_index_field_encode(index, io->out, &io->out_pos, io->out_size));
    flags.backward_size = xz_index_size(index);
    XZ_TRY(xz_stream_footer_encode(&flags, io->out + io->out_pos));
    io->out_pos += LZMA_STREAM_HEADER_SIZE;
    return LZMA_OK;
}

extern LZMA_API(lzma_ret)
    lzma_stream_buffer_encode(lzma_filter *filters, lzma_check check,
                              const lzma_allocator *allocator, const uint8_t *in,
                              size_t in_size, uint8_t *out, size_t *out_pos,
                              size_t out_size)
{
    struct xz_io io;
    XZ_TRY(xz_buffer_args_encode(in, in_size, out, out_pos, out_size, &io));
    if (filters == NULL || (unsigned)check > LZMA_CHECK_ID_MAX)
        return LZMA_PROG_ERROR;
    if (!xz_check_is_supported(check))
        return LZMA_UNSUPPORTED_CHECK;
    if (xz_io_out_left(&io) <= 2 * LZMA_STREAM_HEADER_SIZE)
        return LZMA_BUF_ERROR;
    io.out_size -= LZMA_STREAM_HEADER_SIZE;

    lzma_index *index = xz_index_new(allocator);
    if (index == NULL)
        return LZMA_MEM_ERROR;
    const lzma_ret ret = encode_stream(index, filters, check, allocator, &io);
    xz_index_end(index, allocator);
    if (ret == LZMA_OK)
        *out_pos = io.out_pos;
    return ret;
}

extern LZMA_API(lzma_ret)
    lzma_easy_buffer_encode(uint32_t preset, lzma_check check,
                            const lzma_allocator *allocator, const uint8_t *in,
                            size_t in_size, uint8_t *out, size_t *out_pos,
                            size_t out_size)
{
    struct xz_easy_chain easy;
    XZ_TRY(xz_easy_chain_init(&easy, preset));
    return lzma_stream_buffer_encode(easy.filters, check, allocator, in, in_size, out,
                                     out_pos, out_size);
}
