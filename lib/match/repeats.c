// SPDX-License-Identifier: 0BSD
// Text that repeats itself so much that tables alone know what counts of it.
//
// Where a match of 16 bytes is taken at once (nice_len), most of such text is within
// matches that are taken without a choice, and the latest position with the same 16
// bytes is as good as any. Sorting it would be the greater part of the work, for
// suffixes nobody asks for. Tables of 2, 3, 4, 6, 9 and 16 bytes know that position,
// and what lies between their numbers of bytes is carried back (pair_block.h).
//
// Source code, logs and tables of text are like that. Prose and programs are not: they
// want the longest of many matches of 5 to 15 bytes, and lose 1 to 5 % without it.
//
// How much a text repeats itself is told by samples of it. Of each piece, positions are
// picked by what stands there, so that copies are picked alike; their 16 bytes leave a
// mark in a table, and those that find it there were in the piece before.

#include "match/repeats.h"
#include "match/finder_table.h"
#include "match/pair_block.h"

#define PIECES     8
#define PIECE_SIZE (UINT32_C(64) << 10)
#define BYTES      16

/* One position in 8 is picked. The first quarter of a piece only leaves marks. */
#define PICK_BITS 3
#define MARK_BITS 13
#define UNASKED   (PIECE_SIZE / 4)

/* Percent of those picked that must be known. */
#define KNOWN_MIN 55

struct tally {
    uint32_t asked;
    uint32_t known;
};

static void ask(const uint8_t *text, struct tally *tally)
{
    uint16_t marks[1 << MARK_BITS] = {0};
    for (uint32_t pos = 0; pos < PIECE_SIZE - BYTES; ++pos) {
        if (xz_hash(xz_read32le(text + pos), PICK_BITS) != 0)
            continue;
        uint64_t hash = xz_read64le(text + pos) * UINT64_C(0x9E3779B97F4A7C15)
                        + xz_read64le(text + pos + 8) * UINT64_C(0xC2B2AE3D27D4EB4F);
        hash = (hash ^ hash >> 29) * UINT64_C(0x9E3779B97F4A7C15);
        uint16_t *const place = &marks[hash >> (64 - MARK_BITS)];
        const uint16_t mark = (uint16_t)(hash >> 32 | 1);
        if (pos >= UNASKED) {
            ++tally->asked;
            tally->known += *place == mark;
        }
        *place = mark;
    }
}

bool xz_repeats_itself(const uint8_t *text, uint32_t size)
{
    struct tally tally = {0, 0};
    if (size < XZ_REPEATS_SIZE_MIN)
        return false;
    for (uint32_t i = 0; i < PIECES; ++i)
        ask(text + (size - PIECE_SIZE) / (PIECES - 1) * i, &tally);
    return tally.known * 100 > tally.asked * KNOWN_MIN;
}

/* Lists the pairs of a position whose text goes on for at least XZ_MATCH_LEN_MAX bytes.
   The longest ends at cap unless it goes on. */
static uint32_t list_pairs(const struct xz_near_job *job, uint32_t place,
                           struct xz_pair *pairs)
{
    const uint32_t cap = job->sorted->cap;
    const uint8_t *const cur = job->text + place;
    const uint32_t *const dists = job->latest[place].dists;
    uint32_t count = 0;
    uint32_t best = 1;
    for (uint32_t table = 0; table < XZ_HEADS; ++table) {
        uint32_t len = xz_match_len16(cur, cur - dists[table]);
        len = len < cap ? len : cap;
        const bool is_kept =
            (dists[table] != 0) & (len >= job->table_bytes[table]) & (len > best);
        pairs[count] = (struct xz_pair){len, dists[table]};
        best = is_kept ? len : best;
        count += is_kept;
    }
    return count;
}

struct xz_pair *xz_repeats_find(const struct xz_near_job *job, uint32_t before,
                                struct xz_match_batch *batch, struct xz_pair *out)
{
    if (job->avail < job->count + XZ_MATCH_LEN_MAX)
        return xz_near_portable.find(job, batch, out);
    const uint32_t cap = job->sorted->cap;
    XZ_CHECKED(job->count <= XZ_PAIR_BLOCK && cap <= XZ_REPEATS_NICE);
    struct xz_pair_block b;
    uint32_t count = 0;
    while (count < job->count) {
        struct xz_pair *const pairs = b.pairs[count];
        const uint32_t pair_count = list_pairs(job, count, pairs);
        uint32_t len = 0;
        if (pair_count > 0) {
            struct xz_pair *const last = &pairs[pair_count - 1];
            xz_pair_extend(last, job->text + count, cap, job->avail - count);
            len = last->len;
        }
        b.counts[count] = pair_count;
        b.lens[count] = len;
        ++count;
        if (len >= job->nice_len)
            break;
    }
    xz_pair_carry(job->text - before, before, count, &b);
    return xz_pair_put(batch, &b, count, out);
}
