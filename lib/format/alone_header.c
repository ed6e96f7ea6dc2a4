// SPDX-License-Identifier: 0BSD
// Header of .lzma files: 13 bytes without magic bytes or checksum.
//
//     0            1                  5                      13
//     | properties | dictionary size | uncompressed size     |
//
// The properties are those of LZMA1 in a raw chain. An uncompressed size of all ones
// stands for "unknown": then a marker ends the data. That is what is written here,
// because an encoder in a pipe knows no better.
//
// Guessing whether a file is .lzma can only rely on unlikely values, the picky rules:
// the dictionary size is 2^n or 2^n + 2^(n-1) (all that encoders write), 2^32 - 1 or 0
// (as liblzma takes it), and a known uncompressed size is less than 256 GiB.

#include "format/alone_header.h"
#include "base/bits.h"
#include "base/bytes.h"
#include "format/lclppb.h"

#define DICT_POS         1
#define UNCOMPRESSED_POS 5
#define PICKY_SIZE_LIMIT (UINT64_C(1) << 38)

/* 2^n, 2^n + 2^(n-1), 2^32 - 1 or 0. */
static bool is_usual_dict_size(uint32_t dict_size)
{
    if (dict_size == UINT32_MAX || dict_size == 0)
        return true;
    const uint32_t top = UINT32_C(1) << xz_bits_top32(dict_size);
    return dict_size == top || dict_size == (top | top / 2);
}

bool xz_alone_header_is_possible(const uint8_t *in, size_t size, bool is_picky)
{
    lzma_options_lzma unused;
    if (size > 0 && !xz_lclppb_decode(in[0], &unused))
        return false;
    if (!is_picky)
        return true;
    if (size >= UNCOMPRESSED_POS && !is_usual_dict_size(xz_read32le(in + DICT_POS)))
        return false;
    if (size < XZ_ALONE_HEADER_SIZE)
        return true;
    const uint64_t uncompressed_size = xz_read64le(in + UNCOMPRESSED_POS);
    return uncompressed_size == UINT64_MAX || uncompressed_size < PICKY_SIZE_LIMIT;
}

lzma_ret xz_alone_header_decode(const uint8_t *in, bool is_picky,
                                struct xz_alone_header *ret_header)
{
    if (!xz_alone_header_is_possible(in, XZ_ALONE_HEADER_SIZE, is_picky))
        return LZMA_FORMAT_ERROR;
    struct xz_alone_header header = {
        .options.dict_size = xz_read32le(in + DICT_POS),
        .uncompressed_size = xz_read64le(in + UNCOMPRESSED_POS),
    };
    if (!xz_lclppb_decode(in[0], &header.options))
        return LZMA_FORMAT_ERROR;
    *ret_header = header;
    return LZMA_OK;
}

lzma_ret xz_alone_header_encode(const lzma_options_lzma *options, uint8_t *out)
{
    uint8_t properties;
    if (!xz_lclppb_encode(options, &properties)
        || options->dict_size < LZMA_DICT_SIZE_MIN)
        return LZMA_OPTIONS_ERROR;
    const uint32_t bits = xz_dict_size_to_bits(options->dict_size);
    out[0] = properties;
    xz_write32le(out + DICT_POS, xz_dict_size_from_bits(bits));
    xz_write64le(out + UNCOMPRESSED_POS, UINT64_MAX);
    return LZMA_OK;
}
