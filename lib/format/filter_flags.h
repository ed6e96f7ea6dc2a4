// SPDX-License-Identifier: 0BSD
// Filter Flags and Filter Properties (.xz format sections 3.1.5 and 5.3).

#ifndef XZ_FORMAT_FILTER_FLAGS_H
#define XZ_FORMAT_FILTER_FLAGS_H

#include "base/platform.h"
#include <lzma.h>

/* Filter IDs from here on never appear in a file. */
#define XZ_FILTER_ID_RESERVED (LZMA_VLI_C(1) << 62)

/* Size of the options struct of a known filter, 0 for an unknown id. */
size_t xz_filter_options_size(lzma_vli id);

/* Size of the Filter Properties of filter. LZMA_OPTIONS_ERROR for an unknown id,
   LZMA_PROG_ERROR for an id that is no integer of the format. */
lzma_ret xz_properties_size(const lzma_filter *filter, uint32_t *ret_size);

/* Writes the Filter Properties, as many bytes as xz_properties_size() tells.
   LZMA_PROG_ERROR: unknown id, options missing or out of range; nothing is written. */
lzma_ret xz_properties_encode(const lzma_filter *filter, uint8_t *props);

/* Reads the Filter Properties of filter->id and sets filter->options to a new struct of
   allocator's, or to NULL where the filter needs none and on failure. Returns LZMA_OK,
   LZMA_OPTIONS_ERROR (unknown id, or properties that this library cannot follow) or
   LZMA_MEM_ERROR. The start offset of a branch converter is not checked against its
   alignment: opening the filter does that. */
lzma_ret xz_properties_decode(lzma_filter *filter, const lzma_allocator *allocator,
                              const uint8_t *props, size_t props_size);

/* Size of the Filter Flags of filter. LZMA_PROG_ERROR for a reserved id, otherwise as
   xz_properties_size(). */
lzma_ret xz_filter_flags_size(const lzma_filter *filter, uint32_t *ret_size);

/* Writes the Filter Flags. LZMA_PROG_ERROR also when there is not enough room. On
   failure *out_pos stays. */
lzma_ret xz_filter_flags_encode(const lzma_filter *filter, uint8_t *out,
                                size_t *out_pos, size_t out_size);

/* Reads Filter Flags into filter, which owns its options afterwards. On failure
   filter->options is NULL and *in_pos stays. LZMA_DATA_ERROR: reserved id, or not all
   bytes are there; otherwise as xz_properties_decode(). */
lzma_ret xz_filter_flags_decode(lzma_filter *filter, const lzma_allocator *allocator,
                                const uint8_t *in, size_t *in_pos, size_t in_size);

#endif
