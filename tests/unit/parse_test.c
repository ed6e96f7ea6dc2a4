// SPDX-License-Identifier: 0BSD
// The parser by price: its symbols spell the text, every node that it visits has been
// reached by an edge of the same stretch, it chooses the same on all CPUs, and where
// records differ in little it stays with the last distance; where it finds nothing,
// stretches are no shorter for that; what goes on at the last distance is not searched.

#include "base/cpu.h"
#include "lzma/enc_pipe.h"
#include "lzma/lzma_enc.h"
#include "lzma/parse_nodes.h"
#include "match/little.h"
#include "support/support.h"

#include <stdio.h>

#define TEXT_SIZE 80000
_Static_assert(TEXT_SIZE > XZ_LITTLE_MAX, "the text is sorted");

#define RECORD 100

static uint8_t text[TEXT_SIZE];
static uint8_t out[1 << 20];
static uint8_t again[1 << 20];

/* What a stretch before has left must not count. */
static void poison(struct xz_optimal *o)
{
    static uint32_t infinite[XZ_NODES];
    static uint32_t dist[XZ_NODES];
    static uint32_t edge[XZ_NODES];
    for (uint32_t i = 0; dist[XZ_NODES - 1] == 0 && i < XZ_NODES; ++i) {
        infinite[i] = XZ_PRICE_INFINITE;
        dist[i] = 2000 + i;
        edge[i] = xz_edge(2 + i % 100, i % 9) | (i % 3 == 0 ? XZ_EDGE_TWO : 0);
    }
    assert_memory_equal(o->price, infinite, o->nodes * sizeof(*infinite));
    // Those behind are cleared before they count.
    memset(o->price + o->nodes, 0, (XZ_NODES - o->nodes) * sizeof(*o->price));
    memcpy(o->dist, dist, sizeof(dist));
    memcpy(o->edge, edge, sizeof(edge));
}

/* Makes dist the first of the last distances. Returns true if it is new. */
static bool is_new(uint32_t reps[XZ_REPS], uint32_t dist)
{
    uint32_t i = 0;
    while (i < XZ_REPS && reps[i] != dist)
        ++i;
    const bool answer = i == XZ_REPS;
    for (i = answer ? XZ_REPS - 1 : i; i > 0; --i)
        reps[i] = reps[i - 1];
    reps[0] = dist;
    return answer;
}

/* Returns how many symbols have new distances. */
static uint32_t check_symbols(const struct xz_enc_pipe *pipe)
{
    uint32_t reps[XZ_REPS];
    uint32_t matches = 0;
    memcpy(reps, pipe->coder.context.reps, sizeof(reps));
    const struct xz_parse *const parse = pipe->parse;
    uint32_t pos = pipe->window.pos;
    for (uint32_t i = 0; i < parse->count; ++i) {
        const struct xz_symbol symbol = parse->symbols[parse->first + i];
        assert_in_range(symbol.len, 1, XZ_LEN_MAX);
        assert_true(symbol.len == 1 || symbol.dist > 0);
        const uint32_t dist = symbol.dist & ~XZ_AS_MATCH;
        assert_true(symbol.dist == dist || (dist > 0 && symbol.len > 1));
        assert_true(dist <= pos);
        const uint8_t *const cur = pipe->window.buf + pos;
        if (dist > 0)
            assert_memory_equal(cur, cur - dist, symbol.len);
        matches += dist > 0 && is_new(reps, dist);
        pos += symbol.len;
    }
    assert_int_equal(pos - pipe->window.pos, parse->size);
    assert_true(pos <= pipe->window.end);
    return matches;
}

/* Returns how many matches there are; *stretches, unless NULL: how many of those. */
static uint32_t check_parser(const lzma_options_lzma *options, uint32_t size,
                             uint32_t *stretches)
{
    struct xz_enc_pipe *const pipe = calloc(1, sizeof(*pipe));
    uint32_t matches = 0;
    uint32_t parsed = 0;
    assert_non_null(pipe);
    assert_int_equal(xz_enc_pipe_open(pipe, NULL, options), LZMA_OK);
    struct xz_io io = {.in = text, .in_size = size};
    for (;;) {
        enum xz_enc_pipe_state state;
        if (pipe->parse->count == 0)
            poison(pipe->optimal);
        assert_int_equal(xz_enc_pipe_parse(pipe, NULL, &state), LZMA_OK);
        if (state == XZ_PIPE_EMPTY)
            break;
        if (state == XZ_PIPE_HUNGRY) {
            assert_int_equal(xz_enc_pipe_fill(pipe, NULL, NULL, &io, LZMA_FINISH),
                             LZMA_OK);
            continue;
        }
        matches += check_symbols(pipe);
        ++parsed;
        while (pipe->parse->count > 0) {
            xz_rc_start(&pipe->coder.rc, out);
            assert_true(xz_enc_pipe_encode(pipe, pipe->parse->count, out + sizeof(out),
                                           UINT32_MAX)
                        > 0);
        }
    }
    assert_int_equal(pipe->optimal->unreached, 0);
    xz_enc_pipe_end(pipe, NULL);
    free(pipe);
    if (stretches != NULL)
        *stretches = parsed;
    return matches;
}

static void test_nodes_are_reached(void **state)
{
    (void)state;
    static const uint32_t features[] = {UINT32_MAX, ~(uint32_t)XZ_CPU_AVX512, 0};
    static const uint32_t presets[] = {4, 6, 9 | LZMA_PRESET_EXTREME};
    for (size_t i = 0; i < ARRAY_COUNT(features); ++i) {
        xz_cpu_limit(features[i]);
        for (size_t kind = 0; kind < DATA_KIND_COUNT; ++kind) {
            data_kinds[kind].fill(text, TEXT_SIZE, 11 + kind);
            for (size_t j = 0; j < ARRAY_COUNT(presets); ++j) {
                lzma_options_lzma options;
                assert_false(lzma_lzma_preset(&options, presets[j]));
                check_parser(&options, TEXT_SIZE, NULL);
            }
        }
    }
    xz_cpu_limit(UINT32_MAX);
}

/* Records that differ in a byte: it is one of ten, so that an older record has the same
   one; and in another one of 256. */
static void fill_like_records(uint32_t ten_place, uint32_t any_place)
{
    uint64_t seed = 5;
    for (uint32_t i = 0; i < TEXT_SIZE; ++i) {
        text[i] = i < RECORD ? (uint8_t)random_next(&seed) : text[i - RECORD];
        if (i % RECORD == ten_place)
            text[i] = (uint8_t)random_below(&seed, 10);
        if (i % RECORD == any_place)
            text[i] = (uint8_t)random_next(&seed);
    }
}

/* Where an older record has nice_len bytes, the one before has those behind a literal,
   or all but one or two. */
static void test_detours(void **state)
{
    (void)state;
    static const struct {
        uint32_t ten_place;
        uint32_t any_place; // RECORD: none
        uint32_t nice_len;
    } records[] = {{0, RECORD, 64}, {7, RECORD, 64}, {98, 99, 99}, {97, 99, 99}};
    for (size_t i = 0; i < ARRAY_COUNT(records); ++i) {
        lzma_options_lzma options;
        assert_false(lzma_lzma_preset(&options, 6));
        options.nice_len = records[i].nice_len;
        fill_like_records(records[i].ten_place, records[i].any_place);
        assert_true(check_parser(&options, TEXT_SIZE, NULL) < TEXT_SIZE / RECORD / 10);
    }
}

/* Statements that differ in a number and a date. */
static void fill_statements(void)
{
    size_t pos = 0;
    for (uint32_t i = 0; TEXT_SIZE - pos > RECORD; ++i)
        pos +=
            (size_t)snprintf((char *)text + pos, RECORD,
                             "insert into diaries values(%u, \"20%02u-%02u-%02u\");\n",
                             i, i / 372, i / 31 % 12 + 1, i % 31 + 1);
    memset(text + pos, '\n', TEXT_SIZE - pos);
}

/* Few letters, so that there are short reps of all kinds, and copies. */
static void fill_few_letters(uint32_t size, uint32_t letters, uint64_t seed)
{
    for (uint32_t i = 0; i < size;) {
        const bool is_copy = i > 300 && random_below(&seed, 16) == 0;
        const uint32_t from = i - 1 - (is_copy ? random_below(&seed, 300) : 0);
        const uint32_t len = is_copy ? random_below(&seed, 40) : 1;
        for (uint32_t k = 0; k < len && i < size; ++k, ++i)
            text[i] = is_copy ? text[from + k]
                              : (uint8_t)('a' + random_below(&seed, letters));
    }
}

static size_t encode(lzma_options_lzma *options, uint32_t size, uint8_t *target)
{
    const lzma_filter filters[] = {
        {LZMA_FILTER_LZMA2, options},
        {LZMA_VLI_UNKNOWN, NULL},
    };
    size_t pos = 0;
    assert_int_equal(
        lzma_raw_buffer_encode(filters, NULL, text, size, target, &pos, sizeof(out)),
        LZMA_OK);
    return pos;
}

/* Where matches of 16 or 32 bytes are taken at once, the last distance goes on up to a
   digit and behind it. */
static void test_statements(void **state)
{
    (void)state;
    lzma_options_lzma options;
    fill_statements();
    assert_false(lzma_lzma_preset(&options, 6));
    const size_t enough = encode(&options, TEXT_SIZE, out);
    for (uint32_t preset = 4; preset <= 5; ++preset) {
        assert_false(lzma_lzma_preset(&options, preset));
        assert_true(encode(&options, TEXT_SIZE, out) < enough * 9 / 8);
    }
}

/* All CPUs make the same of the text. */
static void check_cpus(lzma_options_lzma *options, uint32_t size)
{
    static const uint32_t features[] = {UINT32_MAX, ~(uint32_t)XZ_CPU_AVX512};
    xz_cpu_limit(0);
    const size_t wanted = encode(options, size, out);
    for (size_t k = 0; k < ARRAY_COUNT(features); ++k) {
        xz_cpu_limit(features[k]);
        assert_int_equal(encode(options, size, again), wanted);
        assert_memory_equal(again, out, wanted);
    }
    xz_cpu_limit(UINT32_MAX);
}

static void test_cpus_agree(void **state)
{
    (void)state;
    static const uint32_t nice_lens[] = {2, 3, 5, 13, 14, 15, 17, 273};
    static const uint32_t letters[] = {2, 4, 30};
    static const lzma_match_finder finders[] = {LZMA_MF_BT2, LZMA_MF_BT3, LZMA_MF_BT4};
    const uint32_t count = ARRAY_COUNT(nice_lens) * ARRAY_COUNT(finders);
    for (uint32_t i = 0; i < count * ARRAY_COUNT(letters); ++i) {
        const uint32_t size = 20000 + i; // less is not searched by trees
        lzma_options_lzma options;
        assert_false(lzma_lzma_preset(&options, 6));
        options.dict_size = 1 << 16;
        options.nice_len = nice_lens[i % ARRAY_COUNT(nice_lens)];
        options.mf = finders[i / ARRAY_COUNT(nice_lens) % ARRAY_COUNT(finders)];
        fill_few_letters(size, letters[i / count], i + 1);
        check_cpus(&options, size);
    }
}

/* Copies of any text before, next to each other: where one begins, another that began
   earlier may go on. */
static void fill_copies(uint32_t size, uint64_t seed)
{
    for (uint32_t i = 0; i < size;) {
        if (i < 200 || random_below(&seed, 4) == 0)
            text[i++] = (uint8_t)random_below(&seed, 4);
        const uint32_t dist = i < 200 ? 1 : 1 + random_below(&seed, i);
        const uint32_t len = i < 200 ? 0 : random_below(&seed, 300);
        for (uint32_t k = 0; k < len && i < size; ++k, ++i)
            text[i] = text[i - dist];
    }
}

/* Matches inside of which there are longer ones, of nice_len too, with all properties
   of the model. */
static void test_cpus_agree_inside(void **state)
{
    (void)state;
    static const uint32_t nice_lens[] = {16, 31, 64, 130, 272, 273};
    for (uint32_t lc = 0; lc <= LZMA_LCLP_MAX; ++lc)
        for (uint32_t i = 0; i < ARRAY_COUNT(nice_lens); ++i) {
            lzma_options_lzma options;
            assert_false(lzma_lzma_preset(&options, 6));
            options.nice_len = nice_lens[i];
            options.lc = lc;
            options.lp = LZMA_LCLP_MAX - lc;
            options.pb = i % (LZMA_PB_MAX + 1);
            fill_copies(TEXT_SIZE, 10 * lc + i + 1);
            check_cpus(&options, TEXT_SIZE);
        }
}

/* Copies in which two bytes in a row are others. */
static void fill_edited(uint32_t size, uint64_t seed)
{
    fill_random(text, size, seed);
    for (uint32_t i = 3000; i < size;) {
        const uint32_t dist = 1 + random_below(&seed, 3000);
        const uint32_t edit = i + 3 + random_below(&seed, 9);
        const uint32_t end = edit + 4 + random_below(&seed, 9);
        for (; i < end && i < size; ++i)
            text[i] = i - edit < 2 ? text[i] : text[i - dist];
    }
}

/* Matches that go on behind two literals, up to the end of a text of any length. */
static void test_cpus_agree_behind_two(void **state)
{
    (void)state;
    static const uint32_t nice_lens[] = {5, 16, 64, 273};
    for (uint32_t i = 0; i < 64; ++i) {
        const uint32_t size = 20000 + i;
        lzma_options_lzma options;
        assert_false(lzma_lzma_preset(&options, 6));
        options.nice_len = nice_lens[i % ARRAY_COUNT(nice_lens)];
        options.lc = i % (LZMA_LCLP_MAX + 1);
        options.lp = LZMA_LCLP_MAX - options.lc;
        options.pb = i / 4 % (LZMA_PB_MAX + 1);
        if (i % 2 == 0)
            fill_edited(size, i + 1);
        else
            fill_x86(text, size, i + 1);
        check_cpus(&options, size);
    }
}

/* Noise with a few short copies: most nodes have nothing but a literal. */
static void fill_lone(uint32_t size, uint64_t seed, uint8_t *to)
{
    fill_random(to, size, seed);
    for (uint32_t i = 300 + random_below(&seed, 200); i + 9 < size;
         i += 10 + random_below(&seed, 200))
        memcpy(to + i, to + i - 9 - random_below(&seed, 290),
               2 + random_below(&seed, 7));
}

/* A stretch does not end where all ways meet as long as it is short, else there would
   be one for nearly each byte; the first byte is one, and the last may be short. */
static void test_lone_literals(void **state)
{
    (void)state;
    static const uint32_t features[] = {UINT32_MAX, ~(uint32_t)XZ_CPU_AVX512, 0};
    const uint32_t size = 30000;
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 6));
    for (size_t i = 0; i < ARRAY_COUNT(features); ++i) {
        uint32_t stretches;
        xz_cpu_limit(features[i]);
        fill_lone(size, i + 1, text);
        check_parser(&options, size, &stretches);
        assert_in_range(stretches, size / XZ_PARSE_POSITIONS,
                        size / XZ_STRETCH_MIN + 2);
    }
    xz_cpu_limit(UINT32_MAX);
    for (uint32_t i = 0; i < 100; ++i) { // ends are everywhere in a stretch
        fill_lone(6000 + i, i + 1, text);
        check_cpus(&options, 6000 + i);
        fill_lone(1 + i, i + 1, text);
        check_cpus(&options, 1 + i);
    }
}

#define RUN_TEXT_SIZE (2U << 20)
#define RUN_MORE      740 // for what goes on, and what interrupts it
#define REPS_MORE     600 // for what goes on alone

/* Text that goes on at one distance, from `from` on, but for a byte now and then unless
   it is zeros; then noise, with the last RUN_COPY bytes before it amid. */
#define RUN_COPY  1000
#define RUN_NOISE 3000
static void fill_going_on(uint8_t *to, uint32_t from, uint32_t dist, uint64_t seed)
{
    uint8_t *const tail = to + RUN_TEXT_SIZE - RUN_NOISE;
    fill_random(to, from, seed);
    to[0] = 0;
    for (uint32_t i = from; i < RUN_TEXT_SIZE; ++i)
        to[i] = from == 1 || random_below(&seed, 200000) > 0
                    ? to[i - dist]
                    : (uint8_t)random_next(&seed);
    fill_random(tail, RUN_NOISE, seed);
    memcpy(tail + RUN_COPY, tail - RUN_COPY, RUN_COPY);
}

/* Parses zeros, then noise, as if GiB had been before: positions' numbers are about to
   wrap when the zeros begin, if left is less than they are. */
static void check_numbers(uint32_t left)
{
    struct xz_enc_pipe *const pipe = calloc(1, sizeof(*pipe));
    lzma_options_lzma options;
    assert_non_null(pipe);
    assert_false(lzma_lzma_preset(&options, 6));
    assert_int_equal(xz_enc_pipe_open(pipe, NULL, &options), LZMA_OK);
    memset(text, 0, TEXT_SIZE / 2);
    fill_lone(TEXT_SIZE - TEXT_SIZE / 2, 1, text + TEXT_SIZE / 2);
    struct xz_io io = {.in = text, .in_size = TEXT_SIZE};
    assert_int_equal(xz_enc_pipe_fill(pipe, NULL, NULL, &io, LZMA_FINISH), LZMA_OK);
    for (uint32_t stretch = 0; pipe->window.pos < TEXT_SIZE; ++stretch) {
        enum xz_enc_pipe_state state;
        assert_int_equal(xz_enc_pipe_parse(pipe, NULL, &state), LZMA_OK);
        assert_int_equal(state, XZ_PIPE_READY);
        check_symbols(pipe);
        if (stretch == 1)
            pipe->finder.offset = UINT32_MAX - left;
        const uint32_t size = xz_enc_pipe_skip(pipe, UINT32_MAX);
        assert_in_range(size, 1, TEXT_SIZE);
        assert_true(pipe->window.pos <= UINT32_MAX - pipe->finder.offset);
    }
    /* When indices come round, pairs of 4 GiB before must not. */
    assert_true(pipe->optimal->batch.count > 0);
    for (uint32_t i = 0; i < 1024; ++i)
        xz_optimal_moved(pipe->optimal, 1 << 22);
    assert_int_equal(pipe->optimal->batch.count, 0);
    xz_enc_pipe_end(pipe, NULL);
    free(pipe);
}

static void test_numbers_wrap(void **state)
{
    (void)state;
    check_numbers(TEXT_SIZE + 1);
    check_numbers(TEXT_SIZE / 2 + 1000);
    check_numbers(TEXT_SIZE / 4);
    check_numbers(9000);
}

/* Encodes in pieces of at most `piece` bytes with a dictionary so small that the window
   moves. */
static size_t encode_run(const uint8_t *run, uint32_t nice_len, size_t piece,
                         uint8_t *target, size_t target_size)
{
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 6));
    options.dict_size = 1 << 18;
    options.nice_len = nice_len;
    const lzma_filter filters[] = {
        {LZMA_FILTER_LZMA2, &options},
        {LZMA_VLI_UNKNOWN, NULL},
    };
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_raw_encoder(&strm, filters), LZMA_OK);
    strm.next_in = run;
    strm.next_out = target;
    strm.avail_out = target_size;
    lzma_ret ret = LZMA_OK;
    while (ret == LZMA_OK) {
        const size_t left = RUN_TEXT_SIZE - (size_t)strm.total_in;
        strm.avail_in = left < piece ? left : piece;
        ret = lzma_code(&strm, left <= piece ? LZMA_FINISH : LZMA_RUN);
    }
    assert_int_equal(ret, LZMA_STREAM_END);
    const size_t size = (size_t)strm.total_out;
    lzma_end(&strm);

    uint8_t *const back = malloc(RUN_TEXT_SIZE);
    assert_non_null(back);
    size_t in_pos = 0;
    size_t out_pos = 0;
    assert_int_equal(lzma_raw_buffer_decode(filters, NULL, target, &in_pos, size, back,
                                            &out_pos, RUN_TEXT_SIZE),
                     LZMA_OK);
    assert_int_equal(out_pos, RUN_TEXT_SIZE);
    assert_memory_equal(back, run, RUN_TEXT_SIZE);
    free(back);
    return size;
}

/* What goes on at the last distance is not searched, whether anything has been before
   or not, and however it comes; where it is interrupted, what is behind is found. */
static void test_runs(void **state)
{
    (void)state;
    static const struct {
        uint32_t from;
        uint32_t dist;
    } runs[] = {{1, 1},       {1000, 1},      {37, 37},
                {3001, 3001}, {70001, 70001}, {9000, 1000}};
    uint8_t *const run = malloc(RUN_TEXT_SIZE);
    assert_non_null(run);
    for (size_t i = 0; i < ARRAY_COUNT(runs); ++i) {
        fill_going_on(run, runs[i].from, runs[i].dist, i + 1);
        for (uint32_t nice_len = 16; nice_len <= 64; nice_len += 48) {
            const size_t size = encode_run(run, nice_len, SIZE_MAX, out, sizeof(out));
            assert_true(size < runs[i].from + RUN_NOISE - RUN_COPY + RUN_MORE);
            assert_int_equal(encode_run(run, nice_len, 5000, again, sizeof(again)),
                             size);
            assert_memory_equal(again, out, size);
        }
    }
    free(run);
}

/* The first period is compressed as well as if nothing came behind. */
static void test_first_period(void **state)
{
    (void)state;
    const uint32_t period = 20000;
    uint8_t *const run = malloc(RUN_TEXT_SIZE);
    assert_non_null(run);
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 6));
    options.dict_size = 1 << 18;
    fill_text(text, period, 3);
    for (options.nice_len = 16; options.nice_len <= 64; options.nice_len += 48) {
        const size_t once = encode(&options, period, out);
        for (uint32_t i = 0; i < RUN_TEXT_SIZE; ++i)
            run[i] = text[i % period];
        const size_t size =
            encode_run(run, options.nice_len, SIZE_MAX, out, sizeof(out));
        assert_true(size < once + REPS_MORE);
    }
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cpus_agree),
        cmocka_unit_test(test_cpus_agree_inside),
        cmocka_unit_test(test_cpus_agree_behind_two),
        cmocka_unit_test(test_nodes_are_reached),
        cmocka_unit_test(test_lone_literals),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_first_period),
        cmocka_unit_test(test_numbers_wrap),
        cmocka_unit_test(test_detours),
        cmocka_unit_test(test_statements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
