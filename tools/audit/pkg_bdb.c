// SPDX-License-Identifier: 0BSD
// The rpm database of older systems: a hash table of Berkeley DB.

/*
 * Pages of one size, numbers in the byte order of the machine that wrote the file:
 *
 *     first page   8 number (0)   12 magic 0x061561   20 page size   25 type (8)
 *     others       8 number   16 next page   20 entries   22 offset   25 type
 *                  26 offsets of the entries, two bytes each
 *
 * On pages of types 2 and 13 (hash) entries are key, value, key, value ... The bytes of
 * an entry reach to the one before it, those of the first to the end of the page. The
 * first of them says what it is: 1 the data itself, 3 "elsewhere":
 *
 *     0 kind (3)   4 first overflow page   8 length of the data
 *
 * Overflow pages (type 7) are a list; "offset" is the number of bytes, from 26 on.
 *
 * As with SQLite no index is used: all pages are read. Values are headers of packages,
 * but for one short counter.
 *
 * Source: the page layout of Berkeley DB 4 and 5 (its db_page.h, the magic of file(1));
 * tests read what db_load(1) writes.
 */

#include "../common/system.h"

#include "packages.h"

#include <string.h>

#define PAGE_HEADER   26
#define MAGIC_HASH    0x061561U
#define HASH_UNSORTED 2
#define OVERFLOW      7
#define HASH          13
#define IN_PLACE      1
#define ELSEWHERE     3
#define COUNTER_MAX   16 // bytes of a value that is no header

struct bdb {
    const uint8_t *data;
    size_t pages;
    size_t page_size;
    bool is_big;
    size_t headers; // of packages that were read
    bool damaged;
};

static uint64_t number(const struct bdb *db, const uint8_t *at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | at[db->is_big ? i : size - 1 - i];
    return value;
}

static bool open_file(struct bdb *db, size_t size)
{
    if (size < 512)
        return false;
    for (int i = 0; i < 2; i++) {
        db->is_big = i != 0;
        if (number(db, db->data + 12, 4) != MAGIC_HASH)
            continue;
        db->page_size = (size_t)number(db, db->data + 20, 4);
        db->pages = db->page_size >= 512 ? size / db->page_size : 0;
        return db->page_size >= 512 && db->page_size <= 65536;
    }
    return false;
}

/* Collect a value from its list of overflow pages. */
static bool collect(const struct bdb *db, uint64_t page, uint64_t want,
                    struct xz_text *ret)
{
    for (size_t count = 0; ret->size < want && count < db->pages; count++) {
        if (page == 0 || page >= db->pages)
            return false;
        const uint8_t *at = db->data + page * db->page_size;
        size_t part = (size_t)number(db, at + 22, 2);
        if (at[25] != OVERFLOW || part > db->page_size - PAGE_HEADER
            || part > want - ret->size)
            return false;
        xz_text_add(ret, at + PAGE_HEADER, part);
        page = number(db, at + 16, 4);
    }
    return ret->size == want;
}

static void read_value(const struct xz_package_source *source, struct bdb *db,
                       const uint8_t *entry, size_t size)
{
    struct xz_text value = {0};
    bool good = false;
    if (entry[0] == IN_PLACE) {
        good = size - 1 <= COUNTER_MAX;
        if (!good && xz_pkg_rpm_header(source, entry + 1, size - 1)) {
            db->headers++;
            good = true;
        }
    } else if (entry[0] == ELSEWHERE && size >= 12) {
        uint64_t length = number(db, entry + 8, 4);
        good = length <= db->pages * db->page_size
               && collect(db, number(db, entry + 4, 4), length, &value)
               && xz_pkg_rpm_header(source, (const uint8_t *)value.data, value.size);
        db->headers += good;
    }
    db->damaged |= !good;
    xz_text_free(&value);
}

static void read_page(const struct xz_package_source *source, struct bdb *db,
                      const uint8_t *page)
{
    size_t entries = (size_t)number(db, page + 20, 2);
    size_t end = db->page_size; // of the entry
    if (entries > (db->page_size - PAGE_HEADER) / 2) {
        db->damaged = true;
        return;
    }
    for (size_t i = 0; i < entries; i++) {
        size_t start = (size_t)number(db, page + PAGE_HEADER + 2 * i, 2);
        if (start < PAGE_HEADER + 2 * entries || start >= end) {
            db->damaged = true;
            return;
        }
        if (i % 2 == 1)
            read_value(source, db, page + start, end - start);
        end = start;
    }
}

void xz_pkg_rpm_bdb(const struct xz_package_source *source, const uint8_t *data,
                    size_t size)
{
    struct bdb db = {.data = data};
    if (!open_file(&db, size)) {
        xz_audit_gap(source->audit, source->object,
                     "no hash table of Berkeley DB, as rpm makes them");
        return;
    }
    for (size_t i = 1; i < db.pages; i++) {
        const uint8_t *page = data + i * db.page_size;
        if (page[25] == HASH || page[25] == HASH_UNSORTED)
            read_page(source, &db, page);
    }
    if (db.damaged || size % db.page_size != 0)
        xz_audit_gap(source->audit, source->object, "a damaged rpm database");
    else if (db.headers == 0)
        xz_audit_gap(source->audit, source->object,
                     "an rpm database in which no package was found");
}
