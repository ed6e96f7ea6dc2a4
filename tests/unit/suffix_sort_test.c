// SPDX-License-Identifier: 0BSD
// Suffix sorting: every anchor once, each suffix less than the next.

#include "match/anchors.h"
#include "match/suffix_sort.h"
#include "support/anchor_marks.h"
#include "support/support.h"

#define SLACK 8 // readable bytes behind a text

/* Sorts a text. Returns the order, which the caller frees. */
static uint32_t *sort(const struct xz_suffix_sorter *sorter, const uint8_t *text,
                      uint32_t size, uint32_t depth, uint32_t *ret_count)
{
    uint32_t *const order = malloc((size + 1) * sizeof(*order));
    const size_t words = xz_suffix_sort_space(size);
    uint32_t *const space = malloc((words + 1) * sizeof(*space));
    assert_non_null(order);
    assert_non_null(space);
    *ret_count = xz_suffix_sort(sorter, text, size, depth, order,
                                (struct xz_sort_space){space + size % 2, words});
    free(space);
    return order;
}

/* Each position has an anchor that is near, but for the first two; there are at most as
   many as there is room for. */
static void check_anchors(const uint8_t *anchors, uint32_t size)
{
    assert_true(anchors_count(anchors, size, 0) <= size / 2);
    assert_int_equal(xz_anchors_max(size), size / 2);
    assert_int_equal(anchors_count(anchors, size < 2 ? size : 2, 0), 0);
    for (uint32_t pos = 2; pos < size; ++pos)
        assert_true(anchors_gap(anchors, pos) < 3);
}

/* The anchors and nothing else, every one once, in the order of the bytes that count;
   what is equal rises. */
static void check_depth(const struct xz_suffix_sorter *sorter, const uint8_t *text,
                        const uint8_t *anchors, uint32_t size, uint32_t depth)
{
    uint32_t count;
    uint32_t *const order = sort(sorter, text, size, depth, &count);
    uint8_t *const seen = calloc(size + 1, 1);
    assert_int_equal(count, anchors_count(anchors, size, 0));
    for (uint32_t rank = 0; rank < count; ++rank) {
        assert_true(order[rank] < size);
        assert_int_equal(anchors[order[rank]], 1);
        assert_int_equal(seen[order[rank]]++, 0);
    }
    for (uint32_t rank = 1; rank < count; ++rank) {
        const uint32_t a = order[rank - 1];
        const uint32_t b = order[rank];
        uint32_t limit = size - (a > b ? a : b);
        limit = limit < depth ? limit : depth;
        const int result = memcmp(text + a, text + b, limit);
        assert_true(result <= 0);
        if (result == 0 && limit < depth)
            assert_true(a > b);
        if (result == 0 && limit == depth)
            assert_true(a < b);
    }
    free(order);
    free(seen);
}

static void check_order(const uint8_t *text, uint32_t size)
{
    const struct xz_suffix_sorter *const sorter = xz_suffix_sorter_here();
    uint8_t *const anchors = anchors_of(text, size);
    check_anchors(anchors, size);
    check_depth(sorter, text, anchors, size, 16);
    check_depth(sorter, text, anchors, size, size % 2 == 0 ? 64 : 2);
    check_depth(&xz_suffix_sort_portable, text, anchors, size, 16);
    check_depth(sorter, text, anchors, size, 255);
    free(anchors);
}

/* Texts whose anchors can be seen: these have a mark below. */
static void test_definition(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"a", " "},
        {"ab", "  "},
        {"abc", "  ^"},
        {"cba", "  ^"},
        {"aaaaaaaaaa", "   ^  ^  ^"}, // no valley
        {"abababab", "   ^ ^ ^"},     // nothing else
        {"aabbccdd", "    ^  ^"},
        {"edcbaabcde", "   ^  ^  ^"},       // the valley is one in any case
        {"dcbaabcdefghi", "  ^^  ^  ^  ^"}, // it is not
        {"bbbbaaaa", "    ^  ^"},           // to the end it goes down
        {"xxbbbbaaaabbbb", "  ^  ^ ^  ^  ^"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(texts); ++i) {
        uint8_t text[40 + SLACK] = {0};
        char marks[40] = {0};
        const uint32_t size = (uint32_t)strlen(texts[i][0]);
        memcpy(text, texts[i][0], size);
        memset(marks, ' ', size);
        uint32_t count;
        uint32_t *const order = sort(xz_suffix_sorter_here(), text, size, 9, &count);
        for (uint32_t rank = 0; rank < count; ++rank)
            marks[order[rank]] = '^';
        assert_string_equal(marks, texts[i][1]);
        free(order);
        check_order(text, size);
    }
}

static void test_short_texts(void **state)
{
    (void)state;
    uint8_t text[40 + SLACK] = {0};
    uint64_t seed = 3;
    check_order(text, 0);
    for (int i = 0; i < 20000; ++i) {
        const uint32_t size = 1 + random_below(&seed, 40);
        const uint32_t values = 1 + random_below(&seed, 5);
        for (uint32_t j = 0; j < size; ++j)
            text[j] = (uint8_t)(random_below(&seed, values) * 64 - (i & 1));
        check_order(text, size);
    }
}

static void test_all_kinds(void **state)
{
    (void)state;
    static uint8_t text[200000 + SLACK];
    for (size_t kind = 0; kind < DATA_KIND_COUNT; ++kind) {
        data_kinds[kind].fill(text, 200000, 7 + kind);
        check_order(text, 200000);
    }
}

/* Texts that take many levels, or where almost all suffixes agree for long. */
static void test_hostile_texts(void **state)
{
    (void)state;
    static uint8_t text[300000 + SLACK];
    const uint32_t size = sizeof(text) - SLACK;
    uint32_t before = 1;
    text[0] = 'a';
    text[1] = 'b';
    for (uint32_t filled = 2; filled < size;) { // Fibonacci word
        const uint32_t part = before < size - filled ? before : size - filled;
        memcpy(text + filled, text, part);
        before = filled;
        filled += part;
    }
    check_order(text, size);
    for (uint32_t i = 0; i < size; ++i) // Thue-Morse word
        text[i] = (uint8_t)__builtin_parity(i);
    check_order(text, size);
    for (uint32_t period = 1; period <= 300; period = period * 3 + 1) {
        for (uint32_t i = 0; i < size; ++i)
            text[i] = (uint8_t)(i % period * 7);
        check_order(text, size);
    }
}

#define PIECE 90000
#define OTHER 3000 // at most so much before it and behind it

/* A byte for each position of a piece of text that stands at `start` of a text, not 0
   where the sorter finds an anchor. */
static uint8_t *anchors_found(const uint8_t *text, uint32_t size, uint32_t start)
{
    uint8_t *const found = calloc(PIECE, 1);
    uint32_t count;
    uint32_t *const order = sort(xz_suffix_sorter_here(), text, size, 32, &count);
    for (uint32_t rank = 0; rank < count; ++rank) {
        if (order[rank] - start < PIECE)
            found[order[rank] - start] = 1;
    }
    free(order);
    return found;
}

/* The last valley of a piece that what is behind the piece cannot change. */
static uint32_t last_valley(const uint8_t *piece)
{
    uint32_t greater = PIECE; // the next byte that is not equal is greater
    for (uint32_t i = PIECE - 1; i-- > 0;) {
        if (piece[i] < piece[i + 1])
            greater = i;
        else if (piece[i] > piece[i + 1] && greater == i + 1)
            return i;
        else if (piece[i] == piece[i + 1] && greater == i + 1)
            greater = i;
    }
    return 0;
}

/* Equal texts have equal anchors, whatever is before them; and whatever is behind them,
   up to their last valley. */
static void test_equal_texts(void **state)
{
    (void)state;
    static uint8_t text[2][OTHER + PIECE + OTHER + SLACK];
    uint64_t seed = 17;
    for (size_t round = 0; round < 4 * DATA_KIND_COUNT; ++round) {
        const struct data_kind *const kind = &data_kinds[round % DATA_KIND_COUNT];
        const bool same_end = round < 2 * DATA_KIND_COUNT;
        const uint32_t behind = random_below(&seed, OTHER);
        const uint32_t start[2] = {2 + random_below(&seed, OTHER - 2),
                                   2 + random_below(&seed, OTHER - 2)};
        uint8_t *found[2];
        for (size_t i = 0; i < 2; ++i) {
            fill_random(text[i], start[i], random_next(&seed));
            kind->fill(text[i] + start[i], PIECE, 23 + round);
            const uint32_t size = same_end ? behind : random_below(&seed, OTHER);
            fill_text(text[i] + start[i] + PIECE, size,
                      same_end ? 1 : random_next(&seed));
            found[i] = anchors_found(text[i], start[i] + PIECE + size, start[i]);
        }
        const uint32_t same = same_end ? PIECE : last_valley(text[0] + start[0]) + 1;
        assert_true(same > PIECE - 2000);
        assert_memory_equal(found[0], found[1], same);
        assert_true(anchors_count(found[0], same, 0) >= same / 3 - 1);
        free(found[0]);
        free(found[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition),  cmocka_unit_test(test_short_texts),
        cmocka_unit_test(test_all_kinds),   cmocka_unit_test(test_hostile_texts),
        cmocka_unit_test(test_equal_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
