// SPDX-License-Identifier: 0BSD
// Branch converter for ARM64, little endian instructions.
//
//     BL     31     26 25                                       0
//           | 100101  | target / 4                               |
//
//     ADRP   31  30 29  28   24 23                    5 4       0
//           | 1 | low2 | 10000 | target / 4096, high 19  | register |
//
// All BLs are converted. ADRP (the page of a variable's address; 21 bits with sign)
// also occurs by chance, in data: it is converted only when its target is within 512
// MiB, where code has it. The decoder has to see that too. So only 18 bits of the
// result are kept, sign bit included: the three bits above, which are equal in all that
// are converted, are made equal to it.

#include "base/bytes.h"
#include "filter/bcj_kernels.h"

/* Page counts from -2^17 to 2^17 - 1, of 21 bits. */
static bool is_near(uint32_t pages)
{
    return ((pages + 0x020000) & 0x1C0000) == 0;
}

static uint32_t convert_adrp(uint32_t insn, uint32_t address, bool is_encoder)
{
    const uint32_t pages = (insn >> 29 & 3) | (insn >> 3 & 0x1FFFFC);
    if (!is_near(pages))
        return insn;
    const uint32_t moved = xz_bcj_move(is_encoder, pages, address >> 12);
    const uint32_t sign = (0U - (moved & 0x020000)) & 0x1C0000;
    const uint32_t result = sign | (moved & 0x03FFFF);
    return (insn & 0x9000001F) | (result & 3) << 29 | (result & 0x1FFFFC) << 3;
}

size_t xz_bcj_arm64(struct xz_bcj *bcj, uint8_t *buf, size_t size)
{
    const bool is_encoder = bcj->is_encoder;
    const uint32_t pos = bcj->pos;
    size_t i;
    for (i = 0; size - i >= 4; i += 4) {
        const uint32_t insn = xz_read32le(buf + i);
        const uint32_t address = pos + (uint32_t)i;
        if (insn >> 26 == 0x25) {
            const uint32_t target = xz_bcj_move(is_encoder, insn, address >> 2);
            xz_write32le(buf + i, 0x94000000 | (target & 0x03FFFFFF));
        } else if ((insn & 0x9F000000) == 0x90000000) {
            xz_write32le(buf + i, convert_adrp(insn, address, is_encoder));
        }
    }
    return i;
}
