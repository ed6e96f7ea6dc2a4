// SPDX-License-Identifier: 0BSD
// The x86 converter against its rule written down plainly, byte by byte.

#include "filter/bcj.h"
#include "support/support.h"

static bool is_plausible(uint8_t top)
{
    return top == 0x00 || top == 0xFF;
}

/* True if buf[at] is an opcode that was passed over; passed[] is what is known so far.
   */
static bool was_passed(const bool *passed, size_t at, size_t back)
{
    return at >= back && passed[at - back];
}

/* The rule: see bcj_x86.c. Returns where it stops. passed has room for size flags. */
static size_t slow_x86(uint8_t *buf, size_t size, uint32_t start, bool is_encoder,
                       bool *passed)
{
    size_t at = 0;
    memset(passed, 0, size);
    while (at + 5 <= size) {
        if (buf[at] != 0xE8 && buf[at] != 0xE9) {
            ++at;
            continue;
        }
        size_t count = 0;
        size_t back = 0;
        for (size_t i = 1; i <= 3; ++i) {
            if (was_passed(passed, at, i)) {
                ++count;
                back = i;
            }
        }
        if (!is_plausible(buf[at + 4]) || count > 1
            || (count == 1 && is_plausible(buf[at + 4 - back]))) {
            passed[at++] = true;
            continue;
        }
        uint32_t value = 0;
        for (size_t i = 4; i > 0; --i)
            value = value << 8 | buf[at + i];
        const uint32_t address = start + (uint32_t)at + 5;
        for (;;) {
            value = is_encoder ? value + address : value - address;
            if (count == 0 || !is_plausible((uint8_t)(value >> (24 - 8 * back))))
                break;
            value ^= UINT32_MAX >> (8 * back);
        }
        for (size_t i = 1; i <= 3; ++i)
            buf[at + i] = (uint8_t)(value >> (8 * i - 8));
        buf[at + 4] = (value & 0x01000000) != 0 ? 0xFF : 0x00;
        memset(passed, 0, at + 1);
        at += 5;
    }
    return at;
}

/* Compares, and goes back. */
static void compare(const uint8_t *data, size_t size, uint32_t start, bool is_encoder)
{
    enum { SIZE = 2000 };
    uint8_t want[SIZE];
    uint8_t got[SIZE];
    bool passed[SIZE];
    struct xz_bcj bcj;
    assert_true(size <= SIZE);
    memcpy(want, data, size);
    memcpy(got, data, size);
    const size_t done = slow_x86(want, size, start, is_encoder, passed);
    xz_bcj_init(&bcj, LZMA_FILTER_X86, start, is_encoder);
    assert_int_equal(xz_bcj_convert(&bcj, got, size), size < 5 ? 0 : done);
    assert_memory_equal(got, want, size);
    xz_bcj_init(&bcj, LZMA_FILTER_X86, start, !is_encoder);
    xz_bcj_convert(&bcj, got, size);
    assert_memory_equal(got, data, size);
}

/* All strings of nine bytes of these four; the address makes bytes turn 00 and FF. */
static void every_short_string(void **state)
{
    (void)state;
    static const uint8_t alphabet[4] = {0xE8, 0x00, 0xFF, 0x3C};
    for (uint32_t n = 0; n < 1U << 18; ++n) {
        uint8_t data[9];
        for (size_t i = 0; i < 9; ++i)
            data[i] = alphabet[n >> (2 * i) & 3];
        const uint32_t start = n % 5 == 0 ? 0x01C3C3BE : 0x003C3CB7;
        compare(data, sizeof(data), start, n % 2 == 0);
    }
}

/* Bytes drawn from what matters, thin and dense. */
static void random_strings(void **state)
{
    (void)state;
    static const uint8_t special[] = {0xE8, 0xE9, 0x00, 0xFF, 0xE8, 0x01, 0xFE, 0x80};
    uint64_t seed = 7;
    for (uint32_t n = 0; n < 3000; ++n) {
        uint8_t data[600];
        const size_t size = random_below(&seed, sizeof(data) + 1);
        const uint32_t thin = 1 + n % 30;
        for (size_t i = 0; i < size; ++i) {
            const uint64_t random = random_next(&seed) >> 20;
            data[i] =
                random_below(&seed, thin) == 0 ? special[random % 8] : (uint8_t)random;
        }
        compare(data, size, n % 3 == 0 ? n : (uint32_t)random_next(&seed), n % 2 == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_short_string),
        cmocka_unit_test(random_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
