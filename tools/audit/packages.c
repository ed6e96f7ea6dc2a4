// SPDX-License-Identifier: 0BSD
// Package databases of a system: where they lie, and what the rules say of a package.

#include "../common/system.h"

#include "packages.h"
#include "pkg_version.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool rule_names_distro(const struct xz_rule *rule,
                              const struct xz_words *distros)
{
    for (size_t i = 0; i < distros->count; i++) {
        if (xz_words_has(&rule->distros, distros->at[i]))
            return true;
    }
    return false;
}

static bool rule_means(const struct xz_rule *rule,
                       const struct xz_package_source *source, const char *name)
{
    return rule->kind == XZ_RULE_PACKAGE && strcmp(rule->system, source->system) == 0
           && xz_words_has(&rule->packages, name);
}

/*
 * Rules of the system's distribution come first; those for any distribution count only
 * where there is none.
 */
void xz_package_seen(const struct xz_package_source *source, const char *name,
                     const char *version)
{
    const struct xz_rule_set *rules = source->audit->rules;
    bool known = false;
    bool mentioned = false;
    source->audit->counts.packages++;
    for (size_t i = 0; i < rules->count; i++) {
        const struct xz_rule *rule = &rules->rules[i];
        if (!rule_means(rule, source, name))
            continue;
        mentioned = true;
        known |= rule_names_distro(rule, source->distros);
    }
    if (!mentioned)
        return;
    char *object = xz_store_printf("%s!%s", source->object, name);
    const char *note = "not among the affected versions";
    bool affected = false;
    for (size_t i = 0; i < rules->count; i++) {
        const struct xz_rule *rule = &rules->rules[i];
        if (!rule_means(rule, source, name)
            || (known ? !rule_names_distro(rule, source->distros)
                      : !xz_words_has(&rule->distros, "*")))
            continue;
        if (xz_version_listed(source->system, &rule->clean, version)) {
            // A rule may leave to another what that one names as affected.
            note = affected ? note : "a version that the rules name as clean";
        } else if (xz_version_listed(source->system, &rule->affected, version)) {
            affected = true;
            note = "an affected version";
            xz_audit_find(source->audit, rule, object, UINT64_MAX, source->system,
                          version);
        }
    }
    xz_audit_component(source->audit, "package", object, version, NULL, note);
    free(object);
}

/* Values may stand in quotes of either kind. */
static void add_value(const char *line, size_t size, struct xz_words *ret)
{
    if (size >= 2 && (line[0] == '"' || line[0] == '\'')) {
        line++;
        size -= 2;
    }
    char *value = xz_store_bytes(line, size);
    xz_words_split(ret, value);
    free(value);
}

void xz_packages_distros(const char *text, struct xz_words *ret)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        if (strncmp(text, "ID=", 3) == 0)
            add_value(text + 3, size - 3, ret);
        else if (strncmp(text, "ID_LIKE=", 8) == 0)
            add_value(text + 8, size - 8, ret);
        text += size + (text[size] == '\n');
    }
}

/* Read one database, if it is there, with a reader for text. */
static void read_text(const struct xz_root *root, struct xz_package_source *source,
                      const char *system, const char *path,
                      void (*reader)(const struct xz_package_source *, const char *))
{
    size_t size = 0;
    uint8_t *data = xz_root_read(root, path, &size);
    if (data == NULL)
        return;
    char *text = xz_store_bytes(data, size);
    char *object = xz_root_object(root, path);
    source->system = system;
    source->object = object;
    reader(source, text);
    free(object);
    free(text);
    free(data);
}

static void
read_folder_of_texts(const struct xz_root *root, struct xz_package_source *source,
                     const char *system, const char *folder, const char *file,
                     void (*reader)(const struct xz_package_source *, const char *))
{
    struct xz_words names = {0};
    xz_root_list(root, folder, &names);
    for (size_t i = 0; i < names.count; i++) {
        char *path = xz_store_printf("%s/%s%s", folder, names.at[i], file);
        if (!xz_ends_with(path, ".md5sums"))
            read_text(root, source, system, path, reader);
        free(path);
    }
    xz_words_free(&names);
}

/*
 * Systems whose database is the names of folders. `before` is what stands before the
 * version in a name; the package's name in the rules is that of the second column.
 */
static const struct {
    const char *folder;
    const char *package;
    const char *before;
} folders[] = {
    {"var/db/pkg/app-arch", "app-arch/xz-utils", "xz-utils-"},
    {"home/linuxbrew/.linuxbrew/Cellar/xz", "Cellar/xz", ""},
    {"opt/homebrew/Cellar/xz", "Cellar/xz", ""},
    {"usr/local/Cellar/xz", "Cellar/xz", ""},
    {"nix/store", "nix/store/xz", "-xz-"},
};

static void read_folders(const struct xz_root *root, struct xz_package_source *source)
{
    source->system = "folder";
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        struct xz_words names = {0};
        char *object = xz_root_object(root, folders[i].folder);
        const char *before = folders[i].before;
        size_t skip = before[0] == '-' ? 32 : 0; // the hash of a Nix path
        source->object = object;
        xz_root_list(root, folders[i].folder, &names);
        for (size_t k = 0; k < names.count; k++) {
            const char *name = names.at[k];
            if (strlen(name) > skip
                && strncmp(name + skip, before, strlen(before)) == 0)
                xz_package_seen(source, folders[i].package,
                                name + skip + strlen(before));
        }
        free(object);
        xz_words_free(&names);
    }
}

static bool exists(const struct xz_root *root, const char *path)
{
    int fd = xz_root_open_file(root, path);
    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

/* An rpm database and its log; what a transaction left that was cut off is a gap. */
static void read_sqlite(const struct xz_root *root, struct xz_package_source *source,
                        const char *path, const uint8_t *data, size_t size)
{
    size_t log_size = 0;
    size_t journal_size = 0;
    char *log_path = xz_store_printf("%s-wal", path);
    char *journal_path = xz_store_printf("%s-journal", path);
    uint8_t *log = xz_root_read(root, log_path, &log_size);
    uint8_t *journal = xz_root_read(root, journal_path, &journal_size);
    if (log_size > 0)
        xz_pkg_rpm_sqlite_log(source, data, size, log, log_size);
    else
        xz_pkg_rpm_sqlite(source, data, size);
    if (journal_size > 0 && journal[0] != 0)
        xz_audit_gap(root->audit, source->object,
                     "a -journal file tells of a change that was not finished");
    free(log);
    free(journal);
    free(log_path);
    free(journal_path);
}

/* The database of rpm in a folder, in any of its forms. True if there was one. */
static bool read_rpm(const struct xz_root *root, struct xz_package_source *source,
                     const char *folder)
{
    bool any = false;
    static const char *const files[] = {"rpmdb.sqlite", "Packages.db", "Packages"};
    source->system = "rpm";
    for (size_t i = 0; i < 3; i++) {
        size_t size = 0;
        char *path = xz_store_printf("%s/%s", folder, files[i]);
        char *object = xz_root_object(root, path);
        uint8_t *data = xz_root_read(root, path, &size);
        source->object = object;
        any |= data != NULL;
        if (data != NULL && i == 0)
            read_sqlite(root, source, path, data, size);
        else if (data != NULL && i == 1)
            xz_pkg_rpm_ndb(source, data, size);
        else if (data != NULL)
            xz_pkg_rpm_bdb(source, data, size);
        free(data);
        free(path);
        free(object);
    }
    return any;
}

void xz_packages_read(const struct xz_root *root)
{
    struct xz_words distros = {0};
    struct xz_package_source source = {.audit = root->audit, .distros = &distros};
    size_t size = 0;
    uint8_t *release = xz_root_read(root, "etc/os-release", &size);
    if (release == NULL)
        release = xz_root_read(root, "usr/lib/os-release", &size);
    if (release != NULL) {
        char *text = xz_store_bytes(release, size);
        xz_packages_distros(text, &distros);
        free(text);
    }
    free(release);
    read_text(root, &source, "dpkg", "var/lib/dpkg/status", xz_pkg_dpkg_read);
    read_folder_of_texts(root, &source, "dpkg", "var/lib/dpkg/status.d", "",
                         xz_pkg_dpkg_read);
    read_text(root, &source, "apk", "lib/apk/db/installed", xz_pkg_apk_read);
    if (!exists(root, "lib/apk/db/installed"))
        read_text(root, &source, "apk", "usr/lib/apk/db/installed", xz_pkg_apk_read);
    read_folder_of_texts(root, &source, "pacman", "var/lib/pacman/local", "/desc",
                         xz_pkg_pacman_read);
    static const char *const rpm_folders[] = {"usr/lib/sysimage/rpm", "var/lib/rpm"};
    for (size_t i = 0; i < 2; i++) { // the second may be a link to the first
        if (read_rpm(root, &source, rpm_folders[i]))
            break;
    }
    read_text(root, &source, "xbps", "var/db/xbps/pkgdb-0.38.plist", xz_pkg_xbps_read);
    read_folders(root, &source);
    xz_words_free(&distros);
}

/* A database in an archive waits: its log may follow. */
static void keep_member(const struct xz_package_source *source, const uint8_t *data,
                        size_t size)
{
    struct xz_audit *audit = source->audit;
    xz_packages_finish(audit);
    free(audit->database_name);
    xz_text_free(&audit->database);
    audit->database_name = xz_store_copy(source->object);
    audit->database_waits = true;
    xz_text_add(&audit->database, data, size);
}

void xz_packages_finish(struct xz_audit *audit)
{
    struct xz_package_source source = {.audit = audit,
                                       .system = "rpm",
                                       .object = audit->database_name,
                                       .distros = &audit->distros};
    if (audit->database_waits)
        xz_pkg_rpm_sqlite(&source, (const uint8_t *)audit->database.data,
                          audit->database.size);
    audit->database_waits = false;
}

/* A log, with the database that came before it. */
static void read_member_log(const struct xz_package_source *source, const uint8_t *data,
                            size_t size)
{
    const struct xz_text *database = &source->audit->database;
    struct xz_package_source main = *source;
    const char *name = source->audit->database_name;
    main.object = name;
    size_t length = strlen(source->object) - strlen("-wal");
    if (size == 0)
        return;
    if (name != NULL && strlen(name) == length
        && memcmp(name, source->object, length) == 0) {
        source->audit->database_waits = false;
        xz_pkg_rpm_sqlite_log(&main, (const uint8_t *)database->data, database->size,
                              data, size);
    } else {
        xz_audit_gap(source->audit, source->object,
                     "the -wal file of an rpm database that did not come before it");
    }
}

static const struct {
    const char *path; // with * for anything
    const char *system;
    void (*text)(const struct xz_package_source *, const char *);
    void (*binary)(const struct xz_package_source *, const uint8_t *, size_t);
} members[] = {
    {"var/lib/dpkg/status", "dpkg", xz_pkg_dpkg_read, NULL},
    {"var/lib/dpkg/status.d/*.md5sums", NULL, NULL, NULL},
    {"var/lib/dpkg/status.d/*", "dpkg", xz_pkg_dpkg_read, NULL},
    {"lib/apk/db/installed", "apk", xz_pkg_apk_read, NULL},
    {"usr/lib/apk/db/installed", "apk", xz_pkg_apk_read, NULL},
    {"var/lib/pacman/local/*/desc", "pacman", xz_pkg_pacman_read, NULL},
    {"var/db/xbps/pkgdb-0.38.plist", "xbps", xz_pkg_xbps_read, NULL},
    {"usr/lib/sysimage/rpm/rpmdb.sqlite", "rpm", NULL, keep_member},
    {"var/lib/rpm/rpmdb.sqlite", "rpm", NULL, keep_member},
    {"usr/lib/sysimage/rpm/Packages.db", "rpm", NULL, xz_pkg_rpm_ndb},
    {"var/lib/rpm/Packages.db", "rpm", NULL, xz_pkg_rpm_ndb},
    {"usr/lib/sysimage/rpm/Packages", "rpm", NULL, xz_pkg_rpm_bdb},
    {"var/lib/rpm/Packages", "rpm", NULL, xz_pkg_rpm_bdb},
    {"usr/lib/sysimage/rpm/rpmdb.sqlite-wal", "rpm", NULL, read_member_log},
    {"var/lib/rpm/rpmdb.sqlite-wal", "rpm", NULL, read_member_log},
};

void xz_packages_member(struct xz_audit *audit, const char *object, const char *name,
                        const uint8_t *data, size_t size)
{
    struct xz_package_source source = {
        .audit = audit, .object = object, .distros = &audit->distros};
    size_t i = 0;
    name += *name == '/';
    while (i < sizeof(members) / sizeof(members[0])
           && !xz_glob_match(members[i].path, name))
        i++;
    bool is_release = xz_glob_match("etc/os-release", name)
                      || xz_glob_match("usr/lib/os-release", name);
    if (i == sizeof(members) / sizeof(members[0]) && !is_release)
        return;
    char *text = xz_store_bytes(data, size);
    if (is_release) {
        xz_words_free(&audit->distros);
        xz_packages_distros(text, &audit->distros);
    } else {
        source.system = members[i].system;
        if (members[i].text != NULL)
            members[i].text(&source, text);
        else if (members[i].binary != NULL)
            members[i].binary(&source, data, size);
    }
    free(text);
}
