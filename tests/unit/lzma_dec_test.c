// SPDX-License-Identifier: 0BSD
// The LZMA1 and LZMA2 decoders on streams made symbol by symbol.

#include "base/alloc.h"
#include "lzma/decode_loop.h"
#include "lzma/lzma_dec.h"
#include "unit/lzma_maker.h"

static struct maker maker;

struct outcome {
    lzma_ret ret;
    size_t in_used;
    size_t out_size;
};

/* How decode() does it. */
enum { PLAINLY = 0, STAYS = 1, TOLD = 2 }; // out_stays; LZMA_FINISH with the last input

/* Decodes in[0 .. in_size) to out, at most in_step and out_step bytes a call, in
   buffers that end at guard pages. */
static struct outcome decode(struct xz_coder *coder, const uint8_t *in, size_t in_size,
                             uint8_t *out, size_t out_size, size_t in_step,
                             size_t out_step, unsigned how)
{
    struct guard source = guard_make(in, in_size);
    struct guard target = guard_make(NULL, out_size);
    struct xz_io io = {source.start,       0,    0, target.start, 0, 0,
                       (how & STAYS) != 0, false};
    lzma_ret ret = LZMA_OK;
    while (ret == LZMA_OK) {
        const size_t before = io.in_pos + io.out_pos;
        const bool all = io.in_size == in_size && io.out_size == out_size;
        io.in_size += in_size - io.in_size < in_step ? in_size - io.in_size : in_step;
        io.out_size +=
            out_size - io.out_size < out_step ? out_size - io.out_size : out_step;
        const bool ends = (how & TOLD) != 0 && io.in_size == in_size;
        ret = coder->ops->code(coder, NULL, &io, ends ? LZMA_FINISH : LZMA_RUN);
        assert_true(io.in_pos <= io.in_size && io.out_pos <= io.out_size);
        if (ret == LZMA_OK && all && before == io.in_pos + io.out_pos)
            ret = LZMA_BUF_ERROR;
    }
    if (io.out_pos > 0)
        memcpy(out, target.start, io.out_pos);
    const struct outcome outcome = {ret, io.in_pos, io.out_pos};
    guard_free(&source);
    guard_free(&target);
    return outcome;
}

static const size_t steps[] = {SIZE_MAX, 1, 2, 7, 22, 100, 5000};

/* The made stream, with `size` and marker rules, must decode in every split. */
static void check_lzma1(uint32_t dict_size, uint64_t size, bool marker)
{
    lzma_options_lzma options = {.dict_size = dict_size};
    options.lc = maker.lc;
    options.lp = maker.lp;
    options.pb = maker.pb;
    const struct xz_lzma1_end end = {size, marker};
    uint8_t *out = malloc(maker.plain_size + 100);
    memcpy(maker.out + maker.out_size, "trailing", 8);
    struct xz_coder *slot = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(steps) * 4; ++i) {
        const size_t in_step = steps[i % ARRAY_COUNT(steps)];
        const bool told = i >= ARRAY_COUNT(steps) * 2;
        const size_t trailing = told ? 0 : 8;
        const size_t out_step = steps[(i * 3 + i / ARRAY_COUNT(steps)) % 7];
        assert_int_equal(xz_lzma1_dec_open(&slot, NULL, &options, &end), LZMA_OK);
        const struct outcome o =
            decode(slot, maker.out, maker.out_size + trailing, out,
                   maker.plain_size + (i % 2 != 0 ? 0 : 100), in_step, out_step,
                   (i % 3 != 0 ? STAYS : PLAINLY) | (told ? TOLD : PLAINLY));
        assert_int_equal(o.ret, LZMA_STREAM_END);
        assert_int_equal(o.in_used, maker.out_size);
        assert_int_equal(o.out_size, maker.plain_size);
        assert_memory_equal(out, maker.plain, maker.plain_size);
    }
    xz_coder_end(&slot, NULL);
    free(out);
}

static void test_all_properties(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (uint32_t lc = 0; lc <= 4; ++lc) {
        for (uint32_t lp = 0; lc + lp <= 4; ++lp) {
            for (uint32_t pb = 0; pb <= 4; ++pb) {
                maker_init(&maker, lc, lp, pb);
                maker_random(&maker, 1500, 4096, &seed);
                const bool marker = pb % 2 != 0;
                if (marker)
                    maker_marker(&maker);
                maker_finish(&maker);
                check_lzma1(4096, marker ? UINT64_MAX : maker.plain_size, false);
                check_lzma1(4096, maker.plain_size, true);
            }
        }
    }
}

static void test_far_matches(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (uint32_t dict_size = 65536; dict_size <= 524288; dict_size *= 2) {
        maker_init(&maker, 3, 0, 2);
        maker_random(&maker, 14000, dict_size, &seed);
        maker_finish(&maker);
        check_lzma1(dict_size, maker.plain_size, false);
    }
}

/* Every distance from 1 to 40 with many lengths: copies that overlap. */
static void test_near_matches(void **state)
{
    (void)state;
    maker_init(&maker, 0, 0, 0);
    for (unsigned i = 0; i < 64; ++i)
        maker_literal(&maker, (uint8_t)(i * 37));
    for (uint32_t dist = 0; dist < 40; ++dist) {
        for (uint32_t len = 2; len <= XZ_LEN_MAX; len += 1 + len / 6) {
            maker_match(&maker, dist, len);
            for (unsigned i = 0; i < 20; ++i)
                maker_literal(&maker, (uint8_t)(len * 11 + i * 5 + dist));
        }
    }
    maker_finish(&maker);
    check_lzma1(4096, maker.plain_size, false);
}

static struct outcome decode_made_by(uint64_t size, bool marker, size_t in_size,
                                     size_t in_step, unsigned how)
{
    lzma_options_lzma options = {.dict_size = 4096};
    const struct xz_lzma1_end end = {size, marker};
    struct xz_coder *slot = NULL;
    uint8_t out[5000];
    assert_int_equal(xz_lzma1_dec_open(&slot, NULL, &options, &end), LZMA_OK);
    const struct outcome o =
        decode(slot, maker.out, in_size, out, sizeof(out), in_step, SIZE_MAX, how);
    assert_memory_equal(out, maker.plain, o.out_size);
    xz_coder_end(&slot, NULL);
    return o;
}

static struct outcome decode_made(uint64_t size, bool marker, size_t in_size)
{
    return decode_made_by(size, marker, in_size, SIZE_MAX, PLAINLY);
}

/* Ten literals, then what the case says. */
static void make_ten(bool marker)
{
    maker_init(&maker, 0, 0, 0);
    for (unsigned i = 0; i < 10; ++i)
        maker_literal(&maker, (uint8_t)(i * 91));
    if (marker)
        maker_marker(&maker);
    maker_finish(&maker);
}

static void test_ends(void **state)
{
    (void)state;
    static const struct {
        bool made;     // the stream has a marker
        uint64_t size; // what the decoder is told
        bool allowed;
        lzma_ret ret;
    } cases[] = {
        {false, 10, false, LZMA_STREAM_END},        {false, 10, true, LZMA_STREAM_END},
        {true, 10, false, LZMA_DATA_ERROR},         {true, 10, true, LZMA_STREAM_END},
        {true, 9, true, LZMA_DATA_ERROR},           {true, 11, true, LZMA_DATA_ERROR},
        {true, UINT64_MAX, false, LZMA_STREAM_END}, {false, 9, false, LZMA_DATA_ERROR},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); ++i) {
        make_ten(cases[i].made);
        const struct outcome o =
            decode_made(cases[i].size, cases[i].allowed, maker.out_size);
        assert_int_equal(o.ret, cases[i].ret);
    }
}

/* Whatever is cut off, all symbols that are complete come out, and more never hurts. */
static void test_truncation(void **state)
{
    (void)state;
    uint64_t seed = 3;
    maker_init(&maker, 0, 0, 0);
    maker_random(&maker, 350, 4096, &seed);
    maker_finish(&maker);
    assert_in_range(maker.plain_size, 400, 5000);
    size_t last = 0;
    for (size_t cut = 0; cut < maker.out_size; ++cut) {
        const struct outcome o = decode_made(maker.plain_size, false, cut);
        assert_int_equal(o.ret, LZMA_BUF_ERROR);
        assert_int_equal(o.in_used, cut);
        assert_true(o.out_size >= last);
        last = o.out_size;
    }
    assert_true(last + XZ_LEN_MAX >= maker.plain_size);
}

/* The same where the caller says that no more will come: in one piece, in small ones,
   and where the bytes end in the marker or behind the known size. */
static void test_truncation_told(void **state)
{
    (void)state;
    uint64_t seed = 5;
    maker_init(&maker, 0, 0, 0);
    maker_random(&maker, 350, 4096, &seed);
    maker_marker(&maker);
    maker_finish(&maker);
    for (size_t i = 0; i < ARRAY_COUNT(steps) * 2; ++i) {
        const uint64_t size = i % 2 == 0 ? UINT64_MAX : maker.plain_size;
        for (size_t cut = 0; cut <= maker.out_size; ++cut) {
            const bool whole = cut == maker.out_size;
            const struct outcome want = decode_made(size, true, cut);
            const struct outcome o =
                decode_made_by(size, true, cut, steps[i / 2], TOLD);
            assert_int_equal(o.ret, whole ? LZMA_STREAM_END : LZMA_BUF_ERROR);
            assert_int_equal(o.in_used, cut);
            assert_int_equal(o.out_size, want.out_size);
        }
    }
}

static void test_bad_distances(void **state)
{
    (void)state;
    static const uint32_t dists[] = {10, 11, 4096, 1U << 20, UINT32_MAX - 1};
    for (size_t i = 0; i < ARRAY_COUNT(dists); ++i) {
        maker_init(&maker, 0, 0, 0);
        for (unsigned k = 0; k < 10; ++k)
            maker_literal(&maker, 'a');
        maker_match(&maker, dists[i], 5);
        maker_finish(&maker);
        const struct outcome o = decode_made(UINT64_MAX, false, maker.out_size);
        assert_int_equal(o.ret, LZMA_DATA_ERROR);
        assert_int_equal(o.out_size, 10); // what came before is given out
    }
    /* Nothing to repeat: the start tells it, before a long symbol is complete. */
    for (uint32_t len = 1; len <= 101; len += 50) {
        maker_init(&maker, 0, 0, 0);
        maker_rep(&maker, 0, len);
        maker_finish(&maker);
        for (size_t cut = XZ_RC_START_SIZE; cut <= maker.out_size; ++cut) {
            assert_int_equal(decode_made(UINT64_MAX, false, cut).ret, LZMA_DATA_ERROR);
            assert_int_equal(decode_made_by(UINT64_MAX, false, cut, SIZE_MAX, TOLD).ret,
                             LZMA_DATA_ERROR);
        }
    }
}

static void test_options(void **state)
{
    (void)state;
    const struct xz_lzma1_end end = {UINT64_MAX, false};
    struct xz_coder *slot = NULL;
    lzma_options_lzma options = {.dict_size = 4096, .lc = 3, .lp = 2};
    assert_int_equal(xz_lzma1_dec_open(&slot, NULL, &options, &end),
                     LZMA_OPTIONS_ERROR);
    assert_true(xz_lzma1_dec_memusage(&options) == UINT64_MAX);
    options.lp = 1;
    options.pb = 5;
    assert_int_equal(xz_lzma1_dec_open(&slot, NULL, &options, &end),
                     LZMA_OPTIONS_ERROR);
    options.pb = 0;
    assert_in_range(xz_lzma1_dec_memusage(&options), 4096, 65536);
    maker_init(&maker, 0, 0, 0);
    maker.out[0] = 1; // the first byte must be 0
    maker_finish(&maker);
    assert_int_equal(decode_made(0, false, maker.out_size).ret, LZMA_DATA_ERROR);
    xz_coder_end(&slot, NULL);
}

/* Puts an LZMA2 chunk with the made symbols since plain position from at pos. */
static size_t put_chunk(uint8_t *pos, uint32_t control, size_t from)
{
    maker_finish(&maker);
    const size_t plain = maker.plain_size - from - 1;
    const size_t packed = maker.out_size - 1;
    size_t size = 0;
    pos[size++] = (uint8_t)(control + (plain >> 16));
    pos[size++] = (uint8_t)(plain >> 8);
    pos[size++] = (uint8_t)plain;
    pos[size++] = (uint8_t)(packed >> 8);
    pos[size++] = (uint8_t)packed;
    if (control >= 0xC0)
        pos[size++] = (uint8_t)((maker.pb * 5 + maker.lp) * 9 + maker.lc);
    memcpy(pos + size, maker.out, maker.out_size);
    size += maker.out_size;
    maker_start(&maker);
    return size;
}

static size_t put_stored(uint8_t *pos, uint32_t control, size_t count)
{
    pos[0] = (uint8_t)control;
    pos[1] = (uint8_t)((count - 1) >> 8);
    pos[2] = (uint8_t)(count - 1);
    fill_random(pos + 3, count, control);
    memcpy(maker.plain + maker.plain_size, pos + 3, count);
    maker.plain_size += count;
    return 3 + count;
}

/* The state of a new maker, keeping the plain bytes. */
static void reset_state(void)
{
    maker_fresh((uint16_t *)&maker.probs, sizeof(maker.probs) / sizeof(uint16_t));
    maker.state = 0;
    memset(maker.reps, 0, sizeof(maker.reps));
}

static size_t make_chunks(uint8_t *stream)
{
    uint64_t seed = 17;
    maker_init(&maker, 2, 1, 3);
    maker_random(&maker, 900, 4096, &seed);
    size_t size = put_chunk(stream, 0xE0, 0);
    size_t from = maker.plain_size;
    maker_random(&maker, 500, 4096, &seed);
    size += put_chunk(stream + size, 0x80, from);
    size += put_stored(stream + size, 2, 3000);
    from = maker.plain_size;
    reset_state();
    maker_random(&maker, 700, 4096, &seed);
    size += put_chunk(stream + size, 0xA0, from);
    from = maker.plain_size;
    reset_state();
    maker.lc = 0;
    maker.pb = 0;
    maker_random(&maker, 700, 4096, &seed);
    size += put_chunk(stream + size, 0xC0, from);
    stream[size++] = 0;
    return size;
}

static void test_lzma2(void **state)
{
    (void)state;
    uint8_t *stream = malloc(MAKER_ROOM);
    const size_t size = make_chunks(stream);
    uint8_t *out = malloc(maker.plain_size);
    lzma_options_lzma options = {.dict_size = 4096};
    struct xz_coder *slot = NULL;
    stream[size] = 'x';
    for (size_t i = 0; i < 49; ++i) {
        assert_int_equal(xz_lzma2_dec_open(&slot, NULL, &options), LZMA_OK);
        const struct outcome o =
            decode(slot, stream, size + 1, out, maker.plain_size, steps[i % 7],
                   steps[i / 7], i % 2 != 0 ? STAYS : PLAINLY);
        assert_int_equal(o.ret, LZMA_STREAM_END);
        assert_int_equal(o.in_used, size);
        assert_int_equal(o.out_size, maker.plain_size);
        assert_memory_equal(out, maker.plain, maker.plain_size);
    }
    xz_coder_end(&slot, NULL);
    free(stream);
    free(out);
}

/* One call of code() with input up to in_size and room up to out_size; returns what it
   said. */
static lzma_ret call(struct xz_coder *coder, struct xz_io *io, size_t in_size,
                     size_t out_size)
{
    io->in_size = in_size;
    io->out_size = out_size;
    const lzma_ret ret = coder->ops->code(coder, NULL, io, LZMA_RUN);
    assert_true(io->in_pos <= in_size && io->out_pos <= out_size);
    return ret;
}

/* Input cut in two at every byte, the parts in memory that ends at a guard page, and
   output given a byte at a time: the same as the whole. */
static void test_every_cut(void **state)
{
    (void)state;
    uint8_t *stream = malloc(MAKER_ROOM);
    uint64_t seed = 31;
    maker_init(&maker, 1, 2, 2);
    maker_random(&maker, 350, 4096, &seed);
    size_t size = put_chunk(stream, 0xE0, 0);
    size += put_stored(stream + size, 2, 40);
    const size_t from = maker.plain_size;
    reset_state();
    maker_random(&maker, 350, 4096, &seed);
    size += put_chunk(stream + size, 0xA0, from);
    stream[size++] = 0;
    const lzma_options_lzma options = {.dict_size = 4096};
    struct guard target = guard_make(NULL, maker.plain_size);
    struct xz_coder *slot = NULL;
    for (size_t cut = 0; cut <= size; ++cut) {
        struct guard parts[2] = {guard_make(stream, cut), guard_make(stream, size)};
        struct xz_io io = {.out = target.start, .out_stays = cut % 2 != 0};
        lzma_ret ret = LZMA_OK;
        assert_int_equal(xz_lzma2_dec_open(&slot, NULL, &options), LZMA_OK);
        for (unsigned part = 0; part < 2; ++part) {
            const size_t in_end = part == 0 ? cut : size;
            io.in = parts[part].start;
            for (size_t out_end = io.out_pos; ret == LZMA_OK; ++out_end) {
                ret = call(slot, &io, in_end, out_end);
                if (io.out_pos < out_end || out_end == maker.plain_size)
                    break;
            }
        }
        assert_int_equal(ret, LZMA_STREAM_END);
        assert_int_equal(io.in_pos, size);
        assert_int_equal(io.out_pos, maker.plain_size);
        assert_memory_equal(target.start, maker.plain, maker.plain_size);
        guard_free(&parts[0]);
        guard_free(&parts[1]);
    }
    xz_coder_end(&slot, NULL);
    guard_free(&target);
    free(stream);
}

/* Damage of a stream of two chunks and what it leads to. */
static void test_lzma2_damage(void **state)
{
    (void)state;
    static const struct {
        size_t pos; // of the byte that is changed
        int add;
        bool second; // counted from the second chunk
    } cases[] = {
        {0, -0x20, false}, // no dictionary reset at the start
        {0, -0x60, false}, {0, -0xE0 + 2, false}, {0, -0xE0 + 3, false},
        {1, 1, false}, // sizes
        {1, -1, false},    {2, 1, false},         {2, -1, false},
        {4, 1, false},     {4, -1, false},        {5, 1, false}, // other lc
        {5, 225, false},                                         // pb out of range
        {6, 1, false},    // first byte of the range coder
        {0, -0x7D, true}, // 03
        {2, 1, true},      {2, -1, true},         {4, 1, true},
        {4, -1, true},     {5, 1, true}, // first byte of the range coder
    };
    uint64_t seed = 23;
    uint8_t *stream = malloc(MAKER_ROOM);
    maker_init(&maker, 3, 0, 2);
    maker_random(&maker, 900, 4096, &seed);
    const size_t first = put_chunk(stream, 0xE0, 0);
    const size_t from = maker.plain_size;
    maker_random(&maker, 500, 4096, &seed);
    size_t size = first + put_chunk(stream + first, 0x80, from);
    stream[size++] = 0;
    uint8_t *out = malloc(maker.plain_size + 1000);
    lzma_options_lzma options = {.dict_size = 4096};
    struct xz_coder *slot = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(cases); ++i) {
        uint8_t *const byte = stream + cases[i].pos + (cases[i].second ? first : 0);
        *byte = (uint8_t)(*byte + cases[i].add);
        assert_int_equal(xz_lzma2_dec_open(&slot, NULL, &options), LZMA_OK);
        const struct outcome o =
            decode(slot, stream, size, out, maker.plain_size + 1000, SIZE_MAX, SIZE_MAX,
                   i % 2 != 0 ? STAYS : PLAINLY);
        assert_int_equal(o.ret, LZMA_DATA_ERROR);
        if (cases[i].second) {
            assert_true(o.out_size >= from);
            assert_memory_equal(out, maker.plain, from);
        }
        /* Once failed, always failed. */
        struct xz_io io = {NULL, 0, 0, NULL, 0, 0, i % 2 != 0, false};
        assert_int_equal(slot->ops->code(slot, NULL, &io, LZMA_RUN), LZMA_DATA_ERROR);
        *byte = (uint8_t)(*byte - cases[i].add);
    }
    xz_coder_end(&slot, NULL);
    free(stream);
    free(out);
}

/* Runs the loop on the made stream; fills *ret_probs and out. */
static struct xz_loop run_loop(bool x86, struct xz_symbol_probs *ret_probs,
                               uint8_t *out)
{
    maker_fresh((uint16_t *)ret_probs, sizeof(*ret_probs) / sizeof(uint16_t));
    struct xz_loop s = {
        .rc = {UINT32_MAX, xz_read32be(maker.out + 1), maker.out + XZ_RC_START_SIZE},
        .out = out,
        .probs = ret_probs,
        .dict = out,
        .reach = MAKER_ROOM,
        .pos_offset = 0 - (uint32_t)(uintptr_t)out,
        .pos_mask = (1U << maker.pb) - 1,
        .literal_mask = (0x100U << maker.lp) - (0x100U >> maker.lc),
        .lc = maker.lc,
    };
    const uint8_t *const limit = out + maker.plain_size;
    const struct xz_loop_bounds end = {maker.out + maker.out_size, limit, limit};
    if (x86)
        xz_loop_run(&s, &end, true);
    else
        xz_loop_run(&s, &end, false);
    return s;
}

/* The loop with and without instructions of its own must do the same to everything. */
static void test_loop_forms(void **state)
{
    (void)state;
    uint64_t seed = 29;
    uint8_t *out[2] = {malloc(MAKER_ROOM), malloc(MAKER_ROOM)};
    struct xz_symbol_probs *probs = malloc(2 * sizeof(*probs));
    for (uint32_t i = 0; i < 30; ++i) {
        maker_init(&maker, i % 5, (4 - i % 5) * (i % 2), i % 4);
        maker_random(&maker, 5000, MAKER_ROOM, &seed);
        maker_finish(&maker);
        struct xz_loop s[2];
        for (unsigned k = 0; k < 2; ++k)
            s[k] = run_loop(k == 0 ? false : XZ_RD_X86, &probs[k], out[k]);
        assert_int_equal(s[0].out - out[0], maker.plain_size);
        assert_int_equal(s[1].out - out[1], maker.plain_size);
        assert_memory_equal(out[0], maker.plain, maker.plain_size);
        assert_memory_equal(out[1], maker.plain, maker.plain_size);
        assert_memory_equal(&probs[0], &probs[1], sizeof(probs[0]));
        assert_int_equal(s[0].rc.range, s[1].rc.range);
        assert_int_equal(s[0].rc.code, s[1].rc.code);
        assert_ptr_equal(s[0].rc.in, s[1].rc.in);
        assert_int_equal(s[0].state, s[1].state);
        assert_int_equal(s[0].rep0, s[1].rep0);
    }
    free(probs);
    free(out[0]);
    free(out[1]);
}

/* Direct bits in both forms, for a range and a code as the input may make them. */
static void check_direct(uint32_t range, uint32_t code, const uint8_t *in,
                         unsigned count)
{
    struct xz_range_dec rc[2] = {{range, code, in}, {range, code, in}};
    uint32_t value[2];
    value[0] = xz_rd_direct(&rc[0], 2, count, false);
    value[1] = xz_rd_direct(&rc[1], 2, count, XZ_RD_X86);
    assert_int_equal(value[0], value[1]);
    assert_int_equal(rc[0].range, rc[1].range);
    assert_int_equal(rc[0].code, rc[1].code);
    assert_ptr_equal(rc[0].in, rc[1].in);
}

/* Whether one division gives all of them. */
static bool is_divided(uint32_t range, uint32_t code, const uint8_t *in, unsigned count)
{
    struct xz_range_dec rc = {range, code, in};
    uint32_t value = 2;
    return xz_rd_direct_x86(&rc, &value, count);
}

/* Every count, ranges with all of their low bits set or not, codes at the edges of
   halves; and codes that only damage makes, which are not below the range. */
static void test_direct_forms(void **state)
{
    (void)state;
    uint64_t seed = 37;
    uint32_t usual = 0;
    uint32_t divided = 0;
    for (uint32_t i = 0; i < 100000; ++i) {
        const uint64_t a = random_next(&seed);
        const uint64_t b = random_next(&seed);
        uint8_t in[8];
        memcpy(in, &b, sizeof(in));
        if (i % 5 == 0)
            memset(in, i % 10 == 0 ? 0 : 0xFF, sizeof(in));
        const unsigned count = 1 + i % 26;
        uint32_t range = ((uint32_t)a | UINT32_C(1) << 31) >> (a >> 32) % 15;
        if (i % 7 < 2)
            range = i % 7 == 0 ? range | 0xFF : range & ~UINT32_C(0xFF);
        const uint32_t code = (uint32_t)((a >> 36) * range >> 28);
        check_direct(range, code, in, count);
        if (count <= 12) {
            ++usual;
            divided += is_divided(range, code, in, count);
        }
        const uint32_t step = range >> (1 + b % 12);
        check_direct(range, code / step * step, in, count);
        check_direct(range, code / step * step - 1, in, count);
        check_direct(range, range - 1, in, count);
        check_direct(range, range + (uint32_t)(b >> 60), in, count);
        check_direct(range, (uint32_t)b, in, count);
        check_direct(range, 0, in, count);
    }
    assert_true(!XZ_RD_X86 || divided > usual / 10 * 9);
}

static void test_failing_allocation(void **state)
{
    (void)state;
    lzma_options_lzma options = {.dict_size = 1U << 20};
    const struct xz_lzma1_end end = {300000, false};
    uint64_t seed = 31;
    maker_init(&maker, 0, 0, 0);
    while (maker.plain_size < 300000)
        maker_random(&maker, 1, 1U << 20, &seed);
    maker_finish(&maker);
    for (long left = 0; left < 6; ++left) {
        struct counter counter;
        counter_init(&counter, left);
        struct xz_coder *slot = NULL;
        uint8_t *out = malloc(maker.plain_size);
        lzma_ret ret = xz_lzma1_dec_open(&slot, &counter.allocator, &options, &end);
        if (ret == LZMA_OK) {
            struct xz_io io = {maker.out, 0,      maker.out_size, out,
                               0,         300000, false,          false};
            ret = slot->ops->code(slot, &counter.allocator, &io, LZMA_RUN);
        }
        assert_int_equal(ret != LZMA_MEM_ERROR, left == 5);
        counter.left = -1;
        assert_int_equal(xz_lzma1_dec_open(&slot, &counter.allocator, &options, &end),
                         0);
        struct xz_io io = {maker.out, 0, maker.out_size, out, 0, 300000, false, false};
        slot->ops->code(slot, &counter.allocator, &io, LZMA_RUN);
        assert_memory_equal(out, maker.plain, 300000);
        xz_coder_end(&slot, &counter.allocator);
        counter_check(&counter);
        free(out);
    }
}

/* Decodes LZMA2 data of at most 6 bytes of text; the decoder is new or was used. */
static lzma_ret decode_lzma2(struct xz_coder **slot, struct counter *counter,
                             const uint8_t *data, size_t size, uint8_t *out)
{
    const lzma_options_lzma options = {.dict_size = 1U << 20};
    struct xz_io io = {data, 0, size, out, 0, 6, false, false};
    const lzma_ret ret = xz_lzma2_dec_open(slot, &counter->allocator, &options);
    if (ret != LZMA_OK)
        return ret;
    return (*slot)->ops->code(*slot, &counter->allocator, &io, LZMA_RUN);
}

/* A stored chunk that is the last takes no memory but the coder's. Where another
   follows there must be more; without, the decoder fails, and can be used again. */
static void test_late_allocation(void **state)
{
    (void)state;
    static const uint8_t one[] = "\1\0\2abc";
    static const uint8_t two[] = "\1\0\2abc\2\0\2def";
    struct counter counter;
    struct xz_coder *slot = NULL;
    uint8_t out[6];
    counter_init(&counter, 1);
    assert_int_equal(decode_lzma2(&slot, &counter, one, sizeof(one), out),
                     LZMA_STREAM_END);
    assert_memory_equal(out, "abc", 3);
    assert_int_equal(counter.count, 1);
    assert_int_equal(decode_lzma2(&slot, &counter, two, sizeof(two), out),
                     LZMA_MEM_ERROR);
    struct xz_io io = {two, 0, sizeof(two), out, 0, 6, false, false};
    assert_int_equal(slot->ops->code(slot, &counter.allocator, &io, LZMA_RUN),
                     LZMA_MEM_ERROR);
    counter.left = -1;
    assert_int_equal(decode_lzma2(&slot, &counter, two, sizeof(two), out),
                     LZMA_STREAM_END);
    assert_memory_equal(out, "abcdef", 6);
    assert_int_equal(counter.count, 3);
    xz_coder_end(&slot, &counter.allocator);
    counter_check(&counter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_properties),
        cmocka_unit_test(test_far_matches),
        cmocka_unit_test(test_near_matches),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_truncation_told),
        cmocka_unit_test(test_bad_distances),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_lzma2),
        cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_lzma2_damage),
        cmocka_unit_test(test_loop_forms),
        cmocka_unit_test(test_direct_forms),
        cmocka_unit_test(test_failing_allocation),
        cmocka_unit_test(test_late_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
