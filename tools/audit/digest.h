// SPDX-License-Identifier: 0BSD
// SHA-1, SHA-256 and SHA-512 of a file in memory, and the id git gives it.

#ifndef XZ_AUDIT_DIGEST_H
#define XZ_AUDIT_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum xz_digest_kind { XZ_SHA1, XZ_SHA256, XZ_SHA512, XZ_GIT_SHA1, XZ_GIT_SHA256 };

#define XZ_DIGEST_HEX 129 // 128 digits and a NUL

/* The digest in lower-case hex digits. FIPS 180-4; git's id is that of "blob N\0". */
void xz_digest_hex(enum xz_digest_kind kind, const void *data, size_t size,
                   char ret_hex[XZ_DIGEST_HEX]);

/* Number of hex digits: 40, 64 or 128. */
size_t xz_digest_digits(enum xz_digest_kind kind);

#endif
