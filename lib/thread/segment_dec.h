// SPDX-License-Identifier: 0BSD
// An LZMA2 decoder whose segments are decoded by the workers of a lane.

#ifndef XZ_THREAD_SEGMENT_DEC_H
#define XZ_THREAD_SEGMENT_DEC_H

#include "thread/dec_lane.h"
#include "thread/dec_wait.h"
#include "thread/segments.h"

/* Opens the decoder in slot: for the last filter of a chain, in place of that of
   xz_lzma2_dec_open(). lane is empty, stays the caller's, and has nobody else's Blocks
   until the decoder has ended; nobody but the decoder drains it. filter is the LZMA2
   filter and must stay; filters_memory what it takes. Returns LZMA_OK or
   LZMA_MEM_ERROR. */
lzma_ret xz_segment_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                             struct xz_dec_lane *lane,
                             const struct xz_segments *segments,
                             const lzma_filter *filter, uint64_t filters_memory);

/* Why the last call did not go on: XZ_DEC_LACKS_INPUT, or XZ_DEC_LACKS_PLACE with the
   need of what is to begin, or NULL if the lane must run empty. */
enum xz_dec_lack xz_segment_dec_lack(const struct xz_coder *coder,
                                     const struct xz_dec_need **ret_need);

#endif
