// SPDX-License-Identifier: 0BSD
// Blocks on their way through the threaded encoder, in the order of the file.
//
// The owner fills a Block's input, hands it to the pool, and takes the output of the
// oldest Block. Buffers and encoders go round:
//
//   input buffers   owner -> Block being filled -> worker -> free_in
//   encoders        free_chains -> worker -> free_chains
//   Blocks          free_blocks -> lane -> free_blocks, with their output buffers
//
// A Block is encoded in parts where its chain allows for that (block_parts_enc.h), each
// a job of its own, so threads share Blocks. The first job of a Block prepares it; the
// others wait for that, which takes little time. The last one completes it. Where one
// filter is all, and the input buffer need not grow any more, parts are submitted as
// they fill; then the owner prepares the Block.
//
// Invariants: filling + busy <= begun_max, Blocks in the lane <= length_max. These are
// the number of threads and twice that, and some more for small Blocks, so that workers
// need not wait for the owner after each of them. So memory is bounded and follows the
// data: nothing is allocated before there is something to put into it.

#ifndef XZ_THREAD_ENC_LANE_H
#define XZ_THREAD_ENC_LANE_H

#include "base/coder.h"
#include "check/check.h"
#include "thread/pool.h"

struct xz_enc_lane;

/* A buffer that grows. Invariant: size <= capacity. */
struct xz_span {
    uint8_t *data; // owned, with XZ_LZMA2_PART_PAD bytes before and behind it
    size_t size;
    size_t capacity;
};

/* A part of a Block; or all of it, where it cannot be cut. */
struct xz_enc_part {
    struct xz_job job; // first: the pool gives it back
    struct xz_enc_block *block;
    size_t pos;      // of its text in the Block
    size_t in_size;  // bytes of text
    bool is_last;    // of the Block
    size_t in_done;  // lock: bytes of input used so far
    size_t out_done; // lock: bytes of output made so far
    size_t out_at;   // worker until the Block is done, then owner: in block->out
    size_t out_size; // the same
};

enum xz_enc_stage {
    XZ_ENC_WAITING,
    XZ_ENC_BEGUN,   // somebody prepares it
    XZ_ENC_READY,   // parts can be encoded
    XZ_ENC_STOPPED, // ret says why not
};

struct xz_enc_block {
    struct xz_enc_lane *lane;
    struct xz_enc_block *next;                 // in the lane or among free_blocks
    lzma_filter filters[LZMA_FILTERS_MAX + 1]; // owned copy
    lzma_block block;                          // worker: options and sizes
    struct xz_span in;                         // owner until submitted, then workers
    struct xz_span out;                        // workers until done, then owner
    uint32_t part_most;                        // 0: not cut
    size_t part_count;                         // owner: parts that are known so far
    size_t part_capacity;                      // owner: of parts
    struct xz_enc_part *parts;                 // owned
    size_t part_at;                            // owner: part to give to the caller next
    size_t out_pos;                            // owner: bytes of it that are given
    bool may_begin_early;                      // parts may, while the Block fills
    struct xz_check check;                     // owner: then; of all text so far
    enum xz_enc_stage stage;                   // lock
    size_t parts_left;                         // lock: parts that are not done; one
                                               // more while others are to follow
    lzma_ret ret;                              // lock: result, valid when done
    bool done;                                 // lock
};

struct xz_enc_lane {
    const lzma_allocator *allocator;
    struct xz_pool *pool;       // owned; its lock is the lane's lock
    pthread_cond_t stage_moved; // workers wait for a Block to be prepared
    bool has_cond;              // stage_moved is there
    size_t block_size;
    lzma_check check;
    uint32_t begun_max;  // Blocks that are filled or with workers
    uint32_t length_max; // Blocks in the lane

    struct xz_enc_block *first;       // owner: oldest Block in the lane
    struct xz_enc_block **last;       // owner: where the next one is linked
    struct xz_enc_block *filling;     // owner: newest Block, not submitted; may be NULL
    bool has_full;                    // owner: some Block had block_size bytes
    uint32_t length;                  // owner: Blocks in the lane, filling included
    struct xz_enc_block *free_blocks; // owner

    uint32_t busy_count;           // lock: submitted and not done
    struct xz_span *free_in;       // lock: begun_max entries, owned
    uint32_t free_in_count;        // lock
    struct xz_coder **free_chains; // lock: as many entries as threads, owned
    uint32_t free_chain_count;     // lock
};

/* How many Blocks a lane takes beyond two a thread. */
uint32_t xz_enc_lane_spare(uint64_t block_size);

/* Prepares an empty lane and its pool. On failure the lane is empty and may be given to
   xz_enc_lane_close(). */
lzma_ret xz_enc_lane_open(struct xz_enc_lane *lane, uint32_t threads, size_t block_size,
                          lzma_check check, const lzma_allocator *allocator);

/* Calls off the work, waits for the workers and frees everything. */
void xz_enc_lane_close(struct xz_enc_lane *lane);

/* True if a Block is being filled, or could be begun now. */
bool xz_enc_lane_has_place(struct xz_enc_lane *lane);

/* Copies bytes to the Block being filled, which is begun with filters if there is none;
   a full Block is submitted. Moves io's input position. Needs a place, and input.
   LZMA_OK or LZMA_MEM_ERROR. */
lzma_ret xz_enc_lane_fill(struct xz_enc_lane *lane, const lzma_filter *filters,
                          struct xz_io *io);

/* Submits the Block being filled, if there is one. LZMA_OK or LZMA_MEM_ERROR. */
lzma_ret xz_enc_lane_submit(struct xz_enc_lane *lane);

/* The oldest Block if it is done, otherwise NULL. */
struct xz_enc_block *xz_enc_lane_head(struct xz_enc_lane *lane);

/* Writes the oldest Block, which is done, to io's output as far as there is room.
   Returns true when all of it is out. */
bool xz_enc_lane_write(struct xz_enc_lane *lane, struct xz_io *io);

/* Bytes of it altogether. */
size_t xz_enc_block_size(const struct xz_enc_block *block);

/* Takes the oldest Block, which is done and written out, from the lane. */
void xz_enc_lane_pop(struct xz_enc_lane *lane);

/* Waits until the oldest Block is done, or, if wants_place, a Block can be begun.
   Returns false when deadline_ms has passed. The lane has submitted Blocks. */
bool xz_enc_lane_wait(struct xz_enc_lane *lane, bool wants_place, uint64_t deadline_ms);

/* Adds what the workers have done of the Blocks in the lane. */
void xz_enc_lane_progress(struct xz_enc_lane *lane, uint64_t *in, uint64_t *out);

#endif
