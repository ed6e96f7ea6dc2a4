// SPDX-License-Identifier: 0BSD
// Branch converters for 32-bit ARM: ARM and Thumb code, little endian.

#include "base/bytes.h"
#include "filter/bcj_kernels.h"

/* BL, executed always (condition 1110): 24 bits count words from 8 bytes ahead.

       31       24 23                                0
      | 1110 1011 | target / 4                        |     */
size_t xz_bcj_arm(struct xz_bcj *bcj, uint8_t *buf, size_t size)
{
    const bool is_encoder = bcj->is_encoder;
    const uint32_t pos = bcj->pos + 8;
    size_t i;
    for (i = 0; size - i >= 4; i += 4) {
        if (buf[i + 3] != 0xEB)
            continue;
        const uint32_t address = pos + (uint32_t)i;
        const uint32_t relative = xz_read32le(buf + i) << 2;
        const uint32_t target = xz_bcj_move(is_encoder, relative, address) >> 2;
        xz_write32le(buf + i, 0xEB000000 | (target & 0x00FFFFFF));
    }
    return i;
}

/* BL as two halfwords with 11 bits each of a target that counts halfwords from 4 bytes
   ahead. Thumb-2's longer range, whose second halfword may start with 11x1, is not
   looked for.

       15   11 10              0    15   11 10              0
      | 11110 | target >> 12    |  | 11111 | target >> 1     |     */
size_t xz_bcj_armthumb(struct xz_bcj *bcj, uint8_t *buf, size_t size)
{
    const bool is_encoder = bcj->is_encoder;
    const uint32_t pos = bcj->pos + 4;
    size_t i;
    for (i = 0; size - i >= 4; i += 2) {
        if ((buf[i + 1] & 0xF8) != 0xF0 || (buf[i + 3] & 0xF8) != 0xF8)
            continue;
        const uint32_t high = xz_read16le(buf + i) & 0x7FFU;
        const uint32_t low = xz_read16le(buf + i + 2) & 0x7FFU;
        const uint32_t address = pos + (uint32_t)i;
        const uint32_t relative = high << 12 | low << 1;
        const uint32_t target = xz_bcj_move(is_encoder, relative, address);
        xz_write16le(buf + i, (uint16_t)(0xF000 | (target >> 12 & 0x7FF)));
        xz_write16le(buf + i + 2, (uint16_t)(0xF800 | (target >> 1 & 0x7FF)));
        i += 2;
    }
    return i;
}
