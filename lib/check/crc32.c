// SPDX-License-Identifier: 0BSD
// CRC32 (IEEE 802.3), portable: eight bytes a step with eight tables.
//
// "Slicing by eight" (Kounavis and Berry, 2005). A CRC is linear: what eight bytes do
// to the register is the xor of what each of them alone, with zeros behind it, does. So
// eight look-ups that do not wait for each other replace eight that do. The register
// itself counts as xored into the first four bytes.
//
// crc_table.h tells how the preprocessor makes the tables.

#include "base/bytes.h"
#include "check/crc_kernels.h"
#include "check/crc_table.h"

static const uint32_t table[8][256] = {
    XZ_CRC_SLICE(XZ_CRC32_SLICE_0), XZ_CRC_SLICE(XZ_CRC32_SLICE_1),
    XZ_CRC_SLICE(XZ_CRC32_SLICE_2), XZ_CRC_SLICE(XZ_CRC32_SLICE_3),
    XZ_CRC_SLICE(XZ_CRC32_SLICE_4), XZ_CRC_SLICE(XZ_CRC32_SLICE_5),
    XZ_CRC_SLICE(XZ_CRC32_SLICE_6), XZ_CRC_SLICE(XZ_CRC32_SLICE_7),
};

/* The register after the four bytes of word, first in the low bits, and `behind` zero
   bytes. */
XZ_ALWAYS_INLINE uint32_t four_bytes(uint32_t word, unsigned behind)
{
    return table[behind + 3][word & 0xFF] ^ table[behind + 2][(word >> 8) & 0xFF]
           ^ table[behind + 1][(word >> 16) & 0xFF] ^ table[behind][word >> 24];
}

uint32_t xz_crc32_portable(const uint8_t *buf, size_t size, uint32_t crc)
{
    crc = ~crc;
    for (; size >= 8; buf += 8, size -= 8) {
        crc =
            four_bytes(crc ^ xz_read32le(buf), 4) ^ four_bytes(xz_read32le(buf + 4), 0);
    }
    if (size >= 4) {
        crc = four_bytes(crc ^ xz_read32le(buf), 0);
        buf += 4;
        size -= 4;
    }
    for (; size > 0; ++buf, --size)
        crc = (crc >> 8) ^ table[0][(crc ^ *buf) & 0xFF];
    return ~crc;
}
