// SPDX-License-Identifier: 0BSD
// Copying a match inside the dictionary, fast, with an overrun.
//
// A match of length len and distance dist repeats what lies dist bytes back; where
// dist < len it repeats its own output, a pattern of dist bytes again and again.
// Copying in pieces of 16 bytes is right as long as dist >= 16, since no piece then
// reads what it is about to write, and as long as dist >= len, since what a piece
// reads wrongly then lies behind the match. For dist < 8 the pattern is put into a
// 64-bit word once, and the word is stored at every multiple of the longest stride
// that keeps the pattern in step:
//
//     dist 3:   a b c a b c a b | c a ...
//               <--- stride 6 --->            6 = 8 rounded down to a multiple of 3
//
// The copy ends within XZ_DICT_OVERRUN bytes behind its last one.

#ifndef XZ_LZMA_MATCH_COPY_H
#define XZ_LZMA_MATCH_COPY_H

#include "base/bytes.h"
#include "lzma/dict.h"

#define XZ_MATCH_NEAR 16 // bytes copied at a time

/* The pattern of the dist bytes at src, repeated to 8 bytes. dist is 1 to 7. */
static inline uint64_t xz_match_pattern(const uint8_t *src, size_t dist)
{
    uint64_t word = 0;
    for (size_t i = dist; i-- > 0;)
        word = (word << 8) | src[i];
    for (size_t bits = dist * 8; bits < 64; bits *= 2)
        word |= word << bits;
    return word;
}

/* Copies len bytes (at least 1) from dist bytes before dst; dist is at least 1. */
static inline void xz_match_copy_near(uint8_t *dst, size_t dist, size_t len)
{
    uint8_t *const end = dst + len;
    if (dist >= 8) {
        do {
            memcpy(dst, dst - dist, 8);
            dst += 8;
        } while (dst < end);
        return;
    }
    const uint64_t word = xz_match_pattern(dst - dist, dist);
    const size_t stride = dist < 5 ? (dist == 3 ? 6 : 8) : dist;
    do {
        xz_write64le(dst, word);
        dst += stride;
    } while (dst < end);
}

/* All are loaded before one is stored: src and dst may overlap. */
XZ_ALWAYS_INLINE void xz_match_copy_piece(uint8_t *dst, const uint8_t *src)
{
    uint8_t piece[XZ_MATCH_NEAR];
    memcpy(piece, src, XZ_MATCH_NEAR);
    memcpy(dst, piece, XZ_MATCH_NEAR);
}

/* Copies len bytes (at least 1) from src to dst, where dst is at least len bytes or
   XZ_MATCH_NEAR behind src, or src in the part of a wrapped buffer that lies behind
   dst. */
XZ_ALWAYS_INLINE void xz_match_copy(uint8_t *dst, const uint8_t *src, size_t len)
{
    uint8_t *const end = dst + len;
    do {
        xz_match_copy_piece(dst, src);
        xz_match_copy_piece(dst + XZ_MATCH_NEAR, src + XZ_MATCH_NEAR);
        dst += 2 * XZ_MATCH_NEAR;
        src += 2 * XZ_MATCH_NEAR;
    } while (XZ_UNLIKELY(dst < end));
}

#endif
