// SPDX-License-Identifier: 0BSD
// A set of files by device and inode: open addressing, at most half full.

#include "../common/system.h"

#include "id_set.h"

#include <stdlib.h>

/* Where the id stands, or the free place where it would. */
static size_t find(const struct xz_id_set *set, uint64_t device, uint64_t inode)
{
    uint64_t hash =
        (inode ^ device << 32 ^ device >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(hash >> 20) & (set->room - 1);
    while (set->used[at] && (set->ids[at][0] != device || set->ids[at][1] != inode))
        at = (at + 1) & (set->room - 1);
    return at;
}

static void grow(struct xz_id_set *set)
{
    struct xz_id_set bigger = {.room = set->room == 0 ? 1024 : set->room * 2};
    bigger.ids = xz_store_new(bigger.room * sizeof(*bigger.ids));
    bigger.used = xz_store_new(bigger.room * sizeof(*bigger.used));
    for (size_t i = 0; i < set->room; i++) {
        if (set->used[i])
            (void)xz_id_set_add(&bigger, set->ids[i][0], set->ids[i][1]);
    }
    xz_id_set_free(set);
    *set = bigger;
}

bool xz_id_set_add(struct xz_id_set *set, uint64_t device, uint64_t inode)
{
    if (set->count * 2 >= set->room)
        grow(set);
    size_t at = find(set, device, inode);
    if (set->used[at])
        return false;
    set->used[at] = true;
    set->ids[at][0] = device;
    set->ids[at][1] = inode;
    set->count++;
    return true;
}

void xz_id_set_free(struct xz_id_set *set)
{
    free(set->ids);
    free(set->used);
    *set = (struct xz_id_set){0};
}
