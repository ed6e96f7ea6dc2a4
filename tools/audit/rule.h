// SPDX-License-Identifier: 0BSD
// Rules: what is looked for, how bad it is, why, what to do, and who says so.

/*
 * Rules are text, share/audit/<name>.rules, compiled into the program as they are; a
 * user adds files with --rules. A file is a sequence of sections:
 *
 *     [ID]
 *     key: value          the same key again, or an indented line, adds to it
 *
 * docs/audit.md lists the keys. A file with an error in it is refused as a whole.
 */

#ifndef XZ_AUDIT_RULE_H
#define XZ_AUDIT_RULE_H

#include "digest.h"
#include "store.h"

/* Worst last; an audit's verdict is that of its worst finding. */
enum xz_level {
    XZ_LEVEL_INFO,       // worth knowing; the verdict stays clean
    XZ_LEVEL_UNKNOWN,    // could be either
    XZ_LEVEL_AFFECTED,   // a version or a build from the time of the attack
    XZ_LEVEL_SUSPICIOUS, // looks like an attack
    XZ_LEVEL_MANIPULATED // known to be one
};

enum xz_rule_kind {
    XZ_RULE_BYTES,     // a byte pattern
    XZ_RULE_DIGEST,    // hashes of whole files
    XZ_RULE_ALL,       // other rules that fired on the same object
    XZ_RULE_PACKAGE,   // versions of a distribution's packages
    XZ_RULE_STRUCTURE, // a property of an ELF file, tested by code
    XZ_RULE_SOURCE,    // a property of a source file, tested by code
    XZ_RULE_HOST       // something about a running system, tested by code
};

/* Where a byte pattern counts. */
enum xz_scope {
    XZ_SCOPE_CODE,     // executable segments of ELF files
    XZ_SCOPE_READONLY, // segments of ELF files that are not writable
    XZ_SCOPE_FILE,     // files that are not ELF
    XZ_SCOPE_ENVIRON   // environments of processes
};

/* What a file must be for a pattern with XZ_SCOPE_FILE. */
enum xz_form { XZ_FORM_ANY, XZ_FORM_TEXT, XZ_FORM_BINARY };

/* Bytes; those whose mask is 0 may be anything. */
struct xz_pattern {
    uint8_t *bytes;
    uint8_t *mask; // 0xFF or 0
    size_t size;
};

struct xz_digest_entry {
    enum xz_digest_kind kind;
    char *hex;
    uint64_t file_size; // 0: not known
    char *label;        // the role of the file
};

struct xz_rule {
    char *id;
    char *title;
    char *why;
    char *action; // key `do`
    char *source; // URLs
    char *date;   // of the facts, YYYY-MM-DD
    char *test;   // STRUCTURE, SOURCE, HOST: name of the code
    char *check;  // BYTES: SHA-256 of all patterns, gaps as 0; or NULL
    char *system; // PACKAGE: dpkg, rpm, apk, pacman, xbps, folder
    char *file;   // name of the rules file
    size_t line;  // of its [ID]
    enum xz_rule_kind kind;
    enum xz_level level;
    enum xz_scope scope;
    enum xz_form form;
    struct xz_words files;   // globs on names; none: any name
    struct xz_words of;      // ALL: ids
    struct xz_words distros; // PACKAGE: ID or ID_LIKE of os-release, '*' for any
    struct xz_words packages;
    struct xz_words affected; // versions: exact, glob, >=V, <=V, A..B
    struct xz_words clean;
    struct xz_words examples; // the test must fire on each
    struct xz_words counters; // and on none of these
    struct xz_pattern *patterns;
    size_t pattern_count;
    size_t pattern_room;
    struct xz_digest_entry *digests;
    size_t digest_count;
    size_t digest_room;
};

struct xz_rule_set {
    struct xz_rule *rules;
    size_t count;
    size_t room;
    struct xz_words files; // names of the rules files, builtin ones as share/audit/...
    struct xz_text all;    // their content, one after another
    char digest[XZ_DIGEST_HEX]; // SHA-256 of `all`
};

/* Load the rules that are compiled in. Errors in them are errors of the program. */
bool xz_rules_builtin(struct xz_rule_set *set, struct xz_text *error);

/*
 * Add the rules of a text. False, with "FILE:LINE: text" in *error, if anything in it
 * is wrong; the set is then of no use.
 */
bool xz_rules_add(struct xz_rule_set *set, const char *file, const char *text,
                  size_t size, struct xz_text *error);

/* After the last file: references between rules are checked, the digest is made. */
bool xz_rules_settle(struct xz_rule_set *set, struct xz_text *error);

/* The rule of that id, or NULL. */
const struct xz_rule *xz_rules_find(const struct xz_rule_set *set, const char *id);

/* The next rule behind `after` (NULL: the first) that has this test, or NULL. */
const struct xz_rule *xz_rules_of_test(const struct xz_rule_set *set, const char *test,
                                       const struct xz_rule *after);

void xz_rules_free(struct xz_rule_set *set);

/* The word for a level, as in rules and reports. */
const char *xz_level_name(enum xz_level level);

/* A rules file that is compiled in. */
struct xz_rules_file {
    const char *name;
    const char *text;
    const char *end;
};
extern const struct xz_rules_file xz_rules_files[];
extern const size_t xz_rules_file_count;

#endif
