// SPDX-License-Identifier: 0BSD
// One audit: its rules and limits, what was found, what was looked at and what was not.

/*
 * The flow: a subject (host, file, source tree) is cut into objects by collectors; an
 * object gives facts; rules turn facts into findings; the worst finding is the verdict;
 * what could not be looked at is kept beside it and never becomes "clean".
 *
 * An object has a name that leads to it through what contains it, with '!' between:
 * "image.tar!layer.tar!usr/lib/liblzma.so.5".
 */

#ifndef XZ_AUDIT_AUDIT_H
#define XZ_AUDIT_AUDIT_H

#include "matcher.h"
#include "rule.h"

struct xz_finding {
    const struct xz_rule *rule;
    enum xz_level level; // of the rule, or less if the code says why in `evidence`
    char *object;
    bool has_offset;
    uint64_t offset; // in the object
    char *where;     // segment or section, line; may be empty
    char *evidence;  // bytes, version or text; may hold anything
};

/* Something that could not be looked at. */
struct xz_gap {
    char *object;
    char *reason;
};

/* A part that matters for the answer, whatever the verdict on it. */
struct xz_component {
    char *kind; // "liblzma", "static copy", "package", "sshd", "process"
    char *object;
    char *version; // "" if it is not known
    char *sha256;  // "" if it was not hashed
    char *note;
};

/* What one object can cost. */
struct xz_limits {
    unsigned depth;      // containers in containers
    uint64_t file_size;  // bytes of one object
    uint64_t total_size; // bytes unpacked from one file
    uint64_t seconds;    // for all; 0: none
};

/* How much was looked at. */
struct xz_counts {
    uint64_t files;
    uint64_t bytes;
    uint64_t elf;
    uint64_t archives;
    uint64_t packages;
    uint64_t processes;
};

enum xz_verdict {
    XZ_VERDICT_CLEAN,
    XZ_VERDICT_UNKNOWN,
    XZ_VERDICT_AFFECTED, // "affected version, clean content"
    XZ_VERDICT_SUSPICIOUS,
    XZ_VERDICT_MANIPULATED
};

struct xz_audit {
    const struct xz_rule_set *rules;
    struct xz_matcher *elf_matcher;     // patterns for ELF files
    struct xz_matcher *file_matcher;    // patterns for others
    struct xz_matcher *environ_matcher; // patterns for environments
    struct xz_limits limits;
    const char *mode;    // "elf", "file", "host", "source"
    const char *subject; // as the user named it
    const char *sandbox; // what holds it: "landlock and seccomp", ...
    bool hash_all;       // hash every object, not only those of a known size
    bool every_archive;  // unpack whatever is an archive
    bool explain;        // INFO findings on any ELF file

    struct xz_finding *findings;
    size_t finding_count, finding_room;
    struct xz_gap *gaps;
    size_t gap_count, gap_room;
    struct xz_component *components;
    size_t component_count, component_room;
    struct xz_counts counts;
    bool *fired; // by rule: on the current object

    bool self_test_done; // and every rule fired
    size_t self_test_cases;
    uint64_t deadline_ms; // 0: none
    uint64_t unpacked;    // bytes unpacked from the current file
    bool late;            // the deadline has passed and been reported

    /* Called now and then with the name of the current object. May be NULL. */
    void (*progress)(struct xz_audit *audit, const char *object);
    uint64_t next_progress_ms;

    struct xz_words whiteouts;   // objects ".wh.*": what layers of images hide
    struct xz_words image_marks; // objects that make an archive an image
    struct xz_words distros;     // of the os-release met last in the current file
    struct xz_text database;     // the rpm database met last: a log may follow it
    char *database_name;
    bool database_waits; // it has not been read
};

void xz_audit_init(struct xz_audit *audit, const struct xz_rule_set *rules);
void xz_audit_free(struct xz_audit *audit);

/* As if it had been freed and begun anew with the same rules, in less time. */
void xz_audit_reset(struct xz_audit *audit);

/* Start the clock: after this many seconds xz_audit_late() becomes true. */
void xz_audit_start(struct xz_audit *audit, uint64_t seconds);

/* True once the time is up; the first time it leaves a gap for `object`. */
bool xz_audit_late(struct xz_audit *audit, const char *object);

/* A new object begins: no rule has fired on it. */
void xz_audit_object(struct xz_audit *audit, const char *object);

/*
 * Add a finding. `where` and `evidence` may be NULL; offset UINT64_MAX means none. The
 * same rule at the same place of the same object is kept once, and at most 16 of a rule
 * on one object.
 */
void xz_audit_find(struct xz_audit *audit, const struct xz_rule *rule,
                   const char *object, uint64_t offset, const char *where,
                   const char *evidence);

/* The same with a level of its own. */
void xz_audit_find_level(struct xz_audit *audit, const struct xz_rule *rule,
                         enum xz_level level, const char *object, uint64_t offset,
                         const char *where, const char *evidence);

/* Add a finding for every rule that has this test. */
void xz_audit_find_test(struct xz_audit *audit, const char *test, const char *object,
                        uint64_t offset, const char *where, const char *evidence);

/* Say that an object, or what is in it, could not be looked at. */
void xz_audit_gap(struct xz_audit *audit, const char *object, const char *reason);

/* Drop gaps that were added since there were `count` of them. */
void xz_audit_forget_gaps(struct xz_audit *audit, size_t count);

/* Add a component; NULL texts count as empty. */
void xz_audit_component(struct xz_audit *audit, const char *kind, const char *object,
                        const char *version, const char *sha256, const char *note);

enum xz_verdict xz_audit_verdict(const struct xz_audit *audit);
const char *xz_verdict_name(enum xz_verdict verdict);
enum xz_verdict xz_level_verdict(enum xz_level level);

/* 0 clean, 1 manipulated, 2 suspicious or affected, 3 could not look everywhere. */
int xz_audit_exit_status(const struct xz_audit *audit);

/* Milliseconds of a clock that never goes back. */
uint64_t xz_audit_clock_ms(void);

#endif
