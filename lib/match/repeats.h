// SPDX-License-Identifier: 0BSD
// Text that repeats itself so much that tables alone know what counts of it.

#ifndef XZ_MATCH_REPEATS_H
#define XZ_MATCH_REPEATS_H

#include "match/sorted.h"

/* The nice_len that tables alone serve: the most bytes that they look at. */
#define XZ_REPEATS_NICE 16

/* Less text is not worth asking. */
#define XZ_REPEATS_SIZE_MIN (UINT32_C(256) << 10)

/* True if most 16 bytes of the text were in it before, nearby; false if it has less
   than XZ_REPEATS_SIZE_MIN bytes. The answer depends on the text alone. */
bool xz_repeats_itself(const uint8_t *text, uint32_t size);

/* As the find() of struct xz_near_kernels, by the job's candidates alone: of 1 to
   XZ_PAIR_BLOCK positions, whose lengths are counted up to XZ_REPEATS_NICE. `before`
   bytes of text are there before the job's. What is found is carried back within the
   job, so positions before the last one may have matches of nice_len, too. out has room
   for XZ_PAIR_ROOM each. */
struct xz_pair *xz_repeats_find(const struct xz_near_job *job, uint32_t before,
                                struct xz_match_batch *batch, struct xz_pair *out);

#endif
