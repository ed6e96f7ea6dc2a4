// SPDX-License-Identifier: 0BSD
// The LZMA symbol decoder: range coded bytes in, literals and matches out.
//
// What LZMA1 and LZMA2 have in common. It knows nothing of how a stream begins, ends or
// is cut into chunks. Between two calls it is never inside a symbol: see symbol_dec.c.

#ifndef XZ_LZMA_SYMBOL_DEC_H
#define XZ_LZMA_SYMBOL_DEC_H

#include "base/io.h"
#include "lzma/dict.h"
#include "lzma/lzma_rules.h"

/* Most bytes that the decoding of one symbol looks at: 48 decisions, of them 26 of even
   chance and 22 of at most 6.05 bits each, are less than 160 bits; and one byte more;
   and one that is read ahead. */
#define XZ_SYMBOL_IN_MAX 22

struct xz_len_probs {
    uint16_t choice[2]; // not low; not middle
    uint16_t low[XZ_POS_STATES_MAX][XZ_LEN_LOW];
    uint16_t mid[XZ_POS_STATES_MAX][XZ_LEN_MID];
    uint16_t high[XZ_LEN_HIGH];
};

/* Trees of the modelled low bits of distances, packed: the tree of a slot starts at its
   first distance minus the slot. The last one is of 5 bits. */
#define XZ_DIST_SPECIAL_SIZE (XZ_DIST_FULL - XZ_DIST_MODEL_END + 1)

/* All adaptive probabilities. Only as many literals as lc and lp need are in use. */
struct xz_symbol_probs {
    uint16_t is_match[XZ_STATES][XZ_POS_STATES_MAX];
    uint16_t is_rep[XZ_STATES];
    uint16_t is_rep_n[XZ_REPS - 1][XZ_STATES]; // [n]: is it not rep n?
    uint16_t is_rep0_long[XZ_STATES][XZ_POS_STATES_MAX];
    uint16_t dist_slot[XZ_DIST_STATES][XZ_DIST_SLOTS];
    uint16_t dist_special[XZ_DIST_SPECIAL_SIZE];
    uint16_t dist_align[XZ_ALIGN_SIZE];
    struct xz_len_probs len[2]; // [0]: new matches, [1]: repeated distances
    uint16_t literal[XZ_LITERAL_SIZE << XZ_LCLP_MAX];
};

struct xz_symbol_dec {
    uint32_t range;
    uint32_t code;
    uint32_t state;
    uint32_t reps[XZ_REPS]; // last distances minus 1
    uint32_t pending;       // bytes of the last match that did not fit yet
    uint32_t lc;
    uint32_t literal_mask; // bits of (position << 8 | last byte) that choose a context
    uint32_t pos_mask;
    uint32_t start_left; // bytes of the range coder's start that have not come
    uint32_t carry_size; // bytes in carry; less than one symbol
    uint8_t carry[XZ_SYMBOL_IN_MAX];
    struct xz_symbol_probs probs;
};

/* Why xz_symbol_dec_run() stopped. */
enum xz_symbol_stop {
    XZ_STOP_LIMIT,  // dict is at its limit; a match may be pending
    XZ_STOP_INPUT,  // all input is taken; the next symbol is not complete
    XZ_STOP_MARKER, // an end marker; it is taken
    XZ_STOP_BAD,    // a distance without history, or a bad start
    XZ_STOP_CUT, // the next symbol passes the end; only xz_symbol_dec_set() may follow
};

/* Sets lc, lp, pb; they are valid (xz_lclppb_valid()). A reset has to follow. */
void xz_symbol_dec_set(struct xz_symbol_dec *dec, uint32_t lc, uint32_t lp,
                       uint32_t pb);

/* Probabilities, state and distances as at the start of a stream. Forgets a pending
   match. */
void xz_symbol_dec_reset(struct xz_symbol_dec *dec);

/* A new run of range coded bytes begins: the next five start it. Drops the carry. */
void xz_symbol_dec_start(struct xz_symbol_dec *dec);

/* Decodes from io->in up to in_end (<= io->in_size) into dict until one of the five
   things above happens. No byte behind the last symbol's is taken from io; bytes of a
   symbol that is not complete are taken and carried. ends: no more range coded bytes
   will come; then a symbol that is not complete is XZ_STOP_CUT, not XZ_STOP_INPUT,
   unless the start is not complete or an earlier call carried some of the symbol. */
enum xz_symbol_stop xz_symbol_dec_run(struct xz_symbol_dec *dec, struct xz_dict *dict,
                                      struct xz_io *io, size_t in_end, bool ends);

/* Looks at the next symbol where there is no room for one.
   XZ_STOP_MARKER: it is an end marker and is taken. XZ_STOP_BAD: it is damaged.
   XZ_STOP_INPUT: what there is of it is carried. XZ_STOP_LIMIT: it is another one,
   or a match is pending; nothing is taken but, maybe, the start. */
enum xz_symbol_stop xz_symbol_dec_peek(struct xz_symbol_dec *dec,
                                       const struct xz_dict *dict, struct xz_io *io,
                                       size_t in_end);

/* Ends a run of range coded bytes: takes the last byte if one is due. Returns
   LZMA_STREAM_END if the run is properly finished, LZMA_OK if a byte of input is
   missing, LZMA_DATA_ERROR if it could go on. */
lzma_ret xz_symbol_dec_finish(struct xz_symbol_dec *dec, struct xz_io *io,
                              size_t in_end);

#endif
