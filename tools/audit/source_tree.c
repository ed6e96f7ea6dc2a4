// SPDX-License-Identifier: 0BSD
// A source tree or release tarball: every file, then what only all of them tell.

/*
 * Each file is looked at by itself while it is in memory. What needs the others waits:
 *
 *     opaque files     are they named by a line of a build script that reads?
 *     object files     is there a source they are made from?
 *     git              which of its files has the release not?
 *
 * For that the texts of build scripts are kept, and the names of the rest. Files in
 * archives that are part of the sources (test data) are not unpacked: they are opaque.
 */

#include "../common/system.h"

#include "archive_walk.h"
#include "container.h"
#include "root_files.h"
#include "scan.h"
#include "source_lint.h"
#include "source_tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SCRIPTS_MAX (128U << 20) // bytes of build scripts that are kept

struct sources {
    struct xz_audit *audit;
    struct xz_git_tree *git; // or NULL
    const char *container;   // path of the tree or tarball
    char separator;          // '/' of a tree, '!' of a tarball
    struct xz_words paths;   // all files
    struct xz_words ids;     // git's, at the same positions; "" without git
    struct xz_words scripts; // objects of build scripts
    struct xz_words texts;   // their contents
    size_t texts_size;
    struct xz_words opaque;  // paths of files that are neither text nor image
    struct xz_words objects; // paths of object files
    struct xz_words names;   // names of all files, without folders
};

static char *object_of(const struct sources *s, const char *path)
{
    return xz_store_printf("%s%c%s", s->container, s->separator, path);
}

/* Formats that people draw or typeset: reading them in a build is their purpose. */
static bool is_media(const char *path)
{
    static const char *const ends[] = {
        ".png",  ".jpg",   ".jpeg", ".gif", ".ico", ".icns", ".pdf", ".ttf", ".otf",
        ".woff", ".woff2", ".webp", ".bmp", ".wav", ".mp3",  ".gmo", ".mo",  NULL};
    for (size_t i = 0; ends[i] != NULL; i++) {
        if (xz_ends_with(path, ends[i]))
            return true;
    }
    return false;
}

static void do_text(struct sources *s, const char *object, const char *path,
                    const uint8_t *data, size_t size)
{
    char *text = xz_store_bytes(data, size);
    size_t kept = 0;
    for (size_t i = 0; i < size; i++) { // shells pass over bytes that are 0
        if (text[i] != '\0')
            text[kept++] = text[i];
    }
    text[kept] = '\0';
    size = kept;
    xz_source_lint(s->audit, object, path, text, size);
    // Scripts of tests read test data; what a build reads, its own scripts say.
    if (xz_source_is_build_script(path) && s->texts_size + size <= SCRIPTS_MAX) {
        xz_words_add(&s->scripts, object);
        xz_words_add(&s->texts, text);
        s->texts_size += size;
    }
    free(text);
}

/* A shell does not care in which characters a script's comments are written. */
static void do_opaque(struct sources *s, const char *object, const char *path,
                      const uint8_t *data, size_t size)
{
    bool calls = size > 2 && memcmp(data, "#!", 2) == 0;
    if (is_media(path))
        return;
    if (size > 16)
        xz_words_add(&s->opaque, path);
    // What begins so is run as a script, whatever mark stands in it.
    if (calls
        || (xz_source_is_build_script(path) && xz_container_find(data, size) == NULL))
        do_text(s, object, path, data, size);
}

static void do_file(struct sources *s, const char *path, const uint8_t *data,
                    size_t size)
{
    struct xz_audit *audit = s->audit;
    char id[XZ_DIGEST_HEX] = "";
    char *object = object_of(s, path);
    xz_audit_object(audit, object);
    audit->counts.files++;
    audit->counts.bytes += size;
    if (s->git != NULL)
        xz_digest_hex(s->git->kind, data, size, id);
    xz_words_add(&s->paths, path);
    xz_words_add(&s->ids, id);
    xz_words_add(&s->names, xz_path_name(path));
    if (xz_elf_is(data, size))
        xz_scan_elf(audit, object, data, size);
    else
        xz_scan_plain(audit, object, data, size);
    if (xz_ends_with(path, ".o") || xz_ends_with(path, ".lo")
        || xz_ends_with(path, ".obj"))
        xz_words_add(&s->objects, path);
    if (xz_source_is_binary(path, data, size))
        xz_audit_find_test(audit, "binary-in-source", object, UINT64_MAX, NULL, path);
    else if (xz_scan_is_text(data, size))
        do_text(s, object, path, data, size);
    else
        do_opaque(s, object, path, data, size);
    if (xz_source_is_noise(path, data, size))
        xz_audit_find_test(audit, "noise-in-text", object, UINT64_MAX, NULL, path);
    free(object);
}

/* A link is compared by where it leads. */
static void do_link(struct sources *s, const char *path, const char *target)
{
    char id[XZ_DIGEST_HEX] = "";
    if (s->git != NULL)
        xz_digest_hex(s->git->kind, target, strlen(target), id);
    xz_words_add(&s->paths, path);
    xz_words_add(&s->ids, id);
}

static const char *without_dots(const char *name)
{
    while (strncmp(name, "./", 2) == 0)
        name += 2;
    return name;
}

/* Another name of a file that came before. */
static void do_hard_link(struct sources *s, const char *path, const char *target)
{
    const char *id = "";
    for (size_t i = 0; s->git != NULL && i < s->paths.count; i++) {
        if (strcmp(s->paths.at[i], target) == 0)
            id = s->ids.at[i];
    }
    if (xz_source_is_build_script(path) && !xz_source_is_build_script(target)) {
        char *object = object_of(s, path);
        xz_audit_gap(s->audit, object, "a build script by its second name only");
        free(object);
    }
    char *copy = xz_store_printf("%s", id);
    xz_words_add(&s->paths, path);
    xz_words_add(&s->ids, copy);
    xz_words_add(&s->names, xz_path_name(path));
    free(copy);
}

static bool visit_member(void *opaque, const struct xz_member *member)
{
    struct sources *s = opaque;
    const char *name = without_dots(member->name);
    if (member->data != NULL)
        do_file(s, name, member->data, member->size);
    else if (member->link != NULL)
        do_link(s, name, member->link);
    else if (member->hard_link != NULL)
        do_hard_link(s, name, without_dots(member->hard_link));
    return true;
}

static void read_tarball(struct sources *s)
{
    size_t size = 0;
    uint8_t *data = xz_scan_read_file(s->audit, s->container, &size);
    if (data == NULL)
        return;
    s->separator = '!';
    s->audit->unpacked = 0;
    xz_audit_object(s->audit, s->container);
    xz_scan_digests(s->audit, s->container, data, size, true);
    if (!xz_archive_visit(s->audit, s->container, data, size, visit_member, s))
        xz_audit_gap(s->audit, s->container, "neither a folder nor an archive");
    free(data);
}

/* One entry of a folder; folders wait in the list. */
static void do_entry(struct sources *s, struct xz_words *folders, const char *path)
{
    char *full = object_of(s, path);
    struct stat st;
    char target[4096];
    size_t size = 0;
    if (lstat(full, &st) != 0) {
        xz_audit_gap(s->audit, full, strerror(errno));
    } else if (S_ISDIR(st.st_mode)) {
        xz_words_add(folders, path);
    } else if (S_ISLNK(st.st_mode)) {
        ssize_t length = readlinkat(AT_FDCWD, full, target, sizeof(target) - 1);
        if (length > 0) {
            target[length] = '\0';
            do_link(s, path, target);
        }
    } else if (S_ISREG(st.st_mode)) {
        uint8_t *data = xz_scan_read_file(s->audit, full, &size);
        if (data != NULL)
            do_file(s, path, data, size);
        free(data);
    }
    free(full);
}

static void read_tree(struct sources *s)
{
    struct xz_words folders = {0};
    struct xz_root root;
    s->separator = '/';
    if (!xz_root_open(&root, s->audit, s->container))
        return;
    xz_words_add(&folders, "");
    while (folders.count > 0 && !xz_audit_late(s->audit, s->container)) {
        struct xz_words names = {0};
        char *folder = folders.at[--folders.count];
        xz_root_list(&root, folder, &names);
        for (size_t i = 0; i < names.count; i++) {
            if (strcmp(names.at[i], ".git") == 0)
                continue;
            char *path = xz_store_printf("%s%s%s", folder, *folder != '\0' ? "/" : "",
                                         names.at[i]);
            do_entry(s, &folders, path);
            free(path);
        }
        xz_words_free(&names);
        free(folder);
    }
    xz_words_free(&folders);
    xz_root_close(&root);
}

static void judge_opaque(struct sources *s)
{
    for (size_t i = 0; i < s->opaque.count; i++) {
        const char *name = xz_path_name(s->opaque.at[i]);
        if (strlen(name) < 4 || xz_audit_late(s->audit, s->container))
            continue;
        for (size_t k = 0; k < s->scripts.count; k++)
            xz_source_lint_reads(s->audit, s->scripts.at[k], s->texts.at[k], name);
    }
}

void xz_source_judge_object(struct xz_audit *audit, const char *object,
                            const char *name, const struct xz_words *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        if (xz_source_makes(name, sources->at[i]))
            return;
    }
    xz_audit_find_test(audit, "object-without-source", object, UINT64_MAX, NULL, name);
}

static void judge_objects(struct sources *s)
{
    for (size_t i = 0; i < s->objects.count; i++) {
        char *object = object_of(s, s->objects.at[i]);
        xz_source_judge_object(s->audit, object, xz_path_name(s->objects.at[i]),
                               &s->names);
        free(object);
    }
}

/* Length of the folder, with its slash, that all files of a tarball lie in; 0: none. */
static size_t common_folder(const struct sources *s)
{
    size_t size = s->paths.count > 0 ? strcspn(s->paths.at[0], "/") + 1 : 0;
    for (size_t i = 0; i < s->paths.count; i++) {
        if (strncmp(s->paths.at[i], s->paths.at[0], size) != 0
            || strlen(s->paths.at[i]) < size)
            return 0;
    }
    return s->separator == '!' ? size : 0;
}

static void compare_with_git(struct sources *s)
{
    size_t skip = common_folder(s);
    for (size_t i = 0; i < s->paths.count; i++) {
        const char *path = s->paths.at[i] + skip;
        struct xz_git_file *file = xz_git_tree_find(s->git, path);
        char *object = object_of(s, s->paths.at[i]);
        if (file != NULL)
            file->met = true;
        const char *state = file == NULL                          ? "extra"
                            : strcmp(file->id, s->ids.at[i]) != 0 ? "changed"
                                                                  : "same";
        xz_source_judge_release(s->audit, object, path, state);
        free(object);
    }
    for (size_t i = 0; i < s->git->count; i++) {
        if (!s->git->files[i].met)
            xz_source_judge_release(s->audit, s->container, s->git->files[i].path,
                                    "missing");
    }
}

void xz_source_audit(struct xz_audit *audit, const char *path, struct xz_git_tree *git)
{
    struct sources s = {.audit = audit, .git = git, .container = path};
    struct stat st;
    audit->hash_all = true;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        read_tree(&s);
    else
        read_tarball(&s);
    judge_opaque(&s);
    judge_objects(&s);
    if (git != NULL)
        compare_with_git(&s);
    struct xz_words *all[] = {&s.paths,  &s.ids,     &s.scripts, &s.texts,
                              &s.opaque, &s.objects, &s.names};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        xz_words_free(all[i]);
}
