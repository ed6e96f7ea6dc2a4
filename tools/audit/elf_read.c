// SPDX-License-Identifier: 0BSD
// Reads ELF files that may lie: every access is checked, every count has a bound.

/*
 * All reading goes through xz_elf_number(), which returns 0 outside of the file, and
 * xz_elf_text(), which returns "" unless the text ends inside. Tables are addressed by
 * their position and the fixed entry sizes of the specification; counts are cut to what
 * fits into the file, so that loops over them end. The header keeps `damaged` if it
 * promises more.
 */

#include "../common/system.h"

#include "elf_read.h"

#include <stdio.h>
#include <string.h>

#define DYNAMIC_MAX 65536   // honest files have less than 200
#define SECTION_MAX 1000000 // objects with a section a function have thousands
#define TEXT_MAX    4096

/* Sizes and offsets that differ between 32 and 64 bits. */
struct layout {
    size_t header, segment, section, symbol, dynamic;
};

static struct layout layout_of(const struct xz_elf *elf)
{
    if (elf->is64)
        return (struct layout){64, 56, 64, 24, 16};
    return (struct layout){52, 32, 40, 16, 8};
}

static size_t word(const struct xz_elf *elf)
{
    return elf->is64 ? 8 : 4;
}

bool xz_elf_is(const uint8_t *data, size_t size)
{
    return size >= 4 && memcmp(data, "\177ELF", 4) == 0;
}

uint64_t xz_elf_number(const struct xz_elf *elf, uint64_t offset, size_t size)
{
    if (offset > elf->size || elf->size - offset < size)
        return 0;
    const uint8_t *at = elf->data + offset;
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | at[elf->big ? i : size - 1 - i];
    return value;
}

const char *xz_elf_text(const struct xz_elf *elf, uint64_t offset)
{
    if (offset >= elf->size)
        return "";
    const char *text = (const char *)elf->data + offset;
    size_t rest = elf->size - (size_t)offset;
    return memchr(text, '\0', rest < TEXT_MAX ? rest : TEXT_MAX) != NULL ? text : "";
}

/* Cut a count to what fits behind offset, and say so. */
static size_t cut(struct xz_elf *elf, uint64_t offset, uint64_t count, size_t entry)
{
    uint64_t fit = offset > elf->size ? 0 : (elf->size - offset) / entry;
    if (count <= fit)
        return (size_t)count;
    elf->damaged = true;
    return (size_t)fit;
}

bool xz_elf_segment_get(const struct xz_elf *elf, size_t i, struct xz_elf_segment *ret)
{
    if (i >= elf->segment_count)
        return false;
    uint64_t at = elf->segment_pos + i * layout_of(elf).segment;
    size_t w = word(elf);
    uint64_t rest = elf->is64 ? at + 8 : at + 4;
    ret->type = (uint32_t)xz_elf_number(elf, at, 4);
    ret->flags = (uint32_t)xz_elf_number(elf, elf->is64 ? at + 4 : at + 24, 4);
    ret->offset = xz_elf_number(elf, rest, w);
    ret->address = xz_elf_number(elf, rest + w, w);
    ret->file_size = xz_elf_number(elf, rest + 3 * w, w);
    ret->memory_size = xz_elf_number(elf, rest + 4 * w, w);
    return true;
}

/* Find the tables that the header promises, as far as they lie in the file. */
static void read_tables(struct xz_elf *elf)
{
    struct layout l = layout_of(elf);
    size_t w = word(elf);
    elf->type = (uint16_t)xz_elf_number(elf, 16, 2);
    elf->machine = (uint16_t)xz_elf_number(elf, 18, 2);
    elf->segment_pos = xz_elf_number(elf, 24 + w, w);
    elf->section_pos = xz_elf_number(elf, 24 + 2 * w, w);
    uint64_t counts = 24 + 3 * w + 4 + 4;
    uint64_t segments = xz_elf_number(elf, counts, 2);
    uint64_t sections = xz_elf_number(elf, counts + 4, 2);
    elf->section_names = (size_t)xz_elf_number(elf, counts + 6, 2);
    if (elf->segment_pos != 0)
        elf->segment_count = cut(elf, elf->segment_pos, segments, l.segment);
    if (elf->section_pos != 0) {
        // 65280 sections and more: the count stands in the size of section 0.
        if (sections == 0)
            sections = xz_elf_number(elf, elf->section_pos + 8 + 3 * w, w);
        if (elf->section_names == 0xFFFF)
            elf->section_names =
                (size_t)xz_elf_number(elf, elf->section_pos + 8 + 4 * w, 4);
        elf->section_count = cut(elf, elf->section_pos, sections, l.section);
    }
    struct xz_elf_segment segment;
    for (size_t i = 0; xz_elf_segment_get(elf, i, &segment); i++) {
        if (segment.type != XZ_PT_DYNAMIC)
            continue;
        uint64_t count = segment.file_size / l.dynamic;
        elf->dynamic_pos = segment.offset;
        elf->dynamic_count = cut(elf, segment.offset, count, l.dynamic);
        break;
    }
    if (elf->dynamic_count > DYNAMIC_MAX || elf->section_count > SECTION_MAX) {
        elf->damaged = true;
        elf->dynamic_count =
            elf->dynamic_count < DYNAMIC_MAX ? elf->dynamic_count : DYNAMIC_MAX;
        elf->section_count =
            elf->section_count < SECTION_MAX ? elf->section_count : SECTION_MAX;
    }
}

bool xz_elf_open(struct xz_elf *elf, const uint8_t *data, size_t size,
                 const char **ret_why)
{
    *elf = (struct xz_elf){.data = data, .size = size};
    *ret_why = "not an ELF file";
    if (!xz_elf_is(data, size) || size < 52)
        return false;
    *ret_why = "an ELF file of an unknown class or byte order";
    if (data[4] < 1 || data[4] > 2 || data[5] < 1 || data[5] > 2)
        return false;
    elf->is64 = data[4] == 2;
    elf->big = data[5] == 2;
    struct layout l = layout_of(elf);
    *ret_why = "an ELF file that ends within its header";
    if (size < l.header)
        return false;
    read_tables(elf);
    return true;
}

/* A section without its name. */
static void read_section(const struct xz_elf *elf, size_t i, struct xz_elf_section *ret)
{
    uint64_t at = elf->section_pos + i * layout_of(elf).section;
    size_t w = word(elf);
    ret->name = "";
    ret->type = (uint32_t)xz_elf_number(elf, at + 4, 4);
    ret->flags = xz_elf_number(elf, at + 8, w);
    ret->address = xz_elf_number(elf, at + 8 + w, w);
    ret->offset = xz_elf_number(elf, at + 8 + 2 * w, w);
    ret->size = xz_elf_number(elf, at + 8 + 3 * w, w);
    ret->link = (uint32_t)xz_elf_number(elf, at + 8 + 4 * w, 4);
    ret->entry_size = xz_elf_number(elf, at + 16 + 5 * w, w);
}

bool xz_elf_section_get(const struct xz_elf *elf, size_t i, struct xz_elf_section *ret)
{
    if (i >= elf->section_count)
        return false;
    read_section(elf, i, ret);
    if (elf->section_names != 0 && elf->section_names < elf->section_count) {
        struct xz_elf_section names;
        read_section(elf, elf->section_names, &names);
        uint64_t at =
            xz_elf_number(elf, elf->section_pos + i * layout_of(elf).section, 4);
        if (at < names.size)
            ret->name = xz_elf_text(elf, names.offset + at);
    }
    return true;
}

static void reach(const struct xz_elf *elf, uint64_t offset, uint64_t size, size_t *end)
{
    if (size > 0 && offset <= elf->size && size <= elf->size - offset
        && offset + size > *end)
        *end = (size_t)(offset + size);
}

size_t xz_elf_end(const struct xz_elf *elf)
{
    struct layout l = layout_of(elf);
    struct xz_elf_segment segment;
    struct xz_elf_section section;
    size_t end = l.header;
    reach(elf, elf->segment_pos, elf->segment_count * l.segment, &end);
    reach(elf, elf->section_pos, elf->section_count * l.section, &end);
    for (size_t i = 0; xz_elf_segment_get(elf, i, &segment); i++)
        reach(elf, segment.offset, segment.file_size, &end);
    for (size_t i = 0; i < elf->section_count; i++) {
        if (xz_elf_section_get(elf, i, &section) && section.type != XZ_SHT_NOBITS)
            reach(elf, section.offset, section.size, &end);
    }
    return end;
}

bool xz_elf_offset(const struct xz_elf *elf, uint64_t address, uint64_t *ret_offset)
{
    struct xz_elf_segment segment;
    for (size_t i = 0; xz_elf_segment_get(elf, i, &segment); i++) {
        if (segment.type != XZ_PT_LOAD || address < segment.address
            || address - segment.address >= segment.file_size)
            continue;
        *ret_offset = segment.offset + (address - segment.address);
        return *ret_offset < elf->size;
    }
    return false;
}

/* Objects have sections only; everything else is judged by what is mapped. */
bool xz_elf_place(const struct xz_elf *elf, uint64_t pos, uint64_t *ret_flags,
                  char *ret_name, size_t name_size)
{
    struct xz_elf_section section;
    if (elf->type == XZ_ET_REL) {
        for (size_t i = 0; xz_elf_section_get(elf, i, &section); i++) {
            if (section.type == XZ_SHT_NOBITS || (section.flags & XZ_SHF_ALLOC) == 0
                || pos < section.offset || pos - section.offset >= section.size)
                continue;
            *ret_flags = ((section.flags & XZ_SHF_EXECINSTR) != 0 ? XZ_PF_X : 0U)
                         | ((section.flags & XZ_SHF_WRITE) != 0 ? XZ_PF_W : 0U);
            snprintf(ret_name, name_size, "section %zu %s", i, section.name);
            return true;
        }
        return false;
    }
    struct xz_elf_segment segment;
    for (size_t i = 0; xz_elf_segment_get(elf, i, &segment); i++) {
        if (segment.type != XZ_PT_LOAD || pos < segment.offset
            || pos - segment.offset >= segment.file_size)
            continue;
        *ret_flags = segment.flags & (XZ_PF_X | XZ_PF_W);
        snprintf(ret_name, name_size, "segment %zu (%s%s)", i,
                 (segment.flags & XZ_PF_X) != 0 ? "executable" : "data",
                 (segment.flags & XZ_PF_W) != 0 ? ", writable" : "");
        return true;
    }
    return false;
}

bool xz_elf_dynamic_get(const struct xz_elf *elf, size_t i, int64_t *ret_tag,
                        uint64_t *ret_value)
{
    if (i >= elf->dynamic_count)
        return false;
    size_t w = word(elf);
    uint64_t at = elf->dynamic_pos + i * layout_of(elf).dynamic;
    uint64_t tag = xz_elf_number(elf, at, w);
    *ret_tag = elf->is64 ? (int64_t)tag : (int32_t)(uint32_t)tag;
    *ret_value = xz_elf_number(elf, at + w, w);
    return *ret_tag != 0;
}

bool xz_elf_dynamic_find(const struct xz_elf *elf, int64_t tag, uint64_t *ret_value)
{
    int64_t found = 0;
    uint64_t value = 0;
    for (size_t i = 0; xz_elf_dynamic_get(elf, i, &found, &value); i++) {
        if (found == tag) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

const char *xz_elf_dynamic_text(const struct xz_elf *elf, uint64_t value)
{
    uint64_t address = 0;
    uint64_t offset = 0;
    if (!xz_elf_dynamic_find(elf, XZ_DT_STRTAB, &address)
        || !xz_elf_offset(elf, address, &offset) || value > elf->size)
        return "";
    return xz_elf_text(elf, offset + value);
}

/*
 * DT_GNU_HASH (the format of the GNU linker): nbuckets, symoffset, bloom_size, shift,
 * then the filter, buckets, and chains whose last word has bit 0 set. The number of
 * symbols is one behind the end of the last chain.
 */
static uint64_t count_gnu_hash(const struct xz_elf *elf, uint64_t at)
{
    uint64_t buckets = xz_elf_number(elf, at, 4);
    uint64_t first = xz_elf_number(elf, at + 4, 4);
    uint64_t filter = xz_elf_number(elf, at + 8, 4);
    uint64_t table = at + 16 + filter * word(elf);
    uint64_t chains = table + 4 * buckets;
    uint64_t last = 0;
    for (uint64_t i = 0; i < buckets && table + 4 * i < elf->size; i++) {
        uint64_t start = xz_elf_number(elf, table + 4 * i, 4);
        last = start > last ? start : last;
    }
    if (last < first)
        return first;
    uint64_t pos = chains + 4 * (last - first);
    while (pos < elf->size && (xz_elf_number(elf, pos, 4) & 1) == 0) {
        pos += 4;
        last++;
    }
    return last + 1;
}

static uint64_t count_symbols(const struct xz_elf *elf)
{
    uint64_t address = 0;
    uint64_t offset = 0;
    if (xz_elf_dynamic_find(elf, XZ_DT_HASH, &address)
        && xz_elf_offset(elf, address, &offset))
        return xz_elf_number(elf, offset + 4, 4);
    if (xz_elf_dynamic_find(elf, XZ_DT_GNU_HASH, &address)
        && xz_elf_offset(elf, address, &offset))
        return count_gnu_hash(elf, offset);
    struct xz_elf_section section;
    for (size_t i = 0; xz_elf_section_get(elf, i, &section); i++) {
        if (section.type == XZ_SHT_DYNSYM)
            return section.size / layout_of(elf).symbol;
    }
    return 0;
}

static bool fit_symbols(const struct xz_elf *elf, uint64_t count,
                        struct xz_elf_symbols *ret)
{
    size_t entry = layout_of(elf).symbol;
    if (ret->offset > elf->size)
        return false;
    uint64_t fit = (elf->size - ret->offset) / entry;
    ret->count = (size_t)(count < fit ? count : fit);
    return true;
}

bool xz_elf_symbols_dynamic(const struct xz_elf *elf, struct xz_elf_symbols *ret)
{
    uint64_t symbols = 0;
    uint64_t names = 0;
    if (!xz_elf_dynamic_find(elf, XZ_DT_SYMTAB, &symbols)
        || !xz_elf_dynamic_find(elf, XZ_DT_STRTAB, &names)
        || !xz_elf_offset(elf, symbols, &ret->offset)
        || !xz_elf_offset(elf, names, &ret->names))
        return false;
    return fit_symbols(elf, count_symbols(elf), ret);
}

bool xz_elf_symbols_section(const struct xz_elf *elf, const struct xz_elf_section *of,
                            struct xz_elf_symbols *ret)
{
    struct xz_elf_section names;
    if (!xz_elf_section_get(elf, of->link, &names))
        return false;
    ret->offset = of->offset;
    ret->names = names.offset;
    return fit_symbols(elf, of->size / layout_of(elf).symbol, ret);
}

bool xz_elf_symbol_get(const struct xz_elf *elf, const struct xz_elf_symbols *table,
                       size_t i, struct xz_elf_symbol *ret)
{
    if (i >= table->count)
        return false;
    uint64_t at = table->offset + i * layout_of(elf).symbol;
    uint64_t info = at + (elf->is64 ? 4 : 12);
    uint64_t name = xz_elf_number(elf, at, 4);
    ret->name = table->names < elf->size ? xz_elf_text(elf, table->names + name) : "";
    ret->type = (uint8_t)(xz_elf_number(elf, info, 1) & 15);
    ret->binding = (uint8_t)(xz_elf_number(elf, info, 1) >> 4);
    ret->section = (uint16_t)xz_elf_number(elf, info + 2, 2);
    ret->value = xz_elf_number(elf, at + (elf->is64 ? 8 : 4), word(elf));
    ret->size = xz_elf_number(elf, at + (elf->is64 ? 16 : 8), word(elf));
    return true;
}
