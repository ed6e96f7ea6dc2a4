// SPDX-License-Identifier: 0BSD
// Copying and freeing arrays of lzma_filter with their options.
//
// A chain is an array of up to four filters and an end mark. Programs build it on their
// stack and may change it as soon as a function returns, so whoever needs it longer
// takes a copy. Copies are shallow in one point: a preset dictionary stays the
// program's.

#include "format/filters.h"
#include "base/alloc.h"
#include "format/filter_flags.h"
#include <string.h>

/* Copies the options of one filter, NULL as NULL. */
static lzma_ret copy_options(const lzma_filter *filter, const lzma_allocator *allocator,
                             void **ret_options)
{
    if (filter->options == NULL) {
        *ret_options = NULL;
        return LZMA_OK;
    }
    const size_t size = xz_filter_options_size(filter->id);
    if (size == 0)
        return LZMA_OPTIONS_ERROR;
    void *options = xz_alloc(size, allocator);
    if (options == NULL)
        return LZMA_MEM_ERROR;
    memcpy(options, filter->options, size);
    *ret_options = options;
    return LZMA_OK;
}

lzma_ret xz_filters_copy(const lzma_filter *filters, const lzma_allocator *allocator,
                         lzma_filter *ret_filters)
{
    /* The copy is whole before ret_filters is written to. Until then each entry past
       the copied ones is an end mark, so that freeing is always safe. */
    lzma_filter copy[LZMA_FILTERS_MAX + 1];
    for (size_t i = 0; i <= LZMA_FILTERS_MAX; ++i) {
        copy[i].id = LZMA_VLI_UNKNOWN;
        copy[i].options = NULL;
    }
    size_t count = 0;
    lzma_ret ret = LZMA_OK;
    for (; filters[count].id != LZMA_VLI_UNKNOWN; ++count) {
        if (count == LZMA_FILTERS_MAX)
            ret = LZMA_OPTIONS_ERROR;
        else
            ret = copy_options(&filters[count], allocator, &copy[count].options);
        if (ret != LZMA_OK)
            break;
        copy[count].id = filters[count].id;
    }
    if (ret != LZMA_OK) {
        xz_filters_free(copy, allocator);
        return ret;
    }
    memcpy(ret_filters, copy, (count + 1) * sizeof(copy[0]));
    return LZMA_OK;
}

void xz_filters_free(lzma_filter *filters, const lzma_allocator *allocator)
{
    for (size_t i = 0; i < LZMA_FILTERS_MAX; ++i) {
        if (filters[i].id == LZMA_VLI_UNKNOWN)
            break;
        xz_free(filters[i].options, allocator);
        filters[i].options = NULL;
        filters[i].id = LZMA_VLI_UNKNOWN;
    }
}
