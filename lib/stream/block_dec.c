// SPDX-License-Identifier: 0BSD
// The Block decoder: a filter chain kept within the sizes that are known, then padding
// and Check.
//
//   state    reads                               leaves when
//   DATA     what the chain takes                the chain ends, with the right sizes
//   PADDING  zero bytes up to a multiple of four all were there
//   CHECK    the Check field                     it is whole: LZMA_STREAM_END
//
// The chain sees no more input and output than the Block may have. So where it wants
// more of one and could have more of it but for the limit, the sizes are wrong:
//
//     input at its limit,  room left            the data is longer than it may be
//     output at its limit, input left, or a     likewise, uncompressed
//         filter that has more
//     both at their limits, chain not ended     likewise
//
// (If the output stays, no filter holds back bytes, and LZMA2 takes its last byte of
// input when all output is there. Then input at its limit is enough to know.)
//
// Where the output stays (xz_io.out_stays), filters may rewrite all of it when the
// chain ends; then the Check is computed in one go at the end.

#include "stream/block_dec.h"
#include "base/alloc.h"
#include "base/bytes.h"
#include "base/try.h"
#include "check/check.h"
#include "format/block_header.h"
#include "stream/chain.h"

enum state {
    STATE_DATA,
    STATE_PADDING,
    STATE_CHECK,
};

struct block_dec {
    struct xz_coder base;
    enum state state;
    struct xz_coder *chain;     // owned
    lzma_block *block;          // the caller's; results go there
    lzma_vli compressed_size;   // bytes so far; <= compressed_limit
    lzma_vli uncompressed_size; // bytes so far; <= uncompressed_limit
    lzma_vli compressed_limit;  // most bytes that the Block may have
    lzma_vli uncompressed_limit;
    bool verifies;   // the Check is known and wanted
    size_t tail_pos; // bytes of Block Padding or Check done
    struct xz_check check;
};

/* Most bytes from pos on, where so many are left and so many are allowed. */
static size_t limited_end(size_t pos, size_t end, lzma_vli allowed)
{
    return end - pos <= allowed ? end : pos + (size_t)allowed;
}

/* The chain has ended: its sizes are final. */
static lzma_ret end_data(struct block_dec *dec)
{
    lzma_block *block = dec->block;
    if ((block->compressed_size != LZMA_VLI_UNKNOWN
         && block->compressed_size != dec->compressed_size)
        || (block->uncompressed_size != LZMA_VLI_UNKNOWN
            && block->uncompressed_size != dec->uncompressed_size))
        return LZMA_DATA_ERROR;
    block->compressed_size = dec->compressed_size;
    block->uncompressed_size = dec->uncompressed_size;
    dec->tail_pos = 0;
    dec->state = STATE_PADDING;
    return LZMA_OK;
}

/* Computes the Check of what is final: bytes from out_start on have just come. */
static void update_check(struct block_dec *dec, const struct xz_io *io,
                         size_t out_start, bool has_ended)
{
    if (!dec->verifies)
        return;
    size_t start = out_start;
    if (io->out_stays) {
        if (!has_ended)
            return;
        start = io->out_pos - (size_t)dec->uncompressed_size;
    }
    if (io->out_pos > start)
        xz_check_update(&dec->check, io->out + start, io->out_pos - start);
}

static lzma_ret decode_data(struct block_dec *dec, const lzma_allocator *allocator,
                            struct xz_io *io, lzma_action action)
{
    struct xz_io sub = *io;
    sub.in_size = limited_end(io->in_pos, io->in_size,
                              dec->compressed_limit - dec->compressed_size);
    sub.out_size = limited_end(io->out_pos, io->out_size,
                               dec->uncompressed_limit - dec->uncompressed_size);
    const size_t out_start = io->out_pos;
    const lzma_ret ret = xz_coder_pull(dec->chain, allocator, &sub, action);

    dec->compressed_size += sub.in_pos - io->in_pos;
    dec->uncompressed_size += sub.out_pos - io->out_pos;
    io->in_pos = sub.in_pos;
    io->out_pos = sub.out_pos;
    update_check(dec, io, out_start, ret == LZMA_STREAM_END);
    if (ret == LZMA_STREAM_END)
        return end_data(dec);
    XZ_TRY(ret);

    const bool in_at_limit = dec->compressed_size == dec->compressed_limit;
    const bool out_at_limit = dec->uncompressed_size == dec->uncompressed_limit;
    const bool wants_in =
        in_at_limit && (out_at_limit || io->out_stays || xz_io_out_left(&sub) > 0);
    const bool wants_out = out_at_limit && (sub.has_more || xz_io_in_left(&sub) > 0);
    return wants_in || wants_out ? LZMA_DATA_ERROR : LZMA_OK;
}

static lzma_ret read_padding(struct block_dec *dec, struct xz_io *io)
{
    const size_t size = (size_t)(-dec->compressed_size & 3);
    for (; dec->tail_pos < size; ++dec->tail_pos) {
        if (xz_io_in_left(io) == 0)
            return LZMA_OK;
        if (io->in[io->in_pos++] != 0x00)
            return LZMA_DATA_ERROR;
    }
    dec->tail_pos = 0;
    dec->state = STATE_CHECK;
    return LZMA_OK;
}

static lzma_ret read_check(struct block_dec *dec, struct xz_io *io)
{
    const size_t size = xz_check_size(dec->block->check);
    if (!xz_io_gather(io, dec->block->raw_check, &dec->tail_pos, size))
        return LZMA_OK;
    if (dec->verifies) {
        uint8_t field[LZMA_CHECK_SIZE_MAX];
        xz_check_finish(&dec->check, field);
        if (!xz_same_bytes(field, dec->block->raw_check, size))
            return LZMA_DATA_ERROR;
    }
    return LZMA_STREAM_END;
}

static lzma_ret block_dec_code(struct xz_coder *coder, const lzma_allocator *allocator,
                               struct xz_io *io, lzma_action action)
{
    struct block_dec *dec = (struct block_dec *)coder;
    if (dec->state == STATE_DATA)
        XZ_TRY(decode_data(dec, allocator, io, action));
    if (dec->state == STATE_PADDING)
        XZ_TRY(read_padding(dec, io));
    return dec->state == STATE_CHECK ? read_check(dec, io) : LZMA_OK;
}

static void block_dec_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct block_dec *dec = (struct block_dec *)coder;
    xz_coder_end(&dec->chain, allocator);
    xz_free(dec, allocator);
}

static const struct xz_coder_ops block_dec_ops = {
    .code = block_dec_code,
    .end = block_dec_end,
};

lzma_ret xz_block_dec_open_onto(struct xz_coder **slot, const lzma_allocator *allocator,
                                lzma_block *block, struct xz_coder **last)
{
    if (block == NULL || block->filters == NULL || block->version > 1
        || xz_block_unpadded_size(block) == 0
        || (block->uncompressed_size > LZMA_VLI_MAX
            && block->uncompressed_size != LZMA_VLI_UNKNOWN))
        return LZMA_PROG_ERROR;

    struct block_dec *dec =
        xz_coder_take(slot, &block_dec_ops, sizeof(*dec), allocator);
    if (dec == NULL)
        return LZMA_MEM_ERROR;
    dec->state = STATE_DATA;
    dec->block = block;
    dec->compressed_size = 0;
    dec->uncompressed_size = 0;
    dec->compressed_limit = block->compressed_size;
    if (dec->compressed_limit == LZMA_VLI_UNKNOWN)
        dec->compressed_limit =
            XZ_UNPADDED_SIZE_MAX - block->header_size - xz_check_size(block->check);
    dec->uncompressed_limit = block->uncompressed_size;
    if (dec->uncompressed_limit == LZMA_VLI_UNKNOWN)
        dec->uncompressed_limit = LZMA_VLI_MAX;
    dec->tail_pos = 0;
    dec->verifies = !(block->version == 1 && block->ignore_check)
                    && xz_check_is_supported(block->check);
    xz_check_init(&dec->check, dec->verifies ? block->check : LZMA_CHECK_NONE);
    if (last != NULL)
        return xz_chain_open_onto(&dec->chain, allocator, block->filters, last);
    return xz_chain_open(&xz_chain_decoders, &dec->chain, allocator, block->filters);
}

lzma_ret xz_block_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           lzma_block *block)
{
    return xz_block_dec_open_onto(slot, allocator, block, NULL);
}
