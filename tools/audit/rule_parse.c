// SPDX-License-Identifier: 0BSD
// Reads rules files: sections, keys, values; refuses what it does not understand.

/*
 * One table says which keys there are and what becomes of their values. Everything is
 * checked while it is read, except what needs the other rules (xz_rules_settle in
 * rule.c): a rule that was meant to work and does not is worse than none.
 */

#include "../common/system.h"

#include "rule.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct parser {
    struct xz_rule_set *set;
    const char *file;
    size_t line;
    struct xz_text *error;
};

static bool fail(struct parser *p, const char *what, const char *value)
{
    xz_text_printf(p->error, "%s:%zu: %s '%.60s'", p->file, p->line, what, value);
    return false;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

/* "f3 0f ?? 48": a byte is two digits or two question marks; blanks between them. */
static bool add_bytes(struct parser *p, struct xz_rule *rule, const char *value)
{
    struct xz_text bytes = {0};
    struct xz_text mask = {0};
    size_t fixed = 0;
    bool good = true;
    for (const char *at = value; *at != '\0' && good; at += 2) {
        while (*at == ' ')
            at++;
        char byte = 0;
        char bits = 0;
        int high = hex_digit(at[0]);
        int low = high < 0 ? -1 : hex_digit(at[1]);
        if (low >= 0) {
            byte = (char)(high << 4 | low);
            bits = (char)0xFF;
            fixed++;
        } else if (at[0] != '?' || at[1] != '?') {
            good = false;
        }
        xz_text_add(&bytes, &byte, 1);
        xz_text_add(&mask, &bits, 1);
    }
    if (!good || fixed < 8 || mask.data[0] == 0 || mask.data[mask.size - 1] == 0) {
        xz_text_free(&bytes);
        xz_text_free(&mask);
        return fail(p, "not a pattern of 8 bytes or more with fixed ends:", value);
    }
    rule->patterns = xz_store_grow(rule->patterns, rule->pattern_count,
                                   &rule->pattern_room, sizeof(struct xz_pattern));
    struct xz_pattern *pattern = &rule->patterns[rule->pattern_count++];
    pattern->size = bytes.size;
    pattern->bytes = (uint8_t *)xz_text_take(&bytes);
    pattern->mask = (uint8_t *)xz_text_take(&mask);
    return true;
}

/* A text is a pattern without gaps. */
static bool add_text(struct parser *p, struct xz_rule *rule, const char *value)
{
    if (strlen(value) < 6)
        return fail(p, "a text of less than 6 bytes:", value);
    rule->patterns = xz_store_grow(rule->patterns, rule->pattern_count,
                                   &rule->pattern_room, sizeof(struct xz_pattern));
    struct xz_pattern *pattern = &rule->patterns[rule->pattern_count++];
    pattern->size = strlen(value);
    pattern->bytes = (uint8_t *)xz_store_copy(value);
    pattern->mask = xz_store_new(pattern->size);
    memset(pattern->mask, 0xFF, pattern->size);
    return true;
}

/* "HEX SIZE LABEL": the size is '-' if nobody has told it. */
static bool add_digest(struct parser *p, struct xz_rule *rule, enum xz_digest_kind kind,
                       const char *value)
{
    size_t digits = strspn(value, "0123456789abcdef");
    const char *size = value + digits;
    if (digits != xz_digest_digits(kind) || *size != ' ')
        return fail(p, "not a hash of the right length:", value);
    size++;
    char *label = NULL;
    uint64_t number = strtoull(size, &label, 10);
    if (*size == '-')
        label = (char *)(uintptr_t)(size + 1);
    else if (label == size || number == 0)
        return fail(p, "no size or '-' behind the hash:", value);
    if (*label != ' ' || label[1] == '\0')
        return fail(p, "no label behind the size:", value);
    rule->digests = xz_store_grow(rule->digests, rule->digest_count, &rule->digest_room,
                                  sizeof(struct xz_digest_entry));
    rule->digests[rule->digest_count++] = (struct xz_digest_entry){
        .kind = kind,
        .hex = xz_store_bytes(value, digits),
        .file_size = number,
        .label = xz_store_copy(label + 1),
    };
    return true;
}

/* The position of value in a list of names that ends with NULL, or -1. */
static int choice(const char *const *names, const char *value)
{
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], value) == 0)
            return i;
    }
    return -1;
}

static const char *const level_names[] = {"info",       "unknown",     "affected",
                                          "suspicious", "manipulated", NULL};
static const char *const kind_names[] = {"bytes",     "digest", "all",  "package",
                                         "structure", "source", "host", NULL};
static const char *const scope_names[] = {"code", "readonly", "file", "environ", NULL};
static const char *const form_names[] = {"any", "text", "binary", NULL};
static const char *const system_names[] = {"dpkg", "rpm",    "apk", "pacman",
                                           "xbps", "folder", NULL};

const char *xz_level_name(enum xz_level level)
{
    return level_names[level];
}

static bool add_choice(struct parser *p, struct xz_rule *rule, const char *key,
                       const char *value)
{
    int found = -1;
    if (strcmp(key, "kind") == 0) {
        found = choice(kind_names, value);
        rule->kind = (enum xz_rule_kind)found;
    } else if (strcmp(key, "level") == 0) {
        found = choice(level_names, value);
        rule->level = (enum xz_level)found;
    } else if (strcmp(key, "scope") == 0) {
        found = choice(scope_names, value);
        rule->scope = (enum xz_scope)found;
    } else {
        found = choice(form_names, value);
        rule->form = (enum xz_form)found;
    }
    return found >= 0 || fail(p, "not a word for this key:", value);
}

/* Where a text goes that is joined from all lines of its key, or NULL. */
static char **text_slot(struct xz_rule *rule, const char *key)
{
    const struct {
        const char *key;
        char **slot;
    } slots[] = {
        {"title", &rule->title},   {"why", &rule->why},     {"do", &rule->action},
        {"source", &rule->source}, {"date", &rule->date},   {"test", &rule->test},
        {"system", &rule->system}, {"check", &rule->check},
    };
    for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
        if (strcmp(slots[i].key, key) == 0)
            return slots[i].slot;
    }
    return NULL;
}

static struct xz_words *words_slot(struct xz_rule *rule, const char *key)
{
    const struct {
        const char *key;
        struct xz_words *slot;
    } slots[] = {
        {"files", &rule->files},       {"of", &rule->of},
        {"distro", &rule->distros},    {"package", &rule->packages},
        {"affected", &rule->affected}, {"clean", &rule->clean},
    };
    for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
        if (strcmp(slots[i].key, key) == 0)
            return slots[i].slot;
    }
    return NULL;
}

static void join(char **slot, const char *value)
{
    char *joined =
        *slot == NULL ? xz_store_copy(value) : xz_store_printf("%s %s", *slot, value);
    free(*slot);
    *slot = joined;
}

static bool add_value(struct parser *p, const char *key, const char *value)
{
    static const char *const digest_keys[] = {"sha1", "sha256", "sha512", "git", NULL};
    static const char *const choice_keys[] = {"kind", "level", "scope", "form", NULL};
    if (p->set->count == 0)
        return fail(p, "a key before the first [ID]:", key);
    if (*value == '\0')
        return fail(p, "no value for", key);
    struct xz_rule *rule = &p->set->rules[p->set->count - 1];
    struct xz_words *words = words_slot(rule, key);
    char **slot = text_slot(rule, key);
    int digest = choice(digest_keys, key);
    if (choice(choice_keys, key) >= 0)
        return add_choice(p, rule, key, value);
    if (digest >= 0)
        return add_digest(p, rule, (enum xz_digest_kind)digest, value);
    if (strcmp(key, "bytes") == 0)
        return add_bytes(p, rule, value);
    if (strcmp(key, "text") == 0)
        return add_text(p, rule, value);
    if (strcmp(key, "example") == 0)
        xz_words_add(&rule->examples, value);
    else if (strcmp(key, "counter") == 0)
        xz_words_add(&rule->counters, value);
    else if (slot != NULL)
        join(slot, value);
    else if (words != NULL)
        xz_words_split(words, value);
    else
        return fail(p, "an unknown key", key);
    return true;
}

/* What a rule of its kind must have, as far as that can be told without the others. */
static bool check_rule(struct parser *p, const struct xz_rule *rule)
{
    const char *lacks = NULL;
    bool by_code = rule->kind == XZ_RULE_STRUCTURE || rule->kind == XZ_RULE_SOURCE
                   || rule->kind == XZ_RULE_HOST;
    if (rule->title == NULL || rule->why == NULL || rule->action == NULL
        || rule->source == NULL || rule->date == NULL)
        lacks = "a title, why, do, source and date";
    else if (strlen(rule->date) != 10 || strspn(rule->date, "0123456789-") != 10)
        lacks = "a date as YYYY-MM-DD";
    else if (rule->kind == XZ_RULE_BYTES && rule->pattern_count == 0)
        lacks = "bytes or text";
    else if (rule->kind == XZ_RULE_DIGEST && rule->digest_count == 0)
        lacks = "a hash";
    else if (rule->kind == XZ_RULE_ALL && rule->of.count < 2)
        lacks = "two rules in `of`";
    else if (rule->kind == XZ_RULE_PACKAGE
             && (rule->system == NULL || choice(system_names, rule->system) < 0
                 || rule->distros.count == 0 || rule->packages.count == 0
                 || rule->affected.count == 0))
        lacks = "system, distro, package and affected";
    else if (by_code && rule->test == NULL)
        lacks = "a test";
    else if (by_code && (rule->examples.count == 0 || rule->counters.count == 0))
        lacks = "an example and a counter";
    return lacks == NULL || fail(p, lacks, "is missing in the rule above");
}

static bool begin_rule(struct parser *p, const char *line, size_t size)
{
    if (size < 3 || line[size - 1] != ']')
        return fail(p, "not an [ID]:", line);
    char *id = xz_store_bytes(line + 1, size - 2);
    bool good = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == strlen(id)
                && xz_rules_find(p->set, id) == NULL;
    if (!good) {
        fail(p, "not a new ID of A-Z, 0-9 and '-':", id);
        free(id);
        return false;
    }
    p->set->rules = xz_store_grow(p->set->rules, p->set->count, &p->set->room,
                                  sizeof(struct xz_rule));
    p->set->rules[p->set->count++] =
        (struct xz_rule){.id = id,
                         .file = xz_store_copy(p->file),
                         .line = p->line,
                         // Neither is a word of its list: a rule has to say both.
                         .kind = (enum xz_rule_kind) - 1,
                         .level = (enum xz_level) - 1};
    return true;
}

/* A key whose value may go on in the next line. */
struct pending {
    struct xz_text key;
    struct xz_text value;
    size_t line;
};

static bool flush(struct parser *p, struct pending *pending)
{
    bool good = true;
    size_t line = p->line;
    p->line = pending->line;
    if (pending->key.data != NULL)
        good = add_value(p, pending->key.data,
                         pending->value.data != NULL ? pending->value.data : "");
    p->line = line;
    xz_text_free(&pending->key);
    xz_text_free(&pending->value);
    return good;
}

/* One line without its newline. */
static bool do_line(struct parser *p, const char *line, struct pending *pending)
{
    size_t size = strlen(line);
    while (size > 0 && isspace((unsigned char)line[size - 1]))
        size--;
    if (size == 0 || line[0] == '#')
        return true;
    if (line[0] == '[')
        return flush(p, pending) && begin_rule(p, line, size);
    const char *value = line;
    if (line[0] != ' ') {
        const char *colon = strchr(line, ':');
        if (colon == NULL)
            return fail(p, "neither [ID] nor key: value:", line);
        if (!flush(p, pending))
            return false;
        xz_text_add(&pending->key, line, (size_t)(colon - line));
        pending->line = p->line;
        value = colon + 1;
    } else if (pending->key.data == NULL) {
        return fail(p, "continues nothing:", line);
    }
    value += strspn(value, " ");
    if (pending->value.size > 0)
        xz_text_puts(&pending->value, " ");
    if (value < line + size)
        xz_text_add(&pending->value, value, (size_t)(line + size - value));
    return true;
}

bool xz_rules_add(struct xz_rule_set *set, const char *file, const char *text,
                  size_t size, struct xz_text *error)
{
    struct parser p = {.set = set, .file = file, .error = error};
    struct pending pending = {0};
    size_t first = set->count;
    const char *end = text + size;
    bool good = true;
    for (const char *at = text; good && at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((newline != NULL ? newline : end) - at);
        char *line = xz_store_bytes(at, length);
        p.line++;
        if (memchr(at, '\0', length) != NULL)
            good = fail(&p, "a NUL byte in", line);
        else
            good = do_line(&p, line, &pending);
        free(line);
        at += length + 1;
    }
    good = good && flush(&p, &pending);
    xz_text_free(&pending.key);
    xz_text_free(&pending.value);
    for (size_t i = first; good && i < set->count; i++) {
        p.line = set->rules[i].line;
        if ((int)set->rules[i].kind < 0 || (int)set->rules[i].level < 0)
            good = fail(&p, "kind and level", "are missing in the rule");
        else
            good = check_rule(&p, &set->rules[i]);
    }
    if (good && set->count == first)
        good = fail(&p, "no rule in", file);
    xz_words_add(&set->files, file);
    xz_text_add(&set->all, text, size);
    return good;
}
