// SPDX-License-Identifier: 0BSD
// A set of files by device and inode, so that nothing is looked at twice.

#ifndef XZ_AUDIT_ID_SET_H
#define XZ_AUDIT_ID_SET_H

#include "store.h"

/* {0} is an empty set. */
struct xz_id_set {
    uint64_t (*ids)[2];
    bool *used;
    size_t count;
    size_t room; // a power of two, or 0
};

/* Add a file; false if it was in the set already. Ends the program without memory. */
bool xz_id_set_add(struct xz_id_set *set, uint64_t device, uint64_t inode);

/* Free its memory; then it is empty again. */
void xz_id_set_free(struct xz_id_set *set);

#endif
