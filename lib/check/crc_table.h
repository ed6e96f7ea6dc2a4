// SPDX-License-Identifier: 0BSD
// What the tables of the portable CRCs are made of: 64 constants each.
//
// A CRC is linear: the entry for a byte is the xor of the entries for its single bits.
// A table for slicing by eight has 8 slices; slice j at i is the CRC register after
// byte i and j zero bytes, so its entry for bit k is x^(w + 7 - k + 8 j) mod P, where P
// is the polynomial and w its degree. In order of the exponents that is one sequence of
// 64 words, each the one before it shifted by one: below, 8 a slice, bit 7 first. The
// preprocessor makes the 2048 entries; tests/kernels/crc_table_test.c makes the
// constants from the polynomial again.
//
// Words are bit-reflected as the CRCs are: the top bit stands for x^0.

#ifndef XZ_CHECK_CRC_TABLE_H
#define XZ_CHECK_CRC_TABLE_H

#include "base/platform.h"

/* clang-format off */

/* Entries in order of the byte: the lowest bit, a, changes fastest. */
#define XZ_CRC_2(v, a)               (v), (v) ^ (a)
#define XZ_CRC_4(v, b, a)            XZ_CRC_2(v, a), XZ_CRC_2((v) ^ (b), a)
#define XZ_CRC_8(v, c, b, a)         XZ_CRC_4(v, b, a), XZ_CRC_4((v) ^ (c), b, a)
#define XZ_CRC_16(v, d, c, b, a)     XZ_CRC_8(v, c, b, a), XZ_CRC_8((v) ^ (d), c, b, a)
#define XZ_CRC_32(v, e, d, c, b, a) \
    XZ_CRC_16(v, d, c, b, a), XZ_CRC_16((v) ^ (e), d, c, b, a)
#define XZ_CRC_64(v, f, e, d, c, b, a) \
    XZ_CRC_32(v, e, d, c, b, a), XZ_CRC_32((v) ^ (f), e, d, c, b, a)
#define XZ_CRC_128(v, g, f, e, d, c, b, a) \
    XZ_CRC_64(v, f, e, d, c, b, a), XZ_CRC_64((v) ^ (g), f, e, d, c, b, a)
#define XZ_CRC_256(h, g, f, e, d, c, b, a) \
    XZ_CRC_128(0, g, f, e, d, c, b, a), XZ_CRC_128(h, g, f, e, d, c, b, a)

/* One slice, from its 8 constants. */
#define XZ_CRC_SLICE(...) {XZ_CRC_256(__VA_ARGS__)}

/* P = x^32 + x^26 + x^23 + x^22 + x^16 + x^12 + x^11 + x^10 + x^8 + x^7 + x^5 + x^4
   + x^2 + x + 1 (IEEE 802.3). */
#define XZ_CRC32_SLICE_0 \
    0xEDB88320U, 0x76DC4190U, 0x3B6E20C8U, 0x1DB71064U, \
    0x0EDB8832U, 0x076DC419U, 0xEE0E612CU, 0x77073096U
#define XZ_CRC32_SLICE_1 \
    0x3B83984BU, 0xF0794F05U, 0x958424A2U, 0x4AC21251U, \
    0xC8D98A08U, 0x646CC504U, 0x32366282U, 0x191B3141U
#define XZ_CRC32_SLICE_2 \
    0xE1351B80U, 0x709A8DC0U, 0x384D46E0U, 0x1C26A370U, \
    0x0E1351B8U, 0x0709A8DCU, 0x0384D46EU, 0x01C26A37U
#define XZ_CRC32_SLICE_3 \
    0xED59B63BU, 0x9B14583DU, 0xA032AF3EU, 0x5019579FU, \
    0xC5B428EFU, 0x8F629757U, 0xAA09C88BU, 0xB8BC6765U
#define XZ_CRC32_SLICE_4 \
    0xB1E6B092U, 0x58F35849U, 0xC1C12F04U, 0x60E09782U, \
    0x30704BC1U, 0xF580A6C0U, 0x7AC05360U, 0x3D6029B0U
#define XZ_CRC32_SLICE_5 \
    0x1EB014D8U, 0x0F580A6CU, 0x07AC0536U, 0x03D6029BU, \
    0xEC53826DU, 0x9B914216U, 0x4DC8A10BU, 0xCB5CD3A5U
#define XZ_CRC32_SLICE_6 \
    0x8816EAF2U, 0x440B7579U, 0xCFBD399CU, 0x67DE9CCEU, \
    0x33EF4E67U, 0xF44F2413U, 0x979F1129U, 0xA6770BB4U
#define XZ_CRC32_SLICE_7 \
    0x533B85DAU, 0x299DC2EDU, 0xF9766256U, 0x7CBB312BU, \
    0xD3E51BB5U, 0x844A0EFAU, 0x4225077DU, 0xCCAA009EU

/* P of ECMA-182: 0x42F0E1EBA9EA3693 with x^64 above, here in reflected order. */
#define XZ_CRC64_SLICE_0 \
    UINT64_C(0xC96C5795D7870F42), UINT64_C(0x64B62BCAEBC387A1), \
    UINT64_C(0xFB374270A266CC92), UINT64_C(0x7D9BA13851336649), \
    UINT64_C(0xF7A18709FF1EBC66), UINT64_C(0x7BD0C384FF8F5E33), \
    UINT64_C(0xF4843657A840A05B), UINT64_C(0xB32E4CBE03A75F6F)
#define XZ_CRC64_SLICE_1 \
    UINT64_C(0x90FB71CAD654A0F5), UINT64_C(0x8111EF70BCAD5F38), \
    UINT64_C(0x4088F7B85E56AF9C), UINT64_C(0x20447BDC2F2B57CE), \
    UINT64_C(0x10223DEE1795ABE7), UINT64_C(0xC17D4962DC4DDAB1), \
    UINT64_C(0xA9D2F324B9A1E21A), UINT64_C(0x54E979925CD0F10D)
#define XZ_CRC64_SLICE_2 \
    UINT64_C(0xE318EB5CF9EF77C4), UINT64_C(0x718C75AE7CF7BBE2), \
    UINT64_C(0x38C63AD73E7BDDF1), UINT64_C(0xD50F4AFE48BAE1BA), \
    UINT64_C(0x6A87A57F245D70DD), UINT64_C(0xFC2F852A45A9B72C), \
    UINT64_C(0x7E17C29522D4DB96), UINT64_C(0x3F0BE14A916A6DCB)
#define XZ_CRC64_SLICE_3 \
    UINT64_C(0xD6E9A7309F3239A7), UINT64_C(0xA218840D981E1391), \
    UINT64_C(0x986015931B88068A), UINT64_C(0x4C300AC98DC40345), \
    UINT64_C(0xEF7452F111650EE0), UINT64_C(0x77BA297888B28770), \
    UINT64_C(0x3BDD14BC445943B8), UINT64_C(0x1DEE8A5E222CA1DC)
#define XZ_CRC64_SLICE_4 \
    UINT64_C(0x0EF7452F111650EE), UINT64_C(0x077BA297888B2877), \
    UINT64_C(0xCAD186DE13C29B79), UINT64_C(0xAC0494FADE6642FE), \
    UINT64_C(0x56024A7D6F33217F), UINT64_C(0xE26D72AB601E9FFD), \
    UINT64_C(0xB85AEEC0678840BC), UINT64_C(0x5C2D776033C4205E)
#define XZ_CRC64_SLICE_5 \
    UINT64_C(0x2E16BBB019E2102F), UINT64_C(0xDE670A4DDB760755), \
    UINT64_C(0xA65FD2B33A3C0CE8), UINT64_C(0x532FE9599D1E0674), \
    UINT64_C(0x2997F4ACCE8F033A), UINT64_C(0x14CBFA566747819D), \
    UINT64_C(0xC309AABEE424CF8C), UINT64_C(0x6184D55F721267C6)
#define XZ_CRC64_SLICE_6 \
    UINT64_C(0x30C26AAFB90933E3), UINT64_C(0xD10D62C20B0396B3), \
    UINT64_C(0xA1EAE6F4D206C41B), UINT64_C(0x999924EFBE846D4F), \
    UINT64_C(0x85A0C5E208C539E5), UINT64_C(0x8BBC3564D3E593B0), \
    UINT64_C(0x45DE1AB269F2C9D8), UINT64_C(0x22EF0D5934F964EC)
#define XZ_CRC64_SLICE_7 \
    UINT64_C(0x117786AC9A7CB276), UINT64_C(0x08BBC3564D3E593B), \
    UINT64_C(0xCD31B63EF11823DF), UINT64_C(0xAFF48C8AAF0B1EAD), \
    UINT64_C(0x9E9611D080028014), UINT64_C(0x4F4B08E84001400A), \
    UINT64_C(0x27A584742000A005), UINT64_C(0xDABE95AFC7875F40)

/* clang-format on */

#endif
