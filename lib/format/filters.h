// SPDX-License-Identifier: 0BSD
// Copying and freeing arrays of lzma_filter with their options.

#ifndef XZ_FORMAT_FILTERS_H
#define XZ_FORMAT_FILTERS_H

#include "base/platform.h"
#include <lzma.h>

/* Copies a chain of up to four filters and their options, and the end mark, to
   ret_filters; old options there are not freed. An unknown id passes only without
   options. Returns LZMA_OK, LZMA_OPTIONS_ERROR (unknown id with options, more than four
   filters) or LZMA_MEM_ERROR; on failure nothing stays allocated and ret_filters is
   untouched. */
lzma_ret xz_filters_copy(const lzma_filter *filters, const lzma_allocator *allocator,
                         lzma_filter *ret_filters);

/* Frees the options of up to four filters and marks each as an end of the chain. */
void xz_filters_free(lzma_filter *filters, const lzma_allocator *allocator);

#endif
