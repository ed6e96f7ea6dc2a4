// SPDX-License-Identifier: 0BSD
// Exported: filter chains as text.

#include "format/filter_string.h"
#include <limits.h>

extern LZMA_API(const char *)
    lzma_str_to_filters(const char *str, int *error_pos, lzma_filter *filters,
                        uint32_t flags, const lzma_allocator *allocator)
{
    if (error_pos != NULL)
        *error_pos = 0;
    if (str == NULL || filters == NULL)
        return "Unexpected NULL pointer argument(s) to lzma_str_to_filters()";
    size_t pos;
    const char *message = xz_filter_string_parse(str, flags, allocator, filters, &pos);
    if (error_pos != NULL)
        *error_pos = pos < INT_MAX ? (int)pos : INT_MAX;
    return message;
}

extern LZMA_API(lzma_ret)
    lzma_str_from_filters(char **str, const lzma_filter *filters, uint32_t flags,
                          const lzma_allocator *allocator)
{
    if (str == NULL)
        return LZMA_PROG_ERROR;
    *str = NULL;
    if (filters == NULL)
        return LZMA_PROG_ERROR;
    return xz_filter_string_print(filters, flags, allocator, str);
}

extern LZMA_API(lzma_ret)
    lzma_str_list_filters(char **str, lzma_vli filter_id, uint32_t flags,
                          const lzma_allocator *allocator)
{
    if (str == NULL)
        return LZMA_PROG_ERROR;
    *str = NULL;
    return xz_filter_string_list(filter_id, flags, allocator, str);
}
