// SPDX-License-Identifier: 0BSD
// Lanes as arrays of words, which kernels load into vectors and store again.

#ifndef XZ_LZMA_RANGE_LANES_WORDS_H
#define XZ_LZMA_RANGE_LANES_WORDS_H

#include "lzma/range_lanes.h"

/* What a lane that is not used reads: ones whose zeros have no part. */
#define XZ_RC_NEUTRAL4 XZ_RC_LIST_ONE, XZ_RC_LIST_ONE, XZ_RC_LIST_ONE, XZ_RC_LIST_ONE
static const uint16_t xz_rc_neutral[XZ_RC_LANE_PAD] = {XZ_RC_NEUTRAL4, XZ_RC_NEUTRAL4,
                                                       XZ_RC_NEUTRAL4};

/* Codes `steps` decisions, a multiple of 3, in each of two lanes. Needs BMI2. */
void xz_rc_pair_code(struct xz_rc_lane *first, struct xz_rc_lane *second,
                     uint32_t steps);

/* The same in one lane; a multiple of XZ_RC_LANE_PAD. Needs AVX2 and BMI2. */
void xz_rc_single_code(struct xz_rc_lane *lane, uint32_t steps);

/* With AVX-512. */
extern const struct xz_rc_kernel xz_rc_kernel_avx512;

struct xz_rc_words {
    const uint16_t *list[XZ_RC_LANES];
    uint8_t *out[XZ_RC_LANES];
    uint32_t step[XZ_RC_LANES]; // that a list moves on by
    uint64_t range[XZ_RC_LANES];
    uint64_t low[XZ_RC_LANES];
    uint64_t acc[XZ_RC_LANES];
    uint8_t unused[XZ_RC_LANE_BEFORE]; // where lanes that are not used store
};

static inline void xz_rc_words_load(struct xz_rc_words *w,
                                    struct xz_rc_lane *const *lanes)
{
    for (uint32_t i = 0; i < XZ_RC_LANES; ++i) {
        const struct xz_rc_lane *const lane = lanes[i];
        const bool is_used = lane != NULL;
        w->list[i] = is_used ? lane->list : xz_rc_neutral;
        w->out[i] = is_used ? lane->out : w->unused + XZ_RC_LANE_BEFORE;
        w->step[i] = is_used ? XZ_RC_LANE_PAD : 0;
        w->range[i] = is_used ? lane->range : UINT32_MAX;
        w->low[i] = is_used ? lane->low : 0;
        w->acc[i] = is_used ? lane->acc : UINT64_MAX;
    }
}

/* `steps` decisions were coded. */
static inline void xz_rc_words_store(const struct xz_rc_words *w, uint32_t steps,
                                     struct xz_rc_lane *const *lanes)
{
    for (uint32_t i = 0; i < XZ_RC_LANES; ++i) {
        if (lanes[i] == NULL)
            continue;
        lanes[i]->list += steps;
        lanes[i]->count -= steps;
        lanes[i]->range = (uint32_t)w->range[i];
        lanes[i]->low = w->low[i];
        lanes[i]->acc = w->acc[i];
        lanes[i]->out = w->out[i];
    }
}

#endif
