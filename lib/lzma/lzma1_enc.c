// SPDX-License-Identifier: 0BSD
// The encoder of raw LZMA1 data: one run of range coding over the whole text.
//
// With a limit on the output, as much text goes in as fits. While a symbol of any size
// fits, symbols are coded as usual. Near the limit they are coded one by one, and the
// one that does not fit is taken back: the range encoder's numbers are restored, and
// the bytes that a carry may have changed. What the model has learned from it does not
// matter any more.

#include "base/alloc.h"
#include "base/try.h"
#include "lzma/enc_pipe.h"
#include "lzma/lzma_enc.h"
#include "lzma/range_out.h"

#define BUF_SIZE (UINT32_C(1) << 16)

/* Least output: the range encoder's first byte and its end. */
#define OUT_LIMIT_MIN (1 + XZ_RC_FINISH_SIZE)

struct lzma1_enc {
    struct xz_coder base;
    struct xz_enc_pipe pipe;
    struct xz_lzma1_finish finish;
    struct xz_range_out range_out;
    uint64_t consumed; // bytes of text that are coded
    bool is_over;      // all is coded, what is left is in buf
    uint8_t buf[BUF_SIZE];
};

/* Codes the next symbol if it fits into out_limit with the end behind it. */
static bool encode_last(struct lzma1_enc *enc)
{
    struct xz_range_enc *const rc = &enc->pipe.coder.rc;
    const struct xz_range_enc before = *rc;
    const struct xz_enc_context context = enc->pipe.coder.context;
    const size_t last = xz_range_out_last(&enc->range_out, rc);
    const uint8_t last_byte = enc->buf[last];

    const uint32_t size =
        xz_enc_pipe_encode(&enc->pipe, 1, enc->buf + BUF_SIZE, UINT32_MAX);
    if (xz_range_out_size(&enc->range_out, rc) + XZ_RC_FINISH_SIZE
        <= enc->finish.out_limit) {
        enc->consumed += size;
        return true;
    }
    *rc = before;
    enc->pipe.coder.context = context;
    enc->buf[last] = last_byte;
    for (uint8_t *p = enc->buf + last + 1; p < rc->out; ++p)
        *p = 0xFF;
    return false;
}

static void finish(struct lzma1_enc *enc)
{
    if (enc->finish.marker)
        xz_end_marker_encode(&enc->pipe.coder);
    xz_rc_finish(&enc->pipe.coder.rc);
    enc->is_over = true;
}

/* Codes the symbols that are there as far as buf and the limit allow. */
static void encode_some(struct lzma1_enc *enc)
{
    struct xz_range_enc *const rc = &enc->pipe.coder.rc;
    const uint64_t used = xz_range_out_size(&enc->range_out, rc) + XZ_RC_FINISH_SIZE;
    const uint64_t room = enc->finish.out_limit - used;
    const uint8_t *out_end = enc->buf + BUF_SIZE - OUT_LIMIT_MIN - XZ_SYMBOL_OUT_MAX;
    if (room < XZ_SYMBOL_OUT_MAX) {
        if (!encode_last(enc))
            finish(enc);
        return;
    }
    if (room < (uint64_t)(out_end - rc->out))
        out_end = rc->out + room;
    enc->consumed += xz_enc_pipe_encode(&enc->pipe, UINT32_MAX, out_end, UINT32_MAX);
}

/* Fills buf, until it is full, the text is too short for more (*ret_is_hungry), or all
   is coded. */
static lzma_ret fill_buf(struct lzma1_enc *enc, const lzma_allocator *allocator,
                         struct xz_io *io, lzma_action action, bool *ret_is_hungry)
{
    const uint8_t *const full =
        enc->buf + BUF_SIZE - OUT_LIMIT_MIN - 2 * XZ_SYMBOL_OUT_MAX;
    *ret_is_hungry = false;
    bool was_filled = false;
    while (!enc->is_over && enc->pipe.coder.rc.out <= full) {
        enum xz_enc_pipe_state state;
        XZ_TRY(xz_enc_pipe_parse(&enc->pipe, allocator, &state));
        if (state == XZ_PIPE_READY) {
            encode_some(enc);
            was_filled = false;
        } else if (state == XZ_PIPE_EMPTY) {
            finish(enc);
        } else if (was_filled) {
            *ret_is_hungry = true;
            return LZMA_OK;
        } else {
            XZ_TRY(
                xz_enc_pipe_fill(&enc->pipe, allocator, enc->base.source, io, action));
            was_filled = true;
        }
    }
    return LZMA_OK;
}

static lzma_ret lzma1_enc_code(struct xz_coder *coder, const lzma_allocator *allocator,
                               struct xz_io *io, lzma_action action)
{
    struct lzma1_enc *enc = (struct lzma1_enc *)coder;
    struct xz_range_enc *const rc = &enc->pipe.coder.rc;
    if (action != LZMA_RUN && action != LZMA_FINISH)
        return LZMA_OPTIONS_ERROR;
    while (xz_range_out_write(&enc->range_out, rc, io)) {
        if (enc->is_over && rc->out == enc->buf)
            return LZMA_STREAM_END;
        bool is_hungry = false;
        if (!enc->is_over)
            XZ_TRY(fill_buf(enc, allocator, io, action, &is_hungry));
        if (is_hungry)
            return LZMA_OK;
        xz_range_out_settle(&enc->range_out, rc, enc->is_over);
    }
    return LZMA_OK;
}

static void lzma1_enc_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct lzma1_enc *enc = (struct lzma1_enc *)coder;
    xz_enc_pipe_end(&enc->pipe, allocator);
    xz_free(enc, allocator);
}

static void lzma1_enc_progress(struct xz_coder *coder, uint64_t *in, uint64_t *out)
{
    struct lzma1_enc *enc = (struct lzma1_enc *)coder;
    const uint32_t left = xz_enc_pipe_left(&enc->pipe);
    *in -= left < *in ? left : *in; // the program may have changed total_in
    (void)out;
}

static const struct xz_coder_ops lzma1_enc_ops = {
    .code = lzma1_enc_code,
    .end = lzma1_enc_end,
    .progress = lzma1_enc_progress,
};

lzma_ret xz_lzma1_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_options_lzma *options,
                           const struct xz_lzma1_finish *finish)
{
    XZ_TRY(xz_enc_options_check(options));
    if (finish->out_limit < OUT_LIMIT_MIN
        || (finish->marker && finish->out_limit != UINT64_MAX))
        return LZMA_OPTIONS_ERROR;
    struct lzma1_enc *enc =
        xz_coder_take(slot, &lzma1_enc_ops, sizeof(*enc), allocator);
    if (enc == NULL)
        return LZMA_MEM_ERROR;
    XZ_TRY(xz_enc_pipe_open(&enc->pipe, allocator, options));
    xz_range_out_start(&enc->range_out, enc->buf);
    xz_rc_start(&enc->pipe.coder.rc, enc->buf);
    enc->finish = *finish;
    enc->consumed = 0;
    enc->is_over = false;
    return LZMA_OK;
}

uint64_t xz_lzma1_enc_consumed(const struct xz_coder *coder)
{
    return ((const struct lzma1_enc *)coder)->consumed;
}

uint64_t xz_lzma1_enc_memusage(const lzma_options_lzma *options)
{
    if (xz_enc_options_check(options) != LZMA_OK)
        return UINT64_MAX;
    return sizeof(struct lzma1_enc) + xz_enc_pipe_memusage(options);
}
