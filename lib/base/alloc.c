// SPDX-License-Identifier: 0BSD
// The only file of the library that calls malloc() and free().
//
// The minimal library calls neither: without an lzma_allocator it has no memory.
//
// A caller's alloc() gets 1 as its number of items, as liblzma always did: allocators
// written for it need not multiply.

#include "base/alloc.h"
#include "base/bits.h"
#include "base/hardware.h"
#include <stdlib.h>
#include <string.h>

/* From this size on, calloc() may know of memory that is zero anyway. Below, malloc()
   is faster: glibc's keeps small pieces at hand for each thread. */
#define CALLOC_MIN 4096

void *xz_alloc(size_t size, const lzma_allocator *allocator)
{
    const size_t real_size = size == 0 ? 1 : size;
    if (allocator != NULL && allocator->alloc != NULL)
        return allocator->alloc(allocator->opaque, 1, real_size);
    return XZ_SMALL ? NULL : malloc(real_size);
}

void *xz_alloc_zero(size_t size, const lzma_allocator *allocator)
{
    if (!XZ_SMALL && size >= CALLOC_MIN
        && (allocator == NULL || allocator->alloc == NULL))
        return calloc(1, size);
    void *p = xz_alloc(size, allocator);
    if (p != NULL)
        memset(p, 0, size);
    return p;
}

void *xz_alloc_array(size_t count, size_t size, const lzma_allocator *allocator)
{
    size_t bytes;
    if (!xz_mul_fits(count, size, &bytes))
        return NULL;
    return xz_alloc(bytes, allocator);
}

/* From this size on, huge pages are worth asking for. */
#define LARGE     (UINT32_C(4) << 20)
#define HUGE_PAGE ((size_t)2 << 20)

void *xz_alloc_large(size_t size, const lzma_allocator *allocator)
{
    if (XZ_SMALL || (allocator != NULL && allocator->alloc != NULL) || size < LARGE
        || size > SIZE_MAX - HUGE_PAGE)
        return xz_alloc(size, allocator);
    const size_t whole = (size + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
    void *const p = aligned_alloc(HUGE_PAGE, whole);
    if (p != NULL)
        xz_pages_want_huge(p, whole);
    return p;
}

void xz_free(void *p, const lzma_allocator *allocator)
{
    if (allocator != NULL && allocator->free != NULL)
        allocator->free(allocator->opaque, p);
    else if (!XZ_SMALL)
        free(p);
}
