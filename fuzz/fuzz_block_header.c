// SPDX-License-Identifier: 0BSD
// A Block Header that is accepted is written again as a header that means the same.

#include "feed.h"
#include <string.h>

static lzma_ret decode(lzma_block *block, lzma_filter *filters, const uint8_t *header)
{
    *block = (lzma_block){.version = 1,
                          .check = LZMA_CHECK_CRC32,
                          .header_size = lzma_block_header_size_decode(header[0]),
                          .filters = filters};
    return lzma_block_header_decode(block, NULL, header);
}

/* The Block Header at data, or behind a Stream Header there, with the CRC32 that it
   should have: what comes after it is never looked at otherwise. False: none there. */
static bool find_header(const uint8_t *data, size_t size,
                        uint8_t header[LZMA_BLOCK_HEADER_SIZE_MAX])
{
    if (size > LZMA_STREAM_HEADER_SIZE && data[0] == 0xFD) {
        data += LZMA_STREAM_HEADER_SIZE;
        size -= LZMA_STREAM_HEADER_SIZE;
    }
    if (size == 0 || data[0] == 0 || lzma_block_header_size_decode(data[0]) > size)
        return false;
    const size_t end = lzma_block_header_size_decode(data[0]) - 4;
    memcpy(header, data, end);
    const uint32_t crc = lzma_crc32(header, end, 0);
    for (unsigned i = 0; i < 4; ++i)
        header[end + i] = (uint8_t)(crc >> 8 * i);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t header[LZMA_BLOCK_HEADER_SIZE_MAX];
    if (!find_header(data, size, header))
        return 0;
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_filter again_filters[LZMA_FILTERS_MAX + 1];
    lzma_block block;
    if (decode(&block, filters, header) != LZMA_OK)
        return 0;
    uint8_t out[LZMA_BLOCK_HEADER_SIZE_MAX];
    lzma_block again;
    FUZZ_MUST(lzma_block_header_size(&block) == LZMA_OK);
    FUZZ_MUST(lzma_block_header_encode(&block, out) == LZMA_OK);
    FUZZ_MUST(decode(&again, again_filters, out) == LZMA_OK);
    FUZZ_MUST(again.compressed_size == block.compressed_size);
    FUZZ_MUST(again.uncompressed_size == block.uncompressed_size);
    for (size_t i = 0; filters[i].id != LZMA_VLI_UNKNOWN; ++i)
        FUZZ_MUST(filters[i].id == again_filters[i].id);
    lzma_filters_free(filters, NULL);
    lzma_filters_free(again_filters, NULL);
    return 0;
}
