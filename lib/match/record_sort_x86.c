// SPDX-License-Identifier: 0BSD
// Sorting records of 64 bits with AVX-512.
//
// Quicksort: records are parted into those below a pivot and the rest, eight at a
// time, by compressing each kind (Bramas: "A novel hybrid quicksort algorithm
// vectorized using AVX-512", 2017). They go from one array to the other and back. How
// many are below is counted first: then both kinds keep their order, so that a part
// with one key needs no more work. Parts of at most 64 go through a network
// (record_net_x86.h).
//
// The pivot is the middle of a few samples. After a bad one the next one is a power of
// two steps in the range of the keys, which a part can be halved by at most 64 times.

#include "base/bits.h"
#include "match/record_net_x86.h"
#include "match/record_sort.h"
#include <string.h>

#if XZ_X86_64

# define NETWORK_MAX (XZ_NET_LANES * XZ_NET_VECTORS)
# define PARTS_MAX   40 // the smaller part is first, so there are at most 32
# define BAD         16 // a part with less than one in so many shows a bad pivot

struct part {
    uint32_t start;
    uint32_t end;
    bool is_in_other;
    bool was_bad;
};

XZ_AVX512 static void sort_few(const uint64_t *from, uint64_t *to, uint32_t count)
{
    if (count <= XZ_NET_LANES)
        xz_net_sort_words(from, to, count, 1);
    else if (count <= 2 * XZ_NET_LANES)
        xz_net_sort_words(from, to, count, 2);
    else if (count <= 4 * XZ_NET_LANES)
        xz_net_sort_words(from, to, count, 4);
    else
        xz_net_sort_words(from, to, count, XZ_NET_VECTORS);
}

XZ_AVX512 static uint32_t count_below(const uint64_t *records, uint32_t count,
                                      uint64_t pivot)
{
    const __m512i bound = _mm512_set1_epi64((int64_t)pivot);
    uint32_t below = 0;
    for (uint32_t i = 0; i < count; i += XZ_NET_LANES) {
        const __mmask8 lanes = xz_net_lanes(count - i, 0);
        const __m512i v = _mm512_maskz_loadu_epi64(lanes, records + i);
        below +=
            (uint32_t)_mm_popcnt_u32(_mm512_mask_cmplt_epu64_mask(lanes, v, bound));
    }
    return below;
}

/* Writes the records that are below the pivot to low, the others to high. */
XZ_AVX512 static void divide(const uint64_t *records, uint32_t count, uint64_t pivot,
                             uint64_t *low, uint64_t *high)
{
    const __m512i bound = _mm512_set1_epi64((int64_t)pivot);
    for (uint32_t i = 0; i < count; i += XZ_NET_LANES) {
        const __mmask8 lanes = xz_net_lanes(count - i, 0);
        const __m512i v = _mm512_maskz_loadu_epi64(lanes, records + i);
        const __mmask8 is_below = _mm512_mask_cmplt_epu64_mask(lanes, v, bound);
        const __mmask8 is_above = (__mmask8)(lanes & ~is_below);
        const uint32_t below = (uint32_t)_mm_popcnt_u32(is_below);
        const uint32_t above = (uint32_t)_mm_popcnt_u32(is_above);
        _mm512_mask_storeu_epi64(low, (__mmask8)_bzhi_u32(0xFF, below),
                                 _mm512_maskz_compress_epi64(is_below, v));
        _mm512_mask_storeu_epi64(high, (__mmask8)_bzhi_u32(0xFF, above),
                                 _mm512_maskz_compress_epi64(is_above, v));
        low += below;
        high += above;
    }
}

/* A pivot by the highest bit that not all keys have in common. Returns how many are
   below it; count if there is one key. */
static uint32_t halve(const uint64_t *records, uint32_t count, uint32_t low_bits,
                      uint64_t *ret_pivot)
{
    uint64_t all = records[0];
    uint64_t any = records[0];
    for (uint32_t i = 1; i < count; ++i) {
        all &= records[i];
        any |= records[i];
    }
    const uint64_t differing = (all ^ any) >> low_bits;
    if (differing == 0)
        return count;
    const uint32_t bit = low_bits + xz_bits_top64(differing);
    *ret_pivot = ((all >> bit) | 1) << bit;
    return count_below(records, count, *ret_pivot);
}

/* The same with the least record of the key that is in the middle of some samples, or,
   if none is below that, of the next key. */
XZ_AVX512 static uint32_t sample(const uint64_t *records, uint32_t count,
                                 uint32_t low_bits, uint64_t *ret_pivot)
{
    uint64_t samples[XZ_NET_LANES];
    const uint32_t step = (count - 1) / (XZ_NET_LANES - 1);
    for (uint32_t i = 0; i < XZ_NET_LANES; ++i)
        samples[i] = records[(size_t)i * step];
    xz_net_sort_words(samples, samples, XZ_NET_LANES, 1);
    const uint64_t key = samples[XZ_NET_LANES / 2] >> low_bits;
    uint64_t pivot = key << low_bits;
    uint32_t below = 0;
    if (samples[0] < pivot || samples[XZ_NET_LANES - 1] >> low_bits == key)
        below = count_below(records, count, pivot);
    if (below == 0) {
        pivot = (key + 1) << low_bits;
        below = pivot == 0 ? count : count_below(records, count, pivot);
    }
    *ret_pivot = pivot;
    return below;
}

void xz_records_sort_avx512(uint64_t *records, uint64_t *other, uint32_t count,
                            uint32_t low_bits)
{
    struct part parts[PARTS_MAX];
    uint32_t left = 0;
    parts[left++] = (struct part){0, count, false, false};
    while (left > 0) {
        const struct part p = parts[--left];
        const uint32_t size = p.end - p.start;
        uint64_t *const from = (p.is_in_other ? other : records) + p.start;
        uint64_t *const to = (p.is_in_other ? records : other) + p.start;
        if (size <= NETWORK_MAX) {
            sort_few(from, records + p.start, size);
            continue;
        }
        uint64_t pivot = 0;
        const uint32_t below = p.was_bad ? halve(from, size, low_bits, &pivot)
                                         : sample(from, size, low_bits, &pivot);
        if (below == size) {
            if (p.is_in_other)
                memcpy(to, from, size * sizeof(*from));
            continue;
        }
        divide(from, size, pivot, to, to + below);
        const bool is_bad = below < size / BAD || size - below < size / BAD;
        const uint32_t middle = p.start + below;
        const struct part low = {p.start, middle, !p.is_in_other, is_bad};
        const struct part high = {middle, p.end, !p.is_in_other, is_bad};
        parts[left++] = below > size / 2 ? low : high;
        parts[left++] = below > size / 2 ? high : low;
    }
}

#endif
