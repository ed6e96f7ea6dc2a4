// SPDX-License-Identifier: 0BSD
// How large the output of single-call encoding can get.
//
// Whatever does not shrink is stored in LZMA2 chunks of 64 KiB, three bytes of header
// each, and the encoders fall back to that; so the bound is that of stored data with
// the greatest headers around it:
//
//     Block Header   size, flags, both sizes in nine bytes each, LZMA2, CRC32
//     chunks         3 bytes for each 64 KiB, 1 byte at the end
//     Check          64 bytes, more than any known one
//     Index          one Record with the greatest sizes
//
// Programs allocate this much before they encode; a bound that depended on the version
// of the library or on its options would be of no use to them.

#include "format/bounds.h"
#include "base/bits.h"
#include "format/block_header.h"
#include <lzma.h>

#define CHUNK_SIZE        (UINT64_C(1) << 16)
#define CHUNK_HEADER_SIZE 3
#define END_MARKER_SIZE   1

/* Size, flags, both sizes, Filter Flags of LZMA2, CRC32, Check; and Block Padding. */
#define FILTER_FLAGS_SIZE 3
#define AROUND_BLOCK                                                                   \
 ((1 + 1 + 2 * LZMA_VLI_BYTES_MAX + FILTER_FLAGS_SIZE + 4 + LZMA_CHECK_SIZE_MAX + 3)   \
  & ~3)

/* Indicator, one Record and their number in one byte, CRC32; and Index Padding. */
#define INDEX_BOUND   ((1 + 1 + 2 * LZMA_VLI_BYTES_MAX + 4 + 3) & ~3)
#define AROUND_STREAM (2 * LZMA_STREAM_HEADER_SIZE + INDEX_BOUND)

uint64_t xz_lzma2_stored_bound(uint64_t uncompressed_size)
{
    if (uncompressed_size > XZ_COMPRESSED_SIZE_MAX)
        return 0;
    const uint64_t chunks = (uncompressed_size + CHUNK_SIZE - 1) / CHUNK_SIZE;
    const uint64_t overhead = chunks * CHUNK_HEADER_SIZE + END_MARKER_SIZE;
    return overhead > XZ_COMPRESSED_SIZE_MAX - uncompressed_size
               ? 0
               : uncompressed_size + overhead;
}

/* The stored data, padded, and around bytes more, if size_t holds that. */
static size_t bound(uint64_t uncompressed_size, uint64_t around)
{
    const uint64_t stored = xz_lzma2_stored_bound(uncompressed_size);
    if (stored == 0 || xz_round_up4(stored) > SIZE_MAX - around)
        return 0;
    return (size_t)(xz_round_up4(stored) + around);
}

size_t xz_block_bound(uint64_t uncompressed_size)
{
    return bound(uncompressed_size, AROUND_BLOCK);
}

size_t xz_stream_bound(uint64_t uncompressed_size)
{
    return bound(uncompressed_size, AROUND_BLOCK + AROUND_STREAM);
}
