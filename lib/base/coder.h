// SPDX-License-Identifier: 0BSD
// What all resumable coders have in common: a table of operations and a base struct.
//
// A coder turns bytes of an xz_io record into other bytes, as far as input and output
// reach, and is called again with more. Coders that change bytes in a row (a filter
// chain) pull: the coder that is called asks its `source` for data, the source asks
// its own, and the last one, without a source, works on the record it is given.
//
//   decoding   caller -> x86 filter -> LZMA2 decoder          (reads io->in)
//   encoding   caller -> LZMA2 encoder -> x86 filter          (reads io->in)
//
// A coder lives in a slot (a pointer that is NULL or owns a coder). Opening a coder in
// a slot that holds one of the same kind keeps its allocations; otherwise what is there
// is ended first. So a decoder for many Blocks allocates once.

#ifndef XZ_BASE_CODER_H
#define XZ_BASE_CODER_H

#include "base/io.h"
#include <lzma.h>

struct xz_coder;

/* Result of a threaded coder whose timeout has passed: lzma_code() turns it into
   LZMA_OK and does not count the call as one without progress. */
#define XZ_TIMED_OUT LZMA_RET_INTERNAL1

struct xz_coder_ops {
    /* Works on io as far as it can. Returns LZMA_OK when it needs more input or more
       room, LZMA_STREAM_END when it is done (or, for the flush actions of encoders,
       when everything given so far is out), otherwise what lzma_code() is to return.
       Encoders hold to action; decoders look at it only to tell whether more input can
       come (LZMA_FINISH: io->in is all there is). */
    lzma_ret (*code)(struct xz_coder *coder, const lzma_allocator *allocator,
                     struct xz_io *io, lzma_action action);

    /* Frees the coder itself and all it owns but its source. */
    void (*end)(struct xz_coder *coder, const lzma_allocator *allocator);

    /* The rest may be NULL. */

    /* How far the work is, for lzma_get_progress(). They come as bytes taken and given
       so far, and go as bytes worked through and made. NULL: these are the same. */
    void (*progress)(struct xz_coder *coder, uint64_t *ret_in, uint64_t *ret_out);

    /* The Check of the current Stream, for lzma_get_check(). */
    lzma_check (*check)(const struct xz_coder *coder);

    /* Memory use and limit in bytes; new_limit 0 only asks. LZMA_MEMLIMIT_ERROR when
       new_limit is less than what is in use; then the limit stays. */
    lzma_ret (*memlimit)(struct xz_coder *coder, uint64_t *ret_usage,
                         uint64_t *ret_limit, uint64_t new_limit);

    /* New options for what is encoded next, for lzma_filters_update(). filters is a
       chain in the order of the public interface. */
    lzma_ret (*update)(struct xz_coder *coder, const lzma_allocator *allocator,
                       const lzma_filter *filters);
};

/* First member of every coder. */
struct xz_coder {
    const struct xz_coder_ops *ops;
    struct xz_coder *source; // owned; NULL at the end of a chain
    uint64_t filter_id;      // of a filter in a chain; 0 in coders that are none
};

/* Ends the coder in *slot and its sources, frees them, and sets *slot to NULL. */
void xz_coder_end(struct xz_coder **slot, const lzma_allocator *allocator);

/* Makes *slot hold a coder with these ops: the one that is there, with its members as
   they are, if it has them already, otherwise a new one of size bytes, all zero but
   ops. Returns it, or NULL when there is no memory; then *slot is NULL.
   Members of a reused coder that describe the last run must be set anew by the
   caller; buffers are to be kept where they fit. The source is kept as well. */
void *xz_coder_take(struct xz_coder **slot, const struct xz_coder_ops *ops, size_t size,
                    const lzma_allocator *allocator);

/* The same for a coder whose members behind the first clear_size bytes are set before
   they are read, as large tables are: clearing these would cost more than a small file
   takes to decode. */
void *xz_coder_take_part(struct xz_coder **slot, const struct xz_coder_ops *ops,
                         size_t size, size_t clear_size,
                         const lzma_allocator *allocator);

/* The coder's answer to how far it is; see ops->progress. coder may be NULL. */
void xz_coder_progress(struct xz_coder *coder, uint64_t *in, uint64_t *out);

/* Lets source work on io, or copies from io->in to io->out where source is NULL; then
   LZMA_STREAM_END follows when all input is taken and action is not LZMA_RUN. */
lzma_ret xz_coder_pull(struct xz_coder *source, const lzma_allocator *allocator,
                       struct xz_io *io, lzma_action action);

#endif
