// SPDX-License-Identifier: 0BSD
// CRCs with PCLMULQDQ and VPCLMULQDQ; crc_fold.h explains the method.
//
// Four accumulators of 16 or 32 bytes hide the latency of the multiplications. What is
// left behind whole steps is folded 16 bytes at a time, and the last 1 to 15 bytes by
// shifting what has been gathered:
//
//     | x, 16 bytes               | tail, n bytes |
//     | head, n bytes | rest      | tail          |
//     | 0 ... 0, head             |                    folded onto
//                     | rest      | tail          |    these 16 bytes
//
// The 16 bytes with the tail are read at the end of the buffer, so no byte outside of
// it is touched. Below 16 bytes the tables are faster than a shorter form of this.

#include "check/crc_fold.h"
#include "check/crc_kernels.h"

#if XZ_X86_64

# include "base/cpu.h"
# include <immintrin.h>

# define CLMUL  "sse4.1,pclmul"
# define VCLMUL "avx2,vpclmulqdq,sse4.1,pclmul"

/* From here on a call is worth the longer way into and out of the kernel. */
# define CLMUL_SIZE_MIN  16
# define VCLMUL_SIZE_MIN 256

XZ_TARGET(CLMUL)
XZ_ALWAYS_INLINE __m128i load(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* multipliers: that for H in the low quadword. */
XZ_TARGET(CLMUL)
XZ_ALWAYS_INLINE __m128i load_pair(const uint64_t *multipliers)
{
    return _mm_set_epi64x((long long)multipliers[1], (long long)multipliers[0]);
}

/* x moved by as many bits as the multipliers are for, plus next. */
XZ_TARGET(CLMUL)
XZ_ALWAYS_INLINE __m128i fold(__m128i x, __m128i multipliers, __m128i next)
{
    const __m128i high = _mm_clmulepi64_si128(x, multipliers, 0x00);
    const __m128i low = _mm_clmulepi64_si128(x, multipliers, 0x11);
    return _mm_xor_si128(_mm_xor_si128(high, low), next);
}

/* x and the last size bytes, 1 to 15, that end at end: the picture above. */
XZ_TARGET(CLMUL)
XZ_ALWAYS_INLINE __m128i fold_tail(__m128i x, __m128i multipliers, const uint8_t *end,
                                   size_t size)
{
    const __m128i up = load(xz_crc_slide + size);
    const __m128i down = load(xz_crc_slide + 16 + size);
    const __m128i head = _mm_shuffle_epi8(x, up);
    const __m128i rest = _mm_shuffle_epi8(x, down);
    return fold(head, multipliers, _mm_blendv_epi8(rest, load(end - 16), down));
}

/* The register after x and size more bytes; at least 16 are already in x. */
XZ_TARGET(CLMUL)
XZ_ALWAYS_INLINE uint64_t finish(const struct xz_crc_fold *k, __m128i x,
                                 const uint8_t *buf, size_t size)
{
    const __m128i by_128 = load_pair(k->by_128);
    for (; size >= 16; buf += 16, size -= 16)
        x = fold(x, by_128, load(buf));
    if (size > 0)
        x = fold_tail(x, by_128, buf + size, size);

    const __m128i barrett = _mm_set_epi64x((long long)k->q, (long long)k->mu);
    const __m128i r =
        _mm_xor_si128(_mm_clmulepi64_si128(x, by_128, 0x10), _mm_srli_si128(x, 8));
    const __m128i quotient = _mm_clmulepi64_si128(r, barrett, 0x00);
    const __m128i product = _mm_clmulepi64_si128(quotient, barrett, 0x10);
    const uint64_t high = (uint64_t)_mm_extract_epi64(_mm_xor_si128(r, product), 1);
    return high ^ ((uint64_t)_mm_cvtsi128_si64(quotient) & k->q_low_bit);
}

/* The register after size >= 16 bytes: 64 bytes a step. */
XZ_TARGET(CLMUL)
XZ_ALWAYS_INLINE uint64_t clmul(const struct xz_crc_fold *k, const uint8_t *buf,
                                size_t size, uint64_t crc)
{
    const __m128i start = _mm_cvtsi64_si128((long long)crc);
    __m128i x0 = _mm_xor_si128(load(buf), start);
    if (size < 64)
        return finish(k, x0, buf + 16, size - 16);
    __m128i x1 = load(buf + 16);
    __m128i x2 = load(buf + 32);
    __m128i x3 = load(buf + 48);
    const __m128i by_512 = load_pair(k->by_512);
    for (buf += 64, size -= 64; size >= 64; buf += 64, size -= 64) {
        x0 = fold(x0, by_512, load(buf));
        x1 = fold(x1, by_512, load(buf + 16));
        x2 = fold(x2, by_512, load(buf + 32));
        x3 = fold(x3, by_512, load(buf + 48));
    }
    const __m128i by_128 = load_pair(k->by_128);
    x1 = fold(x0, by_128, x1);
    x3 = fold(x2, by_128, x3);
    return finish(k, fold(x1, load_pair(k->by_256), x3), buf, size);
}

XZ_TARGET(VCLMUL)
XZ_ALWAYS_INLINE __m256i load_wide(const uint8_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

XZ_TARGET(VCLMUL)
XZ_ALWAYS_INLINE __m256i fold_wide(__m256i x, __m256i multipliers, __m256i next)
{
    const __m256i high = _mm256_clmulepi64_epi128(x, multipliers, 0x00);
    const __m256i low = _mm256_clmulepi64_epi128(x, multipliers, 0x11);
    return _mm256_xor_si256(_mm256_xor_si256(high, low), next);
}

XZ_TARGET(VCLMUL)
XZ_ALWAYS_INLINE __m256i load_pair_wide(const uint64_t *multipliers)
{
    return _mm256_broadcastsi128_si256(load_pair(multipliers));
}

/* The same for size >= 128 bytes: 128 bytes a step. */
XZ_TARGET(VCLMUL)
XZ_ALWAYS_INLINE uint64_t vclmul(const struct xz_crc_fold *k, const uint8_t *buf,
                                 size_t size, uint64_t crc)
{
    const __m256i start = _mm256_set_epi64x(0, 0, 0, (long long)crc);
    __m256i x0 = _mm256_xor_si256(load_wide(buf), start);
    __m256i x1 = load_wide(buf + 32);
    __m256i x2 = load_wide(buf + 64);
    __m256i x3 = load_wide(buf + 96);
    const __m256i by_1024 = load_pair_wide(k->by_1024);
    for (buf += 128, size -= 128; size >= 128; buf += 128, size -= 128) {
        x0 = fold_wide(x0, by_1024, load_wide(buf));
        x1 = fold_wide(x1, by_1024, load_wide(buf + 32));
        x2 = fold_wide(x2, by_1024, load_wide(buf + 64));
        x3 = fold_wide(x3, by_1024, load_wide(buf + 96));
    }
    const __m256i by_256 = load_pair_wide(k->by_256);
    x1 = fold_wide(x0, by_256, x1);
    x3 = fold_wide(x2, by_256, x3);
    x3 = fold_wide(x1, load_pair_wide(k->by_512), x3);
    const __m128i x = fold(_mm256_castsi256_si128(x3), load_pair(k->by_128),
                           _mm256_extracti128_si256(x3, 1));
    return finish(k, x, buf, size);
}

XZ_TARGET(CLMUL)
static uint32_t crc32_clmul(const uint8_t *buf, size_t size, uint32_t crc)
{
    return ~(uint32_t)clmul(&xz_crc32_fold, buf, size, ~crc);
}

XZ_TARGET(CLMUL)
static uint64_t crc64_clmul(const uint8_t *buf, size_t size, uint64_t crc)
{
    return ~clmul(&xz_crc64_fold, buf, size, ~crc);
}

XZ_TARGET(VCLMUL)
static uint32_t crc32_vclmul(const uint8_t *buf, size_t size, uint32_t crc)
{
    return ~(uint32_t)vclmul(&xz_crc32_fold, buf, size, ~crc);
}

XZ_TARGET(VCLMUL)
static uint64_t crc64_vclmul(const uint8_t *buf, size_t size, uint64_t crc)
{
    return ~vclmul(&xz_crc64_fold, buf, size, ~crc);
}

static const struct xz_crc_kernel kernels[] = {
    {"portable", 0, 0, xz_crc32_portable, xz_crc64_portable},
    {"clmul", XZ_CPU_CLMUL, CLMUL_SIZE_MIN, crc32_clmul, crc64_clmul},
    {"vclmul", XZ_CPU_VCLMUL, 128, crc32_vclmul, crc64_vclmul},
};

const struct xz_crc_kernel *xz_crc_kernels(size_t *ret_count)
{
    *ret_count = sizeof(kernels) / sizeof(kernels[0]);
    return kernels;
}

uint32_t xz_crc32(const uint8_t *buf, size_t size, uint32_t crc)
{
    if (size < CLMUL_SIZE_MIN)
        return xz_crc32_portable(buf, size, crc);
    const uint32_t features = xz_cpu_features();
    if (size >= VCLMUL_SIZE_MIN && (features & XZ_CPU_VCLMUL) != 0)
        return crc32_vclmul(buf, size, crc);
    if ((features & XZ_CPU_CLMUL) != 0)
        return crc32_clmul(buf, size, crc);
    return xz_crc32_portable(buf, size, crc);
}

uint64_t xz_crc64(const uint8_t *buf, size_t size, uint64_t crc)
{
    if (size < CLMUL_SIZE_MIN)
        return xz_crc64_portable(buf, size, crc);
    const uint32_t features = xz_cpu_features();
    if (size >= VCLMUL_SIZE_MIN && (features & XZ_CPU_VCLMUL) != 0)
        return crc64_vclmul(buf, size, crc);
    if ((features & XZ_CPU_CLMUL) != 0)
        return crc64_clmul(buf, size, crc);
    return xz_crc64_portable(buf, size, crc);
}

#endif
