// SPDX-License-Identifier: 0BSD
// Decoder of all Indexes of a .xz file, from its end to its beginning.

#ifndef XZ_STREAM_FILE_INFO_DEC_H
#define XZ_STREAM_FILE_INFO_DEC_H

#include "base/coder.h"

/* Opens the decoder in slot. Its input is a file of file_size bytes, from offset 0 on.
   When it needs another place it returns LZMA_SEEK_NEEDED with *seek_pos <= file_size,
   which must live as long as the coder, and then wants input from there. *dest becomes
   the new index of all Streams, the caller's own, with LZMA_STREAM_END. memlimit in
   bytes; 0 counts as 1. LZMA_MEM_ERROR.

   While coding: LZMA_FORMAT_ERROR if the file does not begin with a Stream Header;
   LZMA_DATA_ERROR, LZMA_OPTIONS_ERROR, LZMA_MEM_ERROR; LZMA_MEMLIMIT_ERROR, to be
   called again when the limit is raised. */
lzma_ret xz_file_info_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                               uint64_t *seek_pos, lzma_index **dest, uint64_t memlimit,
                               uint64_t file_size);

#endif
