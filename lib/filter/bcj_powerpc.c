// SPDX-License-Identifier: 0BSD
// Branch converter for big-endian PowerPC.

#include "base/bytes.h"
#include "filter/bcj_kernels.h"

/* bl: branch (opcode 18), relative (AA = 0), with link (LK = 1).

       31    26 25                               2   1    0
      | 010010 | target / 4                       | AA | LK |     */
size_t xz_bcj_powerpc(struct xz_bcj *bcj, uint8_t *buf, size_t size)
{
    const bool is_encoder = bcj->is_encoder;
    const uint32_t pos = bcj->pos;
    size_t i;
    for (i = 0; size - i >= 4; i += 4) {
        const uint32_t insn = xz_read32be(buf + i);
        if ((insn & 0xFC000003) != 0x48000001)
            continue;
        const uint32_t address = pos + (uint32_t)i;
        const uint32_t target = xz_bcj_move(is_encoder, insn - 1, address);
        xz_write32be(buf + i, 0x48000001 | (target & 0x03FFFFFC));
    }
    return i;
}
