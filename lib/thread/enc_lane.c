// SPDX-License-Identifier: 0BSD
// The lane: who holds which buffer when.
//
// A worker's part is encode_part(): it borrows an encoder, encodes from memory to
// memory, gives it back, and says done. Who comes first makes room for the Block's
// output, who is last gives back its input.

#include "thread/enc_lane.h"
#include "base/alloc.h"
#include "base/try.h"
#include "format/bounds.h"
#include "format/filters.h"
#include "stream/block_enc.h"
#include "stream/block_parts_enc.h"

/* The first input buffer of a Block: small inputs should not pay for large Blocks. */
#define FIRST_CAPACITY ((size_t)64 << 10)

/* Blocks beyond those that keep the threads busy: so many, or so many bytes. */
#define SPARE_COUNT_MAX 256
#define SPARE_BYTES     (UINT64_C(1) << 19)

static void span_free(struct xz_span *span, const lzma_allocator *allocator)
{
    if (span->data != NULL)
        xz_free(span->data - XZ_LZMA2_PART_PAD, allocator);
    *span = (struct xz_span){NULL, 0, 0};
}

/* Makes room for capacity bytes and keeps span's content. */
static lzma_ret span_reserve(struct xz_span *span, size_t capacity,
                             const lzma_allocator *allocator)
{
    if (span->capacity >= capacity)
        return LZMA_OK;
    if (capacity > SIZE_MAX - 2 * XZ_LZMA2_PART_PAD)
        return LZMA_MEM_ERROR;
    uint8_t *p = xz_alloc(capacity + 2 * XZ_LZMA2_PART_PAD, allocator);
    if (p == NULL)
        return LZMA_MEM_ERROR;
    const size_t size = span->size;
    memset(p, 0, XZ_LZMA2_PART_PAD);
    if (size > 0)
        memcpy(p + XZ_LZMA2_PART_PAD, span->data, size);
    span_free(span, allocator);
    *span = (struct xz_span){p + XZ_LZMA2_PART_PAD, size, capacity};
    return LZMA_OK;
}

/* ---- The worker's side ----------------------------------------------------------- */

static bool goes_on(void *owner, size_t in_done, size_t out_done)
{
    struct xz_enc_part *part = owner;
    struct xz_pool *pool = part->block->lane->pool;
    xz_lock(&pool->lock);
    part->in_done = in_done;
    part->out_done = out_done;
    const bool stop = pool->stop;
    xz_unlock(&pool->lock);
    return !stop;
}

static lzma_ret reserve_out(struct xz_enc_block *block, size_t in_size)
{
    const size_t room = block->part_most > 0 ? XZ_BLOCK_PARTS_ROOM : 0;
    const size_t bound = xz_block_bound(in_size);
    if (bound > SIZE_MAX - room)
        return LZMA_MEM_ERROR;
    return span_reserve(&block->out, bound + room, block->lane->allocator);
}

/* What is done for all parts together, when their text is complete. */
static lzma_ret begin_parts(struct xz_enc_block *block)
{
    memset(block->in.data + block->in.size, 0, XZ_LZMA2_PART_PAD);
    if (!block->may_begin_early)
        return xz_block_parts_begin(&block->block, block->in.data, block->in.size);
    xz_check_finish(&block->check, block->block.raw_check);
    return LZMA_OK;
}

static lzma_ret prepare_block(struct xz_enc_block *block)
{
    XZ_TRY(reserve_out(block, block->in.size));
    return block->part_most == 0 ? LZMA_OK : begin_parts(block);
}

/* Prepares the Block if nobody has, or waits until it is. Lends an encoder. False: the
   part is not to be encoded. */
static bool begin_part(struct xz_enc_block *block, struct xz_coder **ret_chain)
{
    struct xz_enc_lane *lane = block->lane;
    pthread_mutex_t *const lock = &lane->pool->lock;
    xz_lock(lock);
    if (block->stage == XZ_ENC_WAITING) {
        block->stage = XZ_ENC_BEGUN;
        xz_unlock(lock);
        const lzma_ret ret = prepare_block(block);
        xz_lock(lock);
        block->ret = ret;
        block->stage = ret == LZMA_OK ? XZ_ENC_READY : XZ_ENC_STOPPED;
        pthread_cond_broadcast(&lane->stage_moved);
    }
    while (block->stage == XZ_ENC_BEGUN)
        xz_cond_wait(&lane->stage_moved, lock, XZ_NO_DEADLINE);
    const bool is_ready = block->stage == XZ_ENC_READY;
    if (is_ready && lane->free_chain_count > 0)
        *ret_chain = lane->free_chains[--lane->free_chain_count];
    xz_unlock(lock);
    return is_ready;
}

/* The whole Block in one go. */
static lzma_ret encode_whole(struct xz_enc_part *part, struct xz_coder **chain)
{
    struct xz_enc_block *block = part->block;
    const struct xz_block_watch watch = {.goes_on = goes_on, .owner = part};
    struct xz_io io = {.in = block->in.data, .in_size = block->in.size};
    io.out = block->out.data;
    io.out_size = block->out.capacity;
    const lzma_ret ret =
        xz_block_encode(chain, block->lane->allocator, &block->block, &io, &watch);
    part->out_at = 0;
    part->out_size = io.out_pos;
    return ret;
}

static lzma_ret encode_cut(struct xz_enc_part *part, struct xz_coder **chain)
{
    struct xz_enc_block *block = part->block;
    const struct xz_block_watch watch = {.goes_on = goes_on, .owner = part};
    const struct xz_lzma2_part piece = {
        .text = block->in.data,
        .pos = part->pos,
        .size = part->in_size,
        .is_last = part->is_last,
    };
    part->out_at = xz_block_part_at(part->pos);
    return xz_block_part_encode(chain, block->lane->allocator, block->filters, &piece,
                                block->out.data + part->out_at, &watch,
                                &part->out_size);
}

/* Header and tail, when all parts are there. The first and the last part get them. */
static lzma_ret complete_block(struct xz_enc_block *block)
{
    struct xz_enc_part *const last = &block->parts[block->part_count - 1];
    uint64_t data_size = 0;
    for (size_t i = 0; i < block->part_count; ++i)
        data_size += block->parts[i].out_size;
    size_t tail_size;
    XZ_TRY(xz_block_parts_finish(
        &block->block, last->pos + last->in_size, data_size, block->out.data,
        block->out.data + last->out_at + last->out_size, &tail_size));
    block->parts[0].out_at -= block->block.header_size;
    block->parts[0].out_size += block->block.header_size;
    last->out_size += tail_size;
    return LZMA_OK;
}

/* One less of parts_left; at none, the Block is complete. The lock is held. */
static void release_block(struct xz_enc_block *block)
{
    struct xz_enc_lane *lane = block->lane;
    if (--block->parts_left > 0)
        return;
    if (block->ret == LZMA_OK && block->part_most > 0)
        block->ret = complete_block(block);
    lane->free_in[lane->free_in_count++] = block->in;
    block->in = (struct xz_span){NULL, 0, 0};
    block->done = true;
    --lane->busy_count;
}

/* Gives back what the part needed and tells its result; behind the last one, the
   Block's. */
static void finish_part(struct xz_enc_part *part, struct xz_coder *chain, lzma_ret ret)
{
    struct xz_enc_block *block = part->block;
    struct xz_enc_lane *lane = block->lane;
    xz_lock(&lane->pool->lock);
    if (chain != NULL)
        lane->free_chains[lane->free_chain_count++] = chain;
    part->in_done = part->in_size;
    part->out_done = part->out_size;
    if (block->ret == LZMA_OK)
        block->ret = ret;
    release_block(block);
    xz_unlock(&lane->pool->lock);
}

static void encode_part(struct xz_job *job)
{
    struct xz_enc_part *part = (struct xz_enc_part *)job;
    struct xz_coder *chain = NULL;
    lzma_ret ret = LZMA_OK;
    if (begin_part(part->block, &chain))
        ret = part->block->part_most > 0 ? encode_cut(part, &chain)
                                         : encode_whole(part, &chain);
    finish_part(part, chain, ret);
}

/* ---- The owner's side ------------------------------------------------------------ */

uint32_t xz_enc_lane_spare(uint64_t block_size)
{
    const uint64_t count = SPARE_BYTES / block_size;
    return count < SPARE_COUNT_MAX ? (uint32_t)count : SPARE_COUNT_MAX;
}

lzma_ret xz_enc_lane_open(struct xz_enc_lane *lane, uint32_t threads, size_t block_size,
                          lzma_check check, const lzma_allocator *allocator)
{
    memset(lane, 0, sizeof(*lane));
    lane->allocator = allocator;
    lane->block_size = block_size;
    lane->check = check;
    lane->last = &lane->first;
    lane->begun_max = threads + xz_enc_lane_spare(block_size);
    lane->length_max = threads + lane->begun_max;
    if (xz_block_bound(block_size) == 0)
        return LZMA_MEM_ERROR;
    lane->pool = xz_pool_open(threads, allocator);
    lane->free_in = xz_alloc_array(lane->begun_max, sizeof(struct xz_span), allocator);
    lane->free_chains = xz_alloc_array(threads, sizeof(struct xz_coder *), allocator);
    lane->has_cond = xz_cond_init(&lane->stage_moved);
    if (lane->pool == NULL || lane->free_in == NULL || lane->free_chains == NULL
        || !lane->has_cond)
        return LZMA_MEM_ERROR;
    return LZMA_OK;
}

/* Frees a list of Blocks that no worker touches any more. */
static void free_list(struct xz_enc_block *block, const lzma_allocator *allocator)
{
    while (block != NULL) {
        struct xz_enc_block *next = block->next;
        xz_filters_free(block->filters, allocator);
        span_free(&block->in, allocator);
        span_free(&block->out, allocator);
        xz_free(block->parts, allocator);
        xz_free(block, allocator);
        block = next;
    }
}

void xz_enc_lane_close(struct xz_enc_lane *lane)
{
    if (lane->pool != NULL && xz_pool_is_lost(lane->pool)) {
        memset(lane, 0, sizeof(*lane));
        return;
    }
    const lzma_allocator *allocator = lane->allocator;
    xz_pool_close(lane->pool, allocator);
    free_list(lane->first, allocator);
    free_list(lane->free_blocks, allocator);
    for (uint32_t i = 0; i < lane->free_in_count; ++i)
        span_free(&lane->free_in[i], allocator);
    for (uint32_t i = 0; i < lane->free_chain_count; ++i)
        xz_coder_end(&lane->free_chains[i], allocator);
    xz_free(lane->free_in, allocator);
    xz_free(lane->free_chains, allocator);
    if (lane->has_cond)
        (void)pthread_cond_destroy(&lane->stage_moved);
    memset(lane, 0, sizeof(*lane));
}

/* The rule for beginning a Block. The lock is held. */
static bool place_is_free(const struct xz_enc_lane *lane)
{
    return lane->filling == NULL && lane->busy_count < lane->begun_max
           && lane->length < lane->length_max;
}

bool xz_enc_lane_has_place(struct xz_enc_lane *lane)
{
    if (lane->filling != NULL)
        return true;
    xz_lock(&lane->pool->lock);
    const bool free = place_is_free(lane);
    xz_unlock(&lane->pool->lock);
    return free;
}

/* Makes sure that there is a free Block. */
static lzma_ret provide_block(struct xz_enc_lane *lane)
{
    if (lane->free_blocks != NULL)
        return LZMA_OK;
    struct xz_enc_block *block = xz_alloc_zero(sizeof(*block), lane->allocator);
    if (block == NULL)
        return LZMA_MEM_ERROR;
    block->filters[0].id = LZMA_VLI_UNKNOWN;
    block->lane = lane;
    lane->free_blocks = block;
    return LZMA_OK;
}

/* Takes a Block and an input buffer that are free, or makes them, and links the Block
   as the newest of the lane. */
static lzma_ret begin_block(struct xz_enc_lane *lane, const lzma_filter *filters)
{
    XZ_TRY(provide_block(lane));
    struct xz_enc_block *block = lane->free_blocks;
    xz_filters_free(block->filters, lane->allocator);
    XZ_TRY(xz_filters_copy(filters, lane->allocator, block->filters));

    xz_lock(&lane->pool->lock);
    if (lane->free_in_count > 0)
        block->in = lane->free_in[--lane->free_in_count];
    block->stage = XZ_ENC_WAITING;
    block->part_count = 0;
    block->parts_left = 0;
    block->ret = LZMA_OK;
    block->done = false;
    xz_unlock(&lane->pool->lock);
    block->in.size = 0;
    block->part_most = xz_block_part_most(block->filters);
    block->may_begin_early =
        block->part_most > 0 && block->filters[1].id == LZMA_VLI_UNKNOWN
        && xz_block_parts_sure(block->part_most, lane->block_size) > 0;
    if (block->may_begin_early)
        xz_check_init(&block->check, lane->check);
    block->part_at = 0;
    block->out_pos = 0;
    block->block = (lzma_block){.check = lane->check, .filters = block->filters};

    lane->free_blocks = block->next;
    block->next = NULL;
    *lane->last = block;
    lane->last = &block->next;
    ++lane->length;
    lane->filling = block;
    return LZMA_OK;
}

/* From this capacity on, the next is a whole Block's, if that is not much more than
   could be needed: what is not used is never touched, and nothing is copied again. */
#define LONG_INPUT ((size_t)4 << 20)
#define WHOLE_MAX  (SIZE_MAX / 16 < (1U << 30) ? SIZE_MAX / 16 : (1U << 30))

/* The next capacity that is worth reserving for `wanted` bytes of input. Behind a full
   Block it is all at once, so that no two buffers exist for a Block while others are in
   work. */
static size_t grown_capacity(const struct xz_enc_lane *lane, const struct xz_span *span,
                             size_t wanted)
{
    size_t capacity = span->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : span->capacity;
    if (lane->has_full || (wanted > LONG_INPUT && lane->block_size <= WHOLE_MAX))
        return lane->block_size;
    while (capacity < wanted && capacity < lane->block_size)
        capacity = capacity > SIZE_MAX / 2 ? SIZE_MAX : capacity * 2;
    return capacity < lane->block_size ? capacity : lane->block_size;
}

/* Makes room for so many parts; none must be submitted. */
static lzma_ret reserve_parts(struct xz_enc_block *block, size_t count)
{
    const lzma_allocator *const allocator = block->lane->allocator;
    if (count <= block->part_capacity)
        return LZMA_OK;
    xz_free(block->parts, allocator);
    block->part_capacity = 0;
    block->parts = xz_alloc_array(count, sizeof(struct xz_enc_part), allocator);
    if (block->parts == NULL)
        return LZMA_MEM_ERROR;
    block->part_capacity = count;
    return LZMA_OK;
}

static void add_part(struct xz_enc_block *block, size_t pos, size_t size, bool is_last)
{
    block->parts[block->part_count++] = (struct xz_enc_part){
        .job.run = encode_part,
        .block = block,
        .pos = pos,
        .in_size = size,
        .is_last = is_last,
    };
}

/* Adds the parts that are sure to be so, whatever follows. */
static void add_sure_parts(struct xz_enc_block *block)
{
    const size_t most = block->part_most;
    const size_t sure = xz_block_parts_sure(block->part_most, block->in.size);
    while (block->part_count < sure)
        add_part(block, block->part_count * most, most, false);
}

/* Submits parts from index `from` to the last one that is known. */
static void submit_parts(struct xz_enc_lane *lane, struct xz_enc_block *block,
                         size_t from)
{
    /* Where no thread starts, jobs run here, and the last one ends the Block. */
    const size_t count = block->part_count;
    xz_lock(&lane->pool->lock);
    block->parts_left += count - from;
    xz_unlock(&lane->pool->lock);
    for (size_t i = from; i < count; ++i)
        xz_pool_submit(lane->pool, &block->parts[i].job);
}

/* Readies a Block whose parts are to be submitted as they fill. */
static lzma_ret begin_early(struct xz_enc_lane *lane, struct xz_enc_block *block)
{
    XZ_TRY(
        reserve_parts(block, xz_block_parts_max(block->part_most, lane->block_size)));
    XZ_TRY(reserve_out(block, lane->block_size));
    xz_lock(&lane->pool->lock);
    block->stage = XZ_ENC_READY;
    block->parts_left = 1;
    xz_unlock(&lane->pool->lock);
    return LZMA_OK;
}

/* Submits parts of the Block being filled that are sure. */
static lzma_ret submit_early(struct xz_enc_lane *lane)
{
    struct xz_enc_block *const block = lane->filling;
    const size_t from = block->part_count;
    if (!block->may_begin_early || block->in.capacity < lane->block_size
        || xz_block_parts_sure(block->part_most, block->in.size) <= from)
        return LZMA_OK;
    if (from == 0)
        XZ_TRY(begin_early(lane, block));
    add_sure_parts(block);
    submit_parts(lane, block, from);
    return LZMA_OK;
}

lzma_ret xz_enc_lane_fill(struct xz_enc_lane *lane, const lzma_filter *filters,
                          struct xz_io *io)
{
    if (lane->filling == NULL)
        XZ_TRY(begin_block(lane, filters));
    struct xz_span *span = &lane->filling->in;
    const size_t left = xz_io_in_left(io);
    const size_t room = lane->block_size - span->size;
    const size_t size = span->size + (left < room ? left : room);
    if (size > span->capacity) {
        const size_t capacity = grown_capacity(lane, span, size);
        XZ_TRY(span_reserve(span, capacity, lane->allocator));
    }
    const size_t before = span->size;
    (void)xz_io_gather(io, span->data, &span->size, size);
    if (lane->filling->may_begin_early)
        xz_check_update(&lane->filling->check, span->data + before,
                        span->size - before);
    if (span->size < lane->block_size)
        return submit_early(lane);
    lane->has_full = true;
    return xz_enc_lane_submit(lane);
}

/* Readies all parts of the Block being filled that are not submitted yet. */
static lzma_ret cut_block(struct xz_enc_block *block)
{
    const size_t size = block->in.size;
    const uint32_t most = block->part_most;
    if (most == 0) {
        XZ_TRY(reserve_parts(block, 1));
        add_part(block, 0, size, true);
        return LZMA_OK;
    }
    if (block->part_count == 0)
        XZ_TRY(reserve_parts(block, xz_block_parts_max(most, size)));
    add_sure_parts(block);
    size_t pos = block->part_count * most;
    const size_t equal = xz_block_parts_equal(most, size);
    for (; size - pos > equal; pos += equal)
        add_part(block, pos, equal, false);
    add_part(block, pos, size - pos, true);
    return LZMA_OK;
}

lzma_ret xz_enc_lane_submit(struct xz_enc_lane *lane)
{
    struct xz_enc_block *block = lane->filling;
    if (block == NULL)
        return LZMA_OK;
    const size_t from = block->part_count;
    XZ_TRY(cut_block(block));
    if (from > 0)
        XZ_TRY(begin_parts(block));
    lane->filling = NULL;
    xz_lock(&lane->pool->lock);
    ++lane->busy_count;
    xz_unlock(&lane->pool->lock);
    submit_parts(lane, block, from);
    if (from > 0) {
        xz_lock(&lane->pool->lock);
        release_block(block);
        xz_unlock(&lane->pool->lock);
    }
    return LZMA_OK;
}

struct xz_enc_block *xz_enc_lane_head(struct xz_enc_lane *lane)
{
    struct xz_enc_block *block = lane->first;
    if (block == NULL)
        return NULL;
    xz_lock(&lane->pool->lock);
    const bool done = block->done;
    xz_unlock(&lane->pool->lock);
    return done ? block : NULL;
}

bool xz_enc_lane_write(struct xz_enc_lane *lane, struct xz_io *io)
{
    struct xz_enc_block *block = lane->first;
    for (; block->part_at < block->part_count; ++block->part_at) {
        const struct xz_enc_part *part = &block->parts[block->part_at];
        if (!xz_io_scatter(io, block->out.data + part->out_at, &block->out_pos,
                           part->out_size))
            return false;
        block->out_pos = 0;
    }
    return true;
}

size_t xz_enc_block_size(const struct xz_enc_block *block)
{
    size_t size = 0;
    for (size_t i = 0; i < block->part_count; ++i)
        size += block->parts[i].out_size;
    return size;
}

void xz_enc_lane_pop(struct xz_enc_lane *lane)
{
    struct xz_enc_block *block = lane->first;
    lane->first = block->next;
    if (lane->first == NULL)
        lane->last = &lane->first;
    --lane->length;
    block->next = lane->free_blocks;
    lane->free_blocks = block;
}

bool xz_enc_lane_wait(struct xz_enc_lane *lane, bool wants_place, uint64_t deadline_ms)
{
    struct xz_pool *pool = lane->pool;
    bool in_time = true;
    xz_lock(&pool->lock);
    while (in_time && !lane->first->done && !(wants_place && place_is_free(lane)))
        in_time = xz_cond_wait(&pool->changed, &pool->lock, deadline_ms);
    xz_unlock(&pool->lock);
    return in_time;
}

void xz_enc_lane_progress(struct xz_enc_lane *lane, uint64_t *in, uint64_t *out)
{
    xz_lock(&lane->pool->lock);
    for (struct xz_enc_block *block = lane->first; block != NULL; block = block->next) {
        for (size_t i = 0; i < block->part_count; ++i) {
            *in += block->parts[i].in_done;
            *out += block->parts[i].out_done;
        }
    }
    xz_unlock(&lane->pool->lock);
}
