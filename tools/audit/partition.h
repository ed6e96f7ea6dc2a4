// SPDX-License-Identifier: 0BSD
// Partition tables of disk images: MBR with logical partitions, and GPT.

#ifndef XZ_AUDIT_PARTITION_H
#define XZ_AUDIT_PARTITION_H

#include "audit.h"

/*
 * True if the first bytes (512 are enough) are a boot sector with a table of partitions
 * that can be one.
 */
bool xz_partitions_are(const uint8_t *data, size_t size);

/*
 * Look at each partition, as an object "IMAGE!p1"; `depth` containers are around the
 * image. Partitions that reach beyond the image, and tables that cannot be read, leave
 * gaps. What no partition covers is searched for patterns.
 */
void xz_partitions_scan(struct xz_audit *audit, const char *object, const uint8_t *data,
                        size_t size, unsigned depth);

#endif
