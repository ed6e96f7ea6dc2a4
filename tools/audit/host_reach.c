// SPDX-License-Identifier: 0BSD
// Whether sshd needs liblzma, and through which libraries, without running a loader.

/*
 * The dynamic loader's search is followed on paper (ld.so(8)): RUNPATH or RPATH of the
 * file with $ORIGIN, folders of /etc/ld.so.conf, then the standard ones. A library for
 * another machine or class is passed over, as the loader does. Breadth first, so that
 * the chain that is told is a shortest one.
 *
 * libsystemd 256 and later has no NEEDED entry for liblzma: it loads it when it needs
 * it, and says so in a note section. That is told as "on demand".
 */

#include "../common/system.h"

#include "elf_facts.h"
#include "host.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_OBJECTS 512
#define MOST_FOLDERS 256

static const char *const programs[] = {
    "usr/sbin/sshd",
    "usr/bin/sshd",
    "usr/local/sbin/sshd",
    "usr/lib/openssh/sshd-session",
    "usr/libexec/openssh/sshd-session",
    "usr/lib/ssh/sshd-session",
};

static const char *const standard_folders[] = {
    "lib64",
    "usr/lib64",
    "lib",
    "usr/lib",
    "lib/x86_64-linux-gnu",
    "usr/lib/x86_64-linux-gnu",
    "lib/aarch64-linux-gnu",
    "usr/lib/aarch64-linux-gnu",
};

struct reach {
    const struct xz_root *root;
    struct xz_words folders; // of ld.so.conf and the standard ones
    struct xz_words names;   // objects in the order in which they were found
    struct xz_words paths;   // where they are; "" if they were not found
    size_t parents[MOST_OBJECTS];
    uint16_t machine;
    bool is64;
    size_t on_demand; // 1 + the object that loads liblzma itself; 0: none
};

/* A line of ld.so.conf: a folder, or include with a pattern for files. */
static void read_conf(struct reach *r, const char *path, bool may_include);

static void do_include(struct reach *r, const char *pattern)
{
    struct xz_words names = {0};
    const char *glob = xz_path_name(pattern);
    if (glob == pattern)
        return;
    char *folder = xz_store_bytes(pattern, (size_t)(glob - pattern));
    xz_root_list(r->root, folder, &names);
    for (size_t i = 0; i < names.count; i++) {
        if (!xz_glob_match(glob, names.at[i]))
            continue;
        char *path = xz_store_printf("%s%s", folder, names.at[i]);
        read_conf(r, path, false);
        free(path);
    }
    xz_words_free(&names);
    free(folder);
}

static void read_conf(struct reach *r, const char *path, bool may_include)
{
    size_t size = 0;
    uint8_t *data = xz_root_read(r->root, path, &size);
    char *text = data != NULL ? xz_store_bytes(data, size) : NULL;
    for (char *line = text; line != NULL && *line != '\0';) {
        char *end = line + strcspn(line, "\n");
        bool last = *end == '\0';
        *end = '\0';
        line[strcspn(line, "#")] = '\0';
        struct xz_words words = {0};
        xz_words_split(&words, line);
        if (words.count == 2 && strcmp(words.at[0], "include") == 0 && may_include)
            do_include(r, words.at[1]);
        else if (words.count == 1 && r->folders.count < MOST_FOLDERS)
            xz_words_add(&r->folders, words.at[0]);
        xz_words_free(&words);
        line = last ? end : end + 1;
    }
    free(text);
    free(data);
}

/* True if there is an ELF file for the right machine at this path. */
static bool fits(struct reach *r, const char *path)
{
    struct xz_elf elf;
    uint8_t head[64];
    const char *why = NULL;
    int fd = xz_root_open_file(r->root, path);
    ssize_t got = fd >= 0 ? pread(fd, head, sizeof(head), 0) : -1;
    if (fd >= 0)
        close(fd);
    return got == 64 && xz_elf_open(&elf, head, sizeof(head), &why)
           && elf.machine == r->machine && elf.is64 == r->is64;
}

/* RUNPATH with $ORIGIN, which is the folder of the file. The caller frees it. */
static char *expand(const char *folder, const char *object)
{
    static const char *const names[] = {"$ORIGIN", "${ORIGIN}"};
    const char *slash = xz_path_name(object);
    for (size_t i = 0; i < 2; i++) {
        size_t size = strlen(names[i]);
        if (strncmp(folder, names[i], size) == 0)
            return xz_store_printf("%.*s%s", (int)(slash - object), object,
                                   folder + size + (folder[size] == '/'));
    }
    return xz_store_copy(folder);
}

/* Where the loader would find a library; NULL if it would not. */
static char *find_library(struct reach *r, const char *name, const char *object,
                          const struct xz_words *search)
{
    char *path = NULL;
    if (strchr(name, '/') != NULL)
        return fits(r, name) ? xz_store_copy(name) : NULL;
    for (size_t i = 0; i < search->count + r->folders.count; i++) {
        char *folder = i < search->count
                           ? expand(search->at[i], object)
                           : xz_store_copy(r->folders.at[i - search->count]);
        path = xz_store_printf("%s/%s", folder, name);
        free(folder);
        if (fits(r, path))
            return path;
        free(path);
    }
    return NULL;
}

static void add_object(struct reach *r, const char *name, const char *path,
                       size_t parent)
{
    if (r->names.count == MOST_OBJECTS || xz_words_has(&r->names, name))
        return;
    r->parents[r->names.count] = parent;
    xz_words_add(&r->names, name);
    xz_words_add(&r->paths, path);
}

/* True if a note section names liblzma as something to load when needed. */
static bool loads_on_demand(const struct xz_elf *elf)
{
    static const char name[] = "liblzma.so";
    struct xz_elf_section section;
    for (size_t i = 0; xz_elf_section_get(elf, i, &section); i++) {
        if (strcmp(section.name, ".note.dlopen") != 0 || section.offset > elf->size)
            continue;
        uint64_t end = elf->size - section.offset;
        end = section.offset + (section.size < end ? section.size : end);
        for (uint64_t at = section.offset; at + sizeof(name) <= end; at++) {
            if (memcmp(elf->data + at, name, sizeof(name) - 1) == 0)
                return true;
        }
    }
    return false;
}

/* Add what object number `i` needs. */
static void follow(struct reach *r, size_t i)
{
    struct xz_elf elf;
    struct xz_elf_facts facts;
    const char *why = NULL;
    const char *path = r->paths.at[i];
    size_t size = 0;
    if (*path == '\0')
        return;
    uint8_t *data = xz_root_read(r->root, path, &size);
    if (data != NULL && xz_elf_open(&elf, data, size, &why)) {
        xz_elf_facts_collect(&elf, &facts);
        if (i == 0) {
            r->machine = elf.machine;
            r->is64 = elf.is64;
        }
        if (r->on_demand == 0 && loads_on_demand(&elf))
            r->on_demand = i + 1;
        for (size_t k = 0; k < facts.needed.count; k++) {
            char *found =
                find_library(r, facts.needed.at[k], path, &facts.search_paths);
            add_object(r, facts.needed.at[k], found != NULL ? found : "", i);
            free(found);
        }
        xz_elf_facts_free(&facts);
    }
    free(data);
}

/* "sshd > libsystemd.so.0 > liblzma.so.5"; the caller frees it. */
static char *chain_of(const struct reach *r, size_t i)
{
    char *chain = xz_store_copy(r->names.at[i]);
    for (; i != 0; i = r->parents[i]) {
        char *longer = xz_store_printf("%s > %s", r->names.at[r->parents[i]], chain);
        free(chain);
        chain = longer;
    }
    return chain;
}

void xz_reach_judge(struct xz_audit *audit, const char *object, const char *chain)
{
    const char *last = strrchr(chain, ' ');
    if (last != NULL && strncmp(last + 1, "liblzma.so", 10) == 0)
        xz_audit_find_test(audit, "sshd-reaches", object, UINT64_MAX, NULL, chain);
}

static void do_program(struct reach *r, const char *program)
{
    char *object = xz_root_object(r->root, program);
    char *note = xz_store_copy("does not reach liblzma");
    add_object(r, xz_path_name(program), program, 0);
    for (size_t i = 0; i < r->names.count; i++)
        follow(r, i);
    for (size_t i = 0; i < r->names.count; i++) {
        if (strncmp(r->names.at[i], "liblzma.so", 10) != 0)
            continue;
        char *chain = chain_of(r, i);
        xz_reach_judge(r->root->audit, object, chain);
        free(note);
        note = xz_store_printf("%s at %s", chain,
                               *r->paths.at[i] != '\0' ? r->paths.at[i] : "no place");
        free(chain);
        r->on_demand = 0;
        break;
    }
    if (r->on_demand != 0) {
        char *chain = chain_of(r, r->on_demand - 1);
        free(note);
        note = xz_store_printf("%s, which loads liblzma on demand", chain);
        free(chain);
    }
    xz_audit_component(r->root->audit, "reach", object, NULL, NULL, note);
    free(note);
    free(object);
}

void xz_host_reach(const struct xz_root *root)
{
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        struct reach r = {.root = root};
        int fd = xz_root_open_file(root, programs[i]);
        if (fd < 0)
            continue;
        close(fd);
        read_conf(&r, "etc/ld.so.conf", true);
        for (size_t k = 0; k < sizeof(standard_folders) / sizeof(standard_folders[0]);
             k++)
            xz_words_add(&r.folders, standard_folders[k]);
        do_program(&r, programs[i]);
        xz_words_free(&r.folders);
        xz_words_free(&r.names);
        xz_words_free(&r.paths);
    }
}
