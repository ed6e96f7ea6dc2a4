// SPDX-License-Identifier: 0BSD
// SHA-256 with the SHA instructions of x86.
//
// Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2,
// SHA256RNDS2, SHA256MSG1 and SHA256MSG2.
//
// The instructions hold the eight variables as ABEF and CDGH, A in the top lane. One
// SHA256RNDS2 makes two rounds from the two low lanes of K plus W; the result replaces
// CDGH, and what was ABEF is CDGH from then on. Four words of the message schedule are
// in one register:
//
//     w16..w19 = MSG2(MSG1(w0..w3, w4..w7) + w9..w12, w12..w15)

#include "check/sha256_kernels.h"

#if XZ_X86_64

# include "base/cpu.h"
# include <immintrin.h>

# define SHA "sha,sse4.1"

XZ_TARGET(SHA)
XZ_ALWAYS_INLINE __m128i load(const void *p)
{
    return _mm_loadu_si128(p);
}

/* Rounds i to i + 3. */
XZ_TARGET(SHA)
XZ_ALWAYS_INLINE void four_rounds(__m128i *abef, __m128i *cdgh, __m128i w, size_t i)
{
    const __m128i kw = _mm_add_epi32(w, load(xz_sha256_k + i));
    *cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, kw);
    *abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(kw, 0x0E));
}

/* The four words behind w0, w4, w8 and w12, which are 16 words in order. */
XZ_TARGET(SHA)
XZ_ALWAYS_INLINE __m128i schedule(__m128i w0, __m128i w4, __m128i w8, __m128i w12)
{
    const __m128i sum =
        _mm_add_epi32(_mm_sha256msg1_epu32(w0, w4), _mm_alignr_epi8(w12, w8, 4));
    return _mm_sha256msg2_epu32(sum, w12);
}

XZ_TARGET(SHA)
static void fold_sha(uint32_t state[8], const uint8_t *blocks, size_t count)
{
    const __m128i swap =
        _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    const __m128i badc = _mm_shuffle_epi32(load(state), 0xB1);
    const __m128i efgh = _mm_shuffle_epi32(load(state + 4), 0x1B);
    __m128i abef = _mm_alignr_epi8(badc, efgh, 8);
    __m128i cdgh = _mm_blend_epi16(efgh, badc, 0xF0);

    for (; count > 0; --count, blocks += XZ_SHA256_BLOCK) {
        const __m128i abef_before = abef;
        const __m128i cdgh_before = cdgh;
        __m128i w0 = _mm_shuffle_epi8(load(blocks), swap);
        __m128i w4 = _mm_shuffle_epi8(load(blocks + 16), swap);
        __m128i w8 = _mm_shuffle_epi8(load(blocks + 32), swap);
        __m128i w12 = _mm_shuffle_epi8(load(blocks + 48), swap);
        for (size_t i = 0;; i += 16) {
            four_rounds(&abef, &cdgh, w0, i);
            four_rounds(&abef, &cdgh, w4, i + 4);
            four_rounds(&abef, &cdgh, w8, i + 8);
            four_rounds(&abef, &cdgh, w12, i + 12);
            if (i == 48)
                break;
            w0 = schedule(w0, w4, w8, w12);
            w4 = schedule(w4, w8, w12, w0);
            w8 = schedule(w8, w12, w0, w4);
            w12 = schedule(w12, w0, w4, w8);
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }

    const __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
    const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((void *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

static const struct xz_sha256_kernel kernels[] = {
    {"portable", 0, xz_sha256_fold_portable},
    {"sha", XZ_CPU_SHA, fold_sha},
};

const struct xz_sha256_kernel *xz_sha256_kernels(size_t *ret_count)
{
    *ret_count = sizeof(kernels) / sizeof(kernels[0]);
    return kernels;
}

#endif
