// SPDX-License-Identifier: 0BSD
// The microlzma decoder: LZMA1 without end marker, whose first byte is used twice.
//
// The first byte of LZMA1 data is always zero. Microlzma keeps there the complement of
// the lc/lp/pb byte. So it is read first, and a zero byte is given to the LZMA1 decoder
// in its place.
//
// If the uncompressed size is exact, it ends the LZMA1 data in the usual way. Otherwise
// the decoder may stop anywhere in the data: LZMA1 is told nothing of an end, its
// output is cut off, and an end marker is an error.

#include "stream/microlzma_dec.h"
#include "base/alloc.h"
#include "base/try.h"
#include "format/lclppb.h"
#include "lzma/lzma_dec.h"

struct microlzma_dec {
    struct xz_coder base;
    bool has_begun;                 // the first byte was read
    struct xz_coder *lzma1;         // owned
    struct xz_microlzma_sizes left; // bytes still to come
    uint32_t dict_size;
};

/* Reads the first byte and opens the LZMA1 decoder. */
static lzma_ret begin(struct microlzma_dec *dec, const lzma_allocator *allocator,
                      struct xz_io *io)
{
    lzma_options_lzma options;
    memset(&options, 0, sizeof(options));
    options.dict_size = dec->dict_size;
    if (!xz_lclppb_decode((uint8_t)~io->in[io->in_pos], &options))
        return LZMA_OPTIONS_ERROR;
    ++io->in_pos;
    --dec->left.compressed_size;

    const struct xz_lzma1_end end = {
        .uncompressed_size = dec->left.uncompressed_size_is_exact
                                 ? dec->left.uncompressed_size
                                 : UINT64_MAX,
        .marker_allowed = !dec->left.uncompressed_size_is_exact,
    };
    XZ_TRY(xz_lzma1_dec_open(&dec->lzma1, allocator, &options, &end));
    dec->has_begun = true;

    static const uint8_t zero = 0;
    struct xz_io sub = {.in = &zero, .in_size = 1};
    return xz_coder_pull(dec->lzma1, allocator, &sub, LZMA_RUN);
}

static lzma_ret decode(struct microlzma_dec *dec, const lzma_allocator *allocator,
                       struct xz_io *io, lzma_action action)
{
    struct xz_io sub = *io;
    if (xz_io_in_left(io) > dec->left.compressed_size)
        sub.in_size = io->in_pos + (size_t)dec->left.compressed_size;
    if (xz_io_out_left(io) > dec->left.uncompressed_size)
        sub.out_size = io->out_pos + (size_t)dec->left.uncompressed_size;
    const lzma_ret ret = xz_coder_pull(dec->lzma1, allocator, &sub, action);
    dec->left.compressed_size -= sub.in_pos - io->in_pos;
    dec->left.uncompressed_size -= sub.out_pos - io->out_pos;
    io->in_pos = sub.in_pos;
    io->out_pos = sub.out_pos;
    return ret;
}

static lzma_ret microlzma_dec_code(struct xz_coder *coder,
                                   const lzma_allocator *allocator, struct xz_io *io,
                                   lzma_action action)
{
    struct microlzma_dec *dec = (struct microlzma_dec *)coder;
    const bool is_exact = dec->left.uncompressed_size_is_exact;
    if (!dec->has_begun) {
        if (xz_io_in_left(io) == 0 || dec->left.compressed_size == 0)
            return LZMA_OK;
        XZ_TRY(begin(dec, allocator, io));
        if (!is_exact && dec->left.uncompressed_size == 0)
            return LZMA_STREAM_END;
    }
    const lzma_ret ret = decode(dec, allocator, io, action);
    if (is_exact) {
        const bool is_short = ret == LZMA_STREAM_END && dec->left.compressed_size > 0;
        return is_short ? LZMA_DATA_ERROR : ret;
    }
    /* What lies behind the last byte that is wanted has no meaning, though LZMA1 may
       have looked at it. */
    if (dec->left.uncompressed_size == 0 && ret != LZMA_MEM_ERROR)
        return LZMA_STREAM_END;
    return ret == LZMA_STREAM_END ? LZMA_DATA_ERROR : ret;
}

static void microlzma_dec_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct microlzma_dec *dec = (struct microlzma_dec *)coder;
    xz_coder_end(&dec->lzma1, allocator);
    xz_free(dec, allocator);
}

static const struct xz_coder_ops microlzma_dec_ops = {
    .code = microlzma_dec_code,
    .end = microlzma_dec_end,
};

lzma_ret xz_microlzma_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                               const struct xz_microlzma_sizes *sizes,
                               uint32_t dict_size)
{
    if (sizes->uncompressed_size > LZMA_VLI_MAX)
        return LZMA_OPTIONS_ERROR;
    struct microlzma_dec *dec =
        xz_coder_take(slot, &microlzma_dec_ops, sizeof(*dec), allocator);
    if (dec == NULL)
        return LZMA_MEM_ERROR;
    dec->has_begun = false;
    dec->left = *sizes;
    dec->dict_size = dict_size;
    return LZMA_OK;
}
