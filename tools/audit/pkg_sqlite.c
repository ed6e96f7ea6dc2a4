// SPDX-License-Identifier: 0BSD
// The rpm database in an SQLite file, and what its write-ahead log has beyond it.

/*
 * SQLite (https://www.sqlite.org/fileformat2.html): the table Packages is a B-tree
 * whose leaves have a number and a blob each. Rather than following the tree, every
 * leaf page of tables in the file is read, and a cell whose record has a blob that is a
 * header counts: a page that was freed may tell of a package that is gone, which is
 * noise on the safe side. A long blob goes on in a list of overflow pages.
 *
 * Log (section 4 of the same): 32 bytes of header, then frames of 24 bytes and a page:
 *
 *     header  0 magic   8 page size   16 salts     24 checksums of what is before
 *     frame   0 page    4 pages       8 salts      16 checksums from the header to here
 *
 * "pages" is the size of the database, in the last frame of a transaction; else 0.
 * Frames count up to the last such one. Frames with other salts are left from before.
 */

#include "../common/system.h"

#include "packages.h"

#include <stdlib.h>
#include <string.h>

#define RECORD_MAX   (256U << 20)
#define LOG_HEADER   32
#define FRAME_HEADER 24
#define MAGIC        0x377F0682U // its last bit: checksums of big-endian words

static uint64_t big(const uint8_t *at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | at[i];
    return value;
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
    if (payload == 0 || payload > RECORD_MAX || payload > db->size)
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

/* Go on with the two sums over some words. */
static void add_up(uint32_t sums[2], const uint8_t *data, size_t size, bool is_big)
{
    for (size_t i = 0; i + 8 <= size; i += 8) {
        for (size_t k = 0; k < 2; k++) {
            const uint8_t *at = data + i + 4 * k;
            uint32_t word = (uint32_t)big(at, 4);
            word = is_big ? word : __builtin_bswap32(word);
            sums[k] += word + sums[1 - k];
        }
    }
}

static bool sums_are(const uint32_t sums[2], const uint8_t *at)
{
    return big(at, 4) == sums[0] && big(at + 4, 4) == sums[1];
}

/* What a log says. */
struct log {
    const uint8_t *data;
    size_t size;
    size_t page_size;
    size_t frames; // up to the last of a transaction
    uint64_t pages;
    bool damaged;
};

static void read_log(struct log *log)
{
    uint32_t sums[2] = {0, 0};
    const uint8_t *data = log->data;
    log->damaged = log->size < LOG_HEADER || (big(data, 4) | 1) != (MAGIC | 1);
    if (log->damaged)
        return;
    bool is_big = (data[3] & 1) != 0;
    log->page_size = (size_t)big(data + 8, 4);
    add_up(sums, data, 24, is_big);
    log->damaged = !sums_are(sums, data + 24) || log->page_size < 512
                   || log->page_size > 65536
                   || (log->page_size & (log->page_size - 1)) != 0;
    if (log->damaged)
        return;
    size_t step = FRAME_HEADER + log->page_size;
    for (size_t i = 0; i < (log->size - LOG_HEADER) / step; i++) {
        const uint8_t *frame = data + LOG_HEADER + i * step;
        if (memcmp(frame + 8, data + 16, 8) != 0)
            return; // of a log before this
        add_up(sums, frame, 8, is_big);
        add_up(sums, frame + FRAME_HEADER, log->page_size, is_big);
        log->damaged = !sums_are(sums, frame + 16) || big(frame, 4) == 0;
        if (log->damaged)
            return;
        if (big(frame + 4, 4) != 0) {
            log->frames = i + 1;
            log->pages = big(frame + 4, 4);
        }
    }
}

void xz_pkg_rpm_sqlite_log(const struct xz_package_source *source, const uint8_t *data,
                           size_t size, const uint8_t *log_data, size_t log_size)
{
    struct log log = {.data = log_data, .size = log_size};
    read_log(&log);
    if (log.damaged)
        xz_audit_gap(source->audit, source->object, "its -wal file is damaged");
    // A database cannot have more pages than both files.
    uint64_t most = log.frames == 0 ? 0 : size / log.page_size + log.frames;
    if (log.pages > most)
        xz_audit_gap(source->audit, source->object, "its -wal file misses pages");
    size_t whole = (size_t)((log.pages < most ? log.pages : most) * log.page_size);
    if (whole == 0) {
        xz_pkg_rpm_sqlite(source, data, size);
        return;
    }
    uint8_t *copy = xz_store_new(whole);
    if (size > 0)
        memcpy(copy, data, size < whole ? size : whole);
    for (size_t i = 0; i < log.frames; i++) {
        const uint8_t *frame =
            log.data + LOG_HEADER + i * (FRAME_HEADER + log.page_size);
        uint64_t page = big(frame, 4) - 1;
        if (page < whole / log.page_size)
            memcpy(copy + page * log.page_size, frame + FRAME_HEADER, log.page_size);
    }
    xz_pkg_rpm_sqlite(source, copy, whole);
    free(copy);
}
