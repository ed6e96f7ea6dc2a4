// SPDX-License-Identifier: 0BSD
// The threaded .xz encoder: Blocks of one size go through the lane to the caller.
//
//   state     does                                            leaves when
//   HEADER    writes the Stream Header                        all out -> BLOCKS
//   BLOCKS    fills Blocks, drains the lane, waits            FINISH, lane empty
//             (enc_wait.h)                                      -> INDEX
//   INDEX     writes the Index                                all out -> FOOTER
//   FOOTER    writes the Stream Footer                        all out: LZMA_STREAM_END
//
// A call goes on until the input is used, the output is full or the timeout has passed.

#include "thread/stream_enc_mt.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/try.h"
#include "check/check.h"
#include "format/block_header.h"
#include "format/bounds.h"
#include "format/filters.h"
#include "format/index.h"
#include "format/stream_flags.h"
#include "stream/block_parts_enc.h"
#include "stream/chain.h"
#include "stream/index_enc.h"
#include "thread/enc_lane.h"
#include "thread/enc_wait.h"

enum state {
    STATE_HEADER,
    STATE_BLOCKS,
    STATE_INDEX,
    STATE_FOOTER,
};

struct enc_mt {
    struct xz_coder base;
    enum state state;
    struct xz_enc_lane lane;
    bool lane_is_open;
    uint32_t timeout_ms;
    lzma_filter filters[LZMA_FILTERS_MAX + 1]; // owned: for Blocks that begin
    struct xz_coder *index_coder;              // owned
    lzma_index *index;                         // owned
    uint64_t in_total;                         // bytes in Blocks that are out
    uint64_t out_total;                        // bytes of header, such Blocks, and end
    size_t field_pos;
    uint8_t field[LZMA_STREAM_HEADER_SIZE];
};

/* Gives finished Blocks to the caller, oldest first, as far as there is room. */
static lzma_ret drain(struct enc_mt *enc, const lzma_allocator *allocator,
                      struct xz_io *io)
{
    struct xz_enc_block *head = xz_enc_lane_head(&enc->lane);
    while (head != NULL) {
        XZ_TRY(head->ret);
        if (!xz_enc_lane_write(&enc->lane, io))
            return LZMA_OK;
        const lzma_vli unpadded = xz_block_unpadded_size(&head->block);
        XZ_TRY(xz_index_append(enc->index, allocator, unpadded,
                               head->block.uncompressed_size));
        enc->in_total += head->block.uncompressed_size;
        enc->out_total += xz_enc_block_size(head);
        xz_enc_lane_pop(&enc->lane);
        head = xz_enc_lane_head(&enc->lane);
    }
    return LZMA_OK;
}

/* Moves input into Blocks while there is a place for it. */
static lzma_ret feed(struct enc_mt *enc, struct xz_io *io, lzma_action action)
{
    while (io->in_pos < io->in_size && xz_enc_lane_has_place(&enc->lane))
        XZ_TRY(xz_enc_lane_fill(&enc->lane, enc->filters, io));
    if (action != LZMA_RUN && io->in_pos == io->in_size)
        return xz_enc_lane_submit(&enc->lane);
    return LZMA_OK;
}

/* State BLOCKS. LZMA_STREAM_END: the action is complete. */
static lzma_ret code_blocks(struct enc_mt *enc, const lzma_allocator *allocator,
                            struct xz_io *io, lzma_action action)
{
    uint64_t deadline = XZ_NO_DEADLINE;
    while (true) {
        XZ_TRY(drain(enc, allocator, io));
        XZ_TRY(feed(enc, io, action));
        const struct xz_enc_view view = {
            .in_left = io->in_pos < io->in_size,
            .out_full = io->out_pos == io->out_size,
            .lane_empty = enc->lane.length == 0,
            .action = action,
        };
        const enum xz_enc_wait verdict = xz_enc_wait(&view);
        if (verdict == XZ_ENC_RETURN)
            return LZMA_OK;
        if (verdict == XZ_ENC_DONE)
            return LZMA_STREAM_END;
        if (deadline == XZ_NO_DEADLINE && enc->timeout_ms != 0)
            deadline = xz_monotonic_ms() + enc->timeout_ms;
        if (!xz_enc_lane_wait(&enc->lane, view.in_left, deadline))
            return XZ_TIMED_OUT;
    }
}

static lzma_ret prepare_footer(struct enc_mt *enc)
{
    const lzma_stream_flags flags = {
        .backward_size = xz_index_size(enc->index),
        .check = enc->lane.check,
    };
    enc->field_pos = 0;
    enc->state = STATE_FOOTER;
    return xz_stream_footer_encode(&flags, enc->field);
}

/* States INDEX and FOOTER. */
static lzma_ret write_end(struct enc_mt *enc, const lzma_allocator *allocator,
                          struct xz_io *io)
{
    if (enc->state == STATE_INDEX) {
        const lzma_ret ret = xz_coder_pull(enc->index_coder, allocator, io, LZMA_RUN);
        if (ret != LZMA_STREAM_END)
            return ret;
        XZ_TRY(prepare_footer(enc));
    }
    if (!xz_io_scatter(io, enc->field, &enc->field_pos, sizeof(enc->field)))
        return LZMA_OK;
    return LZMA_STREAM_END;
}

static lzma_ret enc_mt_code(struct xz_coder *coder, const lzma_allocator *allocator,
                            struct xz_io *io, lzma_action action)
{
    struct enc_mt *enc = (struct enc_mt *)coder;
    if (xz_pool_is_lost(enc->lane.pool))
        return LZMA_PROG_ERROR;
    if (enc->state == STATE_HEADER) {
        if (!xz_io_scatter(io, enc->field, &enc->field_pos, sizeof(enc->field)))
            return LZMA_OK;
        enc->state = STATE_BLOCKS;
    }
    if (enc->state == STATE_BLOCKS) {
        const lzma_ret ret = code_blocks(enc, allocator, io, action);
        if (ret != LZMA_STREAM_END || action != LZMA_FINISH)
            return ret;
        XZ_TRY(xz_index_enc_open(&enc->index_coder, allocator, enc->index));
        enc->state = STATE_INDEX;
    }
    const size_t start = io->out_pos;
    const lzma_ret ret = write_end(enc, allocator, io);
    enc->out_total += io->out_pos - start;
    return ret;
}

/* Frees all that belongs to one Stream. A new coder is all zero: nothing to free. */
static void clear(struct enc_mt *enc, const lzma_allocator *allocator)
{
    if (enc->lane_is_open)
        xz_enc_lane_close(&enc->lane);
    enc->lane_is_open = false;
    xz_filters_free(enc->filters, allocator);
    xz_index_end(enc->index, allocator);
    enc->index = NULL;
}

static void enc_mt_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct enc_mt *enc = (struct enc_mt *)coder;
    clear(enc, allocator);
    xz_coder_end(&enc->index_coder, allocator);
    xz_free(enc, allocator);
}

static void enc_mt_progress(struct xz_coder *coder, uint64_t *ret_in, uint64_t *ret_out)
{
    struct enc_mt *enc = (struct enc_mt *)coder;
    *ret_in = enc->in_total;
    *ret_out = enc->out_total;
    if (!xz_pool_is_lost(enc->lane.pool))
        xz_enc_lane_progress(&enc->lane, ret_in, ret_out);
}

/* Whether Blocks can be written with this chain. */
static lzma_ret check_chain(lzma_filter *filters)
{
    if (xz_chain_memusage(&xz_chain_encoders, filters) == UINT64_MAX)
        return LZMA_OPTIONS_ERROR;
    lzma_block block = {.filters = filters};
    block.compressed_size = LZMA_VLI_UNKNOWN;
    block.uncompressed_size = LZMA_VLI_UNKNOWN;
    return xz_block_header_size(&block);
}

/* Makes a copy of filters the chain of Blocks that begin from now on. */
static lzma_ret set_chain(struct enc_mt *enc, const lzma_allocator *allocator,
                          const lzma_filter *filters)
{
    lzma_filter copy[LZMA_FILTERS_MAX + 1] = {{.id = LZMA_VLI_UNKNOWN}};
    XZ_TRY(xz_filters_copy(filters, allocator, copy));
    const lzma_ret ret = check_chain(copy);
    if (ret != LZMA_OK) {
        xz_filters_free(copy, allocator);
        return ret;
    }
    xz_filters_free(enc->filters, allocator);
    memcpy(enc->filters, copy, sizeof(copy));
    return LZMA_OK;
}

/* The chain may change between Blocks only. */
static lzma_ret enc_mt_update(struct xz_coder *coder, const lzma_allocator *allocator,
                              const lzma_filter *filters)
{
    struct enc_mt *enc = (struct enc_mt *)coder;
    if (enc->state > STATE_BLOCKS || enc->lane.filling != NULL)
        return LZMA_PROG_ERROR;
    return set_chain(enc, allocator, filters);
}

static const struct xz_coder_ops enc_mt_ops = {
    .code = enc_mt_code,
    .end = enc_mt_end,
    .progress = enc_mt_progress,
    .update = enc_mt_update,
};

uint64_t xz_stream_enc_mt_memusage(const struct xz_enc_mt_options *options)
{
    uint64_t chain = xz_chain_memusage(&xz_chain_encoders, options->filters);
    if (chain != UINT64_MAX && xz_block_part_most(options->filters) > 0)
        chain = xz_block_part_memusage(options->filters);
    uint64_t bound = xz_block_bound(options->block_size);
    if (chain == UINT64_MAX || bound == 0)
        return UINT64_MAX;
    bound += XZ_BLOCK_PARTS_ROOM;
    /* A thread has an encoder, its input, and two Blocks of output on their way. What
       spare Blocks take is bounded and small. */
    const uint64_t spare = xz_enc_lane_spare(options->block_size);
    uint64_t each;
    if (!xz_add_fits(chain, options->block_size, &each)
        || !xz_add_fits(each, 2 * bound, &each) || each > UINT64_MAX / 32768)
        return UINT64_MAX;
    return XZ_MEMUSAGE_BASE + options->threads * each
           + spare * (options->block_size + 2 * bound);
}

lzma_ret xz_stream_enc_mt_open(struct xz_coder **slot, const lzma_allocator *allocator,
                               const struct xz_enc_mt_options *options)
{
    const lzma_stream_flags flags = {.check = options->check};
    struct enc_mt *enc = xz_coder_take(slot, &enc_mt_ops, sizeof(*enc), allocator);
    if (enc == NULL)
        return LZMA_MEM_ERROR;
    clear(enc, allocator);
    XZ_TRY(xz_stream_header_encode(&flags, enc->field));
    if (!xz_check_is_supported(options->check))
        return LZMA_UNSUPPORTED_CHECK;
    enc->state = STATE_HEADER;
    enc->timeout_ms = options->timeout_ms;
    enc->in_total = 0;
    enc->out_total = LZMA_STREAM_HEADER_SIZE;
    enc->field_pos = 0;
    enc->index = xz_index_new(allocator);
    if (enc->index == NULL)
        return LZMA_MEM_ERROR;
    XZ_TRY(set_chain(enc, allocator, options->filters));
    enc->lane_is_open = true;
    return xz_enc_lane_open(&enc->lane, options->threads, options->block_size,
                            options->check, allocator);
}
