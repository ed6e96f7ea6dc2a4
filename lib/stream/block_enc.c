// SPDX-License-Identifier: 0BSD
// The streaming Block encoder: a filter chain, counted and checked, then padding and
// Check.
//
//   state    writes                                leaves when
//   DATA     what the chain gives                  the chain ends after LZMA_FINISH
//   PADDING  zero bytes up to a multiple of four   all are out
//   CHECK    the Check field                       all of it is out: LZMA_STREAM_END

#include "stream/block_enc.h"
#include "base/alloc.h"
#include "base/try.h"
#include "check/check.h"
#include "format/block_header.h"
#include "stream/chain.h"

enum state {
    STATE_DATA,
    STATE_PADDING,
    STATE_CHECK,
};

struct block_enc {
    struct xz_coder base;
    enum state state;
    struct xz_coder *chain; // owned
    lzma_block *block;      // the caller's; results go here at the end
    uint32_t header_size;   // bytes
    lzma_vli compressed_size;
    lzma_vli uncompressed_size;
    size_t tail_pos; // how much of padding or Check is out
    struct xz_check check;
};

/* Runs the chain and counts what went through it. */
static lzma_ret encode_data(struct block_enc *enc, const lzma_allocator *allocator,
                            struct xz_io *io, lzma_action action)
{
    const size_t in_start = io->in_pos;
    const size_t out_start = io->out_pos;

    if (LZMA_VLI_MAX - enc->uncompressed_size < xz_io_in_left(io))
        return LZMA_DATA_ERROR;
    const lzma_ret ret = xz_coder_pull(enc->chain, allocator, io, action);

    const size_t in_used = io->in_pos - in_start;
    const size_t out_used = io->out_pos - out_start;
    if (XZ_COMPRESSED_SIZE_MAX - enc->compressed_size < out_used)
        return LZMA_DATA_ERROR;
    enc->compressed_size += out_used;
    enc->uncompressed_size += in_used;
    if (in_used > 0)
        xz_check_update(&enc->check, io->in + in_start, in_used);
    return ret;
}

static bool write_padding(struct block_enc *enc, struct xz_io *io)
{
    static const uint8_t zeros[3] = {0, 0, 0};
    const size_t size = (size_t)(-enc->compressed_size & 3);
    return xz_io_scatter(io, zeros, &enc->tail_pos, size);
}

static lzma_ret block_enc_code(struct xz_coder *coder, const lzma_allocator *allocator,
                               struct xz_io *io, lzma_action action)
{
    struct block_enc *enc = (struct block_enc *)coder;
    if (enc->state == STATE_DATA) {
        const lzma_ret ret = encode_data(enc, allocator, io, action);
        if (ret != LZMA_STREAM_END || action == LZMA_SYNC_FLUSH)
            return ret;
        enc->block->compressed_size = enc->compressed_size;
        enc->block->uncompressed_size = enc->uncompressed_size;
        xz_check_finish(&enc->check, enc->block->raw_check);
        enc->state = STATE_PADDING;
    }
    if (enc->state == STATE_PADDING) {
        if (!write_padding(enc, io))
            return LZMA_OK;
        enc->tail_pos = 0;
        enc->state = STATE_CHECK;
    }
    const size_t check_size = xz_check_size(enc->check.type);
    if (!xz_io_scatter(io, enc->block->raw_check, &enc->tail_pos, check_size))
        return LZMA_OK;
    return LZMA_STREAM_END;
}

static void block_enc_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct block_enc *enc = (struct block_enc *)coder;
    xz_coder_end(&enc->chain, allocator);
    xz_free(enc, allocator);
}

static lzma_ret block_enc_update(struct xz_coder *coder,
                                 const lzma_allocator *allocator,
                                 const lzma_filter *filters)
{
    struct block_enc *enc = (struct block_enc *)coder;
    if (enc->state != STATE_DATA)
        return LZMA_PROG_ERROR;
    return xz_chain_update(enc->chain, allocator, filters);
}

static void block_enc_progress(struct xz_coder *coder, uint64_t *in, uint64_t *out)
{
    struct block_enc *enc = (struct block_enc *)coder;
    xz_coder_progress(enc->chain, in, out);
}

static const struct xz_coder_ops block_enc_ops = {
    .code = block_enc_code,
    .end = block_enc_end,
    .progress = block_enc_progress,
    .update = block_enc_update,
};

lzma_ret xz_block_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           lzma_block *block)
{
    if (block == NULL || block->filters == NULL)
        return LZMA_PROG_ERROR;
    if (block->version > 1)
        return LZMA_OPTIONS_ERROR;
    if ((unsigned)block->check > LZMA_CHECK_ID_MAX)
        return LZMA_PROG_ERROR;
    if (!xz_check_is_supported(block->check))
        return LZMA_UNSUPPORTED_CHECK;

    struct block_enc *enc =
        xz_coder_take(slot, &block_enc_ops, sizeof(*enc), allocator);
    if (enc == NULL)
        return LZMA_MEM_ERROR;
    enc->state = STATE_DATA;
    enc->block = block;
    enc->header_size = block->header_size;
    enc->compressed_size = 0;
    enc->uncompressed_size = 0;
    enc->tail_pos = 0;
    xz_check_init(&enc->check, block->check);
    return xz_chain_open(&xz_chain_encoders, &enc->chain, allocator, block->filters);
}

lzma_vli xz_block_enc_unpadded_size(const struct xz_coder *coder)
{
    const struct block_enc *enc = (const struct block_enc *)coder;
    return enc->header_size + enc->compressed_size + xz_check_size(enc->check.type);
}

lzma_vli xz_block_enc_uncompressed_size(const struct xz_coder *coder)
{
    const struct block_enc *enc = (const struct block_enc *)coder;
    return enc->uncompressed_size;
}
