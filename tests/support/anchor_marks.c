// SPDX-License-Identifier: 0BSD
// Anchors of a text by their definition.

#include "support/anchor_marks.h"
#include "support/support.h"

/* Whether each suffix is less than the one that begins a byte later: all of a run of
   equal bytes are if a greater byte follows; before the text's end none is. */
static bool *make_rises(const uint8_t *text, uint32_t size)
{
    bool *const rises = calloc(size + 1, sizeof(*rises));
    assert_non_null(rises);
    for (uint32_t start = 0, end; start < size; start = end) {
        end = start + 1;
        while (end < size && text[end] == text[start])
            ++end;
        const bool does = end < size && text[end] > text[start];
        for (uint32_t i = start; i < end; ++i)
            rises[i] = does;
    }
    return rises;
}

uint8_t *anchors_of(const uint8_t *text, uint32_t size)
{
    uint8_t *const anchors = calloc(size + 1, 1);
    bool *const rises = make_rises(text, size);
    assert_non_null(anchors);
    uint32_t start = 0; // of the positions behind the last valley
    for (uint32_t i = 0; i < size; ++i) {
        const bool is_valley = i + 1 < size && !rises[i] && rises[i + 1];
        if (!is_valley && i + 1 < size)
            continue;
        for (uint32_t back = 0; back <= i - start; back += 3)
            anchors[i - back] = 1;
        start = i + 1;
    }
    memset(anchors, 0, size < 2 ? size : 2);
    free(rises);
    return anchors;
}

uint32_t anchors_count(const uint8_t *anchors, uint32_t size, uint32_t from)
{
    uint32_t count = 0;
    for (uint32_t i = from; i < size; ++i)
        count += anchors[i];
    return count;
}

uint32_t anchors_gap(const uint8_t *anchors, uint32_t pos)
{
    uint32_t gap = 0;
    while (anchors[pos + gap] == 0)
        ++gap;
    return gap;
}
