// SPDX-License-Identifier: 0BSD
// Finding earlier copies of a text: what the algorithms share, and how they are called.
//
// A finder is asked for positions in rising order. For each it gives pairs (length,
// distance): an earlier text at that distance agrees for that many bytes. Pairs rise
// in length, and each has the least distance that the finder knows for its length, so
// they rise in distance too.
//
//     find   one position: for parsers that choose as they go and skip
//     batch  many positions at once: for parsers that weigh all of them
//
// Positions that are passed over become findable all the same.
//
// Three algorithms serve: trees, chains, and rows (bin_tree.c, hash_chain.c,
// hash_row.c). A match finder of the public interface says tree or not; how deep one
// wants to look decides between rows and chains.
//
// Memory. Every position has a number, rising from one call to the next; 0 is never
// used and means "none".
//
//     heads  | 2-byte heads | 3-byte heads | main heads |
//     links  1 word (chain) or 2 words (tree) for each position, in a ring
//
// A head is the number of the latest position whose first bytes hash to its index. The
// main heads are indexed by 2, 3 or 4 bytes; the shorter heads only exist below that.
// Rows stand for main heads and links together (row_table.h). The ring has one place
// more than the greatest distance, so that all positions in reach have their own.
//
// Both start small and grow with the text, in steps that depend on nothing but how many
// positions there are: what is found never depends on how the text came. When heads
// grow, each is copied to all indices that its own splits into. Most copies are wrong
// for their index. That does no harm: candidates are compared anyway.

#ifndef XZ_MATCH_FINDER_H
#define XZ_MATCH_FINDER_H

#include "match/row_table.h"
#include "match/window.h"

#define XZ_MATCH_LEN_MAX 273 // longest length that is looked for

struct xz_pair {
    uint32_t len;
    uint32_t dist; // 1: the byte before
};

struct xz_finder_setup {
    lzma_match_finder mf;
    uint32_t dict_size; // greatest distance
    uint32_t nice_len;  // the first match of this length ends the search
    uint32_t depth;     // most candidates to look at; 0: chosen by nice_len
    bool is_near;       // rows: the caller searches them itself; see below
    uint32_t start;     // first number, > dict_size; 0: the least one. For tests.
};

/* The fast parser searches rows itself, with what finder_table.h has. Then the only
   heads are those of the latest positions for three bytes, and xz_finder_find() and
   xz_finder_batch() must not be called. Without rows is_near says nothing. */

/* What follows from a setup. */
struct xz_finder_shape {
    uint32_t hash_bytes; // that the main heads are indexed by
    uint32_t links;      // words for each position: 2 tree, 1 chain, 0 rows
    uint32_t row_bits;   // log2 of a row's width; 0 for trees and chains
    bool is_near;        // short texts are looked for nearby only
    uint32_t ring_size;  // dict_size + 1
    uint32_t nice_len;
    uint32_t depth;
};

struct xz_finder {
    uint32_t *heads;          // owned
    uint32_t *links;          // owned
    struct xz_row_table rows; // instead of main heads and links, where row_bits > 0
    size_t heads_allocated;
    size_t links_allocated; // in words, like the one above

    struct xz_finder_shape shape;
    uint32_t nice_len;  // that of the shape
    uint32_t dict_size; // greatest distance
    uint32_t positions; // that there is room for, at the present step of growth
    uint32_t main_bits; // of an index into the main heads or rows, at that step

    uint32_t ring_base;  // number that has place 0 of the ring in the present round
    bool ring_is_full;   // a second round has begun
    uint32_t offset;     // number of a position minus its window index (wraps)
    uint32_t insert_pos; // window index of the first position that is not findable yet
};

/* Matches of consecutive positions. Those of position start + i are
   pairs[first[i]] to pairs[first[i + 1] - 1]. */
#define XZ_BATCH_POSITIONS 2048
#define XZ_BATCH_PAIRS     (1U << 14)

struct xz_match_batch {
    uint32_t start; // window index
    uint32_t count; // positions
    uint32_t first[XZ_BATCH_POSITIONS + 1];
    struct xz_pair pairs[XZ_BATCH_PAIRS];
};

/* True if there is such a match finder. */
bool xz_finder_is_known(lzma_match_finder mf);

/* Most candidates that a finder with this setup looks at: its depth, or what stands
   for 0. */
uint32_t xz_finder_depth(const struct xz_finder_setup *setup);

/* Upper bound of the bytes that a finder allocates. */
uint64_t xz_finder_memusage(const struct xz_finder_setup *setup);

/* Empties the finder and readies it for a text that starts at window index 0. A new
   struct must be all zero. setup->mf must be known; nice_len is raised to what the
   hashes cover. */
lzma_ret xz_finder_open(struct xz_finder *f, const lzma_allocator *allocator,
                        const struct xz_finder_setup *setup);
void xz_finder_end(struct xz_finder *f, const lzma_allocator *allocator);

/* To be called before positions below window index end are used: makes room for them.
   LZMA_MEM_ERROR: there is none, and nothing changed. */
lzma_ret xz_finder_reserve(struct xz_finder *f, const lzma_allocator *allocator,
                           uint32_t end);

/* The window moved: all indices went down by this much. */
void xz_finder_moved(struct xz_finder *f, uint32_t moved);

/* Writes the pairs of position pos to pairs, which has room for XZ_MATCH_LEN_MAX, and
   returns how many there are. pos must not be below that of the call before. Lengths
   go up to the window's end. */
uint32_t xz_finder_find(struct xz_finder *f, const struct xz_window *w, uint32_t pos,
                        struct xz_pair *pairs);

/* Fills batch with one position after another from start on, ending before limit or
   when it is full. start < limit <= w->end. */
void xz_finder_batch(struct xz_finder *f, const struct xz_window *w, uint32_t start,
                     uint32_t limit, struct xz_match_batch *batch);

#endif
