// SPDX-License-Identifier: 0BSD
// Integers in memory in a stated byte order, at any alignment.
//
// The byte-wise forms are what compilers turn into one load or store where the CPU
// allows it, so there is no second form for such CPUs.

#ifndef XZ_BASE_BYTES_H
#define XZ_BASE_BYTES_H

#include "base/platform.h"
#include <string.h>

/* True if size bytes are the same. The smallest build does without memcmp(). */
static inline bool xz_same_bytes(const uint8_t *a, const uint8_t *b, size_t size)
{
    if (!XZ_SMALL)
        return memcmp(a, b, size) == 0;
    while (size > 0 && *a == *b) {
        ++a;
        ++b;
        --size;
    }
    return size == 0;
}

static inline uint16_t xz_read16le(const uint8_t *p)
{
    return (uint16_t)(p[0] | (p[1] << 8));
}

static inline uint32_t xz_read32le(const uint8_t *p)
{
    return (uint32_t)p[0] | ((uint32_t)p[1] << 8) | ((uint32_t)p[2] << 16)
           | ((uint32_t)p[3] << 24);
}

static inline uint64_t xz_read64le(const uint8_t *p)
{
    return (uint64_t)xz_read32le(p) | ((uint64_t)xz_read32le(p + 4) << 32);
}

static inline uint32_t xz_read32be(const uint8_t *p)
{
    return ((uint32_t)p[0] << 24) | ((uint32_t)p[1] << 16) | ((uint32_t)p[2] << 8)
           | (uint32_t)p[3];
}

static inline uint64_t xz_read64be(const uint8_t *p)
{
    return ((uint64_t)xz_read32be(p) << 32) | (uint64_t)xz_read32be(p + 4);
}

static inline void xz_write16le(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static inline void xz_write32le(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
    p[2] = (uint8_t)(v >> 16);
    p[3] = (uint8_t)(v >> 24);
}

static inline void xz_write64le(uint8_t *p, uint64_t v)
{
    xz_write32le(p, (uint32_t)v);
    xz_write32le(p + 4, (uint32_t)(v >> 32));
}

static inline void xz_write32be(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
}

static inline void xz_write64be(uint8_t *p, uint64_t v)
{
    xz_write32be(p, (uint32_t)(v >> 32));
    xz_write32be(p + 4, (uint32_t)v);
}

/* Words in the CPU's own order, for comparing and hashing only. */
static inline uint32_t xz_load32(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

static inline uint64_t xz_load64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

/* True if all size bytes are zero. */
static inline bool xz_all_zero(const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < size; ++i) {
        if (p[i] != 0)
            return false;
    }
    return true;
}

#endif
