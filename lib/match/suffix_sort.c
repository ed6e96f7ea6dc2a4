// SPDX-License-Identifier: 0BSD
// Sorting the suffixes at a text's anchors: in portable C, and the choice of a way.
//
// Anchors are listed, then sorted by as many bytes as count (anchor_sort.c). Positions
// between them are not sorted: anchors.h says why.

#include "match/suffix_sort.h"
#include "match/anchor_sort.h"
#include "match/anchor_sort_x86.h"
#include "match/anchors.h"
#include <string.h>

static uint32_t sort_portable(const uint8_t *text, uint32_t size, uint32_t depth,
                              uint32_t *sorted, struct xz_sort_space space)
{
    const struct xz_anchors anchors = {text, size, depth, sorted};
    struct xz_anchor_walk walk;
    const uint32_t count =
        xz_anchors_list(text, size, XZ_ANCHOR_FIRST, sorted + size, &walk);
    memmove(sorted, sorted + size - count, count * sizeof(*sorted));
    xz_anchor_sort(&anchors, count, sorted + count, space.words);
    return count;
}

const struct xz_suffix_sorter xz_suffix_sort_portable = {sort_portable};

uint32_t xz_suffix_sort_space(uint32_t size)
{
    return size < XZ_ANCHOR_TEXT_MIN ? xz_anchor_sort_space(size)
                                     : xz_anchor_space_avx512(size);
}

uint32_t xz_suffix_sort(const struct xz_suffix_sorter *sorter, const uint8_t *text,
                        uint32_t size, uint32_t depth, uint32_t *sorted,
                        struct xz_sort_space space)
{
    if (size <= XZ_ANCHOR_FIRST)
        return 0;
    if (size < XZ_ANCHOR_TEXT_MIN || depth < XZ_ANCHOR_DEPTH_MIN)
        sorter = &xz_suffix_sort_portable;
    return sorter->sort(text, size, depth, sorted, space);
}
