// SPDX-License-Identifier: 0BSD
// Verifying an Index against the Blocks of its Stream in constant memory.

#ifndef XZ_FORMAT_INDEX_HASH_H
#define XZ_FORMAT_INDEX_HASH_H

#include "base/platform.h"
#include "check/sha256.h"
#include "format/index_parse.h"
#include <lzma.h>

/* A list of Records, summed up. */
struct xz_index_summary {
    lzma_vli total_size; // of Blocks with padding
    lzma_vli uncompressed_size;
    lzma_vli count;
    lzma_vli list_size;      // bytes of the List of Records
    uint8_t last[16];        // the last one, if count > 0
    struct xz_sha256 before; // of those before it
};

/* Two lists that are to be equal. */
struct lzma_index_hash_s {
    struct xz_index_summary blocks;  // what was decoded
    struct xz_index_summary records; // what the Index field says
    struct xz_index_parse parse;
    bool is_decoding; // the Index field has begun
};

/* Starts anew. */
void xz_index_hash_init(lzma_index_hash *hash);

/* Adds a Block. LZMA_PROG_ERROR: impossible sizes, or the Index field has begun;
   LZMA_DATA_ERROR: the Stream or its Index would get too big. */
lzma_ret xz_index_hash_append(lzma_index_hash *hash, lzma_vli unpadded_size,
                              lzma_vli uncompressed_size);

/* Reads the Index field in any pieces. LZMA_OK: more is needed; LZMA_STREAM_END:
   complete and equal; LZMA_DATA_ERROR: damaged or different; LZMA_BUF_ERROR: no input;
   LZMA_PROG_ERROR: called after the end or an error. */
lzma_ret xz_index_hash_decode(lzma_index_hash *hash, const uint8_t *in, size_t *in_pos,
                              size_t in_size);

/* Bytes of the Index field that the appended Blocks make. */
lzma_vli xz_index_hash_size(const lzma_index_hash *hash);

#endif
