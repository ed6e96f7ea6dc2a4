// SPDX-License-Identifier: 0BSD
// How far two texts agree, eight bytes at a time.

#ifndef XZ_MATCH_MATCH_LEN_H
#define XZ_MATCH_MATCH_LEN_H

#include "base/bits.h"
#include "base/bytes.h"

/* Bytes behind limit that xz_match_len() may read, without using them. */
#define XZ_MATCH_LEN_OVERREAD 8

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

#endif
