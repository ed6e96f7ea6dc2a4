// SPDX-License-Identifier: 0BSD
// The rpm database: headers of packages in an SQLite file or in rpm's own "ndb" format.

/*
 * Neither the rpm program nor SQLite is used: opening a database with them may write to
 * the system that is looked at, and run what it configures. What is needed is little:
 *
 * Header (rpm file format, "header"): number of index entries and of data bytes, both
 * big-endian; entries of tag, type, offset, count; data. Type 6 is a NUL-terminated
 * text.
 *
 * SQLite (https://www.sqlite.org/fileformat2.html): the table Packages is a B-tree
 * whose leaves have a number and a blob each. Rather than following the tree, every
 * leaf page of tables in the file is read, and a cell whose record has a blob that is a
 * header counts: a page that was freed may tell of a package that is gone, which is
 * noise on the safe side. A long blob goes on in a list of overflow pages.
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

/* An SQLite file and its page size. */
struct sqlite {
    const uint8_t *data;
    size_t size;
    size_t page_size;
    size_t usable;  // of a page
    size_t headers; // of packages that were read
};

/* SQLite's number of one to nine bytes; *pos moves behind it, not beyond end. */
static uint64_t varint(const uint8_t *data, size_t end, size_t *pos)
{
    uint64_t value = 0;
    for (size_t i = 0; i < 9 && *pos < end; i++) {
        uint8_t byte = data[(*pos)++];
        if (i == 8)
            return value << 8 | byte;
        value = value << 7 | (byte & 0x7F);
        if ((byte & 0x80) == 0)
            break;
    }
    return value;
}

/* Append what overflow pages hold, until `want` bytes are there. */
static bool follow(const struct sqlite *db, uint64_t page, size_t want,
                   struct xz_text *ret)
{
    size_t pages = db->size / db->page_size;
    for (size_t count = 0; ret->size < want && count < pages; count++) {
        if (page == 0 || page > pages)
            return false;
        const uint8_t *at = db->data + (page - 1) * db->page_size;
        size_t part = want - ret->size;
        part = part < db->usable - 4 ? part : db->usable - 4;
        xz_text_add(ret, at + 4, part);
        page = big(at, 4);
    }
    return ret->size == want;
}

/*
 * The payload of a table leaf's cell at `pos` of a page: usable bytes, then overflow.
 */
static bool read_payload(const struct sqlite *db, const uint8_t *page, size_t pos,
                         struct xz_text *ret)
{
    size_t usable = db->usable;
    uint64_t payload = varint(page, usable, &pos);
    (void)varint(page, usable, &pos); // the row's number
    if (payload == 0 || payload > HEADER_MAX || payload > db->size)
        return false;
    size_t want = (size_t)payload;
    size_t local = want;
    if (want > usable - 35) { // section 1.6 of the format's description
        size_t least = (usable - 12) * 32 / 255 - 23;
        local = least + (want - least) % (usable - 4);
        local = local > usable - 35 ? least : local;
    }
    if (pos + local > usable || (local < want && pos + local + 4 > usable))
        return false;
    xz_text_add(ret, page + pos, local);
    return local == want || follow(db, big(page + pos + local, 4), want, ret);
}

/* The record's first blob (serial type 12 and above, even): is it a header? */
static void read_record(const struct xz_package_source *source, struct sqlite *db,
                        const struct xz_text *record)
{
    static const uint8_t fixed[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
    const uint8_t *data = (const uint8_t *)record->data;
    size_t pos = 0;
    size_t end = record->size;
    uint64_t head = varint(data, end, &pos);
    uint64_t body = head;
    if (head > end)
        return;
    while (pos < head && body < end) {
        uint64_t type = varint(data, (size_t)head, &pos);
        uint64_t length = type < 12 ? fixed[type] : (type - 12) / 2;
        if (length > end - body)
            return;
        if (type >= 12 && type % 2 == 0
            && xz_pkg_rpm_header(source, data + body, (size_t)length)) {
            db->headers++;
            return;
        }
        body += length;
    }
}

static void read_leaf(const struct xz_package_source *source, struct sqlite *db,
                      size_t number)
{
    const uint8_t *page = db->data + number * db->page_size;
    size_t start = number == 0 ? 100 : 0; // the file's header
    if (page[start] != 13)
        return; // not a leaf of a table
    size_t cells = (size_t)big(page + start + 3, 2);
    for (size_t i = 0; i < cells && start + 8 + 2 * i + 2 <= db->usable; i++) {
        struct xz_text record = {0};
        size_t pos = (size_t)big(page + start + 8 + 2 * i, 2);
        if (pos < db->usable && read_payload(db, page, pos, &record))
            read_record(source, db, &record);
        xz_text_free(&record);
    }
}

void xz_pkg_rpm_sqlite(const struct xz_package_source *source, const uint8_t *data,
                       size_t size)
{
    struct sqlite db = {.data = data, .size = size};
    if (size >= 512 && memcmp(data, "SQLite format 3", 16) == 0) {
        db.page_size = (size_t)big(data + 16, 2);
        db.page_size = db.page_size == 1 ? 65536 : db.page_size;
        db.usable = db.page_size - data[20];
    }
    if (db.page_size >= 512 && db.usable >= 480) {
        for (size_t i = 0; i < size / db.page_size; i++)
            read_leaf(source, &db, i);
    }
    if (db.headers == 0)
        xz_audit_gap(source->audit, source->object,
                     "an rpm database in which no package was found");
}
