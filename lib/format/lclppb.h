// SPDX-License-Identifier: 0BSD
// How headers store the parameters of LZMA: lc, lp, pb in one byte, dictionary sizes.
//
// .lzma format section 1.1; .xz format section 5.3.1.

#ifndef XZ_FORMAT_LCLPPB_H
#define XZ_FORMAT_LCLPPB_H

#include "base/platform.h"
#include <lzma.h>

/* Packs lc, lp and pb of options: (pb * 5 + lp) * 9 + lc. False if they are out of
   range; lc + lp must not exceed 4. */
static inline bool xz_lclppb_encode(const lzma_options_lzma *options, uint8_t *ret_byte)
{
    if (options->lc > LZMA_LCLP_MAX || options->lp > LZMA_LCLP_MAX
        || options->lc + options->lp > LZMA_LCLP_MAX || options->pb > LZMA_PB_MAX)
        return false;
    *ret_byte = (uint8_t)((options->pb * 5 + options->lp) * 9 + options->lc);
    return true;
}

/* Unpacks them into ret_options; false, with nothing set, if they are out of range. */
static inline bool xz_lclppb_decode(uint8_t byte, lzma_options_lzma *ret_options)
{
    const uint32_t lc = byte % 9;
    const uint32_t lp = byte / 9 % 5;
    const uint32_t pb = byte / 45U;
    if (pb > LZMA_PB_MAX || lc + lp > LZMA_LCLP_MAX)
        return false;
    ret_options->lc = lc;
    ret_options->lp = lp;
    ret_options->pb = pb;
    return true;
}

/* Greatest value of the byte that stands for a dictionary size in LZMA2. */
#define XZ_DICT_BITS_MAX 40U

/* The dictionary size that bits, 0 to 40, stands for: 4 KiB, 6 KiB, 8 KiB, 12 KiB ...
   3 GiB, 4 GiB - 1. */
static inline uint32_t xz_dict_size_from_bits(uint32_t bits)
{
    if (bits >= XZ_DICT_BITS_MAX)
        return UINT32_MAX;
    return (UINT32_C(2) | (bits & 1)) << (bits / 2 + 11);
}

/* The least bits whose dictionary is not smaller than dict_size. */
static inline uint32_t xz_dict_size_to_bits(uint32_t dict_size)
{
    uint32_t bits = 0;
    while (xz_dict_size_from_bits(bits) < dict_size)
        ++bits;
    return bits;
}

#endif
