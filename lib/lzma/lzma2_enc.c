// SPDX-License-Identifier: 0BSD
// The LZMA2 encoder: symbols cut into chunks (.xz format section 5.3.1).
//
// Each chunk is made completely in a buffer, then handed out. Its header says how long
// it is, and what is reset before it:
//
//     compressed  control, text size - 1 (16 bits), data size - 1 (16 bits), [lc lp pb]
//     control     1 r r t t t t t   t: bits 16 to 20 of text size - 1
//                                   r: 0 nothing, 1 state, 2 state and lc lp pb,
//                                      3 these and the dictionary
//     stored      1 or 2 (1: dictionary reset), text size - 1 (16 bits), text
//     end         0
//
// A chunk ends when its data or its text might get too long, or at a flush. Text that
// does not get smaller is stored; what the symbol coder learned from it is then
// lost to the decoder, so the state is reset. A chunk that has filled its buffer with
// less than 64 KiB of text is such a chunk for sure: its symbols are no longer coded,
// and it is filled up to exactly 64 KiB. So text that cannot be compressed grows by
// three bytes for each 64 KiB, and one at the end.
//
// Behind such a chunk, noise (noise.h) is stored without even looking for matches. Each
// chunk begins with a stretch that is coded in earnest, so that text that only seems to
// be noise is noticed; so does each that ends early because text follows.

#include "base/alloc.h"
#include "base/try.h"
#include "lzma/enc_pipe.h"
#include "lzma/lzma_enc.h"

#define HEADER_MAX 6

/* Control bytes; those of compressed chunks are or-ed with the size's upper bits. */
#define CONTROL_END         0x00
#define CONTROL_STORED_DICT 0x01
#define CONTROL_STORED      0x02
#define CONTROL_LZMA        0x80
#define CONTROL_LZMA_STATE  0xA0
#define CONTROL_LZMA_PROPS  0xC0
#define CONTROL_LZMA_DICT   0xE0
#define STORED_HEADER       3
#define LZMA_HEADER         5
#define LZMA_HEADER_PROPS   6

/* Where the end of a chunk's data may be at most, in buf. */
#define DATA_END (HEADER_MAX + XZ_LZMA2_CHUNK_COMPRESSED_MAX)

struct lzma2_enc {
    struct xz_coder base;
    struct xz_enc_pipe pipe;
    uint8_t props_byte;

    /* What the decoder does not know yet. needs_props implies needs_state. */
    bool needs_dict;
    bool needs_props;
    bool needs_state;

    /* The chunk being made. */
    bool is_open;       // it has text
    bool is_stored;     // its symbols are not coded any more
    bool is_noise;      // some of it was not parsed
    bool after_stored;  // the chunk before was full and stored
    uint32_t text_size; // bytes of text so far

    bool has_mark;   // the end byte follows the last chunk
    bool is_over;    // all is in buf, the end byte included
    size_t out_pos;  // bytes of buf that are out
    size_t out_size; // bytes of buf to hand out; 0 while a chunk is being made
    uint8_t buf[DATA_END];
};

/* The decoder is to forget what it learned, and so does the coder. At once: the parser
   is next to ask it. */
static void reset_state(struct lzma2_enc *enc, struct xz_enc_props props)
{
    xz_symbol_enc_reset(&enc->pipe.coder, &props);
    enc->needs_state = true;
}

static void open_chunk(struct lzma2_enc *enc)
{
    xz_rc_start(&enc->pipe.coder.rc, enc->buf + HEADER_MAX);
    enc->is_open = true;
    enc->is_stored = false;
    enc->is_noise = false;
    enc->text_size = 0;
}

/* The chunk as text. */
static void close_stored(struct lzma2_enc *enc)
{
    const struct xz_window *const w = &enc->pipe.window;
    const uint32_t size = enc->text_size;
    enc->buf[0] = enc->needs_dict ? CONTROL_STORED_DICT : CONTROL_STORED;
    enc->buf[1] = (uint8_t)((size - 1) >> 8);
    enc->buf[2] = (uint8_t)(size - 1);
    memcpy(enc->buf + STORED_HEADER, w->buf + w->pos - size, size);
    enc->needs_dict = false;
    reset_state(enc, enc->pipe.coder.props);
    enc->out_pos = 0;
    enc->out_size = STORED_HEADER + size;
    enc->after_stored = size == XZ_LZMA2_CHUNK_STORED_MAX;
}

static void close_lzma(struct lzma2_enc *enc, uint32_t data_size)
{
    const uint32_t header = enc->needs_props ? LZMA_HEADER_PROPS : LZMA_HEADER;
    uint8_t *const p = enc->buf + HEADER_MAX - header;
    const uint32_t control = enc->needs_dict    ? CONTROL_LZMA_DICT
                             : enc->needs_props ? CONTROL_LZMA_PROPS
                             : enc->needs_state ? CONTROL_LZMA_STATE
                                                : CONTROL_LZMA;
    p[0] = (uint8_t)(control | ((enc->text_size - 1) >> 16));
    p[1] = (uint8_t)((enc->text_size - 1) >> 8);
    p[2] = (uint8_t)(enc->text_size - 1);
    p[3] = (uint8_t)((data_size - 1) >> 8);
    p[4] = (uint8_t)(data_size - 1);
    if (enc->needs_props)
        p[5] = enc->props_byte;
    enc->needs_dict = false;
    enc->needs_props = false;
    enc->needs_state = false;
    enc->after_stored = false;
    enc->out_pos = HEADER_MAX - header;
    enc->out_size = HEADER_MAX + data_size;
}

/* Little texts do without: only a full chunk makes noise a question. */
static lzma_ret learn(struct lzma2_enc *enc, const lzma_allocator *allocator)
{
    if (enc->text_size < XZ_LZMA2_CHUNK_STORED_MAX && !enc->pipe.noise.has_begun)
        return LZMA_OK;
    return xz_enc_pipe_learn(&enc->pipe, allocator);
}

static lzma_ret close_chunk(struct lzma2_enc *enc, const lzma_allocator *allocator)
{
    enc->is_open = false;
    if (!enc->is_stored) {
        xz_rc_finish(&enc->pipe.coder.rc);
        const uint32_t data_size =
            (uint32_t)(enc->pipe.coder.rc.out - (enc->buf + HEADER_MAX));
        const uint32_t header = enc->needs_props ? LZMA_HEADER_PROPS : LZMA_HEADER;
        if (enc->text_size > XZ_LZMA2_CHUNK_STORED_MAX
            || header + data_size < STORED_HEADER + enc->text_size) {
            close_lzma(enc, data_size);
            return learn(enc, allocator);
        }
    }
    close_stored(enc);
    return learn(enc, allocator);
}

/* Takes noise into the chunk. Returns true when the chunk is to be closed; clears
   *was_filled if there was noise. */
static bool extend_by_noise(struct lzma2_enc *enc, bool *was_filled)
{
    if (!enc->is_open || !enc->after_stored || enc->pipe.parse->count > 0)
        return false;
    if (!enc->is_stored) {
        const uint8_t *const start = enc->buf + HEADER_MAX;
        if ((size_t)(enc->pipe.coder.rc.out - start) < enc->text_size)
            return false;
    }
    while (enc->text_size < XZ_LZMA2_CHUNK_STORED_MAX) {
        const uint32_t text_max = XZ_LZMA2_CHUNK_STORED_MAX - enc->text_size;
        const uint32_t size = xz_enc_pipe_skip_noise(&enc->pipe, text_max);
        enc->text_size += size;
        if (size == 0)
            return false;
        *was_filled = false;
        enc->is_noise = true;
        enc->is_stored = true;
    }
    return true;
}

/* Takes symbols into the chunk. Returns true when it is full. */
static bool extend_chunk(struct lzma2_enc *enc)
{
    struct xz_enc_pipe *const pipe = &enc->pipe;
    if (!enc->is_stored) {
        const uint8_t *const out_end = enc->buf + DATA_END - XZ_RC_FINISH_SIZE;
        const uint32_t text_max = XZ_LZMA2_CHUNK_UNCOMPRESSED_MAX - enc->text_size;
        enc->text_size += xz_enc_pipe_encode(pipe, UINT32_MAX, out_end, text_max);
        if (pipe->parse->count == 0)
            return false;
        if (enc->text_size >= XZ_LZMA2_CHUNK_STORED_MAX)
            return true;
        enc->is_stored = true;
    }
    const uint32_t text_max = XZ_LZMA2_CHUNK_STORED_MAX - enc->text_size;
    enc->text_size += xz_enc_pipe_skip(pipe, text_max);
    return enc->text_size == XZ_LZMA2_CHUNK_STORED_MAX;
}

/* Makes chunks until one is complete, or the text is too short for more.
   *ret_is_empty: all text is in chunks. */
static lzma_ret make_chunk(struct lzma2_enc *enc, const lzma_allocator *allocator,
                           struct xz_io *io, lzma_action action, bool *ret_is_empty)
{
    *ret_is_empty = false;
    for (bool was_filled = false;;) {
        enum xz_enc_pipe_state state;
        if (extend_by_noise(enc, &was_filled))
            return close_chunk(enc, allocator);
        XZ_TRY(xz_enc_pipe_parse(&enc->pipe, allocator, &state));
        if (state == XZ_PIPE_HUNGRY) {
            if (was_filled)
                return LZMA_OK;
            XZ_TRY(
                xz_enc_pipe_fill(&enc->pipe, allocator, enc->base.source, io, action));
            was_filled = true;
            continue;
        }
        if (state == XZ_PIPE_EMPTY) {
            *ret_is_empty = !enc->is_open;
            return enc->is_open ? close_chunk(enc, allocator) : LZMA_OK;
        }
        if (enc->is_noise && enc->is_open)
            return close_chunk(enc, allocator); // text again
        if (!enc->is_open)
            open_chunk(enc);
        if (extend_chunk(enc))
            return close_chunk(enc, allocator);
        was_filled = false;
    }
}

static lzma_ret lzma2_enc_code(struct xz_coder *coder, const lzma_allocator *allocator,
                               struct xz_io *io, lzma_action action)
{
    struct lzma2_enc *enc = (struct lzma2_enc *)coder;
    for (;;) {
        if (!xz_io_scatter(io, enc->buf, &enc->out_pos, enc->out_size))
            return LZMA_OK;
        if (enc->is_over)
            return LZMA_STREAM_END;
        enc->out_pos = 0;
        enc->out_size = 0;

        bool is_empty;
        XZ_TRY(make_chunk(enc, allocator, io, action, &is_empty));
        if (is_empty && action == LZMA_FINISH) {
            enc->buf[0] = CONTROL_END;
            enc->out_size = enc->has_mark;
            enc->is_over = true;
        } else if (is_empty) {
            enc->pipe.text_ends = false;
            return LZMA_STREAM_END;
        } else if (enc->out_size == 0) {
            return LZMA_OK;
        }
    }
}

static void lzma2_enc_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct lzma2_enc *enc = (struct lzma2_enc *)coder;
    xz_enc_pipe_end(&enc->pipe, allocator);
    xz_free(enc, allocator);
}

static uint8_t props_byte(const lzma_options_lzma *options)
{
    return (uint8_t)((options->pb * 5 + options->lp) * 9 + options->lc);
}

/* lc, lp and pb may change between chunks, when all text is coded. */
static lzma_ret lzma2_enc_update(struct xz_coder *coder,
                                 const lzma_allocator *allocator,
                                 const lzma_filter *filters)
{
    struct lzma2_enc *enc = (struct lzma2_enc *)coder;
    (void)allocator;
    if (enc->is_over || enc->is_open || enc->out_pos < enc->out_size
        || enc->pipe.window.pos < enc->pipe.window.end)
        return LZMA_PROG_ERROR;

    const lzma_filter *last = filters;
    while (last->id != LZMA_VLI_UNKNOWN && last[1].id != LZMA_VLI_UNKNOWN)
        ++last;
    const lzma_options_lzma *options = last->options;
    if (last->id != LZMA_FILTER_LZMA2 || options == NULL)
        return LZMA_PROG_ERROR;
    if (!xz_lclppb_valid(options))
        return LZMA_OPTIONS_ERROR;
    const uint8_t byte = props_byte(options);
    if (byte != enc->props_byte) {
        enc->props_byte = byte;
        enc->needs_props = true;
        reset_state(enc, xz_enc_props(options));
    }
    return LZMA_OK;
}

static const struct xz_coder_ops lzma2_enc_ops = {
    .code = lzma2_enc_code,
    .end = lzma2_enc_end,
    .update = lzma2_enc_update,
};

/* The pipe is open, with history or without. */
static void start(struct lzma2_enc *enc, const lzma_options_lzma *options)
{
    enc->props_byte = props_byte(options);
    enc->needs_dict = enc->pipe.window.pos == 0;
    enc->needs_props = true;
    enc->needs_state = true;
    enc->is_open = false;
    enc->after_stored = false;
    enc->has_mark = true;
    enc->is_over = false;
    enc->out_pos = 0;
    enc->out_size = 0;
}

lzma_ret xz_lzma2_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_options_lzma *options)
{
    XZ_TRY(xz_enc_options_check(options));
    struct lzma2_enc *enc =
        xz_coder_take(slot, &lzma2_enc_ops, sizeof(*enc), allocator);
    if (enc == NULL)
        return LZMA_MEM_ERROR;
    XZ_TRY(xz_enc_pipe_open(&enc->pipe, allocator, options));
    start(enc, options);
    return LZMA_OK;
}

uint32_t xz_lzma2_part_size(const lzma_options_lzma *options)
{
    return xz_enc_options_check(options) == LZMA_OK ? xz_enc_pipe_part_size(options)
                                                    : 0;
}

_Static_assert(XZ_LZMA2_PART_PAD >= XZ_WINDOW_GUARD
                   && XZ_LZMA2_PART_PAD >= XZ_WINDOW_SLACK,
               "the text is a window");

lzma_ret xz_lzma2_part_open(struct xz_coder **slot, const lzma_allocator *allocator,
                            const lzma_options_lzma *options,
                            const struct xz_lzma2_part *part)
{
    struct lzma2_enc *enc =
        xz_coder_take(slot, &lzma2_enc_ops, sizeof(*enc), allocator);
    if (enc == NULL)
        return LZMA_MEM_ERROR;
    XZ_TRY(xz_enc_pipe_open_part(&enc->pipe, allocator, options, part->text, part->pos,
                                 (uint32_t)part->size));
    start(enc, options);
    enc->has_mark = part->is_last;
    return LZMA_OK;
}

size_t xz_lzma2_part_left(const struct xz_coder *coder)
{
    const struct lzma2_enc *enc = (const struct lzma2_enc *)coder;
    return enc->pipe.window.end - enc->pipe.window.pos;
}

uint64_t xz_lzma2_part_memusage(const lzma_options_lzma *options)
{
    return sizeof(struct lzma2_enc) + xz_enc_pipe_part_memusage(options);
}

size_t xz_lzma2_part_store(const struct xz_lzma2_part *part, uint8_t *out)
{
    const uint8_t *text = part->text + part->pos;
    uint8_t *const start = out;
    uint8_t control = part->pos == 0 ? CONTROL_STORED_DICT : CONTROL_STORED;
    for (size_t left = part->size; left > 0;) {
        const size_t size =
            left < XZ_LZMA2_CHUNK_STORED_MAX ? left : XZ_LZMA2_CHUNK_STORED_MAX;
        out[0] = control;
        out[1] = (uint8_t)((size - 1) >> 8);
        out[2] = (uint8_t)(size - 1);
        memcpy(out + STORED_HEADER, text, size);
        control = CONTROL_STORED;
        out += STORED_HEADER + size;
        text += size;
        left -= size;
    }
    if (part->is_last)
        *out++ = CONTROL_END;
    return (size_t)(out - start);
}

uint64_t xz_lzma2_enc_memusage(const lzma_options_lzma *options)
{
    if (xz_enc_options_check(options) != LZMA_OK)
        return UINT64_MAX;
    return sizeof(struct lzma2_enc) + xz_enc_pipe_memusage(options);
}

uint64_t xz_lzma2_block_size(const lzma_options_lzma *options)
{
    const uint64_t least = UINT64_C(1) << 20;
    if (options->dict_size < LZMA_DICT_SIZE_MIN || options->dict_size > XZ_ENC_DICT_MAX)
        return UINT64_MAX;
    const uint64_t size = UINT64_C(3) * options->dict_size;
    return size > least ? size : least;
}
