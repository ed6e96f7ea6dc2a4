// SPDX-License-Identifier: 0BSD
// Encoding one Block (.xz format section 3) from memory to memory, in parts that
// several threads can work on at a time.
//
//     xz_block_parts_begin()    first: what must be done for the Block as a whole
//     xz_block_part_encode()    each part, in any order, by any thread
//     xz_block_parts_finish()   when all parts are done
//
// The parts' data lies in one buffer, each part's where it is if all before it have to
// be stored; so nobody waits for the size of what comes before.

#ifndef XZ_STREAM_BLOCK_PARTS_ENC_H
#define XZ_STREAM_BLOCK_PARTS_ENC_H

#include "base/coder.h"
#include "lzma/lzma_enc.h"
#include "stream/block_watch.h"

/* Bytes of all parts but the last one of a Block of size > 0 bytes with this valid
   chain, a multiple of 64 KiB; 0: it cannot be cut, and nothing below must be called.
   There is one part, or an even number, so that two threads have the same to do. */
uint32_t xz_block_part_size(const lzma_filter *filters, size_t size);

/* Bytes that an encoder of parts may use. */
uint64_t xz_block_part_memusage(const lzma_filter *filters);

/* For a Block of size > 0 bytes of text: sets the sizes and raw_check in *block, and
   puts the filters before the last one to work, on the text itself. block->version,
   check (a supported one) and filters are read. LZMA_OPTIONS_ERROR, LZMA_DATA_ERROR. */
lzma_ret xz_block_parts_begin(lzma_block *block, uint8_t *text, size_t size);

/* Where a part's data begins in the buffer, which has xz_block_bound() bytes. */
size_t xz_block_part_at(const lzma_block *block, uint32_t part_size, size_t index);

/* Encodes a part to out. slot holds the encoder between calls. LZMA_MEM_ERROR;
   LZMA_PROG_ERROR: watch stopped it. */
lzma_ret xz_block_part_encode(struct xz_coder **slot, const lzma_allocator *allocator,
                              const lzma_filter *filters,
                              const struct xz_lzma2_part *part, uint8_t *out,
                              const struct xz_block_watch *watch, size_t *ret_size);

/* Writes the Block Header to out, and Block Padding and Check to tail, which is behind
   the last part's data. data_size: of all parts together. */
lzma_ret xz_block_parts_finish(lzma_block *block, uint64_t data_size, uint8_t *out,
                               uint8_t *tail, size_t *ret_tail_size);

#endif
