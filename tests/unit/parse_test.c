// SPDX-License-Identifier: 0BSD
// The parser by price: its symbols spell the text, every node that it visits has been
// reached by an edge of the same stretch, and it chooses the same on all CPUs.

#include "base/cpu.h"
#include "lzma/enc_pipe.h"
#include "lzma/lzma_enc.h"
#include "lzma/parse_nodes.h"
#include "support/support.h"

#define TEXT_SIZE 60000

static uint8_t text[TEXT_SIZE];
static uint8_t out[1 << 20];
static uint8_t again[1 << 20];

/* What a stretch before has left must not count. */
static void poison(struct xz_optimal *o)
{
    for (uint32_t i = 0; i < XZ_NODES; ++i) {
        if (i < o->nodes)
            assert_true(o->price[i] == XZ_PRICE_INFINITE);
        else
            o->price[i] = 0; // it is cleared before it counts
        o->dist[i] = 2000 + i;
        o->edge[i] = xz_edge(2 + i % 100, i % 9);
    }
}

static void check_symbols(const struct xz_enc_pipe *pipe)
{
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
        pos += symbol.len;
    }
    assert_int_equal(pos - pipe->window.pos, parse->size);
    assert_true(pos <= pipe->window.end);
}

static void check_parser(uint32_t preset, uint32_t size)
{
    struct xz_enc_pipe *const pipe = calloc(1, sizeof(*pipe));
    lzma_options_lzma options;
    assert_non_null(pipe);
    assert_false(lzma_lzma_preset(&options, preset));
    assert_int_equal(xz_enc_pipe_open(pipe, NULL, &options), LZMA_OK);
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
        check_symbols(pipe);
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
            for (size_t j = 0; j < ARRAY_COUNT(presets); ++j)
                check_parser(presets[j], TEXT_SIZE);
        }
    }
    xz_cpu_limit(UINT32_MAX);
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

static void test_cpus_agree(void **state)
{
    (void)state;
    static const uint32_t features[] = {UINT32_MAX, ~(uint32_t)XZ_CPU_AVX512};
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
        xz_cpu_limit(0);
        const size_t wanted = encode(&options, size, out);
        for (size_t k = 0; k < ARRAY_COUNT(features); ++k) {
            xz_cpu_limit(features[k]);
            assert_int_equal(encode(&options, size, again), wanted);
            assert_memory_equal(again, out, wanted);
        }
    }
    xz_cpu_limit(UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cpus_agree),
        cmocka_unit_test(test_nodes_are_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
