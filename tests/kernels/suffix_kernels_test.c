// SPDX-License-Identifier: 0BSD
// Suffix sorting: kernels of the CPU against portable C, and records against qsort().

#include "base/cpu.h"
#include "match/anchor_sort_x86.h"
#include "match/anchors.h"
#include "match/record_sort.h"
#include "match/suffix_sort.h"
#include "support/anchor_marks.h"
#include "support/support.h"

#define SLACK    8
#define SIZE     (UINT32_C(5) << 16)
#define SIZE_FAR ((UINT32_C(1) << 24) + 100000) // positions have more than 24 bits

/* Both give the same anchors in the same order. Returns how many; *ret_order, which the
   caller frees, is that of the CPU's sorter. */
static uint32_t check(const uint8_t *text, uint32_t size, uint32_t depth,
                      uint32_t **ret_order)
{
    uint32_t *const want = malloc(size * sizeof(uint32_t));
    uint32_t *const is = malloc(size * sizeof(uint32_t));
    const size_t words = xz_suffix_sort_space(size) + (depth % 2 == 0 ? 0 : size);
    const struct xz_sort_space space = {malloc(words * sizeof(uint32_t)), words};
    const uint32_t count =
        xz_suffix_sort(&xz_suffix_sort_portable, text, size, depth, want, space);
    assert_true(count > 0 && count <= xz_anchors_max(size));
    assert_int_equal(
        xz_suffix_sort(xz_suffix_sorter_here(), text, size, depth, is, space), count);
    assert_memory_equal(is, want, count * sizeof(uint32_t));
    free(want);
    free(space.words);
    *ret_order = is;
    return count;
}

/* A copy that ends at a guard page, but for the slack. */
static void check_guarded(const uint8_t *text, uint32_t size, uint32_t depth)
{
    uint8_t *const copy = calloc(size + SLACK, 1);
    memcpy(copy, text, size);
    struct guard guard = guard_make(copy, size + SLACK);
    uint32_t *order;
    check(guard.start, size, depth, &order);
    free(order);
    guard_free(&guard);
    free(copy);
}

static void all_kinds(void **state)
{
    (void)state;
    static uint8_t text[SIZE];
    static const uint32_t depths[] = {XZ_ANCHOR_DEPTH_MIN, 32, 128,
                                      XZ_SUFFIX_SORT_DEPTH};
    for (size_t kind = 0; kind < DATA_KIND_COUNT; ++kind) {
        data_kinds[kind].fill(text, SIZE, 11 + kind);
        for (size_t i = 0; i < ARRAY_COUNT(depths); ++i)
            check_guarded(text, SIZE - (uint32_t)(i * 777), depths[i]);
    }
}

/* Pieces that come again and again, so that groups of every size agree for every
   length. */
static void repeats(void **state)
{
    (void)state;
    static uint8_t text[SIZE];
    uint64_t seed = 5;
    for (uint32_t round = 0; round < 24; ++round) {
        const uint32_t values = round % 3 == 0 ? 2 : 1 + random_below(&seed, 256);
        const uint32_t longest = 1 + random_below(&seed, round % 2 == 0 ? 12 : 500);
        for (uint32_t i = 0; i < SIZE;) {
            const uint32_t len = 1 + random_below(&seed, longest);
            const uint32_t from = i > 0 ? random_below(&seed, i) : 0;
            const bool is_new = i == 0 || random_below(&seed, 8) == 0;
            for (uint32_t j = 0; j < len && i < SIZE; ++j, ++i)
                text[i] = is_new ? (uint8_t)(255 - random_below(&seed, values))
                                 : text[from + j];
        }
        check_guarded(
            text, XZ_ANCHOR_TEXT_MIN + random_below(&seed, SIZE - XZ_ANCHOR_TEXT_MIN),
            XZ_ANCHOR_DEPTH_MIN + random_below(&seed, 248));
    }
}

/* Groups and buckets for which there is no room. */
static void periods(void **state)
{
    (void)state;
    static uint8_t text[SIZE];
    static const uint32_t all[] = {2, 3, 5, 9, 64, 300};
    for (size_t i = 0; i < ARRAY_COUNT(all); ++i) {
        for (uint32_t j = 0; j < SIZE; ++j)
            text[j] = (uint8_t)(j % all[i] * 7);
        check_guarded(text, SIZE, 255);
        for (uint32_t j = 0; j < SIZE; j += 1000 + j % 91)
            text[j] ^= 1;
        check_guarded(text, SIZE, 100);
    }
}

/* Buckets of just as many anchors as there is room for elsewhere, a few less and a few
   more. */
static void full_buckets(void **state)
{
    (void)state;
    static uint8_t text[XZ_ANCHOR_TEXT_MIN + SLACK];
    const uint32_t size = XZ_ANCHOR_TEXT_MIN;
    const uint32_t room = xz_anchor_large_min(size);
    uint64_t seed = 23;
    for (uint32_t count = room - 3; count <= room + 3; ++count) {
        for (uint32_t i = 0; i < size; ++i)
            text[i] = (uint8_t)random_below(&seed, 'a');
        for (uint32_t i = 0; i < count; ++i) { // each begins at a descent: an anchor
            uint8_t *const three = text + 1000 + 3 * i;
            three[0] = 'z';
            three[1] = 'a';
            three[2] = (uint8_t)('b' + random_below(&seed, 24));
        }
        uint32_t *order;
        check(text, size, 32, &order);
        free(order);
    }
}

/* Groups of just as many positions as may be finished at once, a few less and a few
   more, as parts of one that is larger. */
static void full_groups(void **state)
{
    (void)state;
    static uint8_t text[SIZE + SLACK];
    uint64_t seed = 29;
    for (uint32_t count = XZ_ANCHOR_GROUP_MAX - 1; count <= XZ_ANCHOR_GROUP_MAX + 2;
         ++count) {
        for (uint32_t i = 0; i < SIZE; ++i)
            text[i] = (uint8_t)random_below(&seed, 'a');
        for (uint32_t i = 0; i < 20000; ++i) {
            uint8_t *const piece = text + 1000 + 14 * i;
            memcpy(piece, "zaaaaaaaaa", 10);
            piece[10] = i % 2 == 0 && i / 2 < count ? 'b' : 'c';
            for (uint32_t j = 11; j < 14; ++j)
                piece[j] = (uint8_t)('b' + random_below(&seed, 24));
        }
        uint32_t *order;
        check(text, SIZE, 31, &order);
        free(order);
    }
}

/* Texts in which suffixes rise or fall for long, so that what is an anchor depends on
   what is many blocks behind it, or on the text's end. */
static void fill_slopes(uint8_t *text, uint32_t size, uint32_t kind, uint64_t *seed)
{
    static const uint32_t longest[] = {3, 70, 140, 5000, 1000000};
    const uint32_t limit = longest[kind % ARRAY_COUNT(longest)];
    for (uint32_t i = 0, turn = kind; i < size; ++turn) {
        const uint32_t len = 1 + random_below(seed, limit);
        const uint32_t first = random_below(seed, 256);
        const uint32_t step = 1 + random_below(seed, 40); // equal bytes of a slope
        for (uint32_t j = 0; j < len && i < size; ++j, ++i) {
            const uint32_t more = turn % 3 == 0 ? 0 : j / step;
            text[i] = (uint8_t)(turn % 3 == 1 ? first + more : first - more);
        }
    }
}

/* Anchors found in blocks, which end where the text and the depth put them, are those
   of the definition. */
static void blocks(void **state)
{
    (void)state;
    static uint8_t text[XZ_ANCHOR_TEXT_MIN + 200 + SLACK];
    uint64_t seed = 19;
    for (uint32_t more = 0; more < 140; ++more) {
        const uint32_t size = XZ_ANCHOR_TEXT_MIN + more;
        for (uint32_t kind = 0; kind < 5; ++kind) {
            uint32_t *order;
            fill_slopes(text, size, kind, &seed);
            uint8_t *const anchors = anchors_of(text, size);
            const uint32_t depth = XZ_ANCHOR_DEPTH_MIN + random_below(&seed, 60);
            const uint32_t count = check(text, size, depth, &order);
            assert_int_equal(count, anchors_count(anchors, size, 0));
            for (uint32_t rank = 0; rank < count; ++rank)
                anchors[order[rank]] = 0;
            assert_int_equal(anchors_count(anchors, size, 0), 0);
            free(anchors);
            free(order);
        }
    }
}

static void far_positions(void **state)
{
    (void)state;
    uint8_t *const text = malloc(SIZE_FAR + SLACK);
    uint64_t seed = 9;
    for (uint32_t i = 0; i < SIZE_FAR; ++i) {
        const bool is_new = i < 1000 || random_below(&seed, 16) == 0;
        text[i] = is_new ? (uint8_t)random_below(&seed, 40) : text[i - 1000 + i % 7];
    }
    memset(text + SIZE_FAR, 0, SLACK);
    uint32_t *order;
    check(text, SIZE_FAR, 32, &order);
    free(order);
    free(text);
}

#if XZ_X86_64

static int compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Records of few keys, of many, of nearly the same ones, and that rise or fall. */
static void records(void **state)
{
    (void)state;
    static uint64_t is[20000];
    static uint64_t want[20000];
    static uint64_t other[20000];
    uint64_t seed = 13;
    if ((xz_cpu_features() & XZ_CPU_AVX512) == 0)
        skip();
    for (uint32_t round = 0; round < 400; ++round) {
        const uint32_t low_bits = 15 + random_below(&seed, 17);
        const uint32_t count = random_below(&seed, round % 4 == 0   ? 20000
                                                   : round % 4 == 1 ? 80
                                                                    : 1000);
        const uint64_t top = UINT64_MAX >> low_bits;
        const uint64_t keys = round % 3 == 0 ? 1 : top >> random_below(&seed, 40);
        for (uint32_t i = 0; i < count; ++i) {
            const uint64_t key = round % 5 == 0   ? i / 3
                                 : round % 5 == 1 ? (count - i) * (top / (count + 1))
                                 : round % 5 == 2
                                     ? UINT64_C(1) << random_below(&seed, 30)
                                     : top - random_next(&seed) % (keys + 1);
            is[i] = (key & top) << low_bits | i;
        }
        memcpy(want, is, sizeof(is));
        qsort(want, count, sizeof(*want), compare);
        xz_records_sort_avx512(is, other, count, low_bits);
        assert_memory_equal(is, want, count * sizeof(*is));
    }
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kinds),
        cmocka_unit_test(repeats),
        cmocka_unit_test(periods),
        cmocka_unit_test(full_buckets),
        cmocka_unit_test(full_groups),
        cmocka_unit_test(blocks),
        cmocka_unit_test(far_positions),
#if XZ_X86_64
        cmocka_unit_test(records),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
