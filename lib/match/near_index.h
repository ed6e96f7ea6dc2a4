// SPDX-License-Identifier: 0BSD
// Common lengths of neighbours, and what is before them, in one pass over the ranks,
// for kernels that compare texts in vectors.
//
// Each text is loaded once: it is compared with the one before in the order, then with
// the one behind. Before it includes this file, a kernel defines:
//
//     NEAR_TARGET     attribute of its functions
//     NEAR_VECTOR     type of a vector
//     NEAR_COMPARE    bytes of one
//     near_text       loads the first bytes of a text; is_short: XZ_NEAR_SHORT count
//     near_agree      bytes that two vectors agree for; NEAR_COMPARE or more: all

#ifndef XZ_MATCH_NEAR_INDEX_H
#define XZ_MATCH_NEAR_INDEX_H

#include "match/sorted.h"

/* Ranks ahead whose text is fetched. */
#define NEAR_RANKS_AHEAD 32

/* Bytes that may be loaded from a text of which at most 255 count. */
#define NEAR_TEXT_LOADED (255 + NEAR_COMPARE)

/* Bytes that the texts of two ranks agree for; near the end of the text. */
static uint32_t compare_slowly(const uint8_t *text, const struct xz_sorted *s,
                               uint32_t a, uint32_t b)
{
    uint32_t limit = s->size - (a > b ? a : b);
    if (limit > s->cap)
        limit = s->cap;
    uint32_t len = 0;
    while (len < limit && text[a + len] == text[b + len])
        ++len;
    return len;
}

/* Bytes that two texts agree for, at most cap. The first ones are in vectors. */
NEAR_TARGET XZ_ALWAYS_INLINE uint32_t compare(const uint8_t *a, const uint8_t *b,
                                              NEAR_VECTOR va, NEAR_VECTOR vb,
                                              uint32_t cap)
{
    uint32_t agreed = near_agree(va, vb);
    uint32_t len = 0;
    while (XZ_UNLIKELY(agreed >= NEAR_COMPARE) && len + NEAR_COMPARE < cap) {
        len += NEAR_COMPARE;
        agreed = near_agree(near_text(a + len, false), near_text(b + len, false));
    }
    len += agreed;
    return len < cap ? len : cap;
}

NEAR_TARGET XZ_ALWAYS_INLINE void index_all(const uint8_t *text,
                                            const struct xz_sorted *s, bool is_short)
{
    const struct xz_order *const all = &s->all;
    const uint32_t size = s->size;
    const uint32_t count = all->count;
    const uint32_t cap = s->cap;
    const uint32_t last = size > NEAR_TEXT_LOADED ? size - NEAR_TEXT_LOADED : 0;
    uint32_t a = size;
    NEAR_VECTOR va = near_text(text, is_short);
    for (uint32_t rank = 0; rank < count; ++rank) {
        const uint32_t ahead = all->anchors[rank + NEAR_RANKS_AHEAD];
        XZ_PREFETCH(text + ahead);
        if (!is_short)
            XZ_PREFETCH(text + ahead + NEAR_COMPARE - 1);
        const uint32_t b = all->anchors[rank];
        all->before[rank] = xz_before(text + b);
        if (XZ_UNLIKELY(a >= last || b >= last)) {
            all->common[rank] = (uint8_t)compare_slowly(text, s, a, b);
            va = b < last ? near_text(text + b, is_short) : va;
        } else {
            const NEAR_VECTOR vb = near_text(text + b, is_short);
            all->common[rank] = (uint8_t)compare(text + a, text + b, va, vb, cap);
            va = vb;
        }
        a = b;
    }
}

/* xz_near_kernels.index(). */
NEAR_TARGET static void near_index(const uint8_t *text, const struct xz_sorted *s)
{
    if (s->cap <= XZ_NEAR_SHORT)
        index_all(text, s, true);
    else
        index_all(text, s, false);
}

#endif
