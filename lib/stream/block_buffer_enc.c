// SPDX-License-Identifier: 0BSD
// A whole Block from memory to memory: what lzma_block_buffer_encode(), the one-shot
// calls and every worker of the threaded encoder do.
//
// Both sizes are in the Block Header, so decoders can work on such Blocks in parallel.
// The header is written last, but its length must be known before the data is placed
// behind it. So room is left for the largest values the sizes can take; sizes are
// coded in 1 to 9 bytes, and the header says with zero padding what it does not need.
//
//   +--------------+-----------------+---------+-------+
//   | Block Header | compressed data | padding | Check |
//   +--------------+-----------------+---------+-------+
//   ^ out_pos      ^ + header_size             ^ + compressed_size rounded up to 4
//
// Data that LZMA2 cannot make smaller goes out as stored chunks, which need 3 bytes for
// each 64 KiB and one byte at the end. Compressed data gets as much room and no more,
// so the chain runs out of it when storing is better.

#include "base/try.h"
#include "check/check.h"
#include "format/block_header.h"
#include "format/bounds.h"
#include "lzma/lzma_enc.h"
#include "stream/block_enc.h"
#include "stream/chain.h"

lzma_ret xz_block_measure(lzma_block *block, size_t in_size)
{
    const lzma_vli stored_size = xz_lzma2_stored_bound(in_size);
    if (stored_size == 0)
        return LZMA_DATA_ERROR;
    block->compressed_size = stored_size;
    block->uncompressed_size = in_size;
    return xz_block_header_size(block);
}

/* Room for compressed data at io's output when header, padding and Check have theirs:
   a multiple of four, since padding fills up to one. */
static size_t data_room(const lzma_block *block, const struct xz_io *io)
{
    const size_t around = block->header_size + xz_check_size(block->check);
    const size_t left = xz_io_out_left(io);
    return left < around ? 0 : (left - around) & ~(size_t)3;
}

/* Block Padding and Check. data_room() has left room. Takes the input. */
static void write_tail(lzma_block *block, struct xz_io *io)
{
    const size_t padding = (size_t)(-block->compressed_size & 3);
    memset(io->out + io->out_pos, 0, padding);
    io->out_pos += padding;

    struct xz_check check;
    xz_check_init(&check, block->check);
    if (xz_io_in_left(io) > 0)
        xz_check_update(&check, io->in + io->in_pos, xz_io_in_left(io));
    xz_check_finish(&check, block->raw_check);
    const size_t check_size = xz_check_size(block->check);
    memcpy(io->out + io->out_pos, block->raw_check, check_size);
    io->out_pos += check_size;
    io->in_pos = io->in_size;
}

/* Header for stored data, with the smallest LZMA2 dictionary. */
static lzma_ret write_stored_header(lzma_block *block, struct xz_io *io)
{
    lzma_options_lzma options;
    memset(&options, 0, sizeof(options));
    options.dict_size = LZMA_DICT_SIZE_MIN;
    lzma_filter filters[2] = {
        {.id = LZMA_FILTER_LZMA2, .options = &options},
        {.id = LZMA_VLI_UNKNOWN, .options = NULL},
    };
    lzma_filter *const callers = block->filters;
    block->filters = filters;
    lzma_ret ret = xz_block_measure(block, xz_io_in_left(io));
    if (ret == LZMA_OK && data_room(block, io) < block->compressed_size)
        ret = LZMA_BUF_ERROR;
    if (ret == LZMA_OK)
        ret = xz_block_header_encode(block, io->out + io->out_pos);
    block->filters = callers;
    if (ret == LZMA_OK)
        io->out_pos += block->header_size;
    return ret;
}

lzma_ret xz_block_store(lzma_block *block, struct xz_io *io)
{
    XZ_TRY(write_stored_header(block, io));
    const struct xz_lzma2_part whole = {
        .text = io->in + io->in_pos, .size = xz_io_in_left(io), .is_last = true};
    io->out_pos += xz_lzma2_part_store(&whole, io->out + io->out_pos);
    write_tail(block, io);
    return LZMA_OK;
}

/* Runs the chain over all of data's input, in slices if somebody watches.
   LZMA_BUF_ERROR: data's output is too small; LZMA_PROG_ERROR: called off. */
static lzma_ret run_chain(struct xz_coder *chain, const lzma_allocator *allocator,
                          struct xz_io *data, const struct xz_block_watch *watch)
{
    const size_t in_size = data->in_size;
    const size_t in_start = data->in_pos;
    const size_t out_start = data->out_pos;
    while (watch != NULL && in_size - data->in_pos > XZ_WATCH_SLICE) {
        data->in_size = data->in_pos + XZ_WATCH_SLICE;
        XZ_TRY(xz_coder_pull(chain, allocator, data, LZMA_RUN));
        if (data->in_pos < data->in_size)
            return LZMA_BUF_ERROR;
        uint64_t in_done = data->in_pos - in_start;
        uint64_t out_done = data->out_pos - out_start;
        xz_coder_progress(chain, &in_done, &out_done);
        if (!watch->goes_on(watch->owner, (size_t)in_done, (size_t)out_done))
            return LZMA_PROG_ERROR;
    }
    data->in_size = in_size;
    const lzma_ret ret = xz_coder_pull(chain, allocator, data, LZMA_FINISH);
    if (ret == LZMA_OK)
        return LZMA_BUF_ERROR;
    return ret == LZMA_STREAM_END ? LZMA_OK : ret;
}

/* Header and data in the compressed form. LZMA_BUF_ERROR when it is larger than the
   stored one or does not fit; then io is untouched. */
static lzma_ret encode_compressed(struct xz_coder **slot,
                                  const lzma_allocator *allocator, lzma_block *block,
                                  struct xz_io *io, const struct xz_block_watch *watch)
{
    XZ_TRY(xz_block_measure(block, xz_io_in_left(io)));
    const size_t room = data_room(block, io);
    if (room == 0)
        return LZMA_BUF_ERROR;
    XZ_TRY(xz_chain_open(&xz_chain_encoders, slot, allocator, block->filters));

    const size_t start = io->out_pos + block->header_size;
    struct xz_io data = *io;
    data.out_pos = start;
    data.out_size = start;
    data.out_size +=
        room < block->compressed_size ? room : (size_t)block->compressed_size;
    XZ_TRY(run_chain(*slot, allocator, &data, watch));
    block->compressed_size = data.out_pos - start;
    XZ_TRY(xz_block_header_encode(block, io->out + io->out_pos));
    io->out_pos = data.out_pos;
    return LZMA_OK;
}

lzma_ret xz_block_encode(struct xz_coder **slot, const lzma_allocator *allocator,
                         lzma_block *block, struct xz_io *io,
                         const struct xz_block_watch *watch)
{
    const lzma_ret ret = encode_compressed(slot, allocator, block, io, watch);
    if (ret == LZMA_BUF_ERROR)
        return xz_block_store(block, io);
    XZ_TRY(ret);
    write_tail(block, io);
    return LZMA_OK;
}
