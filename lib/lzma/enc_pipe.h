// SPDX-License-Identifier: 0BSD
// The encoder's stages in a row: window, finder, parser, symbol coder.
//
//     input -> window -> finder -> pairs -> parser -> symbols -> symbol coder -> bytes
//
// LZMA1 and LZMA2 encoders share this; they differ in how they cut the bytes. Used like
// this, over and over:
//
//     xz_enc_pipe_parse()     symbols, unless the text is too short or has ended
//     xz_enc_pipe_fill()      when it is too short: more text
//     xz_enc_pipe_encode()    some of the symbols

#ifndef XZ_LZMA_ENC_PIPE_H
#define XZ_LZMA_ENC_PIPE_H

#include "base/coder.h"
#include "lzma/enc_finder.h"
#include "lzma/noise.h"
#include "lzma/parse.h"

/* Largest dictionary: 1.5 GiB. */
#define XZ_ENC_DICT_MAX ((UINT32_C(1) << 30) + (UINT32_C(1) << 29))
_Static_assert(XZ_ENC_DICT_MAX < XZ_AS_MATCH, "distances leave room for the mark");

struct xz_enc_pipe {
    struct xz_window window; // pos: first byte that is not coded
    struct xz_finder finder;
    struct xz_enc_finder choice; // of it
    struct xz_parse *parse;      // owned
    struct xz_optimal *optimal;  // owned; NULL for the fast parser
    struct xz_noise noise;
    uint32_t ahead; // bytes of text to have behind pos before the finder prepares
    bool text_ends; // the window's end is the end of the text, or a flush point
    bool is_flush;  // a flush point
    struct xz_symbol_enc coder;
};

/* LZMA_OPTIONS_ERROR unless an encoder can do what options ask for; LZMA_PROG_ERROR for
   NULL. */
lzma_ret xz_enc_options_check(const lzma_options_lzma *options);

/* True if the fast parser is used for options that passed the check. */
bool xz_enc_is_fast(const lzma_options_lzma *options);

/* Bytes that a pipe allocates at most, for options that passed the check. */
uint64_t xz_enc_pipe_memusage(const lzma_options_lzma *options);

/* Readies the pipe; what is allocated stays where it fits. The options must have passed
   the check; their preset dictionary becomes history. A new struct is all zero. The
   range encoder is the caller's to start. */
lzma_ret xz_enc_pipe_open(struct xz_enc_pipe *pipe, const lzma_allocator *allocator,
                          const lzma_options_lzma *options);
void xz_enc_pipe_end(struct xz_enc_pipe *pipe, const lzma_allocator *allocator);

/* The same for a text that is encoded in parts, each by a pipe of its own: most bytes
   of a part, a multiple of 64 KiB; 0: not to be cut, and the next two must not be
   called. */
uint32_t xz_enc_pipe_part_size(const lzma_options_lzma *options);
uint64_t xz_enc_pipe_part_memusage(const lzma_options_lzma *options);

/* pos: where the part begins, a multiple of the part size; bytes before it are history.
   size: of the part, at least 1. What a window needs readable around its text must be
   so around [text, text + pos + size). Nothing is to be filled in. */
lzma_ret xz_enc_pipe_open_part(struct xz_enc_pipe *pipe,
                               const lzma_allocator *allocator,
                               const lzma_options_lzma *options, const uint8_t *text,
                               size_t pos, uint32_t size);

enum xz_enc_pipe_state {
    XZ_PIPE_READY,  // there are symbols
    XZ_PIPE_HUNGRY, // there is not enough text, and more will come
    XZ_PIPE_EMPTY,  // the text has ended, all of it is coded
};

/* Makes symbols if there are none. */
lzma_ret xz_enc_pipe_parse(struct xz_enc_pipe *pipe, const lzma_allocator *allocator,
                           enum xz_enc_pipe_state *ret_state);

/* For a hungry pipe: pulls text from source (or from io, if it is NULL) as far as
   there is input and room. Sets text_ends when source has given all. */
lzma_ret xz_enc_pipe_fill(struct xz_enc_pipe *pipe, const lzma_allocator *allocator,
                          struct xz_coder *source, struct xz_io *io,
                          lzma_action action);

/* Codes at most `count` symbols, not more than text_max bytes of text, while the range
   encoder's output is XZ_SYMBOL_OUT_MAX before out_end. Returns how many bytes of
   text; 0: the next symbol did not fit. */
uint32_t xz_enc_pipe_encode(struct xz_enc_pipe *pipe, uint32_t count,
                            const uint8_t *out_end, uint32_t text_max);

/* Lists the decisions of symbols, not more than text_max bytes of text, while
   coder.rc.list is XZ_SYMBOL_DECISIONS_MAX before list_end. Returns how many bytes of
   text. */
uint32_t xz_enc_pipe_list(struct xz_enc_pipe *pipe, const uint16_t *list_end,
                          uint32_t text_max);

/* Bytes of text that have come and are not coded. */
static inline uint32_t xz_enc_pipe_left(const struct xz_enc_pipe *pipe)
{
    return pipe->window.end - pipe->window.pos;
}

/* Remembers the text before window.pos for the next function. */
lzma_ret xz_enc_pipe_learn(struct xz_enc_pipe *pipe, const lzma_allocator *allocator);

/* Where there are no symbols, and what comes next looks like noise, passes over up to
   text_max bytes of it. All text before must have been learned. Returns how many bytes;
   0 also if there is not enough text to tell: then xz_enc_pipe_parse() says so. */
uint32_t xz_enc_pipe_skip_noise(struct xz_enc_pipe *pipe, uint32_t text_max);

/* Passes over up to text_max bytes of symbols without coding them; cuts the last one if
   need be. Returns how many bytes. */
uint32_t xz_enc_pipe_skip(struct xz_enc_pipe *pipe, uint32_t text_max);

#endif
