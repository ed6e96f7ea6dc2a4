// SPDX-License-Identifier: 0BSD
// CRC64 (ECMA-182), portable: eight bytes a step with eight tables, as in crc32.c.
//
// The register is as long as a step, so both halves of it meet the bytes; behind a step
// of four bytes its upper half moves down instead.

#include "base/bytes.h"
#include "check/crc_kernels.h"
#include "check/crc_table.h"

static const uint64_t table[8][256] = {
    XZ_CRC_SLICE(XZ_CRC64_SLICE_0), XZ_CRC_SLICE(XZ_CRC64_SLICE_1),
    XZ_CRC_SLICE(XZ_CRC64_SLICE_2), XZ_CRC_SLICE(XZ_CRC64_SLICE_3),
    XZ_CRC_SLICE(XZ_CRC64_SLICE_4), XZ_CRC_SLICE(XZ_CRC64_SLICE_5),
    XZ_CRC_SLICE(XZ_CRC64_SLICE_6), XZ_CRC_SLICE(XZ_CRC64_SLICE_7),
};

/* The register after the four bytes of word, first in the low bits, and `behind` zero
   bytes. */
XZ_ALWAYS_INLINE uint64_t four_bytes(uint32_t word, unsigned behind)
{
    return table[behind + 3][word & 0xFF] ^ table[behind + 2][(word >> 8) & 0xFF]
           ^ table[behind + 1][(word >> 16) & 0xFF] ^ table[behind][word >> 24];
}

uint64_t xz_crc64_portable(const uint8_t *buf, size_t size, uint64_t crc)
{
    crc = ~crc;
    for (; size >= 8; buf += 8, size -= 8) {
        crc = four_bytes((uint32_t)crc ^ xz_read32le(buf), 4)
              ^ four_bytes((uint32_t)(crc >> 32) ^ xz_read32le(buf + 4), 0);
    }
    if (size >= 4) {
        crc = four_bytes((uint32_t)crc ^ xz_read32le(buf), 0) ^ (crc >> 32);
        buf += 4;
        size -= 4;
    }
    for (; size > 0; ++buf, --size)
        crc = (crc >> 8) ^ table[0][(crc ^ *buf) & 0xFF];
    return ~crc;
}
