// SPDX-License-Identifier: 0BSD
// Parsers: which symbols are to stand for a stretch of text.
//
// A parser decides about one stretch at a time and is called again behind it, when the
// symbols have been coded. It reads what the symbol coder has learned and asks the
// finder; it changes neither text nor coder.

#ifndef XZ_LZMA_PARSE_H
#define XZ_LZMA_PARSE_H

#include "lzma/byte_worth.h"
#include "lzma/price.h"
#include "lzma/symbol.h"
#include "match/finder.h"

/* A stretch may end with one symbol behind its last position. */
#define XZ_PARSE_SYMBOLS (XZ_PARSE_POSITIONS + 1)

struct xz_parse {
    const struct xz_window *window;
    struct xz_finder *finder;
    const struct xz_symbol_enc *coder; // as it will be at pos
    uint32_t pos;                      // window index where the stretch begins
    uint32_t find_end; // matches of positions before this one are final; <= window end

    /* The answer: symbols[first .. first + count), which stand for size > 0 bytes. */
    uint32_t first;
    uint32_t count;
    uint32_t size;
    struct xz_symbol symbols[XZ_PARSE_SYMBOLS];

    struct xz_byte_worth worth; // what the fast parser has learned
};

/* Greedy with a look at the next position: for speed. There must be history, and
   XZ_PARSE_AHEAD bytes from pos on or the end of the text. */
void xz_parse_fast(struct xz_parse *parse);

/* By price, over all ways to spell the stretch: for size. */
struct xz_optimal;
void xz_parse_optimal(struct xz_parse *parse, struct xz_optimal *optimal);

/* Bytes of a struct xz_optimal, and preparing one that was not cleared. */
size_t xz_optimal_size(void);
void xz_optimal_reset(struct xz_optimal *optimal);

/* The coder has other properties: there may be prices that were never made. */
void xz_optimal_forget_prices(struct xz_optimal *optimal);

/* The window moved: all indices went down by this much. */
void xz_optimal_moved(struct xz_optimal *optimal, uint32_t moved);

#endif
