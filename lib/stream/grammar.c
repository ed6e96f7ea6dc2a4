// SPDX-License-Identifier: 0BSD
// The grammar of .xz files (format section 2), written once for all readers.
//
//   state           gathers                           then
//   HEADER          12 bytes: Stream Header           event STREAM_HEADER
//   BLOCK_OR_INDEX  a Block Header, by its own size   event BLOCK
//                   a byte 0x00 is not taken          -> INDEX
//   BODY            nothing: the reader's part        xz_grammar_body_done()
//   INDEX           the Index field, hashed           event INDEX
//   FOOTER          12 bytes: Stream Footer           event STREAM_FOOTER
//   PADDING         zero bytes                        -> HEADER, or event END
//   END             nothing                           event END
//
//   HEADER -> BLOCK_OR_INDEX <-> BODY
//   BLOCK_OR_INDEX -> INDEX -> FOOTER -> PADDING -> HEADER or END  (is_concatenated)
//                              FOOTER -> END                       (one Stream)
//
// A header is parsed by a pure function of the format room where it lies in the input,
// or, if it comes in pieces, when it is gathered whole. So there is nothing half-parsed
// when the input ends, and a field that is damaged is reported when its last byte has
// come.

#include "stream/grammar.h"
#include "base/alloc.h"
#include "base/try.h"
#include "format/block_header.h"
#include "format/filters.h"
#include "format/stream_flags.h"

void xz_grammar_init(struct xz_grammar *grammar, const lzma_allocator *allocator,
                     bool is_concatenated)
{
    xz_grammar_end(grammar, allocator);
    grammar->flags.check = LZMA_CHECK_NONE;
    grammar->padding = 0;
    grammar->state = XZ_GRAMMAR_HEADER;
    grammar->is_concatenated = is_concatenated;
    grammar->is_first = true;
    grammar->field_pos = 0;
}

void xz_grammar_end(struct xz_grammar *grammar, const lzma_allocator *allocator)
{
    if (grammar->state == XZ_GRAMMAR_BODY)
        xz_filters_free(grammar->filters, allocator);
    if (!XZ_SMALL) {
        xz_free(grammar->long_field, allocator);
        grammar->long_field = NULL;
    }
    grammar->state = XZ_GRAMMAR_END;
}

/* Where a field of this size, which comes in pieces, is gathered; NULL: no memory. */
static uint8_t *field_room(struct xz_grammar *grammar, const lzma_allocator *allocator,
                           size_t size)
{
    if (XZ_SMALL || size <= XZ_GRAMMAR_FIELD_SIZE)
        return grammar->field;
    if (grammar->long_field == NULL)
        grammar->long_field = xz_alloc(LZMA_BLOCK_HEADER_SIZE_MAX, allocator);
    return grammar->long_field;
}

/* Takes a field of a fixed size. LZMA_STREAM_END and *ret_field: it is whole; LZMA_OK:
   more is needed. */
static lzma_ret take(struct xz_grammar *grammar, const lzma_allocator *allocator,
                     struct xz_io *io, size_t size, const uint8_t **ret_field)
{
    if (!XZ_SMALL && grammar->field_pos == 0 && xz_io_in_left(io) >= size) {
        *ret_field = io->in + io->in_pos;
        io->in_pos += size;
        return LZMA_STREAM_END;
    }
    uint8_t *const room = field_room(grammar, allocator, size);
    if (room == NULL)
        return LZMA_MEM_ERROR;
    if (!xz_io_gather(io, room, &grammar->field_pos, size))
        return LZMA_OK;
    *ret_field = room;
    grammar->field_pos = 0;
    return LZMA_STREAM_END;
}

static lzma_ret next_header(struct xz_grammar *grammar, const lzma_allocator *allocator,
                            struct xz_io *io, enum xz_event *ret_event)
{
    const uint8_t *field;
    lzma_ret ret = take(grammar, allocator, io, LZMA_STREAM_HEADER_SIZE, &field);
    if (ret != LZMA_STREAM_END)
        return ret;
    ret = xz_stream_header_decode(field, &grammar->flags);
    if (ret == LZMA_FORMAT_ERROR && !grammar->is_first)
        return LZMA_DATA_ERROR;
    XZ_TRY(ret);

    xz_index_hash_init(&grammar->hash);
    grammar->is_first = false;
    grammar->state = XZ_GRAMMAR_BLOCK_OR_INDEX;
    *ret_event = XZ_EVENT_STREAM_HEADER;
    return LZMA_OK;
}

static lzma_ret next_block_or_index(struct xz_grammar *grammar,
                                    const lzma_allocator *allocator, struct xz_io *io,
                                    enum xz_event *ret_event)
{
    if (grammar->field_pos == 0) {
        if (xz_io_in_left(io) == 0)
            return LZMA_OK;
        if (io->in[io->in_pos] == 0x00) {
            grammar->state = XZ_GRAMMAR_INDEX;
            return LZMA_OK;
        }
        grammar->block.header_size = lzma_block_header_size_decode(io->in[io->in_pos]);
    }
    const uint8_t *field;
    const lzma_ret ret =
        take(grammar, allocator, io, grammar->block.header_size, &field);
    if (ret != LZMA_STREAM_END)
        return ret;

    grammar->block.version = 1;
    grammar->block.check = grammar->flags.check;
    grammar->block.filters = grammar->filters;
    XZ_TRY(xz_block_header_decode(&grammar->block, allocator, field));
    grammar->state = XZ_GRAMMAR_BODY;
    *ret_event = XZ_EVENT_BLOCK;
    return LZMA_OK;
}

static lzma_ret next_index(struct xz_grammar *grammar, struct xz_io *io,
                           enum xz_event *ret_event)
{
    if (xz_io_in_left(io) == 0)
        return LZMA_OK;
    const lzma_ret ret =
        xz_index_hash_decode(&grammar->hash, io->in, &io->in_pos, io->in_size);
    if (ret != LZMA_STREAM_END)
        return ret;
    grammar->state = XZ_GRAMMAR_FOOTER;
    *ret_event = XZ_EVENT_INDEX;
    return LZMA_OK;
}

static lzma_ret next_footer(struct xz_grammar *grammar, const lzma_allocator *allocator,
                            struct xz_io *io, enum xz_event *ret_event)
{
    const uint8_t *field;
    lzma_ret ret = take(grammar, allocator, io, LZMA_STREAM_HEADER_SIZE, &field);
    if (ret != LZMA_STREAM_END)
        return ret;
    lzma_stream_flags footer;
    ret = xz_stream_footer_decode(field, &footer);
    if (ret == LZMA_FORMAT_ERROR)
        return LZMA_DATA_ERROR;
    XZ_TRY(ret);
    if (footer.backward_size != xz_index_hash_size(&grammar->hash))
        return LZMA_DATA_ERROR;
    XZ_TRY(xz_stream_flags_compare(&grammar->flags, &footer));

    grammar->padding = 0;
    grammar->state = grammar->is_concatenated ? XZ_GRAMMAR_PADDING : XZ_GRAMMAR_END;
    *ret_event = XZ_EVENT_STREAM_FOOTER;
    return LZMA_OK;
}

/* Stream Padding keeps Streams at multiples of four. */
static lzma_ret next_padding(struct xz_grammar *grammar, struct xz_io *io,
                             bool is_last_input, enum xz_event *ret_event)
{
    while (xz_io_in_left(io) > 0 && io->in[io->in_pos] == 0x00) {
        ++io->in_pos;
        ++grammar->padding;
    }
    const bool is_aligned = (grammar->padding & 3) == 0;
    if (xz_io_in_left(io) == 0) {
        if (!is_last_input)
            return LZMA_OK;
        if (!is_aligned)
            return LZMA_DATA_ERROR;
        grammar->state = XZ_GRAMMAR_END;
        *ret_event = XZ_EVENT_END;
        return LZMA_OK;
    }
    if (!is_aligned) {
        ++io->in_pos;
        return LZMA_DATA_ERROR;
    }
    grammar->state = XZ_GRAMMAR_HEADER;
    return LZMA_OK;
}

/* One step: an event, a new state, or neither (more input is needed). */
static lzma_ret step(struct xz_grammar *grammar, const lzma_allocator *allocator,
                     struct xz_io *io, bool is_last_input, enum xz_event *ret_event)
{
    switch (grammar->state) {
    case XZ_GRAMMAR_HEADER:
        return next_header(grammar, allocator, io, ret_event);
    case XZ_GRAMMAR_BLOCK_OR_INDEX:
        return next_block_or_index(grammar, allocator, io, ret_event);
    case XZ_GRAMMAR_BODY:
        return LZMA_PROG_ERROR;
    case XZ_GRAMMAR_INDEX:
        return next_index(grammar, io, ret_event);
    case XZ_GRAMMAR_FOOTER:
        return next_footer(grammar, allocator, io, ret_event);
    case XZ_GRAMMAR_PADDING:
        return next_padding(grammar, io, is_last_input, ret_event);
    case XZ_GRAMMAR_END:
        break;
    }
    *ret_event = XZ_EVENT_END;
    return LZMA_OK;
}

lzma_ret xz_grammar_next(struct xz_grammar *grammar, const lzma_allocator *allocator,
                         struct xz_io *io, bool is_last_input, enum xz_event *ret_event)
{
    *ret_event = XZ_EVENT_NEED_INPUT;
    for (;;) {
        const int before = (int)grammar->state;
        XZ_TRY(step(grammar, allocator, io, is_last_input, ret_event));
        if (*ret_event != XZ_EVENT_NEED_INPUT || (int)grammar->state == before)
            return LZMA_OK;
    }
}

void xz_grammar_take_filters(struct xz_grammar *grammar, lzma_filter *ret_filters)
{
    memcpy(ret_filters, grammar->filters, sizeof(grammar->filters));
    grammar->filters[0].id = LZMA_VLI_UNKNOWN;
}

lzma_ret xz_grammar_body_done(struct xz_grammar *grammar,
                              const lzma_allocator *allocator)
{
    xz_filters_free(grammar->filters, allocator);
    grammar->state = XZ_GRAMMAR_BLOCK_OR_INDEX;
    return xz_index_hash_append(&grammar->hash, xz_block_unpadded_size(&grammar->block),
                                grammar->block.uncompressed_size);
}
