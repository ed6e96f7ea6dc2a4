// SPDX-License-Identifier: 0BSD
// The lzma_stream side of every coder: what lzma_internal holds, and opening.

#ifndef XZ_API_STREAM_STATE_H
#define XZ_API_STREAM_STATE_H

#include "base/coder.h"

/* Bit for an action in the set that a coder supports. */
#define XZ_ACTION(action) (1U << (action))
#define XZ_ACTIONS_DECODE (XZ_ACTION(LZMA_RUN) | XZ_ACTION(LZMA_FINISH))

/* Prepares strm for a coder: allocates strm->internal if it is NULL, zeroes the totals
   and the state machine, keeps the old coder in its slot for reuse. actions is the set
   that the coder will support. Returns LZMA_OK and the slot to open the coder in, or
   LZMA_PROG_ERROR (strm is NULL) or LZMA_MEM_ERROR. */
lzma_ret xz_strm_prepare(lzma_stream *strm, unsigned actions,
                         struct xz_coder ***ret_slot);

/* Passes on the result of opening; on failure strm is ended first. Use:
       XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_DECODE, &slot));
       return xz_strm_opened(strm, xz_x_open(slot, strm->allocator, ...));  */
lzma_ret xz_strm_opened(lzma_stream *strm, lzma_ret ret);

/* The coder in strm, or NULL. */
struct xz_coder *xz_strm_coder(const lzma_stream *strm);

#endif
