// SPDX-License-Identifier: 0BSD
// Exported: bounds of single-call encoding.

#include "format/bounds.h"
#include <lzma.h>

extern LZMA_API(size_t) lzma_block_buffer_bound(size_t uncompressed_size)
{
    return xz_block_bound(uncompressed_size);
}

extern LZMA_API(size_t) lzma_stream_buffer_bound(size_t uncompressed_size)
{
    return xz_stream_bound(uncompressed_size);
}
