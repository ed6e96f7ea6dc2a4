// SPDX-License-Identifier: 0BSD
// Asks the CPU for its features, without help from the compiler's runtime.
//
// __builtin_cpu_supports() would pull in a constructor, and IFUNC resolvers run before
// main(); both are what a compression library must not have. So the CPUID instruction
// (x86) or the auxiliary vector (ARM64 Linux) is read here when first needed.

#include "base/cpu.h"
#include <stdatomic.h>

#if XZ_X86_64
# include <cpuid.h>

/* XCR0: which register files the kernel saves. Bits 1-2 SSE and AVX, 5-7 AVX-512. */
static uint32_t saved_registers(void)
{
    uint32_t low;
    uint32_t high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static bool all_set(uint32_t word, uint32_t bits)
{
    return (word & bits) == bits;
}

static uint32_t detect(void)
{
    uint32_t a, b1, c1, d1, b7, c7, d7;
    uint32_t features = 0;
    if (!__get_cpuid(1, &a, &b1, &c1, &d1))
        return 0;
    if (all_set(c1, bit_SSSE3 | bit_SSE4_1))
        features |= XZ_CPU_SSE4;
    if (all_set(c1, bit_PCLMUL | bit_SSSE3 | bit_SSE4_1))
        features |= XZ_CPU_CLMUL;
    if (!__get_cpuid_count(7, 0, &a, &b7, &c7, &d7))
        return features;
    if (all_set(c1, bit_SSSE3 | bit_SSE4_1) && all_set(b7, bit_SHA))
        features |= XZ_CPU_SHA;
    const uint32_t saved = (c1 & bit_OSXSAVE) != 0 ? saved_registers() : 0;
    if (!all_set(saved, 0x06) || !all_set(c1, bit_POPCNT)
        || !all_set(b7, bit_AVX2 | bit_BMI | bit_BMI2))
        return features;
    features |= XZ_CPU_AVX2;
    if (all_set(c7, bit_VPCLMULQDQ) && (features & XZ_CPU_CLMUL) != 0)
        features |= XZ_CPU_VCLMUL;
    const uint32_t avx512_b =
        bit_AVX512F | bit_AVX512BW | bit_AVX512CD | bit_AVX512DQ | bit_AVX512VL;
    const uint32_t avx512_c = bit_AVX512VBMI | bit_AVX512VBMI2;
    if (all_set(saved, 0xE6) && all_set(b7, avx512_b) && all_set(c7, avx512_c))
        features |= XZ_CPU_AVX512;
    return features;
}

#elif XZ_ARM64 && XZ_LINUX
# include <sys/auxv.h>

/* Bits of AT_HWCAP as the kernel's user interface fixes them. */
static uint32_t detect(void)
{
    const unsigned long caps = getauxval(AT_HWCAP);
    uint32_t features = XZ_CPU_NEON;
    if ((caps & (1UL << 4)) != 0)
        features |= XZ_CPU_CLMUL;
    if ((caps & (1UL << 6)) != 0)
        features |= XZ_CPU_SHA;
    if ((caps & (1UL << 7)) != 0)
        features |= XZ_CPU_CRC32;
    return features;
}

#else

static uint32_t detect(void)
{
    return XZ_ARM64 ? XZ_CPU_NEON : 0;
}

#endif

/* Set in the word once it is known, so that "no features" is not asked for again. */
#define KNOWN (UINT32_C(1) << 31)

static _Atomic uint32_t cpu_word;

uint32_t xz_cpu_features(void)
{
    uint32_t word = atomic_load_explicit(&cpu_word, memory_order_relaxed);
    if (word == 0) {
        word = detect() | KNOWN;
        atomic_store_explicit(&cpu_word, word, memory_order_relaxed);
    }
    return word & ~KNOWN;
}

void xz_cpu_limit(uint32_t mask)
{
    const uint32_t word = (detect() & mask) | KNOWN;
    atomic_store_explicit(&cpu_word, word, memory_order_relaxed);
}
