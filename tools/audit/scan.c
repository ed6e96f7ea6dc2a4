// SPDX-License-Identifier: 0BSD
// Looks at one object in memory: decides what it is, patterns and hashes of files.

#include "../common/system.h"

#include "archive_walk.h"
#include "container.h"
#include "scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_LOOK    65536
#define EVIDENCE     40
#define MOST_HITS    4096 // per object: more are a finding of their own
#define DIGEST_KINDS 5

/* The name of an object behind the last '!' and '/'. */
static const char *object_name(const char *object)
{
    const char *name = xz_path_name(object);
    const char *bang = strrchr(name, '!');
    return bang != NULL ? bang + 1 : name;
}

bool xz_scan_wants_name(const struct xz_rule *rule, const char *object)
{
    for (size_t i = 0; i < rule->files.count; i++) {
        if (xz_glob_match(rule->files.at[i], object_name(object)))
            return true;
    }
    return rule->files.count == 0;
}

/* The first bytes are enough to tell a text from a binary file. */
bool xz_scan_is_text(const uint8_t *data, size_t size)
{
    size_t look = size < TEXT_LOOK ? size : TEXT_LOOK;
    size_t follow = 0; // continuation bytes that must come
    for (size_t i = 0; i < look; i++) {
        uint8_t c = data[i];
        if (follow > 0) {
            if ((c & 0xC0) != 0x80)
                return false;
            follow--;
        } else if (c >= 0x80) {
            follow = c >= 0xF0 && c < 0xF5   ? 3
                     : c >= 0xE0 && c < 0xF0 ? 2
                     : c >= 0xC2 && c < 0xE0 ? 1
                                             : 0;
            if (follow == 0)
                return false;
        } else if (c < 0x20 && (c < 7 || c > 13) && c != 27) {
            return false;
        }
    }
    return true;
}

char *xz_scan_hex(const uint8_t *data, size_t size)
{
    struct xz_text text = {0};
    for (size_t i = 0; i < size && i < EVIDENCE; i++)
        xz_text_printf(&text, "%s%02x", i == 0 ? "" : " ", data[i]);
    if (size > EVIDENCE)
        xz_text_puts(&text, " ...");
    return xz_text_take(&text);
}

void xz_scan_digests(struct xz_audit *audit, const char *object, const uint8_t *data,
                     size_t size, bool all)
{
    char hex[DIGEST_KINDS][XZ_DIGEST_HEX] = {{0}};
    for (size_t i = 0; i < audit->rules->count; i++) {
        const struct xz_rule *rule = &audit->rules->rules[i];
        for (size_t k = 0; k < rule->digest_count; k++) {
            const struct xz_digest_entry *entry = &rule->digests[k];
            if (entry->file_size != size && (entry->file_size != 0 || !all))
                continue;
            if (!xz_scan_wants_name(rule, object))
                continue;
            char *mine = hex[entry->kind];
            if (mine[0] == '\0')
                xz_digest_hex(entry->kind, data, size, mine);
            if (strcmp(mine, entry->hex) != 0)
                continue;
            char *evidence = xz_store_printf("%s is %s", entry->hex, entry->label);
            xz_audit_find(audit, rule, object, UINT64_MAX, "whole file", evidence);
            free(evidence);
        }
    }
}

void xz_scan_combine(struct xz_audit *audit, const char *object)
{
    for (size_t i = 0; i < audit->rules->count; i++) {
        const struct xz_rule *rule = &audit->rules->rules[i];
        bool all = rule->kind == XZ_RULE_ALL;
        struct xz_text evidence = {0};
        for (size_t k = 0; k < rule->of.count && all; k++) {
            const struct xz_rule *part = xz_rules_find(audit->rules, rule->of.at[k]);
            all = audit->fired[part - audit->rules->rules];
            xz_text_printf(&evidence, "%s%s", k == 0 ? "" : ", ", part->id);
        }
        if (all)
            xz_audit_find(audit, rule, object, UINT64_MAX, NULL, evidence.data);
        xz_text_free(&evidence);
    }
}

struct plain_hits {
    struct xz_audit *audit;
    const char *object;
    const uint8_t *data;
    size_t base;       // of the data in the object
    const char *where; // of signatures in data; may be NULL
    bool text;
    bool container;
    size_t count;
};

static void plain_hit(void *opaque, const struct xz_rule *rule, size_t pattern,
                      size_t offset)
{
    struct plain_hits *hits = opaque;
    bool text = rule->form == XZ_FORM_TEXT;
    bool form = rule->form == XZ_FORM_ANY || text == hits->text;
    // A rule for files of a name: one byte of another character set is no way around.
    form |= text && rule->files.count > 0 && !hits->container;
    if (!form || !xz_scan_wants_name(rule, hits->object) || hits->count++ >= MOST_HITS)
        return;
    size_t size = rule->patterns[pattern].size;
    char *evidence = hits->text || text ? xz_store_bytes(hits->data + offset, size)
                                        : xz_scan_hex(hits->data + offset, size);
    xz_audit_find(hits->audit, rule, hits->object, offset, NULL, evidence);
    free(evidence);
}

/* A signature of ELF files in something else: a disk image, or a text about it. */
static void data_hit(void *opaque, const struct xz_rule *rule, size_t pattern,
                     size_t offset)
{
    struct plain_hits *hits = opaque;
    if (rule->level < XZ_LEVEL_SUSPICIOUS || hits->text || hits->count++ >= MOST_HITS)
        return;
    char *hex = xz_scan_hex(hits->data + offset, rule->patterns[pattern].size);
    char *evidence = xz_store_printf("%s: %s", rule->id, hex);
    offset += hits->base;
    xz_audit_find_test(hits->audit, "signature-in-data", hits->object, offset,
                       hits->where, evidence);
    free(evidence);
    free(hex);
}

static void environ_hit(void *opaque, const struct xz_rule *rule, size_t pattern,
                        size_t offset)
{
    struct plain_hits *hits = opaque;
    (void)pattern;
    xz_audit_find(hits->audit, rule, hits->object, offset, "environment", NULL);
}

void xz_scan_environ(struct xz_audit *audit, const char *object, const uint8_t *data,
                     size_t size)
{
    struct plain_hits hits = {.audit = audit, .object = object, .data = data};
    xz_matcher_run(audit->environ_matcher, data, size, environ_hit, &hits);
}

void xz_scan_part(struct xz_audit *audit, const char *object, const char *where,
                  const uint8_t *data, size_t pos, size_t size)
{
    struct plain_hits hits = {.audit = audit,
                              .object = object,
                              .data = data + pos,
                              .base = pos,
                              .where = where,
                              .text = xz_scan_is_text(data + pos, size)};
    xz_matcher_run(audit->elf_matcher, data + pos, size, data_hit, &hits);
}

void xz_scan_plain(struct xz_audit *audit, const char *object, const uint8_t *data,
                   size_t size)
{
    struct plain_hits hits = {.audit = audit,
                              .object = object,
                              .data = data,
                              .text = xz_scan_is_text(data, size),
                              .container = xz_container_find(data, size) != NULL};
    xz_matcher_run(audit->file_matcher, data, size, plain_hit, &hits);
    if (hits.count >= MOST_HITS)
        xz_audit_gap(audit, object, "too many places look like signatures");
    xz_scan_digests(audit, object, data, size, audit->hash_all);
    xz_scan_combine(audit, object);
}

/*
 * Where a container begins behind a program: an AppImage has a file system behind an
 * ELF file, an installer an archive behind a script. 0: there is none.
 */
static size_t appended(struct xz_audit *audit, const char *object, const uint8_t *data,
                       size_t size)
{
    struct xz_elf elf;
    const char *why = "";
    if (xz_elf_is(data, size)) {
        if (!xz_elf_open(&elf, data, size, &why) || elf.damaged)
            return 0;
        size_t end = xz_elf_end(&elf);
        while (end < size && data[end] == 0)
            end++;
        return xz_container_find(data + end, size - end) != NULL ? end : 0;
    }
    if (!audit->every_archive || size < 2 || memcmp(data, "#!", 2) != 0)
        return 0;
    for (size_t at = 3; at < size && !audit->late; at++) {
        if (data[at - 1] != '\n' || memchr("\n\t #", data[at], 4) != NULL)
            continue;
        bool may = data[at] < ' ' || data[at] >= 0x80
                   || memchr("PB7Lh(0!MRx", data[at], 11) != NULL;
        if (may && !xz_audit_late(audit, object)
            && xz_container_find(data + at, size - at) != NULL)
            return at;
    }
    return 0;
}

static void scan_appended(struct xz_audit *audit, const char *object,
                          const uint8_t *data, size_t size, unsigned depth)
{
    size_t at = appended(audit, object, data, size);
    if (at == 0)
        return;
    char *rest = xz_store_printf("%s!+%zu", object, at);
    if (depth < audit->limits.depth)
        xz_scan_object(audit, rest, data + at, size - at, depth + 1);
    else
        xz_audit_gap(audit, rest, "nested deeper than --max-depth");
    free(rest);
}

void xz_scan_object(struct xz_audit *audit, const char *object, const uint8_t *data,
                    size_t size, unsigned depth)
{
    if (xz_audit_late(audit, object))
        return;
    xz_audit_object(audit, object);
    audit->counts.files++;
    audit->counts.bytes += size;
    if (xz_elf_is(data, size)) {
        xz_scan_elf(audit, object, data, size);
        scan_appended(audit, object, data, size, depth);
        return;
    }
    size_t gaps = audit->gap_count;
    uint64_t files = audit->counts.files;
    xz_scan_plain(audit, object, data, size);
    bool archive = xz_archive_is(audit, object, data, size);
    if (archive)
        xz_archive_scan(audit, object, data, size, depth);
    // What was not, or not wholly, opened as something else may hide a library.
    if (!archive || audit->gap_count > gaps || audit->counts.files == files)
        xz_scan_part(audit, object, NULL, data, 0, size);
    if (!archive)
        scan_appended(audit, object, data, size, depth);
}

uint8_t *xz_scan_read_fd(struct xz_audit *audit, int fd, const char *object,
                         size_t *ret_size)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        xz_audit_gap(audit, object, "not a regular file");
        return NULL;
    }
    if ((uint64_t)st.st_size > audit->limits.file_size) {
        xz_audit_gap(audit, object, "larger than --max-size");
        return NULL;
    }
    size_t size = (size_t)st.st_size;
    uint8_t *data = xz_store_new(size);
    size_t have = 0;
    while (have < size) {
        ssize_t got = read(fd, data + have, size - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            xz_audit_gap(audit, object, strerror(errno));
            free(data);
            return NULL;
        }
        if (got == 0)
            break; // the file has become shorter
        have += (size_t)got;
    }
    *ret_size = have;
    return data;
}

uint8_t *xz_scan_read_file(struct xz_audit *audit, const char *path, size_t *ret_size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        xz_audit_gap(audit, path, strerror(errno));
        return NULL;
    }
    uint8_t *data = xz_scan_read_fd(audit, fd, path, ret_size);
    close(fd);
    return data;
}
