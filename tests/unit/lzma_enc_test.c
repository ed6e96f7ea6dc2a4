// SPDX-License-Identifier: 0BSD
// LZMA1 and LZMA2 encoders: round trips, pieces, flushes, limits, memory, failures.

#include "lzma/lzma_dec.h"
#include "lzma/lzma_enc.h"
#include "support/support.h"

#define TEXT_SIZE 260000
#define DATA_SIZE (TEXT_SIZE * 2)

static uint8_t text[TEXT_SIZE];
static uint8_t data[DATA_SIZE];
static uint8_t other_data[DATA_SIZE];
static uint8_t back[TEXT_SIZE + 1];

static lzma_options_lzma make_options(uint32_t dict_size, lzma_mode mode,
                                      lzma_match_finder mf)
{
    lzma_options_lzma options;
    memset(&options, 0xEE, sizeof(options)); // reserved members are never read
    options.dict_size = dict_size;
    options.preset_dict = NULL;
    options.preset_dict_size = 0;
    options.lc = LZMA_LC_DEFAULT;
    options.lp = LZMA_LP_DEFAULT;
    options.pb = LZMA_PB_DEFAULT;
    options.mode = mode;
    options.nice_len = 64;
    options.mf = mf;
    options.depth = 0;
    return options;
}

/* How text is given to an encoder: in pieces of up to in_max bytes, with room for up to
   out_max bytes, sizes by a seed; all at once for 0. After each of flushes[0 ..
   flush_count) bytes a flush; where the data was then is written to flush_data. */
struct feed {
    size_t size;
    uint32_t in_max;
    uint32_t out_max;
    uint64_t seed;
    size_t flush_count;
    const size_t *flushes;
    size_t flush_data[8];
};

static size_t feed_size(struct feed *feed, uint32_t max, size_t left)
{
    const size_t size = max == 0 ? left : random_below(&feed->seed, max + 1);
    return size < left ? size : left;
}

/* Runs the encoder over text into out and returns the size of the data. */
static size_t encode(struct xz_coder *coder, const lzma_allocator *allocator,
                     struct feed *feed, uint8_t *out)
{
    struct xz_io io = {.in = text, .out = out};
    for (size_t flush = 0; flush <= feed->flush_count; ++flush) {
        const bool is_last = flush == feed->flush_count;
        const size_t end = is_last ? feed->size : feed->flushes[flush];
        lzma_ret ret = LZMA_OK;
        while (ret == LZMA_OK) {
            io.in_size += feed_size(feed, feed->in_max, end - io.in_size);
            io.out_size =
                io.out_pos + feed_size(feed, feed->out_max, DATA_SIZE - io.out_pos);
            const lzma_action action = io.in_size < end ? LZMA_RUN
                                       : is_last        ? LZMA_FINISH
                                                        : LZMA_SYNC_FLUSH;
            ret = xz_coder_pull(coder, allocator, &io, action);
        }
        assert_int_equal(ret, LZMA_STREAM_END);
        assert_int_equal(io.in_pos, end);
        if (!is_last)
            feed->flush_data[flush] = io.out_pos;
    }
    return io.out_pos;
}

static size_t encode_lzma2(const lzma_options_lzma *options, struct feed *feed,
                           uint8_t *out)
{
    struct xz_coder *slot = NULL;
    assert_int_equal(xz_lzma2_enc_open(&slot, NULL, options), LZMA_OK);
    const size_t size = encode(slot, NULL, feed, out);
    xz_coder_end(&slot, NULL);
    return size;
}

/* in is the encoding of the first `size` bytes of text. It has an end if is_whole. */
static void check_decoded(struct xz_coder *slot, const uint8_t *in, size_t in_size,
                          size_t size, bool is_whole)
{
    struct xz_io io = {
        .in = in, .in_size = in_size, .out = back, .out_size = sizeof(back)};
    memset(back, 0x5A, sizeof(back));
    const lzma_ret ret = xz_coder_pull(slot, NULL, &io, LZMA_RUN);
    assert_int_equal(ret, is_whole ? LZMA_STREAM_END : LZMA_OK);
    assert_int_equal(io.in_pos, in_size);
    assert_int_equal(io.out_pos, size);
    assert_memory_equal(back, text, size);
    xz_coder_end(&slot, NULL);
}

static void check_lzma2(const lzma_options_lzma *options, const uint8_t *in,
                        size_t in_size, size_t size, bool is_whole)
{
    struct xz_coder *slot = NULL;
    assert_int_equal(xz_lzma2_dec_open(&slot, NULL, options), LZMA_OK);
    check_decoded(slot, in, in_size, size, is_whole);
}

static void check_lzma1(const lzma_options_lzma *options, const uint8_t *in,
                        size_t in_size, size_t size, bool has_marker)
{
    const struct xz_lzma1_end end = {
        .uncompressed_size = has_marker ? UINT64_MAX : size,
        .marker_allowed = has_marker,
    };
    struct xz_coder *slot = NULL;
    assert_int_equal(xz_lzma1_dec_open(&slot, NULL, options, &end), LZMA_OK);
    check_decoded(slot, in, in_size, size, true);
}

static const struct {
    lzma_mode mode;
    lzma_match_finder mf;
} finders[] = {
    {LZMA_MODE_FAST, LZMA_MF_HC3},   {LZMA_MODE_FAST, LZMA_MF_HC4},
    {LZMA_MODE_FAST, LZMA_MF_BT2},   {LZMA_MODE_FAST, LZMA_MF_BT4},
    {LZMA_MODE_NORMAL, LZMA_MF_HC4}, {LZMA_MODE_NORMAL, LZMA_MF_BT2},
    {LZMA_MODE_NORMAL, LZMA_MF_BT3}, {LZMA_MODE_NORMAL, LZMA_MF_BT4},
};

/* Every mode and finder, all kinds of text, small dictionaries and limits. */
static void test_round_trips(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (size_t i = 0; i < ARRAY_COUNT(finders); ++i) {
        for (size_t kind = 0; kind < DATA_KIND_COUNT; ++kind) {
            lzma_options_lzma options = make_options(4096 << random_below(&seed, 8),
                                                     finders[i].mode, finders[i].mf);
            options.lc = random_below(&seed, 5);
            options.lp = random_below(&seed, 5 - options.lc);
            options.pb = random_below(&seed, 5);
            options.nice_len = 2 + random_below(&seed, 272);
            options.depth = random_below(&seed, 3) * 30;
            struct feed feed = {.size = 1 + random_below(&seed, 100000)};
            data_kinds[kind].fill(text, feed.size, 50 + i);
            size_t size = encode_lzma2(&options, &feed, data);
            check_lzma2(&options, data, size, feed.size, true);

            const struct xz_lzma1_finish finish = {.marker = i % 2 == 0,
                                                   .out_limit = UINT64_MAX};
            struct xz_coder *slot = NULL;
            assert_int_equal(xz_lzma1_enc_open(&slot, NULL, &options, &finish),
                             LZMA_OK);
            size = encode(slot, NULL, &feed, data);
            assert_int_equal(xz_lzma1_enc_consumed(slot), feed.size);
            xz_coder_end(&slot, NULL);
            check_lzma1(&options, data, size, feed.size, finish.marker);
        }
    }
}

static void test_empty_and_tiny(void **state)
{
    (void)state;
    const lzma_options_lzma options =
        make_options(1 << 16, LZMA_MODE_NORMAL, LZMA_MF_BT4);
    memcpy(text, "aaaaaaaa", 8);
    for (size_t size = 0; size <= 8; ++size) {
        struct feed feed = {.size = size};
        const size_t data_size = encode_lzma2(&options, &feed, data);
        check_lzma2(&options, data, data_size, size, true);
        if (size == 0)
            assert_int_equal(data_size, 1);
    }
}

/* What comes out does not depend on the pieces, but on text, options and flushes. */
static void test_pieces(void **state)
{
    (void)state;
    static const size_t flushes[] = {0, 1, 5000, 5001, 150000, 150000, 250000};
    for (size_t i = 0; i < ARRAY_COUNT(finders); ++i) {
        const lzma_options_lzma options =
            make_options(1 << 17, finders[i].mode, finders[i].mf);
        fill_text(text, TEXT_SIZE, i);
        fill_random(text + 160000, 70000, i);
        for (size_t count = 0; count <= ARRAY_COUNT(flushes); count += 7) {
            struct feed whole = {
                .size = TEXT_SIZE, .flush_count = count, .flushes = flushes};
            const size_t size = encode_lzma2(&options, &whole, data);
            struct feed pieces = whole;
            pieces.in_max = 3000;
            pieces.out_max = 2000;
            pieces.seed = i + 1;
            assert_int_equal(encode_lzma2(&options, &pieces, other_data), size);
            assert_memory_equal(data, other_data, size);
            assert_memory_equal(whole.flush_data, pieces.flush_data,
                                count * sizeof(size_t));
        }
    }
}

/* After a flush all text given so far can be decoded. */
static void test_flushes(void **state)
{
    (void)state;
    static const size_t flushes[] = {1, 2, 300, 90000, 90001, 90100, 200000};
    const size_t count = ARRAY_COUNT(flushes);
    fill_text(text, TEXT_SIZE, 77);
    for (size_t i = 0; i < ARRAY_COUNT(finders); ++i) {
        const lzma_options_lzma options =
            make_options(1 << 16, finders[i].mode, finders[i].mf);
        struct feed feed = {
            .size = TEXT_SIZE, .flush_count = count, .flushes = flushes};
        const size_t size = encode_lzma2(&options, &feed, data);
        for (size_t j = 0; j < count; ++j)
            check_lzma2(&options, data, feed.flush_data[j], flushes[j], false);
        check_lzma2(&options, data, size, TEXT_SIZE, true);
    }
}

/* Text that cannot be compressed grows by 3 bytes for 64 KiB and one. */
static void test_incompressible(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(finders); ++i) {
        const lzma_options_lzma options =
            make_options(4096, finders[i].mode, finders[i].mf);
        for (size_t size = 1; size <= TEXT_SIZE; size = size * 3 + 1) {
            fill_random(text, size, 5 + size);
            struct feed feed = {.size = size};
            const size_t data_size = encode_lzma2(&options, &feed, data);
            assert_int_equal(data_size, size + 3 * ((size + 65535) / 65536) + 1);
            check_lzma2(&options, data, data_size, size, true);
        }
    }
}

static void test_preset_dict(void **state)
{
    (void)state;
    static uint8_t dict[50000];
    fill_text(text, 30000, 3);
    memcpy(dict + 20000, text, 30000);
    for (size_t i = 0; i < ARRAY_COUNT(finders); ++i) {
        for (uint32_t dict_size = 4096; dict_size <= 1 << 16; dict_size <<= 4) {
            lzma_options_lzma options =
                make_options(dict_size, finders[i].mode, finders[i].mf);
            struct feed feed = {.size = 30000};
            const size_t without = encode_lzma2(&options, &feed, data);
            options.preset_dict = dict;
            options.preset_dict_size = sizeof(dict) - 1; // an odd position
            const size_t with = encode_lzma2(&options, &feed, data);
            check_lzma2(&options, data, with, feed.size, true);
            if (dict_size >= sizeof(dict))
                assert_true(with * 4 < without);
        }
    }
}

/* Other lc, lp, pb after a flush. */
static void test_update(void **state)
{
    (void)state;
    lzma_options_lzma options = make_options(1 << 16, LZMA_MODE_NORMAL, LZMA_MF_BT4);
    lzma_filter filters[] = {{.id = LZMA_FILTER_LZMA2, .options = &options},
                             {.id = LZMA_VLI_UNKNOWN}};
    fill_text(text, 60000, 8);
    struct xz_coder *slot = NULL;
    assert_int_equal(xz_lzma2_enc_open(&slot, NULL, &options), LZMA_OK);
    struct xz_io io = {.in = text, .out = data, .out_size = DATA_SIZE};
    uint64_t seed = 4;
    for (io.in_size = 10000; io.in_size < 60000; io.in_size += 10000) {
        assert_int_equal(xz_coder_pull(slot, NULL, &io, LZMA_SYNC_FLUSH),
                         LZMA_STREAM_END);
        options.lc = random_below(&seed, 5);
        options.lp = 4 - options.lc;
        options.pb = random_below(&seed, 5);
        assert_int_equal(slot->ops->update(slot, NULL, filters), LZMA_OK);
    }
    options.lc = 5;
    assert_int_equal(slot->ops->update(slot, NULL, filters), LZMA_OPTIONS_ERROR);
    options.lc = 0;
    assert_int_equal(xz_coder_pull(slot, NULL, &io, LZMA_RUN), LZMA_OK);
    assert_int_equal(slot->ops->update(slot, NULL, filters), LZMA_PROG_ERROR);
    assert_int_equal(xz_coder_pull(slot, NULL, &io, LZMA_FINISH), LZMA_STREAM_END);
    xz_coder_end(&slot, NULL);
    check_lzma2(&options, data, io.out_pos, 60000, true);
}

/* As much of `size` bytes of text as fits into the limit. */
static void check_out_limit(const lzma_options_lzma *options, size_t size, size_t limit)
{
    const struct xz_lzma1_finish finish = {.marker = false, .out_limit = limit};
    struct xz_coder *slot = NULL;
    assert_int_equal(xz_lzma1_enc_open(&slot, NULL, options, &finish), LZMA_OK);
    struct xz_io io = {.in = text, .in_size = size, .out = data, .out_size = limit};
    assert_int_equal(xz_coder_pull(slot, NULL, &io, LZMA_FINISH), LZMA_STREAM_END);
    const size_t consumed = (size_t)xz_lzma1_enc_consumed(slot);
    xz_coder_end(&slot, NULL);
    assert_true(consumed == size || io.out_pos + 12 > limit);
    check_lzma1(options, data, io.out_pos, consumed, false);
}

/* As much text as fits, whatever the limit. */
static void test_out_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(finders); i += 3) {
        const lzma_options_lzma options =
            make_options(1 << 16, finders[i].mode, finders[i].mf);
        data_kinds[i % DATA_KIND_COUNT].fill(text, TEXT_SIZE, 6);
        for (size_t limit = 5; limit < 150000; limit += 1 + limit / 7)
            check_out_limit(&options, TEXT_SIZE, limit);
    }
}

/* A symbol that does not fit had carried into a row of 0xFF, which is taken back. */
static void test_out_limit_carry(void **state)
{
    (void)state;
    const lzma_options_lzma options = make_options(4096, LZMA_MODE_FAST, LZMA_MF_HC3);
    for (uint64_t seed = 0; seed < 30; ++seed) {
        fill_random(text, 300, seed);
        for (size_t limit = 5; limit < 300; ++limit)
            check_out_limit(&options, 300, limit);
    }
}

static void test_options(void **state)
{
    (void)state;
    const lzma_options_lzma good = make_options(1 << 16, LZMA_MODE_FAST, LZMA_MF_HC4);
    const struct xz_lzma1_finish finish = {.marker = true, .out_limit = UINT64_MAX};
    lzma_options_lzma bad[12];
    for (size_t i = 0; i < ARRAY_COUNT(bad); ++i)
        bad[i] = good;
    bad[0].dict_size = LZMA_DICT_SIZE_MIN - 1;
    bad[1].dict_size = (UINT32_C(3) << 29) + 1;
    bad[2].lc = 5;
    bad[3].lp = 5;
    bad[4].lp = 2;
    bad[5].pb = 5;
    bad[6].nice_len = 1;
    bad[7].nice_len = 274;
    bad[8].mf = (lzma_match_finder)0x15;
    bad[9].mf = (lzma_match_finder)0x02;
    bad[10].mode = (lzma_mode)0;
    bad[11].mode = (lzma_mode)3;
    struct xz_coder *slot = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(bad); ++i) {
        assert_int_equal(xz_lzma2_enc_open(&slot, NULL, &bad[i]), LZMA_OPTIONS_ERROR);
        assert_int_equal(xz_lzma1_enc_open(&slot, NULL, &bad[i], &finish),
                         LZMA_OPTIONS_ERROR);
        assert_true(xz_lzma2_enc_memusage(&bad[i]) == UINT64_MAX);
        assert_true(xz_lzma1_enc_memusage(&bad[i]) == UINT64_MAX);
    }
    assert_int_equal(xz_lzma2_enc_open(&slot, NULL, NULL), LZMA_PROG_ERROR);
    assert_true(xz_lzma2_enc_memusage(NULL) == UINT64_MAX);

    /* LZMA1 cannot flush. */
    assert_int_equal(xz_lzma1_enc_open(&slot, NULL, &good, &finish), LZMA_OK);
    struct xz_io io = {.in = text, .in_size = 1};
    assert_int_equal(xz_coder_pull(slot, NULL, &io, LZMA_SYNC_FLUSH),
                     LZMA_OPTIONS_ERROR);
    xz_coder_end(&slot, NULL);

    assert_true(xz_mf_is_supported(LZMA_MF_BT2) && !xz_mf_is_supported(0));
    assert_true(xz_mode_is_supported(LZMA_MODE_FAST) && !xz_mode_is_supported(0));
    lzma_options_lzma sized = good;
    assert_true(xz_lzma2_block_size(&sized) == 1 << 20);
    sized.dict_size = 1 << 20;
    assert_true(xz_lzma2_block_size(&sized) == 3 << 20);
    sized.dict_size = UINT32_MAX;
    assert_true(xz_lzma2_block_size(&sized) == UINT64_MAX);
}

/* Never more memory than was told, little for little text, and all of it is reused.
   With sanitizers each finder with every other dictionary. */
static void test_memory(void **state)
{
    (void)state;
    fill_text(text, TEXT_SIZE, 15);
    struct feed feed = {.size = TEXT_SIZE};
    const bool is_slow = getenv("SANITIZED") != NULL;
    for (size_t i = 0; i < ARRAY_COUNT(finders); ++i) {
        const uint32_t first = is_slow && i % 2 == 1 ? 4096 * 8 : 4096;
        for (uint32_t dict_size = first; dict_size <= 64 << 20;
             dict_size *= is_slow ? 64 : 8) {
            const lzma_options_lzma options =
                make_options(dict_size, finders[i].mode, finders[i].mf);
            struct counter counter;
            counter_init(&counter, -1);
            const lzma_allocator *const a = &counter.allocator;
            struct xz_coder *slot = NULL;
            assert_int_equal(xz_lzma2_enc_open(&slot, a, &options), LZMA_OK);
            feed.size = 1000;
            encode(slot, a, &feed, data);
            assert_true(counter.peak < 4000000);
            feed.size = TEXT_SIZE;
            assert_int_equal(xz_lzma2_enc_open(&slot, a, &options), LZMA_OK);
            const size_t size = encode(slot, a, &feed, data);
            const uint64_t told = xz_lzma2_enc_memusage(&options);
            assert_true(counter.peak <= told);
            if (dict_size < TEXT_SIZE / 2)
                assert_true(counter.peak >= told / 10 * 6);

            const long count = counter.count;
            assert_int_equal(xz_lzma2_enc_open(&slot, a, &options), LZMA_OK);
            assert_int_equal(encode(slot, a, &feed, other_data), size);
            assert_memory_equal(data, other_data, size);
            assert_int_equal(counter.count, count);
            xz_coder_end(&slot, a);
            counter_check(&counter);
        }
    }
}

/* Encodes the text, and decodes it; returns most bytes at one time. */
static size_t peak_of(const lzma_options_lzma *options)
{
    struct counter counter;
    counter_init(&counter, -1);
    struct xz_coder *slot = NULL;
    struct feed feed = {.size = TEXT_SIZE};
    assert_int_equal(xz_lzma2_enc_open(&slot, &counter.allocator, options), LZMA_OK);
    const size_t size = encode(slot, &counter.allocator, &feed, data);
    const size_t peak = counter.peak;
    xz_coder_end(&slot, &counter.allocator);
    counter_check(&counter);
    check_lzma2(options, data, size, TEXT_SIZE, true);
    return peak;
}

/* Text of one period is not sorted, as the memory shows; its last bytes may be. */
static void test_periods(void **state)
{
    (void)state;
    const lzma_options_lzma options =
        make_options(1 << 20, LZMA_MODE_NORMAL, LZMA_MF_BT4);
    fill_text(text, TEXT_SIZE, 17);
    const size_t ordinary = peak_of(&options);
    static const uint32_t periods[] = {1, 2, 31, 512};
    for (size_t i = 0; i < ARRAY_COUNT(periods); ++i) {
        fill_random(text, periods[i], i);
        for (size_t at = periods[i]; at < TEXT_SIZE; ++at)
            text[at] = text[at - periods[i]];
        assert_true(peak_of(&options) < ordinary / 4 * 3);
    }
    text[10000] ^= 1; // not one period
    assert_int_equal(peak_of(&options), ordinary);
}

/* Every allocation fails once; after that the same slot works. With sanitizers fast
   with HC4 and BT4, with prices with BT2 to BT4, of which BT3 is in bulk with little
   memory. */
static void test_failing_allocations(void **state)
{
    (void)state;
    fill_text(text, TEXT_SIZE, 16);
    const bool is_slow = getenv("SANITIZED") != NULL;
    for (size_t i = 0; i < ARRAY_COUNT(finders); ++i) {
        if (is_slow && i % 2 == 0 && finders[i].mf != LZMA_MF_BT3)
            continue;
        const lzma_options_lzma options =
            make_options(1 << 20, finders[i].mode, finders[i].mf);
        bool has_failed = true;
        for (long fail_at = 0; has_failed; ++fail_at) {
            struct counter counter;
            counter_init(&counter, fail_at);
            const lzma_allocator *const a = &counter.allocator;
            struct xz_coder *slot = NULL;
            struct xz_io io = {
                .in = text, .in_size = TEXT_SIZE, .out = data, .out_size = DATA_SIZE};
            lzma_ret ret = xz_lzma2_enc_open(&slot, a, &options);
            if (ret == LZMA_OK)
                ret = xz_coder_pull(slot, a, &io, LZMA_FINISH);
            has_failed = ret != LZMA_STREAM_END;
            if (has_failed) {
                assert_int_equal(ret, LZMA_MEM_ERROR);
                counter.left = -1;
                struct feed feed = {.size = TEXT_SIZE};
                assert_int_equal(xz_lzma2_enc_open(&slot, a, &options), LZMA_OK);
                const size_t size = encode(slot, a, &feed, data);
                check_lzma2(&options, data, size, TEXT_SIZE, true);
            }
            xz_coder_end(&slot, a);
            counter_check(&counter);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_empty_and_tiny),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_flushes),
        cmocka_unit_test(test_incompressible),
        cmocka_unit_test(test_preset_dict),
        cmocka_unit_test(test_update),
        cmocka_unit_test(test_out_limit),
        cmocka_unit_test(test_out_limit_carry),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
