// SPDX-License-Identifier: 0BSD
// Which finder serves a text whose size shows only as it comes.
//
// Sorting pays for whole texts. Where a text ends early or is flushed often, others
// take less time and find more:
//
//     LITTLE all of the text, if it would be sorted, has no more than XZ_LITTLE_MAX
//            bytes, and no flush points
//     ROWS   as long as no more than XZ_ENC_LITTLE bytes come before the end of the
//            text, or XZ_ENC_LITTLE_FLUSH bytes before a flush
//     TREE   as long as no more than XZ_ENC_FLUSHED bytes come before a flush
//     FULL   what the options ask for
//
// The kinds only rise. Each begins with the text that the window has.

#ifndef XZ_LZMA_ENC_FINDER_H
#define XZ_LZMA_ENC_FINDER_H

#include "match/finder.h"

#define XZ_ENC_LITTLE       (UINT32_C(8) << 10)
#define XZ_ENC_LITTLE_FLUSH (UINT32_C(2) << 10)
#define XZ_ENC_FLUSHED      (UINT32_C(256) << 10)

enum xz_enc_finder_kind {
    XZ_ENC_FINDER_NONE, // none is open
    XZ_ENC_FINDER_ROWS,
    XZ_ENC_FINDER_TREE,
    XZ_ENC_FINDER_FULL,
    XZ_ENC_FINDER_LITTLE, // before the end of the text only
};

struct xz_enc_finder {
    struct xz_finder_setup full; // setup of the last kind
    enum xz_enc_finder_kind kind;
    uint32_t room; // the rows are for text up to this window index
};

/* Bytes of text that must be in the window behind what is coded, or the end or a flush
   point, before anything can be chosen; 0: it does not matter. */
uint32_t xz_enc_finder_wait(const struct xz_finder_setup *full);

/* Most bytes that finders with this setup, or those that stand for it, allocate. */
uint64_t xz_enc_finder_memusage(const struct xz_finder_setup *full);

/* Readies for a new text; a new struct must be all zero. is_whole: no other kind than
   the last is to be used. Opens the finder if it is known already. LZMA_MEM_ERROR. */
lzma_ret xz_enc_finder_start(struct xz_enc_finder *e, struct xz_finder *f,
                             const lzma_allocator *allocator,
                             const struct xz_finder_setup *full, bool is_whole);

/* True if there is not enough text to choose by. */
bool xz_enc_finder_waits(const struct xz_enc_finder *e, const struct xz_window *w);

/* Opens another finder if the text asks for it. ends, is_flush: the window's end is
   that of the text, or a flush point. To be called before each stretch is searched,
   when there is text enough. LZMA_MEM_ERROR. */
lzma_ret xz_enc_finder_choose(struct xz_enc_finder *e, struct xz_finder *f,
                              const lzma_allocator *allocator,
                              const struct xz_window *w, bool ends, bool is_flush);

#endif
