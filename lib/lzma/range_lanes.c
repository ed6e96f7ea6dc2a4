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

XZ_ALWAYS_INLINE void code_one(struct xz_rc_lane *lane, uint32_t decision,
                               uint32_t *bits)
{
    const uint32_t shift = XZ_RC_PROB_BITS - (decision >> XZ_RC_LIST_SHIFT);
    const uint32_t bound = (lane->range >> shift) * (decision & XZ_RC_LIST_PROB);
    const uint32_t one = 0 - (decision / XZ_RC_LIST_ONE & 1);
    /* With even chances one has the same part, even if the range is odd. */
    const uint32_t rest = shift == 1 ? bound : lane->range - bound;
    const uint64_t low = lane->low + (bound & one);
    const uint32_t range = one != 0 ? rest : bound;
    const uint32_t is_small = range < XZ_RC_TOP;
    lane->range = is_small != 0 ? range << 8 : range;
    lane->low = is_small != 0 ? low << 8 : low;
    *bits += is_small << 3;
}

static void code_steps(struct xz_rc_lane *lane_out, uint32_t steps)
{
    struct xz_rc_lane lane = *lane_out;
    for (uint32_t i = 0; i < steps; i += TRIPLE) {
        uint32_t bits = 0;
        for (uint32_t k = 0; k < TRIPLE; ++k)
            code_one(&lane, lane.list[k], &bits);
        lane.list += TRIPLE;
        xz_rc_lane_settle(&lane, lane.low >> 32, bits);
        lane.low = (uint32_t)lane.low;
        xz_write64be(lane.out - 8, lane.acc);
    }
    lane.count -= steps;
    *lane_out = lane;
}

static void start(struct xz_rc_lane *lane)
{
    for (; lane->count % XZ_RC_LANE_PAD != 0; ++lane->count)
        lane->list[lane->count] = NEUTRAL;
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
        if (busy_count < KERNEL_LANES)
            break;
        kernel->code(busy, steps);
    }
    for (uint32_t i = 0; i < count; ++i) {
        code_steps(&lanes[i], lanes[i].count);
        finish(&lanes[i]);
    }
}
