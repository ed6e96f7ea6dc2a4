// SPDX-License-Identifier: 0BSD
// Which finder serves depends on the text and its flush points, not on the pieces that
// the text came in; and its data can be decoded when it changes in between.

#include "lzma/enc_finder.h"
#include "match/little.h"
#include "support/support.h"

#define TEXT_SIZE 700000
#define OUT_SIZE  (TEXT_SIZE + 100000)

static uint8_t text[TEXT_SIZE];
static uint8_t back[TEXT_SIZE];

/* ---- The choice ---- */

static enum xz_enc_finder_kind chosen(struct xz_enc_finder *e, struct xz_finder *f,
                                      struct xz_window *w, uint32_t size, bool ends,
                                      bool is_flush)
{
    w->pos = w->end;
    w->end += size;
    assert_int_equal(xz_enc_finder_choose(e, f, NULL, w, ends, is_flush), LZMA_OK);
    return e->kind;
}

static void test_choice(void **state)
{
    (void)state;
    const struct xz_finder_setup full = {.mf = LZMA_MF_BT4,
                                         .dict_size = 1U << 20,
                                         .nice_len = 64,
                                         .in_bulk = XZ_BULK_WIDE};
    struct xz_enc_finder e = {0};
    struct xz_finder f = {0};
    struct xz_window w = {
        .buf = text, .capacity = TEXT_SIZE, .capacity_max = TEXT_SIZE};
    assert_int_equal(xz_enc_finder_start(&e, &f, NULL, &full, false), LZMA_OK);
    w.end = XZ_ENC_FLUSHED;
    assert_true(xz_enc_finder_waits(&e, &w));
    w.end = 0;
    assert_int_equal(chosen(&e, &f, &w, 10, true, true), XZ_ENC_FINDER_ROWS);
    assert_int_equal(f.dict_size, 512);
    assert_int_equal(chosen(&e, &f, &w, 1000, true, true), XZ_ENC_FINDER_ROWS);
    assert_int_equal(f.dict_size, 2048);
    assert_int_equal(chosen(&e, &f, &w, XZ_ENC_LITTLE_FLUSH + 1, true, true),
                     XZ_ENC_FINDER_TREE);
    assert_int_equal(chosen(&e, &f, &w, 10, true, true), XZ_ENC_FINDER_TREE);
    assert_int_equal(chosen(&e, &f, &w, 10, true, false), XZ_ENC_FINDER_TREE);
    assert_int_equal(chosen(&e, &f, &w, XZ_ENC_FLUSHED + 1, false, true),
                     XZ_ENC_FINDER_FULL);
    assert_int_equal(f.in_bulk, XZ_BULK_WIDE);
    assert_false(xz_enc_finder_waits(&e, &w));

    assert_int_equal(xz_enc_finder_start(&e, &f, NULL, &full, false), LZMA_OK);
    w.end = 0;
    assert_int_equal(chosen(&e, &f, &w, XZ_LITTLE_MAX, true, false),
                     XZ_ENC_FINDER_LITTLE);
    assert_non_null(f.little);
    assert_int_equal(xz_enc_finder_start(&e, &f, NULL, &full, false), LZMA_OK);
    w.end = 0;
    assert_int_equal(chosen(&e, &f, &w, XZ_LITTLE_MAX + 1, true, false),
                     XZ_ENC_FINDER_FULL);
    assert_null(f.little);

    /* Rows go on behind a flush if little follows, and where nothing is sorted: there
       the fast parser may ask, for one position at a time. */
    assert_int_equal(xz_enc_finder_start(&e, &f, NULL, &full, false), LZMA_OK);
    w.end = 0;
    assert_int_equal(chosen(&e, &f, &w, 10, true, true), XZ_ENC_FINDER_ROWS);
    assert_int_equal(chosen(&e, &f, &w, XZ_ENC_LITTLE, true, false),
                     XZ_ENC_FINDER_ROWS);
    const struct xz_finder_setup narrow = {
        .mf = LZMA_MF_BT4, .dict_size = 4096, .nice_len = 64};
    assert_int_equal(xz_enc_finder_start(&e, &f, NULL, &narrow, false), LZMA_OK);
    w.end = 0;
    assert_int_equal(chosen(&e, &f, &w, 4096, true, false), XZ_ENC_FINDER_ROWS);
    assert_int_equal(xz_enc_finder_start(&e, &f, NULL, &full, true), LZMA_OK);
    assert_int_equal(e.kind, XZ_ENC_FINDER_FULL);
    xz_finder_end(&f, NULL);
}

/* ---- Bytes ---- */

/* Text between flushes, over and over. */
static const size_t small_flushes[] = {3, 700, 40, 2048};
static const size_t rising_flushes[] = {100, 2048, 2049, 30, 60000, 1000, 262144, 5};
static const size_t large_flushes[] = {50, 262145, 9, 40000, 8000};
static const size_t no_flush[] = {TEXT_SIZE};

struct pattern {
    const size_t *sizes;
    size_t count;
    size_t total; // bytes of text
};

static const struct pattern patterns[] = {
    {small_flushes, ARRAY_COUNT(small_flushes), 150000},
    {rising_flushes, ARRAY_COUNT(rising_flushes), TEXT_SIZE},
    {large_flushes, ARRAY_COUNT(large_flushes), TEXT_SIZE},
    {no_flush, 1, XZ_ENC_LITTLE},
    {no_flush, 1, XZ_LITTLE_MAX},
    {no_flush, 1, XZ_LITTLE_MAX + 1},
    {no_flush, 1, XZ_ENC_FLUSHED},
};

/* Gives size bytes in pieces, then the action. */
static void give(lzma_stream *strm, size_t size, size_t piece, lzma_action action)
{
    while (size > piece) {
        strm->avail_in = piece;
        size -= piece;
        while (strm->avail_in > 0)
            assert_int_equal(lzma_code(strm, LZMA_RUN), LZMA_OK);
    }
    strm->avail_in = size;
    lzma_ret ret;
    do {
        ret = lzma_code(strm, action);
    } while (ret == LZMA_OK);
    assert_int_equal(ret, LZMA_STREAM_END);
}

static size_t encode(const lzma_filter *filters, const struct pattern *p, size_t piece,
                     uint8_t *out)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_stream_encoder(&strm, filters, LZMA_CHECK_CRC32), LZMA_OK);
    strm.next_in = text;
    strm.next_out = out;
    strm.avail_out = OUT_SIZE;
    size_t left = p->total;
    for (size_t i = 0; left > 0; i = (i + 1) % p->count) {
        const size_t size = p->sizes[i] < left ? p->sizes[i] : left;
        left -= size;
        give(&strm, size, piece, left > 0 ? LZMA_SYNC_FLUSH : LZMA_FINISH);
    }
    const size_t size = (size_t)strm.total_out;
    lzma_end(&strm);
    return size;
}

static void check_pattern(const lzma_filter *filters, const struct pattern *p)
{
    uint8_t *const a = malloc(OUT_SIZE);
    uint8_t *const b = malloc(OUT_SIZE);
    assert_non_null(a);
    assert_non_null(b);
    const size_t size = encode(filters, p, SIZE_MAX, a);
    assert_int_equal(encode(filters, p, 997, b), size);
    assert_memory_equal(a, b, size);

    uint64_t memlimit = UINT64_MAX;
    size_t in_pos = 0;
    size_t out_pos = 0;
    assert_int_equal(lzma_stream_buffer_decode(&memlimit, 0, NULL, a, &in_pos, size,
                                               back, &out_pos, sizeof(back)),
                     LZMA_OK);
    assert_int_equal(out_pos, p->total);
    assert_memory_equal(back, text, p->total);
    free(a);
    free(b);
}

/* With sanitizers each dictionary with every other pattern. */
static void test_pieces_do_not_matter(void **state)
{
    (void)state;
    static const uint32_t dict_sizes[] = {4096, 100000, 1U << 18, 1U << 20};
    const size_t step = getenv("SANITIZED") != NULL ? 2 : 1;
    data_kinds[0].fill(text, sizeof(text), 7);
    for (size_t i = 0; i < ARRAY_COUNT(dict_sizes); ++i) {
        lzma_options_lzma options;
        assert_false(lzma_lzma_preset(&options, 6));
        options.dict_size = dict_sizes[i];
        const lzma_filter filters[2] = {{LZMA_FILTER_LZMA2, &options},
                                        {LZMA_VLI_UNKNOWN, NULL}};
        for (size_t j = i % step; j < ARRAY_COUNT(patterns); j += step)
            check_pattern(filters, &patterns[j]);
    }
}

/* With a small dictionary: a run so long that where it began has left the window,
   noise, and text behind each. With sanitizers by every third set of options, which has
   each finder, mode, nice_len and depth. */
static void test_long_run(void **state)
{
    (void)state;
    static const lzma_match_finder finders[] = {LZMA_MF_HC3, LZMA_MF_HC4, LZMA_MF_BT2,
                                                LZMA_MF_BT3, LZMA_MF_BT4};
    static const uint32_t depths[] = {4, 60};
    enum { RUN = 700000, TEXT = 60000, NOISE = 300000, SIZE = RUN + NOISE + 3 * TEXT };
    uint8_t *const run = calloc(1, SIZE);
    uint8_t *const out = malloc(SIZE + 4096);
    uint8_t *const again = calloc(1, SIZE);
    assert_true(run != NULL && out != NULL && again != NULL);
    fill_text(run, TEXT, 1);
    fill_text(run + TEXT + RUN, TEXT, 1);
    fill_random(run + 2 * TEXT + RUN, NOISE, 1);
    fill_text(run + 2 * TEXT + RUN + NOISE, TEXT, 1);
    const size_t step = getenv("SANITIZED") != NULL ? 3 : 1;
    for (size_t i = 0; i < 4 * ARRAY_COUNT(finders) * ARRAY_COUNT(depths); i += step) {
        lzma_options_lzma options;
        assert_false(lzma_lzma_preset(&options, 1));
        options.mode = i & 1 ? LZMA_MODE_FAST : LZMA_MODE_NORMAL;
        options.nice_len = i & 2 ? 8 : 130;
        options.dict_size = 4096;
        options.depth = depths[i / 4 % ARRAY_COUNT(depths)];
        options.mf = finders[i / 4 / ARRAY_COUNT(depths)];
        lzma_filter filters[2] = {{LZMA_FILTER_LZMA2, &options},
                                  {LZMA_VLI_UNKNOWN, NULL}};
        uint64_t memlimit = UINT64_MAX;
        size_t out_pos = 0;
        size_t in_pos = 0;
        size_t again_pos = 0;
        assert_int_equal(lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, NULL, run,
                                                   SIZE, out, &out_pos, SIZE + 4096),
                         LZMA_OK);
        assert_int_equal(lzma_stream_buffer_decode(&memlimit, 0, NULL, out, &in_pos,
                                                   out_pos, again, &again_pos, SIZE),
                         LZMA_OK);
        assert_memory_equal(again, run, SIZE);
    }
    free(run);
    free(out);
    free(again);
}

/* Single bytes, each with a flush behind it, for longer than the window. */
static void test_single_bytes(void **state)
{
    (void)state;
    enum { FIRST = 5000, LAST = 60000, SINGLE = 640000, SIZE = FIRST + SINGLE + LAST };
    const size_t out_size = (size_t)16 << 20;
    uint8_t *const data = malloc(SIZE);
    uint8_t *const out = malloc(out_size);
    uint8_t *const again = malloc(SIZE);
    assert_true(data != NULL && out != NULL && again != NULL);
    fill_text(data, SIZE, 3);
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 6));
    options.mode = LZMA_MODE_FAST;
    options.dict_size = 4096;
    const lzma_filter filters[2] = {{LZMA_FILTER_LZMA2, &options},
                                    {LZMA_VLI_UNKNOWN, NULL}};
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_raw_encoder(&strm, filters), LZMA_OK);
    strm.next_in = data;
    strm.next_out = out;
    strm.avail_out = out_size;
    strm.avail_in = FIRST;
    for (size_t i = 0; i <= SINGLE; ++i) {
        assert_int_equal(lzma_code(&strm, LZMA_SYNC_FLUSH), LZMA_STREAM_END);
        strm.avail_in = i < SINGLE ? 1 : LAST;
    }
    assert_int_equal(lzma_code(&strm, LZMA_FINISH), LZMA_STREAM_END);
    size_t in_pos = 0;
    size_t again_pos = 0;
    assert_int_equal(lzma_raw_buffer_decode(filters, NULL, out, &in_pos, strm.total_out,
                                            again, &again_pos, SIZE),
                     LZMA_OK);
    assert_memory_equal(again, data, SIZE);
    lzma_end(&strm);
    free(data);
    free(out);
    free(again);
}

/* ---- Memory ---- */

/* An encoder that is used again with smaller options keeps no more than these need.
   With sanitizers by every third pair of options, which has each of both. */
static void test_smaller_options(void **state)
{
    (void)state;
    struct counter counter;
    counter_init(&counter, -1);
    static const uint32_t before[] = {1, 3, 6, 6 | LZMA_PRESET_EXTREME};
    static const uint32_t after[] = {0, 1, 4, 6};
    uint8_t *const out = malloc(OUT_SIZE);
    assert_non_null(out);
    fill_text(text, sizeof(text), 5);
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = &counter.allocator;
    const size_t step = getenv("SANITIZED") != NULL ? 3 : 1;
    for (size_t i = 0; i < ARRAY_COUNT(before) * ARRAY_COUNT(after); i += step) {
        lzma_options_lzma options;
        const lzma_filter filters[2] = {{LZMA_FILTER_LZMA2, &options},
                                        {LZMA_VLI_UNKNOWN, NULL}};
        assert_false(lzma_lzma_preset(&options, before[i / ARRAY_COUNT(after)]));
        assert_int_equal(lzma_raw_encoder(&strm, filters), LZMA_OK);
        strm.next_in = text;
        strm.avail_in = sizeof(text);
        strm.next_out = out;
        strm.avail_out = OUT_SIZE;
        assert_int_equal(lzma_code(&strm, LZMA_FINISH), LZMA_STREAM_END);

        assert_false(lzma_lzma_preset(&options, after[i % ARRAY_COUNT(after)]));
        options.dict_size = 4096;
        const uint64_t told = lzma_raw_encoder_memusage(filters);
        assert_int_equal(lzma_raw_encoder(&strm, filters), LZMA_OK);
        assert_true(counter.bytes <= told);
        strm.next_in = text;
        strm.avail_in = 5000;
        assert_int_equal(lzma_code(&strm, LZMA_RUN), LZMA_OK);
        assert_true(counter.bytes <= told);
    }
    lzma_end(&strm);
    counter_check(&counter);
    free(out);
}

/* What it has from other options is of no size that tables or windows grow by: if they
   grew from there, there would be more than was told. With sanitizers by every third
   set of options, which has each finder and each dictionary. */
static void test_other_options(void **state)
{
    (void)state;
    static const lzma_match_finder finders[] = {LZMA_MF_HC3, LZMA_MF_HC4, LZMA_MF_BT2,
                                                LZMA_MF_BT4};
    static const uint32_t dict_sizes[] = {100000, 300000, 500000};
    struct counter counter;
    counter_init(&counter, -1);
    uint8_t *const out = malloc(OUT_SIZE);
    assert_non_null(out);
    fill_text(text, sizeof(text), 8);
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = &counter.allocator;
    const size_t step = getenv("SANITIZED") != NULL ? 3 : 1;
    for (size_t i = 0; i < ARRAY_COUNT(finders) * ARRAY_COUNT(dict_sizes); i += step) {
        lzma_options_lzma options;
        const lzma_filter filters[2] = {{LZMA_FILTER_LZMA2, &options},
                                        {LZMA_VLI_UNKNOWN, NULL}};
        assert_false(lzma_lzma_preset(&options, 6));
        options.mf = finders[i % ARRAY_COUNT(finders)];
        options.depth = 80; // chains are not rows
        static const uint32_t sizes[] = {70000, TEXT_SIZE};
        for (size_t k = 0; k < ARRAY_COUNT(sizes); ++k) {
            options.dict_size = k == 0 ? 70000 : dict_sizes[i / ARRAY_COUNT(finders)];
            assert_int_equal(lzma_raw_encoder(&strm, filters), LZMA_OK);
            counter.peak = counter.bytes;
            strm.next_in = text;
            strm.avail_in = sizes[k];
            strm.next_out = out;
            strm.avail_out = OUT_SIZE;
            assert_int_equal(lzma_code(&strm, LZMA_FINISH), LZMA_STREAM_END);
            assert_in_range(counter.peak, 1, lzma_raw_encoder_memusage(filters));
        }
    }
    lzma_end(&strm);
    counter_check(&counter);
    free(out);
}

/* A little text that was seen in a preset dictionary becomes nearly nothing. */
static void test_preset_dictionary(void **state)
{
    (void)state;
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 6));
    data_kinds[0].fill(text, sizeof(text), 7);
    options.preset_dict = text;
    options.preset_dict_size = 300000;
    const lzma_filter filters[2] = {{LZMA_FILTER_LZMA2, &options},
                                    {LZMA_VLI_UNKNOWN, NULL}};
    uint8_t out[2048];
    size_t out_pos = 0;
    assert_int_equal(lzma_raw_buffer_encode(filters, NULL, text + 1000, 500, out,
                                            &out_pos, sizeof(out)),
                     LZMA_OK);
    assert_in_range(out_pos, 1, 40);
    size_t in_pos = 0;
    size_t back_pos = 0;
    assert_int_equal(lzma_raw_buffer_decode(filters, NULL, out, &in_pos, out_pos, back,
                                            &back_pos, sizeof(back)),
                     LZMA_OK);
    assert_int_equal(back_pos, 500);
    assert_memory_equal(back, text + 1000, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choice),
        cmocka_unit_test(test_pieces_do_not_matter),
        cmocka_unit_test(test_long_run),
        cmocka_unit_test(test_single_bytes),
        cmocka_unit_test(test_smaller_options),
        cmocka_unit_test(test_other_options),
        cmocka_unit_test(test_preset_dictionary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
