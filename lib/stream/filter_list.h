// SPDX-License-Identifier: 0BSD
// What the chain code knows of each filter: one line a filter, one table a direction.

#ifndef XZ_STREAM_FILTER_LIST_H
#define XZ_STREAM_FILTER_LIST_H

#include "stream/chain.h"

struct xz_filter_entry {
    lzma_vli id;

    /* Opens the filter in slot with the options of one lzma_filter; its source is
       opened afterwards, in the slot's source. NULL: this build has no such filter. */
    lzma_ret (*open)(struct xz_coder **slot, const lzma_allocator *allocator,
                     const lzma_filter *filter);

    /* Bytes that it may use; UINT64_MAX if the options are not valid. */
    uint64_t (*memusage)(const void *options);

    bool is_last; // ends a chain; all others stand before another filter
};

/* A direction: its table, and which end of a chain its first coder is. */
struct xz_chain_side {
    const struct xz_filter_entry *entries;
    size_t entry_count;
    bool last_filter_first; // encoders: the caller talks to the last filter
};

/* Entry for id in side's table, or NULL. */
const struct xz_filter_entry *xz_filter_find(const struct xz_chain_side *side,
                                             lzma_vli id);

/* Delta and the branch converters in both directions, for the tables (filter_coder.c).
   Encoders: LZMA_SYNC_FLUSH is LZMA_OPTIONS_ERROR for the converters, delta passes. */
lzma_ret xz_delta_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_filter *filter);
lzma_ret xz_delta_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_filter *filter);
lzma_ret xz_bcj_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                         const lzma_filter *filter);
lzma_ret xz_bcj_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                         const lzma_filter *filter);
uint64_t xz_delta_memusage(const void *options);
uint64_t xz_bcj_memusage(const void *options);

#endif
