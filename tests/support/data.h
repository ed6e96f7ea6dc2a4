// SPDX-License-Identifier: 0BSD
// Pseudo-random and structured data for tests, the same for the same seed on every
// machine.

#ifndef XZ_TESTS_DATA_H
#define XZ_TESTS_DATA_H

#include <stddef.h>
#include <stdint.h>

#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Never 0; *state must not be 0. */
uint64_t random_next(uint64_t *state);

/* 0 to limit - 1; limit must not be 0. */
uint32_t random_below(uint64_t *state, uint32_t limit);

void fill_random(uint8_t *buf, size_t size, uint64_t seed);   // incompressible
void fill_text(uint8_t *buf, size_t size, uint64_t seed);     // words and lines
void fill_x86(uint8_t *buf, size_t size, uint64_t seed);      // calls, moves, data
void fill_runs(uint8_t *buf, size_t size, uint64_t seed);     // the same byte again
void fill_periodic(uint8_t *buf, size_t size, uint64_t seed); // a pattern, few errors
void fill_records(uint8_t *buf, size_t size, uint64_t seed);  // counters, 16 bytes each

struct data_kind {
    const char *name;
    void (*fill)(uint8_t *buf, size_t size, uint64_t seed);
};

#define DATA_KIND_COUNT 6
extern const struct data_kind data_kinds[DATA_KIND_COUNT];

#endif
