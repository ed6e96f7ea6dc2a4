// SPDX-License-Identifier: 0BSD
// Blocks on their way through the threaded decoder, in the order of the file.
//
// The owner gives a Block its input piece by piece; a worker decodes as far as it has
// come and is called again when there is more. It never waits inside a job: a Block
// without input is IDLE and costs no thread.
//
//             submit              worker takes it
//     IDLE  ----------> QUEUED  ------------------> (worker) ---> DONE
//       ^                                              |
//       +----------------------------------------------+  all input used
//
// Input and output of a Block are two buffers of the sizes that its header tells, so
// nothing moves while a worker is at it. Who may touch what:
//
//     in   the owner writes behind in_ready, the worker reads before it; the worker
//          frees it, with the Block DONE and the input complete
//     out  the worker writes behind out_done, the owner reads before it and frees it
//          when it takes the Block from the lane
//
// A segment of a Block's LZMA2 data (segments.h) goes the same way, as a Block without
// header, padding and Check. Behind its input the owner puts an end mark.
//
// The Check of a Block is computed by its worker when all of it is decoded. For one
// that is most of the file the owner does so, with the output it gives: beside the
// worker, and while the bytes are in its cache.
//
// A Block that is DONE is no worker's any more. Until then neither buffer goes away but
// with the lane, whose end waits for the workers.

#ifndef XZ_THREAD_DEC_LANE_H
#define XZ_THREAD_DEC_LANE_H

#include "base/coder.h"
#include "check/check.h"
#include "thread/pool.h"

struct xz_dec_lane;

enum xz_dec_state {
    XZ_DEC_IDLE,
    XZ_DEC_QUEUED, // or a worker is at it
    XZ_DEC_DONE,
};

/* What a Block needs, in bytes. */
struct xz_dec_need {
    uint64_t filters;
    size_t in;  // compressed data, padding and Check; of a segment, with the end mark
    size_t out; // uncompressed data
};

struct xz_dec_block {
    struct xz_job job; // first: the pool gives it back
    struct xz_dec_lane *lane;
    struct xz_dec_block *next;                 // in the lane or among free_blocks
    struct xz_coder *coder;                    // worker: owned
    lzma_block block;                          // worker: sizes, filters
    lzma_filter filters[LZMA_FILTERS_MAX + 1]; // worker: owned
    bool is_segment;                           // `block` has filters, no more
    struct xz_dec_need need;                   // sizes of the buffers
    uint8_t *in;                               // owned, see above
    uint8_t *out;                              // owned, see above
    size_t in_filled;                          // owner: bytes of `in` that have come
    size_t out_pos;                            // owner: bytes given to the caller
    bool owner_checks;                         // the worker does not look at the Check
    struct xz_check check;                     // owner: of the bytes given
    size_t worker_in;                          // worker: bytes of `in` used
    size_t worker_out;                         // worker: bytes of `out` written
    size_t in_ready;                           // lock: bytes of `in` to be decoded
    size_t in_done;                            // lock: bytes of `in` used
    size_t out_done;                           // lock: bytes of `out` that are final
    enum xz_dec_state state;                   // lock
    lzma_ret ret; // lock: valid when DONE; LZMA_OK: decoded and verified
};

struct xz_dec_lane {
    const lzma_allocator *allocator;
    struct xz_pool *pool; // owned; its lock is the lane's lock
    uint32_t place_max;   // Blocks that are not DONE; twice as many in all

    struct xz_dec_block *first;   // owner: oldest Block
    struct xz_dec_block **last;   // owner: where the next one is linked
    struct xz_dec_block *filling; // owner: newest Block, input not complete, or NULL
    uint32_t length;              // owner: Blocks in the lane
    struct xz_dec_block *free_blocks; // owner

    uint32_t busy_count;           // lock: Blocks that are not DONE
    uint64_t buffer_size;          // lock: bytes of input and output in the lane
    uint64_t memory;               // lock: the same and what filters take
    uint64_t memory_max;           // lock: bytes
    lzma_ret failed;               // lock: how the first Block failed, or LZMA_OK
    struct xz_coder **free_coders; // lock: place_max entries, owned
    uint32_t free_coder_count;     // lock
};

/* Prepares an empty lane. LZMA_MEM_ERROR: it is empty and may be closed. */
lzma_ret xz_dec_lane_open(struct xz_dec_lane *lane, uint32_t threads,
                          uint64_t memory_max, const lzma_allocator *allocator);

/* Calls off the work, waits for the workers and frees everything. */
void xz_dec_lane_close(struct xz_dec_lane *lane);

/* True if a Block can be begun now. An empty lane takes any. */
bool xz_dec_lane_has_place(struct xz_dec_lane *lane, const struct xz_dec_need *need);

/* Begins a Block: block's sizes are known, its filters become the lane's. owner_checks:
   it is most of what there is to do. LZMA_MEM_ERROR: not begun, the filters stay the
   caller's. */
lzma_ret xz_dec_lane_begin(struct xz_dec_lane *lane, const lzma_block *block,
                           const struct xz_dec_need *need, bool owner_checks);

/* Begins a segment: filter is the LZMA2 filter, of which the lane takes a copy.
   LZMA_MEM_ERROR: not begun. */
lzma_ret xz_dec_lane_begin_segment(struct xz_dec_lane *lane, const lzma_filter *filter,
                                   const struct xz_dec_need *need);

/* Gives input to the Block being filled; lane->filling becomes NULL when that was its
   last byte. */
void xz_dec_lane_fill(struct xz_dec_lane *lane, struct xz_io *io);

/* Gives output of the oldest Blocks to io as far as there is some and there is room.
   Returns LZMA_OK, or the error of a Block behind its last good byte. With fail_fast
   an error of any Block at once. */
lzma_ret xz_dec_lane_drain(struct xz_dec_lane *lane, struct xz_io *io, bool fail_fast);

/* True if the oldest Block has used all its input, is not done and has no output left
   to give. The lane is not empty. */
bool xz_dec_lane_is_starved(struct xz_dec_lane *lane);

/* True if the oldest Block has given all bytes that its header tells: what is awaited
   is whether they were right. The lane is not empty. */
bool xz_dec_lane_is_given(const struct xz_dec_lane *lane);

/* Waits until the oldest Block has output, is done or starved, or, unless need is NULL,
   there is a place for a Block. False: deadline_ms has passed. The lane is not
   empty. */
bool xz_dec_lane_wait(struct xz_dec_lane *lane, const struct xz_dec_need *need,
                      uint64_t deadline_ms);

/* Bytes of input that workers have not used yet, and of output not given yet. */
void xz_dec_lane_progress(struct xz_dec_lane *lane, uint64_t *ret_in_waiting,
                          uint64_t *ret_out_waiting);

/* Bytes that the Blocks in the lane take. */
uint64_t xz_dec_lane_memory(struct xz_dec_lane *lane);

/* Sets the limit for Blocks that are begun from now on. */
void xz_dec_lane_set_memory_max(struct xz_dec_lane *lane, uint64_t memory_max);

#endif
