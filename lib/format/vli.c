// SPDX-License-Identifier: 0BSD
// Variable-length integers: seven bits a byte, low bits first, at most nine bytes.
//
//     bit   7      6 ... 0
//         +------+---------+
//         | more | 7 bits  |    more = 1: another byte follows
//         +------+---------+
//
//     value   0      127    128      300      2^63 - 1
//     bytes   00     7F     80 01    AC 02    FF FF FF FF FF FF FF FF 7F
//
// Every value has one encoding only: a last byte of 0x00 behind others would make a
// second one and is an error. So equal Index fields are equal bytes.

#include "format/vli.h"

#define MORE 0x80U
#define BITS 7U

uint32_t xz_vli_size(lzma_vli vli)
{
    if (vli > LZMA_VLI_MAX)
        return 0;
    uint32_t size = 1;
    while (vli >>= BITS)
        ++size;
    return size;
}

lzma_ret xz_vli_encode(lzma_vli vli, uint8_t *out, size_t *out_pos, size_t out_size)
{
    const uint32_t size = xz_vli_size(vli);
    if (size == 0 || *out_pos > out_size || out_size - *out_pos < size)
        return LZMA_PROG_ERROR;
    for (; vli >= MORE; vli >>= BITS)
        out[(*out_pos)++] = (uint8_t)(vli | MORE);
    out[(*out_pos)++] = (uint8_t)vli;
    return LZMA_OK;
}

lzma_ret xz_vli_decode(const uint8_t *in, size_t *in_pos, size_t in_size,
                       lzma_vli *ret_vli)
{
    /* Filter IDs and sizes of properties. */
    if (!XZ_SMALL && *in_pos < in_size && in[*in_pos] < MORE) {
        *ret_vli = in[(*in_pos)++];
        return LZMA_OK;
    }
    lzma_vli vli = 0;
    size_t vli_pos = 0;
    if (xz_vli_decode_part(&vli, &vli_pos, in, in_pos, in_size) != LZMA_STREAM_END)
        return LZMA_DATA_ERROR;
    *ret_vli = vli;
    return LZMA_OK;
}

lzma_ret xz_vli_encode_part(lzma_vli vli, size_t *vli_pos, uint8_t *out,
                            size_t *out_pos, size_t out_size)
{
    if (*out_pos >= out_size)
        return LZMA_BUF_ERROR;
    if (*vli_pos >= LZMA_VLI_BYTES_MAX || vli > LZMA_VLI_MAX)
        return LZMA_PROG_ERROR;
    /* Bytes that are out already are gone from vli. */
    for (vli >>= *vli_pos * BITS; *out_pos < out_size; vli >>= BITS) {
        ++*vli_pos;
        if (vli < MORE) {
            out[(*out_pos)++] = (uint8_t)vli;
            return LZMA_STREAM_END;
        }
        out[(*out_pos)++] = (uint8_t)(vli | MORE);
    }
    return LZMA_OK;
}

lzma_ret xz_vli_decode_part(lzma_vli *vli, size_t *vli_pos, const uint8_t *in,
                            size_t *in_pos, size_t in_size)
{
    /* What was read so far cannot have bits above those of *vli_pos bytes. */
    if (*vli_pos == 0)
        *vli = 0;
    else if (*vli_pos >= LZMA_VLI_BYTES_MAX || *vli >> (*vli_pos * BITS) != 0)
        return LZMA_PROG_ERROR;
    if (*in_pos >= in_size)
        return LZMA_BUF_ERROR;
    while (*in_pos < in_size) {
        const uint8_t byte = in[(*in_pos)++];
        *vli |= (lzma_vli)(byte & ~MORE) << (*vli_pos * BITS);
        ++*vli_pos;
        if ((byte & MORE) == 0)
            return byte == 0 && *vli_pos > 1 ? LZMA_DATA_ERROR : LZMA_STREAM_END;
        if (*vli_pos == LZMA_VLI_BYTES_MAX)
            return LZMA_DATA_ERROR;
    }
    return LZMA_OK;
}
