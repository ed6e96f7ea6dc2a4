// SPDX-License-Identifier: 0BSD
// Range coding in lanes: portable code, and the way through lists of different length.
//
// Three decisions are coded before what is settled goes out: low has room for the 24
// bits that they can settle at most. Normalising is a choice of values, not of paths.

#include "lzma/range_lanes.h"
#include "base/bytes.h"

/* From so many lanes on the kernel takes less time. */
#define KERNEL_LANES 3

/* Changes nothing: a one whose zero has no part of the range. */
#define NEUTRAL XZ_RC_LIST_ONE

#define TRIPLE 3
_Static_assert(XZ_RC_LANE_PAD % TRIPLE == 0, "lanes go on in triples");

/* *top is range >> XZ_RC_PROB_BITS. An outcome's part of the range is so many times top
   and something of the bits below it. So one decision waits for the one before by a
   choice, a product and a sum: what is multiplied is known long before. With even
   chances both have half of the range without its last bit. */
XZ_ALWAYS_INLINE void code_one(struct xz_rc_lane *lane, uint32_t *top,
                               uint32_t decision, uint32_t *bits)
{
    const uint32_t even = decision >> XZ_RC_LIST_EVEN_AT;
    const uint32_t one = 0 - (decision / XZ_RC_LIST_ONE & 1);
    const uint32_t prob = decision & XZ_RC_LIST_PROB;
    const uint32_t whole = 1U << XZ_RC_PROB_BITS;
    const uint32_t part = even != 0 ? whole / 2 : one != 0 ? whole - prob : prob;
    const uint32_t rest = even != 0 ? whole / 2 - 1 : one & (whole - 1);
    const uint32_t range = *top * part + (lane->range >> even & rest);
    const uint32_t bound = lane->range - range - (lane->range & even);
    const uint64_t low = lane->low + (bound & one);
    const bool is_small = range < XZ_RC_TOP;
    lane->range = is_small ? range << 8 : range;
    *top = is_small ? range >> (XZ_RC_PROB_BITS - 8) : range >> XZ_RC_PROB_BITS;
    lane->low = is_small ? low << 8 : low;
    *bits += is_small ? 8 : 0;
}

static void code_steps(struct xz_rc_lane *lane_out, uint32_t steps)
{
    struct xz_rc_lane lane = *lane_out;
    uint32_t top = lane.range >> XZ_RC_PROB_BITS;
    for (uint32_t i = 0; i < steps; i += TRIPLE) {
        uint32_t bits = 0;
        code_one(&lane, &top, lane.list[0], &bits);
        code_one(&lane, &top, lane.list[1], &bits);
        code_one(&lane, &top, lane.list[2], &bits);
        lane.list += TRIPLE;
        xz_rc_lane_settle(&lane, lane.low >> 32, bits);
        lane.low = (uint32_t)lane.low;
        xz_write64be(lane.out - 8, lane.acc);
    }
    lane.count -= steps;
    *lane_out = lane;
}

static void fill_up(struct xz_rc_lane *lane)
{
    for (; lane->count % XZ_RC_LANE_PAD != 0; ++lane->count)
        lane->list[lane->count] = NEUTRAL;
}

static void start(struct xz_rc_lane *lane)
{
    fill_up(lane);
    lane->range = UINT32_MAX;
    lane->low = 0;
    lane->acc = 0;
    *lane->out++ = 0;
}

/* All of low goes out, as xz_rc_finish() does it. */
static void finish(struct xz_rc_lane *lane)
{
    for (uint32_t i = 0; i < XZ_RC_FINISH_SIZE; ++i) {
        lane->low = (uint64_t)(uint32_t)lane->low << 8;
        xz_rc_lane_settle(lane, lane->low >> 32, 8);
    }
    xz_write64be(lane->out - 8, lane->acc);
}

/* All that is left of one lane. */
static void code_rest(struct xz_rc_lane *lane, const struct xz_rc_kernel *kernel)
{
    if (kernel != NULL)
        kernel->code_single(lane, lane->count);
    else
        code_steps(lane, lane->count);
}

/* If two lanes are busy, `steps` of both. */
static void code_two(struct xz_rc_lane *const *busy, uint32_t busy_count,
                     uint32_t steps, const struct xz_rc_kernel *kernel)
{
    uint32_t first = 0;
    if (busy_count < 2)
        return;
    while (busy[first] == NULL)
        ++first;
    uint32_t second = first + 1;
    while (busy[second] == NULL)
        ++second;
    kernel->code_pair(busy[first], busy[second], steps);
}

void xz_rc_lanes_code(struct xz_rc_lane *lanes, uint32_t count,
                      const struct xz_rc_kernel *kernel)
{
    struct xz_rc_lane *busy[XZ_RC_LANES] = {NULL};
    for (uint32_t i = 0; i < count; ++i)
        start(&lanes[i]);
    while (kernel != NULL) {
        uint32_t steps = UINT32_MAX;
        uint32_t busy_count = 0;
        for (uint32_t i = 0; i < count; ++i) {
            busy[i] = lanes[i].count > 0 ? &lanes[i] : NULL;
            if (busy[i] == NULL)
                continue;
            ++busy_count;
            if (lanes[i].count < steps)
                steps = lanes[i].count;
        }
        if (busy_count < KERNEL_LANES) {
            code_two(busy, busy_count, steps, kernel);
            break;
        }
        kernel->code(busy, steps);
    }
    for (uint32_t i = 0; i < count; ++i) {
        code_rest(&lanes[i], kernel);
        finish(&lanes[i]);
    }
}

void xz_rc_code_list(struct xz_range_enc *rc, uint16_t *list,
                     const struct xz_rc_kernel *kernel)
{
    struct xz_rc_lane lane = {
        .list = list,
        .count = (uint32_t)(rc->list - list),
        .range = rc->range,
        .low = rc->low,
        .acc = xz_read64be(rc->out - XZ_RC_LANE_BEFORE),
        .out = rc->out,
    };
    fill_up(&lane);
    code_rest(&lane, kernel);
    rc->low = lane.low;
    rc->range = lane.range;
    rc->out = lane.out;
    rc->list = list;
}
