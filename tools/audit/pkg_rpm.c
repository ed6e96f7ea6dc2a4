// SPDX-License-Identifier: 0BSD
// The rpm database: headers of packages, and rpm's own "ndb" format for a file of them.

/*
 * Other databases that hold headers: pkg_sqlite.c, pkg_bdb.c. Neither the rpm program
 * nor SQLite or Berkeley DB is used: opening a database with them may write to
 * the system that is looked at, and run what it configures. What is needed is little:
 *
 * Header (rpm file format, "header"): number of index entries and of data bytes, both
 * big-endian; entries of tag, type, offset, count; data. Type 6 is a NUL-terminated
 * text.
 *
 * ndb: blobs start at multiples of 16 with "BlbS", the package's number, a generation,
 * and the length.
 */

#include "../common/system.h"

#include "packages.h"

#include <stdlib.h>
#include <string.h>

#define TAG_NAME    1000
#define TAG_VERSION 1001
#define TAG_RELEASE 1002
#define TYPE_STRING 6
#define HEADER_MAX  (256U << 20)
#define ENTRIES_MAX 65536

static uint64_t big(const uint8_t *at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | at[i];
    return value;
}

static uint64_t little32(const uint8_t *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16
           | (uint64_t)at[3] << 24;
}

bool xz_pkg_rpm_header(const struct xz_package_source *source, const uint8_t *data,
                       size_t size)
{
    const char *texts[3] = {NULL, NULL, NULL}; // name, version, release
    if (size < 8)
        return false;
    uint64_t entries = big(data, 4);
    uint64_t bytes = big(data + 4, 4);
    if (entries == 0 || entries > ENTRIES_MAX || bytes > HEADER_MAX
        || size - 8 < entries * 16 || size - 8 - entries * 16 < bytes)
        return false;
    const uint8_t *store = data + 8 + entries * 16;
    for (uint64_t i = 0; i < entries; i++) {
        const uint8_t *entry = data + 8 + i * 16;
        uint64_t tag = big(entry, 4);
        uint64_t offset = big(entry + 8, 4);
        if (tag < TAG_NAME || tag > TAG_RELEASE || big(entry + 4, 4) != TYPE_STRING
            || offset >= bytes || memchr(store + offset, '\0', bytes - offset) == NULL)
            continue;
        texts[tag - TAG_NAME] = (const char *)store + offset;
    }
    if (texts[0] == NULL || texts[1] == NULL || texts[2] == NULL)
        return false;
    char *version = xz_store_printf("%s-%s", texts[1], texts[2]);
    xz_package_seen(source, texts[0], version);
    free(version);
    return true;
}

void xz_pkg_rpm_ndb(const struct xz_package_source *source, const uint8_t *data,
                    size_t size)
{
    bool damaged = size < 32 || memcmp(data, "RpmP", 4) != 0;
    for (size_t pos = 0; size >= 16 && pos <= size - 16; pos += 16) {
        if (memcmp(data + pos, "BlbS", 4) != 0)
            continue;
        uint64_t length = little32(data + pos + 12);
        if (length > size - pos - 16)
            damaged = true;
        else if (!xz_pkg_rpm_header(source, data + pos + 16, (size_t)length))
            damaged = true;
    }
    if (damaged)
        xz_audit_gap(source->audit, source->object, "a damaged rpm database");
}
