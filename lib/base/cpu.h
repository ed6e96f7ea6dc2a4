// SPDX-License-Identifier: 0BSD
// Which optional instructions this CPU has.

#ifndef XZ_BASE_CPU_H
#define XZ_BASE_CPU_H

#include "base/platform.h"

/* Bits of xz_cpu_features(). A bit is set only when CPU and kernel both allow it. */
enum xz_cpu_feature {
    XZ_CPU_CLMUL = 1U << 0,  // x86 PCLMULQDQ with SSSE3 and SSE4.1, ARM64 PMULL
    XZ_CPU_AVX2 = 1U << 1,   // AVX2, BMI1, BMI2 and POPCNT
    XZ_CPU_AVX512 = 1U << 2, // XZ_CPU_AVX2's; AVX-512 F, BW, CD, DQ, VL, VBMI, VBMI2
    XZ_CPU_SHA = 1U << 3,    // x86 SHA-NI, ARM64 SHA2
    XZ_CPU_CRC32 = 1U << 4,  // ARM64 CRC32
    XZ_CPU_VCLMUL = 1U << 5, // x86 VPCLMULQDQ on 256-bit vectors
    XZ_CPU_SSE4 = 1U << 6,   // x86 SSSE3 and SSE4.1
    XZ_CPU_NEON = 1U << 7,   // ARM64: all have it; so that tests can do without
};

/* Returns the features of this CPU, found at the first call and remembered in one
   relaxed atomic word: threads that come first together store the same value. A coder
   calls it when it is opened and keeps the kernels that it chose. */
uint32_t xz_cpu_features(void);

/* For tests: from now on only the features in mask are reported (0: portable code
   only, UINT32_MAX: all). Coders that are open keep what they chose. */
void xz_cpu_limit(uint32_t mask);

#endif
