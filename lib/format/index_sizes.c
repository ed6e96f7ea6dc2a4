// SPDX-License-Identifier: 0BSD
// How large an Index field is, and what a Record can hold.

#include "format/index_sizes.h"
#include "base/bits.h"
#include "format/block_header.h"
#include "format/vli.h"

#define INDICATOR_SIZE 1
#define CRC_SIZE       4

/* Without the padding. */
static lzma_vli unpadded_field_size(lzma_vli count, lzma_vli list_size)
{
    return INDICATOR_SIZE + xz_vli_size(count) + list_size + CRC_SIZE;
}

lzma_vli xz_index_field_size(lzma_vli count, lzma_vli list_size)
{
    return xz_round_up4(unpadded_field_size(count, list_size));
}

uint32_t xz_index_field_padding(lzma_vli count, lzma_vli list_size)
{
    return (uint32_t)(4 - unpadded_field_size(count, list_size) % 4) % 4;
}

bool xz_index_record_is_valid(lzma_vli unpadded_size, lzma_vli uncompressed_size)
{
    return unpadded_size >= XZ_UNPADDED_SIZE_MIN
           && unpadded_size <= XZ_UNPADDED_SIZE_MAX
           && uncompressed_size <= LZMA_VLI_MAX;
}
