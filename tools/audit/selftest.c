// SPDX-License-Identifier: 0BSD
// Proves before an audit that every rule fires where it should and not beside it.

/*
 * Copies of the best-known detection script have circulated with a pattern that was one
 * digit too long. They always said "not vulnerable". So each rule has to prove itself:
 *
 *     bytes       an ELF file or data with each pattern; then with one byte changed;
 *                 the checksum of the patterns, which comes from another place
 *     all         a file with all parts; then with each of them missing
 *     digest      each kind of hash, by rules made for a harmless text
 *     package     each version that the rule names
 *     others      the examples and counters that stand in the rule
 *
 * A hash of a rule cannot be proved this way, as nobody has the file: the test of the
 * rules file compares the table with a checksum of its own.
 */

#include "../common/system.h"

#include "host.h"
#include "packages.h"
#include "scan.h"
#include "selftest.h"
#include "source_lint.h"
#include "source_tree.h"

#include <stdlib.h>
#include <string.h>

struct run {
    const struct xz_rule_set *rules;
    struct xz_audit audit; // of one case at a time
    struct xz_text *error;
    size_t cases;
};

static void complain(struct run *run, const struct xz_rule *rule, const char *what,
                     const char *on)
{
    xz_text_printf(run->error, "%s (%s:%zu) %s %s\n", rule->id, rule->file, rule->line,
                   what, on);
}

/* True if an audit that has looked at something has a finding by the rule. */
static bool has_finding(const struct xz_audit *audit, const struct xz_rule *rule)
{
    for (size_t i = 0; i < audit->finding_count; i++) {
        if (audit->findings[i].rule == rule)
            return true;
    }
    return false;
}

/* True if an audit of this object makes a finding, or a component, by the rule. */
static bool fires_on(struct run *run, const struct xz_rule *rule, const char *object,
                     const struct xz_text *data)
{
    struct xz_audit *audit = &run->audit;
    bool fired;
    xz_audit_reset(audit);
    audit->self_test_done = true;
    audit->explain = true;
    audit->hash_all = true;
    if (rule->kind == XZ_RULE_BYTES && rule->scope == XZ_SCOPE_ENVIRON)
        xz_scan_environ(audit, object, (const uint8_t *)data->data, data->size);
    else
        xz_scan_object(audit, object, (const uint8_t *)data->data, data->size, 0);
    fired = has_finding(audit, rule);
    if (rule->kind == XZ_RULE_BYTES && rule->test != NULL)
        fired |= audit->component_count > 0;
    run->cases++;
    return fired;
}

static void expect(struct run *run, const struct xz_rule *rule, const char *object,
                   const struct xz_text *data, bool wanted, const char *what)
{
    if (fires_on(run, rule, object, data) != wanted)
        complain(run, rule, wanted ? "does not fire on" : "fires on", what);
}

/* A name that the rule's globs accept. */
static char *fitting_name(const struct xz_rule *rule)
{
    if (rule->files.count == 0)
        return xz_store_copy("self-test");
    char *name = xz_store_copy(rule->files.at[0]);
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '*' || *at == '?' ? 'x' : *at;
    return name;
}

/* Something in which pattern `i` of the rule counts; *ret_at is where it stands. */
static void frame_pattern(struct run *run, const struct xz_rule *rule, size_t i,
                          struct xz_text *ret, size_t *ret_at)
{
    const struct xz_pattern *pattern = &rule->patterns[i];
    struct xz_text body = {0};
    for (size_t k = 0; k < pattern->size; k++) {
        char byte = (char)(pattern->bytes[k] & pattern->mask[k]);
        xz_text_add(&body, &byte, 1);
    }
    if (rule->scope == XZ_SCOPE_FILE || rule->scope == XZ_SCOPE_ENVIRON) {
        xz_text_add(ret, rule->form == XZ_FORM_TEXT ? "\n\n" : "\0\n", 2);
        *ret_at = ret->size;
        xz_text_add(ret, body.data, body.size);
    } else {
        // The frame's code or constants begin where the first of 64 bytes 'A' stands.
        char fill[65];
        memset(fill, 'A', 64);
        fill[64] = '\0';
        size_t room = (body.size + 63) / 64;
        struct xz_text recipe = {0};
        xz_text_puts(&recipe, "dyn soname=libself.so.1 ");
        xz_text_puts(&recipe, rule->scope == XZ_SCOPE_CODE ? "code=" : "rodata=");
        for (size_t k = 0; k < room; k++)
            xz_text_puts(&recipe, fill);
        xz_selftest_make_elf(run->rules, recipe.data, ret);
        size_t at = 0;
        while (memcmp(ret->data + at, fill, 64) != 0)
            at++;
        *ret_at = at;
        memcpy(ret->data + at, body.data, body.size);
        xz_text_free(&recipe);
    }
    xz_text_free(&body);
}

/*
 * A pattern with a digit too many still finds itself: only a checksum that comes from
 * elsewhere shows that it was copied wrongly.
 */
static void test_check(struct run *run, const struct xz_rule *rule)
{
    char hex[XZ_DIGEST_HEX];
    struct xz_text bytes = {0};
    for (size_t i = 0; i < rule->pattern_count; i++)
        xz_text_add(&bytes, rule->patterns[i].bytes, rule->patterns[i].size);
    xz_digest_hex(XZ_SHA256, bytes.data, bytes.size, hex);
    run->cases++;
    if (strcmp(hex, rule->check) != 0)
        complain(run, rule, "has other bytes than its checksum says:", hex);
    xz_text_free(&bytes);
}

static void test_bytes(struct run *run, const struct xz_rule *rule)
{
    char *name = fitting_name(rule);
    for (size_t i = 0; i < rule->pattern_count; i++) {
        const struct xz_pattern *pattern = &rule->patterns[i];
        struct xz_text data = {0};
        size_t at = 0;
        frame_pattern(run, rule, i, &data, &at);
        expect(run, rule, name, &data, true, "its pattern");
        data.data[at + pattern->size - 1] ^= 1;
        // Another pattern of the rule may still be there, as a part of this one.
        if (rule->pattern_count == 1)
            expect(run, rule, name, &data, false,
                   "its pattern with the last bit changed");
        xz_text_free(&data);
    }
    free(name);
}

/* Code of all parts but number `without`. */
static void test_parts(struct run *run, const struct xz_rule *rule, size_t without)
{
    struct xz_text recipe = {0};
    struct xz_text data = {0};
    xz_text_puts(&recipe, "dyn soname=libself.so.1");
    for (size_t i = 0; i < rule->of.count; i++) {
        const struct xz_rule *part = xz_rules_find(run->rules, rule->of.at[i]);
        const char *where = part->scope == XZ_SCOPE_CODE ? "code" : "rodata";
        if (i != without)
            xz_text_printf(&recipe, " %s=@%s", where, part->id);
    }
    xz_selftest_make_elf(run->rules, recipe.data, &data);
    expect(run, rule, "self-test", &data, without == SIZE_MAX, recipe.data);
    xz_text_free(&recipe);
    xz_text_free(&data);
}

static void test_all(struct run *run, const struct xz_rule *rule)
{
    for (size_t i = 0; i < rule->of.count; i++) {
        if (xz_rules_find(run->rules, rule->of.at[i])->kind != XZ_RULE_BYTES)
            return; // its parts are proved one by one
    }
    test_parts(run, rule, SIZE_MAX);
    for (size_t i = 0; i < rule->of.count; i++)
        test_parts(run, rule, i);
}

static void test_recipes(struct run *run, const struct xz_rule *rule)
{
    for (int wanted = 0; wanted <= 1; wanted++) {
        const struct xz_words *words = wanted ? &rule->examples : &rule->counters;
        for (size_t i = 0; i < words->count; i++) {
            struct xz_text data = {0};
            if (!xz_selftest_make_elf(run->rules, words->at[i], &data))
                complain(run, rule, "has a recipe nobody understands:", words->at[i]);
            expect(run, rule, "self-test", &data, wanted != 0, words->at[i]);
            xz_text_free(&data);
        }
    }
}

/*
 * A version that a word of a rule means: a glob's star becomes a 1, a range its start.
 */
static char *version_of(const char *word)
{
    size_t skip = strncmp(word, ">=", 2) == 0 || strncmp(word, "<=", 2) == 0 ? 2 : 0;
    const char *dots = strstr(word, "..");
    size_t size = dots != NULL ? (size_t)(dots - word) : strlen(word);
    char *version = xz_store_bytes(word + skip, size - skip);
    for (char *at = version; *at != '\0'; at++)
        *at = *at == '*' || *at == '?' ? '1' : *at;
    return version;
}

static void test_versions(struct run *run, const struct xz_rule *rule, bool wanted)
{
    const struct xz_words *words = wanted ? &rule->affected : &rule->clean;
    for (size_t i = 0; i < words->count; i++) {
        struct xz_words distros = {0};
        char *version = version_of(words->at[i]);
        if (strcmp(rule->distros.at[0], "*") != 0)
            xz_words_add(&distros, rule->distros.at[0]);
        xz_audit_reset(&run->audit);
        const struct xz_package_source source = {&run->audit, rule->system, "",
                                                 &distros};
        xz_package_seen(&source, rule->packages.at[0], version);
        if (has_finding(&run->audit, rule) != wanted)
            complain(run, rule, wanted ? "does not fire on" : "fires on", version);
        run->cases++;
        xz_words_free(&distros);
        free(version);
    }
}

/* "PROCESS: line of maps", or a chain of libraries. */
static void judge_host(struct xz_audit *audit, const struct xz_rule *rule,
                       const char *text)
{
    struct xz_mapping mapping;
    const char *colon = strstr(text, ": ");
    if (strcmp(rule->test, "sshd-reaches") == 0) {
        xz_reach_judge(audit, "", text);
    } else if (colon != NULL && xz_mapping_read(colon + 2, &mapping)) {
        char *process = xz_store_bytes(text, (size_t)(colon - text));
        xz_mapping_judge(audit, "", process, &mapping);
        free(process);
    }
}

/* Resolves \n, \t, \\, \xHH, @BASE64@ (much that looks encoded), @AAAA@, @NOISE@. */
static char *unescape(const char *text)
{
    struct xz_text out = {0};
    for (; *text != '\0'; text++) {
        char c = *text;
        const char *many = strncmp(text, "@BASE64@", 8) == 0 ? "aQ9X"
                           : strncmp(text, "@AAAA@", 6) == 0 ? "aaaa"
                                                             : NULL;
        bool noise = strncmp(text, "@NOISE@", 7) == 0;
        if (many != NULL || noise) {
            for (size_t i = 0; i < 1000; i++) {
                c = (char)(1 + i % 255);
                xz_text_add(&out, noise ? &c : many, noise ? 1 : 4);
            }
            text = strchr(text + 1, '@');
            continue;
        }
        if (c == '\\' && text[1] != '\0') {
            c = *++text;
            if (c == 'x') {
                char digits[3] = {text[1], text[1] != '\0' ? text[2] : '\0', '\0'};
                text += strlen(digits);
                c = (char)strtoul(digits, NULL, 16);
            } else {
                c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
            }
        }
        xz_text_add(&out, &c, 1);
    }
    return xz_text_take(&out);
}

/* "OBJECT | SOURCES", "FILE < LINE", "STATE PATH", or "PATH: CONTENT". */
static void judge_source(struct xz_audit *audit, const struct xz_rule *rule,
                         const char *text)
{
    const char *test = rule->test;
    bool release =
        strstr(test, "-build-script") != NULL || strstr(test, "-file") != NULL;
    const char *mark = strcmp(test, "object-without-source") == 0 ? " | "
                       : strcmp(test, "opaque-read") == 0         ? " < "
                       : release                                  ? " "
                                                                  : ": ";
    const char *found = strstr(text, mark);
    if (found == NULL)
        return;
    char *first = xz_store_bytes(text, (size_t)(found - text));
    char *rest = unescape(found + strlen(mark));
    struct xz_words words = {0};
    xz_words_split(&words, rest);
    if (strcmp(mark, " | ") == 0)
        xz_source_judge_object(audit, "", first, &words);
    else if (strcmp(mark, " < ") == 0)
        xz_source_lint_reads(audit, "", rest, first);
    else if (release)
        xz_source_judge_release(audit, "", rest, first);
    else if (xz_source_is_binary(first, (const uint8_t *)rest, strlen(rest)))
        xz_audit_find_test(audit, "binary-in-source", "", UINT64_MAX, NULL, NULL);
    else if (xz_source_is_noise(first, (const uint8_t *)rest, strlen(rest)))
        xz_audit_find_test(audit, "noise-in-text", "", UINT64_MAX, NULL, NULL);
    else
        xz_source_lint(audit, "", first, rest, strlen(rest));
    xz_words_free(&words);
    free(first);
    free(rest);
}

static void test_texts(struct run *run, const struct xz_rule *rule, bool wanted,
                       void (*judge)(struct xz_audit *, const struct xz_rule *,
                                     const char *))
{
    const struct xz_words *words = wanted ? &rule->examples : &rule->counters;
    for (size_t i = 0; i < words->count; i++) {
        xz_audit_reset(&run->audit);
        judge(&run->audit, rule, words->at[i]);
        if (has_finding(&run->audit, rule) != wanted)
            complain(run, rule, wanted ? "does not fire on" : "fires on", words->at[i]);
        run->cases++;
    }
}

/* Every kind of hash, with a rule for the text "abc" (examples of FIPS 180-4). */
static void test_digests(struct run *run)
{
    static const char text[] =
        "[SELF-TEST]\nkind: digest\nlevel: info\ntitle: t\nwhy: w\ndo: d\n"
        "source: s\ndate: 2024-01-01\n"
        "sha1: a9993e364706816aba3e25717850c26c9cd0d89d 3 one\n"
        "sha256: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad - "
        "two\n"
        "git: f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f 3 three\n"
        "sha512: ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f 3 four\n";
    struct xz_rule_set set = {0};
    struct xz_audit audit;
    struct xz_text why = {0};
    bool good = xz_rules_add(&set, "self-test", text, sizeof(text) - 1, &why)
                && xz_rules_settle(&set, &why);
    for (size_t i = 0; good && i < set.rules[0].digest_count; i++) {
        struct xz_rule one = set.rules[0];
        struct xz_rule_set single = {.rules = &one, .count = 1};
        one.digests = &set.rules[0].digests[i];
        one.digest_count = 1;
        xz_audit_init(&audit, &single);
        xz_scan_digests(&audit, "abd", (const uint8_t *)"abd", 3, true);
        good = audit.finding_count == 0;
        xz_scan_digests(&audit, "abc", (const uint8_t *)"abc", 3, true);
        good = good && audit.finding_count == 1;
        xz_audit_free(&audit);
        run->cases += 2;
    }
    if (!good)
        xz_text_printf(run->error, "hashes of files go wrong %s\n",
                       why.data != NULL ? why.data : "");
    xz_text_free(&why);
    xz_rules_free(&set);
}

size_t xz_selftest(const struct xz_rule_set *rules, struct xz_text *error)
{
    struct run run = {.rules = rules, .error = error};
    xz_audit_init(&run.audit, rules);
    test_digests(&run);
    for (size_t i = 0; i < rules->count; i++) {
        const struct xz_rule *rule = &rules->rules[i];
        if (rule->kind == XZ_RULE_BYTES && rule->check != NULL)
            test_check(&run, rule);
        if (rule->kind == XZ_RULE_BYTES)
            test_bytes(&run, rule);
        else if (rule->kind == XZ_RULE_ALL)
            test_all(&run, rule);
        else if (rule->kind == XZ_RULE_STRUCTURE)
            test_recipes(&run, rule);
        for (int wanted = 0; wanted <= 1; wanted++) {
            if (rule->kind == XZ_RULE_PACKAGE)
                test_versions(&run, rule, wanted != 0);
            else if (rule->kind == XZ_RULE_HOST)
                test_texts(&run, rule, wanted != 0, judge_host);
            else if (rule->kind == XZ_RULE_SOURCE)
                test_texts(&run, rule, wanted != 0, judge_source);
        }
    }
    xz_audit_free(&run.audit);
    return run.cases;
}
