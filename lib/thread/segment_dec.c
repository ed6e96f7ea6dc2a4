// SPDX-License-Identifier: 0BSD
// LZMA2 data in several threads: a coder at the end of a chain that feeds a lane.
//
//     io->in  ->  segments, one after the other, into the lane
//     lane    ->  io->out, in order
//
// The filters before it and the Block decoder above see an LZMA2 decoder like others.
// The end mark is taken last, when all output is given: so they never see data that has
// no more input while there is still output to come.

#include "thread/segment_dec.h"
#include "base/alloc.h"
#include "base/try.h"

struct segment_dec {
    struct xz_coder base;
    struct xz_dec_lane *lane; // the caller's
    struct xz_segments segments;
    lzma_filter filter;      // options are the caller's
    uint64_t filters_memory; // bytes
    bool has_next;           // need is that of a segment that has not begun
    bool has_all;            // no segment follows
    bool lacks_place;        // at the end of the last call
    struct xz_dec_need need;
};

/* Finds out what comes next. */
static void look(struct segment_dec *dec)
{
    struct xz_segment segment;
    if (!xz_segments_next(&dec->segments, &segment)) {
        dec->has_all = true;
        return;
    }
    dec->has_next = true;
    dec->need.filters = dec->filters_memory;
    dec->need.in = segment.in_size + 1;
    dec->need.out = segment.out_size;
}

/* One step of input. Sets *ret_more false when it needs more of something. */
static lzma_ret feed(struct segment_dec *dec, struct xz_io *io, bool *ret_more)
{
    struct xz_dec_lane *const lane = dec->lane;
    *ret_more = true;
    if (lane->filling != NULL) {
        xz_dec_lane_fill(lane, io);
        *ret_more = lane->filling == NULL;
    } else if (dec->has_next) {
        *ret_more = xz_dec_lane_has_place(lane, &dec->need);
        if (*ret_more) {
            XZ_TRY(xz_dec_lane_begin_segment(lane, &dec->filter, &dec->need));
            dec->has_next = false;
        }
    } else if (!dec->has_all) {
        look(dec);
    } else {
        *ret_more = false;
    }
    return LZMA_OK;
}

static lzma_ret segment_dec_code(struct xz_coder *coder,
                                 const lzma_allocator *allocator, struct xz_io *io,
                                 lzma_action action)
{
    (void)allocator;
    (void)action;
    struct segment_dec *dec = (struct segment_dec *)coder;
    bool more = true;
    while (more)
        XZ_TRY(feed(dec, io, &more));
    XZ_TRY(xz_dec_lane_drain(dec->lane, io, false));
    dec->lacks_place = dec->has_next || (dec->has_all && dec->lane->length > 0);
    if (!dec->has_all || dec->lane->length > 0 || xz_io_in_left(io) == 0)
        return LZMA_OK;
    /* The survey has seen an end mark here. */
    return io->in[io->in_pos++] == 0x00 ? LZMA_STREAM_END : LZMA_DATA_ERROR;
}

static void segment_dec_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    xz_free(coder, allocator);
}

static const struct xz_coder_ops segment_dec_ops = {
    .code = segment_dec_code,
    .end = segment_dec_end,
};

lzma_ret xz_segment_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                             struct xz_dec_lane *lane,
                             const struct xz_segments *segments,
                             const lzma_filter *filter, uint64_t filters_memory)
{
    struct segment_dec *dec =
        xz_coder_take(slot, &segment_dec_ops, sizeof(*dec), allocator);
    if (dec == NULL)
        return LZMA_MEM_ERROR;
    dec->lane = lane;
    dec->segments = *segments;
    dec->filter = *filter;
    dec->filters_memory = filters_memory;
    dec->has_next = false;
    dec->has_all = false;
    dec->lacks_place = false;
    return LZMA_OK;
}

enum xz_dec_lack xz_segment_dec_lack(const struct xz_coder *coder,
                                     const struct xz_dec_need **ret_need)
{
    const struct segment_dec *dec = (const struct segment_dec *)coder;
    *ret_need = dec->has_next ? &dec->need : NULL;
    return dec->lacks_place ? XZ_DEC_LACKS_PLACE : XZ_DEC_LACKS_INPUT;
}
