// SPDX-License-Identifier: 0BSD
// Package databases that are text: dpkg, apk, pacman, xbps.

#include "../common/system.h"

#include "packages.h"

#include <stdlib.h>
#include <string.h>

/* A name and a version that are gathered line by line. */
struct entry {
    char *name;
    char *version;
    bool absent; // known, and not installed
};

static void clear(struct entry *entry)
{
    free(entry->name);
    free(entry->version);
    *entry = (struct entry){0};
}

static void finish(const struct xz_package_source *source, struct entry *entry)
{
    if (entry->name != NULL && entry->version != NULL && !entry->absent)
        xz_package_seen(source, entry->name, entry->version);
    clear(entry);
}

static void set(char **slot, const char *line, size_t size)
{
    while (size > 0 && *line == ' ') {
        line++;
        size--;
    }
    free(*slot);
    *slot = xz_store_bytes(line, size);
}

/* The last word of a Status line tells the state. */
static bool is_absent(const char *line, size_t size)
{
    size_t start = size;
    while (start > 0 && line[start - 1] != ' ')
        start--;
    size_t word = size - start;
    return (word == 13 && strncmp(line + start, "not-installed", word) == 0)
           || (word == 12 && strncmp(line + start, "config-files", word) == 0);
}

/* deb822: paragraphs; a package is there unless its Status ends otherwise. */
void xz_pkg_dpkg_read(const struct xz_package_source *source, const char *text)
{
    struct entry entry = {0};
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        if (size == 0)
            finish(source, &entry);
        else if (strncmp(text, "Package:", 8) == 0)
            set(&entry.name, text + 8, size - 8);
        else if (strncmp(text, "Version:", 8) == 0)
            set(&entry.version, text + 8, size - 8);
        else if (strncmp(text, "Status:", 7) == 0)
            entry.absent = is_absent(text, size);
        text += size + (text[size] == '\n');
    }
    finish(source, &entry);
}

/* apk: one letter, a colon, a value; an empty line ends a package. */
void xz_pkg_apk_read(const struct xz_package_source *source, const char *text)
{
    struct entry entry = {0};
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        if (size == 0)
            finish(source, &entry);
        else if (strncmp(text, "P:", 2) == 0)
            set(&entry.name, text + 2, size - 2);
        else if (strncmp(text, "V:", 2) == 0)
            set(&entry.version, text + 2, size - 2);
        text += size + (text[size] == '\n');
    }
    finish(source, &entry);
}

/* pacman: a file a package; the value stands in the line behind %NAME% or %VERSION%. */
void xz_pkg_pacman_read(const struct xz_package_source *source, const char *text)
{
    struct entry entry = {0};
    char **slot = NULL;
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        if (slot != NULL && *slot == NULL)
            set(slot, text, size);
        slot = size == 6 && strncmp(text, "%NAME%", 6) == 0      ? &entry.name
               : size == 9 && strncmp(text, "%VERSION%", 9) == 0 ? &entry.version
                                                                 : NULL;
        text += size + (text[size] == '\n');
    }
    finish(source, &entry);
}

/* xbps: a property list; behind the key "pkgver" stands "NAME-VERSION_REVISION". */
void xz_pkg_xbps_read(const struct xz_package_source *source, const char *text)
{
    static const char key[] = "<key>pkgver</key>";
    static const char open_tag[] = "<string>";
    while ((text = strstr(text, key)) != NULL) {
        struct entry entry = {0};
        text += sizeof(key) - 1;
        text += strspn(text, " \t\r\n");
        if (strncmp(text, open_tag, sizeof(open_tag) - 1) != 0)
            continue;
        text += sizeof(open_tag) - 1;
        size_t size = strcspn(text, "<");
        size_t dash = size;
        while (dash > 0 && text[dash - 1] != '-')
            dash--;
        if (dash == 0)
            continue;
        set(&entry.name, text, dash - 1);
        set(&entry.version, text + dash, size - dash);
        finish(source, &entry);
    }
}
