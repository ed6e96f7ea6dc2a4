// SPDX-License-Identifier: 0BSD
// Tables of little texts, and the pairs of a position in portable C.

#ifndef XZ_MATCH_LITTLE_PAIRS_H
#define XZ_MATCH_LITTLE_PAIRS_H

#include "match/finder_table.h"
#include "match/little.h"

/* Tables, by how many bytes they look at. */
#define LITTLE_TABLES 10
static const uint8_t little_bytes[LITTLE_TABLES] = {2, 3, 4, 5, 6, 7, 9, 12, 16, 32};

/* Words that a position's table words are kept in, and positions that are kept. */
#define LITTLE_LANES 16
#define LITTLE_RING  64

/* Bytes of text that vectors may load; and from a longest text on, portable code takes
   as many in one step. */
#define LITTLE_AVAIL   64
#define LITTLE_COMPARE 16

/* What f->heads holds: tables, then the ring. */
static inline uint16_t *little_tables(const struct xz_finder *f)
{
    return (uint16_t *)(void *)f->heads;
}

/* Lists the pairs of a position whose text goes on for avail bytes. A word that leads
   nowhere is 0, and the text there agrees for as many bytes as it does: nothing need
   be known of it. Returns how many. */
static inline uint32_t little_pairs(const uint8_t *text, uint32_t pos,
                                    const uint16_t *origins, uint32_t avail,
                                    struct xz_pair *pairs, uint32_t *ret_longest)
{
    const uint32_t limit = avail < XZ_MATCH_LEN_MAX ? avail : XZ_MATCH_LEN_MAX;
    uint32_t count = 0;
    uint32_t best = 1;
    for (uint32_t i = 0; i < LITTLE_TABLES; ++i) {
        const uint32_t dist = pos - origins[i];
        uint32_t len = xz_match_len16(text, text - dist);
        if (XZ_UNLIKELY(len == LITTLE_COMPARE))
            len = xz_match_len(text, text - dist, LITTLE_COMPARE, limit);
        len = len < limit ? len : limit;
        const bool is_kept = (len >= little_bytes[i]) & (len > best);
        pairs[count] = (struct xz_pair){len, dist};
        best = is_kept ? len : best;
        count += is_kept;
    }
    *ret_longest = count > 0 ? best : 0;
    return count;
}

#endif
