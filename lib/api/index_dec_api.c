// SPDX-License-Identifier: 0BSD
// Exported: streaming decoders that make a lzma_index.

#include "api/stream_state.h"
#include "base/try.h"
#include "stream/file_info_dec.h"
#include "stream/index_dec.h"

extern LZMA_API(lzma_ret)
    lzma_index_decoder(lzma_stream *strm, lzma_index **i, uint64_t memlimit)
{
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_DECODE, &slot));
    if (i == NULL)
        return xz_strm_opened(strm, LZMA_PROG_ERROR);
    *i = NULL;
    return xz_strm_opened(
        strm, xz_index_dec_open(slot, strm->allocator, i, memlimit, UINT64_MAX));
}

extern LZMA_API(lzma_ret)
    lzma_file_info_decoder(lzma_stream *strm, lzma_index **dest_index,
                           uint64_t memlimit, uint64_t file_size)
{
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_DECODE, &slot));
    if (dest_index == NULL)
        return xz_strm_opened(strm, LZMA_PROG_ERROR);
    return xz_strm_opened(strm,
                          xz_file_info_dec_open(slot, strm->allocator, &strm->seek_pos,
                                                dest_index, memlimit, file_size));
}
