// SPDX-License-Identifier: 0BSD
// Looks at an ELF file: patterns where they count, structure, hashes, what it is.

/*
 * Bytes of the implant also stand in detectors, reports and this tool's tests. A
 * pattern counts where the implant has it: code in an executable segment, its data in a
 * segment that is not writable, or in one with everything in it (ld -N). The same bytes
 * elsewhere in the file are told as such (test "signature-elsewhere").
 */

#include "../common/system.h"

#include "scan.h"

#include <stdlib.h>
#include <string.h>

#define MOST_HITS 4096

struct elf_hits {
    struct xz_audit *audit;
    const char *object;
    const struct xz_elf *elf;
    size_t count;
    const struct xz_rule *static_copy; // fired, and has test "static-copy"
    uint64_t static_offset;
};

static void elf_hit(void *opaque, const struct xz_rule *rule, size_t pattern,
                    size_t offset)
{
    struct elf_hits *hits = opaque;
    uint64_t flags = 0;
    char place[96] = "";
    if (!xz_scan_wants_name(rule, hits->object) || hits->count++ >= MOST_HITS)
        return;
    bool placed = xz_elf_place(hits->elf, offset, &flags, place, sizeof(place));
    bool good = placed
                && (rule->scope == XZ_SCOPE_CODE
                        ? (flags & XZ_PF_X) != 0
                        : (flags & XZ_PF_W) == 0 || (flags & XZ_PF_X) != 0);
    char *evidence =
        xz_scan_hex(hits->elf->data + offset, rule->patterns[pattern].size);
    if (good && rule->test != NULL) {
        hits->static_copy = rule;
        hits->static_offset = offset;
    } else if (good) {
        xz_audit_find(hits->audit, rule, hits->object, offset, place, evidence);
    } else if (rule->level >= XZ_LEVEL_SUSPICIOUS) {
        char *text = xz_store_printf("%s: %s", rule->id, evidence);
        xz_audit_find_test(hits->audit, "signature-elsewhere", hits->object, offset,
                           placed ? place : "outside of all segments", text);
        free(text);
    }
    free(evidence);
}

/* Resolvers that call out, as one text; NULL if there is none. */
static char *calling_resolvers(const struct xz_elf_facts *facts, uint64_t *ret_offset)
{
    struct xz_text text = {0};
    for (size_t i = 0; i < facts->resolver_count; i++) {
        const struct xz_resolver *r = &facts->resolvers[i];
        if (r->calls_out == 0)
            continue;
        if (text.size == 0)
            *ret_offset = r->offset;
        xz_text_printf(&text, "%s%s: %u call(s) to other code, %u CPUID, %llu bytes",
                       text.size == 0 ? "" : "; ", r->name, r->calls_out, r->cpuids,
                       (unsigned long long)r->size);
    }
    return text.data;
}

/* True for IFUNCs of liblzma's functions, wherever they were linked into. */
static bool has_lzma_ifunc(const struct xz_elf_facts *facts)
{
    for (size_t i = 0; i < facts->resolver_count; i++) {
        if (strncmp(facts->resolvers[i].name, "lzma_", 5) == 0)
            return true;
    }
    return false;
}

static bool needs_loader(const struct xz_elf_facts *facts)
{
    for (size_t i = 0; i < facts->needed.count; i++) {
        if (strncmp(facts->needed.at[i], "ld-linux", 8) == 0)
            return true;
    }
    return false;
}

static void liblzma_structure(struct xz_audit *audit, const char *object,
                              const struct xz_elf_facts *facts)
{
    if (facts->ifuncs > 0) {
        uint64_t offset = UINT64_MAX;
        char *text = xz_store_printf("%zu IFUNC symbol(s), the first is %s",
                                     facts->ifuncs, facts->resolvers[0].name);
        xz_audit_find_test(audit, "liblzma-ifunc", object, UINT64_MAX, NULL, text);
        free(text);
        char *calls = calling_resolvers(facts, &offset);
        if (calls != NULL)
            xz_audit_find_test(audit, "liblzma-resolver-calls", object, offset, NULL,
                               calls);
        free(calls);
    }
    if (needs_loader(facts) && !facts->has_tls_segment && facts->tls_relocs == 0)
        xz_audit_find_test(audit, "liblzma-needs-loader", object, UINT64_MAX, NULL,
                           "NEEDED ld-linux, and no thread-local storage");
    if (strcmp(facts->version, "5.6.0") == 0 || strcmp(facts->version, "5.6.1") == 0)
        xz_audit_find_test(audit, "liblzma-version", object, UINT64_MAX, NULL,
                           facts->version);
}

/* Objects of a build: section and symbol names tell, the linked library has none. */
static void object_structure(struct xz_audit *audit, const char *object,
                             const struct xz_elf *elf, const struct xz_elf_facts *facts)
{
    if (elf->machine != XZ_EM_X86_64)
        return;
    char *text = xz_store_printf("%zu sections", elf->section_count);
    if (facts->has_cpuid_sections && elf->section_count > 100
        && elf->section_count <= 242)
        xz_audit_find_test(audit, "droplet-sections", object, UINT64_MAX, NULL, text);
    if (facts->has_cpuid_symbols)
        xz_audit_find_test(audit, "droplet-symbols", object, UINT64_MAX, NULL,
                           "defines _get_cpuid and _cpuid; needs lzma_check_init, "
                           "lzma_alloc, lzma_free, __tls_get_addr");
    free(text);
}

void xz_scan_structure(struct xz_audit *audit, const char *object,
                       const struct xz_elf *elf, const struct xz_elf_facts *facts)
{
    if (elf->type == XZ_ET_REL)
        object_structure(audit, object, elf, facts);
    if (facts->dynamic && facts->imports_tls_get_addr && facts->knows_tls_relocs
        && !facts->has_tls_segment && facts->tls_relocs == 0)
        xz_audit_find_test(audit, "tls-import", object, UINT64_MAX, NULL,
                           "imports __tls_get_addr; no TLS segment, no TLS relocation");
    if (facts->audit_module != NULL)
        xz_audit_find_test(audit, "audit-module", object, UINT64_MAX, NULL,
                           facts->audit_module);
    if (facts->is_liblzma || has_lzma_ifunc(facts))
        liblzma_structure(audit, object, facts);
    if (!audit->explain)
        return;
    if (facts->writable_code)
        xz_audit_find_test(audit, "writable-code", object, UINT64_MAX, NULL,
                           "a segment is writable and executable");
    if (facts->text_relocs)
        xz_audit_find_test(audit, "text-relocations", object, UINT64_MAX, NULL,
                           "DT_TEXTREL");
    if (facts->ifuncs > 0 && !facts->is_liblzma)
        xz_audit_find_test(audit, "ifunc-elsewhere", object, UINT64_MAX, NULL,
                           facts->resolvers[0].name);
}

/* Keep what an administrator wants to see in the list of components. */
static void note_component(struct xz_audit *audit, const char *object,
                           const struct xz_elf *elf, const struct xz_elf_facts *facts,
                           const struct elf_hits *hits)
{
    char hex[XZ_DIGEST_HEX];
    struct xz_text note = {0};
    bool library = facts->is_liblzma && !facts->is_program;
    const char *kind = library ? "liblzma" : "static copy";
    if (!facts->is_liblzma && hits->static_copy == NULL
        && (facts->lzma_defined < 8 || elf->type == XZ_ET_REL))
        return;
    xz_digest_hex(XZ_SHA256, elf->data, elf->size, hex);
    if (facts->is_liblzma)
        xz_text_printf(&note, "%zu IFUNC symbols, %zu lzma_ symbols", facts->ifuncs,
                       facts->lzma_defined);
    else if (facts->lzma_defined >= 8)
        xz_text_printf(&note, "defines %zu lzma_ symbols", facts->lzma_defined);
    else
        xz_text_printf(&note, "%s at offset 0x%llx", hits->static_copy->title,
                       (unsigned long long)hits->static_offset);
    xz_audit_component(audit, kind, object, facts->version, hex, note.data);
    xz_text_free(&note);
}

void xz_scan_elf(struct xz_audit *audit, const char *object, const uint8_t *data,
                 size_t size)
{
    struct xz_elf elf;
    struct xz_elf_facts facts;
    const char *why = "";
    audit->counts.elf++;
    if (!xz_elf_open(&elf, data, size, &why)) {
        xz_audit_gap(audit, object, why);
        xz_scan_plain(audit, object, data, size);
        return;
    }
    xz_elf_facts_collect(&elf, &facts);
    struct elf_hits hits = {.audit = audit, .object = object, .elf = &elf};
    xz_matcher_run(audit->elf_matcher, data, size, elf_hit, &hits);
    if (hits.count >= MOST_HITS)
        xz_audit_gap(audit, object, "too many places look like signatures");
    if (elf.damaged)
        xz_audit_gap(audit, object, "an ELF file whose tables lie outside of it");
    xz_scan_structure(audit, object, &elf, &facts);
    xz_scan_digests(audit, object, data, size, audit->hash_all || facts.is_liblzma);
    xz_scan_combine(audit, object);
    note_component(audit, object, &elf, &facts, &hits);
    xz_elf_facts_free(&facts);
}
