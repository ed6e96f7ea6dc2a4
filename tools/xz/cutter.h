// SPDX-License-Identifier: 0BSD
// Where Blocks end when compressing: --block-size and --block-list.

#ifndef XZ_CLI_CUTTER_H
#define XZ_CLI_CUTTER_H

#include "options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Invariants: entry_left > 0, block_left > 0 unless a Block has just been completed;
 * block_left <= entry_left.
 */
struct xz_cutter {
    const struct xz_block_entry *entries; // the list; its last entry is repeated
    size_t count;                         // 0: there is no list
    size_t current;                       // index of the entry in use
    uint64_t block_size;                  // greatest Block; UINT64_MAX: no limit
    uint64_t entry_left;                  // bytes of the entry that are still to come
    uint64_t block_left;                  // bytes of the Block that are still to come
};

/*
 * Start at the beginning of a file. With worker threads (mt) the encoder itself cuts at
 * the block size, and only the list counts here.
 */
void xz_cutter_init(struct xz_cutter *cutter, const struct xz_options *options,
                    bool mt);

/* Start again with this list, which must stay. */
void xz_cutter_follow(struct xz_cutter *cutter, const struct xz_block_entry *entries,
                      size_t count);

/* Bytes that may go to the encoder before the Block ends. */
uint64_t xz_cutter_left(const struct xz_cutter *cutter);

/* That many bytes, at most xz_cutter_left(), have been taken for the encoder. */
void xz_cutter_advance(struct xz_cutter *cutter, uint64_t size);

/* The Block is complete (left is 0): begin the next one. */
void xz_cutter_next(struct xz_cutter *cutter);

/* Index of the chain that the current Block is coded with. */
unsigned xz_cutter_chain(const struct xz_cutter *cutter);

#endif
