// SPDX-License-Identifier: 0BSD
// Looks at the instructions of an IFUNC resolver: does it ask the CPU, or call out?

/*
 * An honest resolver of liblzma executes CPUID itself, or through one small helper if
 * it was compiled without optimisation. The implant's resolver called a function that
 * did much more. So for each call (E8) and jump (E9) to code outside of the resolver:
 *
 *     target is a PLT stub (FF 25, perhaps behind ENDBR)     the stack check, getauxval
 *     target executes CPUID (0F A2) and calls nothing        a helper
 *     anything else                                          a call out
 *
 * Bytes are searched without decoding instructions. A constant may look like a call,
 * but its target must lie in executable code to count, and the finding it makes is
 * "suspicious" at most, in a liblzma that has IFUNCs at all.
 */

#include "../common/system.h"

#include "elf_facts.h"

#define RESOLVER_SIZE_MAX 4096
#define HELPER_SIZE       192

/* Code at a file offset: its bytes as far as they lie in the file and in `most`. */
static const uint8_t *code_at(const struct xz_elf *elf, uint64_t offset, uint64_t most,
                              size_t *ret_size)
{
    uint64_t flags = 0;
    char name[64];
    *ret_size = 0;
    if (offset >= elf->size || !xz_elf_place(elf, offset, &flags, name, sizeof(name))
        || (flags & XZ_PF_X) == 0)
        return NULL;
    uint64_t rest = elf->size - offset;
    *ret_size = (size_t)(rest < most ? rest : most);
    return elf->data + offset;
}

/* Where an E8 or E9 leads: file offset behind it plus its displacement. */
static uint64_t target_of(const uint8_t *code, size_t i, uint64_t offset)
{
    uint32_t displacement = (uint32_t)code[i + 1] | (uint32_t)code[i + 2] << 8
                            | (uint32_t)code[i + 3] << 16 | (uint32_t)code[i + 4] << 24;
    return offset + i + 5 + (uint64_t)(int64_t)(int32_t)displacement;
}

static bool is_plt_stub(const uint8_t *code, size_t size)
{
    size_t at =
        size >= 4 && code[0] == 0xF3 && code[1] == 0x0F && code[2] == 0x1E ? 4 : 0;
    if (at < size && code[at] == 0xF2) // BND
        at++;
    return at + 2 <= size && code[at] == 0xFF && code[at + 1] == 0x25;
}

/* CPUID before the first RET, and no call. */
static bool is_cpuid_helper(const uint8_t *code, size_t size)
{
    bool cpuid = false;
    for (size_t i = 0; i + 1 < size && code[i] != 0xC3; i++) {
        if (code[i] == 0xE8)
            return false;
        cpuid |= code[i] == 0x0F && code[i + 1] == 0xA2;
    }
    return cpuid;
}

static void look_at_target(const struct xz_elf *elf, struct xz_resolver *r,
                           uint64_t target, uint64_t size)
{
    size_t helper_size = 0;
    if (target >= r->offset && target - r->offset < size)
        return; // a jump inside
    const uint8_t *helper = code_at(elf, target, HELPER_SIZE, &helper_size);
    if (helper == NULL)
        return; // no code there: no call
    r->calls++;
    if (!is_plt_stub(helper, helper_size) && !is_cpuid_helper(helper, helper_size))
        r->calls_out++;
}

/* Segments of x86 libraries keep offsets and addresses of code equally far apart. */
void xz_resolver_look(const struct xz_elf *elf, struct xz_resolver *r)
{
    uint64_t most = r->size == 0 || r->size > RESOLVER_SIZE_MAX ? 256 : r->size;
    size_t size = 0;
    const uint8_t *code = code_at(elf, r->offset, most, &size);
    for (size_t i = 0; code != NULL && i + 1 < size; i++) {
        r->cpuids += code[i] == 0x0F && code[i + 1] == 0xA2;
        if ((code[i] == 0xE8 || code[i] == 0xE9) && i + 5 <= size)
            look_at_target(elf, r, target_of(code, i, r->offset), size);
    }
}
