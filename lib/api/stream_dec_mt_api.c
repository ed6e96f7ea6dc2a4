// SPDX-License-Identifier: 0BSD
// Exported: the threaded .xz decoder.

#include "api/stream_state.h"
#include "base/try.h"
#include "thread/pool.h"
#include "thread/stream_dec_mt.h"

static lzma_ret open_decoder(lzma_stream *strm, const lzma_mt *options,
                             const clearxz_file *file)
{
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_DECODE, &slot));
    if (options == NULL || file == NULL)
        return xz_strm_opened(strm, LZMA_PROG_ERROR);
    if (options->threads == 0 || options->threads > XZ_THREADS_MAX)
        return xz_strm_opened(strm, LZMA_OPTIONS_ERROR);
    const struct xz_dec_mt_options checked = {
        .threads = options->threads,
        .flags = options->flags,
        .timeout_ms = options->timeout,
        .memlimit_threading = options->memlimit_threading,
        .memlimit_stop = options->memlimit_stop,
        .file = *file,
    };
    return xz_strm_opened(strm, xz_stream_dec_mt_open(slot, strm->allocator, &checked));
}

extern LZMA_API(lzma_ret)
    lzma_stream_decoder_mt(lzma_stream *strm, const lzma_mt *options)
{
    const clearxz_file unknown = {.index = NULL};
    return open_decoder(strm, options, &unknown);
}

extern LZMA_API(lzma_ret)
    clearxz_file_decoder_mt(lzma_stream *strm, const lzma_mt *options,
                            const clearxz_file *file)
{
    return open_decoder(strm, options, file);
}
