// SPDX-License-Identifier: 0BSD
// Pseudo-random and structured data for tests: small programs, no files.

#include "support/data.h"
#include <stdbool.h>
#include <string.h>

/* xorshift64 (Marsaglia, 2003). */
uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

uint32_t random_below(uint64_t *state, uint32_t limit)
{
    return (uint32_t)((random_next(state) >> 32) * limit >> 32);
}

/* A state from a seed, which may be anything. */
static uint64_t start(uint64_t seed)
{
    uint64_t state = (seed + 1) * UINT64_C(0x9E3779B97F4A7C15) | 1;
    for (int i = 0; i < 4; ++i)
        random_next(&state);
    return state;
}

/* Copies size bytes, or as many as fit, to buf[*pos..]. */
static void put(uint8_t *buf, size_t size, size_t *pos, const void *bytes, size_t count)
{
    const size_t room = size - *pos;
    if (count > room)
        count = room;
    memcpy(buf + *pos, bytes, count);
    *pos += count;
}

void fill_random(uint8_t *buf, size_t size, uint64_t seed)
{
    uint64_t state = start(seed);
    for (size_t i = 0; i < size; ++i)
        buf[i] = (uint8_t)(random_next(&state) >> 40);
}

/* The smaller of two draws: the first words are the most frequent. */
void fill_text(uint8_t *buf, size_t size, uint64_t seed)
{
    static const char *const words[] = {
        "the ",     "of ",      "and ",      "to ",     "a ",      "in ",
        "block ",   "stream ",  "index ",    "is ",     "that ",   "filter ",
        "byte ",    "size, ",   "length. ",  "match ",  "from ",   "decoder\n",
        "encoder ", "history ", "literal, ", "header ", "footer ", "checksum\n",
    };
    uint64_t state = start(seed);
    for (size_t pos = 0; pos < size;) {
        const uint32_t a = random_below(&state, ARRAY_COUNT(words));
        const uint32_t b = random_below(&state, ARRAY_COUNT(words));
        const char *word = words[a < b ? a : b];
        put(buf, size, &pos, word, strlen(word));
        if (random_below(&state, 40) == 0) {
            const uint8_t number = (uint8_t)('0' + random_below(&state, 10));
            put(buf, size, &pos, &number, 1);
        }
    }
}

/* Calls go to one of a few functions, so that the converted ones are alike. */
void fill_x86(uint8_t *buf, size_t size, uint64_t seed)
{
    static const char *const others[] = {
        "\x55", "\x48\x89\xE5", "\x48\x83\xEC\x20", "\x8B\x45\xFC", "\x89\xC7",
        "\xC3", "\x0F\xB6\xC0", "\x85\xC0",         "\x74\x0A",     "\xE9\xE8\x01",
    };
    uint64_t state = start(seed);
    for (size_t pos = 0; pos < size;) {
        if (random_below(&state, 6) == 0) {
            const uint32_t function = random_below(&state, 24) * 1040;
            const uint32_t distance = function - (uint32_t)pos - 5;
            const uint8_t call[5] = {
                random_below(&state, 4) == 0 ? 0xE9 : 0xE8,
                (uint8_t)distance,
                (uint8_t)(distance >> 8),
                (uint8_t)(distance >> 16),
                (uint8_t)(distance >> 24),
            };
            put(buf, size, &pos, call, sizeof(call));
        } else {
            const char *other = others[random_below(&state, ARRAY_COUNT(others))];
            put(buf, size, &pos, other, strlen(other));
        }
    }
}

void fill_runs(uint8_t *buf, size_t size, uint64_t seed)
{
    uint64_t state = start(seed);
    for (size_t pos = 0; pos < size;) {
        const uint32_t limit = UINT32_C(1) << random_below(&state, 11);
        const uint8_t byte = (uint8_t)random_below(&state, 256);
        for (uint32_t count = 1 + random_below(&state, limit); count > 0; --count)
            put(buf, size, &pos, &byte, 1);
    }
}

void fill_periodic(uint8_t *buf, size_t size, uint64_t seed)
{
    uint64_t state = start(seed);
    const size_t period = 1 + random_below(&state, 600);
    for (size_t i = 0; i < size; ++i) {
        const bool is_new = i < period || random_below(&state, 2000) == 0;
        buf[i] = is_new ? (uint8_t)random_below(&state, 256) : buf[i - period];
    }
}

/* Little endian: a counter, a time that grows, a noisy value, a constant. */
void fill_records(uint8_t *buf, size_t size, uint64_t seed)
{
    uint64_t state = start(seed);
    uint32_t fields[4] = {0, random_below(&state, 1U << 30), 5000, 0x20202020};
    for (size_t pos = 0; pos < size; ++fields[0]) {
        fields[1] += random_below(&state, 1000);
        fields[2] = 5000 + random_below(&state, 64);
        for (size_t i = 0; i < 16; ++i) {
            const uint8_t byte = (uint8_t)(fields[i / 4] >> (i % 4 * 8));
            put(buf, size, &pos, &byte, 1);
        }
    }
}

const struct data_kind data_kinds[DATA_KIND_COUNT] = {
    {"random", fill_random}, {"text", fill_text},         {"x86", fill_x86},
    {"runs", fill_runs},     {"periodic", fill_periodic}, {"records", fill_records},
};
