// SPDX-License-Identifier: 0BSD
// Bit positions, rounding, and sums and products that cannot wrap unseen.

#ifndef XZ_BASE_BITS_H
#define XZ_BASE_BITS_H

#include "base/platform.h"

/* Index of the highest set bit, 0 to 31. v must not be 0. */
static inline unsigned xz_bits_top32(uint32_t v)
{
#if XZ_HAVE_GNUC
    return 31U ^ (unsigned)__builtin_clz(v);
#else
    unsigned n = 0;
    while (v >>= 1)
        ++n;
    return n;
#endif
}

/* Index of the lowest set bit, 0 to 63. v must not be 0. */
static inline unsigned xz_bits_low64(uint64_t v)
{
#if XZ_HAVE_GNUC
    return (unsigned)__builtin_ctzll(v);
#else
    unsigned n = 0;
    for (; (v & 1) == 0; v >>= 1)
        ++n;
    return n;
#endif
}

/* Index of the highest set bit, 0 to 63. v must not be 0. */
static inline unsigned xz_bits_top64(uint64_t v)
{
    const uint32_t high = (uint32_t)(v >> 32);
    return high != 0 ? 32 + xz_bits_top32(high) : xz_bits_top32((uint32_t)v);
}

/* Next multiple of four; the caller knows that v <= UINT64_MAX - 3. */
static inline uint64_t xz_round_up4(uint64_t v)
{
    return (v + 3) & ~UINT64_C(3);
}

/* a + b into *ret_sum, or false if that does not fit. */
static inline bool xz_add_fits(uint64_t a, uint64_t b, uint64_t *ret_sum)
{
    if (b > UINT64_MAX - a)
        return false;
    *ret_sum = a + b;
    return true;
}

/* a * b into *ret_product, or false if that does not fit into size_t. */
static inline bool xz_mul_fits(size_t a, size_t b, size_t *ret_product)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *ret_product = a * b;
    return true;
}

#endif
