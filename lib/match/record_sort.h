// SPDX-License-Identifier: 0BSD
// Sorting records of 64 bits with AVX-512.

#ifndef XZ_MATCH_RECORD_SORT_H
#define XZ_MATCH_RECORD_SORT_H

#include "base/platform.h"

/* Sorts count records. Of each the lowest low_bits bits, at least one, rise from record
   to record at first, where the others, the key, are equal: so the order of the keys
   and that of whole records are the same. other has room for as many. Takes time in
   proportion to count and its logarithm, whatever the keys are. Needs XZ_CPU_AVX512.
   Thread-safe. */
void xz_records_sort_avx512(uint64_t *records, uint64_t *other, uint32_t count,
                            uint32_t low_bits);

#endif
