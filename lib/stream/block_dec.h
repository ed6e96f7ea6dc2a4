// SPDX-License-Identifier: 0BSD
// Decoding one Block (.xz format section 3), from behind its Block Header.

#ifndef XZ_STREAM_BLOCK_DEC_H
#define XZ_STREAM_BLOCK_DEC_H

#include "base/coder.h"

/* Opens a decoder of compressed data, Block Padding and Check in slot.
   Reads of *block: version, header_size, check, compressed_size, uncompressed_size
   (LZMA_VLI_UNKNOWN, or what the data must have), ignore_check if version is 1, and
   filters, which are needed during this call only. Sets both sizes when the compressed
   data has ended, and raw_check; *block must live until then. A Check of unknown type
   is passed over. LZMA_PROG_ERROR: a member is out of range, or block or filters is
   NULL; LZMA_OPTIONS_ERROR: the chain is not valid; LZMA_MEM_ERROR.

   While coding: LZMA_DATA_ERROR. With io->out_stays the output is final, and its Check
   verified, only when LZMA_STREAM_END is returned. io->out_size may grow from call to
   call. */
lzma_ret xz_block_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           lzma_block *block);

/* The same with *last in the place of the decoder of the last filter (chain.h). NULL
   for none. */
lzma_ret xz_block_dec_open_onto(struct xz_coder **slot, const lzma_allocator *allocator,
                                lzma_block *block, struct xz_coder **last);

#endif
