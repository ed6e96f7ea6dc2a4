// SPDX-License-Identifier: 0BSD
// Branch converter for x86, 32 and 64 bits.
//
// CALL (E8) and JMP (E9) with a distance of 32 bits, little endian, counted from the
// next instruction. Programs are small, so the top byte of a real distance is 00 or FF:
// that is the test for code. The result keeps 25 bits, the lowest bit of the top byte
// being its sign, and so passes the test again in the decoder.
//
//     | E8 or E9 | b0 | b1 | b2 | b3 = 00 or FF |
//
// Bytes E8 and E9 are frequent in operands too, and an opcode that fails the test may
// be one of those or hide one. So opcodes that were passed over not more than three
// bytes before are remembered: x86_mask has bit k set if the byte k + 1 places back is
// one. Its own top byte is then in our operand, at b(2 - k).
//
//     - no bit set: convert.
//     - one bit set, its top byte neither 00 nor FF: that was no code; convert. But the
//       decoder has the result before it when it comes to the same question. If that
//       byte of the result has become 00 or FF, the bits up to and with that byte are
//       inverted and the conversion is made once more. With a the address, l the
//       operand and l' the result modulo those bits, l' = ~(l + a) + a = ~l: the byte
//       is the inverse of what it was, neither 00 nor FF. The decoder, subtracting,
//       comes back the same way.
//     - otherwise, pass over this one too.

#include "base/bits.h"
#include "base/bytes.h"
#include "filter/bcj_kernels.h"

#define INSN_SIZE 5

/* The mask reaches three bytes back. */
#define MASK_BITS 0x7U

static bool is_00_or_ff(uint8_t byte)
{
    return (uint8_t)(byte + 1) <= 1;
}

/* Position of the first E8 or E9 from at on, or end if there is none before it. */
static size_t find_opcode(const uint8_t *buf, size_t at, size_t end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (; at + 8 <= end; at += 8) {
        /* In rest, a byte is zero where there is an opcode; in filled, its top bit. */
        const uint64_t rest = (xz_read64le(buf + at) & (0xFE * ones)) ^ (0xE8 * ones);
        const uint64_t filled = ((rest & (0x7F * ones)) + 0x7F * ones) | rest;
        const uint64_t found = ~filled & (0x80 * ones);
        if (found != 0)
            return at + xz_bits_low64(found) / 8;
    }
    while (at < end && (buf[at] & 0xFE) != 0xE8)
        ++at;
    return at;
}

/* Converts the operand at p. passed: what is in the mask, at most one bit of it. */
static void convert_operand(uint8_t *p, uint32_t passed, uint32_t address,
                            bool is_encoder)
{
    uint32_t target = xz_bcj_move(is_encoder, xz_read32le(p), address);
    if (passed != 0) {
        const unsigned shift = 16 - 8 * xz_bits_top32(passed);
        if (is_00_or_ff((uint8_t)(target >> shift))) {
            target ^= (UINT32_C(0x100) << shift) - 1;
            target = xz_bcj_move(is_encoder, target, address);
        }
    }
    const uint32_t sign = (0U - (target >> 24 & 1)) & 0xFF000000;
    xz_write32le(p, (target & 0x00FFFFFF) | sign);
}

/* True if the opcode whose operand is at p is to be converted. */
static bool is_code(const uint8_t *p, uint32_t passed)
{
    if (!is_00_or_ff(p[3]))
        return false;
    if (passed == 0)
        return true;
    return (passed & (passed - 1)) == 0 && !is_00_or_ff(p[2 - xz_bits_top32(passed)]);
}

size_t xz_bcj_x86(struct xz_bcj *bcj, uint8_t *buf, size_t size)
{
    if (size < INSN_SIZE)
        return 0;
    const bool is_encoder = bcj->is_encoder;
    const uint32_t pos = bcj->pos + INSN_SIZE;
    const size_t end = size - (INSN_SIZE - 1);
    uint32_t passed = bcj->x86_mask;
    size_t at = 0;
    while (at < end) {
        const size_t found = find_opcode(buf, at, end);
        passed = found - at < 3 ? passed << (found - at) & MASK_BITS : 0;
        at = found;
        if (at == end)
            break;
        if (is_code(buf + at + 1, passed)) {
            const uint32_t address = pos + (uint32_t)at;
            convert_operand(buf + at + 1, passed, address, is_encoder);
            passed = 0;
            at += INSN_SIZE;
        } else {
            passed = (passed << 1 | 1) & MASK_BITS;
            ++at;
        }
    }
    bcj->x86_mask = passed;
    return at;
}
