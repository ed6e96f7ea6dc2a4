// SPDX-License-Identifier: 0BSD
// CRCs with the CRC32 and PMULL instructions of ARM64.
//
// crc_fold.h explains the method of the latter, and crc_x86.c, of the same shape, how
// the last bytes are folded. A CPU with PMULL and without CRC32 is rare; its kernel for
// CRC32 costs one line.

#include "check/crc_fold.h"
#include "check/crc_kernels.h"

#if XZ_ARM64 && !XZ_BIG_ENDIAN

# include "base/bytes.h"
# include "base/cpu.h"
# include "check/insn_arm64.h"

/* From here on a call is worth the longer way into and out of the kernel. */
# define PMULL_SIZE_MIN 32

static uint32_t crc32_instruction(const uint8_t *buf, size_t size, uint32_t crc)
{
    crc = ~crc;
    for (; size >= 8; buf += 8, size -= 8)
        crc = xz_insn_crc32x(crc, xz_read64le(buf));
    for (; size > 0; ++buf, --size)
        crc = xz_insn_crc32b(crc, *buf);
    return ~crc;
}

/* Two quadwords, first the low one. */
XZ_ALWAYS_INLINE uint8x16_t load_pair(const uint64_t *words)
{
    return vreinterpretq_u8_u64(vld1q_u64(words));
}

/* x moved by as many bits as the multipliers are for, plus next. */
XZ_ALWAYS_INLINE uint8x16_t fold(uint8x16_t x, uint8x16_t multipliers, uint8x16_t next)
{
    const uint8x16_t high = xz_insn_pmull(x, multipliers);
    const uint8x16_t low = xz_insn_pmull2(x, multipliers);
    return veorq_u8(veorq_u8(high, low), next);
}

/* x and the last size bytes, 1 to 15, that end at end. */
XZ_ALWAYS_INLINE uint8x16_t fold_tail(uint8x16_t x, uint8x16_t multipliers,
                                      const uint8_t *end, size_t size)
{
    const uint8x16_t up = vld1q_u8(xz_crc_slide + size);
    const uint8x16_t down = vld1q_u8(xz_crc_slide + 16 + size);
    const uint8x16_t head = vqtbl1q_u8(x, up);
    const uint8x16_t rest = vqtbl1q_u8(x, down);
    const uint8x16_t is_new = vcgeq_u8(down, vdupq_n_u8(0x80));
    return fold(head, multipliers, vbslq_u8(is_new, vld1q_u8(end - 16), rest));
}

/* The register after x and size more bytes; at least 16 are already in x. */
XZ_ALWAYS_INLINE uint64_t finish(const struct xz_crc_fold *k, uint8x16_t x,
                                 const uint8_t *buf, size_t size)
{
    const uint8x16_t by_128 = load_pair(k->by_128);
    for (; size >= 16; buf += 16, size -= 16)
        x = fold(x, by_128, vld1q_u8(buf));
    if (size > 0)
        x = fold_tail(x, by_128, buf + size, size);

    const uint8x16_t zero = vdupq_n_u8(0);
    const uint8x16_t mu = vreinterpretq_u8_u64(vdupq_n_u64(k->mu));
    const uint8x16_t q = vreinterpretq_u8_u64(vdupq_n_u64(k->q));
    const uint8x16_t low = vextq_u8(x, zero, 8);
    const uint8x16_t r = veorq_u8(xz_insn_pmull(x, vextq_u8(by_128, by_128, 8)), low);
    const uint8x16_t quotient = xz_insn_pmull(r, mu);
    const uint8x16_t sum = veorq_u8(r, xz_insn_pmull(quotient, q));
    return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 1)
           ^ (vgetq_lane_u64(vreinterpretq_u64_u8(quotient), 0) & k->q_low_bit);
}

/* The register after size >= 16 bytes: 64 bytes a step. */
XZ_ALWAYS_INLINE uint64_t pmull(const struct xz_crc_fold *k, const uint8_t *buf,
                                size_t size, uint64_t crc)
{
    const uint64_t start[2] = {crc, 0};
    uint8x16_t x0 = veorq_u8(vld1q_u8(buf), load_pair(start));
    if (size < 64)
        return finish(k, x0, buf + 16, size - 16);
    uint8x16_t x1 = vld1q_u8(buf + 16);
    uint8x16_t x2 = vld1q_u8(buf + 32);
    uint8x16_t x3 = vld1q_u8(buf + 48);
    const uint8x16_t by_512 = load_pair(k->by_512);
    for (buf += 64, size -= 64; size >= 64; buf += 64, size -= 64) {
        x0 = fold(x0, by_512, vld1q_u8(buf));
        x1 = fold(x1, by_512, vld1q_u8(buf + 16));
        x2 = fold(x2, by_512, vld1q_u8(buf + 32));
        x3 = fold(x3, by_512, vld1q_u8(buf + 48));
    }
    const uint8x16_t by_128 = load_pair(k->by_128);
    x1 = fold(x0, by_128, x1);
    x2 = fold(x1, by_128, x2);
    x3 = fold(x2, by_128, x3);
    return finish(k, x3, buf, size);
}

static uint32_t crc32_pmull(const uint8_t *buf, size_t size, uint32_t crc)
{
    return ~(uint32_t)pmull(&xz_crc32_fold, buf, size, ~crc);
}

static uint64_t crc64_pmull(const uint8_t *buf, size_t size, uint64_t crc)
{
    return ~pmull(&xz_crc64_fold, buf, size, ~crc);
}

static const struct xz_crc_kernel kernels[] = {
    {"portable", 0, 0, xz_crc32_portable, xz_crc64_portable},
    {"pmull", XZ_CPU_CLMUL, 16, crc32_pmull, crc64_pmull},
    {"crc32", XZ_CPU_CRC32, 0, crc32_instruction, NULL},
};

const struct xz_crc_kernel *xz_crc_kernels(size_t *ret_count)
{
    *ret_count = sizeof(kernels) / sizeof(kernels[0]);
    return kernels;
}

uint32_t xz_crc32(const uint8_t *buf, size_t size, uint32_t crc)
{
    const uint32_t features = xz_cpu_features();
    if ((features & XZ_CPU_CRC32) != 0)
        return crc32_instruction(buf, size, crc);
    if (size >= PMULL_SIZE_MIN && (features & XZ_CPU_CLMUL) != 0)
        return crc32_pmull(buf, size, crc);
    return xz_crc32_portable(buf, size, crc);
}

uint64_t xz_crc64(const uint8_t *buf, size_t size, uint64_t crc)
{
    if (size >= PMULL_SIZE_MIN && (xz_cpu_features() & XZ_CPU_CLMUL) != 0)
        return crc64_pmull(buf, size, crc);
    return xz_crc64_portable(buf, size, crc);
}

#endif
