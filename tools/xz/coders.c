// SPDX-License-Identifier: 0BSD
// Chooses and opens the coder of liblzma that a file needs.

/*
 * compressing    .xz    lzma_stream_encoder_mt(), or lzma_stream_encoder() with -T1
 *                    .lzma  lzma_alone_encoder()
 *                    raw    lzma_raw_encoder()
 *     decompressing  .xz    clearxz_file_decoder_mt(), lzma_stream_decoder() with -T1
 *                    .lzma  lzma_alone_decoder()
 *                    .lz    lzma_lzip_decoder()
 *                    raw    lzma_raw_decoder()
 *
 * A lzma_stream is used for one file after the other: the library keeps what it has
 * allocated if it fits the next file too.
 */

#include "../common/system.h"

#include "coders.h"

#include <string.h>

/* Milliseconds after which a threaded coder returns even if nothing is done. */
#define MT_TIMEOUT 300

lzma_ret xz_coder_open_encoder(lzma_stream *strm, const struct xz_options *options,
                               const struct xz_plan *plan, unsigned chain)
{
    const lzma_filter *filters = options->chains[chain].filters;
    if (options->format == XZ_FORMAT_LZMA)
        return lzma_alone_encoder(strm, filters[0].options);
    if (options->format == XZ_FORMAT_RAW)
        return lzma_raw_encoder(strm, filters);
    if (!plan->mt)
        return lzma_stream_encoder(strm, filters, options->check);
    lzma_mt mt;
    xz_plan_mt_options(options, plan, chain, &mt);
    return lzma_stream_encoder_mt(strm, &mt);
}

/* memlimit_threading only takes threads away; memlimit_stop makes decoding fail. */
static lzma_ret open_xz_decoder(lzma_stream *strm, const struct xz_limits *limits,
                                uint32_t flags, const clearxz_file *file)
{
    if ((flags & LZMA_IGNORE_CHECK) == 0)
        flags |= LZMA_TELL_UNSUPPORTED_CHECK;
    if (limits->threads == 1)
        return lzma_stream_decoder(strm, limits->decompress, flags);
    lzma_mt mt;
    memset(&mt, 0, sizeof(mt));
    mt.flags = flags;
    mt.threads = limits->threads;
    mt.timeout = MT_TIMEOUT;
    mt.memlimit_threading = limits->mt_decompress;
    mt.memlimit_stop = limits->decompress;
    return clearxz_file_decoder_mt(strm, &mt, file);
}

lzma_ret xz_coder_open_decoder(lzma_stream *strm, const struct xz_options *options,
                               const struct xz_limits *limits, enum xz_format format,
                               const clearxz_file *file)
{
    uint32_t flags = 0;
    if (options->ignore_check)
        flags |= LZMA_IGNORE_CHECK;
    if (!options->single_stream)
        flags |= LZMA_CONCATENATED;
    switch (format) {
    case XZ_FORMAT_XZ:
        return open_xz_decoder(strm, limits, flags, file);
    case XZ_FORMAT_LZMA:
        return lzma_alone_decoder(strm, limits->decompress);
    case XZ_FORMAT_LZIP:
        return lzma_lzip_decoder(strm, limits->decompress, flags);
    case XZ_FORMAT_RAW:
        return lzma_raw_decoder(strm, options->chains[0].filters);
    case XZ_FORMAT_AUTO: // not recognized
        break;
    }
    return LZMA_FORMAT_ERROR;
}
