// SPDX-License-Identifier: 0BSD
// CRCs of the minimal library: half a byte a step, with tables of 16 entries.
//
// An entry stands for the register after half a byte; of the 256 entries of a table for
// whole bytes (crc_table.h) these are the ones at multiples of 16.

#include "check/check.h"
#include "check/crc_table.h"

#if XZ_SMALL

/* The half of a slice's constants that bits 4 to 7 stand for. */
# define UPPER_HALF(h, g, f, e, d, c, b, a)                                            \
  {                                                                                    \
   XZ_CRC_16(0, h, g, f, e)                                                            \
  }
# define HALF_SLICE(slice) UPPER_HALF(slice)

static const uint32_t table32[16] = HALF_SLICE(XZ_CRC32_SLICE_0);
static const uint64_t table64[16] = HALF_SLICE(XZ_CRC64_SLICE_0);

uint32_t xz_crc32(const uint8_t *buf, size_t size, uint32_t crc)
{
    crc = ~crc;
    for (; size > 0; ++buf, --size) {
        crc ^= *buf;
        crc = (crc >> 4) ^ table32[crc & 0x0F];
        crc = (crc >> 4) ^ table32[crc & 0x0F];
    }
    return ~crc;
}

uint64_t xz_crc64(const uint8_t *buf, size_t size, uint64_t crc)
{
    crc = ~crc;
    for (; size > 0; ++buf, --size) {
        crc ^= *buf;
        crc = (crc >> 4) ^ table64[crc & 0x0F];
        crc = (crc >> 4) ^ table64[crc & 0x0F];
    }
    return ~crc;
}

#endif
