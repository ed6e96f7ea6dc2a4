// SPDX-License-Identifier: 0BSD
// Exported: raw decoders.

#include "api/buffer_args.h"
#include "api/stream_state.h"
#include "base/try.h"
#include "stream/chain.h"
#include "stream/filter_list.h"

extern LZMA_API(lzma_bool) lzma_filter_decoder_is_supported(lzma_vli id)
{
    return xz_filter_find(&xz_chain_decoders, id) != NULL;
}

extern LZMA_API(uint64_t) lzma_raw_decoder_memusage(const lzma_filter *filters)
{
    const uint64_t chain = xz_chain_memusage(&xz_chain_decoders, filters);
    return chain == UINT64_MAX ? UINT64_MAX : chain + XZ_MEMUSAGE_BASE;
}

extern LZMA_API(lzma_ret)
    lzma_raw_decoder(lzma_stream *strm, const lzma_filter *filters)
{
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_DECODE, &slot));
    return xz_strm_opened(
        strm, xz_chain_open(&xz_chain_decoders, slot, strm->allocator, filters));
}

/* Whether the data from in_start on gives more than room bytes, for a decoder that has
   filled its output and used all input: LZMA1 data can be whole there although not all
   of it came out. Decodes once more, to where nothing is kept. */
static lzma_ret is_longer(const lzma_filter *filters, const lzma_allocator *allocator,
                          const struct xz_io *done, size_t in_start, size_t room,
                          bool *ret_longer)
{
    struct xz_coder *chain = NULL;
    uint8_t scrap[512];
    struct xz_io io = {.in = done->in, .in_pos = in_start, .in_size = done->in_size};
    io.out = scrap;
    io.out_size = sizeof(scrap);
    uint64_t size = 0;
    lzma_ret ret = xz_chain_open(&xz_chain_decoders, &chain, allocator, filters);
    while (ret == LZMA_OK && size <= room) {
        io.out_pos = 0;
        ret = xz_coder_pull(chain, allocator, &io, LZMA_FINISH);
        size += io.out_pos;
        if (io.out_pos == 0)
            break;
    }
    xz_coder_end(&chain, allocator);
    if (ret == LZMA_MEM_ERROR)
        return ret;
    *ret_longer = size > room;
    return LZMA_OK;
}

/* The decoder wants more input or more room: which one was missing? */
static lzma_ret explain(const lzma_filter *filters, const lzma_allocator *allocator,
                        const struct xz_io *io, size_t in_start, size_t out_start)
{
    if (xz_io_in_left(io) > 0)
        return LZMA_BUF_ERROR;
    if (xz_io_out_left(io) > 0)
        return LZMA_DATA_ERROR;
    bool longer;
    XZ_TRY(
        is_longer(filters, allocator, io, in_start, io->out_size - out_start, &longer));
    return longer ? LZMA_BUF_ERROR : LZMA_DATA_ERROR;
}

extern LZMA_API(lzma_ret)
    lzma_raw_buffer_decode(const lzma_filter *filters, const lzma_allocator *allocator,
                           const uint8_t *in, size_t *in_pos, size_t in_size,
                           uint8_t *out, size_t *out_pos, size_t out_size)
{
    struct xz_io io;
    XZ_TRY(xz_buffer_args_decode(in, in_pos, in_size, out, out_pos, out_size, &io));
    struct xz_coder *chain = NULL;
    lzma_ret ret = xz_chain_open(&xz_chain_decoders, &chain, allocator, filters);
    if (ret == LZMA_OK)
        ret = xz_coder_pull(chain, allocator, &io, LZMA_FINISH);
    xz_coder_end(&chain, allocator);
    if (ret == LZMA_OK)
        return explain(filters, allocator, &io, *in_pos, *out_pos);
    if (ret != LZMA_STREAM_END)
        return ret;
    *in_pos = io.in_pos;
    *out_pos = io.out_pos;
    return LZMA_OK;
}
