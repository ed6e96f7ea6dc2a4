// SPDX-License-Identifier: 0BSD
// CRCs by carry-less multiplication: the method and its constants.
//
// Source: Gopal, Ozturk, Guilford, Wolrich, Feghali, Dixon, Karakoyunlu, "Fast CRC
// Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009.
//
// Polynomials. A CRC with polynomial P of degree w is M x^w mod P for a message M (the
// start value is xored into the first w bits of M). Both CRCs are computed with a
// 64-bit register modulo Q of degree 64: Q = P for CRC64, Q = P x^32 for CRC32. The
// second works because M x^64 mod (P x^32) = (M x^32 mod P) x^32.
//
// Order of bits. All is reflected: in a word of n bits, bit i stands for x^(n-1-i). So
// 16 bytes loaded in little-endian order are a polynomial of degree < 128 whose low
// quadword H holds x^127 to x^64 and whose high quadword L holds x^63 to x^0. The
// product of two reflected quadwords A and B has 127 bits; as 128 bits it reads A B x.
// Each multiplier below has an exponent one less for that.
//
// Folding. 16 bytes that lie n bits before others can be added to those when multiplied
// by x^n:
//
//     (H x^64 + L) x^n  =  H (x^(n+63) mod Q) x  +  L (x^(n-1) mod Q) x     (mod Q)
//
// Several accumulators do so at a distance of n = 512 or 1024 bits until fewer bytes
// are left; then they are folded onto their neighbours, n = 128 to 512, in pairs first.
//
// Reduction. The last 16 bytes become R = H x^128 + L x^64 mod Q, of degree < 128:
// H (x^127 mod Q) x + L x^64. Then Barrett: with R = A x^64 + B, the quotient
// floor(A x^64 / Q) is q = floor(A mu / x^64) for mu = floor(x^128 / Q), and the CRC is
// B + (q Q mod x^64). mu and Q have 65 bits. Their lowest 64 in reflected order, from
// x^64 down to x^1, are what is multiplied:
//
//     q         low quadword of A mu; the bit left out is not among those
//     q Q       high quadword of q Q, and q itself if the bit left out, x^0, is set
//
// tests/kernels/crc_table_test.c computes all constants again.

#ifndef XZ_CHECK_CRC_FOLD_H
#define XZ_CHECK_CRC_FOLD_H

#include "base/platform.h"

/* Two multipliers: for H, x^(n+63) mod Q; for L, x^(n-1) mod Q. */
struct xz_crc_fold {
    uint64_t by_1024[2];
    uint64_t by_512[2];
    uint64_t by_256[2];
    uint64_t by_128[2];
    uint64_t mu;
    uint64_t q;
    uint64_t q_low_bit; // all ones if Q has x^0, otherwise 0
};

static const struct xz_crc_fold xz_crc32_fold = {
    .by_1024 = {UINT64_C(0x33FFF533), UINT64_C(0x910EEEC1)},
    .by_512 = {UINT64_C(0x8F352D95), UINT64_C(0x1D9513D7)},
    .by_256 = {UINT64_C(0xF1DA05AA), UINT64_C(0x81256527)},
    .by_128 = {UINT64_C(0xAE689191), UINT64_C(0xCCAA009E)},
    .mu = UINT64_C(0xB4E5B025F7011641),
    .q = UINT64_C(0x00000001DB710641),
    .q_low_bit = 0,
};

static const struct xz_crc_fold xz_crc64_fold = {
    .by_1024 = {UINT64_C(0x8757D71D4FCC1000), UINT64_C(0xD7D86B2AF73DE740)},
    .by_512 = {UINT64_C(0x6AE3EFBB9DD441F3), UINT64_C(0x081F6054A7842DF4)},
    .by_256 = {UINT64_C(0x60095B008A9EFA44), UINT64_C(0x3BE653A30FE1AF51)},
    .by_128 = {UINT64_C(0xE05DD497CA393AE4), UINT64_C(0xDABE95AFC7875F40)},
    .mu = UINT64_C(0x9C3E466C172963D5),
    .q = UINT64_C(0x92D8AF2BAF0E1E85),
    .q_low_bit = UINT64_MAX,
};

/* A window of 16 of these, i bytes from the middle, as the indices of a byte shuffle:
   moves bytes by i places and fills with zeros. */
static const uint8_t xz_crc_slide[48] = {
    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, // makes zeros
    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, //
    0,    1,    2,    3,    4,    5,    6,    7,    // the middle
    8,    9,    10,   11,   12,   13,   14,   15,   //
    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, // makes zeros
    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, //
};

#endif
