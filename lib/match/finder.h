// SPDX-License-Identifier: 0BSD
// Finding earlier copies of a text: what the algorithms share, and how they are called.
//
// A finder is asked for positions in rising order. For each it gives pairs (length,
// distance): an earlier text at that distance agrees for that many bytes. Pairs rise
// in length, and each has the least distance that the finder knows for its length, so
// they rise in distance too; except where a table does not know of noise that passed.
//
//     find   one position: for parsers that choose as they go and skip
//     batch  many positions at once: for parsers that weigh all of them
//
// Positions that are passed over become findable all the same.
//
// Three algorithms go on position by position: trees, chains, and rows (bin_tree.c,
// hash_chain.c, hash_row.c). A match finder of the public interface says tree or not;
// how deep one wants to look decides between rows and chains. A fourth one wants whole
// stretches of text at a time (bulk.c), a fifth all of a little text (little.c); these
// have tables of their own, and are asked for batches alone.
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

/* Searching in bulk: how much text is sorted at a time (make_extent() in bulk.c). */
enum xz_bulk {
    XZ_BULK_NONE,
    XZ_BULK_WIDE, // a text in order
    XZ_BULK_PART, // a text in parts
    XZ_BULK_LEAN, // either, where memory is to be saved
};

struct xz_finder_setup {
    lzma_match_finder mf;
    uint32_t dict_size;   // greatest distance
    uint32_t nice_len;    // the first match of this length ends the search
    uint32_t depth;       // most candidates to look at; 0: chosen by nice_len
    bool is_near;         // rows: the caller searches them itself; see below
    uint32_t start;       // first number, > dict_size; 0: the least one. For tests.
    enum xz_bulk in_bulk; // whole stretches at a time: see xz_finder_ahead()
    uint32_t little_size; // bytes of all of the text, if it is a little one; else 0
};

/* The fast parser searches rows itself, with what finder_table.h has. Then the only
   heads are those of the latest positions for three bytes, and xz_finder_find() and
   xz_finder_batch() must not be called. Without rows is_near says nothing. */

/* What follows from a setup. */
struct xz_finder_shape {
    uint32_t hash_bytes; // that the main heads are indexed by
    uint32_t links;      // words for each position: 2 tree, 1 chain, 0 rows
    uint32_t row_bits;   // log2 of a row's width; 0 for trees and chains
    uint32_t bits3;      // of an index into the heads for 3 bytes
    bool is_near;        // short texts are looked for nearby only
    uint32_t ring_size;  // dict_size + 1
    uint32_t nice_len;
    uint32_t depth;
};

/* In bulk: tables of the latest positions that begin with the same 2, 3, 4, 5, 6,
   8 bytes; where they are searched alone, 2, 3, 4, 6, 9, 16. */
enum {
    XZ_HEAD2,
    XZ_HEAD3,
    XZ_HEAD4,
    XZ_HEAD5,
    XZ_HEAD6,
    XZ_HEAD8,
    XZ_HEADS,
};

static const uint8_t xz_head_bytes[XZ_HEADS] = {2, 3, 4, 5, 6, 8};

/* Of the same tables where nothing else is searched (repeats.h). */
static const uint8_t xz_head_bytes_alone[XZ_HEADS] = {2, 3, 4, 6, 9, 16};

/* What they know for a position: distances, at most dict_size; 0: none. */
struct xz_latest {
    uint32_t dists[XZ_HEADS];
};

/* Positions for which that is kept (heads.c). A power of two. */
#define XZ_LATEST 128

struct xz_near_kernels;
struct xz_suffix_sorter;
struct xz_row_kernel;
struct xz_little_kernel;

/* Anchors in the order of their suffixes: see sorted.h. */
struct xz_order {
    uint32_t *anchors;
    uint16_t *before;
    uint8_t *common;
    uint32_t count;
};

/* A text and suffixes of it in order: see sorted.h. */
struct xz_sorted {
    uint32_t *memory; // owned; all arrays lie in it
    size_t allocated; // bytes
    struct xz_order all;
    struct xz_order near; // those that ranked positions may refer to
    uint32_t *ranks;
    uint32_t size;       // bytes of text; 0: nothing is sorted
    uint32_t reach;      // greatest distance; 0: near is all
    uint32_t from;       // position of the first of the ranks
    uint32_t ranked;     // how many ranks there are
    uint32_t ranked_max; // and may be
    uint32_t window;     // words of ranks: some more
    uint32_t cap;
    const struct xz_near_kernels *kernels;
    const struct xz_suffix_sorter *sorter;
};

struct xz_finder {
    uint32_t *heads;          // owned
    uint32_t *links;          // owned
    struct xz_row_table rows; // instead of main heads and links, where row_bits > 0
    const struct xz_row_kernel *row_kernel;
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

    const struct xz_little_kernel *little; // NULL: not for a little text

    enum xz_bulk in_bulk;
    struct xz_sorted sorted;
    uint32_t sorted_start; // window index of the sorted text; may wrap below 0
    uint32_t sorted_end;   // window index: positions below can be searched
    bool heads_alone;      // heads look at xz_head_bytes_alone
    uint32_t taken;        // positions before insert_pos that latest has
    uint32_t noise_start;  // window indexes: noise between, maybe with other text, is
    uint32_t noise_end;    // in no table of latest positions; the same: there is none
    struct xz_latest latest[XZ_LATEST]; // by number
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

/* True if what such a finder knows lies in rows. */
bool xz_finder_has_rows(const struct xz_finder_setup *setup);

/* True if such a finder keeps trees: a position that is inserted is compared with texts
   up to dict_size before it, so that these must be in the window. */
bool xz_finder_has_trees(const struct xz_finder_setup *setup);

/* Upper bound of the bytes that a finder allocates. */
uint64_t xz_finder_memusage(const struct xz_finder_setup *setup);

/* Empties the finder and readies it for a text that starts at window index 0. A new
   struct must be all zero. setup->mf must be known; nice_len is raised to what the
   hashes cover. */
lzma_ret xz_finder_open(struct xz_finder *f, const lzma_allocator *allocator,
                        const struct xz_finder_setup *setup);
void xz_finder_end(struct xz_finder *f, const lzma_allocator *allocator);

/* Bytes of text from the window's pos on, or the rest of the text, that must be there
   when xz_finder_prepare() is called and xz_finder_is_ready() is false. 0 unless in
   bulk. */
uint32_t xz_finder_ahead(const struct xz_finder_setup *setup);
bool xz_finder_is_ready(const struct xz_finder *f, uint32_t end);

/* In bulk: bytes of a part of a text in parts, a multiple of 64 KiB. */
uint32_t xz_bulk_part_size(uint32_t dict_size);

/* In bulk, to be called before positions from w->pos up to window index end are used.
   Sorts the text if that has not been done. LZMA_MEM_ERROR as below. */
lzma_ret xz_finder_prepare(struct xz_finder *f, const lzma_allocator *allocator,
                           const struct xz_window *w, uint32_t end);

/* Instead: what the tables of latest positions know is enough for these positions. */
lzma_ret xz_finder_prepare_unsorted(struct xz_finder *f,
                                    const lzma_allocator *allocator,
                                    const struct xz_window *w, uint32_t end);

/* In bulk: the next `size` bytes from w->pos on, which are there and equal to those
   dist before, are not searched. It is enough that their last period can be found.
   1 <= dist <= w->pos. */
void xz_finder_pass(struct xz_finder *f, const struct xz_window *w, uint32_t size,
                    uint32_t dist);

/* In bulk: the next `size` bytes from w->pos on are noise, and are not searched. Tables
   do not take it in, unless they are searched alone, as long as it is sorted together
   with what is searched: a copy finds it as a neighbour. */
void xz_finder_pass_noise(struct xz_finder *f, const struct xz_window *w,
                          uint32_t size);

/* Not in bulk. To be called before positions below window index end are used: makes
   room for them. LZMA_MEM_ERROR: there is none, and nothing changed. */
lzma_ret xz_finder_reserve(struct xz_finder *f, const lzma_allocator *allocator,
                           uint32_t end);

/* The window moved: all indices went down by this much. */
void xz_finder_moved(struct xz_finder *f, uint32_t moved);

/* Not in bulk, nor for a little text. Writes the pairs of position pos to pairs, which
   has room for XZ_MATCH_LEN_MAX, and returns how many there are. pos must not be below
   that of the call before. Lengths go up to the window's end. */
uint32_t xz_finder_find(struct xz_finder *f, const struct xz_window *w, uint32_t pos,
                        struct xz_pair *pairs);

/* Fills batch with one position after another from start on, ending before limit, when
   it is full, or (but for trees) behind a position with a match of nice_len. Where
   tables are searched alone (little texts, repeats.h), earlier ones may have it, too.
   start < limit <= w->end. */
void xz_finder_batch(struct xz_finder *f, const struct xz_window *w, uint32_t start,
                     uint32_t limit, struct xz_match_batch *batch);

#endif
