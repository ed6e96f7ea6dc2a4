// SPDX-License-Identifier: 0BSD
// Prices: what decisions, lengths and distances cost in 64ths of a bit.
//
// A decision of probability p costs -log2(p) bits. Parsers compare sums of such prices,
// at every position for hundreds of symbols. So lengths and distances have tables,
// which are brought up to date when enough symbols have been coded since.

#ifndef XZ_LZMA_PRICE_H
#define XZ_LZMA_PRICE_H

#include "lzma/enc_model.h"
#include "lzma/symbol_enc.h"

#define XZ_PRICE_FRACTION_BITS 6
#define XZ_PRICE_BIT           (UINT32_C(1) << XZ_PRICE_FRACTION_BITS)
#define XZ_PRICE_INFINITE      (UINT32_C(1) << 27) // above that of any stretch

#define XZ_LENS (XZ_LEN_MAX - XZ_LEN_MIN + 1)

/* Price of a zero whose probability is 16 * i + 8 of 2048, for 16 of them at once; of
   those from 16 on, of the only one that occurs, 31. */
extern const uint16_t xz_price_table[1 << (XZ_RC_PROB_BITS - 4)];

static inline uint32_t xz_price_bit(uint32_t prob, uint32_t bit)
{
    const uint32_t flip = (0 - bit) & ((1U << XZ_RC_PROB_BITS) - 1);
    return xz_price_table[(prob ^ flip) >> 4];
}

static inline uint32_t xz_price_0(uint32_t prob)
{
    return xz_price_table[prob >> 4];
}

static inline uint32_t xz_price_1(uint32_t prob)
{
    return xz_price_table[(prob ^ ((1U << XZ_RC_PROB_BITS) - 1)) >> 4];
}

/* Prices of one literal context's bytes, without the first decision. Behind a match or
   rep, the byte at the last distance chooses other probabilities as long as its bits
   are those of the literal, and at the first that differs; then the plain ones go on.
   So the prices of all 65536 pairs of bytes are sums of two. */
struct xz_literal_prices {
    uint16_t plain[256];  // behind a literal
    uint16_t agreed[256]; // behind a match, the bytes are equal
    /* Behind a match: what is to be added to plain[byte], by the bits of the byte down
       to the first that differs, with a one in front. */
    int16_t differing[512];
};

/* Fills the tables from the context's probabilities; NULL where this machine has no
   such instructions. */
extern void (*const xz_fill_literal_avx512)(const uint16_t *probs,
                                            struct xz_literal_prices *p);

struct xz_prices {
    /* Fills a context's tables, for this CPU. */
    void (*fill_literal)(const uint16_t *probs, struct xz_literal_prices *p);
    struct xz_literal_prices literal[1 << XZ_LCLP_MAX];

    /* Lengths: [pos_state][len - XZ_LEN_MIN] */
    uint32_t match_len[XZ_POS_STATES_MAX][XZ_LENS];
    uint32_t rep_len[XZ_POS_STATES_MAX][XZ_LENS];

    /* Distances minus 1: whole below XZ_DIST_FULL; else, from row XZ_DIST_FULL on, by
       slot with its plain bits, and the four lowest bits. */
    uint32_t dist[XZ_DIST_FULL + XZ_DIST_SLOTS][XZ_DIST_STATES];
    uint32_t dist_align[XZ_ALIGN_SIZE + 1]; // the last one is 0

    uint32_t match_count; // symbols of the coder at the last refresh
    uint32_t rep_count;
    uint32_t literal_count[1 << XZ_LCLP_MAX];
    bool is_filled;
};

/* Chooses for this CPU, and forgets all prices. */
void xz_prices_open(struct xz_prices *prices);

/* Brings prices up to date with a coder, where that is due. lens is how many lengths
   are asked for, from XZ_LEN_MIN on. */
void xz_prices_refresh(struct xz_prices *prices, const struct xz_symbol_enc *enc,
                       uint32_t lens);

/* A literal without its first decision; match_byte is the byte at the last distance,
   which only matters if is_matched: behind a match or rep. Without branches, as
   bytes are hard to predict. */
static inline uint32_t xz_price_literal(const struct xz_literal_prices *prices,
                                        uint32_t byte, uint32_t match_byte,
                                        bool is_matched)
{
    const uint32_t plain = prices->plain[byte];
    const uint32_t differing = byte ^ match_byte;
    const uint32_t node = (byte | 0x100) >> xz_bits_top32(differing | 1);
    const uint32_t more = (uint32_t)prices->differing[node];
    const uint32_t other = plain + more;
    const uint32_t agreed = prices->agreed[byte];
    const uint32_t is_other = 0 - (uint32_t)(differing != 0);
    const uint32_t matched = agreed ^ ((agreed ^ other) & is_other);
    return plain ^ ((plain ^ matched) & (0 - (uint32_t)is_matched));
}

/* Prices of dist (from 1) for each xz_dist_state(); *ret_more is to be added to
   each. Without branches, what is chosen by masks: distances are hard to predict. */
static inline const uint32_t *xz_price_dist_row(const struct xz_prices *prices,
                                                uint32_t dist, uint32_t *ret_more)
{
    const uint32_t dist0 = dist - 1;
    const uint32_t top = xz_bits_top32(dist0 | XZ_DIST_FULL);
    const uint32_t slot = 2 * top + ((dist0 >> (top - 1)) & 1);
    const uint32_t far_mask = 0 - (uint32_t)(dist0 >= XZ_DIST_FULL);
    *ret_more = prices->dist_align[dist0 & (XZ_ALIGN_SIZE - 1)] & far_mask;
    return prices->dist[dist0 ^ ((dist0 ^ (XZ_DIST_FULL + slot)) & far_mask)];
}

#endif
