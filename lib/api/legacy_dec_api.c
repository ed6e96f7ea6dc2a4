// SPDX-License-Identifier: 0BSD
// Exported: decoders of .lzma and .lz files, of any of the formats, and of microlzma.

#include "api/stream_state.h"
#include "api/threads_env.h"
#include "base/try.h"
#include "stream/alone_dec.h"
#include "stream/auto_dec.h"
#include "stream/lzip_dec.h"
#include "stream/microlzma_dec.h"

extern LZMA_API(lzma_ret) lzma_alone_decoder(lzma_stream *strm, uint64_t memlimit)
{
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_DECODE, &slot));
    return xz_strm_opened(strm,
                          xz_alone_dec_open(slot, strm->allocator, memlimit, false));
}

extern LZMA_API(lzma_ret)
    lzma_lzip_decoder(lzma_stream *strm, uint64_t memlimit, uint32_t flags)
{
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_DECODE, &slot));
    return xz_strm_opened(strm,
                          xz_lzip_dec_open(slot, strm->allocator, memlimit, flags));
}

extern LZMA_API(lzma_ret)
    lzma_auto_decoder(lzma_stream *strm, uint64_t memlimit, uint32_t flags)
{
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_DECODE, &slot));
    return xz_strm_opened(strm, xz_auto_dec_open(slot, strm->allocator, memlimit, flags,
                                                 xz_threads_env_open));
}

extern LZMA_API(lzma_ret)
    lzma_microlzma_decoder(lzma_stream *strm, uint64_t comp_size, uint64_t uncomp_size,
                           lzma_bool uncomp_size_is_exact, uint32_t dict_size)
{
    const struct xz_microlzma_sizes sizes = {
        .compressed_size = comp_size,
        .uncompressed_size = uncomp_size,
        .uncompressed_size_is_exact = uncomp_size_is_exact != 0,
    };
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_DECODE, &slot));
    return xz_strm_opened(
        strm, xz_microlzma_dec_open(slot, strm->allocator, &sizes, dict_size));
}
