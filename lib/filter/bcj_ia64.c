// SPDX-License-Identifier: 0BSD
// Branch converter for IA-64.
//
// Instructions come in bundles of 16 bytes, little endian: a template of 5 bits, then
// three slots of 41 bits.
//
//     127          87 86           46 45            5 4        0
//    | slot 2        | slot 1        | slot 0        | template |
//
// The template says what kind of instruction each slot holds. In slots for branches,
// br.call (opcode 5, branch type 0) is looked for:
//
//     40 37  36  35   33 32                  13 12  11   9 8        0
//    |  5   | s |       | target / 16          |   |  0   |          |     s: sign

#include "base/bytes.h"
#include "filter/bcj_kernels.h"

/* The slots for branches, bit 0 for slot 0, of each template. */
static const uint8_t branch_slots[32] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    4, 4, 6, 6, 0, 0, 7, 7, 4, 4, 0, 0, 4, 4, 0, 0,
};

/* Converts the instruction that starts at a bit, 5 to 7, of six bytes at p. */
static void convert_slot(uint8_t *p, unsigned bit, uint32_t address, bool is_encoder)
{
    const uint64_t word = xz_read32le(p) | (uint64_t)xz_read16le(p + 4) << 32;
    const uint64_t insn = word >> bit;
    if ((insn >> 37 & 0xF) != 5 || (insn >> 9 & 7) != 0)
        return;
    const uint32_t relative =
        (uint32_t)(insn >> 13 & 0xFFFFF) << 4 | (uint32_t)(insn >> 36 & 1) << 24;
    const uint64_t target = xz_bcj_move(is_encoder, relative, address) >> 4;
    const uint64_t mask = UINT64_C(0xFFFFF) << 13 | UINT64_C(1) << 36;
    const uint64_t fields = (target & 0xFFFFF) << 13 | (target >> 20 & 1) << 36;
    const uint64_t result = (word & ~(mask << bit)) | fields << bit;
    xz_write32le(p, (uint32_t)result);
    xz_write16le(p + 4, (uint16_t)(result >> 32));
}

size_t xz_bcj_ia64(struct xz_bcj *bcj, uint8_t *buf, size_t size)
{
    const bool is_encoder = bcj->is_encoder;
    const uint32_t pos = bcj->pos;
    size_t i;
    for (i = 0; size - i >= 16; i += 16) {
        const unsigned slots = branch_slots[buf[i] & 0x1F];
        for (unsigned slot = 0; slots >> slot != 0; ++slot) {
            if ((slots >> slot & 1) != 0)
                convert_slot(buf + i + 5 * slot, 5 + slot, pos + (uint32_t)i,
                             is_encoder);
        }
    }
    return i;
}
