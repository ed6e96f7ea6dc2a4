// SPDX-License-Identifier: 0BSD
// Filter chains: what is valid, how much memory they take, and opening them.

#ifndef XZ_STREAM_CHAIN_H
#define XZ_STREAM_CHAIN_H

#include "base/coder.h"

/* What coders take besides their chain, in every estimate of memory use, in bytes; and
   the estimate before a chain is known. */
#define XZ_MEMUSAGE_BASE (UINT64_C(1) << 15)

/* Which way a chain works. The tables of the two directions are separate objects, so
   that a program that only decodes links no encoder. */
struct xz_chain_side;                                // see filter_list.h
extern const struct xz_chain_side xz_chain_decoders; // chain_dec.c
extern const struct xz_chain_side xz_chain_encoders; // chain_enc.c

/* Checks that filters (ended by LZMA_VLI_UNKNOWN) is 1 to 4 known filters in an order
   that the .xz format allows (section 5.3; LZMA1 counts as a last filter as well).
   Returns LZMA_OK and the number of filters, or LZMA_PROG_ERROR for NULL or an empty
   chain, LZMA_OPTIONS_ERROR otherwise. */
lzma_ret xz_chain_validate(const struct xz_chain_side *side, const lzma_filter *filters,
                           size_t *ret_count);

/* Bytes that the opened chain may use, without XZ_MEMUSAGE_BASE;
   UINT64_MAX for an invalid chain. */
uint64_t xz_chain_memusage(const struct xz_chain_side *side,
                           const lzma_filter *filters);

/* Opens the chain in slot. filters and their options are not needed after the call.
   On failure *slot may hold a part of it; it can be used for opening again, or be
   ended. Decoders: the coder in slot is the first filter. Encoders: the last. */
lzma_ret xz_chain_open(const struct xz_chain_side *side, struct xz_coder **slot,
                       const lzma_allocator *allocator, const lzma_filter *filters);

/* Opens a chain of decoders whose last one is there already: *last moves to the place
   of the last filter, and *last becomes NULL. On failure it stays the caller's. */
lzma_ret xz_chain_open_onto(struct xz_coder **slot, const lzma_allocator *allocator,
                            const lzma_filter *filters, struct xz_coder **last);

/* Gives a running encoder chain the options of filters, which has passed
   xz_chain_validate(). Only the last filter heeds them; the IDs must be those that the
   chain was opened with. LZMA_PROG_ERROR: they are not, or the last filter cannot
   change now; LZMA_OPTIONS_ERROR. */
lzma_ret xz_chain_update(struct xz_coder *chain, const lzma_allocator *allocator,
                         const lzma_filter *filters);

#endif
