// SPDX-License-Identifier: 0BSD
// The set of rules: loading the built-in ones, references, look-up, release.

#include "../common/system.h"

#include "rule.h"

#include <stdlib.h>
#include <string.h>

const struct xz_rule *xz_rules_find(const struct xz_rule_set *set, const char *id)
{
    for (size_t i = 0; i < set->count; i++) {
        if (strcmp(set->rules[i].id, id) == 0)
            return &set->rules[i];
    }
    return NULL;
}

const struct xz_rule *xz_rules_of_test(const struct xz_rule_set *set, const char *test,
                                       const struct xz_rule *after)
{
    size_t first = after == NULL ? 0 : (size_t)(after - set->rules) + 1;
    for (size_t i = first; i < set->count; i++) {
        if (set->rules[i].test != NULL && strcmp(set->rules[i].test, test) == 0)
            return &set->rules[i];
    }
    return NULL;
}

bool xz_rules_builtin(struct xz_rule_set *set, struct xz_text *error)
{
    for (size_t i = 0; i < xz_rules_file_count; i++) {
        const struct xz_rules_file *file = &xz_rules_files[i];
        if (!xz_rules_add(set, file->name, file->text, (size_t)(file->end - file->text),
                          error))
            return false;
    }
    return true;
}

bool xz_rules_settle(struct xz_rule_set *set, struct xz_text *error)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct xz_rule *rule = &set->rules[i];
        for (size_t k = 0; k < rule->of.count; k++) {
            const struct xz_rule *part = xz_rules_find(set, rule->of.at[k]);
            if (part != NULL && part->kind != XZ_RULE_ALL)
                continue;
            xz_text_printf(error, "%s:%zu: `of` names %s, which is no simple rule",
                           rule->file, rule->line, rule->of.at[k]);
            return false;
        }
    }
    xz_digest_hex(XZ_SHA256, set->all.data, set->all.size, set->digest);
    return true;
}

static void free_rule(struct xz_rule *rule)
{
    char *texts[] = {rule->id,   rule->title, rule->why,    rule->action, rule->source,
                     rule->date, rule->test,  rule->system, rule->file,   rule->check};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
    struct xz_words *words[] = {&rule->files,    &rule->of,       &rule->distros,
                                &rule->packages, &rule->affected, &rule->clean,
                                &rule->examples, &rule->counters};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        xz_words_free(words[i]);
    for (size_t i = 0; i < rule->pattern_count; i++) {
        free(rule->patterns[i].bytes);
        free(rule->patterns[i].mask);
    }
    free(rule->patterns);
    for (size_t i = 0; i < rule->digest_count; i++) {
        free(rule->digests[i].hex);
        free(rule->digests[i].label);
    }
    free(rule->digests);
}

void xz_rules_free(struct xz_rule_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free_rule(&set->rules[i]);
    free(set->rules);
    xz_words_free(&set->files);
    xz_text_free(&set->all);
    *set = (struct xz_rule_set){0};
}
