/* SPDX-License-Identifier: 0BSD */
/* What the machine has: helps to choose memory limits and thread counts. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/*
 * Physical memory (RAM) of the machine. Neither what is free now nor limits set for
 * the process are taken into account.
 *
 * Returns: bytes, 0 if unknown.
 * Threads: any.
 */
extern LZMA_API(uint64_t) lzma_physmem(void)
    lzma_nothrow;

/*
 * Hardware threads that this process may run on; the system's scheduling mask is
 * honoured where it can be asked.
 *
 * Returns: a count, 0 if unknown.
 * Threads: any.
 */
extern LZMA_API(uint32_t) lzma_cputhreads(void)
    lzma_nothrow;
