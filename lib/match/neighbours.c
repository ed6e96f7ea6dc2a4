// SPDX-License-Identifier: 0BSD
// Neighbours in suffix order, in portable C.
//
// What near_find.h does, with as few branches as can be: which candidates are pairs,
// and how long they are, is hard to predict.

#include "match/near_block.h"
#include <string.h>

/* Ranks ahead whose text is fetched. */
#define RANKS_AHEAD 24

static void index_all(const uint8_t *text, const struct xz_sorted *s)
{
    const struct xz_order *const all = &s->all;
    const uint32_t size = s->size;
    uint32_t a = size;
    for (uint32_t rank = 0; rank < all->count; ++rank) {
        XZ_PREFETCH(text + all->anchors[rank + RANKS_AHEAD]);
        const uint32_t b = all->anchors[rank];
        uint32_t limit = size - (a > b ? a : b);
        if (limit > s->cap)
            limit = s->cap;
        all->before[rank] = xz_before(text + b);
        all->common[rank] = (uint8_t)xz_match_len(text + a, text + b, 0, limit);
        a = b;
    }
}

/* Ranks that are looked at together. */
#define QUEUE 1024

/* Ranks where near is all. Which of them count is hard to predict, so there are no
   branches; and what waits for far memory, the last loop, does nothing else. */
static void rank_all(const struct xz_sorted *s)
{
    uint32_t places[QUEUE];
    uint32_t ranks[QUEUE];
    for (uint32_t rank = 0; rank < s->all.count;) {
        const uint32_t left = s->all.count - rank;
        const uint32_t next = rank + (left < QUEUE ? left : QUEUE);
        uint32_t count = 0;
        for (; rank < next; ++rank) {
            places[count] = s->all.anchors[rank] - s->from;
            ranks[count] = rank << XZ_GAP_BITS;
            count += places[count] < s->window;
        }
        for (uint32_t i = 0; i < count; ++i)
            s->ranks[places[i]] = ranks[i];
    }
}

/* Ranks in the same way, and the order that they belong to. */
void xz_near_rank(struct xz_sorted *s, uint32_t first, uint32_t end)
{
    if (s->reach == 0) {
        rank_all(s);
        return;
    }
    uint32_t places[QUEUE];
    uint32_t ranks[QUEUE];
    const struct xz_order *const all = &s->all;
    struct xz_order *const near = &s->near;
    uint32_t kept = 0;
    uint32_t least = UINT8_MAX;
    for (uint32_t rank = 0; rank < all->count;) {
        const uint32_t left = all->count - rank;
        const uint32_t next = rank + (left < QUEUE ? left : QUEUE);
        uint32_t count = 0;
        for (; rank < next; ++rank) {
            const uint32_t pos = all->anchors[rank];
            const bool is_kept = pos - first < end - first;
            least = all->common[rank] < least ? all->common[rank] : least;
            near->anchors[kept] = pos;
            near->before[kept] = all->before[rank];
            near->common[kept] = (uint8_t)least;
            least |= 0 - (uint32_t)is_kept;
            places[count] = pos - s->from;
            ranks[count] = kept << XZ_GAP_BITS;
            kept += is_kept;
            count += is_kept & (pos - s->from < s->window);
        }
        for (uint32_t i = 0; i < count; ++i)
            s->ranks[places[i]] = ranks[i];
    }
    near->count = kept;
}

#define NEAR_TARGET
#define COMPARE_SIZE 16

/* yes ? a : b, where compilers would branch. */
XZ_ALWAYS_INLINE uint32_t choose(bool yes, uint32_t a, uint32_t b)
{
    return b ^ ((a ^ b) & (0 - (uint32_t)yes));
}

/* One table's candidate: adds a pair if it is longer than *best. */
XZ_ALWAYS_INLINE struct xz_pair *try_table(const uint8_t *cur, uint32_t dist,
                                           uint32_t bytes, uint32_t cap, uint32_t *best,
                                           struct xz_pair *out)
{
    uint32_t len = xz_match_len16(cur, cur - dist);
    if (XZ_UNLIKELY(len == COMPARE_SIZE) && cap > COMPARE_SIZE)
        len = xz_match_len(cur, cur - dist, COMPARE_SIZE, cap);
    len = len < cap ? len : cap;
    const bool is_kept = (dist != 0) & (len >= bytes) & (len > *best);
    *out = (struct xz_pair){len, dist};
    *best = choose(is_kept, len, *best);
    return out + is_kept;
}

XZ_ALWAYS_INLINE uint32_t near_tables_at(const uint8_t *cur, const uint32_t *dists,
                                         uint32_t cap, struct near_block *b,
                                         uint32_t place, bool is_short)
{
    (void)is_short;
    struct xz_pair *const pairs = b->pairs[place];
    uint8_t *const floors = b->floors[place];
    struct xz_pair *out = pairs;
    uint32_t best = 1;
    out = try_table(cur, dists[XZ_HEAD2], 2, cap, &best, out);
    out = try_table(cur, dists[XZ_HEAD3], 3, cap, &best, out);
    out = try_table(cur, dists[XZ_HEAD4], 4, cap, &best, out);
    out = try_table(cur, dists[XZ_HEAD5], 5, cap, &best, out);
    b->shorts[place] = (uint32_t)(out - pairs);
    floors[5] = (uint8_t)best;
    out = try_table(cur, dists[XZ_HEAD6], 6, cap, &best, out);
    floors[6] = (uint8_t)best;
    floors[7] = (uint8_t)best;
    out = try_table(cur, dists[XZ_HEAD8], 8, cap, &best, out);
    floors[8] = (uint8_t)best;
    b->counts[place] = (uint32_t)(out - pairs);
    return best;
}

/* The least length that counts. */
XZ_ALWAYS_INLINE uint32_t least_of(const uint8_t *floors)
{
    uint32_t least = floors[8] + 1U;
    least = choose(floors[7] < 7, 7, least);
    least = choose(floors[6] < 6, 6, least);
    return choose(floors[5] < 5, 5, least);
}

/* The nearest rank of either side has most in common; what is before is not looked
   at. */
XZ_ALWAYS_INLINE void near_look_at(const struct xz_sorted *s, uint32_t word,
                                   struct near_block *b, uint32_t place)
{
    const uint8_t *const common = s->near.common + xz_rank_of(word);
    const uint32_t gap = xz_gap_of(word);
    const uint32_t least = least_of(b->floors[place]);
    b->alive[place] = (common[0] + gap >= least) | (common[1] + gap >= least);
}

/* A pair as a number that rises with its distance; the greatest ends a list. */
#define KEY_NONE ((uint64_t)UINT32_MAX << 32)

XZ_ALWAYS_INLINE uint64_t key_of(uint32_t len, uint32_t dist)
{
    return (uint64_t)dist << 32 | len;
}

/* Those of one side that count and are nearer than all nearer ranks, written backwards
   from end. Returns the first one. */
XZ_ALWAYS_INLINE uint64_t *walk(const struct xz_near_job *job, uint32_t i, bool up,
                                const uint8_t *floors, uint64_t *end)
{
    const struct xz_sorted *const s = job->sorted;
    const uint32_t word = s->ranks[job->pos + i - s->from];
    const uint32_t rank = xz_rank_of(word);
    const uint32_t gap = xz_gap_of(word);
    const uint32_t mask = xz_gap_mask(gap);
    const uint32_t anchor = job->pos + i + gap;
    const uint32_t *const order = s->near.anchors + rank;
    const uint8_t *const common = s->near.common + rank;
    const uint16_t *const before = s->near.before + rank;
    const uint32_t least = least_of(floors);
    uint32_t least_common = s->cap;
    uint32_t nearest = job->dict_size + 1;
    for (int32_t k = 1; k <= XZ_NEAR_RANKS; ++k) {
        const int32_t other = up ? -k : k;
        const uint32_t next = up ? common[1 - k] : common[k];
        least_common = next < least_common ? next : least_common;
        const uint32_t sum = least_common + gap;
        const uint32_t len = sum < s->cap ? sum : s->cap;
        if (len < least)
            break;
        const uint32_t dist = anchor - order[other]; // later ones: huge
        const bool is_kept = (len > floors[len < 8 ? len : 8]) & (dist < nearest)
                             & (((before[0] ^ before[other]) & mask) == 0);
        end[-1] = key_of(len, dist);
        end -= is_kept;
        nearest = choose(is_kept, dist, nearest);
    }
    return end;
}

/* Merges what rises in distance: both sides and the pairs from `shorts` on. */
static void join(const struct xz_near_job *job, uint32_t i, struct near_block *b,
                 uint32_t place)
{
    uint64_t above[XZ_NEAR_RANKS + 1];
    uint64_t below[XZ_NEAR_RANKS + 1];
    uint64_t known[XZ_HEADS + 1];
    struct xz_pair *out = b->pairs[place] + b->shorts[place];
    const uint32_t known_count = b->counts[place] - b->shorts[place];
    for (uint32_t k = 0; k < known_count; ++k)
        known[k] = key_of(out[k].len, out[k].dist);
    known[known_count] = KEY_NONE;
    above[XZ_NEAR_RANKS] = KEY_NONE;
    below[XZ_NEAR_RANKS] = KEY_NONE;
    const uint64_t *up = walk(job, i, true, b->floors[place], above + XZ_NEAR_RANKS);
    const uint64_t *down = walk(job, i, false, b->floors[place], below + XZ_NEAR_RANKS);
    const uint64_t *other = known;
    uint32_t best = 0;
    for (;;) {
        uint64_t key = *up < *down ? *up : *down;
        key = *other < key ? *other : key;
        if (key == KEY_NONE)
            break;
        up += *up == key;
        down += *down == key;
        other += *other == key;
        const uint32_t len = (uint32_t)key;
        *out = (struct xz_pair){len, (uint32_t)(key >> 32)};
        out += len > best;
        best = choose(len > best, len, best);
    }
    b->counts[place] = (uint32_t)(out - b->pairs[place]);
}

XZ_ALWAYS_INLINE void near_join(const struct xz_near_job *job, uint32_t first,
                                struct near_block *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i)
        join(job, first + b->places[i], b, b->places[i]);
}

#include "match/near_find.h"

/* Candidates of the tables, nearest first. Returns how many. */
static uint32_t try_heads(const struct xz_near_job *job, uint32_t i, uint32_t limit,
                          struct xz_pair *out)
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
        if (len <= best || len < job->table_bytes[table])
            continue;
        while (out > none && out[-1].dist >= dist)
            --out;
        best = len;
        *out++ = (struct xz_pair){len, dist};
    }
    return (uint32_t)(out - none);
}

/* Near the end of the text, or where nothing was sorted: the tables may not know all
   earlier positions. */
static struct xz_pair *find_carefully(const struct xz_near_job *job,
                                      struct xz_match_batch *batch, struct xz_pair *out)
{
    const uint32_t cap = job->sorted->cap;
    struct near_block b;
    memset(b.floors[0], XZ_NEAR_LEN_MIN - 1, sizeof(b.floors[0]));
    b.shorts[0] = 0;
    for (uint32_t i = 0; i < job->count; ++i) {
        const uint32_t avail = job->avail - i;
        b.counts[0] = try_heads(job, i, avail < cap ? avail : cap, b.pairs[0]);
        if (job->sorted->size > 0)
            join(job, i, &b, 0);
        batch->first[batch->count++] = (uint32_t)(out - batch->pairs);
        if (b.counts[0] == 0)
            continue;
        memcpy(out, b.pairs[0], b.counts[0] * sizeof(*out));
        out += b.counts[0];
        xz_pair_extend(&out[-1], job->text + i, cap, avail);
        if (out[-1].len >= job->nice_len)
            break;
    }
    return out;
}

static struct xz_pair *find(const struct xz_near_job *job, struct xz_match_batch *batch,
                            struct xz_pair *out)
{
    if (job->avail < job->count + NEAR_AVAIL_MIN || job->sorted->size == 0)
        return find_carefully(job, batch, out);
    return near_find(job, batch, out);
}

const struct xz_near_kernels xz_near_portable = {index_all, xz_near_rank, find};
