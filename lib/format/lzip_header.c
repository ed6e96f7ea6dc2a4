// SPDX-License-Identifier: 0BSD
// Header and footer of .lz members.
//
//     header   | "LZIP" | version | dictionary size |                  6 bytes
//     footer   | CRC32 (4) | uncompressed size (8) | member size (8) |
//
// A file is a row of members, each with its own header and footer; the data between
// them is LZMA with lc = 3, lp = 0, pb = 2 and always ends with a marker, so the header
// needs no sizes. Going backwards from the end of a file, the member sizes lead to each
// header.
//
// Version 0 has no member size. The dictionary size is 2^n - k * 2^(n-4) with n in bits
// 0 to 4 and k in bits 5 to 7; n is 12 to 29, and nothing is less than 4 KiB.

#include "format/lzip_header.h"
#include "base/bytes.h"
#include <string.h>

const uint8_t xz_lzip_magic[XZ_LZIP_MAGIC_SIZE] = {'L', 'Z', 'I', 'P'};

#define VERSION_MAX   1
#define DICT_LOG2_MIN 12U
#define DICT_LOG2_MAX 29U

lzma_ret xz_lzip_header_decode(const uint8_t *in, struct xz_lzip_header *ret_header)
{
    if (memcmp(in, xz_lzip_magic, XZ_LZIP_MAGIC_SIZE) != 0)
        return LZMA_FORMAT_ERROR;
    if (in[4] > VERSION_MAX)
        return LZMA_OPTIONS_ERROR;
    const uint32_t log2 = in[5] & 0x1FU;
    const uint32_t sixteenths = in[5] >> 5;
    if (log2 < DICT_LOG2_MIN || log2 > DICT_LOG2_MAX
        || (log2 == DICT_LOG2_MIN && sixteenths > 0))
        return LZMA_DATA_ERROR;
    *ret_header = (struct xz_lzip_header){
        .version = in[4],
        .options =
            {
                .dict_size = (UINT32_C(1) << log2) - (sixteenths << (log2 - 4)),
                .lc = LZMA_LC_DEFAULT,
                .lp = LZMA_LP_DEFAULT,
                .pb = LZMA_PB_DEFAULT,
            },
    };
    return LZMA_OK;
}

size_t xz_lzip_footer_size(uint32_t version)
{
    return version == 0 ? XZ_LZIP_FOOTER_SIZE_MAX - 8 : XZ_LZIP_FOOTER_SIZE_MAX;
}

void xz_lzip_footer_decode(const uint8_t *in, uint32_t version,
                           struct xz_lzip_footer *ret_footer)
{
    ret_footer->crc32 = xz_read32le(in);
    ret_footer->uncompressed_size = xz_read64le(in + 4);
    ret_footer->member_size = version == 0 ? UINT64_MAX : xz_read64le(in + 12);
}
