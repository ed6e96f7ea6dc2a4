// SPDX-License-Identifier: 0BSD
// Neighbours in suffix order, in portable C.

#include "match/match_len.h"
#include "match/near_merge.h"
#include "match/sorted.h"

/* Ranks ahead whose text is fetched, and positions ahead whose neighbours are. */
#define RANKS_AHEAD     24
#define POSITIONS_AHEAD 12

static void compare(const uint8_t *text, const struct xz_sorted *s)
{
    const uint32_t size = s->size;
    s->common[0] = 0;
    for (uint32_t rank = 1; rank < size; ++rank) {
        XZ_PREFETCH(text + s->order[rank + RANKS_AHEAD]);
        const uint32_t a = s->order[rank - 1];
        const uint32_t b = s->order[rank];
        uint32_t limit = size - (a > b ? a : b);
        if (limit > s->cap)
            limit = s->cap;
        s->common[rank] = (uint8_t)xz_match_len(text + a, text + b, 0, limit);
    }
}

/* The matches in one direction (step), from the longest; written backwards from end.
   Returns the first one. */
XZ_ALWAYS_INLINE struct xz_pair *look(const struct xz_sorted *s, uint32_t dict_size,
                                      uint32_t pos, bool up, struct xz_pair *end)
{
    const uint32_t rank = s->ranks[pos - s->from];
    const uint32_t *const order = s->order + rank;
    const uint8_t *const common = s->common + rank;
    uint32_t len = s->cap;
    uint32_t nearest = dict_size + 1;
    for (int32_t i = 1; i <= XZ_NEAR_RANKS; ++i) {
        const uint32_t next = up ? common[1 - i] : common[i];
        len = next < len ? next : len;
        if (len < XZ_NEAR_LEN_MIN)
            break;
        const uint32_t dist = pos - (up ? order[-i] : order[i]); // later ones: huge
        if (dist < nearest) {
            nearest = dist;
            *--end = (struct xz_pair){len, dist};
        }
    }
    return end;
}

static void find(const struct xz_sorted *s, uint32_t dict_size, uint32_t pos,
                 uint32_t count, struct xz_near *near)
{
    struct xz_pair up[XZ_NEAR_RANKS + 1];
    struct xz_pair down[XZ_NEAR_RANKS + 1];
    up[XZ_NEAR_RANKS] = XZ_PAIR_END;
    down[XZ_NEAR_RANKS] = XZ_PAIR_END;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t rank = s->ranks[pos - s->from + i + POSITIONS_AHEAD];
        XZ_PREFETCH(&s->order[rank]);
        XZ_PREFETCH(&s->common[rank]);
        const struct xz_pair *const a =
            look(s, dict_size, pos + i, true, up + XZ_NEAR_RANKS);
        const struct xz_pair *const b =
            look(s, dict_size, pos + i, false, down + XZ_NEAR_RANKS);
        near[i].count = (uint32_t)(xz_near_merge(a, b, near[i].pairs) - near[i].pairs);
    }
}

const struct xz_near_kernels xz_near_portable = {compare, find};
