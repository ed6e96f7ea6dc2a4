// SPDX-License-Identifier: 0BSD
// Exported: the threaded .xz encoder.

#include "api/easy_chain.h"
#include "api/stream_state.h"
#include "api/symver.h"
#include "base/try.h"
#include "lzma/lzma_enc.h"
#include "stream/chain.h"
#include "stream/filter_list.h"
#include "thread/pool.h"
#include "thread/stream_enc_mt.h"

/* Larger Blocks are refused. */
#define BLOCK_SIZE_MAX (UINT64_MAX / XZ_THREADS_MAX)

/* Checks options and fills in defaults; easy backs ret_options->filters where a preset
   is asked for. */
static lzma_ret read_options(const lzma_mt *options, struct xz_easy_chain *easy,
                             struct xz_enc_mt_options *ret_options)
{
    if (options == NULL)
        return LZMA_PROG_ERROR;
    if (options->flags != 0 || options->threads == 0
        || options->threads > XZ_THREADS_MAX)
        return LZMA_OPTIONS_ERROR;

    const lzma_filter *filters = options->filters;
    if (filters == NULL) {
        XZ_TRY(xz_easy_chain_init(easy, options->preset));
        filters = easy->filters;
    }
    uint64_t block_size = options->block_size;
    if (block_size == 0)
        block_size = lzma_mt_block_size(filters);
    if (block_size > BLOCK_SIZE_MAX || block_size > SIZE_MAX
        || xz_chain_memusage(&xz_chain_encoders, filters) == UINT64_MAX)
        return LZMA_OPTIONS_ERROR;

    ret_options->threads = options->threads;
    ret_options->timeout_ms = options->timeout;
    ret_options->block_size = (size_t)block_size;
    ret_options->check = options->check;
    ret_options->filters = filters;
    return LZMA_OK;
}

extern LZMA_API(lzma_ret)
    lzma_stream_encoder_mt(lzma_stream *strm, const lzma_mt *options)
{
    const unsigned actions = XZ_ACTION(LZMA_RUN) | XZ_ACTION(LZMA_FULL_FLUSH)
                             | XZ_ACTION(LZMA_FULL_BARRIER) | XZ_ACTION(LZMA_FINISH);
    struct xz_easy_chain easy;
    struct xz_enc_mt_options checked;
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, actions, &slot));
    lzma_ret ret = read_options(options, &easy, &checked);
    if (ret == LZMA_OK)
        ret = xz_stream_enc_mt_open(slot, strm->allocator, &checked);
    return xz_strm_opened(strm, ret);
}

XZ_DEFAULT_5_2(lzma_stream_encoder_mt)
XZ_ALIAS_5_2_2(lzma_stream_encoder_mt)
XZ_ALIAS_5_1_2ALPHA(lzma_stream_encoder_mt)

extern LZMA_API(uint64_t) lzma_stream_encoder_mt_memusage(const lzma_mt *options)
{
    struct xz_easy_chain easy;
    struct xz_enc_mt_options checked;
    if (read_options(options, &easy, &checked) != LZMA_OK)
        return UINT64_MAX;
    return xz_stream_enc_mt_memusage(&checked);
}

XZ_DEFAULT_5_2(lzma_stream_encoder_mt_memusage)
XZ_ALIAS_5_2_2(lzma_stream_encoder_mt_memusage)
XZ_ALIAS_5_1_2ALPHA(lzma_stream_encoder_mt_memusage)

extern LZMA_API(uint64_t) lzma_mt_block_size(const lzma_filter *filters)
{
    if (filters == NULL)
        return UINT64_MAX;
    uint64_t block_size = 0;
    for (size_t i = 0; filters[i].id != LZMA_VLI_UNKNOWN; ++i) {
        if (i == LZMA_FILTERS_MAX)
            return UINT64_MAX;
        if (filters[i].id != LZMA_FILTER_LZMA2)
            continue;
        if (filters[i].options == NULL)
            return UINT64_MAX;
        const uint64_t wanted = xz_lzma2_block_size(filters[i].options);
        block_size = wanted > block_size ? wanted : block_size;
    }
    return block_size == 0 ? UINT64_MAX : block_size;
}
