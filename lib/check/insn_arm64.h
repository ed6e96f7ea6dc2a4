// SPDX-License-Identifier: 0BSD
// Optional ARM64 instructions, one function each.
//
// In assembly, because GCC and Clang do not agree on the target attribute, and Clang
// before 16 offers the intrinsics only if the whole file is compiled for such CPUs. Two
// quadwords of polynomials are a vector of 16 bytes here.

#ifndef XZ_CHECK_INSN_ARM64_H
#define XZ_CHECK_INSN_ARM64_H

#include "base/platform.h"

#if XZ_ARM64

# include <arm_neon.h>

XZ_ALWAYS_INLINE uint32_t xz_insn_crc32x(uint32_t crc, uint64_t eight_bytes)
{
    __asm__(".arch_extension crc\n\tcrc32x %w0, %w0, %x1"
            : "+r"(crc)
            : "r"(eight_bytes));
    return crc;
}

XZ_ALWAYS_INLINE uint32_t xz_insn_crc32b(uint32_t crc, uint32_t byte)
{
    __asm__(".arch_extension crc\n\tcrc32b %w0, %w0, %w1" : "+r"(crc) : "r"(byte));
    return crc;
}

/* Carry-less product of the low quadwords. */
XZ_ALWAYS_INLINE uint8x16_t xz_insn_pmull(uint8x16_t a, uint8x16_t b)
{
    uint8x16_t product;
    __asm__(".arch_extension aes\n\tpmull %0.1q, %1.1d, %2.1d"
            : "=w"(product)
            : "w"(a), "w"(b));
    return product;
}

/* Carry-less product of the high quadwords. */
XZ_ALWAYS_INLINE uint8x16_t xz_insn_pmull2(uint8x16_t a, uint8x16_t b)
{
    uint8x16_t product;
    __asm__(".arch_extension aes\n\tpmull2 %0.1q, %1.2d, %2.2d"
            : "=w"(product)
            : "w"(a), "w"(b));
    return product;
}

/* Four rounds: the new ABCD and, from the old ABCD, the new EFGH. */
XZ_ALWAYS_INLINE uint32x4_t xz_insn_sha256h(uint32x4_t abcd, uint32x4_t efgh,
                                            uint32x4_t kw)
{
    __asm__(".arch_extension sha2\n\tsha256h %q0, %q1, %2.4s"
            : "+w"(abcd)
            : "w"(efgh), "w"(kw));
    return abcd;
}

XZ_ALWAYS_INLINE uint32x4_t xz_insn_sha256h2(uint32x4_t efgh, uint32x4_t old_abcd,
                                             uint32x4_t kw)
{
    __asm__(".arch_extension sha2\n\tsha256h2 %q0, %q1, %2.4s"
            : "+w"(efgh)
            : "w"(old_abcd), "w"(kw));
    return efgh;
}

/* Both halves of the message schedule. */
XZ_ALWAYS_INLINE uint32x4_t xz_insn_sha256su0(uint32x4_t w0, uint32x4_t w4)
{
    __asm__(".arch_extension sha2\n\tsha256su0 %0.4s, %1.4s" : "+w"(w0) : "w"(w4));
    return w0;
}

XZ_ALWAYS_INLINE uint32x4_t xz_insn_sha256su1(uint32x4_t sum, uint32x4_t w8,
                                              uint32x4_t w12)
{
    __asm__(".arch_extension sha2\n\tsha256su1 %0.4s, %1.4s, %2.4s"
            : "+w"(sum)
            : "w"(w8), "w"(w12));
    return sum;
}

#endif

#endif
