// SPDX-License-Identifier: 0BSD
// Looks at one object in memory, whatever it is, and adds what it finds to the audit.

#ifndef XZ_AUDIT_SCAN_H
#define XZ_AUDIT_SCAN_H

#include "audit.h"
#include "elf_facts.h"

/*
 * An object: ELF files go to xz_scan_elf(), archives are opened as deep as the limits
 * allow, everything else is searched for the patterns of files. `depth` is the number
 * of containers around it.
 */
void xz_scan_object(struct xz_audit *audit, const char *object, const uint8_t *data,
                    size_t size, unsigned depth);

/* An ELF file: facts, structure rules, patterns, hashes. */
void xz_scan_elf(struct xz_audit *audit, const char *object, const uint8_t *data,
                 size_t size);

/* A file that is not ELF: patterns and hashes. */
void xz_scan_plain(struct xz_audit *audit, const char *object, const uint8_t *data,
                   size_t size);

/*
 * Search data[pos .. pos + size - 1] of an object, which was opened as nothing, for the
 * patterns of ELF files. `where` says which part that is; it may be NULL.
 */
void xz_scan_part(struct xz_audit *audit, const char *object, const char *where,
                  const uint8_t *data, size_t pos, size_t size);

/* The environment of a process: NAME=VALUE, each with a NUL. */
void xz_scan_environ(struct xz_audit *audit, const char *object, const uint8_t *data,
                     size_t size);

/*
 * Compare with the hashes of the rules: those whose file size is this one, and those
 * without a size if `all`.
 */
void xz_scan_digests(struct xz_audit *audit, const char *object, const uint8_t *data,
                     size_t size, bool all);

/* After an object: rules of kind ALL whose parts have fired on it. */
void xz_scan_combine(struct xz_audit *audit, const char *object);

/* The structure rules, for facts that somebody has collected. */
void xz_scan_structure(struct xz_audit *audit, const char *object,
                       const struct xz_elf *elf, const struct xz_elf_facts *facts);

/* True if the rule wants files with the name of this object. */
bool xz_scan_wants_name(const struct xz_rule *rule, const char *object);

/* True if the beginning of the data is UTF-8 text without control characters. */
bool xz_scan_is_text(const uint8_t *data, size_t size);

/* Hex digits of up to 40 bytes, as evidence; the caller frees it. */
char *xz_scan_hex(const uint8_t *data, size_t size);

/*
 * Read a file. NULL, with a gap in the audit, if it cannot be read, is not a regular
 * file, or is larger than the limits allow. The caller frees the data.
 */
uint8_t *xz_scan_read_file(struct xz_audit *audit, const char *path, size_t *ret_size);

/* The same from an open descriptor, which stays open; `object` is for the gap. */
uint8_t *xz_scan_read_fd(struct xz_audit *audit, int fd, const char *object,
                         size_t *ret_size);

#endif
