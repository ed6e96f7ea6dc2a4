// SPDX-License-Identifier: 0BSD
// Format detection by the first byte.
//
//   0xFD  .xz     as a .lzma properties byte it would be out of range
//   0x4C  .lz     'L'; as a .lzma properties byte it would mean lc + lp > 4
//   else  .lzma
//
//   state   does                                      leaves when
//   DETECT  looks at a byte, without taking it        there is one           -> DATA
//   DATA    what the format's decoder does            it ends; with
//                                                     LZMA_CONCATENATED      -> TAIL
//   TAIL    waits for LZMA_FINISH without input       it comes: LZMA_STREAM_END
//
// Nothing may follow what the decoder took for the whole file. The .xz decoder sees to
// that itself, but not the others: .lzma has no rule for it, .lz ends at foreign bytes.

#include "stream/auto_dec.h"
#include "base/alloc.h"
#include "base/try.h"
#include "format/lzip_header.h"
#include "format/stream_flags.h"
#include "stream/alone_dec.h"
#include "stream/chain.h"
#include "stream/lzip_dec.h"
#include "stream/memlimit.h"
#include "stream/stream_dec.h"

enum state {
    STATE_DETECT,
    STATE_DATA,
    STATE_TAIL,
};

struct auto_dec {
    struct xz_coder base;
    enum state state;
    bool is_alone; // the format is .lzma
    uint32_t flags;
    uint64_t memlimit;        // bytes; the inner decoder's own once there is one
    struct xz_coder *decoder; // owned; may hold one of an earlier file in DETECT

    lzma_ret (*open_xz)(struct xz_coder **slot, const lzma_allocator *allocator,
                        uint64_t memlimit, uint32_t flags);
};

/* Opens the decoder that first_byte asks for. What LZMA_TELL_* say of .lzma files must
   be said here, because that decoder knows no flags. */
static lzma_ret open_decoder(struct auto_dec *dec, const lzma_allocator *allocator,
                             uint8_t first_byte)
{
    lzma_ret tell = LZMA_OK;
    if (first_byte == xz_header_magic[0]) {
        XZ_TRY(dec->open_xz(&dec->decoder, allocator, dec->memlimit, dec->flags));
    } else if (first_byte == xz_lzip_magic[0]) {
        XZ_TRY(xz_lzip_dec_open(&dec->decoder, allocator, dec->memlimit, dec->flags));
    } else {
        XZ_TRY(xz_alone_dec_open(&dec->decoder, allocator, dec->memlimit, true));
        tell = xz_stream_dec_tell(dec->flags, LZMA_CHECK_NONE);
    }
    dec->state = STATE_DATA;
    return tell;
}

static lzma_ret auto_dec_code(struct xz_coder *coder, const lzma_allocator *allocator,
                              struct xz_io *io, lzma_action action)
{
    struct auto_dec *dec = (struct auto_dec *)coder;
    if (dec->state == STATE_DETECT) {
        if (xz_io_in_left(io) == 0)
            return LZMA_OK;
        XZ_TRY(open_decoder(dec, allocator, io->in[io->in_pos]));
    }
    if (dec->state == STATE_DATA) {
        const lzma_ret ret = xz_coder_pull(dec->decoder, allocator, io, action);
        if (ret != LZMA_STREAM_END || (dec->flags & LZMA_CONCATENATED) == 0)
            return ret;
        dec->state = STATE_TAIL;
    }
    if (xz_io_in_left(io) > 0)
        return LZMA_DATA_ERROR;
    return action == LZMA_FINISH ? LZMA_STREAM_END : LZMA_OK;
}

static void auto_dec_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct auto_dec *dec = (struct auto_dec *)coder;
    xz_coder_end(&dec->decoder, allocator);
    xz_free(dec, allocator);
}

static void auto_dec_progress(struct xz_coder *coder, uint64_t *ret_in,
                              uint64_t *ret_out)
{
    const struct auto_dec *dec = (const struct auto_dec *)coder;
    if (dec->state != STATE_DETECT)
        xz_coder_progress(dec->decoder, ret_in, ret_out);
}

static lzma_check auto_dec_check(const struct xz_coder *coder)
{
    const struct auto_dec *dec = (const struct auto_dec *)coder;
    if (dec->state == STATE_DETECT || dec->decoder->ops->check == NULL)
        return LZMA_CHECK_NONE;
    return dec->decoder->ops->check(dec->decoder);
}

static lzma_ret auto_dec_memlimit(struct xz_coder *coder, uint64_t *ret_usage,
                                  uint64_t *ret_limit, uint64_t new_limit)
{
    struct auto_dec *dec = (struct auto_dec *)coder;
    if (dec->state == STATE_DETECT)
        return xz_memlimit_update(&dec->memlimit, XZ_MEMUSAGE_BASE, ret_usage,
                                  ret_limit, new_limit);
    return dec->decoder->ops->memlimit(dec->decoder, ret_usage, ret_limit, new_limit);
}

static const struct xz_coder_ops auto_dec_ops = {
    .code = auto_dec_code,
    .end = auto_dec_end,
    .progress = auto_dec_progress,
    .check = auto_dec_check,
    .memlimit = auto_dec_memlimit,
};

lzma_ret xz_auto_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                          uint64_t memlimit, uint32_t flags,
                          lzma_ret (*open_xz)(struct xz_coder **slot,
                                              const lzma_allocator *allocator,
                                              uint64_t memlimit, uint32_t flags))
{
    if ((flags & ~XZ_DECODER_FLAGS) != 0)
        return LZMA_OPTIONS_ERROR;
    struct auto_dec *dec = xz_coder_take(slot, &auto_dec_ops, sizeof(*dec), allocator);
    if (dec == NULL)
        return LZMA_MEM_ERROR;
    dec->state = STATE_DETECT;
    dec->flags = flags;
    dec->open_xz = open_xz;
    dec->memlimit = memlimit == 0 ? 1 : memlimit;
    return LZMA_OK;
}
