// SPDX-License-Identifier: 0BSD
// Header and footer of .lz members (versions 0 and 1; lzip manual, "File format").

#ifndef XZ_FORMAT_LZIP_HEADER_H
#define XZ_FORMAT_LZIP_HEADER_H

#include "base/platform.h"
#include <lzma.h>

#define XZ_LZIP_MAGIC_SIZE      4
#define XZ_LZIP_HEADER_SIZE     6
#define XZ_LZIP_FOOTER_SIZE_MAX 20

extern const uint8_t xz_lzip_magic[XZ_LZIP_MAGIC_SIZE];

struct xz_lzip_header {
    uint32_t version;          // 0 or 1
    lzma_options_lzma options; // dict_size, lc, lp, pb; the rest is zero
};

struct xz_lzip_footer {
    uint32_t crc32; // of the uncompressed data
    uint64_t uncompressed_size;
    uint64_t member_size; // header and footer included; UINT64_MAX in version 0
};

/* Reads XZ_LZIP_HEADER_SIZE bytes. Errors, tried in this order: LZMA_FORMAT_ERROR
   (magic bytes), LZMA_OPTIONS_ERROR (version), LZMA_DATA_ERROR (dictionary size). */
lzma_ret xz_lzip_header_decode(const uint8_t *in, struct xz_lzip_header *ret_header);

/* Size of the footer of a version: 12 or 20 bytes. */
size_t xz_lzip_footer_size(uint32_t version);

/* Reads a footer of that size. */
void xz_lzip_footer_decode(const uint8_t *in, uint32_t version,
                           struct xz_lzip_footer *ret_footer);

#endif
