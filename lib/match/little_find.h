// SPDX-License-Identifier: 0BSD
// Search of a little text (little.c has the idea), over what a kernel has for its CPU.
//
// Positions are searched in blocks, in four steps of few branches:
//
//     take     reads and replaces the tables' words         -> origins
//     search   compares what they lead to, lists pairs      -> pairs, lens, dists
//     carry    from the last position to the first          -> the same
//     put      into the batch
//
// Before it includes this file, a kernel defines:
//
//     LITTLE_TARGET     attribute of its functions
//     little_pairs_at   lists the pairs of a position whose text goes on for
//                       LITTLE_AVAIL bytes; returns how many

#ifndef XZ_MATCH_LITTLE_FIND_H
#define XZ_MATCH_LITTLE_FIND_H

#include "match/finder_table.h"
#include "match/little_pairs.h"
#include "match/pair_block.h"

/* Positions that are taken at a time. */
#define AT_ONCE 16

struct words {
    uint32_t at[LITTLE_TABLES];
};

/* Indexes of a position's words; 32 bytes from p on are read. What is behind the end
   of the text chooses words that are of no use to anybody: no later position has as
   many bytes. */
LITTLE_TARGET XZ_ALWAYS_INLINE struct words words_of(const uint8_t *p, uint32_t bits)
{
    const uint64_t a = UINT64_C(0x9E3779B97F4A7C15);
    const uint64_t b = UINT64_C(0xC2B2AE3D27D4EB4F);
    const uint64_t c = UINT64_C(0x165667B19E3779F9);
    const uint64_t d = UINT64_C(0x85EBCA77C2B2AE63);
    const uint32_t down = 64 - bits;
    const uint64_t text = xz_read64le(p);
    const uint64_t hash8 = text * a;
    const uint64_t hash16 = hash8 + xz_read64le(p + 8) * b;
    const uint64_t hash32 = hash16 + xz_read64le(p + 16) * c + xz_read64le(p + 24) * d;
    return (struct words){{
        (uint32_t)(((text << 48) * a) >> down),
        (uint32_t)(((text << 40) * a) >> down) | 1U << bits,
        (uint32_t)(((text << 32) * a) >> down) | 2U << bits,
        (uint32_t)(((text << 24) * a) >> down) | 3U << bits,
        (uint32_t)(((text << 16) * a) >> down) | 4U << bits,
        (uint32_t)(((text << 8) * a) >> down) | 5U << bits,
        (uint32_t)((hash8 + xz_read64le(p + 1) * b) >> down) | 6U << bits,
        (uint32_t)((hash8 + xz_read64le(p + 4) * b) >> down) | 7U << bits,
        (uint32_t)(hash16 >> down) + (8U << bits),
        (uint32_t)(hash32 >> down) + (9U << bits),
    }};
}

/* Replaces a word. Returns what it was. */
LITTLE_TARGET XZ_ALWAYS_INLINE uint16_t exchange(uint16_t *word, uint32_t pos)
{
    const uint16_t before = *word;
    *word = (uint16_t)pos;
    return before;
}

/* Makes positions from f->insert_pos up to end findable; what was in their words is to
   be searched. */
LITTLE_TARGET XZ_ALWAYS_INLINE void take(struct xz_finder *f, const uint8_t *buf,
                                         uint32_t end)
{
    const uint32_t bits = f->main_bits;
    uint16_t *const tables = little_tables(f);
    uint16_t *const all_origins = tables + ((size_t)LITTLE_TABLES << bits);
    for (uint32_t pos = f->insert_pos; pos < end; ++pos) {
        const struct words words = words_of(buf + pos, bits);
        uint16_t *const origins =
            all_origins + (size_t)(pos % LITTLE_RING) * LITTLE_LANES;
        origins[0] = exchange(tables + words.at[0], pos);
        origins[1] = exchange(tables + words.at[1], pos);
        origins[2] = exchange(tables + words.at[2], pos);
        origins[3] = exchange(tables + words.at[3], pos);
        origins[4] = exchange(tables + words.at[4], pos);
        origins[5] = exchange(tables + words.at[5], pos);
        origins[6] = exchange(tables + words.at[6], pos);
        origins[7] = exchange(tables + words.at[7], pos);
        origins[8] = exchange(tables + words.at[8], pos);
        origins[9] = exchange(tables + words.at[9], pos);
    }
    f->insert_pos = end;
}

/* Positions that are passed over: they are in a long match, and a text that begins as
   they do has its longest match at the source as well. */
LITTLE_TARGET XZ_ALWAYS_INLINE void pass_over(struct xz_finder *f, const uint8_t *buf,
                                              uint32_t end)
{
    const uint32_t bits = f->main_bits;
    uint16_t *const tables = little_tables(f);
    for (uint32_t pos = f->insert_pos; pos < end; ++pos) {
        const struct words words = words_of(buf + pos, bits);
        exchange(tables + words.at[0], pos);
        exchange(tables + words.at[1], pos);
        exchange(tables + words.at[2], pos);
        exchange(tables + words.at[3], pos);
        exchange(tables + words.at[4], pos);
        exchange(tables + words.at[5], pos);
        exchange(tables + words.at[6], pos);
        exchange(tables + words.at[7], pos);
        exchange(tables + words.at[8], pos);
        exchange(tables + words.at[9], pos);
    }
    f->insert_pos = end;
}

/* Pairs of positions from pos on, at most XZ_PAIR_BLOCK and below limit, ending behind
   one of nice_len bytes. Returns how many positions. */
LITTLE_TARGET XZ_ALWAYS_INLINE uint32_t search(struct xz_finder *f,
                                               const struct xz_window *w, uint32_t pos,
                                               uint32_t limit, struct xz_pair_block *b)
{
    const uint16_t *const all_origins =
        little_tables(f) + ((size_t)LITTLE_TABLES << f->main_bits);
    const uint32_t count = limit - pos < XZ_PAIR_BLOCK ? limit - pos : XZ_PAIR_BLOCK;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t at = pos + i;
        if (at >= f->insert_pos)
            take(f, w->buf, w->end - at < AT_ONCE ? w->end : at + AT_ONCE);
        const uint16_t *const origins =
            all_origins + (size_t)(at % LITTLE_RING) * LITTLE_LANES;
        const uint32_t avail = w->end - at;
        const uint8_t *const text = w->buf + at;
        b->counts[i] =
            XZ_LIKELY(avail >= LITTLE_AVAIL)
                ? little_pairs_at(text, at, origins, avail, b->pairs[i], &b->lens[i])
                : little_pairs(text, at, origins, avail, b->pairs[i], &b->lens[i]);
        if (b->lens[i] >= f->nice_len)
            return i + 1;
    }
    return count;
}

LITTLE_TARGET static void little_batch(struct xz_finder *f, const struct xz_window *w,
                                       uint32_t start, uint32_t limit,
                                       struct xz_match_batch *batch)
{
    struct xz_pair_block b;
    struct xz_pair *out = batch->pairs;
    const struct xz_pair *const full =
        batch->pairs + XZ_BATCH_PAIRS - XZ_PAIR_BLOCK * XZ_PAIR_ROOM;
    if (limit - start > XZ_BATCH_POSITIONS)
        limit = start + XZ_BATCH_POSITIONS;
    if (start > f->insert_pos)
        pass_over(f, w->buf, start);
    batch->start = start;
    batch->count = 0;
    for (uint32_t pos = start; pos < limit && out <= full;) {
        const uint32_t count = search(f, w, pos, limit, &b);
        const bool is_nice = b.lens[count - 1] >= f->nice_len;
        xz_pair_carry(w->buf, pos, count, &b);
        out = xz_pair_put(batch, &b, count, out);
        pos += count;
        if (is_nice)
            break;
    }
    batch->first[batch->count] = (uint32_t)(out - batch->pairs);
}

#endif
