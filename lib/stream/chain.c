// SPDX-License-Identifier: 0BSD
// Filter chains in either direction: validity, memory use, opening.
//
// Section 5.2 of the .xz format limits chains so that decoding stays fast: at most four
// filters, of which at most three change the size of the data. Only those that end a
// chain do, so there is one of them in each. That LZMA1 may end a chain is no rule of
// the format; parsers of Block Headers refuse its ID.

#include "base/bits.h"
#include "base/try.h"
#include "stream/filter_list.h"

const struct xz_filter_entry *xz_filter_find(const struct xz_chain_side *side,
                                             lzma_vli id)
{
    for (size_t i = 0; i < side->entry_count; ++i) {
        if (side->entries[i].id == id && side->entries[i].open != NULL)
            return &side->entries[i];
    }
    return NULL;
}

lzma_ret xz_chain_validate(const struct xz_chain_side *side, const lzma_filter *filters,
                           size_t *ret_count)
{
    if (filters == NULL || filters[0].id == LZMA_VLI_UNKNOWN)
        return LZMA_PROG_ERROR;

    size_t count = 0;
    for (; filters[count].id != LZMA_VLI_UNKNOWN; ++count) {
        if (count == LZMA_FILTERS_MAX)
            return LZMA_OPTIONS_ERROR;
        const struct xz_filter_entry *entry = xz_filter_find(side, filters[count].id);
        if (entry == NULL)
            return LZMA_OPTIONS_ERROR;
        const bool is_last = filters[count + 1].id == LZMA_VLI_UNKNOWN;
        if (entry->is_last != is_last)
            return LZMA_OPTIONS_ERROR;
    }
    *ret_count = count;
    return LZMA_OK;
}

uint64_t xz_chain_memusage(const struct xz_chain_side *side, const lzma_filter *filters)
{
    size_t count;
    if (xz_chain_validate(side, filters, &count) != LZMA_OK)
        return UINT64_MAX;

    uint64_t total = 0;
    for (size_t i = 0; i < count; ++i) {
        const struct xz_filter_entry *entry = xz_filter_find(side, filters[i].id);
        const uint64_t usage = entry->memusage(filters[i].options);
        if (usage == UINT64_MAX || !xz_add_fits(total, usage, &total))
            return UINT64_MAX;
    }
    return total;
}

/* Opens the first `wanted` coders of a chain of `count` filters. Gives the place of
   what follows them. */
static lzma_ret open_coders(const struct xz_chain_side *side, struct xz_coder **slot,
                            const lzma_allocator *allocator, const lzma_filter *filters,
                            size_t count, size_t wanted, struct xz_coder ***ret_place)
{
    struct xz_coder **place = slot;
    for (size_t i = 0; i < wanted; ++i) {
        const lzma_filter *filter =
            &filters[side->last_filter_first ? count - 1 - i : i];
        const struct xz_filter_entry *entry = xz_filter_find(side, filter->id);
        XZ_TRY(entry->open(place, allocator, filter));
        (*place)->filter_id = filter->id;
        place = &(*place)->source;
    }
    *ret_place = place;
    return LZMA_OK;
}

lzma_ret xz_chain_open(const struct xz_chain_side *side, struct xz_coder **slot,
                       const lzma_allocator *allocator, const lzma_filter *filters)
{
    size_t count;
    struct xz_coder **place;
    XZ_TRY(xz_chain_validate(side, filters, &count));
    XZ_TRY(open_coders(side, slot, allocator, filters, count, count, &place));
    /* A longer chain that was here before has filters left over. */
    xz_coder_end(place, allocator);
    return LZMA_OK;
}

lzma_ret xz_chain_open_onto(struct xz_coder **slot, const lzma_allocator *allocator,
                            const lzma_filter *filters, struct xz_coder **last)
{
    size_t count;
    struct xz_coder **place;
    XZ_TRY(xz_chain_validate(&xz_chain_decoders, filters, &count));
    XZ_TRY(open_coders(&xz_chain_decoders, slot, allocator, filters, count, count - 1,
                       &place));
    xz_coder_end(place, allocator);
    *place = *last;
    *last = NULL;
    return LZMA_OK;
}

lzma_ret xz_chain_update(struct xz_coder *chain, const lzma_allocator *allocator,
                         const lzma_filter *filters)
{
    size_t count = 0;
    while (filters[count].id != LZMA_VLI_UNKNOWN)
        ++count;
    const struct xz_coder *coder = chain;
    for (size_t i = count; i > 0; --i) {
        if (coder == NULL || coder->filter_id != filters[i - 1].id)
            return LZMA_PROG_ERROR;
        coder = coder->source;
    }
    if (coder != NULL || chain->ops->update == NULL)
        return LZMA_PROG_ERROR;
    return chain->ops->update(chain, allocator, filters);
}
