// SPDX-License-Identifier: 0BSD
// Tables: what each probability becomes by each outcome, for listing and for decoding;
// and lists of decisions that are as likely one as zero.

#include "lzma/range_list.h"

#define ZEROS   (1 << XZ_RC_PROB_BITS)
#define ZERO(p) (uint16_t)((p) + ((ZEROS - (p)) >> XZ_RC_MOVE_BITS))
#define ONE(p)  (uint16_t)((p) - ((p) >> XZ_RC_MOVE_BITS))

/* clang-format off */
#define FOUR(f, p)    f(p), f((p) + 1), f((p) + 2), f((p) + 3)
#define SIXTEEN(f, p) FOUR(f, p), FOUR(f, (p) + 4), FOUR(f, (p) + 8), FOUR(f, (p) + 12)
#define MORE(f, p) \
    SIXTEEN(f, p), SIXTEEN(f, (p) + 16), SIXTEEN(f, (p) + 32), SIXTEEN(f, (p) + 48), \
    SIXTEEN(f, (p) + 64), SIXTEEN(f, (p) + 80), SIXTEEN(f, (p) + 96), \
    SIXTEEN(f, (p) + 112)
#define ALL(f) \
    MORE(f, 0), MORE(f, 128), MORE(f, 256), MORE(f, 384), MORE(f, 512), MORE(f, 640), \
    MORE(f, 768), MORE(f, 896), MORE(f, 1024), MORE(f, 1152), MORE(f, 1280), \
    MORE(f, 1408), MORE(f, 1536), MORE(f, 1664), MORE(f, 1792), MORE(f, 1920)
/* clang-format on */

#define BOTH(p) ZERO(p), ONE(p)

const uint16_t xz_rc_moved[2 << XZ_RC_PROB_BITS] = {ALL(ZERO), ALL(ONE)};
const uint16_t xz_rc_next[2 << XZ_RC_PROB_BITS] = {ALL(BOTH)};

/* The four bits of i, from the highest on. */
#define EVEN(i, bit) (XZ_RC_LIST_EVEN | ((i) >> (bit)&1) << XZ_RC_PROB_BITS)
#define RUN(i)                                                                         \
 {                                                                                     \
  EVEN(i, 3), EVEN(i, 2), EVEN(i, 1), EVEN(i, 0)                                       \
 }

const uint16_t xz_rc_even[1 << XZ_RC_LIST_EVEN_AT_ONCE][XZ_RC_LIST_EVEN_AT_ONCE] = {
    SIXTEEN(RUN, 0)};
