// SPDX-License-Identifier: 0BSD
// Opens archives and compressed files in memory and looks at what is in them.

#ifndef XZ_AUDIT_ARCHIVE_WALK_H
#define XZ_AUDIT_ARCHIVE_WALK_H

#include "audit.h"

/*
 * One member of an archive. data is NULL if the member is no regular file or was too
 * large, which leaves a gap.
 */
struct xz_member {
    const char *name; // as the archive has it
    const uint8_t *data;
    size_t size;
    bool is_regular;
    const char *link;      // target of a symbolic link, or NULL
    const char *hard_link; // the other name of a hard link, or NULL; may have data
};

/* Called for each member; false ends the walk. */
typedef bool xz_member_visit(void *opaque, const struct xz_member *member);

/*
 * True if the data looks like something that xz_archive_scan() can open: by its first
 * bytes, or by the name where those say little. Without audit->every_archive only those
 * that hold objects, initial RAM disks and snaps count.
 */
bool xz_archive_is(const struct xz_audit *audit, const char *object,
                   const uint8_t *data, size_t size);

/*
 * Look at everything in the archive. `depth` containers are around it. Limits that are
 * met and damage leave gaps.
 */
void xz_archive_scan(struct xz_audit *audit, const char *object, const uint8_t *data,
                     size_t size, unsigned depth);

/*
 * Visit the members of an archive or, if it is compressed and no archive, the one file
 * in it. Damage and limits leave gaps. Returns false if it could not be opened at all;
 * that leaves no gap.
 */
bool xz_archive_visit(struct xz_audit *audit, const char *object, const uint8_t *data,
                      size_t size, xz_member_visit *visit, void *opaque);

#endif
