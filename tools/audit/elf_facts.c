// SPDX-License-Identifier: 0BSD
// What an ELF file says about itself that matters for the rules.

#include "../common/system.h"

#include "elf_facts.h"

#include <stdio.h>
#include <string.h>

#define NEEDED_MAX 256
#define STT_FUNC   2
#define STB_LOCAL  0

/* How a machine numbers the relocations that are counted. 0 is never one of them. */
struct reloc_numbers {
    uint16_t machine;
    uint32_t relative, slot, ifunc;
    uint32_t tls[5];
};

/* Processor supplements of the System V ABI: x86-64, i386, AArch64. */
static const struct reloc_numbers reloc_numbers[] = {
    {XZ_EM_X86_64, 8, 7, 37, {16, 17, 18, 36}},
    {XZ_EM_386, 8, 7, 42, {14, 35, 36, 37, 41}},
    {XZ_EM_AARCH64, 1027, 1026, 1032, {1028, 1029, 1030, 1031}},
};

static const struct reloc_numbers *numbers_of(uint16_t machine)
{
    for (size_t i = 0; i < sizeof(reloc_numbers) / sizeof(reloc_numbers[0]); i++) {
        if (reloc_numbers[i].machine == machine)
            return &reloc_numbers[i];
    }
    return NULL;
}

static void count_reloc(struct xz_elf_facts *facts, const struct reloc_numbers *numbers,
                        uint32_t type)
{
    if (type == numbers->relative)
        facts->relative_relocs++;
    else if (type == numbers->slot)
        facts->slot_relocs++;
    else if (type == numbers->ifunc)
        facts->ifunc_relocs++;
    else
        facts->other_relocs++;
    for (size_t i = 0; i < 5; i++)
        facts->tls_relocs += type != 0 && type == numbers->tls[i];
}

static void count_relocs(const struct xz_elf *elf, struct xz_elf_facts *facts,
                         uint64_t address, uint64_t size, bool with_addend)
{
    const struct reloc_numbers *numbers = numbers_of(elf->machine);
    size_t w = elf->is64 ? 8 : 4;
    size_t entry = w * (with_addend ? 3 : 2);
    uint64_t at = 0;
    if (numbers == NULL || !xz_elf_offset(elf, address, &at))
        return;
    if (size > elf->size - at)
        size = elf->size - at;
    for (uint64_t end = at + size; at + entry <= end; at += entry) {
        uint64_t info = xz_elf_number(elf, at + w, w);
        count_reloc(facts, numbers, (uint32_t)(elf->is64 ? info : info & 0xFF));
    }
}

static void collect_relocs(const struct xz_elf *elf, struct xz_elf_facts *facts)
{
    uint64_t at = 0;
    uint64_t size = 0;
    uint64_t kind = 0;
    facts->knows_tls_relocs = numbers_of(elf->machine) != NULL;
    if (xz_elf_dynamic_find(elf, XZ_DT_RELA, &at)
        && xz_elf_dynamic_find(elf, XZ_DT_RELASZ, &size))
        count_relocs(elf, facts, at, size, true);
    if (xz_elf_dynamic_find(elf, XZ_DT_REL, &at)
        && xz_elf_dynamic_find(elf, XZ_DT_RELSZ, &size))
        count_relocs(elf, facts, at, size, false);
    if (xz_elf_dynamic_find(elf, XZ_DT_JMPREL, &at)
        && xz_elf_dynamic_find(elf, XZ_DT_PLTRELSZ, &size)
        && xz_elf_dynamic_find(elf, XZ_DT_PLTREL, &kind))
        count_relocs(elf, facts, at, size, kind == XZ_DT_RELA);
}

static void collect_segments(const struct xz_elf *elf, struct xz_elf_facts *facts)
{
    struct xz_elf_segment segment;
    for (size_t i = 0; xz_elf_segment_get(elf, i, &segment); i++) {
        facts->has_tls_segment |= segment.type == XZ_PT_TLS;
        facts->is_program |= segment.type == XZ_PT_INTERP;
        if (segment.type != XZ_PT_LOAD || (segment.flags & XZ_PF_X) == 0)
            continue;
        facts->exec_size += segment.file_size;
        facts->writable_code |= (segment.flags & XZ_PF_W) != 0;
    }
    struct xz_elf_section section;
    for (size_t i = 0; xz_elf_section_get(elf, i, &section); i++) {
        if (strcmp(section.name, ".rodata") == 0)
            facts->rodata_size = section.size;
        else if (strcmp(section.name, ".bss") == 0)
            facts->bss_size = section.size;
        else if (section.type == XZ_SHT_PROGBITS
                 && (strcmp(section.name, ".text.crc64_resolve") == 0
                     || strcmp(section.name, ".text._get_cpuid") == 0))
            facts->has_cpuid_sections = true;
    }
}

/* Paths of RUNPATH or RPATH are separated by colons. */
static void add_paths(struct xz_words *words, const char *text)
{
    while (*text != '\0' && words->count < NEEDED_MAX) {
        size_t size = strcspn(text, ":");
        if (size > 0)
            xz_words_add_bytes(words, text, size);
        text += size + (text[size] == ':');
    }
}

static void collect_dynamic(const struct xz_elf *elf, struct xz_elf_facts *facts)
{
    int64_t tag = 0;
    uint64_t value = 0;
    for (size_t i = 0; xz_elf_dynamic_get(elf, i, &tag, &value); i++) {
        facts->dynamic = true;
        if (tag == XZ_DT_NEEDED && facts->needed.count < NEEDED_MAX)
            xz_words_add(&facts->needed, xz_elf_dynamic_text(elf, value));
        else if (tag == XZ_DT_SONAME)
            facts->soname = xz_elf_dynamic_text(elf, value);
        else if (tag == XZ_DT_AUDIT || tag == XZ_DT_DEPAUDIT)
            facts->audit_module = xz_elf_dynamic_text(elf, value);
        else if (tag == XZ_DT_INIT_ARRAYSZ)
            facts->init_array_size = value;
        else if (tag == XZ_DT_TEXTREL)
            facts->text_relocs = true;
        else if (tag == XZ_DT_BIND_NOW || (tag == XZ_DT_FLAGS && (value & 8) != 0)
                 || (tag == XZ_DT_FLAGS_1 && (value & 1) != 0))
            facts->bind_now = true;
    }
    if (xz_elf_dynamic_find(elf, XZ_DT_RUNPATH, &value)
        || xz_elf_dynamic_find(elf, XZ_DT_RPATH, &value))
        add_paths(&facts->search_paths, xz_elf_dynamic_text(elf, value));
}

/* Names of the implant's object; see reference in structure.rules, DROPLET-SYMBOLS. */
struct object_names {
    bool get_cpuid, cpuid, check_init, alloc, free, tls;
};

static void add_ifunc(const struct xz_elf *elf, struct xz_elf_facts *facts,
                      const struct xz_elf_symbol *symbol)
{
    facts->ifuncs++;
    if (facts->resolver_count == XZ_RESOLVER_MAX)
        return;
    for (size_t i = 0; i < facts->resolver_count; i++) {
        if (strncmp(facts->resolvers[i].name, symbol->name, 63) == 0)
            return; // seen in the other table
    }
    struct xz_resolver *r = &facts->resolvers[facts->resolver_count++];
    *r = (struct xz_resolver){.size = symbol->size};
    snprintf(r->name, sizeof(r->name), "%s", symbol->name);
    if (xz_elf_offset(elf, symbol->value, &r->offset)
        && (elf->machine == XZ_EM_X86_64 || elf->machine == XZ_EM_386))
        xz_resolver_look(elf, r);
}

static void look_at_symbol(const struct xz_elf *elf, struct xz_elf_facts *facts,
                           const struct xz_elf_symbol *symbol,
                           struct object_names *names)
{
    const char *name = symbol->name;
    if (symbol->section == 0) {
        // i386 has a second name for it, with three underscores.
        if (strcmp(name, "__tls_get_addr") == 0 || strcmp(name, "___tls_get_addr") == 0)
            names->tls = true;
        names->check_init |= strcmp(name, "lzma_check_init") == 0;
        names->alloc |= strcmp(name, "lzma_alloc") == 0;
        names->free |= strcmp(name, "lzma_free") == 0;
        return;
    }
    if (symbol->type == XZ_STT_IFUNC)
        add_ifunc(elf, facts, symbol);
    if (strncmp(name, "lzma_", 5) == 0)
        facts->lzma_defined++;
    if (symbol->binding == STB_LOCAL)
        return;
    names->get_cpuid |= strcmp(name, "_get_cpuid") == 0;
    names->cpuid |= strcmp(name, "_cpuid") == 0;
}

static void collect_symbols(const struct xz_elf *elf, struct xz_elf_facts *facts)
{
    struct object_names names = {0};
    struct xz_elf_symbols table;
    struct xz_elf_symbol symbol;
    if (xz_elf_symbols_dynamic(elf, &table)) {
        for (size_t i = 1; xz_elf_symbol_get(elf, &table, i, &symbol); i++)
            look_at_symbol(elf, facts, &symbol, &names);
        facts->imports_tls_get_addr = names.tls;
    }
    struct xz_elf_section section;
    for (size_t k = 0; xz_elf_section_get(elf, k, &section); k++) {
        if (section.type != XZ_SHT_SYMTAB
            || !xz_elf_symbols_section(elf, &section, &table))
            continue;
        for (size_t i = 1; xz_elf_symbol_get(elf, &table, i, &symbol); i++)
            look_at_symbol(elf, facts, &symbol, &names);
        break; // the specification allows one
    }
    facts->has_cpuid_symbols = names.get_cpuid && names.cpuid && names.check_init
                               && names.alloc && names.free && names.tls;
}

/* "5.", digits, ".", digits, then nothing or alpha or beta. */
static bool is_version(const char *text, size_t size)
{
    if (size < 5 || size > 14 || text[0] != '5' || text[1] != '.')
        return false;
    size_t minor = strspn(text + 2, "0123456789");
    const char *patch = text + 2 + minor + 1;
    if (minor == 0 || minor > 2 || patch[-1] != '.')
        return false;
    size_t digits = strspn(patch, "0123456789");
    const char *rest = patch + digits;
    return digits > 0 && digits < 3
           && (*rest == '\0' || strcmp(rest, "alpha") == 0
               || strcmp(rest, "beta") == 0);
}

/* What lzma_version_string() returns stands in the library as a text of its own. */
static void find_version(const struct xz_elf *elf, struct xz_elf_facts *facts)
{
    const uint8_t *at = elf->data;
    const uint8_t *end = elf->data + elf->size;
    while (facts->version[0] == '\0' && end - at > 8) {
        at = memchr(at, '5', (size_t)(end - at) - 8);
        if (at == NULL)
            return;
        size_t rest = (size_t)(end - at);
        const uint8_t *nul = memchr(at, '\0', rest < 16 ? rest : 16);
        if (at > elf->data && at[-1] == '\0' && nul != NULL
            && is_version((const char *)at, (size_t)(nul - at)))
            snprintf(facts->version, sizeof(facts->version), "%s", (const char *)at);
        at++;
    }
}

void xz_elf_facts_collect(const struct xz_elf *elf, struct xz_elf_facts *facts)
{
    *facts = (struct xz_elf_facts){.soname = ""};
    collect_segments(elf, facts);
    collect_dynamic(elf, facts);
    collect_relocs(elf, facts);
    collect_symbols(elf, facts);
    facts->is_liblzma =
        elf->type == XZ_ET_DYN
        && (strncmp(facts->soname, "liblzma.so", 10) == 0 || facts->lzma_defined >= 40);
    if (facts->is_liblzma || facts->lzma_defined > 0)
        find_version(elf, facts);
}

void xz_elf_facts_free(struct xz_elf_facts *facts)
{
    xz_words_free(&facts->needed);
    xz_words_free(&facts->search_paths);
}
