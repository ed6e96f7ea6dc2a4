// SPDX-License-Identifier: 0BSD
// Encoding one Block (.xz format section 3), piece by piece or from memory to memory.

#ifndef XZ_STREAM_BLOCK_ENC_H
#define XZ_STREAM_BLOCK_ENC_H

#include "base/coder.h"
#include "stream/block_watch.h"

/* Opens a coder that writes what follows the Block Header: compressed data, Block
   Padding, Check. block->filters, check and header_size are read during the call; at
   the end of the Block compressed_size, uncompressed_size and raw_check are written to
   *block, which must live until then. Supports LZMA_RUN, LZMA_SYNC_FLUSH and
   LZMA_FINISH. LZMA_PROG_ERROR: block or filters is NULL, or check is out of range;
   LZMA_UNSUPPORTED_CHECK, LZMA_OPTIONS_ERROR, LZMA_MEM_ERROR. */
lzma_ret xz_block_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           lzma_block *block);

/* Bytes of the Block so far: Block Header, compressed data, Check, no padding. */
lzma_vli xz_block_enc_unpadded_size(const struct xz_coder *coder);
/* Bytes that went in so far. */
lzma_vli xz_block_enc_uncompressed_size(const struct xz_coder *coder);

/* Header size for a Block whose data fits into its stored form, into *block; the sizes
   in *block are set to their largest values. */
lzma_ret xz_block_measure(lzma_block *block, size_t in_size);

/* Encodes all of io's input to one complete Block, header included, and moves io's
   positions; on failure they stay. The Block is compressed, or stored if that is
   smaller. slot holds the encoder between calls (reused; end it afterwards). In *block
   version, check and filters are read; header_size, compressed_size, uncompressed_size
   and raw_check are written. The Check must be a supported one. watch may be NULL.
   LZMA_BUF_ERROR: the output is too small; LZMA_PROG_ERROR: watch stopped it; otherwise
   as xz_block_enc_open(). */
lzma_ret xz_block_encode(struct xz_coder **slot, const lzma_allocator *allocator,
                         lzma_block *block, struct xz_io *io,
                         const struct xz_block_watch *watch);

/* The same with stored LZMA2 chunks only: allocates nothing, ignores block->filters. */
lzma_ret xz_block_store(lzma_block *block, struct xz_io *io);

#endif
