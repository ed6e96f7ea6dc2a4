// SPDX-License-Identifier: 0BSD
// Finding in little texts: kernels of the CPU against portable C and brute force.

#include "base/cpu.h"
#include "match/little.h"
#include "support/support.h"

#define SIZE_MAX_TESTED XZ_LITTLE_MAX

static uint8_t memory[XZ_WINDOW_GUARD + SIZE_MAX_TESTED + XZ_WINDOW_SLACK];
static struct xz_match_batch batches[2];

/* The same text over both finders, of which the second is portable. */
static void open_both(struct xz_finder *finders, struct xz_window *w,
                      const uint8_t *text, uint32_t size, uint32_t nice_len)
{
    const struct xz_finder_setup setup = {
        .mf = LZMA_MF_HC4,
        .dict_size = XZ_LITTLE_MAX,
        .nice_len = nice_len,
        .little_size = size,
    };
    memset(w, 0, sizeof(*w));
    xz_window_lend(w, NULL, text, 1, size);
    for (int i = 0; i < 2; ++i) {
        memset(&finders[i], 0, sizeof(finders[i]));
        assert_int_equal(xz_finder_open(&finders[i], NULL, &setup), LZMA_OK);
    }
    finders[1].little = &xz_little_portable;
}

static uint32_t common(const uint8_t *a, const uint8_t *b, uint32_t limit)
{
    uint32_t len = 0;
    while (len < limit && a[len] == b[len])
        ++len;
    return len;
}

/* Pairs are true, and rise in length and distance. */
static void check_pairs(const struct xz_window *w, uint32_t pos,
                        const struct xz_pair *pairs, uint32_t count)
{
    const uint32_t left = w->end - pos;
    const uint32_t limit = left < XZ_MATCH_LEN_MAX ? left : XZ_MATCH_LEN_MAX;
    const uint8_t *const cur = w->buf + pos;
    for (uint32_t i = 0; i < count; ++i) {
        assert_in_range(pairs[i].len, 2, limit);
        assert_in_range(pairs[i].dist, 1, pos);
        assert_true(common(cur, cur - pairs[i].dist, pairs[i].len) == pairs[i].len);
        if (i > 0) {
            assert_true(pairs[i].len > pairs[i - 1].len);
            assert_true(pairs[i].dist > pairs[i - 1].dist);
        }
    }
}

/* Searches as a parser does: matches of nice_len are taken if `takes`, and else one
   position follows the other. Returns the lengths of all longest pairs. */
static uint64_t compare(const uint8_t *text, uint32_t size, uint32_t nice_len,
                        bool takes)
{
    struct xz_finder finders[2];
    struct xz_window w;
    uint64_t sum = 0;
    open_both(finders, &w, text, size, nice_len);
    for (uint32_t pos = 1; pos < size;) {
        for (int i = 0; i < 2; ++i)
            xz_finder_batch(&finders[i], &w, pos, size, &batches[i]);
        const struct xz_match_batch *const b = &batches[0];
        assert_int_equal(b->count, batches[1].count);
        assert_true(b->count > 0);
        for (uint32_t i = 0; i < b->count; ++i, ++pos) {
            const uint32_t count = b->first[i + 1] - b->first[i];
            assert_int_equal(b->first[i + 1], batches[1].first[i + 1]);
            check_pairs(&w, pos, b->pairs + b->first[i], count);
            if (count > 0)
                sum += b->pairs[b->first[i + 1] - 1].len;
        }
        assert_memory_equal(b->pairs, batches[1].pairs,
                            b->first[b->count] * sizeof(*b->pairs));
        const uint32_t all = b->first[b->count];
        if (takes && all > b->first[b->count - 1] && b->pairs[all - 1].len >= nice_len)
            pos += b->pairs[all - 1].len - 1;
    }
    xz_finder_end(&finders[0], NULL);
    xz_finder_end(&finders[1], NULL);
    return sum;
}

static const uint32_t limits[] = {UINT32_MAX, ~(uint32_t)XZ_CPU_AVX512, 0};

static void test_kernels_agree(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {2, 33, 64, 100, 1500, 20000, SIZE_MAX_TESTED};
    static const uint32_t nices[] = {8, 16, 64, 273};
    uint8_t *const text = memory + XZ_WINDOW_GUARD;
    for (size_t kind = 0; kind < DATA_KIND_COUNT; ++kind) {
        for (size_t i = 0; i < ARRAY_COUNT(sizes); ++i) {
            /* The text ends where sanitizers watch. */
            uint8_t *const here = text + SIZE_MAX_TESTED - sizes[i];
            memset(memory, 0, sizeof(memory));
            data_kinds[kind].fill(here, sizes[i], kind);
            for (size_t k = 0; k < ARRAY_COUNT(limits); ++k) {
                xz_cpu_limit(limits[k]);
                compare(here, sizes[i], nices[(i + k) % ARRAY_COUNT(nices)], true);
                compare(here, sizes[i], nices[(i + kind) % ARRAY_COUNT(nices)], false);
            }
        }
    }
    xz_cpu_limit(UINT32_MAX);
}

/* A match with the text's begin is not carried back beyond it, though the byte before,
   which is no text, would agree. */
static void test_begin(void **state)
{
    (void)state;
    uint8_t *const text = memory + XZ_WINDOW_GUARD;
    memset(memory, 0, sizeof(memory));
    fill_random(text, 1000, 3);
    for (uint32_t i = 0; i < 1000; ++i)
        text[i] |= 1;
    text[499] = 0;
    memcpy(text + 500, text, 100);
    for (size_t k = 0; k < ARRAY_COUNT(limits); ++k) {
        xz_cpu_limit(limits[k]);
        compare(text, 1000, XZ_MATCH_LEN_MAX, false);
    }
    xz_cpu_limit(UINT32_MAX);
}

/* Nor does a match at the text's end go on where bytes behind it would agree. */
static void test_end(void **state)
{
    (void)state;
    uint8_t *const text = memory + XZ_WINDOW_GUARD;
    memset(memory, 0, sizeof(memory));
    fill_random(text, 1000, 4);
    for (uint32_t i = 0; i < 1000; ++i)
        text[i] = i < 40 || i >= 50 ? text[i] | 1 : 0;
    for (uint32_t count = 1; count <= 40; ++count) {
        memcpy(text + 1000 - count, text + 40 - count, count);
        for (size_t k = 0; k < ARRAY_COUNT(limits); ++k) {
            xz_cpu_limit(limits[k]);
            compare(text, 1000, XZ_MATCH_LEN_MAX, false);
        }
    }
    xz_cpu_limit(UINT32_MAX);
}

#define EXACT_SIZE 6000

/* What is found is nearly as long as what there is, but for random bytes, whose copies
   of two bytes drive each other out. */
static void test_finds_the_longest(void **state)
{
    (void)state;
    uint8_t *const text = memory + XZ_WINDOW_GUARD;
    for (size_t kind = 0; kind < DATA_KIND_COUNT; ++kind) {
        memset(memory, 0, sizeof(memory));
        data_kinds[kind].fill(text, EXACT_SIZE, 40 + kind);
        uint64_t all = 0;
        for (uint32_t pos = 1; pos < EXACT_SIZE; ++pos) {
            const uint32_t left = EXACT_SIZE - pos;
            uint32_t best = 1;
            for (uint32_t dist = 1; dist <= pos; ++dist) {
                const uint32_t len =
                    common(text + pos, text + pos - dist,
                           left < XZ_MATCH_LEN_MAX ? left : XZ_MATCH_LEN_MAX);
                best = len > best ? len : best;
            }
            all += best > 1 ? best : 0;
        }
        const uint64_t found = compare(text, EXACT_SIZE, XZ_MATCH_LEN_MAX, false);
        assert_true(found <= all);
        if (all > 3 * EXACT_SIZE)
            assert_true(found >= all / 100 * 99);
    }
}

/* No more memory for a longer text than for a little one, and what was told. */
static void test_memory(void **state)
{
    (void)state;
    for (uint32_t size = 64; size <= XZ_LITTLE_MAX; size *= 4) {
        struct counter counter;
        counter_init(&counter, -1);
        struct xz_finder f = {0};
        const struct xz_finder_setup setup = {
            .mf = LZMA_MF_HC4,
            .dict_size = XZ_LITTLE_MAX,
            .nice_len = 32,
            .little_size = size,
        };
        assert_int_equal(xz_finder_open(&f, &counter.allocator, &setup), LZMA_OK);
        assert_int_equal(counter.peak, xz_finder_memusage(&setup));
        xz_finder_end(&f, &counter.allocator);
        counter_check(&counter);
    }
}

static void test_words_rise(void **state)
{
    (void)state;
    for (uint32_t size = 1; size < XZ_LITTLE_MAX; ++size)
        assert_true(xz_little_words(size) <= xz_little_words(size + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kernels_agree), cmocka_unit_test(test_begin),
        cmocka_unit_test(test_end),           cmocka_unit_test(test_finds_the_longest),
        cmocka_unit_test(test_memory),        cmocka_unit_test(test_words_rise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
