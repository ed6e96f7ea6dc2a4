// SPDX-License-Identifier: 0BSD
// Integrity checks of the .xz format (section 2.1.1.2 and 3.4): none, CRC32, CRC64,
// SHA-256.

#ifndef XZ_CHECK_CHECK_H
#define XZ_CHECK_CHECK_H

#include "base/platform.h"
#include "check/sha256.h"
#include <lzma.h>

/* CRC32 (IEEE 802.3) or CRC64 (ECMA-182) of buf, both bit-reflected. crc is 0 for the
   first piece and the last result for a following one. Never fails; thread-safe. */
uint32_t xz_crc32(const uint8_t *buf, size_t size, uint32_t crc);
uint64_t xz_crc64(const uint8_t *buf, size_t size, uint64_t crc);

/* A check in progress. */
struct xz_check {
    lzma_check type;
    uint64_t crc; // of what has been seen; CRC32 in the low half
    struct xz_sha256 sha256;
};

/* True if this build can compute the check. Any value may be asked for. */
bool xz_check_is_supported(lzma_check type);

/* Size in bytes of the Check field for an ID of 0 to 15, UINT32_MAX for others. */
uint32_t xz_check_size(lzma_check type);

/* Starts a check. An unsupported type is allowed: then nothing is computed. */
void xz_check_init(struct xz_check *check, lzma_check type);

/* Adds size bytes. */
void xz_check_update(struct xz_check *check, const uint8_t *buf, size_t size);

/* Writes the Check field, xz_check_size(type) bytes, to ret_field: little endian for
   the CRCs. Writes nothing for LZMA_CHECK_NONE and unsupported types. */
void xz_check_finish(struct xz_check *check, uint8_t ret_field[LZMA_CHECK_SIZE_MAX]);

#endif
