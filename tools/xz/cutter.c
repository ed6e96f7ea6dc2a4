// SPDX-License-Identifier: 0BSD
// Counts down to the end of the current Block.

/*
 * Two things end a Block: the greatest size that a Block may have, and the end of an
 * entry of the list. Both are counted down side by side:
 *
 *     entry   |------------ 12 ------------|------------- 24 -------- ...
 *     block   |-------- 10 --------|-- 2 --|-------- 10 -----|-- 10 - ...
 *
 * The last entry is repeated until the file ends. UINT64_MAX means "no end in sight".
 */

#include "../common/system.h"

#include "cutter.h"

/* Without a list there is one entry that never ends. */
static void begin_entry(struct xz_cutter *cutter, size_t index)
{
    cutter->current = index;
    cutter->entry_left = cutter->count > 0 ? cutter->entries[index].size : UINT64_MAX;
}

/* A Block never reaches over the end of its entry. */
static void begin_block(struct xz_cutter *cutter)
{
    cutter->block_left = cutter->entry_left < cutter->block_size ? cutter->entry_left
                                                                 : cutter->block_size;
}

void xz_cutter_init(struct xz_cutter *cutter, const struct xz_options *options, bool mt)
{
    bool has_blocks = options->format == XZ_FORMAT_XZ;
    cutter->entries = options->blocks;
    cutter->count = has_blocks ? options->block_count : 0;
    cutter->block_size =
        has_blocks && !mt && options->block_size > 0 ? options->block_size : UINT64_MAX;
    begin_entry(cutter, 0);
    begin_block(cutter);
}

void xz_cutter_follow(struct xz_cutter *cutter, const struct xz_block_entry *entries,
                      size_t count)
{
    cutter->entries = entries;
    cutter->count = count;
    begin_entry(cutter, 0);
    begin_block(cutter);
}

uint64_t xz_cutter_left(const struct xz_cutter *cutter)
{
    return cutter->block_left;
}

void xz_cutter_advance(struct xz_cutter *cutter, uint64_t size)
{
    /* UINT64_MAX stands for "up to the end", which never comes nearer. */
    if (cutter->entry_left != UINT64_MAX)
        cutter->entry_left -= size;
    if (cutter->block_left != UINT64_MAX)
        cutter->block_left -= size;
}

/* The last entry follows itself. */
void xz_cutter_next(struct xz_cutter *cutter)
{
    if (cutter->entry_left == 0)
        begin_entry(cutter, cutter->current + (cutter->current + 1 < cutter->count));
    begin_block(cutter);
}

unsigned xz_cutter_chain(const struct xz_cutter *cutter)
{
    return cutter->count > 0 ? cutter->entries[cutter->current].chain : 0;
}
