// SPDX-License-Identifier: 0BSD
// Finding matches in bulk: true pairs, few missed, the same however the text comes.

#include "match/finder.h"
#include "match/repeats.h"
#include "support/support.h"

#define DICT_SIZE (1U << 18)
#define TEXT_SIZE 2000000

struct bench {
    struct xz_window window;
    struct xz_finder finder;
    struct xz_match_batch batch;
    uint64_t positions; // that were searched
    uint64_t pairs;
    uint64_t long_sum; // of the longest lengths
    uint64_t best_sum; // and of what brute force finds, if it is wanted
    uint64_t far_sum;  // of those that no table is for
    uint64_t far_best; // and of what brute force finds
    bool wants_best;
    uint32_t ranked_max; // positions that have ranks at a time; 0: as many as usual
    uint64_t digest;     // of pairs
    uint32_t switches;   // between tables that are searched alone and others
    uint8_t behind;      // what the window holds behind the text
    bool had_noise;      // that passed: distances need not rise
};

static struct bench bench;
static uint8_t text[TEXT_SIZE];

static const struct xz_finder_setup plain_setup = {
    .mf = LZMA_MF_BT4,
    .dict_size = DICT_SIZE,
    .nice_len = 64,
    .in_bulk = true,
};

static void bench_open(const struct xz_finder_setup *setup, lzma_allocator *allocator)
{
    memset(&bench, 0, sizeof(bench));
    xz_window_open(&bench.window, allocator, setup->dict_size, xz_finder_ahead(setup));
    assert_int_equal(xz_finder_open(&bench.finder, allocator, setup), LZMA_OK);
}

static void bench_close(lzma_allocator *allocator)
{
    xz_window_end(&bench.window, allocator);
    xz_finder_end(&bench.finder, allocator);
}

static uint32_t common(const uint8_t *a, const uint8_t *b, uint32_t limit)
{
    uint32_t len = 0;
    while (len < limit && a[len] == b[len])
        ++len;
    return len;
}

/* The pairs of a position: true, rising, at most as far as they may be. */
static void check_pairs(uint32_t pos, const struct xz_pair *pairs, uint32_t count)
{
    const uint8_t *const cur = bench.window.buf + pos;
    const uint32_t avail = bench.window.end - pos;
    for (uint32_t i = 0; i < count; ++i) {
        assert_in_range(pairs[i].len, 2, avail < 273 ? avail : 273);
        assert_in_range(pairs[i].dist, 1, bench.finder.dict_size);
        assert_true(pairs[i].dist <= pos);
        assert_memory_equal(cur, cur - pairs[i].dist, pairs[i].len);
        if (i > 0) {
            assert_true(pairs[i].len > pairs[i - 1].len);
            assert_true(pairs[i].dist > pairs[i - 1].dist || bench.had_noise);
        }
    }
}

static uint32_t brute_force(uint32_t pos)
{
    const uint8_t *const cur = bench.window.buf + pos;
    uint32_t limit = bench.window.end - pos;
    limit = limit < 273 ? limit : 273;
    uint32_t best = 1;
    for (uint32_t dist = 1; dist <= pos && best < limit; ++dist) {
        const uint32_t len = common(cur, cur - dist, limit);
        best = len > best ? len : best;
    }
    return best;
}

/* Short matches may be lost in tables of few bytes. */
static uint32_t long_enough(uint32_t len)
{
    return len < 5 ? 0 : len;
}

/* Searches one batch from the window's pos on, at most up to `end`, and passes over a
   match of nice_len like a parser. */
static void use_batch(uint32_t end)
{
    struct xz_window *const w = &bench.window;
    const struct xz_match_batch *const b = &bench.batch;
    xz_finder_batch(&bench.finder, w, w->pos, end, &bench.batch);
    assert_int_equal(b->start, w->pos);
    assert_in_range(b->count, 1, end - w->pos);
    for (uint32_t i = 0; i < b->count; ++i) {
        const struct xz_pair *const pairs = b->pairs + b->first[i];
        const uint32_t count = b->first[i + 1] - b->first[i];
        check_pairs(w->pos + i, pairs, count);
        const uint32_t longest = count > 0 ? pairs[count - 1].len : 1;
        bench.long_sum += long_enough(longest);
        ++bench.positions;
        if (bench.wants_best) {
            const uint32_t best = brute_force(w->pos + i);
            bench.best_sum += long_enough(best);
            bench.far_sum += best > 8 ? longest : 0;
            bench.far_best += best > 8 ? best : 0;
        }
        bench.pairs += count;
        for (uint32_t j = 0; j < count; ++j)
            bench.digest = (bench.digest * 31 + pairs[j].len) * 31 + pairs[j].dist;
        if (longest >= bench.finder.nice_len) {
            assert_true(i == b->count - 1 || bench.finder.heads_alone);
            w->pos += i + longest;
            return;
        }
    }
    w->pos += b->count;
}

/* As in a text so large that not all ranks are made at once. */
static void limit_ranks(struct xz_sorted *s)
{
    if (s->ranked_max <= bench.ranked_max)
        return;
    s->ranked_max = bench.ranked_max;
    s->ranked = bench.ranked_max;
}

#define STRETCH 3000

/* Feeds `size` bytes in pieces and searches whatever can be; all if the text ends. */
static void feed(const struct xz_finder_setup *setup, lzma_allocator *allocator,
                 const uint8_t *data, uint32_t size, uint32_t piece, bool text_ends)
{
    struct xz_window *const w = &bench.window;
    const uint32_t ahead = xz_finder_ahead(setup);
    for (uint32_t added = 0; added < size || (text_ends && w->pos < w->end);) {
        uint32_t moved;
        assert_int_equal(xz_window_make_room(w, allocator, piece, &moved), LZMA_OK);
        xz_finder_moved(&bench.finder, moved);
        uint32_t part = w->capacity - w->end;
        part = part < piece ? part : piece;
        part = part < size - added ? part : size - added;
        memcpy(w->buf + w->end, data + added, part);
        xz_window_added(w, part);
        memset(w->buf + w->end, bench.behind, XZ_WINDOW_SLACK);
        added += part;
        while (w->pos < w->end) {
            const uint32_t left = w->end - w->pos;
            const uint32_t end = w->pos + (left < STRETCH ? left : STRETCH);
            const bool is_ready = xz_finder_is_ready(&bench.finder, end);
            const bool is_last = text_ends && added == size;
            if (!is_last && left < (is_ready ? STRETCH + 273U : ahead))
                break;
            const bool alone = bench.finder.heads_alone;
            assert_int_equal(xz_finder_prepare(&bench.finder, allocator, w, end),
                             LZMA_OK);
            bench.switches += bench.finder.heads_alone != alone;
            if (bench.ranked_max > 0)
                limit_ranks(&bench.finder.sorted);
            while (w->pos < end)
                use_batch(end);
        }
    }
}

static void test_pieces_do_not_matter(void **state)
{
    (void)state;
    fill_text(text, TEXT_SIZE, 3);
    fill_records(text + TEXT_SIZE / 2, TEXT_SIZE / 4, 4);
    static const uint32_t pieces[] = {TEXT_SIZE, 30001, 1 << 17};
    static const uint32_t starts[] = {0, UINT32_MAX - TEXT_SIZE / 3,
                                      UINT32_MAX - 10000};
    struct bench first;
    for (size_t i = 0; i < ARRAY_COUNT(pieces); ++i) {
        struct xz_finder_setup setup = plain_setup;
        setup.start = starts[i];
        bench_open(&setup, NULL);
        feed(&setup, NULL, text, TEXT_SIZE, pieces[i], true);
        if (i == 0)
            first = bench;
        assert_int_equal(bench.positions, first.positions);
        assert_int_equal(bench.digest, first.digest);
        bench_close(NULL);
    }
}

/* Positions that have ranks together have an order of what they may refer to: the fewer
   they are, the less of no use is in it, so no less is found. */
static void test_ranks_in_turns(void **state)
{
    (void)state;
    const uint32_t size = TEXT_SIZE / 2; // the window need not move
    static const uint32_t limits[] = {0, 5000, 12345};
    uint64_t long_sum = 0;
    fill_text(text, size, 3);
    for (size_t i = 0; i < ARRAY_COUNT(limits); ++i) {
        bench_open(&plain_setup, NULL);
        bench.ranked_max = limits[i];
        feed(&plain_setup, NULL, text, size, size, true);
        if (i == 0)
            long_sum = bench.long_sum;
        assert_true(bench.long_sum >= long_sum - long_sum / 1000);
        bench_close(NULL);
    }
}

/* A whole text at once: almost nothing is shorter than what brute force finds. */
static void test_longest(void **state)
{
    (void)state;
    const uint32_t size = 12000;
    for (size_t kind = 0; kind < DATA_KIND_COUNT; ++kind) {
        data_kinds[kind].fill(text, size, 5 + kind);
        struct xz_finder_setup setup = plain_setup;
        setup.nice_len = 273;
        bench_open(&setup, NULL);
        bench.wants_best = true;
        feed(&setup, NULL, text, size, size, true);
        assert_true(bench.long_sum * 100 >= bench.best_sum * 98);
        assert_true(bench.far_sum * 1000 >= bench.far_best * 995);
        bench_close(NULL);
    }
}

/* Short stretches, some too short to be sorted: all that was coded is findable. */
static void test_flushes(void **state)
{
    (void)state;
    uint64_t seed = 9;
    fill_text(text, 60000, 2);
    bench_open(&plain_setup, NULL);
    for (uint32_t done = 0; done < 60000;) {
        uint32_t part = 1 + random_below(&seed, done % 3 == 0 ? 900 : 30);
        part = part < 60000 - done ? part : 60000 - done;
        feed(&plain_setup, NULL, text + done, part, part, true);
        done += part;
    }
    assert_true(bench.long_sum > bench.positions);
    bench_close(NULL);
}

/* What is done for hostile texts: positions searched and pairs given. */
static uint64_t work(uint32_t size)
{
    bench_open(&plain_setup, NULL);
    feed(&plain_setup, NULL, text, size, size, true);
    bench_close(NULL);
    return bench.positions + bench.pairs;
}

static void test_hostile_texts(void **state)
{
    (void)state;
    const uint32_t size = 700000;
    fill_text(text, size, 1);
    const uint64_t ordinary = work(size);
    for (uint32_t period = 1; period <= 300; period = period * 6 + 1) {
        for (uint32_t i = 0; i < size; ++i)
            text[i] = (uint8_t)(i % period);
        assert_true(work(size) < 3 * ordinary);
    }
    for (uint32_t i = 0; i < size; ++i) // Thue-Morse word
        text[i] = (uint8_t)__builtin_parity(i);
    assert_true(work(size) < 3 * ordinary);
    text[0] = 'a';
    text[1] = 'b';
    for (uint32_t before = 1, filled = 2; filled < size;) { // Fibonacci word
        const uint32_t part = before < size - filled ? before : size - filled;
        memcpy(text + filled, text, part);
        before = filled;
        filled += part;
    }
    assert_true(work(size) < 3 * ordinary);
}

/* Little text, little memory; never more than was told, and in the end most of it. */
static void test_memory(void **state)
{
    (void)state;
    struct counter counter;
    for (uint32_t size = 1000; size <= TEXT_SIZE; size *= 2000) {
        counter_init(&counter, -1);
        fill_text(text, size, 8);
        bench_open(&plain_setup, &counter.allocator);
        feed(&plain_setup, &counter.allocator, text, size, 10000, true);
        const uint64_t told =
            xz_finder_memusage(&plain_setup)
            + xz_window_memusage(DICT_SIZE, xz_finder_ahead(&plain_setup));
        if (size == 1000)
            assert_true(counter.peak < 2000000);
        else
            assert_true(counter.peak >= told / 10 * 7);
        assert_true(counter.peak <= told);
        bench_close(&counter.allocator);
        counter_check(&counter);
    }
}

/* Sizes at which a step of growth is just enough or just too small, where its parts
   leave remainders: the sorted text has room, which builds with sanitizers look at. */
static void test_step_borders(void **state)
{
    (void)state;
    static const uint32_t sizes[][3] = {
        {266231, 66558, 117498}, // dictionary, history, searched
        {266219, 66555, 117493},
        {266207, 66552, 117488},
    };
    fill_text(text, TEXT_SIZE, 9);
    for (size_t i = 0; i < ARRAY_COUNT(sizes); ++i) {
        for (uint32_t more = 0; more < 3; ++more) {
            struct counter counter;
            struct xz_finder_setup setup = plain_setup;
            const uint32_t first = sizes[i][1];
            const uint32_t second = sizes[i][2] - 1 + more;
            setup.dict_size = sizes[i][0];
            counter_init(&counter, -1);
            bench_open(&setup, &counter.allocator);
            feed(&setup, &counter.allocator, text, first, first, true);
            feed(&setup, &counter.allocator, text + first, second, second, true);
            bench_close(&counter.allocator);
            counter_check(&counter);
        }
    }
}

/* Lines of a few phrases and numbers: most 16 bytes were there before. */
static void fill_repeating(uint8_t *to, uint32_t size, uint64_t seed)
{
    static uint8_t phrases[32][200];
    for (size_t i = 0; i < ARRAY_COUNT(phrases); ++i) {
        for (size_t k = 0; k < sizeof(phrases[i]); ++k)
            phrases[i][k] = (uint8_t)('a' + random_below(&seed, 26));
    }
    for (uint32_t at = 0; at < size;) {
        const uint32_t left = size - at;
        const uint32_t part = 80 + random_below(&seed, 120);
        memcpy(to + at, phrases[random_below(&seed, 32)], part < left ? part : left);
        at += part < left ? part : left;
        if (at < size)
            to[at++] = (uint8_t)('0' + random_below(&seed, 10));
    }
}

static void test_repeats_are_told(void **state)
{
    (void)state;
    const uint32_t size = 1U << 20;
    uint64_t seed = 2;
    fill_repeating(text, size, 1);
    assert_true(xz_repeats_itself(text, size));
    assert_true(xz_repeats_itself(text, 1U << 18));
    assert_false(xz_repeats_itself(text, (1U << 18) - 1));
    memset(text, 0, size);
    assert_true(xz_repeats_itself(text, size));
    fill_text(text, size, 1);
    assert_false(xz_repeats_itself(text, size));
    for (uint32_t i = 0; i < size; ++i)
        text[i] = (uint8_t)random_below(&seed, 256);
    assert_false(xz_repeats_itself(text, size));
}

/* Tables that are searched alone come and go: pairs stay true, memory as told, and the
   pieces that the text comes in do not matter. */
static void test_repeats(void **state)
{
    (void)state;
    static const uint32_t pieces[] = {TEXT_SIZE, 30001, 1 << 17};
    static const uint32_t starts[] = {0, UINT32_MAX - TEXT_SIZE / 3,
                                      UINT32_MAX - 10000};
    static const enum xz_bulk kinds[] = {XZ_BULK_WIDE, XZ_BULK_LEAN, XZ_BULK_PART};
    fill_repeating(text, TEXT_SIZE / 3, 6);
    fill_text(text + TEXT_SIZE / 3, TEXT_SIZE / 3, 7);
    fill_repeating(text + TEXT_SIZE / 3 * 2, TEXT_SIZE / 3, 8);
    for (size_t kind = 0; kind < ARRAY_COUNT(kinds); ++kind) {
        struct bench first;
        for (size_t i = 0; i < ARRAY_COUNT(pieces); ++i) {
            struct counter counter;
            struct xz_finder_setup setup = plain_setup;
            setup.in_bulk = kinds[kind];
            setup.dict_size = 2 * DICT_SIZE;
            setup.nice_len = XZ_REPEATS_NICE;
            setup.start = starts[i];
            counter_init(&counter, -1);
            bench_open(&setup, &counter.allocator);
            feed(&setup, &counter.allocator, text, TEXT_SIZE, pieces[i], true);
            if (i == 0)
                first = bench;
            assert_true(bench.switches >= 2);
            assert_int_equal(bench.switches, first.switches);
            assert_int_equal(bench.positions, first.positions);
            assert_int_equal(bench.digest, first.digest);
            const uint64_t window =
                xz_window_memusage(setup.dict_size, xz_finder_ahead(&setup));
            assert_true(counter.peak <= xz_finder_memusage(&setup) + window);
            bench_close(&counter.allocator);
            counter_check(&counter);
        }
    }
}

/* Most positions are within matches that are taken at once. */
static void test_repeats_are_found(void **state)
{
    (void)state;
    const uint32_t size = 600000;
    struct xz_finder_setup setup = plain_setup;
    setup.dict_size = 4 * DICT_SIZE;
    setup.nice_len = XZ_REPEATS_NICE;
    fill_repeating(text, size, 9);
    bench_open(&setup, NULL);
    feed(&setup, NULL, text, size, size, true);
    assert_int_equal(bench.switches, 1);
    assert_true(bench.positions < size / 8);
    bench_close(NULL);
}

/* Tables are not made anew for every few bytes, and a finder that is used again does
   what a new one does. */
static void test_repeats_and_flushes(void **state)
{
    (void)state;
    struct xz_finder_setup setup = plain_setup;
    uint64_t digest = 0;
    setup.nice_len = XZ_REPEATS_NICE;
    fill_repeating(text, TEXT_SIZE, 3);
    bench_open(&setup, NULL);
    for (uint32_t round = 0; round < 2; ++round) {
        for (uint32_t done = 0, count = 0; done < TEXT_SIZE; ++count) {
            uint32_t part = count % 2 == 0 ? XZ_REPEATS_SIZE_MIN : 100;
            part = part < TEXT_SIZE - done ? part : TEXT_SIZE - done;
            feed(&setup, NULL, text + done, part, part, true);
            done += part;
        }
        assert_int_equal(bench.switches, 1);
        digest = round == 0 ? bench.digest : digest;
        assert_int_equal(bench.digest, digest);
        bench.digest = 0;
        bench.switches = 0;
        xz_window_open(&bench.window, NULL, setup.dict_size, xz_finder_ahead(&setup));
        assert_int_equal(xz_finder_open(&bench.finder, NULL, &setup), LZMA_OK);
    }
    bench_close(NULL);
}

/* Where the text ends, and at flush points, what is behind it does not matter: matches
   end there, and no table knows it. */
static void test_repeats_end(void **state)
{
    (void)state;
    static const uint8_t behinds[] = {0, 'a', 0xFF};
    struct xz_finder_setup setup = plain_setup;
    uint64_t digest = 0;
    setup.nice_len = XZ_REPEATS_NICE;
    fill_repeating(text, TEXT_SIZE / 2, 4);
    for (size_t i = 0; i < ARRAY_COUNT(behinds); ++i) {
        uint64_t seed = 5;
        bench_open(&setup, NULL);
        bench.behind = behinds[i];
        for (uint32_t done = 0; done < TEXT_SIZE / 2;) {
            uint32_t part = done == 0 ? XZ_REPEATS_SIZE_MIN : random_below(&seed, 3000);
            part = part < TEXT_SIZE / 2 - done ? part : TEXT_SIZE / 2 - done;
            const uint32_t same = part < 40 ? part : 1 + random_below(&seed, 40);
            memset(text + done + part - same, behinds[done / 1000 % 3], same);
            feed(&setup, NULL, text + done, part, part, true);
            done += part;
        }
        assert_true(bench.finder.heads_alone);
        digest = i == 0 ? bench.digest : digest;
        assert_int_equal(bench.digest, digest);
        bench_close(NULL);
    }
}

#define NOISE_SIZE  8192U
#define NOISE_START XZ_REPEATS_SIZE_MIN
#define MOVED       20000U

/* A copy finds the noise that passed and what was searched before it: sorted with it
   or, but for what others replaced, in the tables, where other text of `gap` bytes is
   between, and little text behind that. */
static void check_noise_passes(bool alone, uint32_t gap)
{
    const uint32_t noise_end = NOISE_START + NOISE_SIZE;
    const uint32_t copy = noise_end + gap;
    const uint32_t end = copy + 2 * NOISE_SIZE;
    uint8_t *const begin = text + XZ_WINDOW_GUARD;
    struct xz_window *const w = &bench.window;
    struct xz_finder *const f = &bench.finder;
    struct xz_finder_setup setup = plain_setup;
    setup.nice_len = alone ? XZ_REPEATS_NICE : setup.nice_len;
    setup.dict_size = 4 * DICT_SIZE;
    fill_repeating(begin, copy, 6);
    fill_random(begin + NOISE_START - NOISE_SIZE / 2, NOISE_SIZE * 3 / 2, 6);
    memcpy(begin + copy, begin + noise_end - 2 * NOISE_SIZE, 2 * NOISE_SIZE);
    bench_open(&setup, NULL);
    xz_window_lend(w, NULL, begin, 0, NOISE_START);
    assert_int_equal(xz_finder_prepare(f, NULL, w, NOISE_START), LZMA_OK);
    while (w->pos < NOISE_START)
        use_batch(NOISE_START);
    assert_true(f->heads_alone == alone);
    xz_window_lend(w, NULL, begin, NOISE_START, copy);
    for (; w->pos < noise_end; w->pos += NOISE_SIZE / 4)
        xz_finder_pass_noise(f, w, NOISE_SIZE / 4);
    bench.had_noise = true;
    while (w->pos < copy) {
        assert_int_equal(xz_finder_prepare(f, NULL, w, copy), LZMA_OK);
        use_batch(copy);
    }
    xz_finder_moved(f, MOVED);
    xz_window_lend(w, NULL, begin + MOVED, copy - MOVED, end - MOVED);
    assert_int_equal(xz_finder_prepare(f, NULL, w, w->end), LZMA_OK);
    uint32_t found[2] = {0, 0};
    for (; w->pos < w->end; ++w->pos) {
        xz_finder_batch(f, w, w->pos, w->pos + 1, &bench.batch);
        const struct xz_pair *const pairs = bench.batch.pairs;
        const uint32_t count = bench.batch.first[1];
        check_pairs(w->pos, pairs, count);
        const bool is_noise = w->pos >= w->end - NOISE_SIZE;
        found[is_noise] += count > 0 && pairs[count - 1].dist == gap + 2 * NOISE_SIZE;
    }
    const uint32_t eighths = gap == 0 ? 7 : 6;
    assert_true(found[0] >= NOISE_SIZE / 4 && found[1] >= NOISE_SIZE / 8 * eighths);
    bench_close(NULL);
}

static void test_noise_passes(void **state)
{
    (void)state;
    static const uint32_t gaps[] = {0, 10000, 100000, 400000};
    for (size_t i = 0; i < ARRAY_COUNT(gaps); ++i) {
        check_noise_passes(false, gaps[i]);
        check_noise_passes(true, gaps[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_do_not_matter),
        cmocka_unit_test(test_ranks_in_turns),
        cmocka_unit_test(test_longest),
        cmocka_unit_test(test_flushes),
        cmocka_unit_test(test_hostile_texts),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_step_borders),
        cmocka_unit_test(test_repeats_are_told),
        cmocka_unit_test(test_repeats),
        cmocka_unit_test(test_repeats_are_found),
        cmocka_unit_test(test_repeats_and_flushes),
        cmocka_unit_test(test_repeats_end),
        cmocka_unit_test(test_noise_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
