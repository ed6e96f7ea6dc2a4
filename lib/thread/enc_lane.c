// SPDX-License-Identifier: 0BSD
// The lane: who holds which buffer when.
//
// A worker's part is encode_block(): it borrows an encoder, makes room for the output,
// encodes from memory to memory, gives back encoder and input buffer, and says done.

#include "thread/enc_lane.h"
#include "base/alloc.h"
#include "base/try.h"
#include "format/bounds.h"
#include "format/filters.h"
#include "stream/block_enc.h"

/* The first input buffer of a Block: small inputs should not pay for large Blocks. */
#define FIRST_CAPACITY ((size_t)64 << 10)

/* Blocks beyond those that keep the threads busy: so many, or so many bytes. */
#define SPARE_COUNT_MAX 256
#define SPARE_BYTES     (UINT64_C(1) << 19)

/* Makes room for capacity bytes and keeps span's content. */
static lzma_ret span_reserve(struct xz_span *span, size_t capacity,
                             const lzma_allocator *allocator)
{
    if (span->capacity >= capacity)
        return LZMA_OK;
    uint8_t *data = xz_alloc(capacity, allocator);
    if (data == NULL)
        return LZMA_MEM_ERROR;
    if (span->size > 0)
        memcpy(data, span->data, span->size);
    xz_free(span->data, allocator);
    span->data = data;
    span->capacity = capacity;
    return LZMA_OK;
}

/* ---- The worker's side ----------------------------------------------------------- */

static struct xz_coder *borrow_chain(struct xz_enc_lane *lane)
{
    xz_lock(&lane->pool->lock);
    struct xz_coder *chain = NULL;
    if (lane->free_chain_count > 0)
        chain = lane->free_chains[--lane->free_chain_count];
    xz_unlock(&lane->pool->lock);
    return chain;
}

static bool goes_on(void *owner, size_t in_done, size_t out_done)
{
    struct xz_enc_block *block = owner;
    struct xz_pool *pool = block->lane->pool;
    xz_lock(&pool->lock);
    block->in_done = in_done;
    block->out_done = out_done;
    const bool stop = pool->stop;
    xz_unlock(&pool->lock);
    return !stop;
}

/* Gives back what the Block needed and tells its result. */
static void finish_block(struct xz_enc_block *block, struct xz_coder *chain,
                         lzma_ret ret)
{
    struct xz_enc_lane *lane = block->lane;
    xz_lock(&lane->pool->lock);
    if (chain != NULL)
        lane->free_chains[lane->free_chain_count++] = chain;
    block->in_done = block->in.size;
    block->out_done = block->out.size;
    lane->free_in[lane->free_in_count++] = block->in;
    block->in = (struct xz_span){NULL, 0, 0};
    block->ret = ret;
    block->done = true;
    --lane->busy_count;
    xz_unlock(&lane->pool->lock);
}

static void encode_block(struct xz_job *job)
{
    struct xz_enc_block *block = (struct xz_enc_block *)job;
    struct xz_enc_lane *lane = block->lane;
    const struct xz_block_watch watch = {.goes_on = goes_on, .owner = block};
    struct xz_coder *chain = borrow_chain(lane);

    const size_t bound = xz_block_bound(block->in.size);
    lzma_ret ret = span_reserve(&block->out, bound, lane->allocator);
    if (ret == LZMA_OK) {
        struct xz_io io = {.in = block->in.data, .in_size = block->in.size};
        io.out = block->out.data;
        io.out_size = block->out.capacity;
        ret = xz_block_encode(&chain, lane->allocator, &block->block, &io, &watch);
        block->out.size = io.out_pos;
    }
    finish_block(block, chain, ret);
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
    if (lane->pool == NULL || lane->free_in == NULL || lane->free_chains == NULL)
        return LZMA_MEM_ERROR;
    return LZMA_OK;
}

/* Frees a list of Blocks that no worker touches any more. */
static void free_list(struct xz_enc_block *block, const lzma_allocator *allocator)
{
    while (block != NULL) {
        struct xz_enc_block *next = block->next;
        xz_filters_free(block->filters, allocator);
        xz_free(block->in.data, allocator);
        xz_free(block->out.data, allocator);
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
        xz_free(lane->free_in[i].data, allocator);
    for (uint32_t i = 0; i < lane->free_chain_count; ++i)
        xz_coder_end(&lane->free_chains[i], allocator);
    xz_free(lane->free_in, allocator);
    xz_free(lane->free_chains, allocator);
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
    block->job.run = encode_block;
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
    block->in_done = 0;
    block->out_done = 0;
    block->done = false;
    xz_unlock(&lane->pool->lock);
    block->in.size = 0;
    block->out.size = 0;
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

/* The next capacity that is worth reserving for `wanted` bytes of input. */
static size_t grown_capacity(const struct xz_enc_lane *lane, const struct xz_span *span,
                             size_t wanted)
{
    size_t capacity = span->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : span->capacity;
    while (capacity < wanted && capacity < lane->block_size)
        capacity = capacity > SIZE_MAX / 2 ? SIZE_MAX : capacity * 2;
    return capacity < lane->block_size ? capacity : lane->block_size;
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
    (void)xz_io_gather(io, span->data, &span->size, size);
    if (span->size == lane->block_size)
        xz_enc_lane_submit(lane);
    return LZMA_OK;
}

void xz_enc_lane_submit(struct xz_enc_lane *lane)
{
    struct xz_enc_block *block = lane->filling;
    if (block == NULL)
        return;
    lane->filling = NULL;
    xz_lock(&lane->pool->lock);
    ++lane->busy_count;
    xz_unlock(&lane->pool->lock);
    xz_pool_submit(lane->pool, &block->job);
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
        *in += block->in_done;
        *out += block->out_done;
    }
    xz_unlock(&lane->pool->lock);
}
