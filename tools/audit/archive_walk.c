// SPDX-License-Identifier: 0BSD
// Opens archives and compressed files in memory and looks at what is in them.

/*
 * libarchive reads the formats; which ones is said here one by one, because "all" would
 * include filters that run other programs. Nothing is written to disk, no path of an
 * archive is used for anything but a name in the report.
 *
 * What is found in a container is an object again, one level deeper:
 *
 *     xz_scan_object -> xz_archive_scan -> (member) -> xz_scan_object -> ...
 *
 * A compressed file that is small when unpacked is unpacked as a whole first, so that
 * hashes of the inner tar file can be compared; larger ones are read member by member.
 *
 * An initial RAM disk is several cpio archives one after another, with zeros between,
 * the last of them compressed. libarchive ends with the first, so that the end of an
 * uncompressed one is found here (cpio_end), and what follows is the next object.
 */

#include "../common/system.h"

#include "archive_walk.h"
#include "container.h"
#include "fs_files.h"
#include "image.h"
#include "packages.h"
#include "partition.h"
#include "scan.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#define WHOLE_SIZE (UINT64_C(64) << 20) // unpacked as a whole up to this size
#define CHUNK      65536

#define MOST_RETRIES 16 // damaged headers in an archive

static bool is_initial_ram_disk(const char *object)
{
    const char *name = xz_path_name(object);
    return strncmp(name, "initrd", 6) == 0 || strncmp(name, "initramfs", 9) == 0;
}

bool xz_archive_is(const struct xz_audit *audit, const char *object,
                   const uint8_t *data, size_t size)
{
    const struct xz_container *c = xz_container_find(data, size);
    if (c == NULL || (size == 8 && strcmp(c->name, "ar") == 0)) // an empty library
        return false;
    if (audit->every_archive || is_initial_ram_disk(object)
        || strchr(object, '!') != NULL)
        return true;
    if (c->kind == XZ_CONTAINER_SQUASHFS && xz_ends_with(object, ".snap"))
        return true;
    return strcmp(c->name, "ar") == 0 && !xz_ends_with(object, ".deb");
}

static struct archive *open_archive(const uint8_t *data, size_t size, bool raw)
{
    struct archive *a = archive_read_new();
    if (a == NULL)
        return NULL;
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_compress(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_lzma(a);
    archive_read_support_filter_lzip(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_filter_lz4(a);
    if (raw) {
        archive_read_support_format_raw(a);
        archive_read_support_format_empty(a);
    } else {
        archive_read_support_filter_rpm(a);
        archive_read_support_format_ar(a);
        archive_read_support_format_tar(a);
        archive_read_support_format_cpio(a);
        archive_read_support_format_zip(a);
        archive_read_support_format_iso9660(a);
        archive_read_support_format_7zip(a);
        archive_read_support_format_cab(a);
        archive_read_set_format_option(a, "tar", "read_concatenated_archives", "1");
    }
    // What cannot be decompressed passes for empty, with an error that is kept, or for
    // what it is.
    if (archive_read_open_memory(a, data, size) == ARCHIVE_OK
        && (!raw || (archive_errno(a) == 0 && archive_filter_count(a) > 1)))
        return a;
    archive_read_free(a);
    return NULL;
}

enum read_result { READ_ALL, READ_TOO_MUCH, READ_DAMAGED };

/* The data of the current member, at most `limit` bytes of it. */
static enum read_result read_member(struct archive *a, uint64_t limit,
                                    struct xz_text *ret)
{
    char chunk[CHUNK];
    for (;;) {
        la_ssize_t got = archive_read_data(a, chunk, sizeof(chunk));
        if (got < 0)
            return READ_DAMAGED;
        if (got == 0)
            return READ_ALL;
        if ((uint64_t)got > limit - ret->size)
            return READ_TOO_MUCH;
        xz_text_add(ret, chunk, (size_t)got);
    }
}

static void gap_at(struct xz_audit *audit, const char *object, const char *name,
                   const char *what, const char *detail)
{
    char *inner = xz_store_printf("%s%s%s", object, *name != '\0' ? "!" : "", name);
    char *reason = xz_store_printf("%s%s%s", what, *detail != '\0' ? ": " : "", detail);
    xz_audit_gap(audit, inner, reason);
    free(inner);
    free(reason);
}

static const char *message(struct archive *a)
{
    const char *text = archive_error_string(a);
    return text != NULL ? text : "no reason given";
}

/* Names that libarchive cannot turn into the locale's characters come as bytes. */
static const char *entry_name(struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);
    if (name == NULL)
        name = archive_entry_pathname_utf8(entry);
    return name != NULL ? name : "(a name that cannot be read)";
}

/* Hand the current member over. False ends the walk. */
static bool visit_member(struct xz_audit *audit, const char *object, struct archive *a,
                         struct archive_entry *entry, xz_member_visit *visit,
                         void *opaque)
{
    struct xz_text data = {0};
    struct xz_member member = {.name = entry_name(entry)};
    const char *link = archive_entry_symlink(entry);
    member.link = link;
    member.hard_link = link == NULL ? archive_entry_hardlink(entry) : NULL;
    // A member of an ar archive may have no type at all.
    unsigned type = (unsigned)archive_entry_filetype(entry);
    member.is_regular = link == NULL && (type == AE_IFREG || type == 0);
    bool whole = true;
    if (member.is_regular && archive_entry_is_data_encrypted(entry)) {
        gap_at(audit, object, member.name, "encrypted", "");
    } else if (member.is_regular) {
        uint64_t limit = audit->limits.file_size;
        uint64_t left = audit->limits.total_size - audit->unpacked;
        enum read_result result = read_member(a, left < limit ? left : limit, &data);
        audit->unpacked += data.size;
        whole = result == READ_ALL;
        if (result == READ_TOO_MUCH)
            gap_at(audit, object, member.name, "larger than the limits when unpacked",
                   "");
        else if (result == READ_DAMAGED)
            gap_at(audit, object, member.name, "damaged", message(a));
        // What there is of a damaged member is looked at all the same.
        member.data = (const uint8_t *)(data.data != NULL ? data.data : "");
        member.size = data.size;
        // cpio has the data of a file with several names at the last, pax may at each.
        if (member.hard_link != NULL && data.size == 0)
            member.data = NULL;
    }
    bool more = visit(opaque, &member);
    xz_text_free(&data);
    return more && (whole || audit->unpacked < audit->limits.total_size);
}

/* All members from the current position. False if it is no archive. */
static bool visit_all(struct xz_audit *audit, const char *object, struct archive *a,
                      bool empty_is_good, xz_member_visit *visit, void *opaque)
{
    struct archive_entry *entry = NULL;
    bool any = false;
    unsigned retries = 0;
    for (;;) {
        int status = archive_read_next_header(a, &entry);
        if (status == ARCHIVE_EOF)
            return any || empty_is_good;
        // libarchive says RETRY where a header is damaged and it searches for the next.
        if (status == ARCHIVE_RETRY && ++retries < MOST_RETRIES) {
            gap_at(audit, object, "", "a damaged member", message(a));
            continue;
        }
        if (status < ARCHIVE_WARN) {
            if (any || retries > 0)
                gap_at(audit, object, "", "a damaged archive", message(a));
            return any;
        }
        any = true;
        if (xz_audit_late(audit, object)
            || !visit_member(audit, object, a, entry, visit, opaque))
            return true;
    }
}

/*
 * Where compressed data ends, as far as its reader went; `size` if only zeros follow or
 * nobody knows.
 */
static size_t compressed_end(struct archive *a, const uint8_t *data, size_t size)
{
    la_int64_t read = archive_filter_bytes(a, -1);
    size_t end = read > 0 && (uint64_t)read < size ? (size_t)read : size;
    for (size_t i = end; i < size; i++) {
        if (data[i] != 0)
            return end;
    }
    return size;
}

bool xz_archive_visit(struct xz_audit *audit, const char *object, const uint8_t *data,
                      size_t size, xz_member_visit *visit, void *opaque)
{
    const struct xz_container *c = xz_container_find(data, size);
    for (int raw = 0; raw <= (c != NULL && c->kind == XZ_CONTAINER_COMPRESSED ? 1 : 0);
         raw++) {
        struct archive *a = open_archive(data, size, raw != 0);
        if (a == NULL)
            continue;
        // Zeros that are compressed would pass for an empty tar file.
        bool empty_is_good =
            raw != 0 || c == NULL || c->kind != XZ_CONTAINER_COMPRESSED;
        bool any = visit_all(audit, object, a, empty_is_good, visit, opaque);
        if (any && c != NULL && c->kind == XZ_CONTAINER_COMPRESSED
            && compressed_end(a, data, size) < size)
            gap_at(audit, object, "",
                   "what stands behind the end of the archive in it was not looked at",
                   "");
        archive_read_free(a);
        if (any)
            return true;
    }
    return false;
}

/*
 * A compressed file unpacked, if that is at most WHOLE_SIZE. False: it is not. What
 * stands behind it begins at *ret_end.
 */
static bool unpack_whole(struct xz_audit *audit, const uint8_t *data, size_t size,
                         struct xz_text *ret, size_t *ret_end)
{
    struct archive *a = open_archive(data, size, true);
    struct archive_entry *entry = NULL;
    uint64_t left = audit->limits.total_size - audit->unpacked;
    uint64_t most = audit->limits.file_size;
    most = most < WHOLE_SIZE ? most : WHOLE_SIZE;
    bool good = a != NULL && archive_read_next_header(a, &entry) >= ARCHIVE_WARN
                && read_member(a, left < most ? left : most, ret) == READ_ALL
                && ret->size > 0;
    *ret_end = good ? compressed_end(a, data, size) : size;
    if (a != NULL)
        archive_read_free(a);
    if (good)
        audit->unpacked += ret->size;
    else
        xz_text_free(ret);
    return good;
}

/* The name that a file gets when it is unpacked: without its last suffix. */
static char *inner_name(const char *object)
{
    const char *name = xz_path_name(object);
    const char *bang = strrchr(name, '!');
    name = bang != NULL ? bang + 1 : name;
    if (name[0] == '+') // what stands behind an archive
        return xz_store_printf("%s!unpacked", object);
    const char *dot = strrchr(name, '.');
    size_t size = dot != NULL && dot > name ? (size_t)(dot - name) : strlen(name);
    const char *tar = dot != NULL && strcmp(dot, ".tgz") == 0 ? ".tar" : "";
    return xz_store_printf("%s!%.*s%s", object, (int)size, name, tar);
}

static uint64_t hex_field(const uint8_t *at)
{
    uint64_t value = 0;
    for (size_t i = 0; i < 8; i++) {
        int c = at[i] | 0x20;
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                           : 0;
        value = value << 4 | (uint64_t)digit;
    }
    return value;
}

/* Where a cpio archive in the "newc" format ends, padding included; 0: unknown. */
static size_t cpio_end(const uint8_t *data, size_t size)
{
    uint64_t pos = 0;
    while (size - pos >= 110 && memcmp(data + pos, "07070", 5) == 0
           && (data[pos + 5] == '1' || data[pos + 5] == '2')) {
        uint64_t file_size = hex_field(data + pos + 54);
        uint64_t name_size = hex_field(data + pos + 94);
        uint64_t name_end = (pos + 110 + name_size + 3) & ~UINT64_C(3);
        uint64_t next = (name_end + file_size + 3) & ~UINT64_C(3);
        if (next > size)
            return 0;
        if (name_size == 11 && memcmp(data + pos + 110, "TRAILER!!!", 10) == 0) {
            while (next < size && data[next] == 0)
                next++;
            return (size_t)next;
        }
        pos = next;
    }
    return 0;
}

struct walk {
    struct xz_audit *audit;
    const char *object;
    unsigned depth;
};

static bool scan_member(void *opaque, const struct xz_member *member)
{
    struct walk *walk = opaque;
    const char *name = member->name;
    while (strncmp(name, "./", 2) == 0)
        name += 2;
    char *inner = xz_store_printf("%s!%s", walk->object, name);
    xz_image_note_member(walk->audit, inner, member);
    if (member->data != NULL)
        xz_scan_object(walk->audit, inner, member->data, member->size, walk->depth + 1);
    if (member->data != NULL && walk->audit->every_archive)
        xz_packages_member(walk->audit, inner, name, member->data, member->size);
    free(inner);
    return true;
}

/* What stands behind the end of a container is the next object. */
static void scan_rest(struct xz_audit *audit, const char *object, const uint8_t *data,
                      size_t size, size_t end, unsigned depth)
{
    if (end == 0 || end >= size)
        return;
    char *rest = xz_store_printf("%s!+%zu", object, end);
    xz_scan_object(audit, rest, data + end, size - end, depth + 1);
    free(rest);
}

static void scan_compressed(struct xz_audit *audit, const char *object,
                            const uint8_t *data, size_t size, unsigned depth)
{
    struct walk walk = {audit, object, depth};
    struct xz_text plain = {0};
    size_t end = size;
    if (unpack_whole(audit, data, size, &plain, &end)) {
        char *inner = inner_name(object);
        xz_scan_object(audit, inner, (const uint8_t *)plain.data, plain.size,
                       depth + 1);
        free(inner);
        xz_text_free(&plain);
        scan_rest(audit, object, data, size, end, depth);
    } else if (xz_archive_visit(audit, object, data, size, scan_member, &walk)) {
        xz_image_finish(audit, object, data, size);
    } else {
        xz_audit_gap(audit, object,
                     "cannot be unpacked: damaged, or of an unknown kind");
    }
}

static void scan_file_system(struct walk *walk, const struct xz_container *c,
                             const uint8_t *data, size_t size)
{
    struct xz_fs fs = {.audit = walk->audit,
                       .object = walk->object,
                       .data = data,
                       .size = size,
                       .visit = scan_member,
                       .opaque = walk};
    if (c->kind == XZ_CONTAINER_EXT4)
        (void)xz_ext4_visit(&fs);
    else
        (void)xz_squashfs_visit(&fs);
    xz_fs_free(&fs);
}

static void scan_container(const struct xz_container *c, struct xz_audit *audit,
                           const char *object, const uint8_t *data, size_t size,
                           unsigned depth)
{
    struct walk walk = {audit, object, depth};
    if (c->kind == XZ_CONTAINER_CLOSED) {
        char *reason = xz_store_printf("%s: could not look into it", c->name);
        xz_audit_gap(audit, object, reason);
        free(reason);
    }
    if (c->kind == XZ_CONTAINER_CLOSED || c->kind == XZ_CONTAINER_IDLE)
        return;
    if (depth >= audit->limits.depth) {
        xz_audit_gap(audit, object, "nested deeper than --max-depth");
        return;
    }
    audit->counts.archives++;
    if (c->kind == XZ_CONTAINER_COMPRESSED) {
        scan_compressed(audit, object, data, size, depth);
        return;
    }
    if (c->kind == XZ_CONTAINER_DISK) {
        xz_partitions_scan(audit, object, data, size, depth);
        return;
    }
    if (c->kind != XZ_CONTAINER_ARCHIVE) {
        scan_file_system(&walk, c, data, size);
        return;
    }
    if (!xz_archive_visit(audit, object, data, size, scan_member, &walk))
        xz_audit_gap(audit, object, "looks like an archive and cannot be read as one");
    size_t end = strcmp(c->name, "cpio") == 0 ? cpio_end(data, size) : size;
    scan_rest(audit, object, data, size, end, depth);
    xz_image_finish(audit, object, data, size);
}

void xz_archive_scan(struct xz_audit *audit, const char *object, const uint8_t *data,
                     size_t size, unsigned depth)
{
    const struct xz_container *c = xz_container_find(data, size);
    if (depth == 0) {
        audit->unpacked = 0;
        xz_words_free(&audit->distros);
    }
    if (c != NULL)
        scan_container(c, audit, object, data, size, depth);
    xz_packages_finish(audit);
}
