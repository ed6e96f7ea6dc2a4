// SPDX-License-Identifier: 0BSD
// What C tests share: cmocka, guarded buffers, a failing allocator, files, data.h.

#ifndef XZ_TESTS_SUPPORT_H
#define XZ_TESTS_SUPPORT_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include "support/data.h"
#include <lzma.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- Comparing ---- */

/* cmocka compares byte by byte. */
static inline void assert_same_bytes(const void *a, const void *b, size_t size,
                                     const char *file, int line)
{
    if (size > 0 && memcmp(a, b, size) != 0)
        _assert_memory_equal(a, b, size, file, line); // tells where they differ
}

#undef assert_memory_equal
#define assert_memory_equal(a, b, size)                                                \
 assert_same_bytes(a, b, size, __FILE__, __LINE__)

/* ---- Buffers that end at a page that must not be touched ---- */

struct guard {
    uint8_t *start; // size bytes; start[size] faults
    size_t size;
    uint8_t *map;
    size_t map_size;
};

/* Makes one with a copy of size bytes of data; data may be NULL for zeros. */
struct guard guard_make(const void *data, size_t size);
void guard_free(struct guard *guard);

/* ---- An allocator that counts, fails on demand, and sees wrong frees ---- */

struct counter_block;

/* Usable from several threads at once. */
struct counter {
    lzma_allocator allocator; // hand out its address
    long left;                // allocations that still succeed; negative: no limit
    bool fails_once;          // only the one that finds left at 0 fails
    long count;               // allocations asked for, those that failed included
    long live;                // allocations that were not freed
    long wrong_frees;         // frees of what is not live
    size_t bytes;             // in live allocations
    size_t peak;              // most bytes at one time
    struct counter_block *blocks;
    pthread_mutex_t mutex; // over all members
};

/* Starts to count: the first `left` allocations succeed (negative: all), all others
   fail. Memory comes filled with AA and is filled with DD when it is freed. */
void counter_init(struct counter *counter, long left);

/* Fails the test if something is not freed, or was freed twice or never allocated.
   Frees what is left and ends the counter. */
void counter_check(struct counter *counter);

/* ---- Bytes from elsewhere ---- */

/* Reads a file; the caller frees. Returns NULL if that is not possible. */
uint8_t *file_read(const char *path, size_t *ret_size);

/* Writes the bytes of a text like "E8 00 01" to out, which has room for capacity bytes,
   and returns how many. Blanks do not count; anything else fails the test. */
size_t hex_parse(const char *text, uint8_t *out, size_t capacity);

#endif
