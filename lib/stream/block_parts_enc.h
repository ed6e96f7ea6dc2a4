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

// How a Block is cut follows from its size, in such a way that its first parts are
// known before all of it is there:
//
//     | most | most | ... | equal parts, from 1 to 4 of them, that take the rest |
//
// There is one part, or an even number, so that two threads have the same to do.

/* Most bytes of a part with this valid chain, a multiple of 64 KiB; 0: the Block cannot
   be cut, and nothing below must be called. */
uint32_t xz_block_part_most(const lzma_filter *filters);

/* How many parts of `most` bytes a Block begins with that has `size` bytes or more; if
   it has no more, all but the equal ones. */
size_t xz_block_parts_sure(uint32_t most, size_t size);

/* Bytes of each of the equal parts at the end of a Block of size bytes, a multiple of
   64 KiB; the last one may be shorter. */
uint32_t xz_block_parts_equal(uint32_t most, size_t size);

/* Most parts of a Block of size bytes, or fewer. */
size_t xz_block_parts_max(uint32_t most, size_t size);

/* Bytes before the first part's data, for the Block Header. */
#define XZ_BLOCK_PARTS_ROOM LZMA_BLOCK_HEADER_SIZE_MAX

/* Bytes that an encoder of parts may use. */
uint64_t xz_block_part_memusage(const lzma_filter *filters);

/* For a Block of size > 0 bytes of text: sets raw_check in *block, and puts the filters
   before the last one to work, on the text itself. block->check (a supported one) and
   filters are read. Where there is but one filter, parts may be encoded before.
   LZMA_OPTIONS_ERROR. */
lzma_ret xz_block_parts_begin(lzma_block *block, uint8_t *text, size_t size);

/* Where the data of the part that begins at pos lie in the buffer, which has
   XZ_BLOCK_PARTS_ROOM and xz_block_bound() bytes. */
size_t xz_block_part_at(size_t pos);

/* Encodes a part to out. slot holds the encoder between calls. LZMA_MEM_ERROR;
   LZMA_PROG_ERROR: watch stopped it. */
lzma_ret xz_block_part_encode(struct xz_coder **slot, const lzma_allocator *allocator,
                              const lzma_filter *filters,
                              const struct xz_lzma2_part *part, uint8_t *out,
                              const struct xz_block_watch *watch, size_t *ret_size);

/* Writes the Block Header to the end of its room at out, and Block Padding and Check to
   tail, which is behind the last part's data. size, data_size: of all parts together.
   Sets the sizes in *block; its version is read. LZMA_OPTIONS_ERROR or
   LZMA_DATA_ERROR. */
lzma_ret xz_block_parts_finish(lzma_block *block, size_t size, uint64_t data_size,
                               uint8_t *out, uint8_t *tail, size_t *ret_tail_size);

#endif
