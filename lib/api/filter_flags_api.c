// SPDX-License-Identifier: 0BSD
// Exported: Filter Flags and Filter Properties, and copies of filter chains.

#include "format/filter_flags.h"
#include "format/filters.h"

extern LZMA_API(lzma_ret) lzma_filters_copy(const lzma_filter *src, lzma_filter *dest,
                                            const lzma_allocator *allocator)
{
    if (src == NULL || dest == NULL)
        return LZMA_PROG_ERROR;
    return xz_filters_copy(src, allocator, dest);
}

extern LZMA_API(void)
    lzma_filters_free(lzma_filter *filters, const lzma_allocator *allocator)
{
    if (filters != NULL)
        xz_filters_free(filters, allocator);
}

extern LZMA_API(lzma_ret)
    lzma_properties_size(uint32_t *size, const lzma_filter *filter)
{
    if (size == NULL || filter == NULL)
        return LZMA_PROG_ERROR;
    return xz_properties_size(filter, size);
}

extern LZMA_API(lzma_ret)
    lzma_properties_encode(const lzma_filter *filter, uint8_t *props)
{
    return filter == NULL ? LZMA_PROG_ERROR : xz_properties_encode(filter, props);
}

extern LZMA_API(lzma_ret)
    lzma_properties_decode(lzma_filter *filter, const lzma_allocator *allocator,
                           const uint8_t *props, size_t props_size)
{
    if (filter == NULL || (props == NULL && props_size != 0))
        return LZMA_PROG_ERROR;
    return xz_properties_decode(filter, allocator, props, props_size);
}

extern LZMA_API(lzma_ret)
    lzma_filter_flags_size(uint32_t *size, const lzma_filter *filter)
{
    if (size == NULL || filter == NULL)
        return LZMA_PROG_ERROR;
    return xz_filter_flags_size(filter, size);
}

extern LZMA_API(lzma_ret)
    lzma_filter_flags_encode(const lzma_filter *filter, uint8_t *out, size_t *out_pos,
                             size_t out_size)
{
    if (filter == NULL || out == NULL || out_pos == NULL || *out_pos >= out_size)
        return LZMA_PROG_ERROR;
    return xz_filter_flags_encode(filter, out, out_pos, out_size);
}

extern LZMA_API(lzma_ret)
    lzma_filter_flags_decode(lzma_filter *filter, const lzma_allocator *allocator,
                             const uint8_t *in, size_t *in_pos, size_t in_size)
{
    if (filter == NULL || in_pos == NULL || (in == NULL && *in_pos < in_size))
        return LZMA_PROG_ERROR;
    return xz_filter_flags_decode(filter, allocator, in, in_pos, in_size);
}
