// SPDX-License-Identifier: 0BSD
// How far two texts agree, many bytes at a time.
//
// Whether texts differ within one step is a branch that is to be predicted: with eight
// bytes it is a coin toss for the lengths that matches have, with 32 it is not. Where
// lengths are short, or known to be long, eight bytes take fewer instructions.

#ifndef XZ_MATCH_MATCH_LEN_H
#define XZ_MATCH_MATCH_LEN_H

#include "base/bits.h"
#include "base/bytes.h"
#include "match/match_len_x86.h"

/* Bytes behind limit that xz_match_len() may read, without using them. */
#define XZ_MATCH_LEN_OVERREAD 8

/* And xz_match_len_wide(). */
#define XZ_MATCH_LEN_WIDE_OVERREAD 32

/* Length of the common prefix of a and b, at most limit. The first len bytes
   (len <= limit) are known to agree. Up to XZ_MATCH_LEN_OVERREAD bytes behind
   a + limit and b + limit must be readable. */
static inline uint32_t xz_match_len(const uint8_t *a, const uint8_t *b, uint32_t len,
                                    uint32_t limit)
{
    for (; len < limit; len += 8) {
        const uint64_t differing = xz_read64le(a + len) ^ xz_read64le(b + len);
        if (differing != 0) {
            len += xz_bits_low64(differing) >> 3;
            return len < limit ? len : limit;
        }
    }
    return limit;
}

/* Bytes that a and b agree for, at most 16. In which word they differ is hard to
   predict, so there is no branch. */
XZ_ALWAYS_INLINE uint32_t xz_match_len16(const uint8_t *a, const uint8_t *b)
{
    const uint64_t low = xz_read64le(a) ^ xz_read64le(b);
    const uint64_t high = xz_read64le(a + 8) ^ xz_read64le(b + 8);
    const uint64_t differing = low != 0 ? low : high;
    const uint32_t len = xz_bits_low64(differing | UINT64_C(1) << 63) >> 3;
    return len + (differing == 0 ? 1 : 0) + (low == 0 ? 8 : 0);
}

/* As xz_match_len(), with XZ_MATCH_LEN_WIDE_OVERREAD bytes behind. */
static inline uint32_t xz_match_len_wide(const uint8_t *a, const uint8_t *b,
                                         uint32_t len, uint32_t limit)
{
    if (!XZ_MATCH_LEN_X86)
        return xz_match_len(a, b, len, limit);
    for (; len < limit; len += XZ_MATCH_LEN_WIDE_OVERREAD) {
        const uint32_t differing = xz_differing_x86(a + len, b + len);
        if (differing != 0) {
            len += xz_bits_low64(differing);
            return len < limit ? len : limit;
        }
    }
    return limit;
}

#endif
