// SPDX-License-Identifier: 0BSD
// The constants of LZMA and LZMA2 that encoder and decoder share (lzma-file-format.txt;
// .xz format section 5.3.1).

#ifndef XZ_LZMA_LZMA_RULES_H
#define XZ_LZMA_LZMA_RULES_H

#include "base/platform.h"
#include <lzma.h>

/* Range coder: 32-bit range, 11-bit probabilities that move by 1/32. */
#define XZ_RC_TOP_BITS   24
#define XZ_RC_TOP        (UINT32_C(1) << XZ_RC_TOP_BITS)
#define XZ_RC_PROB_BITS  11
#define XZ_RC_PROB_INIT  (1U << (XZ_RC_PROB_BITS - 1))
#define XZ_RC_MOVE_BITS  5
#define XZ_RC_START_SIZE 5 // bytes that start a range coded run: 0, then the code

/* The state remembers what the last symbols were. 0 to 6: a literal came last. */
#define XZ_STATES         12
#define XZ_STATE_LITERALS 7

#define XZ_POS_STATES_MAX 16 // 2^pb
#define XZ_LITERAL_SIZE   0x300
#define XZ_LCLP_MAX       4

/* Lengths: 2 to 9 low, 10 to 17 middle, 18 to 273 high. */
#define XZ_LEN_MIN       2
#define XZ_LEN_LOW_BITS  3
#define XZ_LEN_MID_BITS  3
#define XZ_LEN_HIGH_BITS 8
#define XZ_LEN_LOW       8
#define XZ_LEN_MID       8
#define XZ_LEN_HIGH      256
#define XZ_LEN_MAX       273

/* Distances: a slot of 6 bits; slots 4 to 13 add modelled bits, 14 to 63 direct bits
   and 4 modelled align bits. The slot's model depends on the length: 2, 3, 4, more. */
#define XZ_DIST_STATES       4
#define XZ_DIST_SLOT_BITS    6
#define XZ_DIST_SLOTS        64
#define XZ_DIST_MODEL_START  4
#define XZ_DIST_MODEL_END    14
#define XZ_DIST_FULL         128 // below it distances have no direct bits
#define XZ_DIST_LOW_BITS_MAX 5   // modelled bits of slots 12 and 13
#define XZ_ALIGN_BITS        4
#define XZ_ALIGN_SIZE        16
_Static_assert(XZ_DIST_MODEL_END / 2 - 2 == XZ_DIST_LOW_BITS_MAX, "of the last slot");

#define XZ_REPS 4

static inline uint32_t xz_state_after_literal(uint32_t state)
{
    static const uint8_t after[XZ_STATES] = {0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 4, 5};
    return after[state];
}

static inline uint32_t xz_state_after_match(uint32_t state)
{
    return state < XZ_STATE_LITERALS ? 7 : 10;
}

static inline uint32_t xz_state_after_rep(uint32_t state)
{
    return state < XZ_STATE_LITERALS ? 8 : 11;
}

static inline uint32_t xz_state_after_shortrep(uint32_t state)
{
    return state < XZ_STATE_LITERALS ? 9 : 11;
}

static inline uint32_t xz_dist_state(uint32_t len)
{
    return len < XZ_DIST_STATES + XZ_LEN_MIN ? len - XZ_LEN_MIN : XZ_DIST_STATES - 1;
}

static inline bool xz_lclppb_valid(const lzma_options_lzma *options)
{
    return options->lc <= LZMA_LCLP_MAX && options->lp <= LZMA_LCLP_MAX
           && options->lc + options->lp <= LZMA_LCLP_MAX && options->pb <= LZMA_PB_MAX;
}

/* LZMA2 chunks (the head of lzma2_dec.c has the layout): most bytes of text and data,
   and bytes of a header with its control byte. */
#define XZ_LZMA2_CHUNK_UNCOMPRESSED_MAX (UINT32_C(1) << 21)
#define XZ_LZMA2_CHUNK_COMPRESSED_MAX   (UINT32_C(1) << 16)
#define XZ_LZMA2_CHUNK_STORED_MAX       (UINT32_C(1) << 16)
#define XZ_LZMA2_HEADER_STORED          3
#define XZ_LZMA2_HEADER_LZMA            5
#define XZ_LZMA2_HEADER_MAX             6 // with lc, lp and pb

/* Control bytes. From XZ_LZMA2_LZMA on a chunk is compressed: SIZE_BITS are the upper
   bits of its text size - 1, and more is reset from one value to the next. */
#define XZ_LZMA2_END         0x00
#define XZ_LZMA2_STORED_DICT 0x01 // forgets the dictionary
#define XZ_LZMA2_STORED      0x02
#define XZ_LZMA2_LZMA        0x80 // goes on as it was
#define XZ_LZMA2_LZMA_STATE  0xA0
#define XZ_LZMA2_LZMA_PROPS  0xC0 // and lc, lp, pb are set
#define XZ_LZMA2_LZMA_DICT   0xE0 // and the dictionary is forgotten
#define XZ_LZMA2_SIZE_BITS   0x1F

#endif
