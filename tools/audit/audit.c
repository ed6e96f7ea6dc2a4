// SPDX-License-Identifier: 0BSD
// What an audit has found and not looked at, and the verdict that follows.

#include "../common/system.h"

#include "audit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PER_OBJECT 16 // findings of one rule on one object

/* All but the matchers, as for a new audit. */
static void set_defaults(struct xz_audit *audit, const struct xz_rule_set *rules)
{
    *audit = (struct xz_audit){
        .rules = rules,
        .elf_matcher = audit->elf_matcher,
        .file_matcher = audit->file_matcher,
        .environ_matcher = audit->environ_matcher,
        .limits = {.depth = 8,
                   .file_size = 512U << 20,
                   .total_size = UINT64_C(8) << 30},
        .mode = "",
        .subject = "",
        .sandbox = "none",
        .fired = xz_store_new(rules->count * sizeof(bool)),
    };
}

void xz_audit_init(struct xz_audit *audit, const struct xz_rule_set *rules)
{
    audit->elf_matcher =
        xz_matcher_new(rules, 1U << XZ_SCOPE_CODE | 1U << XZ_SCOPE_READONLY);
    audit->file_matcher = xz_matcher_new(rules, 1U << XZ_SCOPE_FILE);
    audit->environ_matcher = xz_matcher_new(rules, 1U << XZ_SCOPE_ENVIRON);
    set_defaults(audit, rules);
}

static void free_all_but_matchers(struct xz_audit *audit)
{
    for (size_t i = 0; i < audit->finding_count; i++) {
        free(audit->findings[i].object);
        free(audit->findings[i].where);
        free(audit->findings[i].evidence);
    }
    for (size_t i = 0; i < audit->gap_count; i++) {
        free(audit->gaps[i].object);
        free(audit->gaps[i].reason);
    }
    for (size_t i = 0; i < audit->component_count; i++) {
        struct xz_component *c = &audit->components[i];
        free(c->kind);
        free(c->object);
        free(c->version);
        free(c->sha256);
        free(c->note);
    }
    free(audit->findings);
    free(audit->gaps);
    free(audit->components);
    free(audit->fired);
    xz_words_free(&audit->whiteouts);
    xz_words_free(&audit->distros);
    xz_text_free(&audit->database);
    free(audit->database_name);
    xz_words_free(&audit->image_marks);
}

void xz_audit_reset(struct xz_audit *audit)
{
    free_all_but_matchers(audit);
    set_defaults(audit, audit->rules);
}

void xz_audit_free(struct xz_audit *audit)
{
    free_all_but_matchers(audit);
    xz_matcher_free(audit->elf_matcher);
    xz_matcher_free(audit->file_matcher);
    xz_matcher_free(audit->environ_matcher);
}

uint64_t xz_audit_clock_ms(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void xz_audit_start(struct xz_audit *audit, uint64_t seconds)
{
    audit->deadline_ms = seconds == 0 ? 0 : xz_audit_clock_ms() + seconds * 1000;
    audit->late = false;
}

bool xz_audit_late(struct xz_audit *audit, const char *object)
{
    if (audit->late)
        return true;
    if (audit->deadline_ms == 0 || xz_audit_clock_ms() < audit->deadline_ms)
        return false;
    audit->late = true;
    xz_audit_gap(audit, object, "the time limit was reached here and work ended");
    return true;
}

void xz_audit_object(struct xz_audit *audit, const char *object)
{
    memset(audit->fired, 0, audit->rules->count * sizeof(bool));
    if (audit->progress == NULL)
        return;
    uint64_t now = xz_audit_clock_ms();
    if (now < audit->next_progress_ms)
        return;
    audit->next_progress_ms = now + 200;
    audit->progress(audit, object);
}

/* True if a finding is new, and not the 17th of its rule on this object. */
static bool is_wanted(const struct xz_audit *audit, const struct xz_rule *rule,
                      const char *object, uint64_t offset, const char *where)
{
    size_t same = 0;
    for (size_t i = audit->finding_count; i-- > 0 && same < PER_OBJECT;) {
        const struct xz_finding *old = &audit->findings[i];
        if (old->rule != rule || strcmp(old->object, object) != 0)
            continue;
        same++;
        // An offset is a place of its own, whatever it is called.
        if (old->has_offset ? old->offset == offset
                            : offset == UINT64_MAX && strcmp(old->where, where) == 0)
            return false;
    }
    return same < PER_OBJECT;
}

void xz_audit_find_level(struct xz_audit *audit, const struct xz_rule *rule,
                         enum xz_level level, const char *object, uint64_t offset,
                         const char *where, const char *evidence)
{
    where = where != NULL ? where : "";
    evidence = evidence != NULL ? evidence : "";
    audit->fired[rule - audit->rules->rules] = true;
    if (!is_wanted(audit, rule, object, offset, where))
        return;
    audit->findings = xz_store_grow(audit->findings, audit->finding_count,
                                    &audit->finding_room, sizeof(struct xz_finding));
    audit->findings[audit->finding_count++] = (struct xz_finding){
        .rule = rule,
        .level = level,
        .object = xz_store_copy(object),
        .has_offset = offset != UINT64_MAX,
        .offset = offset,
        .where = xz_store_copy(where),
        .evidence = xz_store_copy(evidence),
    };
}

void xz_audit_find(struct xz_audit *audit, const struct xz_rule *rule,
                   const char *object, uint64_t offset, const char *where,
                   const char *evidence)
{
    xz_audit_find_level(audit, rule, rule->level, object, offset, where, evidence);
}

void xz_audit_find_test(struct xz_audit *audit, const char *test, const char *object,
                        uint64_t offset, const char *where, const char *evidence)
{
    const struct xz_rule *rule = NULL;
    while ((rule = xz_rules_of_test(audit->rules, test, rule)) != NULL)
        xz_audit_find(audit, rule, object, offset, where, evidence);
}

void xz_audit_gap(struct xz_audit *audit, const char *object, const char *reason)
{
    audit->gaps = xz_store_grow(audit->gaps, audit->gap_count, &audit->gap_room,
                                sizeof(struct xz_gap));
    audit->gaps[audit->gap_count++] = (struct xz_gap){.object = xz_store_copy(object),
                                                      .reason = xz_store_copy(reason)};
}

void xz_audit_forget_gaps(struct xz_audit *audit, size_t count)
{
    while (audit->gap_count > count) {
        audit->gap_count--;
        free(audit->gaps[audit->gap_count].object);
        free(audit->gaps[audit->gap_count].reason);
    }
}

void xz_audit_component(struct xz_audit *audit, const char *kind, const char *object,
                        const char *version, const char *sha256, const char *note)
{
    audit->components =
        xz_store_grow(audit->components, audit->component_count, &audit->component_room,
                      sizeof(struct xz_component));
    audit->components[audit->component_count++] = (struct xz_component){
        .kind = xz_store_copy(kind),
        .object = xz_store_copy(object),
        .version = xz_store_copy(version != NULL ? version : ""),
        .sha256 = xz_store_copy(sha256 != NULL ? sha256 : ""),
        .note = xz_store_copy(note != NULL ? note : ""),
    };
}

enum xz_verdict xz_level_verdict(enum xz_level level)
{
    static const enum xz_verdict verdicts[] = {
        [XZ_LEVEL_INFO] = XZ_VERDICT_CLEAN,
        [XZ_LEVEL_UNKNOWN] = XZ_VERDICT_UNKNOWN,
        [XZ_LEVEL_AFFECTED] = XZ_VERDICT_AFFECTED,
        [XZ_LEVEL_SUSPICIOUS] = XZ_VERDICT_SUSPICIOUS,
        [XZ_LEVEL_MANIPULATED] = XZ_VERDICT_MANIPULATED,
    };
    return verdicts[level];
}

/* True if the content of any liblzma was looked at. */
static bool content_seen(const struct xz_audit *audit)
{
    for (size_t i = 0; i < audit->component_count; i++) {
        const char *kind = audit->components[i].kind;
        if (strcmp(kind, "liblzma") == 0 || strcmp(kind, "static copy") == 0)
            return true;
    }
    return false;
}

/*
 * "Affected version, clean content" is a claim about content: it needs a library that
 * was looked at, and nothing left out. Otherwise an affected version is suspicious.
 * That not everything was seen makes a clean verdict unknown.
 */
enum xz_verdict xz_audit_verdict(const struct xz_audit *audit)
{
    enum xz_verdict worst = XZ_VERDICT_CLEAN;
    for (size_t i = 0; i < audit->finding_count; i++) {
        enum xz_verdict verdict = xz_level_verdict(audit->findings[i].level);
        worst = verdict > worst ? verdict : worst;
    }
    if (worst == XZ_VERDICT_AFFECTED && (!content_seen(audit) || audit->gap_count > 0))
        worst = XZ_VERDICT_SUSPICIOUS;
    if (worst == XZ_VERDICT_CLEAN && (audit->gap_count > 0 || !audit->self_test_done))
        worst = XZ_VERDICT_UNKNOWN;
    return worst;
}

const char *xz_verdict_name(enum xz_verdict verdict)
{
    static const char *const names[] = {
        [XZ_VERDICT_CLEAN] = "clean",
        [XZ_VERDICT_UNKNOWN] = "unknown",
        [XZ_VERDICT_AFFECTED] = "affected version, clean content",
        [XZ_VERDICT_SUSPICIOUS] = "suspicious",
        [XZ_VERDICT_MANIPULATED] = "manipulated",
    };
    return names[verdict];
}

int xz_audit_exit_status(const struct xz_audit *audit)
{
    static const int statuses[] = {
        [XZ_VERDICT_CLEAN] = 0,       [XZ_VERDICT_UNKNOWN] = XZ_STATUS_GAP,
        [XZ_VERDICT_AFFECTED] = 2,    [XZ_VERDICT_SUSPICIOUS] = 2,
        [XZ_VERDICT_MANIPULATED] = 1,
    };
    return statuses[xz_audit_verdict(audit)];
}
