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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || data[0] == 0 || lzma_block_header_size_decode(data[0]) > size)
        return 0;
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_filter again_filters[LZMA_FILTERS_MAX + 1];
    lzma_block block;
    if (decode(&block, filters, data) != LZMA_OK)
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
