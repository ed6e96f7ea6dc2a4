// SPDX-License-Identifier: 0BSD
// What an ELF file says about itself that matters for the rules.

#ifndef XZ_AUDIT_ELF_FACTS_H
#define XZ_AUDIT_ELF_FACTS_H

#include "elf_read.h"
#include "store.h"

/* The function that chooses the code of an IFUNC when the file is loaded. */
struct xz_resolver {
    char name[64]; // of the symbol
    uint64_t offset;
    uint64_t size;
    unsigned cpuids;    // CPUID instructions in it
    unsigned calls;     // calls and jumps that leave it
    unsigned calls_out; // those that lead neither to the PLT nor to a helper with CPUID
};

#define XZ_RESOLVER_MAX 32

struct xz_elf_facts {
    bool dynamic; // has a dynamic section
    const char *soname;
    struct xz_words needed;
    struct xz_words search_paths; // of RUNPATH, or else RPATH; not expanded
    bool is_liblzma;              // by SONAME or by what it exports
    size_t lzma_defined;          // symbols lzma_* that it defines
    char version[24];             // text that looks like liblzma's version, or ""

    bool imports_tls_get_addr;
    bool has_tls_segment;
    bool is_program;       // asks for a loader by PT_INTERP
    bool knows_tls_relocs; // the machine is one whose relocations are known here
    size_t tls_relocs;
    size_t relative_relocs, slot_relocs, ifunc_relocs, other_relocs;

    size_t ifuncs;                                 // symbols of that type
    struct xz_resolver resolvers[XZ_RESOLVER_MAX]; // the first ones
    size_t resolver_count;

    uint64_t exec_size;   // of the executable segments, in the file
    uint64_t rodata_size; // of .rodata, 0 if there are no sections
    uint64_t bss_size;
    uint64_t init_array_size;
    bool writable_code;
    bool bind_now;
    bool text_relocs;
    const char *audit_module; // DT_AUDIT or DT_DEPAUDIT, or NULL

    bool has_cpuid_sections; // .text.crc64_resolve or .text._get_cpuid
    bool has_cpuid_symbols; // defines _get_cpuid, needs what the implant's object needs
};

/* Collect. Texts point into the file; what the facts own is freed by the other. */
void xz_elf_facts_collect(const struct xz_elf *elf, struct xz_elf_facts *facts);
void xz_elf_facts_free(struct xz_elf_facts *facts);

/* Look at the instructions of a resolver on x86; r has its offset and size. */
void xz_resolver_look(const struct xz_elf *elf, struct xz_resolver *r);

#endif
