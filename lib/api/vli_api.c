// SPDX-License-Identifier: 0BSD
// Exported: variable-length integers.

#include "format/vli.h"

extern LZMA_API(lzma_ret) lzma_vli_encode(lzma_vli vli, size_t *vli_pos, uint8_t *out,
                                          size_t *out_pos, size_t out_size)
{
    if (out_pos == NULL || (out == NULL && *out_pos < out_size))
        return LZMA_PROG_ERROR;
    if (vli_pos == NULL)
        return xz_vli_encode(vli, out, out_pos, out_size);
    return xz_vli_encode_part(vli, vli_pos, out, out_pos, out_size);
}

extern LZMA_API(lzma_ret)
    lzma_vli_decode(lzma_vli *vli, size_t *vli_pos, const uint8_t *in, size_t *in_pos,
                    size_t in_size)
{
    if (vli == NULL || in_pos == NULL || (in == NULL && *in_pos < in_size))
        return LZMA_PROG_ERROR;
    if (vli_pos == NULL)
        return xz_vli_decode(in, in_pos, in_size, vli);
    return xz_vli_decode_part(vli, vli_pos, in, in_pos, in_size);
}

extern LZMA_API(uint32_t) lzma_vli_size(lzma_vli vli)
{
    return xz_vli_size(vli);
}
