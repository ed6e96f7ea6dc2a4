// SPDX-License-Identifier: 0BSD
// Exported: Stream Header and Stream Footer.

#include "format/stream_flags.h"

extern LZMA_API(lzma_ret)
    lzma_stream_header_encode(const lzma_stream_flags *options, uint8_t *out)
{
    if (options == NULL || out == NULL)
        return LZMA_PROG_ERROR;
    return xz_stream_header_encode(options, out);
}

extern LZMA_API(lzma_ret)
    lzma_stream_footer_encode(const lzma_stream_flags *options, uint8_t *out)
{
    if (options == NULL || out == NULL)
        return LZMA_PROG_ERROR;
    return xz_stream_footer_encode(options, out);
}

extern LZMA_API(lzma_ret)
    lzma_stream_header_decode(lzma_stream_flags *options, const uint8_t *in)
{
    if (options == NULL || in == NULL)
        return LZMA_PROG_ERROR;
    return xz_stream_header_decode(in, options);
}

extern LZMA_API(lzma_ret)
    lzma_stream_footer_decode(lzma_stream_flags *options, const uint8_t *in)
{
    if (options == NULL || in == NULL)
        return LZMA_PROG_ERROR;
    return xz_stream_footer_decode(in, options);
}

extern LZMA_API(lzma_ret)
    lzma_stream_flags_compare(const lzma_stream_flags *a, const lzma_stream_flags *b)
{
    if (a == NULL || b == NULL)
        return LZMA_PROG_ERROR;
    return xz_stream_flags_compare(a, b);
}
