// SPDX-License-Identifier: 0BSD
// Explains the structure of ELF files to people, and compares two builds.

/*
 * One list of properties serves both: each has a name, a text for a file, and what it
 * means. The figures in the meanings were measured on a matched pair: liblzma 5.6.1
 * with and without the implant, same source, compiler and machine.
 */

#include "../common/system.h"

#include "../common/report.h"
#include "elf_explain.h"
#include "scan.h"

#include <stdlib.h>
#include <string.h>

struct property {
    const char *name;
    void (*show)(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                 struct xz_text *ret);
    const char *meaning;
};

static void yes_no(struct xz_text *ret, bool yes)
{
    xz_text_puts(ret, yes ? "yes" : "no");
}

static void show_kind(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                      struct xz_text *ret)
{
    static const char *const types[] = {"none", "object", "program", "library", "core"};
    (void)facts;
    xz_text_printf(ret, "%s, %d bits, machine %u",
                   elf->type < 5 ? types[elf->type] : "?", elf->is64 ? 64 : 32,
                   elf->machine);
}

static void show_soname(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                        struct xz_text *ret)
{
    (void)elf;
    xz_text_puts(ret, facts->soname[0] != '\0' ? facts->soname : "none");
    if (facts->version[0] != '\0')
        xz_text_printf(ret, ", says it is %s", facts->version);
}

static void show_needed(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                        struct xz_text *ret)
{
    (void)elf;
    for (size_t i = 0; i < facts->needed.count; i++)
        xz_text_printf(ret, "%s%s", i > 0 ? " " : "", facts->needed.at[i]);
}

static void show_tls_import(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                            struct xz_text *ret)
{
    (void)elf;
    yes_no(ret, facts->imports_tls_get_addr);
}

static void show_tls(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                     struct xz_text *ret)
{
    (void)elf;
    xz_text_printf(ret, "segment: %s, relocations: %zu",
                   facts->has_tls_segment ? "yes" : "no", facts->tls_relocs);
}

static void show_ifunc(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                       struct xz_text *ret)
{
    (void)elf;
    xz_text_printf(ret, "%zu", facts->ifuncs);
    for (size_t i = 0; i < facts->resolver_count; i++)
        xz_text_printf(ret, " %s(%llu bytes)", facts->resolvers[i].name,
                       (unsigned long long)facts->resolvers[i].size);
}

static void show_resolvers(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                           struct xz_text *ret)
{
    unsigned cpuids = 0;
    unsigned calls = 0;
    unsigned out = 0;
    (void)elf;
    for (size_t i = 0; i < facts->resolver_count; i++) {
        cpuids += facts->resolvers[i].cpuids;
        calls += facts->resolvers[i].calls;
        out += facts->resolvers[i].calls_out;
    }
    xz_text_printf(ret, "%u CPUID, %u calls, %u of them out", cpuids, calls, out);
}

static void show_exec(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                      struct xz_text *ret)
{
    (void)elf;
    xz_text_printf(ret, "%llu", (unsigned long long)facts->exec_size);
}

static void show_rodata(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                        struct xz_text *ret)
{
    (void)elf;
    xz_text_printf(ret, "%llu", (unsigned long long)facts->rodata_size);
}

static void show_bss(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                     struct xz_text *ret)
{
    (void)elf;
    xz_text_printf(ret, "%llu", (unsigned long long)facts->bss_size);
}

static void show_relocs(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                        struct xz_text *ret)
{
    (void)elf;
    xz_text_printf(ret, "%zu relative, %zu slots, %zu ifunc, %zu others",
                   facts->relative_relocs, facts->slot_relocs, facts->ifunc_relocs,
                   facts->other_relocs);
}

static void show_start(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                       struct xz_text *ret)
{
    xz_text_printf(ret, "%llu",
                   (unsigned long long)facts->init_array_size / (elf->is64 ? 8 : 4));
}

static void show_hardening(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                           struct xz_text *ret)
{
    (void)elf;
    xz_text_printf(ret, "bind now: %s, writable code: %s, text relocations: %s",
                   facts->bind_now ? "yes" : "no", facts->writable_code ? "yes" : "no",
                   facts->text_relocs ? "yes" : "no");
}

static void show_audit(const struct xz_elf *elf, const struct xz_elf_facts *facts,
                       struct xz_text *ret)
{
    (void)elf;
    xz_text_puts(ret, facts->audit_module != NULL ? facts->audit_module : "none");
}

static const struct property properties[] = {
    {"kind", show_kind, ""},
    {"SONAME", show_soname, "a liblzma is judged by its content, not by this"},
    {"needs", show_needed,
     "the implant's library needed ld-linux-x86-64.so.2 besides libc.so.6; 71 of 479 "
     "honest libraries do too"},
    {"imports __tls_get_addr", show_tls_import,
     "yes in the implant's library, no in the clean one"},
    {"thread-local storage", show_tls,
     "none together with the import above: 0 of 479 honest libraries"},
    {"IFUNC symbols", show_ifunc,
     "in a liblzma: built from 5.5.1alpha to 5.6.1. Implant: 114 bytes each, clean: "
     "61"},
    {"their resolvers", show_resolvers,
     "implant: no CPUID and a call to a helper in each; clean: CPUID and no call"},
    {"executable bytes", show_exec, "implant: 167301, clean build beside it: 122933"},
    {".rodata bytes", show_rodata, "implant: 35200, clean: 27584; the trie lies there"},
    {".bss bytes", show_bss, "implant: 32, clean: 8"},
    {"relocations", show_relocs,
     "implant: 103 relative, 87 slots; clean: 94 relative, 86 slots"},
    {"functions before main", show_start, "beside those of the compiler: none is best"},
    {"hardening", show_hardening,
     "resolvers run before BIND NOW and RELRO take effect"},
    {"audit module", show_audit, "any is a reason to look closer"},
};

#define PROPERTIES (sizeof(properties) / sizeof(properties[0]))

/* The texts of all properties of a file; false, with a gap, if it is no ELF file. */
static bool show_all(struct xz_audit *audit, const char *path,
                     struct xz_text ret[PROPERTIES])
{
    struct xz_elf elf;
    struct xz_elf_facts facts;
    const char *why = "";
    size_t size = 0;
    uint8_t *data = xz_scan_read_file(audit, path, &size);
    if (data == NULL)
        return false;
    bool good = xz_elf_open(&elf, data, size, &why);
    if (good) {
        xz_elf_facts_collect(&elf, &facts);
        for (size_t i = 0; i < PROPERTIES; i++)
            properties[i].show(&elf, &facts, &ret[i]);
        xz_elf_facts_free(&facts);
    } else {
        xz_audit_gap(audit, path, why);
    }
    free(data);
    return good;
}

static void print_line(FILE *out, const char *name, const char *text)
{
    fprintf(out, "    %-24s", name);
    xz_put_masked(out, text != NULL ? text : "");
    fputc('\n', out);
}

void xz_elf_explain(struct xz_audit *audit, const char *path, FILE *out)
{
    struct xz_text texts[PROPERTIES] = {{0}};
    if (show_all(audit, path, texts)) {
        xz_put_masked(out, path);
        fputc('\n', out);
        for (size_t i = 0; i < PROPERTIES; i++) {
            print_line(out, properties[i].name, texts[i].data);
            if (properties[i].meaning[0] != '\0')
                print_line(out, "", properties[i].meaning);
        }
        fputc('\n', out);
    }
    for (size_t i = 0; i < PROPERTIES; i++)
        xz_text_free(&texts[i]);
}

void xz_elf_compare(struct xz_audit *audit, const char *path_a, const char *path_b,
                    FILE *out)
{
    struct xz_text a[PROPERTIES] = {{0}};
    struct xz_text b[PROPERTIES] = {{0}};
    bool good = show_all(audit, path_a, a);
    good = show_all(audit, path_b, b) && good;
    for (size_t i = 0; i < PROPERTIES && good; i++) {
        const char *one = a[i].data != NULL ? a[i].data : "";
        const char *two = b[i].data != NULL ? b[i].data : "";
        bool same = strcmp(one, two) == 0;
        fprintf(out, "%s %s\n", same ? " " : "!", properties[i].name);
        print_line(out, same ? "both" : "A", one);
        if (same)
            continue;
        print_line(out, "B", two);
        print_line(out, "", properties[i].meaning);
    }
    for (size_t i = 0; i < PROPERTIES; i++) {
        xz_text_free(&a[i]);
        xz_text_free(&b[i]);
    }
}
