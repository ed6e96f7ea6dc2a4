// SPDX-License-Identifier: 0BSD
// The grammar of .xz files as events: what comes next, and is it allowed there.
//
// A reader asks for the next event and acts on it. Everything between the Blocks'
// bodies is read and verified here; the bodies are the reader's part:
//
//   for (;;) {
//       XZ_TRY(xz_grammar_next(&grammar, allocator, io, no_more_input, &event));
//       STREAM_HEADER  flags are known
//       BLOCK          read the body of grammar.block from io; xz_grammar_body_done()
//       INDEX          the Index agrees with the Blocks
//       STREAM_FOOTER  the Stream is complete and sound
//       END            the file is complete
//       NEED_INPUT     come back with more input
//   }

#ifndef XZ_STREAM_GRAMMAR_H
#define XZ_STREAM_GRAMMAR_H

#include "base/io.h"
#include "format/index_hash.h"

/* Room for a header or footer that comes in pieces. A longer Block Header, which no
   usual chain needs, gets memory of its own; the minimal library has room for any. */
#define XZ_GRAMMAR_FIELD_SIZE (XZ_SMALL ? LZMA_BLOCK_HEADER_SIZE_MAX : 64)

enum xz_event {
    XZ_EVENT_NEED_INPUT,
    XZ_EVENT_STREAM_HEADER,
    XZ_EVENT_BLOCK,
    XZ_EVENT_INDEX,
    XZ_EVENT_STREAM_FOOTER,
    XZ_EVENT_END,
};

/* Lives inside its reader, which zeroes it once (up to the hash) and then uses the
   functions below. */
struct xz_grammar {
    /* Of the last STREAM_HEADER. */
    lzma_stream_flags flags;

    /* Of the last BLOCK: what the Block Header says, version 1, filters below. The
       reader may set ignore_check, and must set both sizes where they are unknown. */
    lzma_block block;
    lzma_filter filters[LZMA_FILTERS_MAX + 1]; // options are owned

    lzma_vli padding; // bytes of Stream Padding since the last STREAM_FOOTER

    /* The grammar's own */
    enum {
        XZ_GRAMMAR_HEADER,
        XZ_GRAMMAR_BLOCK_OR_INDEX,
        XZ_GRAMMAR_BODY,
        XZ_GRAMMAR_INDEX,
        XZ_GRAMMAR_FOOTER,
        XZ_GRAMMAR_PADDING,
        XZ_GRAMMAR_END,
    } state;
    bool is_concatenated; // Streams may follow one another
    bool is_first;        // in the first Stream, up to its header
    size_t field_pos;     // bytes gathered of a header or footer
    uint8_t *long_field;  // owned: room for any Block Header; NULL until needed

    /* Written before they are read: need not be zero. */
    lzma_index_hash hash; // of the Blocks of this Stream
    uint8_t field[XZ_GRAMMAR_FIELD_SIZE];
};

/* Prepares for the first byte of a file. With is_concatenated the file goes on with
   Stream Padding and Streams until the input ends; without, it ends with the first
   Stream's footer. */
void xz_grammar_init(struct xz_grammar *grammar, const lzma_allocator *allocator,
                     bool is_concatenated);

/* Frees what it owns; the struct is the caller's. */
void xz_grammar_end(struct xz_grammar *grammar, const lzma_allocator *allocator);

/* Reads on from io to the next event. is_last_input: nothing follows what is in io.
   Returns LZMA_OK and the event, or
     LZMA_FORMAT_ERROR   the first Stream Header has other magic bytes
     LZMA_DATA_ERROR     a checksum, size or structure is wrong
     LZMA_OPTIONS_ERROR  flags or filters that this library does not know
     LZMA_MEM_ERROR
   or LZMA_PROG_ERROR when a body was not reported as done. After an error only
   xz_grammar_init() and xz_grammar_end() may follow. */
lzma_ret xz_grammar_next(struct xz_grammar *grammar, const lzma_allocator *allocator,
                         struct xz_io *io, bool is_last_input,
                         enum xz_event *ret_event);

/* True where a Block Header or the Index comes next. */
static inline bool xz_grammar_is_before_block(const struct xz_grammar *grammar)
{
    return grammar->state == XZ_GRAMMAR_BLOCK_OR_INDEX;
}

/* True behind all Blocks of a Stream: in its Index, its footer, padding, or the next
   Stream's header. Before the first Stream Header, too. */
static inline bool xz_grammar_is_behind_blocks(const struct xz_grammar *grammar)
{
    return grammar->state != XZ_GRAMMAR_BLOCK_OR_INDEX
           && grammar->state != XZ_GRAMMAR_BODY;
}

/* Moves the filters of the current Block to ret_filters, 5 entries, whose options are
   the caller's from then on. */
void xz_grammar_take_filters(struct xz_grammar *grammar, lzma_filter *ret_filters);

/* Says that io is behind the body of the current Block, and that grammar->block holds
   its sizes; a threaded reader may say so before the body is decoded, if the Block
   Header told the sizes. Frees the filters. LZMA_DATA_ERROR: the Stream gets too
   big. */
lzma_ret xz_grammar_body_done(struct xz_grammar *grammar,
                              const lzma_allocator *allocator);

#endif
