// SPDX-License-Identifier: 0BSD
// Tells .xz, .lz and .lzma apart, and other files from them.

/*
 * .xz and .lz begin with a magic. A .lzma file has none, so its header is taken for one
 * only if all of it looks as encoders make it:
 *
 *     byte 0      (pb * 5 + lp) * 9 + lc, with lc + lp <= 4
 *     bytes 1-4   dictionary size: 2^n, 2^n + 2^(n-1) or 2^32 - 1
 *     bytes 5-12  uncompressed size: unknown (all ones) or at most 256 GiB
 */

#include "../common/system.h"

#include "detect.h"

#include <string.h>

static uint64_t read_le(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i > 0; i--)
        value = value << 8 | bytes[i - 1];
    return value;
}

/* Clear the lowest bits until one is left: that is the highest. */
static bool is_usual_dict_size(uint32_t size)
{
    if (size == UINT32_MAX)
        return true;
    uint32_t highest = size;
    while ((highest & (highest - 1)) != 0)
        highest &= highest - 1;
    return size != 0 && (size == highest || size == highest + highest / 2);
}

/* Text and most binary files fail at the dictionary size already. */
static bool looks_like_lzma(const uint8_t *bytes)
{
    unsigned lc = bytes[0] % 9U;
    unsigned lp = bytes[0] / 9U % 5U;
    uint64_t size = read_le(bytes + 5, 8);
    return bytes[0] <= (4 * 5 + 4) * 9 + 8 && lc + lp <= LZMA_LCLP_MAX
           && is_usual_dict_size((uint32_t)read_le(bytes + 1, 4))
           && (size == UINT64_MAX || size <= UINT64_C(256) << 30);
}

enum xz_format xz_detect(const uint8_t *bytes, size_t size)
{
    static const uint8_t xz_magic[6] = {0xFD, '7', 'z', 'X', 'Z', 0x00};
    static const uint8_t lzip_magic[4] = {'L', 'Z', 'I', 'P'};
    if (size >= sizeof(xz_magic) && memcmp(bytes, xz_magic, sizeof(xz_magic)) == 0)
        return XZ_FORMAT_XZ;
    if (size >= sizeof(lzip_magic)
        && memcmp(bytes, lzip_magic, sizeof(lzip_magic)) == 0)
        return XZ_FORMAT_LZIP;
    if (size >= XZ_DETECT_SIZE && looks_like_lzma(bytes))
        return XZ_FORMAT_LZMA;
    return XZ_FORMAT_AUTO;
}
