// SPDX-License-Identifier: 0BSD
// Makes small ELF files for the self-test, from a recipe of words.

/*
 * The files have what the rules look at and nothing else. Their code begins with UD2,
 * and the entry point is 0: nothing of them can be run. Addresses equal file offsets:
 *
 *     0x0    ELF header, program headers      segment, readable
 *     0x200  code                             segment, executable
 *            rodata dynsym dynstr hash rela   segment, readable
 *            dynamic                          segment, writable
 */

#include "../common/system.h"

#include "elf_read.h"
#include "selftest.h"

#include <stdlib.h>
#include <string.h>

#define CODE_START    0x200
#define MOST_SECTIONS 400

struct maker {
    const struct xz_rule_set *rules;
    bool object, plain, tls, rwx, textrel;
    size_t sections;
    struct xz_text code, rodata, symbols, names, dynamic, relocs;
    struct xz_words section_words;
};

/* Append a little-endian number. */
static void put(struct xz_text *text, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        char byte = (char)(value >> (8 * i) & 0xFF);
        xz_text_add(text, &byte, 1);
    }
}

static void align(struct xz_text *text, size_t to)
{
    while (text->size % to != 0)
        put(text, 0, 1);
}

static uint64_t put_name(struct maker *m, const char *name)
{
    if (m->names.size == 0)
        put(&m->names, 0, 1);
    uint64_t at = m->names.size;
    xz_text_add(&m->names, name, strlen(name) + 1);
    return at;
}

static void put_symbol(struct maker *m, const char *name, unsigned info,
                       unsigned section, uint64_t value, uint64_t size)
{
    if (m->symbols.size == 0) {
        for (size_t i = 0; i < 3; i++)
            put(&m->symbols, 0, 8);
    }
    put(&m->symbols, put_name(m, name), 4);
    put(&m->symbols, info, 1);
    put(&m->symbols, 0, 1);
    put(&m->symbols, section, 2);
    put(&m->symbols, value, 8);
    put(&m->symbols, size, 8);
}

static void put_dynamic(struct maker *m, int64_t tag, uint64_t value)
{
    put(&m->dynamic, (uint64_t)tag, 8);
    put(&m->dynamic, value, 8);
}

/* Text, or the bytes of a rule's first pattern with 0 in its gaps. */
static bool put_content(struct maker *m, struct xz_text *to, const char *value)
{
    if (value[0] != '@') {
        put(to, 0, 1);
        xz_text_add(to, value, strlen(value) + 1);
        return true;
    }
    const struct xz_rule *rule = xz_rules_find(m->rules, value + 1);
    if (rule == NULL || rule->pattern_count == 0)
        return false;
    for (size_t i = 0; i < rule->patterns[0].size; i++)
        put(to, rule->patterns[0].bytes[i] & rule->patterns[0].mask[i], 1);
    return true;
}

/* A resolver, and what it calls in the 16 bytes behind it. */
static bool put_ifunc(struct maker *m, const char *value)
{
    const char *colon = strchr(value, ':');
    if (colon == NULL)
        return false;
    align(&m->code, 16);
    uint64_t at = CODE_START + m->code.size;
    if (strcmp(colon, ":cpuid") == 0) {
        xz_text_add(&m->code, "\x31\xC0\x0F\xA2\xC3", 5);
    } else if (strcmp(colon, ":helper") == 0 || strcmp(colon, ":call") == 0) {
        xz_text_add(&m->code, "\xE8\x0B\0\0\0\xC3", 6); // to 16 behind the start
        align(&m->code, 16);
        if (colon[1] == 'h')
            xz_text_add(&m->code, "\x31\xC0\x0F\xA2\xC3", 5);
        else
            xz_text_add(&m->code, "\x31\xC0\xC3", 3);
    } else {
        return false;
    }
    char *name = xz_store_bytes(value, (size_t)(colon - value));
    put_symbol(m, name, 1U << 4 | XZ_STT_IFUNC, 1, at, 6);
    free(name);
    return true;
}

static bool do_flag(struct maker *m, const char *word)
{
    struct {
        const char *word;
        bool *flag;
    } flags[] = {{"rel", &m->object},
                 {"data", &m->plain},
                 {"tls", &m->tls},
                 {"rwx", &m->rwx},
                 {"textrel", &m->textrel}};
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        if (strcmp(flags[i].word, word) == 0) {
            *flags[i].flag = true;
            return true;
        }
    }
    if (word[0] == '@')
        return put_content(m, &m->rodata, word);
    return strcmp(word, "dyn") == 0;
}

static bool do_word(struct maker *m, const char *word)
{
    const char *value = strchr(word, '=');
    if (value == NULL)
        return do_flag(m, word);
    size_t key = (size_t)(value++ - word);
    if (strncmp(word, "soname", key) == 0)
        put_dynamic(m, XZ_DT_SONAME, put_name(m, value));
    else if (strncmp(word, "needed", key) == 0)
        put_dynamic(m, XZ_DT_NEEDED, put_name(m, value));
    else if (strncmp(word, "audit", key) == 0)
        put_dynamic(m, XZ_DT_AUDIT, put_name(m, value));
    else if (strncmp(word, "import", key) == 0)
        put_symbol(m, value, 1U << 4, 0, 0, 0);
    else if (strncmp(word, "export", key) == 0)
        put_symbol(m, value, 1U << 4 | 2U, 1, CODE_START, 2);
    else if (strncmp(word, "ifunc", key) == 0)
        return put_ifunc(m, value);
    else if (strncmp(word, "code", key) == 0)
        return put_content(m, &m->code, value);
    else if (strncmp(word, "rodata", key) == 0)
        return put_content(m, &m->rodata, value);
    else if (strncmp(word, "sections", key) == 0 && key == 8)
        m->sections = strtoul(value, NULL, 10) % MOST_SECTIONS;
    else if (strncmp(word, "section", key) == 0)
        xz_words_add(&m->section_words, value);
    else if (strncmp(word, "reloc", key) == 0) {
        put(&m->relocs, CODE_START, 8);
        put(&m->relocs, strtoul(value, NULL, 10), 8);
        put(&m->relocs, 0, 8);
    } else
        return false;
    return true;
}

static void put_header(struct xz_text *to, unsigned type, uint64_t segments,
                       uint64_t section_pos, uint64_t sections, uint64_t names)
{
    xz_text_add(to, "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0", 16);
    put(to, type, 2);
    put(to, XZ_EM_X86_64, 2);
    put(to, 1, 4);
    put(to, 0, 8); // no entry point
    put(to, segments > 0 ? 64 : 0, 8);
    put(to, section_pos, 8);
    put(to, 0, 4);
    put(to, 64, 2);
    put(to, 56, 2);
    put(to, segments, 2);
    put(to, 64, 2);
    put(to, sections, 2);
    put(to, names, 2);
}

static void put_segment(struct xz_text *to, unsigned type, unsigned flags,
                        uint64_t start, uint64_t end)
{
    put(to, type, 4);
    put(to, flags, 4);
    put(to, start, 8);
    put(to, start, 8);
    put(to, start, 8);
    put(to, end - start, 8);
    put(to, end - start, 8);
    put(to, 16, 8);
}

/* Append a part, aligned; returns where it begins. */
static uint64_t put_part(struct xz_text *to, const struct xz_text *part)
{
    align(to, 16);
    uint64_t at = to->size;
    xz_text_add(to, part->data, part->size);
    return at;
}

static void make_library(struct maker *m, struct xz_text *ret)
{
    struct xz_text hash = {0};
    put(&hash, 0, 4);
    put(&hash, m->symbols.size / 24, 4);
    struct xz_text head = {0};
    struct xz_text body = {0}; // from CODE_START; offsets are made for that
    uint64_t code = CODE_START + put_part(&body, &m->code);
    uint64_t code_end = CODE_START + body.size;
    uint64_t rodata = CODE_START + put_part(&body, &m->rodata);
    uint64_t symbols = CODE_START + put_part(&body, &m->symbols);
    uint64_t names = CODE_START + put_part(&body, &m->names);
    uint64_t hashes = CODE_START + put_part(&body, &hash);
    uint64_t relocs = CODE_START + put_part(&body, &m->relocs);
    uint64_t read_end = CODE_START + body.size;
    put_dynamic(m, XZ_DT_SYMTAB, symbols);
    put_dynamic(m, XZ_DT_STRTAB, names);
    put_dynamic(m, XZ_DT_HASH, hashes);
    put_dynamic(m, XZ_DT_RELA, relocs);
    put_dynamic(m, XZ_DT_RELASZ, m->relocs.size);
    if (m->textrel)
        put_dynamic(m, XZ_DT_TEXTREL, 0);
    put_dynamic(m, 0, 0);
    uint64_t dynamic = CODE_START + put_part(&body, &m->dynamic);
    uint64_t end = CODE_START + body.size;

    put_header(&head, XZ_ET_DYN, m->tls ? 6 : 5, 0, 0, 0);
    put_segment(&head, XZ_PT_LOAD, 4, 0, CODE_START);
    put_segment(&head, XZ_PT_LOAD, m->rwx ? 7 : 5, code, code_end);
    put_segment(&head, XZ_PT_LOAD, 4, rodata, read_end);
    put_segment(&head, XZ_PT_LOAD, 6, dynamic, end);
    put_segment(&head, XZ_PT_DYNAMIC, 6, dynamic, end);
    if (m->tls)
        put_segment(&head, XZ_PT_TLS, 4, rodata, rodata);
    align(&head, CODE_START);
    xz_text_add(ret, head.data, head.size);
    xz_text_add(ret, body.data, body.size);
    xz_text_free(&hash);
    xz_text_free(&head);
    xz_text_free(&body);
}

static void put_section(struct xz_text *to, uint64_t name, unsigned type,
                        uint64_t flags, uint64_t offset, uint64_t size, unsigned link)
{
    put(to, name, 4);
    put(to, type, 4);
    put(to, flags, 8);
    put(to, 0, 8);
    put(to, offset, 8);
    put(to, size, 8);
    put(to, link, 4);
    put(to, 0, 4);
    put(to, 1, 8);
    put(to, type == XZ_SHT_SYMTAB ? 24 : 0, 8);
}

/* Sections: 0, code, symbols, names, those of the recipe, and nameless ones. */
static void make_object(struct maker *m, struct xz_text *ret)
{
    struct xz_text table = {0};
    size_t least = 4 + m->section_words.count;
    size_t count = m->sections > least ? m->sections : least;
    for (size_t i = 0; i < m->section_words.count; i++)
        put_name(m, m->section_words.at[i]);
    uint64_t at = 64;
    uint64_t code = at;
    uint64_t symbols = code + m->code.size;
    uint64_t names = symbols + m->symbols.size;
    uint64_t name = m->names.size;
    put_section(&table, 0, 0, 0, 0, 0, 0);
    put_section(&table, 0, XZ_SHT_PROGBITS, XZ_SHF_ALLOC | XZ_SHF_EXECINSTR, code,
                m->code.size, 0);
    put_section(&table, 0, XZ_SHT_SYMTAB, 0, symbols, m->symbols.size, 3);
    put_section(&table, 0, 3, 0, names, m->names.size, 0);
    for (size_t i = m->section_words.count; i-- > 0;) {
        name -= strlen(m->section_words.at[i]) + 1;
        put_section(&table, name, XZ_SHT_PROGBITS, 0, 64, 0, 0);
    }
    while (table.size < count * 64)
        put_section(&table, 0, XZ_SHT_PROGBITS, 0, 64, 0, 0);
    put_header(ret, XZ_ET_REL, 0, names + m->names.size, count, 3);
    xz_text_add(ret, m->code.data, m->code.size);
    xz_text_add(ret, m->symbols.data, m->symbols.size);
    xz_text_add(ret, m->names.data, m->names.size);
    xz_text_add(ret, table.data, table.size);
    xz_text_free(&table);
}

bool xz_selftest_make_elf(const struct xz_rule_set *rules, const char *recipe,
                          struct xz_text *ret)
{
    struct maker m = {.rules = rules};
    struct xz_words words = {0};
    bool good = true;
    xz_text_free(ret);
    xz_words_split(&words, recipe);
    put(&m.code, 0x0B0F, 2); // UD2
    put_name(&m, "");
    put_symbol(&m, "", 0, 0, 0, 0);
    for (size_t i = 0; i < words.count && good; i++)
        good = do_word(&m, words.at[i]);
    if (m.plain)
        xz_text_add(ret, m.rodata.data, m.rodata.size);
    else if (m.object)
        make_object(&m, ret);
    else
        make_library(&m, ret);
    xz_words_free(&words);
    xz_words_free(&m.section_words);
    struct xz_text *parts[] = {&m.code,  &m.rodata,  &m.symbols,
                               &m.names, &m.dynamic, &m.relocs};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        xz_text_free(parts[i]);
    return good;
}
