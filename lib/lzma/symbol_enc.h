// SPDX-License-Identifier: 0BSD
// The symbol coder: symbols become decisions of the range encoder.

#ifndef XZ_LZMA_SYMBOL_ENC_H
#define XZ_LZMA_SYMBOL_ENC_H

#include "lzma/enc_model.h"
#include "lzma/range_enc.h"
#include "lzma/symbol.h"

/* No symbol takes more bytes of output: the longest, a match with a far distance, has
   22 learned decisions of at most 6.1 bits and 26 plain ones, 161 bits; so has the end
   marker. What lists write in vain lies within the room of these 48. The rest is room
   to spare, but not to be changed: where a chunk ends, and so the output, depends on
   these two. */
#define XZ_SYMBOL_OUT_MAX       32
#define XZ_SYMBOL_DECISIONS_MAX 56

/* What a reset adds to the counts of literals. */
#define XZ_LITERAL_COUNT_RESET 1024

struct xz_symbol_enc {
    struct xz_range_enc rc;
    struct xz_enc_props props;
    struct xz_enc_context context;
    uint32_t position; // bytes coded since the dictionary was empty (wraps)

    /* Symbols since the start, for those who keep prices. */
    uint32_t match_count;
    uint32_t rep_count;
    uint32_t literal_count[1 << XZ_LCLP_MAX]; // by context; a reset counts too
    struct xz_enc_model model;
};

/* Forgets all that was learned. The range encoder is not touched. */
void xz_symbol_enc_reset(struct xz_symbol_enc *enc, const struct xz_enc_props *props);

/* Codes symbols, of which the first begins at text, until count are coded, or out_end -
   XZ_SYMBOL_OUT_MAX is passed, or the next would make more than text_max bytes.
   Bytes before text are the history. Returns how many symbols; *ret_size is how many
   bytes they stand for. */
uint32_t xz_symbols_encode(struct xz_symbol_enc *enc, const uint8_t *text,
                           const struct xz_symbol *symbols, uint32_t count,
                           const uint8_t *out_end, uint32_t text_max,
                           uint32_t *ret_size);

/* The same, while symbols become decisions in enc->rc.list, to be coded later, until
   list_end - XZ_SYMBOL_DECISIONS_MAX is passed. */
uint32_t xz_symbols_list(struct xz_symbol_enc *enc, const uint8_t *text,
                         const struct xz_symbol *symbols, uint32_t count,
                         const uint16_t *list_end, uint32_t text_max,
                         uint32_t *ret_size);

/* Codes the end marker: a match of the shortest length at distance 2^32. */
void xz_end_marker_encode(struct xz_symbol_enc *enc);

#endif
