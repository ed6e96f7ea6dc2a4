// SPDX-License-Identifier: 0BSD
// Branch converters on single instructions: what becomes of which bytes.
//
// The results were compared with liblzma 5.4.1, those for RISC-V with 7-Zip 26.02.

#include "filter/bcj.h"
#include "support/support.h"
#include <stdio.h>

/* clang-format off */
static const struct {
    const char *what;
    lzma_vli id;
    uint32_t start_offset;
    const char *plain;
    const char *coded;
} vectors[] = {
    {"E8, top byte 00", LZMA_FILTER_X86, 0x0,
     "E8 00 00 00 00 90 90 90 90",
     "E8 05 00 00 00 90 90 90 90"},
    {"E8 and E9, the same function", LZMA_FILTER_X86, 0x1000,
     "E8 00 00 00 00 E9 FB FF FF FF 90",
     "E8 05 10 00 00 E9 05 10 00 00 90"},
    {"negative distance", LZMA_FILTER_X86, 0x0,
     "90 E8 FC FF FF FF 90 90",
     "90 E8 02 00 00 00 90 90"},
    {"addresses wrap at 2^32; a top byte of 01 is no code", LZMA_FILTER_X86, 0xFFFFFFF0,
     "E8 20 00 00 00 E8 00 00 00 01 90 90",
     "E8 15 00 00 00 E8 00 00 00 01 90 90"},
    {"the byte passed over has top byte 01: convert", LZMA_FILTER_X86, 0x0,
     "E8 E8 34 12 01 00 90 90 90",
     "E8 E8 3A 12 01 00 90 90 90"},
    {"the same, near", LZMA_FILTER_X86, 0xFC,
     "E8 E8 34 12 01 00 90 90 90",
     "E8 E8 36 13 01 00 90 90 90"},
    {"two bytes back, top byte FE", LZMA_FILTER_X86, 0x0,
     "E9 11 E8 22 FE 00 FF 90 90",
     "E9 11 E8 29 FE 00 FF 90 90"},
    {"two bytes back, top byte 33", LZMA_FILTER_X86, 0x5FFF0,
     "E9 11 E8 22 33 FA FF 90 90",
     "E9 11 E8 19 33 00 00 90 90"},
    {"the first call hides the second", LZMA_FILTER_X86, 0x0,
     "E8 E8 00 00 00 00 90 90 90",
     "E8 ED 00 00 00 00 90 90 90"},
    {"a call hides opcodes in its operand", LZMA_FILTER_X86, 0x0,
     "E8 90 E8 E8 00 10 00 00 90 90 90",
     "E8 95 E8 E8 00 10 00 00 90 90 90"},
    {"passed over: top byte 01; too few bytes for the second", LZMA_FILTER_X86, 0x0,
     "E8 12 34 56 01 E8 00 00 00",
     "E8 12 34 56 01 E8 00 00 00"},
    {"the byte becomes FF: inverted, one byte back", LZMA_FILTER_X86, 0xFE0000,
     "E8 E8 34 12 01 00 90 90 90",
     "E8 E8 CB ED FE 00 90 90 90"},
    {"the byte becomes FF: inverted, two bytes back", LZMA_FILTER_X86, 0xCC00,
     "E9 11 E8 22 33 FA FF 90 90",
     "E9 11 E8 DD CC FA FF 90 90"},
    {"the byte becomes 00: inverted, three bytes back", LZMA_FILTER_X86, 0xB4,
     "E9 11 22 E8 44 33 05 FF 90",
     "E9 11 22 E8 BB 35 05 FF 90"},
    {"bl, with link", LZMA_FILTER_POWERPC, 0x0,
     "48 00 00 11 48 00 00 11 60 00 00 00",
     "48 00 00 11 48 00 00 15 60 00 00 00"},
    {"b without link, bla and others stay", LZMA_FILTER_POWERPC, 0x1000,
     "4B FF FF FD 48 00 00 10 48 00 00 13 7F 00 00 01",
     "48 00 0F FD 48 00 00 10 48 00 00 13 7F 00 00 01"},
    {"target wraps in 26 bits; three bytes are left", LZMA_FILTER_POWERPC, 0x3FFFFF0,
     "4B FF FF F1 4B FF FF",
     "4B FF FF E1 4B FF FF"},
    {"br.call at 0", LZMA_FILTER_IA64, 0x0,
     "11 00 00 00 00 00 00 00 00 00 00 00 00 00 00 50",
     "11 00 00 00 00 00 00 00 00 00 00 00 00 00 00 50"},
    {"slot 2 with sign; template 11 with other bits", LZMA_FILTER_IA64, 0x0,
     "10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 50 11 08 00 00 00 00 "
     "00 00 00 00 00 08 00 00 00 58",
     "10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 50 11 08 00 00 00 00 "
     "00 00 00 00 00 08 10 00 00 58"},
    {"template 16: three slots", LZMA_FILTER_IA64, 0x20,
     "16 00 00 00 00 0A 00 00 00 80 02 00 00 00 00 50 16 00 00 00 00 0A "
     "00 00 00 80 02 00 00 00 00 50",
     "16 00 00 00 00 0A 00 00 00 80 02 00 20 00 00 50 16 00 00 00 00 0A "
     "00 00 00 80 02 00 30 00 00 50"},
    {"three slots", LZMA_FILTER_IA64, 0x40,
     "16 00 00 00 00 14 00 00 00 00 28 00 00 00 00 50",
     "16 00 10 00 00 14 00 20 00 00 28 00 40 00 00 50"},
    {"three slots with registers, signs and other fields", LZMA_FILTER_IA64, 0x123450,
     "F7 3F 00 00 00 14 00 F8 FF 7F 2C 00 F0 FF FF 57",
     "F7 3F 14 8D 04 14 00 20 1A 09 28 00 40 34 12 5F"},
    {"template 12: slots 1 and 2", LZMA_FILTER_IA64, 0x40,
     "12 00 00 00 00 14 00 00 00 00 28 00 00 00 00 50",
     "12 00 00 00 00 14 00 20 00 00 28 00 40 00 00 50"},
    {"branch type 1 stays", LZMA_FILTER_IA64, 0x40,
     "10 00 00 00 00 14 00 00 00 00 28 00 01 00 00 50",
     "10 00 00 00 00 14 00 00 00 00 28 00 01 00 00 50"},
    {"opcode 4 stays", LZMA_FILTER_IA64, 0x40,
     "10 00 00 00 00 14 00 00 00 00 28 00 70 77 00 40",
     "10 00 00 00 00 14 00 00 00 00 28 00 70 77 00 40"},
    {"template 0A has no branches", LZMA_FILTER_IA64, 0x40,
     "0A 00 00 00 00 14 00 00 00 00 28 00 00 00 00 50",
     "0A 00 00 00 00 14 00 00 00 00 28 00 00 00 00 50"},
    {"target wraps in 25 bits", LZMA_FILTER_IA64, 0x1FFFFF0,
     "1D 00 00 00 00 00 00 00 00 00 00 00 20 00 00 50",
     "1D 00 00 00 00 00 00 00 00 00 00 00 10 00 00 50"},
    {"BL, forward and back", LZMA_FILTER_ARM, 0x0,
     "00 00 00 EB 00 00 00 EB FE FF FF EB",
     "02 00 00 EB 03 00 00 EB 02 00 00 EB"},
    {"other conditions stay; target wraps in 24 bits", LZMA_FILTER_ARM, 0x1000,
     "FE FF FF EB 00 00 00 EA 00 00 00 0B FF FF 7F EB",
     "00 04 00 EB 00 00 00 EA 00 00 00 0B 04 04 80 EB"},
    {"BL in two halves", LZMA_FILTER_ARMTHUMB, 0x0,
     "00 F0 00 F8 00 F0 00 F8 00 BF",
     "00 F0 02 F8 00 F0 04 F8 00 BF"},
    {"start at 2; a high half alone, then a pair", LZMA_FILTER_ARMTHUMB, 0x2,
     "FF F7 FE FF 00 F0 00 F0 00 F8 00 E8",
     "00 F0 01 F8 00 F0 00 F0 06 F8 00 E8"},
    {"call", LZMA_FILTER_SPARC, 0x0,
     "40 00 00 04 40 00 00 04 01 00 00 00",
     "40 00 00 04 40 00 00 05 01 00 00 00"},
    {"negative; eight upper bits that do not agree stay", LZMA_FILTER_SPARC, 0x1000,
     "7F FF FF FF 40 3F FF FF 40 40 00 00 7F C0 00 00",
     "40 00 03 FF 7F C0 04 00 40 40 00 00 7F C0 04 03"},
    {"BL; B stays", LZMA_FILTER_ARM64, 0x0,
     "00 00 00 94 00 00 00 94 00 00 00 14",
     "00 00 00 94 01 00 00 94 00 00 00 14"},
    {"ADRP", LZMA_FILTER_ARM64, 0x4000,
     "FF FF FF 97 00 00 00 90 00 00 00 B0 E1 FF FF F0",
     "FF 0F 00 94 20 00 00 90 20 00 00 B0 01 00 00 F0"},
    {"ADRP near and far: 512 MiB on, back, and beyond", LZMA_FILTER_ARM64, 0x1000000,
     "00 00 00 90 E1 FF 0F 90 03 00 10 90 E3 FF EF B0 00 00 F0 90",
     "00 80 00 90 E1 7F F0 90 03 00 10 90 E3 FF EF B0 00 80 F0 90"},
    {"JAL x1", LZMA_FILTER_RISCV, 0x0,
     "EF 00 00 01 EF 00 00 01 13 00 00 00 13 00 00 00",
     "EF 00 00 08 EF 00 00 0A 13 00 00 00 13 00 00 00"},
    {"JAL x5; x0 and x2 stay", LZMA_FILTER_RISCV, 0x1000,
     "EF F2 DF FF EF 02 80 00 6F 00 00 00 EF 01 00 00 13 00 00 00",
     "EF 02 07 FE EF 02 08 06 6F 00 00 00 EF 01 00 00 13 00 00 00"},
    {"AUIPC and JALR, forward and back", LZMA_FILTER_RISCV, 0x0,
     "97 00 00 00 E7 80 00 00 97 00 00 00 E7 80 00 80",
     "17 71 0E 08 00 00 00 00 17 71 0E 08 FF FF F8 08"},
    {"at odd multiples of 2; another base register stays", LZMA_FILTER_RISCV, 0x2,
     "01 00 17 15 00 00 13 05 85 F7 01 00 17 15 00 00 13 05 86 F7 13 00",
     "01 00 17 31 51 50 00 00 0F 7C 01 00 17 15 00 00 13 05 86 F7 13 00"},
    {"x2 and x0, not wrapped", LZMA_FILTER_RISCV, 0x0,
     "17 01 00 00 13 00 00 00 17 00 00 00 13 00 00 00",
     "17 01 00 00 13 00 00 00 17 00 00 00 13 00 00 00"},
    {"None", LZMA_FILTER_RISCV, 0x100,
     "17 31 00 18 12 34 56 78 17 F1 FF FF 9A BC DE F0",
     "97 31 56 78 03 80 21 41 97 BF DE F0 FF FF AF C9"},
    {"None", LZMA_FILTER_RISCV, 0x0,
     "17 31 00 00 12 34 56 78 17 31 00 10 12 34 56 78",
     "17 31 00 00 12 34 56 78 17 31 00 10 12 34 56 78"},
};
/* clang-format on */

#define CAPACITY 64

static void convert(size_t i, bool is_encoder, const char *from, const char *to)
{
    uint8_t buf[CAPACITY];
    uint8_t want[CAPACITY];
    const size_t size = hex_parse(from, buf, CAPACITY);
    assert_int_equal(hex_parse(to, want, CAPACITY), size);
    struct xz_bcj bcj;
    xz_bcj_init(&bcj, vectors[i].id, vectors[i].start_offset, is_encoder);
    const size_t done = xz_bcj_convert(&bcj, buf, size);
    assert_true(done <= size && size - done < xz_bcj_lookahead(vectors[i].id));
    assert_int_equal(bcj.pos, (uint32_t)(vectors[i].start_offset + done));
    if (memcmp(buf, want, size) != 0)
        printf("vector %zu, %s: %s\n", i, is_encoder ? "encoder" : "decoder",
               vectors[i].what);
    assert_memory_equal(buf, want, size);
}

static void encode(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(vectors); ++i)
        convert(i, true, vectors[i].plain, vectors[i].coded);
}

static void decode(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(vectors); ++i)
        convert(i, false, vectors[i].coded, vectors[i].plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encode),
        cmocka_unit_test(decode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
