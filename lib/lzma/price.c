// SPDX-License-Identifier: 0BSD
// Filling of the price tables.

#include "lzma/price.h"
#include "base/cpu.h"
#include <string.h>

/* round(-log2((16 * i + 8) / 2048) * 64), but i = 1 stands for 31, below which no
   probability is learned; tests/unit/price_test.c computes it. */
const uint16_t xz_price_table[1 << (XZ_RC_PROB_BITS - 4)] = {
    512, 387, 363, 332, 309, 291, 275, 262, 250, 240, 231, 222, 215, 208, 201, 195,
    189, 184, 179, 174, 169, 165, 161, 157, 153, 149, 145, 142, 139, 136, 132, 129,
    127, 124, 121, 118, 116, 113, 111, 109, 106, 104, 102, 100, 98,  96,  93,  92,
    90,  88,  86,  84,  82,  81,  79,  77,  76,  74,  72,  71,  69,  68,  66,  65,
    63,  62,  60,  59,  58,  56,  55,  54,  52,  51,  50,  49,  48,  46,  45,  44,
    43,  42,  41,  39,  38,  37,  36,  35,  34,  33,  32,  31,  30,  29,  28,  27,
    26,  25,  24,  23,  22,  21,  21,  20,  19,  18,  17,  16,  15,  14,  14,  13,
    12,  11,  10,  9,   9,   8,   7,   6,   6,   5,   4,   3,   3,   2,   1,   0,
};

/* Symbols after which prices are out of date. */
#define MATCHES_BEFORE_REFRESH  32
#define REPS_BEFORE_REFRESH     64
#define LITERALS_BEFORE_REFRESH 16 // in their context

/* From the root down; see struct xz_literal_prices. agreed[] is the price of the bits
   so far when all agree. */
static void fill_literal(const uint16_t *probs, struct xz_literal_prices *p)
{
    uint16_t plain[512];
    uint16_t agreed[512];
    plain[1] = 0;
    agreed[1] = 0;
    for (uint32_t node = 1; node < 256; ++node) {
        const uint32_t prob = probs[node];
        const uint32_t prob_0 = probs[0x100 + node]; // the match's bit is 0
        const uint32_t prob_1 = probs[0x200 + node];
        const uint32_t zero = plain[node] + xz_price_0(prob);
        const uint32_t one = plain[node] + xz_price_1(prob);
        plain[2 * node] = (uint16_t)zero;
        plain[2 * node + 1] = (uint16_t)one;
        agreed[2 * node] = (uint16_t)(agreed[node] + xz_price_0(prob_0));
        agreed[2 * node + 1] = (uint16_t)(agreed[node] + xz_price_1(prob_1));
        p->differing[2 * node] = (int16_t)(agreed[node] + xz_price_0(prob_1) - zero);
        p->differing[2 * node + 1] = (int16_t)(agreed[node] + xz_price_1(prob_0) - one);
    }
    memcpy(p->plain, plain + 256, sizeof(p->plain));
    memcpy(p->agreed, agreed + 256, sizeof(p->agreed));
}

/* Prices of all values of a tree, from the root down; base is added to each. Nodes of
   the last level are the values. */
static void fill_tree(const uint16_t *probs, uint32_t bits, uint32_t base,
                      uint32_t *prices)
{
    uint32_t nodes[2 << XZ_LEN_HIGH_BITS];
    const uint32_t leaves = UINT32_C(1) << bits;
    nodes[1] = base;
    for (uint32_t node = 1; node < leaves; ++node) {
        nodes[2 * node] = nodes[node] + xz_price_0(probs[node]);
        nodes[2 * node + 1] = nodes[node] + xz_price_1(probs[node]);
    }
    memcpy(prices, nodes + leaves, leaves * sizeof(*prices));
}

/* Five bits from the last one up. */
static const uint8_t reversed[1 << XZ_DIST_LOW_BITS_MAX] = {
    0, 16, 8, 24, 4, 20, 12, 28, 2, 18, 10, 26, 6, 22, 14, 30,
    1, 17, 9, 25, 5, 21, 13, 29, 3, 19, 11, 27, 7, 23, 15, 31,
};

/* The same of a tree whose first decision is the lowest bit; at most five bits. */
static void fill_tree_reverse(const uint16_t *probs, uint32_t bits, uint32_t *prices)
{
    uint32_t ordered[1 << XZ_DIST_LOW_BITS_MAX];
    fill_tree(probs, bits, 0, ordered);
    for (uint32_t i = 0; i < UINT32_C(1) << bits; ++i)
        prices[reversed[i] >> (XZ_DIST_LOW_BITS_MAX - bits)] = ordered[i];
}

static void fill_lens(const struct xz_len_model *model, uint32_t pos_states,
                      uint32_t lens, uint32_t (*prices)[XZ_LENS])
{
    const uint32_t mid = xz_price_1(model->choice[0]);
    const uint32_t mid_0 = mid + xz_price_0(model->choice[1]);
    const uint32_t high_base = mid + xz_price_1(model->choice[1]);
    const uint32_t low_lens = XZ_LEN_LOW + XZ_LEN_MID;
    uint32_t high[XZ_LEN_HIGH];
    if (lens > low_lens)
        fill_tree(model->high, XZ_LEN_HIGH_BITS, high_base, high);
    for (uint32_t i = 0; i < pos_states; ++i) {
        fill_tree(model->low_mid[0][i], XZ_LEN_LOW_BITS, xz_price_0(model->choice[0]),
                  prices[i]);
        fill_tree(model->low_mid[1][i], XZ_LEN_MID_BITS, mid_0, prices[i] + XZ_LEN_LOW);
        if (lens > low_lens)
            memcpy(prices[i] + low_lens, high, (lens - low_lens) * sizeof(*high));
    }
}

/* Prices of slots without what follows: [slot][state]. */
static void fill_slots(const struct xz_enc_model *model,
                       uint32_t (*prices)[XZ_DIST_STATES])
{
    for (uint32_t state = 0; state < XZ_DIST_STATES; ++state) {
        uint32_t slots[XZ_DIST_SLOTS];
        fill_tree(model->dist_slot[state], XZ_DIST_SLOT_BITS, 0, slots);
        for (uint32_t slot = 0; slot < XZ_DIST_SLOTS; ++slot)
            prices[slot][state] = slots[slot];
    }
}

static void fill_dists(struct xz_prices *p, const struct xz_enc_model *model)
{
    uint32_t slots[XZ_DIST_SLOTS][XZ_DIST_STATES];
    fill_slots(model, slots);
    for (uint32_t slot = XZ_DIST_MODEL_END; slot < XZ_DIST_SLOTS; ++slot) {
        const uint32_t direct = (xz_dist_bits(slot) - XZ_ALIGN_BITS) * XZ_PRICE_BIT;
        for (uint32_t state = 0; state < XZ_DIST_STATES; ++state)
            p->dist[XZ_DIST_FULL + slot][state] = slots[slot][state] + direct;
    }
    memcpy(p->dist, slots, XZ_DIST_MODEL_START * sizeof(*slots));
    for (uint32_t slot = XZ_DIST_MODEL_START; slot < XZ_DIST_MODEL_END; ++slot) {
        const uint32_t bits = xz_dist_bits(slot);
        uint32_t(*const dists)[XZ_DIST_STATES] = p->dist + ((2 | (slot & 1)) << bits);
        uint32_t low[1 << XZ_DIST_LOW_BITS_MAX];
        fill_tree_reverse(model->dist_low[slot], bits, low);
        for (uint32_t i = 0; i < UINT32_C(1) << bits; ++i) {
            for (uint32_t state = 0; state < XZ_DIST_STATES; ++state)
                dists[i][state] = slots[slot][state] + low[i];
        }
    }
    fill_tree_reverse(model->dist_align, XZ_ALIGN_BITS, p->dist_align);
    p->dist_align[XZ_ALIGN_SIZE] = 0;
}

void xz_prices_open(struct xz_prices *prices)
{
    const bool has_avx512 =
        xz_fill_literal_avx512 != NULL && (xz_cpu_features() & XZ_CPU_AVX512) != 0;
    prices->fill_literal = has_avx512 ? xz_fill_literal_avx512 : fill_literal;
    prices->is_filled = false;
}

void xz_prices_refresh(struct xz_prices *prices, const struct xz_symbol_enc *enc,
                       uint32_t lens)
{
    const struct xz_enc_model *const model = &enc->model;
    const uint32_t pos_states = enc->props.pb_mask + 1;
    if (!prices->is_filled
        || enc->match_count - prices->match_count >= MATCHES_BEFORE_REFRESH) {
        prices->match_count = enc->match_count;
        fill_dists(prices, model);
        fill_lens(&model->match_len, pos_states, lens, prices->match_len);
    }
    if (!prices->is_filled
        || enc->rep_count - prices->rep_count >= REPS_BEFORE_REFRESH) {
        prices->rep_count = enc->rep_count;
        fill_lens(&model->rep_len, pos_states, lens, prices->rep_len);
    }
    for (uint32_t i = 0; i < 1U << enc->props.lclp; ++i) {
        if (!prices->is_filled
            || enc->literal_count[i] - prices->literal_count[i]
                   >= LITERALS_BEFORE_REFRESH) {
            prices->literal_count[i] = enc->literal_count[i];
            prices->fill_literal(model->literal + XZ_LITERAL_SIZE * i,
                                 &prices->literal[i]);
        }
    }
    prices->is_filled = true;
}
