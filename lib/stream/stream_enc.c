// SPDX-License-Identifier: 0BSD
// The single-threaded .xz encoder: header, Blocks, Index, footer in turn.
//
//   state         waits for / writes              leaves when
//   HEADER        o: 12 bytes of Stream Header    all out              -> NEXT_BLOCK
//   NEXT_BLOCK    i: a byte, or LZMA_FINISH       input came           -> BLOCK_HEADER
//                                                 FINISH without input -> INDEX
//   BLOCK_HEADER  o: the Block Header             all out              -> BLOCK
//   BLOCK         i/o: data, padding, Check       it is finished       -> NEXT_BLOCK
//   INDEX         o: the Index                    all out              -> FOOTER
//   FOOTER        o: 12 bytes                     all out: LZMA_STREAM_END
//
// A Block begins only when there is data for it, so that a flush without data writes
// nothing and an empty input gives an empty Stream. Sizes are not known when a Block
// Header is written and are left out of it.

#include "stream/stream_enc.h"
#include "base/alloc.h"
#include "base/try.h"
#include "check/check.h"
#include "format/block_header.h"
#include "format/filters.h"
#include "format/index.h"
#include "format/stream_flags.h"
#include "stream/block_enc.h"
#include "stream/index_enc.h"

enum state {
    STATE_HEADER,
    STATE_NEXT_BLOCK,
    STATE_BLOCK_HEADER,
    STATE_BLOCK,
    STATE_INDEX,
    STATE_FOOTER,
};

struct stream_enc {
    struct xz_coder base;
    enum state state;
    bool block_is_open;           // for the next Block, with the filters below
    struct xz_coder *block_coder; // owned
    lzma_block block;             // options and results of the current Block
    lzma_filter filters[LZMA_FILTERS_MAX + 1]; // owned copy; block.filters points here
    struct xz_coder *index_coder;              // owned
    lzma_index *index;                         // owned
    size_t field_pos;                          // invariant: field_pos <= field_size
    size_t field_size;
    uint8_t field[LZMA_BLOCK_HEADER_SIZE_MAX]; // header or footer that goes out
};

/* Opens the Block encoder for filters and measures the header it will get. */
static lzma_ret open_block(struct stream_enc *enc, const lzma_allocator *allocator,
                           lzma_filter *filters)
{
    enc->block_is_open = false;
    enc->block.filters = filters;
    enc->block.compressed_size = LZMA_VLI_UNKNOWN;
    enc->block.uncompressed_size = LZMA_VLI_UNKNOWN;
    XZ_TRY(xz_block_header_size(&enc->block));
    XZ_TRY(xz_block_enc_open(&enc->block_coder, allocator, &enc->block));
    enc->block_is_open = true;
    return LZMA_OK;
}

/* The step in state NEXT_BLOCK. LZMA_STREAM_END: a flush has nothing to do. */
static lzma_ret begin_block(struct stream_enc *enc, const lzma_allocator *allocator,
                            const struct xz_io *io, lzma_action action)
{
    if (io->in_pos == io->in_size) {
        if (action != LZMA_FINISH)
            return action == LZMA_RUN ? LZMA_OK : LZMA_STREAM_END;
        XZ_TRY(xz_index_enc_open(&enc->index_coder, allocator, enc->index));
        enc->state = STATE_INDEX;
        return LZMA_OK;
    }
    if (!enc->block_is_open)
        XZ_TRY(open_block(enc, allocator, enc->filters));
    enc->block_is_open = false;
    XZ_TRY(xz_block_header_encode(&enc->block, enc->field));
    enc->field_size = enc->block.header_size;
    enc->field_pos = 0;
    enc->state = STATE_BLOCK_HEADER;
    return LZMA_OK;
}

/* The step in state BLOCK. LZMA_STREAM_END: a LZMA_SYNC_FLUSH is complete. */
static lzma_ret encode_block(struct stream_enc *enc, const lzma_allocator *allocator,
                             struct xz_io *io, lzma_action action)
{
    const bool ends_block = action == LZMA_FULL_FLUSH || action == LZMA_FULL_BARRIER;
    const lzma_ret ret = xz_coder_pull(enc->block_coder, allocator, io,
                                       ends_block ? LZMA_FINISH : action);
    if (ret != LZMA_STREAM_END || action == LZMA_SYNC_FLUSH)
        return ret;
    XZ_TRY(xz_index_append(enc->index, allocator,
                           xz_block_enc_unpadded_size(enc->block_coder),
                           xz_block_enc_uncompressed_size(enc->block_coder)));
    enc->state = STATE_NEXT_BLOCK;
    return LZMA_OK;
}

static lzma_ret prepare_footer(struct stream_enc *enc)
{
    const lzma_stream_flags flags = {
        .version = 0,
        .backward_size = xz_index_size(enc->index),
        .check = enc->block.check,
    };
    XZ_TRY(xz_stream_footer_encode(&flags, enc->field));
    enc->field_size = LZMA_STREAM_HEADER_SIZE;
    enc->field_pos = 0;
    enc->state = STATE_FOOTER;
    return LZMA_OK;
}

/* Writes what is in field; true when all of it is out. */
static bool write_field(struct stream_enc *enc, struct xz_io *io)
{
    return xz_io_scatter(io, enc->field, &enc->field_pos, enc->field_size);
}

/* One step of the table above. Sets *ret_more when the next state can go on. */
static lzma_ret step(struct stream_enc *enc, const lzma_allocator *allocator,
                     struct xz_io *io, lzma_action action, bool *ret_more)
{
    const enum state before = enc->state;
    lzma_ret ret = LZMA_OK;
    switch (enc->state) {
    case STATE_HEADER:
        if (write_field(enc, io))
            enc->state = STATE_NEXT_BLOCK;
        break;
    case STATE_NEXT_BLOCK:
        ret = begin_block(enc, allocator, io, action);
        break;
    case STATE_BLOCK_HEADER:
        if (write_field(enc, io))
            enc->state = STATE_BLOCK;
        break;
    case STATE_BLOCK:
        ret = encode_block(enc, allocator, io, action);
        break;
    case STATE_INDEX:
        ret = xz_coder_pull(enc->index_coder, allocator, io, LZMA_RUN);
        if (ret == LZMA_STREAM_END)
            ret = prepare_footer(enc);
        break;
    case STATE_FOOTER:
        if (write_field(enc, io))
            ret = LZMA_STREAM_END;
        break;
    }
    *ret_more = ret == LZMA_OK && enc->state != before;
    return ret;
}

static lzma_ret stream_enc_code(struct xz_coder *coder, const lzma_allocator *allocator,
                                struct xz_io *io, lzma_action action)
{
    struct stream_enc *enc = (struct stream_enc *)coder;
    lzma_ret ret;
    bool more;
    do {
        ret = step(enc, allocator, io, action, &more);
    } while (more);
    return ret;
}

static void stream_enc_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct stream_enc *enc = (struct stream_enc *)coder;
    xz_coder_end(&enc->block_coder, allocator);
    xz_coder_end(&enc->index_coder, allocator);
    xz_index_end(enc->index, allocator);
    xz_filters_free(enc->filters, allocator);
    xz_free(enc, allocator);
}

/* Before a Block the whole chain may change; inside one, after LZMA_SYNC_FLUSH,
   what its chain allows. The encoder's own copy follows only when all went well. */
static lzma_ret stream_enc_update(struct xz_coder *coder,
                                  const lzma_allocator *allocator,
                                  const lzma_filter *filters)
{
    struct stream_enc *enc = (struct stream_enc *)coder;
    lzma_filter copy[LZMA_FILTERS_MAX + 1] = {{.id = LZMA_VLI_UNKNOWN}};
    XZ_TRY(xz_filters_copy(filters, allocator, copy));

    lzma_ret ret = LZMA_PROG_ERROR;
    if (enc->state <= STATE_NEXT_BLOCK) {
        ret = open_block(enc, allocator, copy);
        enc->block.filters = enc->filters;
    } else if (enc->state <= STATE_BLOCK) {
        ret = enc->block_coder->ops->update(enc->block_coder, allocator, copy);
    }
    if (ret != LZMA_OK) {
        xz_filters_free(copy, allocator);
        return ret;
    }
    xz_filters_free(enc->filters, allocator);
    memcpy(enc->filters, copy, sizeof(copy));
    return LZMA_OK;
}

static void stream_enc_progress(struct xz_coder *coder, uint64_t *in, uint64_t *out)
{
    struct stream_enc *enc = (struct stream_enc *)coder;
    if (enc->state == STATE_BLOCK)
        xz_coder_progress(enc->block_coder, in, out);
}

static const struct xz_coder_ops stream_enc_ops = {
    .code = stream_enc_code,
    .end = stream_enc_end,
    .progress = stream_enc_progress,
    .update = stream_enc_update,
};

/* Makes enc forget its last Stream. A new coder is all zero: nothing to forget. */
static void reset(struct stream_enc *enc, const lzma_allocator *allocator)
{
    xz_filters_free(enc->filters, allocator);
    xz_index_end(enc->index, allocator);
    enc->index = NULL;
    enc->block_is_open = false;
    enc->state = STATE_HEADER;
}

lzma_ret xz_stream_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                            const lzma_filter *filters, lzma_check check)
{
    if (filters == NULL)
        return LZMA_PROG_ERROR;
    struct stream_enc *enc =
        xz_coder_take(slot, &stream_enc_ops, sizeof(*enc), allocator);
    if (enc == NULL)
        return LZMA_MEM_ERROR;
    reset(enc, allocator);
    enc->index = xz_index_new(allocator);
    if (enc->index == NULL)
        return LZMA_MEM_ERROR;

    const lzma_stream_flags flags = {.version = 0, .check = check};
    XZ_TRY(xz_stream_header_encode(&flags, enc->field));
    enc->field_size = LZMA_STREAM_HEADER_SIZE;
    enc->field_pos = 0;

    XZ_TRY(xz_filters_copy(filters, allocator, enc->filters));
    enc->block.version = 0;
    enc->block.check = check;
    return open_block(enc, allocator, enc->filters);
}
