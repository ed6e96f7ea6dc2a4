// SPDX-License-Identifier: 0BSD
// Filter chains as text: "x86 lzma2:dict=1MiB,lc=4", or "6e" for a preset.

#ifndef XZ_FORMAT_FILTER_STRING_H
#define XZ_FORMAT_FILTER_STRING_H

#include "base/platform.h"
#include <lzma.h>

/* Reads str. flags: LZMA_STR_ALL_FILTERS, LZMA_STR_NO_VALIDATION. Returns NULL and sets
   ret_filters[0..4], whose options are the caller's to free; or returns an error
   message and leaves ret_filters as it is. *ret_pos is set in both cases: how far str
   was read, which is where the error is. filter_string_parse.c */
const char *xz_filter_string_parse(const char *str, uint32_t flags,
                                   const lzma_allocator *allocator,
                                   lzma_filter *ret_filters, size_t *ret_pos);

/* Writes filters as text that the function above reads, in memory of allocator's.
   flags: LZMA_STR_ENCODER, LZMA_STR_DECODER, LZMA_STR_GETOPT_LONG, LZMA_STR_NO_SPACES.
   LZMA_OPTIONS_ERROR: other flags, no filters or more than four, an unknown filter, or
   options missing; LZMA_MEM_ERROR. filter_string_print.c */
lzma_ret xz_filter_string_print(const lzma_filter *filters, uint32_t flags,
                                const lzma_allocator *allocator, char **ret_str);

/* Lists one filter, or all for LZMA_VLI_UNKNOWN, with their options where
   LZMA_STR_ENCODER or LZMA_STR_DECODER asks for them. Further flags:
   LZMA_STR_ALL_FILTERS, LZMA_STR_GETOPT_LONG. Errors as above. filter_string_print.c */
lzma_ret xz_filter_string_list(lzma_vli id, uint32_t flags,
                               const lzma_allocator *allocator, char **ret_str);

#endif
