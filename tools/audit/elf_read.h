// SPDX-License-Identifier: 0BSD
// Reads ELF files that may lie: every access is checked, every count has a bound.

#ifndef XZ_AUDIT_ELF_READ_H
#define XZ_AUDIT_ELF_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers of the ELF specification (System V ABI, gABI 4.1) that are needed here. */
enum {
    XZ_ET_REL = 1,
    XZ_ET_EXEC = 2,
    XZ_ET_DYN = 3,
    XZ_ET_CORE = 4,
    XZ_EM_386 = 3,
    XZ_EM_X86_64 = 62,
    XZ_EM_AARCH64 = 183,
    XZ_PT_LOAD = 1,
    XZ_PT_DYNAMIC = 2,
    XZ_PT_INTERP = 3,
    XZ_PT_TLS = 7,
    XZ_PF_X = 1,
    XZ_PF_W = 2,
    XZ_SHT_PROGBITS = 1,
    XZ_SHT_SYMTAB = 2,
    XZ_SHT_RELA = 4,
    XZ_SHT_NOBITS = 8,
    XZ_SHT_REL = 9,
    XZ_SHT_DYNSYM = 11,
    XZ_SHF_WRITE = 1,
    XZ_SHF_ALLOC = 2,
    XZ_SHF_EXECINSTR = 4,
    XZ_STT_IFUNC = 10,
    XZ_DT_NEEDED = 1,
    XZ_DT_PLTRELSZ = 2,
    XZ_DT_HASH = 4,
    XZ_DT_STRTAB = 5,
    XZ_DT_SYMTAB = 6,
    XZ_DT_RELA = 7,
    XZ_DT_RELASZ = 8,
    XZ_DT_STRSZ = 10,
    XZ_DT_SONAME = 14,
    XZ_DT_RPATH = 15,
    XZ_DT_REL = 17,
    XZ_DT_RELSZ = 18,
    XZ_DT_PLTREL = 20,
    XZ_DT_TEXTREL = 22,
    XZ_DT_JMPREL = 23,
    XZ_DT_BIND_NOW = 24,
    XZ_DT_INIT_ARRAYSZ = 27,
    XZ_DT_RUNPATH = 29,
    XZ_DT_FLAGS = 30,
    XZ_DT_GNU_HASH = 0x6ffffef5,
    XZ_DT_FLAGS_1 = 0x6ffffffb,
    XZ_DT_VERDEF = 0x6ffffffc,
    XZ_DT_VERDEFNUM = 0x6ffffffd,
    XZ_DT_DEPAUDIT = 0x6ffffefb,
    XZ_DT_AUDIT = 0x6ffffefc
};

struct xz_elf {
    const uint8_t *data;
    size_t size;
    bool is64;
    bool big; // big-endian
    uint16_t type;
    uint16_t machine;
    uint64_t segment_pos;
    size_t segment_count;
    uint64_t section_pos;
    size_t section_count;
    size_t section_names; // index of the section with their names; 0: none
    uint64_t dynamic_pos;
    size_t dynamic_count; // entries of the dynamic section, DT_NULL included
    bool damaged;         // a table lies outside of the file
};

struct xz_elf_segment {
    uint32_t type, flags;
    uint64_t offset, address, file_size, memory_size;
};

struct xz_elf_section {
    const char *name; // "" if there is none; NUL-terminated within the file
    uint32_t type, link;
    uint64_t flags, address, offset, size, entry_size;
};

struct xz_elf_symbol {
    const char *name; // as above
    uint8_t type;     // STT_
    uint8_t binding;  // STB_
    uint16_t section; // 0: undefined
    uint64_t value, size;
};

/* True if data begins with the four bytes of an ELF file. */
bool xz_elf_is(const uint8_t *data, size_t size);

/* Read the ELF header. False if it cannot be one; *ret_why then says why. */
bool xz_elf_open(struct xz_elf *elf, const uint8_t *data, size_t size,
                 const char **ret_why);

/* Entry `i` of a table, i below its count. False if it lies outside of the file. */
bool xz_elf_segment_get(const struct xz_elf *elf, size_t i, struct xz_elf_segment *ret);
bool xz_elf_section_get(const struct xz_elf *elf, size_t i, struct xz_elf_section *ret);

/* Where the file ends by its tables; what stands behind is no part of it. */
size_t xz_elf_end(const struct xz_elf *elf);

/* File offset of an address that is loaded from the file; false if none is. */
bool xz_elf_offset(const struct xz_elf *elf, uint64_t address, uint64_t *ret_offset);

/* The segment or section that file offset `pos` is loaded by; false: none. */
bool xz_elf_place(const struct xz_elf *elf, uint64_t pos, uint64_t *ret_flags,
                  char *ret_name, size_t name_size);

/*
 * NUL-terminated text at a file offset; "" if it does not end within 4 KiB and the
 * file.
 */
const char *xz_elf_text(const struct xz_elf *elf, uint64_t offset);

/* A number of 1, 2, 4 or 8 bytes at a file offset; 0 outside of the file. */
uint64_t xz_elf_number(const struct xz_elf *elf, uint64_t offset, size_t size);

/*
 * A table of symbols: the file's dynamic ones or those of a symbol table section.
 * Counts come from hash tables or sections, cut to what fits into the file.
 */
struct xz_elf_symbols {
    uint64_t offset; // of entry 0
    size_t count;
    uint64_t names; // file offset of the strings
};
bool xz_elf_symbols_dynamic(const struct xz_elf *elf, struct xz_elf_symbols *ret);
bool xz_elf_symbols_section(const struct xz_elf *elf, const struct xz_elf_section *of,
                            struct xz_elf_symbols *ret);
bool xz_elf_symbol_get(const struct xz_elf *elf, const struct xz_elf_symbols *table,
                       size_t i, struct xz_elf_symbol *ret);

/*
 * Entry `i` of the dynamic section; false behind its end, which is DT_NULL or that of
 * the file.
 */
bool xz_elf_dynamic_get(const struct xz_elf *elf, size_t i, int64_t *ret_tag,
                        uint64_t *ret_value);

/* The value of the first entry with this tag; false if there is none. */
bool xz_elf_dynamic_find(const struct xz_elf *elf, int64_t tag, uint64_t *ret_value);

/* A string of the dynamic string table; "" outside of it. */
const char *xz_elf_dynamic_text(const struct xz_elf *elf, uint64_t value);

#endif
