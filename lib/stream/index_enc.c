// SPDX-License-Identifier: 0BSD
// The streaming Index encoder: one part of the field after another, in a small buffer.
//
//   state    part in the buffer                    then
//   RECORDS  indicator and count, or one Record    the next Record, or PADDING
//   PADDING  zero bytes up to a multiple of four   CRC
//   CRC      the CRC32 of all before it            LZMA_STREAM_END

#include "stream/index_enc.h"
#include "base/alloc.h"
#include "base/bytes.h"
#include "check/check.h"
#include "format/index.h"
#include "format/index_sizes.h"
#include "format/vli.h"

enum state {
    STATE_RECORDS,
    STATE_PADDING,
    STATE_CRC,
};

struct index_enc {
    struct xz_coder base;
    enum state state;        // of the part in the buffer
    const lzma_index *index; // the caller's
    lzma_index_iter iter;    // at the Record in the buffer
    uint32_t crc32;          // of the parts before the one with the CRC32
    size_t part_pos;         // invariant: part_pos <= part_size
    size_t part_size;
    uint8_t part[2 * LZMA_VLI_BYTES_MAX]; // a Record is the largest
};

/* Adds an integer to the part; there is room for two. */
static void put_vli(struct index_enc *enc, lzma_vli vli)
{
    (void)xz_vli_encode(vli, enc->part, &enc->part_size, sizeof(enc->part));
}

/* Puts what follows the current part into the buffer. */
static void next_part(struct index_enc *enc)
{
    enc->crc32 = xz_crc32(enc->part, enc->part_size, enc->crc32);
    enc->part_pos = 0;
    enc->part_size = 0;
    if (enc->state == STATE_PADDING) {
        enc->state = STATE_CRC;
        xz_write32le(enc->part, enc->crc32);
        enc->part_size = 4;
    } else if (xz_index_iter_next(&enc->iter, LZMA_INDEX_ITER_BLOCK)) {
        enc->state = STATE_PADDING;
        enc->part_size =
            xz_index_field_padding(enc->index->record_count, enc->index->list_size);
        memset(enc->part, 0, enc->part_size);
    } else {
        put_vli(enc, enc->iter.block.unpadded_size);
        put_vli(enc, enc->iter.block.uncompressed_size);
    }
}

static lzma_ret index_enc_code(struct xz_coder *coder, const lzma_allocator *allocator,
                               struct xz_io *io, lzma_action action)
{
    (void)allocator;
    (void)action;
    struct index_enc *enc = (struct index_enc *)coder;
    while (xz_io_scatter(io, enc->part, &enc->part_pos, enc->part_size)) {
        if (enc->state == STATE_CRC)
            return LZMA_STREAM_END;
        next_part(enc);
    }
    return LZMA_OK;
}

static void index_enc_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    xz_free(coder, allocator);
}

static const struct xz_coder_ops index_enc_ops = {
    .code = index_enc_code,
    .end = index_enc_end,
};

lzma_ret xz_index_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_index *index)
{
    struct index_enc *enc =
        xz_coder_take(slot, &index_enc_ops, sizeof(*enc), allocator);
    if (enc == NULL)
        return LZMA_MEM_ERROR;
    enc->state = STATE_RECORDS;
    enc->index = index;
    enc->crc32 = 0;
    enc->part_pos = 0;
    enc->part_size = 1;
    enc->part[0] = 0x00;
    put_vli(enc, index->record_count);
    xz_index_iter_init(&enc->iter, index);
    return LZMA_OK;
}
