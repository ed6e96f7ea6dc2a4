// SPDX-License-Identifier: 0BSD
// For the tests of lib/format: buffers that end at a guard page, a failing allocator.

#ifndef XZ_UNIT_FORMAT_HELP_H
#define XZ_UNIT_FORMAT_HELP_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <lzma.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A buffer whose first byte behind the end cannot be touched. */
struct guard {
    uint8_t *start; // size bytes
    uint8_t *map;
    size_t map_size;
};

/* Makes one with a copy of size bytes of data; data may be NULL for zeros. */
static inline struct guard guard_make(const void *data, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t room = (size + page - 1) / page * page;
    struct guard guard = {.map_size = room + page};
    guard.map = mmap(NULL, guard.map_size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(guard.map != MAP_FAILED);
    assert_int_equal(mprotect(guard.map + room, page, PROT_NONE), 0);
    guard.start = guard.map + room - size;
    if (data != NULL && size > 0)
        memcpy(guard.start, data, size);
    return guard;
}

static inline void guard_free(struct guard *guard)
{
    munmap(guard->map, guard->map_size);
}

/* Counts allocations; the one that finds `left` at 0, and all after it, fail. */
struct counter {
    lzma_allocator allocator;
    long left;    // allocations that still succeed; negative: no limit
    long live;    // allocations that were not freed
    size_t bytes; // in them
    size_t peak;  // most bytes at one time
};

/* Each allocation has its size in front of it. */
#define COUNTER_HEAD 16

static inline void *counter_alloc(void *opaque, size_t nmemb, size_t size)
{
    struct counter *counter = opaque;
    assert_int_equal(nmemb, 1);
    if (counter->left == 0)
        return NULL;
    if (counter->left > 0)
        --counter->left;
    uint8_t *p = malloc(size + COUNTER_HEAD);
    assert_non_null(p);
    memcpy(p, &size, sizeof(size));
    memset(p + COUNTER_HEAD, 0xAA, size);
    ++counter->live;
    counter->bytes += size;
    if (counter->bytes > counter->peak)
        counter->peak = counter->bytes;
    return p + COUNTER_HEAD;
}

static inline void counter_free(void *opaque, void *ptr)
{
    struct counter *counter = opaque;
    if (ptr == NULL)
        return;
    uint8_t *p = (uint8_t *)ptr - COUNTER_HEAD;
    size_t size;
    memcpy(&size, p, sizeof(size));
    counter->bytes -= size;
    --counter->live;
    free(p);
}

static inline void counter_init(struct counter *counter, long left)
{
    *counter = (struct counter){
        .allocator = {counter_alloc, counter_free, counter},
        .left = left,
    };
}

/* A cheap source of pseudo-random numbers: xorshift64. */
static inline uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

#endif
