// SPDX-License-Identifier: 0BSD
// Delta: known values, and every distance at many splits against the specification.

#include "filter/delta.h"
#include "support/support.h"

/* The program in section 5.3.3.1 of the .xz specification. */
static void slow_delta(uint8_t *buf, size_t size, uint32_t distance, bool is_encoder)
{
    uint8_t history[256] = {0};
    uint8_t pos = 0;
    for (size_t i = 0; i < size; ++i) {
        const uint8_t before = history[(uint8_t)(distance + pos)];
        const uint8_t in = buf[i];
        buf[i] = (uint8_t)(is_encoder ? in - before : in + before);
        history[pos--] = is_encoder ? in : buf[i];
    }
}

static void known_values(void **state)
{
    (void)state;
    static const uint8_t plain[8] = {0xA1, 0xB1, 0xA2, 0xB3, 0xA3, 0xB5, 0xA4, 0xB7};
    static const uint8_t coded[8] = {0xA1, 0xB1, 0x01, 0x02, 0x01, 0x02, 0x01, 0x02};
    uint8_t buf[8];
    struct xz_delta delta;
    memcpy(buf, plain, 8);
    xz_delta_init(&delta, 2);
    xz_delta_encode(&delta, buf, 8);
    assert_memory_equal(buf, coded, 8);
    xz_delta_init(&delta, 2);
    xz_delta_decode(&delta, buf, 8);
    assert_memory_equal(buf, plain, 8);
}

static void run(struct xz_delta *delta, bool is_encoder, uint8_t *buf, size_t size)
{
    if (is_encoder)
        xz_delta_encode(delta, buf, size);
    else
        xz_delta_decode(delta, buf, size);
}

#define SIZE 1500

/* Pieces of at most `piece` bytes, the last one at a guard page. */
static void check_pieces(uint32_t distance, bool is_encoder, uint32_t piece)
{
    uint8_t want[SIZE];
    uint64_t seed = distance * 1000 + piece;
    fill_random(want, SIZE, seed);
    struct guard guard = guard_make(want, SIZE);
    slow_delta(want, SIZE, distance, is_encoder);
    struct xz_delta delta;
    xz_delta_init(&delta, distance);
    for (size_t pos = 0; pos < SIZE;) {
        size_t size = random_below(&seed, piece + 1);
        if (size > SIZE - pos)
            size = SIZE - pos;
        run(&delta, is_encoder, guard.start + pos, size);
        pos += size;
    }
    assert_memory_equal(guard.start, want, SIZE);
    guard_free(&guard);
}

static void every_distance(void **state)
{
    (void)state;
    static const uint32_t pieces[] = {1, 2, 9, 40, 300, 1000, 100000};
    for (uint32_t distance = 1; distance <= XZ_DELTA_DISTANCE_MAX; ++distance) {
        for (size_t i = 0; i < ARRAY_COUNT(pieces); ++i) {
            check_pieces(distance, true, pieces[i]);
            check_pieces(distance, false, pieces[i]);
        }
    }
}

/* In one call, sizes around the distance and around words of eight bytes. */
static void every_size(void **state)
{
    (void)state;
    for (uint32_t distance = 1; distance <= 20; ++distance) {
        for (size_t size = 0; size <= 60; ++size) {
            uint8_t want[60];
            fill_random(want, size, distance);
            struct guard guard = guard_make(want, size);
            struct xz_delta delta;
            xz_delta_init(&delta, distance);
            xz_delta_encode(&delta, guard.start, size);
            slow_delta(want, size, distance, true);
            assert_memory_equal(guard.start, want, size);
            xz_delta_init(&delta, distance);
            xz_delta_decode(&delta, guard.start, size);
            slow_delta(want, size, distance, false);
            assert_memory_equal(guard.start, want, size);
            guard_free(&guard);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(every_distance),
        cmocka_unit_test(every_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
