// SPDX-License-Identifier: 0BSD
// What the machine has.

#ifndef XZ_BASE_HARDWARE_H
#define XZ_BASE_HARDWARE_H

#include "base/platform.h"

/* Bytes of RAM; 0 if unknown. */
uint64_t xz_physmem(void);

/* Hardware threads that this process may run on; 0 if unknown. */
uint32_t xz_cputhreads(void);

/* The processors in the scheduling mask of this thread; 0 where there is no such mask
   or it cannot be asked. In a file of its own for each system: hardware_linux.c,
   hardware_other.c. */
uint32_t xz_cpu_mask_count(void);

/* Asks for huge pages for size bytes from p on, where a page begins. Nothing happens
   where there are none. In the same files. */
void xz_pages_want_huge(void *p, size_t size);

#endif
