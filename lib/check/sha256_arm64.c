// SPDX-License-Identifier: 0BSD
// SHA-256 with the SHA2 instructions of ARM64.
//
// Source: Arm Architecture Reference Manual for A-profile, SHA256H, SHA256H2, SHA256SU0
// and SHA256SU1. A pair of instructions makes four rounds or four words of the message
// schedule. The variables are two vectors, A to D and E to H; both halves of a round
// need both as they were before it.

#include "check/sha256_kernels.h"

#if XZ_ARM64 && !XZ_BIG_ENDIAN

# include "base/cpu.h"
# include "check/insn_arm64.h"

XZ_ALWAYS_INLINE uint32x4_t load_words(const uint8_t *p)
{
    return vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(p)));
}

/* Rounds i to i + 3. */
XZ_ALWAYS_INLINE void four_rounds(uint32x4_t *abcd, uint32x4_t *efgh, uint32x4_t w,
                                  size_t i)
{
    const uint32x4_t kw = vaddq_u32(w, vld1q_u32(xz_sha256_k + i));
    const uint32x4_t old_abcd = *abcd;
    *abcd = xz_insn_sha256h(old_abcd, *efgh, kw);
    *efgh = xz_insn_sha256h2(*efgh, old_abcd, kw);
}

/* The four words behind w0, w4, w8 and w12, which are 16 words in order. */
XZ_ALWAYS_INLINE uint32x4_t schedule(uint32x4_t w0, uint32x4_t w4, uint32x4_t w8,
                                     uint32x4_t w12)
{
    return xz_insn_sha256su1(xz_insn_sha256su0(w0, w4), w8, w12);
}

static void fold_sha2(uint32_t state[8], const uint8_t *blocks, size_t count)
{
    uint32x4_t abcd = vld1q_u32(state);
    uint32x4_t efgh = vld1q_u32(state + 4);
    for (; count > 0; --count, blocks += XZ_SHA256_BLOCK) {
        const uint32x4_t abcd_before = abcd;
        const uint32x4_t efgh_before = efgh;
        uint32x4_t w0 = load_words(blocks);
        uint32x4_t w4 = load_words(blocks + 16);
        uint32x4_t w8 = load_words(blocks + 32);
        uint32x4_t w12 = load_words(blocks + 48);
        for (size_t i = 0;; i += 16) {
            four_rounds(&abcd, &efgh, w0, i);
            four_rounds(&abcd, &efgh, w4, i + 4);
            four_rounds(&abcd, &efgh, w8, i + 8);
            four_rounds(&abcd, &efgh, w12, i + 12);
            if (i == 48)
                break;
            w0 = schedule(w0, w4, w8, w12);
            w4 = schedule(w4, w8, w12, w0);
            w8 = schedule(w8, w12, w0, w4);
            w12 = schedule(w12, w0, w4, w8);
        }
        abcd = vaddq_u32(abcd, abcd_before);
        efgh = vaddq_u32(efgh, efgh_before);
    }
    vst1q_u32(state, abcd);
    vst1q_u32(state + 4, efgh);
}

static const struct xz_sha256_kernel kernels[] = {
    {"portable", 0, xz_sha256_fold_portable},
    {"sha2", XZ_CPU_SHA, fold_sha2},
};

const struct xz_sha256_kernel *xz_sha256_kernels(size_t *ret_count)
{
    *ret_count = sizeof(kernels) / sizeof(kernels[0]);
    return kernels;
}

#endif
