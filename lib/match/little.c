// SPDX-License-Identifier: 0BSD
// Match finder: little texts, by tables of the latest positions that begin alike.
//
//     tables | 2 bytes | 3 | 4 | 5 | 6 | 7 | 9 | 12 | 16 | 32 bytes | ring |
//
// A parser by price wants for each length the nearest match that is as long. A table
// of n bytes knows the nearest position that agrees for n bytes. So a row of tables
// knows nearly all, up to what lies between their numbers of bytes, at a price that
// does not depend on the text: nothing is searched for, and nothing is sorted.
//
// What lies between is won back where matches begin (pair_block.h).
//
// That works as long as tables stay in the near caches. So it is for little texts that
// are there as a whole. Positions are numbers of 16 bits, and a word that leads
// nowhere is 0, which is as good a candidate as any other: all are compared.

#include "match/little.h"
#include "base/cpu.h"

#define LITTLE_TARGET

#include "match/little_pairs.h"

XZ_ALWAYS_INLINE uint32_t little_pairs_at(const uint8_t *text, uint32_t pos,
                                          const uint16_t *origins, uint32_t avail,
                                          struct xz_pair *pairs, uint32_t *ret_longest)
{
    return little_pairs(text, pos, origins, avail, pairs, ret_longest);
}

#include "match/little_find.h"

#define BITS_MIN 6
#define BITS_MAX 16

/* The least texts have two entries for a position: clearing them takes little time. A
   longer text never has fewer. */
#define LEAST_TEXT 2048

static uint32_t table_bits(uint32_t size)
{
    uint32_t bits = size <= LEAST_TEXT ? BITS_MIN + 1 : BITS_MIN;
    size = size <= LEAST_TEXT ? 2 * size : size;
    while (bits < BITS_MAX && UINT32_C(1) << bits < size)
        ++bits;
    return bits;
}

static size_t used_words(uint32_t size)
{
    const size_t halves = ((size_t)LITTLE_TABLES << table_bits(size))
                          + (size_t)LITTLE_RING * LITTLE_LANES;
    return halves * sizeof(uint16_t) / sizeof(uint32_t);
}

/* More than are used: a heap keeps what its pieces together take if one of them is half
   of that. Otherwise it returns it to the system behind each text, and little texts
   would take up to half as long again. */
size_t xz_little_words(uint32_t size)
{
    return used_words(size) * 3 / 2;
}

void xz_little_open(struct xz_finder *f, uint32_t size)
{
    f->main_bits = table_bits(size);
    memset(f->heads, 0, ((size_t)LITTLE_TABLES << f->main_bits) * sizeof(uint16_t));
}

const struct xz_little_kernel xz_little_portable = {little_batch};

const struct xz_little_kernel *xz_little_kernel(void)
{
    const uint32_t features = xz_cpu_features();
    if (xz_little_avx512 != NULL && (features & XZ_CPU_AVX512) != 0)
        return xz_little_avx512;
    if (xz_little_avx2 != NULL && (features & XZ_CPU_AVX2) != 0)
        return xz_little_avx2;
    return &xz_little_portable;
}
