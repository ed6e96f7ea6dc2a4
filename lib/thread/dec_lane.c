// SPDX-License-Identifier: 0BSD
// The decoder's lane: workers decode Blocks as far as their input has come.

#include "thread/dec_lane.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/try.h"
#include "format/filters.h"
#include "stream/block_dec.h"
#include "stream/chain.h"

/* Bytes of output between two reports of a worker. */
#define SLICE ((size_t)256 << 10)

/* Small Blocks may be more than the threads ask for, so that workers need not wait for
   the owner after each of them: so many, or so many bytes. */
#define SMALL_COUNT_MAX 256
#define SMALL_BYTES     (UINT64_C(1) << 19)

/* ---- The worker's side ----------------------------------------------------------- */

/* A chain of LZMA2 alone may use the Block's output as its dictionary and leaves bytes
   that are final; other filters rewrite what LZMA2 still needs. */
static bool output_is_dictionary(const struct xz_dec_block *block)
{
    return block->block.filters[1].id == LZMA_VLI_UNKNOWN;
}

/* Tells how far the Block is. The last byte of a segment comes with the verdict, so
   that there is none to come when all output is given. False: the lane is being
   closed. */
static bool report(struct xz_dec_block *block)
{
    struct xz_pool *pool = block->lane->pool;
    xz_lock(&pool->lock);
    block->in_done = block->worker_in;
    block->out_done = block->worker_out;
    if (block->is_segment && block->out_done == block->need.out)
        --block->out_done;
    const bool stop = pool->stop;
    pthread_cond_signal(&pool->changed);
    xz_unlock(&pool->lock);
    return !stop;
}

/* Decodes with in_ready bytes of input. Returns LZMA_OK when they are used up,
   LZMA_STREAM_END when the Block is decoded and verified, or its error. */
static lzma_ret decode_ready(struct xz_dec_block *block, size_t in_ready)
{
    struct xz_io io = {
        .in = block->in,
        .in_pos = block->worker_in,
        .in_size = in_ready,
        .out = block->out,
        .out_pos = block->worker_out,
        .out_stays = output_is_dictionary(block),
    };
    lzma_ret ret;
    do {
        const size_t left = block->need.out - io.out_pos;
        io.out_size = io.out_pos + (left < SLICE ? left : SLICE);
        ret = xz_coder_pull(block->coder, block->lane->allocator, &io, LZMA_RUN);
        block->worker_in = io.in_pos;
        block->worker_out = io.out_pos;
        if (!report(block))
            return LZMA_PROG_ERROR;
    } while (ret == LZMA_OK && io.out_pos == io.out_size
             && io.out_pos < block->need.out);
    return ret;
}

/* Opens a decoder for the Block, one that others have used if there is one. */
static lzma_ret open_coder(struct xz_dec_block *block)
{
    struct xz_dec_lane *lane = block->lane;
    xz_lock(&lane->pool->lock);
    if (lane->free_coder_count > 0)
        block->coder = lane->free_coders[--lane->free_coder_count];
    xz_unlock(&lane->pool->lock);
    if (block->is_segment)
        return xz_chain_open(&xz_chain_decoders, &block->coder, lane->allocator,
                             block->filters);
    return xz_block_dec_open(&block->coder, lane->allocator, &block->block);
}

/* Says that the Block is done, and lets go of what only decoding needs. The input stays
   where the owner may be writing to it. A decoder is kept only without a dictionary:
   what waits for use is not counted. */
static void finish_block(struct xz_dec_block *block, size_t in_ready, lzma_ret ret)
{
    struct xz_dec_lane *lane = block->lane;
    if (!output_is_dictionary(block) || ret != LZMA_OK)
        xz_coder_end(&block->coder, lane->allocator);
    const bool in_is_whole = in_ready == block->need.in;
    if (in_is_whole) {
        xz_free(block->in, lane->allocator);
        block->in = NULL;
    }
    xz_lock(&lane->pool->lock);
    if (block->coder != NULL)
        lane->free_coders[lane->free_coder_count++] = block->coder;
    block->coder = NULL;
    lane->memory -= block->need.filters;
    if (in_is_whole) {
        lane->memory -= block->need.in;
        lane->buffer_size -= block->need.in;
    }
    if (lane->failed == LZMA_OK)
        lane->failed = ret;
    block->out_done = block->worker_out;
    block->ret = ret;
    block->state = XZ_DEC_DONE;
    --lane->busy_count;
    xz_unlock(&lane->pool->lock);
}

/* All ready input is used. True if more has come meanwhile. */
static bool go_on_or_rest(struct xz_dec_block *block, size_t in_ready)
{
    struct xz_pool *pool = block->lane->pool;
    xz_lock(&pool->lock);
    const bool goes_on = block->in_ready != in_ready;
    if (!goes_on)
        block->state = XZ_DEC_IDLE;
    xz_unlock(&pool->lock);
    return goes_on;
}

static void decode_block(struct xz_job *job)
{
    struct xz_dec_block *block = (struct xz_dec_block *)job;
    struct xz_pool *pool = block->lane->pool;
    lzma_ret ret = block->coder == NULL ? open_coder(block) : LZMA_OK;
    size_t in_ready;
    do {
        xz_lock(&pool->lock);
        in_ready = block->in_ready;
        xz_unlock(&pool->lock);
        if (ret == LZMA_OK)
            ret = decode_ready(block, in_ready);
        /* Input that is whole must hold the whole Block. */
        if ((ret == LZMA_OK && in_ready == block->need.in)
            || (ret == LZMA_STREAM_END && block->worker_out != block->need.out))
            ret = LZMA_DATA_ERROR;
        if (ret != LZMA_OK) {
            finish_block(block, in_ready, ret == LZMA_STREAM_END ? LZMA_OK : ret);
            return;
        }
    } while (go_on_or_rest(block, in_ready));
}

/* ---- The owner's side ------------------------------------------------------------ */

lzma_ret xz_dec_lane_open(struct xz_dec_lane *lane, uint32_t threads,
                          uint64_t memory_max, const lzma_allocator *allocator)
{
    memset(lane, 0, sizeof(*lane));
    lane->allocator = allocator;
    /* One Block waits, so that no worker waits for the owner to bring the next. */
    lane->place_max = threads + 1;
    lane->memory_max = memory_max;
    lane->last = &lane->first;
    lane->pool = xz_pool_open(threads, allocator);
    /* Workers have one each, and so may the Block whose input is not complete. */
    lane->free_coders =
        xz_alloc_array(lane->place_max, sizeof(struct xz_coder *), allocator);
    if (lane->pool == NULL || lane->free_coders == NULL)
        return LZMA_MEM_ERROR;
    return LZMA_OK;
}

static void free_buffers(struct xz_dec_block *block)
{
    const lzma_allocator *allocator = block->lane->allocator;
    xz_filters_free(block->filters, allocator);
    xz_free(block->in, allocator);
    xz_free(block->out, allocator);
    block->in = NULL;
    block->out = NULL;
}

static void free_list(struct xz_dec_block *block, const lzma_allocator *allocator)
{
    while (block != NULL) {
        struct xz_dec_block *next = block->next;
        free_buffers(block);
        xz_coder_end(&block->coder, allocator);
        xz_free(block, allocator);
        block = next;
    }
}

void xz_dec_lane_close(struct xz_dec_lane *lane)
{
    const lzma_allocator *allocator = lane->allocator;
    if (lane->pool != NULL && xz_pool_is_lost(lane->pool)) {
        memset(lane, 0, sizeof(*lane));
        return;
    }
    xz_pool_close(lane->pool, allocator);
    free_list(lane->first, allocator);
    free_list(lane->free_blocks, allocator);
    for (uint32_t i = 0; i < lane->free_coder_count; ++i)
        xz_coder_end(&lane->free_coders[i], allocator);
    xz_free(lane->free_coders, allocator);
    memset(lane, 0, sizeof(*lane));
}

/* The rule for beginning a Block. The lock is held. */
static bool place_is_free(const struct xz_dec_lane *lane,
                          const struct xz_dec_need *need)
{
    if (lane->length == 0)
        return true;
    const uint64_t buffers = (uint64_t)need->in + need->out;
    uint64_t memory;
    if (!xz_add_fits(need->filters, buffers, &memory)
        || !xz_add_fits(memory, lane->memory, &memory) || memory > lane->memory_max)
        return false;
    const bool is_few =
        lane->busy_count < lane->place_max && lane->length / 2 < lane->place_max;
    return is_few
           || (lane->length < SMALL_COUNT_MAX
               && lane->buffer_size + buffers <= SMALL_BYTES);
}

bool xz_dec_lane_has_place(struct xz_dec_lane *lane, const struct xz_dec_need *need)
{
    xz_lock(&lane->pool->lock);
    const bool is_free = place_is_free(lane, need);
    xz_unlock(&lane->pool->lock);
    return is_free;
}

/* A Block struct that is in no list. */
static struct xz_dec_block *take_struct(struct xz_dec_lane *lane)
{
    struct xz_dec_block *block = lane->free_blocks;
    if (block != NULL) {
        lane->free_blocks = block->next;
        return block;
    }
    block = xz_alloc_zero(sizeof(*block), lane->allocator);
    if (block == NULL)
        return NULL;
    block->job.run = decode_block;
    block->lane = lane;
    block->filters[0].id = LZMA_VLI_UNKNOWN;
    return block;
}

static void put_struct(struct xz_dec_lane *lane, struct xz_dec_block *block)
{
    free_buffers(block);
    block->next = lane->free_blocks;
    lane->free_blocks = block;
}

/* Links a Block as the newest one. */
static void push(struct xz_dec_lane *lane, struct xz_dec_block *block)
{
    block->next = NULL;
    *lane->last = block;
    lane->last = &block->next;
    lane->filling = block;
    ++lane->length;

    const uint64_t buffers = (uint64_t)block->need.in + block->need.out;
    xz_lock(&lane->pool->lock);
    block->in_ready = 0;
    block->in_done = 0;
    block->out_done = 0;
    block->state = XZ_DEC_IDLE;
    lane->buffer_size += buffers;
    lane->memory += block->need.filters + buffers;
    ++lane->busy_count;
    xz_unlock(&lane->pool->lock);
}

/* A Block with buffers, or NULL. */
static struct xz_dec_block *take_block(struct xz_dec_lane *lane,
                                       const struct xz_dec_need *need)
{
    struct xz_dec_block *block = take_struct(lane);
    if (block == NULL)
        return NULL;
    block->in = xz_alloc_large(need->in, lane->allocator);
    block->out = xz_alloc_large(need->out, lane->allocator);
    if (block->in == NULL || block->out == NULL) {
        put_struct(lane, block);
        return NULL;
    }
    block->need = *need;
    block->in_filled = 0;
    block->out_pos = 0;
    block->worker_in = 0;
    block->worker_out = 0;
    return block;
}

lzma_ret xz_dec_lane_begin(struct xz_dec_lane *lane, const lzma_block *header,
                           const struct xz_dec_need *need, bool owner_checks)
{
    struct xz_dec_block *block = take_block(lane, need);
    if (block == NULL)
        return LZMA_MEM_ERROR;
    block->is_segment = false;
    block->block = *header;
    memcpy(block->filters, header->filters, sizeof(block->filters));
    block->block.filters = block->filters;
    block->owner_checks =
        owner_checks && !header->ignore_check && xz_check_is_supported(header->check);
    if (block->owner_checks) {
        block->block.ignore_check = true;
        xz_check_init(&block->check, header->check);
    }
    push(lane, block);
    return LZMA_OK;
}

lzma_ret xz_dec_lane_begin_segment(struct xz_dec_lane *lane, const lzma_filter *filter,
                                   const struct xz_dec_need *need)
{
    const lzma_filter filters[2] = {*filter, {.id = LZMA_VLI_UNKNOWN}};
    struct xz_dec_block *block = take_block(lane, need);
    if (block == NULL)
        return LZMA_MEM_ERROR;
    block->is_segment = true;
    block->owner_checks = false;
    block->block.filters = block->filters;
    const lzma_ret ret = xz_filters_copy(filters, lane->allocator, block->filters);
    if (ret != LZMA_OK) {
        put_struct(lane, block);
        return ret;
    }
    push(lane, block);
    return LZMA_OK;
}

/* Gathers the Block's input. True: all of it is there. */
static bool gather(struct xz_dec_block *block, struct xz_io *io)
{
    const size_t from_file = block->need.in - (block->is_segment ? 1 : 0);
    if (!xz_io_gather(io, block->in, &block->in_filled, from_file))
        return false;
    if (block->is_segment)
        block->in[block->in_filled++] = 0x00;
    return true;
}

void xz_dec_lane_fill(struct xz_dec_lane *lane, struct xz_io *io)
{
    struct xz_dec_block *block = lane->filling;
    if (gather(block, io))
        lane->filling = NULL;
    xz_lock(&lane->pool->lock);
    const bool is_idle =
        block->state == XZ_DEC_IDLE && block->in_filled > block->in_ready;
    block->in_ready = block->in_filled;
    if (is_idle)
        block->state = XZ_DEC_QUEUED;
    xz_unlock(&lane->pool->lock);
    if (is_idle)
        xz_pool_submit(lane->pool, &block->job);
}

/* Takes the oldest Block, which is done and given out, from the lane. */
static void pop(struct xz_dec_lane *lane)
{
    struct xz_dec_block *block = lane->first;
    lane->first = block->next;
    if (lane->first == NULL)
        lane->last = &lane->first;
    --lane->length;
    xz_lock(&lane->pool->lock);
    lane->buffer_size -= block->need.out;
    lane->memory -= block->need.out;
    xz_unlock(&lane->pool->lock);
    put_struct(lane, block);
}

/* LZMA_DATA_ERROR unless the Check of the bytes given is that of the Block. */
static lzma_ret compare_check(struct xz_dec_block *block)
{
    uint8_t field[LZMA_CHECK_SIZE_MAX];
    xz_check_finish(&block->check, field);
    return memcmp(field, block->block.raw_check, xz_check_size(block->check.type)) == 0
               ? LZMA_OK
               : LZMA_DATA_ERROR;
}

/* Gives output of the oldest Block. Sets *ret_is_out if it is done and all is given. */
static lzma_ret drain_head(struct xz_dec_lane *lane, struct xz_io *io, bool *ret_is_out)
{
    struct xz_dec_block *head = lane->first;
    xz_lock(&lane->pool->lock);
    const size_t out_done = head->out_done;
    const bool is_done = head->state == XZ_DEC_DONE;
    const lzma_ret ret = is_done ? head->ret : LZMA_OK;
    xz_unlock(&lane->pool->lock);
    const size_t out_start = head->out_pos;
    *ret_is_out = xz_io_scatter(io, head->out, &head->out_pos, out_done) && is_done;
    if (head->owner_checks && head->out_pos > out_start)
        xz_check_update(&head->check, head->out + out_start, head->out_pos - out_start);
    if (*ret_is_out && ret == LZMA_OK && head->owner_checks)
        return compare_check(head);
    return *ret_is_out ? ret : LZMA_OK;
}

lzma_ret xz_dec_lane_drain(struct xz_dec_lane *lane, struct xz_io *io, bool fail_fast)
{
    if (fail_fast) {
        xz_lock(&lane->pool->lock);
        const lzma_ret failed = lane->failed;
        xz_unlock(&lane->pool->lock);
        XZ_TRY(failed);
    }
    while (lane->first != NULL) {
        bool is_out;
        XZ_TRY(drain_head(lane, io, &is_out));
        if (!is_out)
            return LZMA_OK;
        pop(lane);
    }
    return LZMA_OK;
}

/* The lock is held. */
static bool head_has_news(const struct xz_dec_lane *lane)
{
    const struct xz_dec_block *head = lane->first;
    return head->state != XZ_DEC_QUEUED || head->out_done > head->out_pos;
}

bool xz_dec_lane_is_given(const struct xz_dec_lane *lane)
{
    return lane->first->out_pos == lane->first->need.out;
}

bool xz_dec_lane_is_starved(struct xz_dec_lane *lane)
{
    const struct xz_dec_block *head = lane->first;
    xz_lock(&lane->pool->lock);
    const bool is_starved =
        head->state == XZ_DEC_IDLE && head->out_done == head->out_pos;
    xz_unlock(&lane->pool->lock);
    return is_starved;
}

bool xz_dec_lane_wait(struct xz_dec_lane *lane, const struct xz_dec_need *need,
                      uint64_t deadline_ms)
{
    struct xz_pool *pool = lane->pool;
    bool in_time = true;
    xz_lock(&pool->lock);
    while (in_time && !head_has_news(lane)
           && !(need != NULL && place_is_free(lane, need)))
        in_time = xz_cond_wait(&pool->changed, &pool->lock, deadline_ms);
    xz_unlock(&pool->lock);
    return in_time;
}

/* Bytes of the file; the end mark that was added does not count. The lock is held. */
static size_t input_waiting(const struct xz_dec_block *block)
{
    const size_t waiting = block->in_filled - block->in_done;
    return block->is_segment && block->in_filled == block->need.in && waiting > 0
               ? waiting - 1
               : waiting;
}

void xz_dec_lane_progress(struct xz_dec_lane *lane, uint64_t *ret_in_waiting,
                          uint64_t *ret_out_waiting)
{
    uint64_t in = 0;
    uint64_t out = 0;
    xz_lock(&lane->pool->lock);
    for (struct xz_dec_block *block = lane->first; block != NULL; block = block->next) {
        in += input_waiting(block);
        out += block->out_done - block->out_pos;
    }
    xz_unlock(&lane->pool->lock);
    *ret_in_waiting = in;
    *ret_out_waiting = out;
}

uint64_t xz_dec_lane_memory(struct xz_dec_lane *lane)
{
    xz_lock(&lane->pool->lock);
    const uint64_t memory = lane->memory;
    xz_unlock(&lane->pool->lock);
    return memory;
}

void xz_dec_lane_set_memory_max(struct xz_dec_lane *lane, uint64_t memory_max)
{
    xz_lock(&lane->pool->lock);
    lane->memory_max = memory_max;
    xz_unlock(&lane->pool->lock);
}
