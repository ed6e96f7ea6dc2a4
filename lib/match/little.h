// SPDX-License-Identifier: 0BSD
// Finding in little texts: tables of the latest positions that begin alike.

#ifndef XZ_MATCH_LITTLE_H
#define XZ_MATCH_LITTLE_H

#include "match/finder.h"

/* Longest text: positions have 16 bits. */
#define XZ_LITTLE_MAX (UINT32_C(64) << 10)

struct xz_little_kernel {
    /* As xz_finder_batch(). */
    void (*batch)(struct xz_finder *f, const struct xz_window *w, uint32_t start,
                  uint32_t limit, struct xz_match_batch *batch);
};

extern const struct xz_little_kernel xz_little_portable;

/* NULL where this machine has no such instructions. */
extern const struct xz_little_kernel *const xz_little_avx512;
extern const struct xz_little_kernel *const xz_little_avx2;

/* That of this CPU. */
const struct xz_little_kernel *xz_little_kernel(void);

/* Words of tables for texts of at most size bytes, up to XZ_LITTLE_MAX. */
size_t xz_little_words(uint32_t size);

/* Readies f->heads, which has the words for such texts or longer ones. */
void xz_little_open(struct xz_finder *f, uint32_t size);

#endif
