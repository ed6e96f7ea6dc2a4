// SPDX-License-Identifier: 0BSD
// What an LZMA encoder learns: probabilities, the state, the last four distances.
//
// Parser and symbol coder share it: the parser reads probabilities as prices, the coder
// moves them. Every probability is that of a zero bit, in units of 1 / 2048.

#ifndef XZ_LZMA_ENC_MODEL_H
#define XZ_LZMA_ENC_MODEL_H

#include "base/bits.h"
#include "lzma/lzma_rules.h"

_Static_assert(XZ_LEN_LOW_BITS == XZ_LEN_MID_BITS && XZ_LEN_LOW == 1 << XZ_LEN_LOW_BITS,
               "low and middle lengths have trees alike");

struct xz_len_model {
    uint16_t choice[3]; // not low; not middle; moved in vain, where a length is low
    /* Trees, root at [1], of low lengths and of middle ones. */
    uint16_t low_mid[2][XZ_POS_STATES_MAX][1 << XZ_LEN_LOW_BITS];
    uint16_t high[1 << XZ_LEN_HIGH_BITS];
};

struct xz_enc_model {
    uint16_t is_match[XZ_STATES][XZ_POS_STATES_MAX];
    uint16_t is_rep[XZ_STATES];
    uint16_t is_not_rep0[XZ_STATES];
    uint16_t is_not_rep1[XZ_STATES];
    uint16_t is_not_rep2[XZ_STATES];
    uint16_t is_long_rep0[XZ_STATES][XZ_POS_STATES_MAX];
    uint16_t dist_slot[XZ_DIST_STATES][XZ_DIST_SLOTS];
    /* Reverse trees of slots 4 to 13, of 1 to 5 bits; behind them moved in vain. */
    uint16_t dist_low[XZ_DIST_MODEL_END][1 << XZ_DIST_LOW_BITS_MAX];
    uint16_t dist_align[XZ_ALIGN_SIZE];
    struct xz_len_model match_len;
    struct xz_len_model rep_len;
    uint16_t literal[XZ_LITERAL_SIZE << XZ_LCLP_MAX];
};

/* Where in the data a coder or parser is, as far as the model asks for it. */
struct xz_enc_context {
    uint32_t state;
    uint32_t reps[XZ_REPS]; // distances, 1: the byte before
};

/* lc, lp and pb in the forms that are used. */
struct xz_enc_props {
    uint32_t lc;
    uint32_t lp_mask;
    uint32_t pb_mask;
    uint32_t lclp; // lc + lp
};

static inline struct xz_enc_props xz_enc_props(const lzma_options_lzma *options)
{
    return (struct xz_enc_props){
        .lc = options->lc,
        .lp_mask = (UINT32_C(1) << options->lp) - 1,
        .pb_mask = (UINT32_C(1) << options->pb) - 1,
        .lclp = options->lc + options->lp,
    };
}

/* The literal coder's context behind byte `before` at a position. Its probabilities
   begin at XZ_LITERAL_SIZE times that. */
static inline uint32_t xz_literal_context(const struct xz_enc_props *props,
                                          uint32_t position, uint32_t before)
{
    return ((position & props->lp_mask) << props->lc) + (before >> (8 - props->lc));
}

/* Slot of a distance minus 1: its highest bit's place and the bit below. */
static inline uint32_t xz_dist_slot(uint32_t dist0)
{
    if (dist0 < XZ_DIST_MODEL_START)
        return dist0;
    const uint32_t top = xz_bits_top32(dist0);
    return 2 * top + ((dist0 >> (top - 1)) & 1);
}

/* Bits of a distance minus 1 that follow its slot, from slot 4 on. */
static inline uint32_t xz_dist_bits(uint32_t slot)
{
    return slot / 2 - 1;
}

/* Makes dist the latest of reps. Returns where it was, or XZ_REPS. Without branches: it
   is hard to predict. */
static inline uint32_t xz_reps_use(uint32_t *reps, uint32_t dist)
{
    const uint32_t r0 = reps[0];
    const uint32_t r1 = reps[1];
    const uint32_t r2 = reps[2];
    const uint32_t not_0 = dist != r0;
    const uint32_t not_1 = not_0 & (dist != r1);
    const uint32_t not_2 = not_1 & (dist != r2);
    const uint32_t not_3 = not_2 & (dist != reps[3]);
    reps[0] = dist;
    reps[1] = not_0 != 0 ? r0 : r1;
    reps[2] = not_1 != 0 ? r1 : r2;
    reps[3] = not_2 != 0 ? r2 : reps[3];
    return not_0 + not_1 + not_2 + not_3;
}

#endif
