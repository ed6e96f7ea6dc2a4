// SPDX-License-Identifier: 0BSD
// File info: the Indexes of all Streams of a .xz file joined into one.
//
// A Stream can be read backwards: its footer tells how long the Index before it is, the
// Index how long the Blocks before that are. So nothing but headers and Indexes is
// read, from the end of the file to its beginning:
//
//   | Stream Header | Blocks | Index | Stream Footer | padding | ... | padding |
//   ^ start         ^        ^ index_pos             ^ end       <-- this way
//
//   state    reads                               leaves when
//   BEGIN    the first Stream Header             it is one                 -> PADDING
//   PADDING  zero bytes in front of `end`        another byte is found     -> FOOTER
//   FOOTER   12 bytes in front of `end`          it makes sense            -> INDEX
//   INDEX    Backward Size bytes                 the Index is complete     -> HEADER
//   HEADER   12 bytes at the Stream's start      it equals the footer      -> PADDING,
//            (read before if it is the first)    or start is 0: LZMA_STREAM_END
//
// All reading goes through a window of 8 KiB. load() fills it, and asks for a seek only
// when the bytes are not in the caller's buffer, so that a file which is there as a
// whole needs none. Every state can be entered again after any return.
//
// Invariants: bytes from `end` on are done with; 12 <= end <= file_size in all states
// but BEGIN; the window holds file bytes [window_pos, window_pos + window_fill).

#include "stream/file_info_dec.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/try.h"
#include "format/index.h"
#include "format/stream_flags.h"
#include "stream/index_dec.h"
#include "stream/memlimit.h"

#define WINDOW_SIZE 8192
#define HEADER_SIZE LZMA_STREAM_HEADER_SIZE

/* A Stream with no Block: header, Index of 8 bytes, footer. */
#define STREAM_SIZE_MIN (2 * HEADER_SIZE + 8)

enum state {
    STATE_BEGIN,
    STATE_PADDING,
    STATE_FOOTER,
    STATE_INDEX,
    STATE_HEADER,
};

struct file_info_dec {
    struct xz_coder base;
    enum state state;
    uint64_t *seek_pos; // the caller's
    lzma_index **dest;  // the caller's
    uint64_t file_size;
    uint64_t file_pos; // offset of io->in[io->in_pos] in the file
    uint64_t memlimit; // bytes

    uint64_t end;
    uint64_t index_pos;           // next byte of the Index to decode
    lzma_vli padding;             // bytes of Stream Padding found behind the Stream
    lzma_stream_flags first;      // the first Stream Header
    lzma_stream_flags footer;     // of the current Stream
    struct xz_coder *index_coder; // owned
    lzma_index *index;            // owned: of the current Stream
    lzma_index *combined;         // owned: of the Streams behind it; may be NULL

    uint64_t window_pos;
    size_t window_size; // bytes that are wanted there
    size_t window_fill; // <= window_size
    uint8_t window[WINDOW_SIZE];
};

/* Makes pos the file offset of the next input byte. */
static lzma_ret seek(struct file_info_dec *dec, struct xz_io *io, uint64_t pos)
{
    const uint64_t in_begin = dec->file_pos - io->in_pos;
    dec->file_pos = pos;
    if (pos >= in_begin && pos - in_begin <= io->in_size) {
        io->in_pos = (size_t)(pos - in_begin);
        return LZMA_OK;
    }
    *dec->seek_pos = pos;
    io->in_pos = io->in_size;
    return LZMA_SEEK_NEEDED;
}

/* Brings file bytes [pos, pos + size) into the window, size <= WINDOW_SIZE. Sets
   *ret_bytes to the first of them, or to NULL if more input is needed. */
static lzma_ret load(struct file_info_dec *dec, struct xz_io *io, uint64_t pos,
                     size_t size, const uint8_t **ret_bytes)
{
    *ret_bytes = NULL;
    const bool is_inside =
        pos >= dec->window_pos && pos + size <= dec->window_pos + dec->window_fill;
    if (!is_inside) {
        if (dec->window_pos != pos || dec->window_size != size) {
            dec->window_pos = pos;
            dec->window_size = size;
            dec->window_fill = 0;
        }
        XZ_TRY(seek(dec, io, pos + dec->window_fill));
        const size_t before = io->in_pos;
        const bool is_full =
            xz_io_gather(io, dec->window, &dec->window_fill, dec->window_size);
        dec->file_pos += io->in_pos - before;
        if (!is_full)
            return LZMA_OK;
    }
    *ret_bytes = dec->window + (size_t)(pos - dec->window_pos);
    return LZMA_OK;
}

/* The same for the last size bytes in front of end, together with as much before them
   as the window holds: what comes next lies there. The first header is known. */
static lzma_ret load_back(struct file_info_dec *dec, struct xz_io *io, uint64_t end,
                          size_t size, const uint8_t **ret_bytes)
{
    const uint64_t wanted = end - size;
    if (wanted >= dec->window_pos && end <= dec->window_pos + dec->window_fill)
        return load(dec, io, wanted, size, ret_bytes);

    const uint64_t begin =
        end - HEADER_SIZE > WINDOW_SIZE ? end - WINDOW_SIZE : HEADER_SIZE;
    XZ_TRY(load(dec, io, begin, (size_t)(end - begin), ret_bytes));
    if (*ret_bytes != NULL)
        *ret_bytes += (size_t)(wanted - begin);
    return LZMA_OK;
}

static lzma_ret begin_file(struct file_info_dec *dec, struct xz_io *io)
{
    if (dec->file_size < HEADER_SIZE)
        return LZMA_FORMAT_ERROR;
    const uint8_t *bytes;
    XZ_TRY(load(dec, io, 0, HEADER_SIZE, &bytes));
    if (bytes == NULL)
        return LZMA_OK;
    XZ_TRY(xz_stream_header_decode(bytes, &dec->first));
    if (dec->file_size > LZMA_VLI_MAX || (dec->file_size & 3) != 0)
        return LZMA_DATA_ERROR;
    dec->end = dec->file_size;
    dec->padding = 0;
    dec->state = STATE_PADDING;
    return LZMA_OK;
}

/* Looks at one window of bytes in front of end. */
static lzma_ret skip_padding(struct file_info_dec *dec, struct xz_io *io)
{
    if (dec->end < 2 * HEADER_SIZE)
        return LZMA_DATA_ERROR;
    const uint64_t left = dec->end - HEADER_SIZE;
    const size_t size = left < WINDOW_SIZE ? (size_t)left : WINDOW_SIZE;
    const uint8_t *bytes;
    XZ_TRY(load_back(dec, io, dec->end, size, &bytes));
    if (bytes == NULL)
        return LZMA_OK;

    size_t zeros = 0;
    while (zeros < size && bytes[size - 1 - zeros] == 0x00)
        ++zeros;
    dec->end -= zeros;
    dec->padding += zeros;
    if (zeros == size)
        return LZMA_OK;
    if ((dec->padding & 3) != 0)
        return LZMA_DATA_ERROR;
    dec->state = STATE_FOOTER;
    return LZMA_OK;
}

static uint64_t combined_memusage(const struct file_info_dec *dec)
{
    if (dec->combined == NULL)
        return 0;
    return xz_index_memusage(dec->combined->stream_count, dec->combined->record_count);
}

/* What the limit leaves for the Index of the current Stream, at least 1. */
static uint64_t index_memlimit(const struct file_info_dec *dec)
{
    const uint64_t used = combined_memusage(dec);
    return dec->memlimit > used ? dec->memlimit - used : 1;
}

static lzma_ret read_footer(struct file_info_dec *dec, const lzma_allocator *allocator,
                            struct xz_io *io)
{
    if (dec->end < STREAM_SIZE_MIN)
        return LZMA_DATA_ERROR;
    const uint8_t *bytes;
    XZ_TRY(load_back(dec, io, dec->end, HEADER_SIZE, &bytes));
    if (bytes == NULL)
        return LZMA_OK;
    const lzma_ret ret = xz_stream_footer_decode(bytes, &dec->footer);
    if (ret == LZMA_FORMAT_ERROR)
        return LZMA_DATA_ERROR;
    XZ_TRY(ret);
    if (dec->footer.backward_size > dec->end - 2 * HEADER_SIZE)
        return LZMA_DATA_ERROR;

    dec->index_pos = dec->end - HEADER_SIZE - dec->footer.backward_size;
    dec->state = STATE_INDEX;
    return xz_index_dec_open(&dec->index_coder, allocator, &dec->index,
                             index_memlimit(dec), dec->footer.backward_size);
}

/* Decodes one window of the Index. */
static lzma_ret read_index(struct file_info_dec *dec, const lzma_allocator *allocator,
                           struct xz_io *io)
{
    const uint64_t left = dec->end - HEADER_SIZE - dec->index_pos;
    const size_t size = left < WINDOW_SIZE ? (size_t)left : WINDOW_SIZE;
    const uint8_t *bytes;
    XZ_TRY(load(dec, io, dec->index_pos, size, &bytes));
    if (bytes == NULL)
        return LZMA_OK;

    struct xz_io sub = {.in = bytes, .in_size = size};
    const lzma_ret ret = xz_coder_pull(dec->index_coder, allocator, &sub, LZMA_RUN);
    dec->index_pos += sub.in_pos;
    const bool is_used_up = sub.in_pos == left;
    if (ret == LZMA_STREAM_END && is_used_up) {
        dec->state = STATE_HEADER;
        return LZMA_OK;
    }
    if (ret == LZMA_STREAM_END || (ret == LZMA_OK && is_used_up))
        return LZMA_DATA_ERROR;
    return ret;
}

/* Joins the Stream's index with those behind it. LZMA_STREAM_END: it was the first. */
static lzma_ret join(struct file_info_dec *dec, const lzma_allocator *allocator,
                     uint64_t start)
{
    XZ_TRY(xz_index_set_flags(dec->index, &dec->footer));
    XZ_TRY(xz_index_set_padding(dec->index, dec->padding));
    if (dec->combined != NULL)
        XZ_TRY(xz_index_cat(dec->index, dec->combined, allocator));
    dec->combined = dec->index;
    dec->index = NULL;
    dec->end = start;
    dec->padding = 0;
    dec->state = STATE_PADDING;
    if (start > 0)
        return LZMA_OK;
    *dec->dest = dec->combined;
    dec->combined = NULL;
    return LZMA_STREAM_END;
}

static lzma_ret read_header(struct file_info_dec *dec, const lzma_allocator *allocator,
                            struct xz_io *io)
{
    const uint64_t size = xz_index_file_size(dec->index);
    if (size > dec->end)
        return LZMA_DATA_ERROR;
    const uint64_t start = dec->end - size;
    lzma_stream_flags header = dec->first;
    if (start > 0) {
        if (start < STREAM_SIZE_MIN)
            return LZMA_DATA_ERROR;
        const uint8_t *bytes;
        XZ_TRY(load_back(dec, io, start + HEADER_SIZE, HEADER_SIZE, &bytes));
        if (bytes == NULL)
            return LZMA_OK;
        const lzma_ret ret = xz_stream_header_decode(bytes, &header);
        if (ret == LZMA_FORMAT_ERROR)
            return LZMA_DATA_ERROR;
        XZ_TRY(ret);
    }
    XZ_TRY(xz_stream_flags_compare(&header, &dec->footer));
    return join(dec, allocator, start);
}

static lzma_ret step(struct file_info_dec *dec, const lzma_allocator *allocator,
                     struct xz_io *io)
{
    switch (dec->state) {
    case STATE_BEGIN:
        return begin_file(dec, io);
    case STATE_PADDING:
        return skip_padding(dec, io);
    case STATE_FOOTER:
        return read_footer(dec, allocator, io);
    case STATE_INDEX:
        return read_index(dec, allocator, io);
    case STATE_HEADER:
        break;
    }
    return read_header(dec, allocator, io);
}

static lzma_ret file_info_dec_code(struct xz_coder *coder,
                                   const lzma_allocator *allocator, struct xz_io *io,
                                   lzma_action action)
{
    struct file_info_dec *dec = (struct file_info_dec *)coder;
    (void)action;
    for (;;) {
        const enum state state = dec->state;
        const uint64_t end = dec->end;
        const uint64_t index_pos = dec->index_pos;
        XZ_TRY(step(dec, allocator, io));
        if (dec->state == state && dec->end == end && dec->index_pos == index_pos)
            return LZMA_OK;
    }
}

static void free_indexes(struct file_info_dec *dec, const lzma_allocator *allocator)
{
    xz_index_end(dec->index, allocator);
    xz_index_end(dec->combined, allocator);
    dec->index = NULL;
    dec->combined = NULL;
}

static void file_info_dec_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct file_info_dec *dec = (struct file_info_dec *)coder;
    free_indexes(dec, allocator);
    xz_coder_end(&dec->index_coder, allocator);
    xz_free(dec, allocator);
}

static lzma_ret file_info_dec_memlimit(struct xz_coder *coder, uint64_t *ret_usage,
                                       uint64_t *ret_limit, uint64_t new_limit)
{
    struct file_info_dec *dec = (struct file_info_dec *)coder;
    uint64_t usage = combined_memusage(dec);
    uint64_t index_usage =
        xz_index_memusage(1, dec->index == NULL ? 0 : dec->index->record_count);
    uint64_t unused;
    if (dec->state == STATE_INDEX)
        XZ_TRY(dec->index_coder->ops->memlimit(dec->index_coder, &index_usage, &unused,
                                               0));
    if (!xz_add_fits(usage, index_usage, &usage))
        usage = UINT64_MAX;
    XZ_TRY(xz_memlimit_update(&dec->memlimit, usage, ret_usage, ret_limit, new_limit));
    if (dec->state == STATE_INDEX && new_limit != 0)
        return dec->index_coder->ops->memlimit(dec->index_coder, &unused, &unused,
                                               index_memlimit(dec));
    return LZMA_OK;
}

static const struct xz_coder_ops file_info_dec_ops = {
    .code = file_info_dec_code,
    .end = file_info_dec_end,
    .memlimit = file_info_dec_memlimit,
};

lzma_ret xz_file_info_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                               uint64_t *seek_pos, lzma_index **dest, uint64_t memlimit,
                               uint64_t file_size)
{
    struct file_info_dec *dec =
        xz_coder_take(slot, &file_info_dec_ops, sizeof(*dec), allocator);
    if (dec == NULL)
        return LZMA_MEM_ERROR;
    free_indexes(dec, allocator);
    dec->state = STATE_BEGIN;
    dec->seek_pos = seek_pos;
    dec->dest = dest;
    dec->file_size = file_size;
    dec->file_pos = 0;
    dec->memlimit = memlimit == 0 ? 1 : memlimit;
    dec->end = HEADER_SIZE;
    dec->index_pos = 0;
    dec->window_pos = 0;
    dec->window_size = 0;
    dec->window_fill = 0;
    return LZMA_OK;
}
