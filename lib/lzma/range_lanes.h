// SPDX-License-Identifier: 0BSD
// Range coding of listed decisions, several independent runs side by side.
//
// Coding one decision needs the range that the one before left: a chain of six or more
// cycles a decision. Runs that do not depend on one another, as those of LZMA2 chunks,
// hide that: each has a lane.
//
// A lane keeps its last eight bytes in a word (acc), to which carries are added; that
// word is stored again and again, so bytes before the data are overwritten. Data may be
// written over the list that they come from: a decision takes two bytes there, and
// becomes less than one.
//
//     | XZ_RC_LANE_BEFORE | data ...  ->
//     |        16 bytes       | list ...          | XZ_RC_LANE_PAD |

#ifndef XZ_LZMA_RANGE_LANES_H
#define XZ_LZMA_RANGE_LANES_H

#include "lzma/range_enc.h"

#define XZ_RC_LANES 8

/* Bytes before a run's first one that are overwritten. */
#define XZ_RC_LANE_BEFORE 8

/* Room for so many decisions behind a list; lanes go on in steps of so many. */
#define XZ_RC_LANE_PAD 12

/* Most bytes that `count` decisions become: the least probability is 31 / 2048, and
   2^-13 of the range may be lost by rounding. */
#define XZ_RC_LANE_DATA_MAX(count) ((size_t)(count) / 1000 * 757 + 800)

/* A run. The caller sets list, count and out. */
struct xz_rc_lane {
    uint16_t *list; // moves on
    uint32_t count; // decisions that are left, a multiple of XZ_RC_LANE_PAD
    uint32_t range;
    uint64_t low;
    uint64_t acc; // the eight bytes before out
    uint8_t *out; // behind the data; may lie in the list, as far as that is coded
};

/* Codes `steps` decisions, a multiple of XZ_RC_LANE_PAD, in each of XZ_RC_LANES lanes.
   Lanes that are NULL do nothing. */
struct xz_rc_kernel {
    void (*code)(struct xz_rc_lane *const *lanes, uint32_t steps);

    /* The same in two lanes, and in one. */
    void (*code_pair)(struct xz_rc_lane *first, struct xz_rc_lane *second,
                      uint32_t steps);
    void (*code_single)(struct xz_rc_lane *lane, uint32_t steps);
};

/* That of this CPU, or NULL. */
const struct xz_rc_kernel *xz_rc_kernel(void);

/* Codes `count` runs (at most XZ_RC_LANES) from start to end. lane->out is where the
   run's data begin, somewhere else or at least 8 bytes before lane->list. Behind each
   list there must be room for XZ_RC_LANE_PAD more. Afterwards lane->out is behind the
   data. The kernel, which may be NULL, changes the time only. */
void xz_rc_lanes_code(struct xz_rc_lane *lanes, uint32_t count,
                      const struct xz_rc_kernel *kernel);

/* Codes the decisions from list up to rc->list, which becomes list again, as if they
   had been coded when they were listed. Up to XZ_RC_LANE_BEFORE bytes before rc->out
   are read and written again; room as above. */
void xz_rc_code_list(struct xz_range_enc *rc, uint16_t *list,
                     const struct xz_rc_kernel *kernel);

/* A lane takes in t, its low from bit 32 on: `bits` settled bits and a carry. */
XZ_ALWAYS_INLINE void xz_rc_lane_settle(struct xz_rc_lane *lane, uint64_t t,
                                        uint32_t bits)
{
    lane->acc = (lane->acc << bits) + t;
    lane->out += bits / 8;
    if (XZ_UNLIKELY(lane->acc < t))
        xz_rc_carry(lane->out - 8);
}

#endif
