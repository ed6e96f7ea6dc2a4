// SPDX-License-Identifier: 0BSD
// Neighbours in suffix order, in portable C.

#include "match/finder_table.h"
#include "match/near_merge.h"
#include "match/sorted.h"

/* Ranks ahead whose text is fetched, and positions ahead whose neighbours are. */
#define RANKS_AHEAD     24
#define POSITIONS_AHEAD 12

static void index_all(const uint8_t *text, const struct xz_sorted *s)
{
    const uint32_t size = s->size;
    const uint32_t searched = size - s->from;
    uint32_t a = size;
    for (uint32_t rank = 0; rank < size; ++rank) {
        XZ_PREFETCH(text + s->order[rank + RANKS_AHEAD]);
        const uint32_t b = s->order[rank];
        const uint32_t place = b - s->from < searched ? b - s->from : searched;
        uint32_t limit = size - (a > b ? a : b);
        if (limit > s->cap)
            limit = s->cap;
        s->ranks[place] = rank;
        s->common[rank] = (uint8_t)xz_match_len(text + a, text + b, 0, limit);
        a = b;
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

/* Candidates of the tables, nearest first. */
static struct xz_pair *try_heads(const struct xz_near_job *job, uint32_t i,
                                 uint32_t limit, struct xz_pair *out)
{
    const uint8_t *const cur = job->text + i;
    struct xz_pair *const none = out;
    uint32_t best = 1;
    if (job->span > 0)
        out = xz_near_pairs(cur, job->span, limit, &best, out);
    for (uint32_t table = 0; table < XZ_HEADS; ++table) {
        const uint32_t dist = job->latest[i].dists[table];
        if (dist == 0)
            continue;
        const uint32_t len = xz_match_len(cur, cur - dist, 0, limit);
        if (len <= best || len < xz_head_bytes[table])
            continue;
        while (out > none && out[-1].dist >= dist)
            --out;
        best = len;
        *out++ = (struct xz_pair){len, dist};
    }
    *out = XZ_PAIR_END;
    return out;
}

/* Matches among the neighbours. */
static void look_both_ways(const struct xz_near_job *job, uint32_t i,
                           struct xz_pair *near)
{
    struct xz_pair up[XZ_NEAR_RANKS + 1];
    struct xz_pair down[XZ_NEAR_RANKS + 1];
    const struct xz_sorted *const s = job->sorted;
    const uint32_t rank = s->ranks[job->pos - s->from + i + POSITIONS_AHEAD];
    XZ_PREFETCH(&s->order[rank]);
    XZ_PREFETCH(&s->common[rank]);
    up[XZ_NEAR_RANKS] = XZ_PAIR_END;
    down[XZ_NEAR_RANKS] = XZ_PAIR_END;
    const struct xz_pair *const a =
        look(s, job->dict_size, job->pos + i, true, up + XZ_NEAR_RANKS);
    const struct xz_pair *const b =
        look(s, job->dict_size, job->pos + i, false, down + XZ_NEAR_RANKS);
    *xz_near_merge(a, b, near) = XZ_PAIR_END;
}

static struct xz_pair *find(const struct xz_near_job *job, struct xz_match_batch *batch,
                            struct xz_pair *out)
{
    const uint32_t cap = job->sorted->cap;
    for (uint32_t i = 0; i < job->count; ++i) {
        struct xz_pair latest[XZ_NEAR_PAIRS];
        struct xz_pair near[2 * XZ_NEAR_RANKS + 1] = {XZ_PAIR_END};
        struct xz_pair *const pairs = out;
        const uint32_t avail = job->avail - i;
        try_heads(job, i, avail < cap ? avail : cap, latest);
        if (job->sorted->size > 0)
            look_both_ways(job, i, near);
        batch->first[batch->count++] = (uint32_t)(out - batch->pairs);
        out = xz_near_merge(latest, near, out);
        if (out > pairs) {
            xz_pair_extend(&out[-1], job->text + i, cap, avail);
            if (out[-1].len >= job->nice_len)
                break;
        }
    }
    return out;
}

const struct xz_near_kernels xz_near_portable = {index_all, find};
