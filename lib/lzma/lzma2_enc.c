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
// less than 64 KiB of text is such a chunk for sure: the rest of its symbols is not
// coded, and as long as noise (noise.h) follows, it is filled up to exactly 64 KiB. So
// text that cannot be compressed grows by three bytes for each 64 KiB, and one at the
// end.
//
// Where the parser is fast, chunks' decisions are listed first, then those of several
// chunks are range coded side by side (range_lanes.h), each over its own list. A list
// has as many decisions as surely fit into 64 KiB. Whether text gets smaller must be
// known before the next chunk's decisions are listed; a chunk where that is in doubt,
// since there are so many of them, is coded at once.
//
// Where prices are asked for, a chunk's decisions wait in a short list, and are coded
// when it is full or somebody wants to know how many bytes they are. Listing and coding
// apart takes less time than both at once. Near the end of a chunk's buffer each is
// coded as it comes, so that chunks end where they would without that list.
//
// Behind a full stored chunk, noise is stored without even looking for matches. Each
// chunk begins with a stretch that is coded in earnest, so that text that only seems to
// be noise is noticed; so does each that ends early because text follows.

#include "base/alloc.h"
#include "base/try.h"
#include "lzma/enc_pipe.h"
#include "lzma/lzma_enc.h"
#include "lzma/range_lanes.h"

/* In a chunk's buffer: where the range encoder's data begin, with the header before
   them, and where decisions are listed. */
#define DATA_AT XZ_RC_LANE_BEFORE
#define LIST_AT 16

#define BUF_SIZE (DATA_AT + XZ_LZMA2_CHUNK_COMPRESSED_MAX)

/* Decisions that surely fit into a chunk, and the size of a buffer for them. */
#define DECISIONS_MAX 85000
#define LIST_BUF_SIZE                                                                  \
 ((LIST_AT + (DECISIONS_MAX + XZ_RC_LANE_PAD) * sizeof(uint16_t) + 63) / 64 * 64)

_Static_assert(DATA_AT >= XZ_LZMA2_HEADER_MAX && LIST_AT >= DATA_AT + 8
                   && LIST_AT % sizeof(uint16_t) == 0,
               "data never overtake the decisions that they come from");
_Static_assert(XZ_RC_LANE_DATA_MAX(DECISIONS_MAX + XZ_RC_LANE_PAD) + XZ_RC_FINISH_SIZE
                   <= XZ_LZMA2_CHUNK_COMPRESSED_MAX,
               "a full list fits into a chunk");
_Static_assert(XZ_LZMA2_HEADER_STORED + XZ_LZMA2_CHUNK_STORED_MAX <= BUF_SIZE,
               "stored text fits into the smallest buffer");

/* Without lists of whole chunks, decisions wait in a list that stays in the cache. */
#define WAITING_MAX      4096
#define WAITING_AT       ((BUF_SIZE + 63) / 64 * 64)
#define WAITING_BUF_SIZE ((WAITING_MAX + XZ_RC_LANE_PAD) * sizeof(uint16_t))
#define WAITING_DATA_MAX (XZ_RC_LANE_DATA_MAX(WAITING_MAX) + XZ_SYMBOL_OUT_MAX)

/* Text that takes so many decisions a byte may not get smaller, nor may so little of
   it. */
#define DOUBT_DECISIONS 8
#define DOUBT_TEXT      4096

struct chunk {
    uint8_t *buf;    // of BUF_SIZE or LIST_BUF_SIZE bytes
    uint8_t control; // of a compressed chunk, without bits of its size
    uint32_t count;  // decisions that are not coded yet
    uint32_t text_size;
    size_t out_pos;  // bytes of buf that are out
    size_t out_size; // index in buf behind what is to be handed out
};

struct lzma2_enc {
    struct xz_coder base;
    struct xz_enc_pipe pipe;
    uint8_t props_byte;

    /* What the decoder does not know yet. needs_props implies needs_state. */
    bool needs_dict;
    bool needs_props;
    bool needs_state;

    /* The chunk being made: chunks[made]. */
    bool is_open;       // it has text
    bool is_stored;     // its symbols are not coded any more
    bool after_stored;  // the chunk before was full and stored
    uint32_t text_size; // bytes of text so far
    uint32_t data_size; // bytes it was coded to before it was closed; 0: it was not

    bool is_listing; // decisions are listed first
    bool is_ready;   // chunks are coded and to be handed out
    bool has_mark;   // the end byte follows the last chunk
    bool pauses;     // a call ends when it has handed out chunks
    bool is_over;    // all is in chunks, the end byte included
    uint32_t made;   // chunks closed
    uint32_t handed; // chunks out
    struct chunk chunks[XZ_RC_LANES];
    uint8_t *bufs; // owned: bufs_size() bytes
    const struct xz_rc_kernel *kernel;
};

/* Bytes for all chunks. One piece of memory even if few are needed: what is not touched
   takes no time, unless the caller's allocator clears it, while a heap that grows and
   shrinks with each small text does. */
static size_t bufs_size(bool is_listing)
{
    return is_listing ? XZ_RC_LANES * LIST_BUF_SIZE : WAITING_AT + WAITING_BUF_SIZE;
}

static uint16_t *list_of(const struct chunk *chunk)
{
    return (uint16_t *)(void *)(chunk->buf + LIST_AT);
}

/* Where decisions wait. */
static uint16_t *waiting(const struct lzma2_enc *enc)
{
    return (uint16_t *)(void *)(enc->bufs + WAITING_AT);
}

static void code_waiting(struct lzma2_enc *enc)
{
    xz_rc_code_list(&enc->pipe.coder.rc, waiting(enc), enc->kernel);
}

static struct chunk *open_one(struct lzma2_enc *enc)
{
    return &enc->chunks[enc->made];
}

/* Decisions of the open chunk. */
static uint32_t listed(struct lzma2_enc *enc)
{
    return (uint32_t)(enc->pipe.coder.rc.list - list_of(open_one(enc)));
}

/* The decoder is to forget what it learned, and so does the coder. At once: the parser
   is next to ask it. */
static void reset_state(struct lzma2_enc *enc, struct xz_enc_props props)
{
    xz_symbol_enc_reset(&enc->pipe.coder, &props);
    enc->needs_state = true;
}

static void open_chunk(struct lzma2_enc *enc)
{
    struct xz_range_enc *const rc = &enc->pipe.coder.rc;
    uint8_t *const buf = open_one(enc)->buf;
    if (enc->is_listing) {
        rc->list = list_of(open_one(enc));
    } else {
        memset(buf, 0, DATA_AT);
        xz_rc_start(rc, buf + DATA_AT);
        rc->list = waiting(enc);
    }
    enc->is_open = true;
    enc->is_stored = false;
    enc->text_size = 0;
    enc->data_size = 0;
}

/* The chunk as text. */
static void close_stored(struct lzma2_enc *enc)
{
    const struct xz_window *const w = &enc->pipe.window;
    struct chunk *const chunk = open_one(enc);
    const uint32_t size = enc->text_size;
    chunk->buf[0] = enc->needs_dict ? XZ_LZMA2_STORED_DICT : XZ_LZMA2_STORED;
    chunk->buf[1] = (uint8_t)((size - 1) >> 8);
    chunk->buf[2] = (uint8_t)(size - 1);
    memcpy(chunk->buf + XZ_LZMA2_HEADER_STORED, w->buf + w->pos - size, size);
    enc->needs_dict = false;
    reset_state(enc, enc->pipe.coder.props);
    chunk->count = 0;
    chunk->out_pos = 0;
    chunk->out_size = XZ_LZMA2_HEADER_STORED + size;
    enc->after_stored = size == XZ_LZMA2_CHUNK_STORED_MAX;
}

/* A compressed chunk is coded, to data_size bytes: writes its header. */
static void finish_lzma(struct chunk *chunk, uint32_t data_size, uint8_t props)
{
    const bool has_props = chunk->control >= XZ_LZMA2_LZMA_PROPS;
    const uint32_t header = has_props ? XZ_LZMA2_HEADER_MAX : XZ_LZMA2_HEADER_LZMA;
    uint8_t *const p = chunk->buf + DATA_AT - header;
    p[0] = (uint8_t)(chunk->control | ((chunk->text_size - 1) >> 16));
    p[1] = (uint8_t)((chunk->text_size - 1) >> 8);
    p[2] = (uint8_t)(chunk->text_size - 1);
    p[3] = (uint8_t)((data_size - 1) >> 8);
    p[4] = (uint8_t)(data_size - 1);
    if (has_props)
        p[5] = props;
    chunk->count = 0;
    chunk->out_pos = DATA_AT - header;
    chunk->out_size = DATA_AT + data_size;
}

static void close_lzma(struct lzma2_enc *enc)
{
    struct chunk *const chunk = open_one(enc);
    chunk->control = enc->needs_dict    ? XZ_LZMA2_LZMA_DICT
                     : enc->needs_props ? XZ_LZMA2_LZMA_PROPS
                     : enc->needs_state ? XZ_LZMA2_LZMA_STATE
                                        : XZ_LZMA2_LZMA;
    chunk->text_size = enc->text_size;
    if (enc->data_size > 0)
        finish_lzma(chunk, enc->data_size, enc->props_byte);
    else
        chunk->count = listed(enc);
    enc->needs_dict = false;
    enc->needs_props = false;
    enc->needs_state = false;
    enc->after_stored = false;
}

static struct xz_rc_lane lane_of(const struct chunk *chunk, uint32_t count)
{
    return (struct xz_rc_lane){
        .list = list_of(chunk),
        .count = count,
        .out = chunk->buf + DATA_AT,
    };
}

/* Range coding of all chunks that wait for it. */
static void code_lists(struct lzma2_enc *enc)
{
    struct xz_rc_lane lanes[XZ_RC_LANES];
    struct chunk *chunks[XZ_RC_LANES];
    uint32_t count = 0;
    for (uint32_t i = 0; i < enc->made; ++i) {
        if (enc->chunks[i].count > 0) {
            chunks[count] = &enc->chunks[i];
            lanes[count++] = lane_of(&enc->chunks[i], enc->chunks[i].count);
        }
    }
    xz_rc_lanes_code(lanes, count, enc->kernel);
    for (uint32_t i = 0; i < count; ++i) {
        const uint8_t *const start = chunks[i]->buf + DATA_AT;
        finish_lzma(chunks[i], (uint32_t)(lanes[i].out - start), enc->props_byte);
    }
}

/* True if the open chunk's list may not get smaller than its text. */
static bool is_doubtful(struct lzma2_enc *enc)
{
    return enc->text_size <= XZ_LZMA2_CHUNK_STORED_MAX
           && (enc->text_size < DOUBT_TEXT
               || listed(enc) >= DOUBT_DECISIONS * enc->text_size);
}

/* Ends the range coding of the open chunk, whose decisions may be listed. */
static void code_open(struct lzma2_enc *enc)
{
    const uint8_t *const start = open_one(enc)->buf + DATA_AT;
    const uint8_t *end;
    if (enc->is_listing) {
        struct xz_rc_lane lane = lane_of(open_one(enc), listed(enc));
        xz_rc_lanes_code(&lane, 1, enc->kernel);
        end = lane.out;
    } else {
        code_waiting(enc);
        xz_rc_finish(&enc->pipe.coder.rc);
        end = enc->pipe.coder.rc.out;
    }
    enc->data_size = (uint32_t)(end - start);
}

/* True if the open chunk, which is coded, is not smaller than its text. */
static bool is_useless(const struct lzma2_enc *enc)
{
    const uint32_t header =
        enc->needs_props ? XZ_LZMA2_HEADER_MAX : XZ_LZMA2_HEADER_LZMA;
    return enc->text_size <= XZ_LZMA2_CHUNK_STORED_MAX
           && header + enc->data_size >= XZ_LZMA2_HEADER_STORED + enc->text_size;
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
    if (!enc->is_stored && enc->data_size == 0
        && (!enc->is_listing || is_doubtful(enc)))
        code_open(enc);
    if (enc->is_stored || (enc->data_size > 0 && is_useless(enc)))
        close_stored(enc);
    else
        close_lzma(enc);
    enc->is_open = false;
    ++enc->made;
    return learn(enc, allocator);
}

/* True if what is in the open chunk has not got smaller so far. */
static bool is_growing(struct lzma2_enc *enc)
{
    if (enc->is_listing)
        return listed(enc) >= DOUBT_DECISIONS * enc->text_size;
    code_waiting(enc);
    const uint8_t *const start = open_one(enc)->buf + DATA_AT;
    return (size_t)(enc->pipe.coder.rc.out - start) >= enc->text_size;
}

/* Takes noise into the chunk. Returns true when the chunk is to be closed; clears
   *was_filled if there was noise. */
static bool extend_by_noise(struct lzma2_enc *enc, bool *was_filled)
{
    if (!enc->is_open || enc->pipe.parse->count > 0)
        return false;
    if (!enc->is_stored && !(enc->after_stored && is_growing(enc)))
        return false;
    while (enc->text_size < XZ_LZMA2_CHUNK_STORED_MAX) {
        const uint32_t text_max = XZ_LZMA2_CHUNK_STORED_MAX - enc->text_size;
        const uint32_t size = xz_enc_pipe_skip_noise(&enc->pipe, text_max);
        enc->text_size += size;
        if (size == 0)
            return false;
        *was_filled = false;
        enc->is_stored = true;
    }
    return true;
}

static uint32_t text_room(const struct lzma2_enc *enc)
{
    return XZ_LZMA2_CHUNK_UNCOMPRESSED_MAX - enc->text_size;
}

/* Codes symbols as far as there is room; where all surely fit, their decisions wait. */
static void code_symbols(struct lzma2_enc *enc)
{
    struct xz_enc_pipe *const pipe = &enc->pipe;
    struct xz_range_enc *const rc = &pipe->coder.rc;
    const uint8_t *const out_end = open_one(enc)->buf + BUF_SIZE - XZ_RC_FINISH_SIZE;
    const uint16_t *const list_end = waiting(enc) + WAITING_MAX;
    while ((size_t)(out_end - rc->out) > WAITING_DATA_MAX) {
        enc->text_size += xz_enc_pipe_list(pipe, list_end, text_room(enc));
        if (rc->list <= list_end - XZ_SYMBOL_DECISIONS_MAX)
            return;
        code_waiting(enc);
    }
    enc->text_size += xz_enc_pipe_encode(pipe, UINT32_MAX, out_end, text_room(enc));
}

/* Codes or lists symbols as far as there is room. */
static void take_symbols(struct lzma2_enc *enc)
{
    if (!enc->is_listing) {
        code_symbols(enc);
        return;
    }
    const uint16_t *const list_end = list_of(open_one(enc)) + DECISIONS_MAX;
    enc->text_size += xz_enc_pipe_list(&enc->pipe, list_end, text_room(enc));
}

/* Takes symbols into the chunk. *ret_is_full: it is to be closed. */
static lzma_ret extend_chunk(struct lzma2_enc *enc, const lzma_allocator *allocator,
                             bool *ret_is_full)
{
    *ret_is_full = false;
    if (!enc->is_stored) {
        take_symbols(enc);
        if (enc->pipe.parse->count == 0)
            return LZMA_OK;
        *ret_is_full = true;
        if (enc->text_size >= XZ_LZMA2_CHUNK_STORED_MAX)
            return LZMA_OK;
        if (enc->is_listing) {
            if (!is_doubtful(enc))
                return LZMA_OK;
            code_open(enc);
            if (!is_useless(enc))
                return LZMA_OK;
        }
        XZ_TRY(xz_enc_pipe_learn(&enc->pipe, allocator));
        enc->is_stored = true;
    }
    const uint32_t text_max = XZ_LZMA2_CHUNK_STORED_MAX - enc->text_size;
    enc->text_size += xz_enc_pipe_skip(&enc->pipe, text_max);
    *ret_is_full = enc->text_size == XZ_LZMA2_CHUNK_STORED_MAX;
    return LZMA_OK;
}

/* Makes chunks until enough are closed, or the text is too short for more, or
   *ret_ends: all text is in chunks. */
static lzma_ret make_chunks(struct lzma2_enc *enc, const lzma_allocator *allocator,
                            struct xz_io *io, lzma_action action, bool *ret_ends)
{
    const uint32_t enough = enc->is_listing ? XZ_RC_LANES : 1;
    *ret_ends = false;
    for (bool was_filled = false; enc->made < enough;) {
        enum xz_enc_pipe_state state;
        bool is_full = extend_by_noise(enc, &was_filled);
        if (is_full) {
            XZ_TRY(close_chunk(enc, allocator));
            continue;
        }
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
            *ret_ends = true;
            return enc->is_open ? close_chunk(enc, allocator) : LZMA_OK;
        }
        if (enc->is_open && enc->is_stored) {
            XZ_TRY(close_chunk(enc, allocator)); // text again
            continue;
        }
        if (!enc->is_open)
            open_chunk(enc);
        XZ_TRY(extend_chunk(enc, allocator, &is_full));
        if (is_full)
            XZ_TRY(close_chunk(enc, allocator));
        was_filled = false;
    }
    return LZMA_OK;
}

/* Returns true when all chunks that are ready are out. */
static bool hand_out(struct lzma2_enc *enc, struct xz_io *io)
{
    for (; enc->is_ready && enc->handed < enc->made; ++enc->handed) {
        struct chunk *const chunk = &enc->chunks[enc->handed];
        if (!xz_io_scatter(io, chunk->buf, &chunk->out_pos, chunk->out_size))
            return false;
    }
    return true;
}

static lzma_ret lzma2_enc_code(struct xz_coder *coder, const lzma_allocator *allocator,
                               struct xz_io *io, lzma_action action)
{
    struct lzma2_enc *enc = (struct lzma2_enc *)coder;
    for (;;) {
        if (!hand_out(enc, io))
            return LZMA_OK;
        if (enc->is_over)
            return LZMA_STREAM_END;
        if (enc->is_ready) {
            enc->is_ready = false;
            enc->made = 0;
            if (enc->pauses)
                return LZMA_OK;
        }

        bool ends;
        XZ_TRY(make_chunks(enc, allocator, io, action, &ends));
        const uint32_t enough = enc->is_listing ? XZ_RC_LANES : 1;
        if (!ends && enc->made < enough)
            return LZMA_OK;
        enc->is_ready = enc->made > 0;
        enc->handed = 0;
        code_lists(enc);
        if (enc->made > 0)
            continue;
        if (action != LZMA_FINISH) {
            enc->pipe.text_ends = false;
            return LZMA_STREAM_END;
        }
        enc->chunks[0] = (struct chunk){
            .buf = enc->chunks[0].buf,
            .out_size = enc->has_mark,
        };
        enc->chunks[0].buf[0] = XZ_LZMA2_END;
        enc->made = 1;
        enc->is_ready = true;
        enc->is_over = true;
    }
}

static void lzma2_enc_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct lzma2_enc *enc = (struct lzma2_enc *)coder;
    xz_enc_pipe_end(&enc->pipe, allocator);
    xz_free(enc->bufs, allocator);
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
    if (enc->is_over || enc->is_open || (enc->made > 0 && !enc->is_ready)
        || (enc->is_ready && enc->handed < enc->made)
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
        if (enc->pipe.optimal != NULL)
            xz_optimal_forget_prices(enc->pipe.optimal);
    }
    return LZMA_OK;
}

static void lzma2_enc_progress(struct xz_coder *coder, uint64_t *in, uint64_t *out)
{
    struct lzma2_enc *enc = (struct lzma2_enc *)coder;
    const uint32_t left = xz_enc_pipe_left(&enc->pipe);
    *in -= left < *in ? left : *in; // the program may have changed total_in
    (void)out;
}

static const struct xz_coder_ops lzma2_enc_ops = {
    .code = lzma2_enc_code,
    .end = lzma2_enc_end,
    .progress = lzma2_enc_progress,
    .update = lzma2_enc_update,
};

/* Where chunks are made. LZMA_MEM_ERROR. */
static lzma_ret open_chunks(struct lzma2_enc *enc, const lzma_allocator *allocator)
{
    const bool is_listing = enc->pipe.optimal == NULL;
    if (is_listing != enc->is_listing) {
        xz_free(enc->bufs, allocator);
        enc->bufs = NULL;
    }
    enc->is_listing = is_listing;
    enc->kernel = xz_rc_kernel();
    if (enc->bufs == NULL)
        enc->bufs = xz_alloc(bufs_size(is_listing), allocator);
    if (enc->bufs == NULL)
        return LZMA_MEM_ERROR;
    for (uint32_t i = 0; i < (is_listing ? XZ_RC_LANES : 1); ++i)
        enc->chunks[i].buf = enc->bufs + i * LIST_BUF_SIZE;
    return LZMA_OK;
}

/* The pipe is open, with history or without. */
static lzma_ret start(struct lzma2_enc *enc, const lzma_allocator *allocator,
                      const lzma_options_lzma *options)
{
    enc->props_byte = props_byte(options);
    enc->needs_dict = enc->pipe.window.pos == 0;
    enc->needs_props = true;
    enc->needs_state = true;
    enc->is_open = false;
    enc->after_stored = false;
    enc->has_mark = true;
    enc->pauses = false;
    enc->is_over = false;
    enc->is_ready = false;
    enc->made = 0;
    enc->handed = 0;
    return open_chunks(enc, allocator);
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
    return start(enc, allocator, options);
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
    XZ_TRY(start(enc, allocator, options));
    enc->has_mark = part->is_last;
    enc->pauses = true;
    return LZMA_OK;
}

size_t xz_lzma2_part_left(const struct xz_coder *coder)
{
    const struct lzma2_enc *enc = (const struct lzma2_enc *)coder;
    return xz_enc_pipe_left(&enc->pipe);
}

/* Without the pipe. */
static uint64_t own_memusage(const lzma_options_lzma *options)
{
    return sizeof(struct lzma2_enc) + bufs_size(xz_enc_is_fast(options));
}

uint64_t xz_lzma2_part_memusage(const lzma_options_lzma *options)
{
    return own_memusage(options) + xz_enc_pipe_part_memusage(options);
}

size_t xz_lzma2_part_store(const struct xz_lzma2_part *part, uint8_t *out)
{
    const uint8_t *text = part->text + part->pos;
    uint8_t *const start = out;
    uint8_t control = part->pos == 0 ? XZ_LZMA2_STORED_DICT : XZ_LZMA2_STORED;
    for (size_t left = part->size; left > 0;) {
        const size_t size =
            left < XZ_LZMA2_CHUNK_STORED_MAX ? left : XZ_LZMA2_CHUNK_STORED_MAX;
        out[0] = control;
        out[1] = (uint8_t)((size - 1) >> 8);
        out[2] = (uint8_t)(size - 1);
        memcpy(out + XZ_LZMA2_HEADER_STORED, text, size);
        control = XZ_LZMA2_STORED;
        out += XZ_LZMA2_HEADER_STORED + size;
        text += size;
        left -= size;
    }
    if (part->is_last)
        *out++ = XZ_LZMA2_END;
    return (size_t)(out - start);
}

uint64_t xz_lzma2_enc_memusage(const lzma_options_lzma *options)
{
    if (xz_enc_options_check(options) != LZMA_OK)
        return UINT64_MAX;
    return own_memusage(options) + xz_enc_pipe_memusage(options);
}

uint64_t xz_lzma2_block_size(const lzma_options_lzma *options)
{
    const uint64_t least = UINT64_C(1) << 20;
    if (options->dict_size < LZMA_DICT_SIZE_MIN || options->dict_size > XZ_ENC_DICT_MAX)
        return UINT64_MAX;
    const uint64_t size = UINT64_C(3) * options->dict_size;
    return size > least ? size : least;
}
