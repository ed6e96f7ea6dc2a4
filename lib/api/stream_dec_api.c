// SPDX-License-Identifier: 0BSD
// Exported: decoders of .xz files, streaming or in one call.

#include "api/buffer_args.h"
#include "api/stream_state.h"
#include "api/threads_env.h"
#include "base/try.h"
#include "stream/stream_dec.h"

extern LZMA_API(lzma_ret)
    lzma_stream_decoder(lzma_stream *strm, uint64_t memlimit, uint32_t flags)
{
    struct xz_coder **slot;
    struct xz_dec_mt_options options;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_DECODE, &slot));
    if (!XZ_SMALL && xz_threads_env_decoder(strm->allocator, memlimit, flags, &options))
        return xz_strm_opened(strm,
                              xz_stream_dec_mt_open(slot, strm->allocator, &options));
    return xz_strm_opened(strm,
                          xz_stream_dec_open(slot, strm->allocator, memlimit, flags));
}

/* What a one-shot call returns for the coder's result. The decoder takes the last bytes
   of a file only when all output is there: if all input was taken and it has not
   ended, the file is cut off. */
static lzma_ret translate(struct xz_coder *coder, lzma_ret ret, const struct xz_io *io,
                          uint64_t *memlimit)
{
    if (ret == LZMA_STREAM_END)
        return LZMA_OK;
    if (ret == LZMA_OK)
        return io->in_pos == io->in_size ? LZMA_DATA_ERROR : LZMA_BUF_ERROR;
    if (ret == LZMA_MEMLIMIT_ERROR) {
        uint64_t limit;
        XZ_TRY(coder->ops->memlimit(coder, memlimit, &limit, 0));
    }
    return ret;
}

extern LZMA_API(lzma_ret)
    lzma_stream_buffer_decode(uint64_t *memlimit, uint32_t flags,
                              const lzma_allocator *allocator, const uint8_t *in,
                              size_t *in_pos, size_t in_size, uint8_t *out,
                              size_t *out_pos, size_t out_size)
{
    XZ_TRY(xz_buffer_args_check(in, in_pos, in_size, out, out_pos, out_size));
    if (memlimit == NULL || (flags & LZMA_TELL_ANY_CHECK) != 0)
        return LZMA_PROG_ERROR;
    struct xz_io io = {.in = in, .in_pos = *in_pos, .in_size = in_size, .out = out};
    io.out_pos = *out_pos;
    io.out_size = out_size;
    io.out_stays = true;

    struct xz_coder *coder = NULL;
    lzma_ret ret = xz_stream_dec_open(&coder, allocator, *memlimit, flags);
    if (ret == LZMA_OK) {
        ret = xz_coder_pull(coder, allocator, &io, LZMA_FINISH);
        ret = translate(coder, ret, &io, memlimit);
    }
    xz_coder_end(&coder, allocator);
    if (ret == LZMA_OK) {
        *in_pos = io.in_pos;
        *out_pos = io.out_pos;
    }
    return ret;
}
