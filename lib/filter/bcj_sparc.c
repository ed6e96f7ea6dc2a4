// SPDX-License-Identifier: 0BSD
// Branch converter for SPARC.

#include "base/bytes.h"
#include "filter/bcj_kernels.h"

/* call, with a target near enough that the upper eight bits of it agree: 22 bits and
   their sign. The result gets that form too, so that the decoder finds it.

       31 30 29                                           0
      |  01  | target / 4                                  |     */
size_t xz_bcj_sparc(struct xz_bcj *bcj, uint8_t *buf, size_t size)
{
    const bool is_encoder = bcj->is_encoder;
    const uint32_t pos = bcj->pos;
    size_t i;
    for (i = 0; size - i >= 4; i += 4) {
        const uint32_t insn = xz_read32be(buf + i);
        if (insn >> 22 != 0x100 && insn >> 22 != 0x1FF)
            continue;
        const uint32_t address = pos + (uint32_t)i;
        const uint32_t target = xz_bcj_move(is_encoder, insn << 2, address) >> 2;
        const uint32_t sign = (0U - (target >> 22 & 1)) & 0x3FC00000;
        xz_write32be(buf + i, 0x40000000 | sign | (target & 0x003FFFFF));
    }
    return i;
}
