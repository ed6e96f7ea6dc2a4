// SPDX-License-Identifier: 0BSD
// Decoder of .xz files in the calling thread.

#ifndef XZ_STREAM_STREAM_DEC_H
#define XZ_STREAM_STREAM_DEC_H

#include "base/coder.h"

/* The flags that decoders take. */
#define XZ_DECODER_FLAGS                                                               \
 (LZMA_TELL_NO_CHECK | LZMA_TELL_UNSUPPORTED_CHECK | LZMA_TELL_ANY_CHECK               \
  | LZMA_IGNORE_CHECK | LZMA_CONCATENATED | LZMA_FAIL_FAST)

/* Opens the decoder in slot. memlimit in bytes; 0 counts as 1. LZMA_OPTIONS_ERROR:
   flags has others than XZ_DECODER_FLAGS; LZMA_MEM_ERROR.

   While coding: what xz_grammar_next() returns, LZMA_MEMLIMIT_ERROR (to be called again
   when the limit is raised), and what flags ask for: LZMA_NO_CHECK,
   LZMA_UNSUPPORTED_CHECK or LZMA_GET_CHECK behind each Stream Header. It supports
   out_stays. */
lzma_ret xz_stream_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                            uint64_t memlimit, uint32_t flags);

/* What flags ask a reader of .xz to return behind a Stream Header; LZMA_OK if
   nothing. */
lzma_ret xz_stream_dec_tell(uint32_t flags, lzma_check check);

#endif
