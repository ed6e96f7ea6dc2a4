// SPDX-License-Identifier: 0BSD
// Memory from the caller's lzma_allocator, or from malloc() where there is none.

#ifndef XZ_BASE_ALLOC_H
#define XZ_BASE_ALLOC_H

#include "base/platform.h"
#include <lzma.h>

/* Allocates size bytes (a size of 0 counts as 1), not cleared. allocator may be NULL,
   and so may its alloc member: then malloc() serves. Returns NULL when there is no
   memory. The caller owns the result and gives it to xz_free() with the same
   allocator. */
void *xz_alloc(size_t size, const lzma_allocator *allocator);

/* The same, all bytes zero. */
void *xz_alloc_zero(size_t size, const lzma_allocator *allocator);

/* Allocates count items of size bytes each, not cleared; NULL also when the product
   does not fit into size_t. */
void *xz_alloc_array(size_t count, size_t size, const lzma_allocator *allocator);

/* Allocates size bytes like xz_alloc(). Without a caller's allocator, large memory is
   aligned, and huge pages are asked for: tables that are used at random places cost
   less time then. */
void *xz_alloc_large(size_t size, const lzma_allocator *allocator);

/* Frees what the functions above returned. p may be NULL. */
void xz_free(void *p, const lzma_allocator *allocator);

#endif
