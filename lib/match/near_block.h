// SPDX-License-Identifier: 0BSD
// What a search in near_find.h knows of a block of positions between its steps.

#ifndef XZ_MATCH_NEAR_BLOCK_H
#define XZ_MATCH_NEAR_BLOCK_H

#include "match/finder_table.h"
#include "match/sorted.h"

/* Positions ahead whose common lengths are fetched. */
#define NEAR_AHEAD 28

/* Positions of a step. */
#define NEAR_BLOCK 16

/* Bytes of text behind the last position: vectors may load what is compared, and all
   earlier positions are in the tables. */
#define NEAR_AVAIL_MIN (XZ_MATCH_LEN_MAX + 64)

/* Lanes: 16 ranks up, 16 down, each with the nearest in its last lane. */
#define NEAR_LANES (2 * XZ_NEAR_RANKS)

/* Pairs that are copied without asking how many there are: a line of the cache. */
#define NEAR_USUAL 8

/* Room for the pairs of a position: whole lines. */
#define NEAR_ROOM ((XZ_NEAR_PAIRS + NEAR_USUAL - 1) / NEAR_USUAL * NEAR_USUAL)

/* What is known of consecutive positions between the steps. */
struct near_block {
    uint32_t count; // positions
    uint32_t found; // those of them that have neighbours that count
    bool is_long;   // the last one agrees as far as lengths are counted
    _Alignas(64) struct xz_pair pairs[NEAR_BLOCK][NEAR_ROOM]; // so far
    uint32_t counts[NEAR_BLOCK];                              // of pairs
    uint32_t shorts[NEAR_BLOCK]; // those of tables of up to 5 bytes
    uint32_t alive[NEAR_BLOCK];  // a bit for each lane that counts
    uint32_t places[NEAR_BLOCK]; // positions of the block where that is not 0
    _Alignas(16) uint8_t floors[NEAR_BLOCK][16];
    _Alignas(32) uint8_t lens[NEAR_BLOCK][NEAR_LANES]; // of lanes that count
};

#endif
