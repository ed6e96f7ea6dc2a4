// SPDX-License-Identifier: 0BSD
// Branch converter for RISC-V, with compressed instructions: everything is at multiples
// of two bytes.
//
// JAL with rd = x1 or x5 is a call. Its target of 21 bits has its bits out of order;
// the result has them in order, most significant first, so that targets that are near
// each other share their first bytes:
//
//      31         30        21       20      19        12  11  7 6       0
//     | target 20 | target 10..1 | target 11 | target 19..12 | rd | 1101111 |
//
//     byte 1 bits 7..4: target 20..17    byte 2: target 16..9    byte 3: target 8..1
//
// AUIPC adds a multiple of 4096 to the address of the instruction; what follows (JALR,
// a load, a store, ADDI) adds the low 12 bits, signed, to that register. Such a pair
// becomes one address of 32 bits, big endian, behind what is left of both:
//
//      31            12 11 7 6     0     31   20 19 15 14     0
//     | target 31..12  | rd | 0010111 | | 11..0 | rd  | rest   |      plain
//
//      31        27 26    12 11 7 6     0     bytes 4 to 7
//     | rd         | rest   | x2 | 0010111 | | target, big endian |   wrapped
//
// The second instruction may hold something else than low bits above rd (a store has
// its low bits in two places): its upper 12 bits are added and come back all the same.
//
// A wrapped pair looks like AUIPC x2, the stack pointer: that does not occur in code,
// but it may in data. The encoder takes what looks like a wrapped pair and makes a
// plain one of it, without any address; the decoder, meeting a plain pair, knows that
// it came from there, and wraps it. So each direction turns the one form into the
// other, and nothing is lost. In a plain pair, rd is not x0 or x2, and the second
// instruction has 32 bits (its lowest two are set) and rd as its base register.

#include "base/bytes.h"
#include "filter/bcj_kernels.h"

#define INSN_SIZE 8
#define AUIPC     0x17U
#define AUIPC_X2  0x117U

/* ---- JAL ---- */

static bool is_call(const uint8_t *p)
{
    return p[0] == 0xEF && (p[1] & 0x0D) == 0;
}

static void encode_call(uint8_t *p, uint32_t address)
{
    const uint32_t insn = xz_read32le(p);
    const uint32_t relative = (insn >> 11 & 0x100000) | (insn & 0xFF000)
                              | (insn >> 9 & 0x800) | (insn >> 20 & 0x7FE);
    const uint32_t target = relative + address;
    p[1] = (uint8_t)((p[1] & 0x0F) | (target >> 13 & 0xF0));
    p[2] = (uint8_t)(target >> 9);
    p[3] = (uint8_t)(target >> 1);
}

static void decode_call(uint8_t *p, uint32_t address)
{
    const uint32_t target =
        (p[1] & 0xF0U) << 13 | (uint32_t)p[2] << 9 | (uint32_t)p[3] << 1;
    const uint32_t relative = target - address;
    const uint32_t fields = (relative & 0x100000) << 11 | (relative & 0xFF000)
                            | (relative & 0x800) << 9 | (relative & 0x7FE) << 20;
    xz_write32le(p, fields | (p[1] & 0x0FU) << 8 | p[0]);
}

/* ---- AUIPC and what follows it ---- */

/* What an AUIPC is part of. */
enum pair {
    PAIR_NONE,   // x0 or x2, not wrapped
    PAIR_BROKEN, // another register that the second instruction does not use
    PAIR_PLAIN,
    PAIR_WRAPPED,
};

static enum pair classify(uint32_t first, uint32_t second)
{
    const uint32_t rd = first >> 7 & 31;
    if ((rd & ~2U) != 0) {
        const bool is_base = (second & 3) == 3 && (second >> 15 & 31) == rd;
        return is_base ? PAIR_PLAIN : PAIR_BROKEN;
    }
    const bool is_wrapped =
        rd == 2 && (first >> 12 & 3) == 3 && (first >> 27 & ~2U) != 0;
    return is_wrapped ? PAIR_WRAPPED : PAIR_NONE;
}

/* Bytes that are dealt with: behind a broken pair, the second instruction may be one of
   16 bits. */
static size_t pair_size(enum pair pair)
{
    switch (pair) {
    case PAIR_NONE:
        return 4;
    case PAIR_BROKEN:
        return 6;
    default:
        return 8;
    }
}

/* Writes the plain form of a wrapped first word: upper bits of the target for AUIPC,
   and the low 12 bits of low. */
static void write_plain(uint8_t *p, uint32_t wrapped, uint32_t upper, uint32_t low)
{
    xz_write32le(p, AUIPC | (wrapped >> 27) << 7 | (upper & 0xFFFFF000));
    xz_write32le(p + 4, wrapped >> 12 | low << 20);
}

static size_t encode_pair(uint8_t *p, uint32_t address)
{
    const uint32_t first = xz_read32le(p);
    const uint32_t second = xz_read32le(p + 4);
    const enum pair pair = classify(first, second);
    if (pair == PAIR_PLAIN) {
        const uint32_t borrow = second >> 31 << 12;
        const uint32_t target = (first & 0xFFFFF000) + (second >> 20) - borrow;
        xz_write32le(p, AUIPC_X2 | second << 12);
        xz_write32be(p + 4, target + address);
    } else if (pair == PAIR_WRAPPED) {
        write_plain(p, first, second, second);
    }
    return pair_size(pair);
}

static size_t decode_pair(uint8_t *p, uint32_t address)
{
    const uint32_t first = xz_read32le(p);
    const uint32_t second = xz_read32le(p + 4);
    const enum pair pair = classify(first, second);
    if (pair == PAIR_PLAIN) {
        xz_write32le(p, AUIPC_X2 | second << 12);
        xz_write32le(p + 4, (first & 0xFFFFF000) + (second >> 20));
    } else if (pair == PAIR_WRAPPED) {
        const uint32_t target = xz_read32be(p + 4) - address;
        write_plain(p, first, target + 0x800, target);
    }
    return pair_size(pair);
}

/* ---- The walk ---- */

size_t xz_bcj_riscv_encode(struct xz_bcj *bcj, uint8_t *buf, size_t size)
{
    const uint32_t pos = bcj->pos;
    size_t i = 0;
    while (size - i >= INSN_SIZE) {
        if (is_call(buf + i)) {
            encode_call(buf + i, pos + (uint32_t)i);
            i += 4;
        } else if ((buf[i] & 0x7F) == AUIPC) {
            i += encode_pair(buf + i, pos + (uint32_t)i);
        } else {
            i += 2;
        }
    }
    return i;
}

size_t xz_bcj_riscv_decode(struct xz_bcj *bcj, uint8_t *buf, size_t size)
{
    const uint32_t pos = bcj->pos;
    size_t i = 0;
    while (size - i >= INSN_SIZE) {
        if (is_call(buf + i)) {
            decode_call(buf + i, pos + (uint32_t)i);
            i += 4;
        } else if ((buf[i] & 0x7F) == AUIPC) {
            i += decode_pair(buf + i, pos + (uint32_t)i);
        } else {
            i += 2;
        }
    }
    return i;
}
