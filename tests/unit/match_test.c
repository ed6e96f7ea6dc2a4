// SPDX-License-Identifier: 0BSD
// Match finders against brute force, the window, growth, renumbering, ends of text.

#include "match/finder.h"
#include "support/support.h"

#define DEPTH_UNLIMITED UINT32_MAX

struct bench {
    struct xz_window window;
    struct xz_finder finder;
    struct xz_match_batch batch;
};

static struct bench bench;

/* A finder with these options over a window that is still empty. */
static void bench_open(const struct xz_finder_setup *setup, uint32_t keep)
{
    memset(&bench, 0, sizeof(bench));
    xz_window_open(&bench.window, NULL, keep, 4096);
    assert_int_equal(xz_finder_open(&bench.finder, NULL, setup), LZMA_OK);
}

static void bench_close(void)
{
    xz_window_end(&bench.window, NULL);
    xz_finder_end(&bench.finder, NULL);
}

/* Appends text. */
static void bench_add(const uint8_t *text, size_t size)
{
    while (size > 0) {
        uint32_t moved;
        struct xz_window *const w = &bench.window;
        assert_int_equal(xz_window_make_room(w, NULL, size, &moved), LZMA_OK);
        xz_finder_moved(&bench.finder, moved);
        const uint32_t room = w->capacity - w->end;
        assert_true(room > 0);
        const uint32_t part = size < room ? (uint32_t)size : room;
        memcpy(w->buf + w->end, text, part);
        xz_window_added(w, part);
        text += part;
        size -= part;
    }
}

/* Readies the finder for all positions of the window. */
static void bench_reserve(void)
{
    assert_int_equal(xz_finder_reserve(&bench.finder, NULL, bench.window.end), LZMA_OK);
}

static uint32_t common(const uint8_t *a, const uint8_t *b, uint32_t limit)
{
    uint32_t len = 0;
    while (len < limit && a[len] == b[len])
        ++len;
    return len;
}

/* All pairs are true, and rise in length and distance. */
static void check_pairs(uint32_t pos, const struct xz_pair *pairs, uint32_t count)
{
    const struct xz_window *const w = &bench.window;
    uint32_t limit = w->end - pos;
    if (limit > XZ_MATCH_LEN_MAX)
        limit = XZ_MATCH_LEN_MAX;
    for (uint32_t i = 0; i < count; ++i) {
        assert_in_range(pairs[i].len, 2, limit);
        assert_in_range(pairs[i].dist, 1, bench.finder.dict_size);
        assert_true(pairs[i].dist <= pos);
        const uint8_t *const cur = w->buf + pos;
        assert_true(common(cur, cur - pairs[i].dist, limit) >= pairs[i].len);
        if (i > 0) {
            assert_true(pairs[i].len > pairs[i - 1].len);
            assert_true(pairs[i].dist > pairs[i - 1].dist);
        }
    }
}

/* For each length from `least` on, the pairs have the nearest distance of all. */
static void check_nearest(uint32_t pos, const struct xz_pair *pairs, uint32_t count,
                          uint32_t least)
{
    const uint8_t *const cur = bench.window.buf + pos;
    uint32_t limit = bench.window.end - pos;
    if (limit > XZ_MATCH_LEN_MAX)
        limit = XZ_MATCH_LEN_MAX;
    uint32_t best = least - 1;
    uint32_t i = 0;
    const uint32_t farthest =
        pos < bench.finder.dict_size ? pos : bench.finder.dict_size;
    for (uint32_t dist = 1; dist <= farthest && best < limit; ++dist) {
        if (cur[best] != (cur - dist)[best])
            continue; // no longer one
        const uint32_t len = common(cur, cur - dist, limit);
        if (len <= best)
            continue;
        while (i < count && pairs[i].len < len)
            ++i;
        assert_true(i < count);
        assert_true(pairs[i].dist <= dist);
        best = len;
    }
}

/* Every position by find() or batch(), compared with brute force. */
static void run_exact(const struct xz_finder_setup *setup, const uint8_t *text,
                      uint32_t size, bool in_batches, uint32_t least)
{
    bench_open(setup, setup->dict_size);
    bench_add(text, size);
    bench_reserve();
    for (uint32_t pos = 0; pos < size;) {
        struct xz_match_batch *const b = &bench.batch;
        if (in_batches) {
            xz_finder_batch(&bench.finder, &bench.window, pos, size, b);
        } else {
            b->first[0] = 0;
            b->first[1] = xz_finder_find(&bench.finder, &bench.window, pos, b->pairs);
            b->count = 1;
        }
        assert_true(b->count > 0);
        for (uint32_t i = 0; i < b->count; ++i, ++pos) {
            const struct xz_pair *const pairs = b->pairs + b->first[i];
            const uint32_t count = b->first[i + 1] - b->first[i];
            check_pairs(pos, pairs, count);
            if (least > 0)
                check_nearest(pos, pairs, count, least);
        }
    }
    bench_close();
}

#define EXACT_SIZE 6000

static void test_exact(void **state)
{
    (void)state;
    static const struct {
        lzma_match_finder mf;
        uint32_t least; // lengths that its main heads find
    } finders[] = {
        {LZMA_MF_BT2, 2}, {LZMA_MF_BT3, 3}, {LZMA_MF_BT4, 4},
        {LZMA_MF_HC3, 3}, {LZMA_MF_HC4, 4},
    };
    static uint8_t text[EXACT_SIZE];
    for (size_t kind = 0; kind < DATA_KIND_COUNT; ++kind) {
        data_kinds[kind].fill(text, sizeof(text), 17 + kind);
        for (size_t i = 0; i < ARRAY_COUNT(finders); ++i) {
            for (uint32_t dict_size = 4096; dict_size <= 16384; dict_size *= 4) {
                const struct xz_finder_setup setup = {
                    .mf = finders[i].mf,
                    .dict_size = dict_size,
                    .nice_len = XZ_MATCH_LEN_MAX,
                    .depth = DEPTH_UNLIMITED,
                };
                run_exact(&setup, text, EXACT_SIZE, dict_size > 4096, finders[i].least);
            }
        }
    }
}

/* With limits pairs need not be the nearest, only true. Depths cover rows of all
   widths, chains, and the depth that the finder chooses. */
static void test_limits(void **state)
{
    (void)state;
    static const lzma_match_finder finders[] = {
        LZMA_MF_BT2, LZMA_MF_BT3, LZMA_MF_BT4, LZMA_MF_HC3, LZMA_MF_HC4,
    };
    static const uint32_t depths[] = {0, 1, 4, 8, 12, 13, 32, 33};
    static const uint32_t nices[] = {2, 3, 5, 32, 272};
    static uint8_t text[30000];
    for (size_t kind = 0; kind < DATA_KIND_COUNT; ++kind) {
        data_kinds[kind].fill(text, sizeof(text), 99 + kind);
        for (size_t i = 0; i < ARRAY_COUNT(finders); ++i) {
            for (size_t j = 0; j < ARRAY_COUNT(depths); ++j) {
                const struct xz_finder_setup setup = {
                    .mf = finders[i],
                    .dict_size = 10000,
                    .nice_len = nices[(i + j) % ARRAY_COUNT(nices)],
                    .depth = depths[j],
                };
                run_exact(&setup, text, sizeof(text), j % 2 == 0, 0);
            }
        }
    }
}

/* Rows, too, find the latest position with the same text. */
static void test_rows_find_latest(void **state)
{
    (void)state;
    static uint8_t text[40000];
    fill_random(text, sizeof(text), 5);
    memcpy(text + 5000, text + 1000, 4000);
    const struct xz_finder_setup setup = {
        .mf = LZMA_MF_HC4, .dict_size = 1 << 16, .nice_len = 273, .depth = 4};
    bench_open(&setup, setup.dict_size);
    bench_add(text, sizeof(text));
    bench_reserve();
    assert_int_equal(bench.finder.shape.row_bits, 2);
    struct xz_pair pairs[XZ_MATCH_LEN_MAX];
    for (uint32_t pos = 5000; pos < 8000; pos += 200) {
        const uint32_t count = xz_finder_find(&bench.finder, &bench.window, pos, pairs);
        assert_true(count > 0);
        assert_int_equal(pairs[count - 1].len, XZ_MATCH_LEN_MAX);
        assert_int_equal(pairs[count - 1].dist, 4000);
    }
    bench_close();
}

/* Sums over all pairs of a text that comes piece by piece through a moving window.
   Numbers may begin anywhere. */
struct digest {
    uint64_t pairs;
    uint64_t sum;
};

#define AHEAD  1000
#define STRIDE 1500

static struct digest run_stream(struct xz_finder_setup setup, uint32_t start,
                                const uint8_t *text, uint32_t size, uint32_t piece)
{
    struct digest digest = {0, 0};
    setup.start = start;
    bench_open(&setup, setup.dict_size);
    uint32_t added = 0;
    for (uint32_t done = 0; done < size;) {
        const uint32_t part = size - added < piece ? size - added : piece;
        bench_add(text + added, part);
        added += part;
        struct xz_window *const w = &bench.window;
        /* Positions are used a stride at a time: room for them is made at the same ones
           whatever the pieces are. */
        while (w->end - w->pos >= STRIDE + AHEAD
               || (added == size && w->pos < w->end)) {
            const uint32_t left = w->end - w->pos;
            const uint32_t end = w->pos + (left < STRIDE ? left : STRIDE);
            assert_int_equal(xz_finder_reserve(&bench.finder, NULL, end), LZMA_OK);
            xz_finder_batch(&bench.finder, w, w->pos, end, &bench.batch);
            const struct xz_match_batch *const b = &bench.batch;
            for (uint32_t i = 0; i < b->first[b->count]; ++i) {
                ++digest.pairs;
                digest.sum = digest.sum * 31 + b->pairs[i].len;
                digest.sum = digest.sum * 31 + b->pairs[i].dist;
            }
            for (uint32_t i = 0; i < b->count; i += 97)
                check_pairs(w->pos + i, b->pairs + b->first[i],
                            b->first[i + 1] - b->first[i]);
            w->pos += b->count;
            done += b->count;
        }
    }
    bench_close();
    return digest;
}

#define STREAM_SIZE 2000000

/* More text than the window holds, more positions than the first steps of growth have
   room for: the same pairs, however the text comes and wherever numbers begin. */
static void test_stream(void **state)
{
    (void)state;
    static const struct xz_finder_setup setups[] = {
        {.mf = LZMA_MF_BT4, .dict_size = 1 << 20, .nice_len = 32, .depth = 12},
        {.mf = LZMA_MF_BT2, .dict_size = 70000, .nice_len = 16, .depth = 8},
        {.mf = LZMA_MF_HC4, .dict_size = 1 << 20, .nice_len = 64, .depth = 8},
        {.mf = LZMA_MF_HC3, .dict_size = 100000, .nice_len = 64, .depth = 70},
    };
    uint8_t *text = malloc(STREAM_SIZE);
    fill_text(text, STREAM_SIZE, 3);
    fill_records(text + STREAM_SIZE / 2, STREAM_SIZE / 4, 4);
    for (size_t i = 0; i < ARRAY_COUNT(setups); ++i) {
        const struct xz_finder_setup *const s = &setups[i];
        const struct digest whole = run_stream(*s, 0, text, STREAM_SIZE, 400000);
        assert_true(whole.pairs > STREAM_SIZE / 2);
        const struct digest parts = run_stream(*s, 0, text, STREAM_SIZE, 30001);
        assert_memory_equal(&parts, &whole, sizeof(whole));
        for (uint32_t before = 1000; before < STREAM_SIZE; before += 1100001) {
            const struct digest wrapped =
                run_stream(*s, UINT32_MAX - before, text, STREAM_SIZE, 300000);
            assert_memory_equal(&wrapped, &whole, sizeof(whole));
        }
    }
    free(text);
}

/* A text that ends, is searched to its end, and goes on: what could not be inserted
   before is findable later. */
static void test_flushes(void **state)
{
    (void)state;
    static const lzma_match_finder finders[] = {
        LZMA_MF_BT2, LZMA_MF_BT3, LZMA_MF_BT4, LZMA_MF_HC3, LZMA_MF_HC4,
    };
    static uint8_t text[6000];
    for (size_t i = 0; i < ARRAY_COUNT(finders); ++i) {
        const uint32_t least = i < 3 ? (uint32_t)i + 2 : (uint32_t)i;
        fill_text(text, sizeof(text), 21 + i);
        const struct xz_finder_setup setup = {
            .mf = finders[i],
            .dict_size = 8192,
            .nice_len = XZ_MATCH_LEN_MAX,
            .depth = DEPTH_UNLIMITED,
        };
        bench_open(&setup, setup.dict_size);
        uint64_t seed = 7;
        for (uint32_t pos = 0; pos < sizeof(text);) {
            uint32_t part = random_below(&seed, 40);
            if (part > sizeof(text) - pos)
                part = (uint32_t)sizeof(text) - pos;
            bench_add(text + pos, part);
            bench_reserve();
            struct xz_pair pairs[XZ_MATCH_LEN_MAX];
            for (; part > 0; --part, ++pos) {
                const uint32_t count =
                    xz_finder_find(&bench.finder, &bench.window, pos, pairs);
                check_pairs(pos, pairs, count);
                check_nearest(pos, pairs, count, least);
            }
        }
        bench_close();
    }
}

static void test_skipped_positions_are_findable(void **state)
{
    (void)state;
    static uint8_t text[5000];
    fill_random(text, 2500, 1);
    memcpy(text + 2500, text, 2500);
    for (uint32_t depth = 1; depth <= 100; depth += 99) {
        for (int mf = 0; mf < 2; ++mf) {
            const struct xz_finder_setup setup = {
                .mf = mf == 0 ? LZMA_MF_BT4 : LZMA_MF_HC4,
                .dict_size = 1U << 16,
                .nice_len = 64,
                .depth = depth,
            };
            bench_open(&setup, setup.dict_size);
            bench_add(text, sizeof(text));
            bench_reserve();
            struct xz_pair pairs[XZ_MATCH_LEN_MAX];
            for (uint32_t pos = 2500; pos < 4500; pos += 333) {
                const uint32_t count =
                    xz_finder_find(&bench.finder, &bench.window, pos, pairs);
                assert_true(count > 0);
                assert_int_equal(pairs[count - 1].dist, 2500);
                assert_int_equal(pairs[count - 1].len, XZ_MATCH_LEN_MAX);
            }
            bench_close();
        }
    }
}

/* The window keeps what it must, whatever it does with its memory. */
static void test_window(void **state)
{
    (void)state;
    struct counter counter;
    counter_init(&counter, -1);
    const uint32_t keep = 3000000;
    struct xz_window w = {.buf = NULL};
    xz_window_open(&w, &counter.allocator, keep, 4096);
    assert_int_equal(counter.count, 0);

    uint64_t seed = 11;
    uint64_t start = 0; // index 0 of the window, as a position in the text
    while (start + w.end < 12000000) {
        uint32_t moved;
        const uint32_t wanted = 1 + random_below(&seed, 200000);
        assert_int_equal(xz_window_make_room(&w, &counter.allocator, wanted, &moved),
                         LZMA_OK);
        start += moved;
        uint32_t part = w.capacity - w.end;
        assert_true(part > 0);
        part = part < wanted ? part : wanted;
        for (uint32_t i = 0; i < part; ++i)
            w.buf[w.end + i] = (uint8_t)((start + w.end + i) * 2654435761U >> 13);
        xz_window_added(&w, part);
        for (int i = 0; i < XZ_WINDOW_SLACK; ++i)
            assert_int_equal(w.buf[w.end + (uint32_t)i], 0);
        w.pos = w.end - random_below(&seed, part < 4000 ? part : 4000);
        const uint32_t kept = start + w.pos < keep ? (uint32_t)start + w.pos : keep;
        assert_true(w.pos >= kept);
        for (uint32_t i = w.pos - kept; i < w.end; i += 977)
            assert_int_equal(w.buf[i], (uint8_t)((start + i) * 2654435761U >> 13));
    }
    assert_true(start > 0);
    assert_true(counter.peak <= xz_window_memusage(keep, 4096));
    xz_window_end(&w, &counter.allocator);
    counter_check(&counter);

    /* However much is awaited, what is kept is not moved for a little room. */
    for (uint32_t ahead = 4096; ahead <= 2 * keep; ahead *= 2)
        assert_true(xz_window_capacity_max(keep, ahead) - keep - ahead >= keep / 8);
}

/* Little text, little memory; and never more than was told. */
static void test_memory(void **state)
{
    (void)state;
    static uint8_t text[3000000];
    fill_text(text, sizeof(text), 8);
    static const struct xz_finder_setup setups[] = {
        {.mf = LZMA_MF_BT4, .dict_size = 2 << 20, .nice_len = 8, .depth = 2},
        {.mf = LZMA_MF_HC4,
         .dict_size = 2 << 20,
         .nice_len = 8,
         .depth = 2,
         .is_near = true}, // else what tables of 3 bytes take is most of it
        {.mf = LZMA_MF_HC4, .dict_size = 2 << 20, .nice_len = 8, .depth = 80},
    };
    for (size_t i = 0; i < ARRAY_COUNT(setups); ++i) {
        struct counter counter;
        counter_init(&counter, -1);
        memset(&bench, 0, sizeof(bench));
        struct xz_finder *const f = &bench.finder;
        const lzma_allocator *const a = &counter.allocator;
        assert_int_equal(xz_finder_open(f, a, &setups[i]), LZMA_OK);
        assert_int_equal(xz_finder_reserve(f, a, 1000), LZMA_OK);
        const uint64_t told = xz_finder_memusage(&setups[i]);
        assert_true(counter.peak < told / 4); // the text is short
        for (uint32_t end = 10000; end < sizeof(text); end += 10000)
            assert_int_equal(xz_finder_reserve(f, a, end), LZMA_OK);
        assert_true(counter.peak <= told);
        assert_true(counter.peak >= told / 10 * 9);
        xz_finder_end(f, a);
        counter_check(&counter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_rows_find_latest),
        cmocka_unit_test(test_stream),
        cmocka_unit_test(test_flushes),
        cmocka_unit_test(test_skipped_positions_are_findable),
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
