// SPDX-License-Identifier: 0BSD
// How a Block in work tells how far it is, and learns that nobody wants it any more.

#ifndef XZ_STREAM_BLOCK_WATCH_H
#define XZ_STREAM_BLOCK_WATCH_H

#include "base/platform.h"

/* Bytes of input between two calls of goes_on(), where a chain is given input: less
   than a tenth of a second at the slowest presets. Encoders of parts call it after each
   chunk of LZMA2, or after eight. */
#define XZ_WATCH_SLICE ((size_t)64 << 10)

struct xz_block_watch {
    /* Told how many bytes of input are used and how many bytes of output are made so
       far. False: stop, the result is not wanted. Called by the thread that encodes. */
    bool (*goes_on)(void *owner, size_t in_done, size_t out_done);
    void *owner;
};

#endif
