// SPDX-License-Identifier: 0BSD
// Blocks that the threaded encoder cuts into parts: the same bytes for any number of
// threads, readable, one dictionary for all parts, and no more memory than estimated.

#include "match/finder_table.h"
#include "stream/block_parts_enc.h"
#include "support/support.h"

#define MIB ((size_t)1 << 20)

/* With this dictionary parts are 1.5 MiB. */
#define DICT_SIZE 1048576

struct chain {
    lzma_options_lzma lzma;
    lzma_options_delta delta;
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
};

enum kind { PLAIN, ODD, X86, DELTA_X86, CHAINS };

static void make_chain(struct chain *chain, enum kind kind)
{
    size_t count = 0;
    memset(chain, 0, sizeof(*chain));
    assert_false(lzma_lzma_preset(&chain->lzma, 5));
    chain->lzma.dict_size = DICT_SIZE;
    if (kind == ODD) { // history is cut to what keeps positions aligned
        chain->lzma.dict_size = 777777;
        chain->lzma.lc = 0;
        chain->lzma.lp = 4;
        chain->lzma.pb = 4;
    }
    chain->delta.dist = 4;
    if (kind == DELTA_X86)
        chain->filters[count++] = (lzma_filter){LZMA_FILTER_DELTA, &chain->delta};
    if (kind == X86 || kind == DELTA_X86)
        chain->filters[count++] = (lzma_filter){LZMA_FILTER_X86, NULL};
    chain->filters[count++] = (lzma_filter){LZMA_FILTER_LZMA2, &chain->lzma};
    chain->filters[count].id = LZMA_VLI_UNKNOWN;
}

/* Encodes text to out, which has room for what is stored. */
static size_t encode(const lzma_mt *mt, const lzma_allocator *allocator,
                     const uint8_t *text, size_t size, uint8_t *out)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = allocator;
    assert_int_equal(lzma_stream_encoder_mt(&strm, mt), LZMA_OK);
    strm.next_in = text;
    strm.avail_in = size;
    strm.next_out = out;
    strm.avail_out = size + size / 1000 + 4096;
    lzma_ret ret = LZMA_OK;
    while (ret == LZMA_OK)
        ret = lzma_code(&strm, LZMA_FINISH);
    assert_int_equal(ret, LZMA_STREAM_END);
    const size_t out_size = strm.total_out;
    lzma_end(&strm);
    return out_size;
}

static void assert_decodes(const uint8_t *data, size_t data_size, const uint8_t *text,
                           size_t size)
{
    uint8_t *back = malloc(size);
    uint64_t memlimit = UINT64_MAX;
    size_t in_pos = 0;
    size_t out_pos = 0;
    assert_non_null(back);
    assert_int_equal(lzma_stream_buffer_decode(&memlimit, 0, NULL, data, &in_pos,
                                               data_size, back, &out_pos, size),
                     LZMA_OK);
    assert_int_equal(out_pos, size);
    assert_memory_equal(back, text, size);
    free(back);
}

/* Encodes with 1, 2, 3 and 8 threads, with sanitizers with 1 and 3, compares, decodes;
   returns the size. */
static size_t encode_all_ways(lzma_mt *mt, const uint8_t *text, size_t size)
{
    const size_t room = size + size / 1000 + 4096;
    uint8_t *one = malloc(room);
    uint8_t *many = malloc(room);
    static const uint32_t threads[] = {3, 2, 8};
    const size_t counts = getenv("SANITIZED") != NULL ? 1 : ARRAY_COUNT(threads);
    assert_true(one != NULL && many != NULL);
    mt->threads = 1;
    const size_t one_size = encode(mt, NULL, text, size, one);
    for (size_t i = 0; i < counts; ++i) {
        mt->threads = threads[i];
        assert_int_equal(encode(mt, NULL, text, size, many), one_size);
        assert_memory_equal(many, one, one_size);
    }
    assert_decodes(one, one_size, text, size);
    free(one);
    free(many);
    return one_size;
}

/* As one Block this is two parts, as two Blocks one each. */
static void test_chains(void **state)
{
    (void)state;
    const size_t size = 3 * MIB / 2 + 112345;
    uint8_t *text = malloc(size);
    assert_non_null(text);
    fill_x86(text, size, 1);
    fill_text(text + MIB / 2, MIB / 2, 2);
    fill_random(text + MIB, MIB / 2, 3);
    for (enum kind kind = 0; kind < CHAINS; ++kind) {
        struct chain chain;
        make_chain(&chain, kind);
        lzma_mt mt = {.filters = chain.filters, .check = LZMA_CHECK_SHA256};
        mt.block_size = kind % 2 == 0 ? MIB + 500000 : 8 * MIB;
        (void)encode_all_ways(&mt, text, size);
    }
    free(text);
}

/* A Block's first parts do not depend on how much follows, the others are equal; there
   is one, or an even number. */
static void test_cuts(void **state)
{
    (void)state;
    const uint32_t most = MIB;
    size_t before = 0;
    for (size_t size = 1; size < 12 * MIB; size += 10007) {
        const size_t sure = xz_block_parts_sure(most, size);
        const size_t rest = size - sure * most;
        const size_t equal = xz_block_parts_equal(most, size);
        const size_t count = sure + (rest - 1) / equal + 1;
        assert_true(sure >= before && sure % 2 == 0);
        assert_true(equal > 0 && equal <= most && equal % 65536 == 0);
        assert_true(rest < 3 * most && (sure == 0 || rest >= most));
        assert_true(count % 2 == 0 || size <= most);
        assert_true(count <= xz_block_parts_max(most, size));
        before = sure;
    }
    assert_int_equal(before, 10);
    assert_int_equal(xz_block_parts_sure(most, 3 * most), 2);
    assert_int_equal(xz_block_parts_equal(most, 3 * most), most / 2);
}

/* Two long parts are made four. */
static void test_long_parts(void **state)
{
    (void)state;
    const uint32_t most = 48 * MIB;
    assert_int_equal(xz_block_parts_equal(most, 48 * MIB), most);
    assert_int_equal(xz_block_parts_equal(most, 48 * MIB + 1), 12 * MIB + 65536);
    assert_int_equal(xz_block_parts_equal(most, 78 * MIB), 19 * MIB + MIB / 2);
    assert_int_equal(xz_block_parts_equal(most, 4 * most), most);
    assert_int_equal(xz_block_parts_equal(12 * MIB, 24 * MIB), 12 * MIB);
}

/* Where two parts are made four, they have less history; others have all that they are
   to have. */
static void test_history(void **state)
{
    (void)state;
    const uint32_t dict_size = UINT32_C(64) << 20;
    const uint32_t most = xz_bulk_part_size(dict_size);
    static const uint32_t in_four[] = {49, 60, 78, 96};
    for (size_t i = 0; i < ARRAY_COUNT(in_four); ++i) {
        const uint32_t equal = xz_block_parts_equal(most, in_four[i] * MIB);
        assert_int_equal(xz_bulk_history(XZ_BULK_PART, dict_size, equal), equal);
    }
    static const uint32_t others[] = {48, 97, 120, 145, 150, 192, 200, 250};
    for (size_t i = 0; i < ARRAY_COUNT(others); ++i) {
        const uint32_t equal = xz_block_parts_equal(most, others[i] * MIB);
        assert_int_equal(xz_bulk_history(XZ_BULK_PART, dict_size, equal), 40 * MIB);
    }
}

/* Parts are as long as the dictionary up to 16 MiB, and find what is 3/4 of it before
   their first byte. */
static void test_long_dictionary_parts(void **state)
{
    (void)state;
    for (uint32_t dict_size = 4 * MIB; dict_size <= 16 * MIB; dict_size *= 2) {
        const uint32_t most = xz_bulk_part_size(dict_size);
        assert_int_equal(most, dict_size);
        for (uint32_t size = most / 4 * 3; size <= most; size += most / 4)
            assert_int_equal(xz_bulk_history(XZ_BULK_PART, dict_size, size),
                             dict_size / 4 * 3);
    }
    assert_int_equal(xz_bulk_part_size(32 * MIB), 24 * MIB);
}

/* Parts are encoded while the Block fills: with the same result, and it can be ended at
   any time. */
static void test_pieces(void **state)
{
    (void)state;
    const size_t size = 4 * MIB + 54321;
    const size_t first = 3 * MIB + 200000; // given where it is ended early
    const size_t room = size + size / 1000 + 4096;
    uint8_t *const text = malloc(size);
    uint8_t *const whole = malloc(room);
    uint8_t *const out = malloc(room);
    assert_true(text != NULL && whole != NULL && out != NULL);
    fill_text(text, size, 5);
    struct chain chain;
    make_chain(&chain, PLAIN);
    chain.lzma.dict_size = DICT_SIZE / 2; // with parts of 1 MiB
    lzma_mt mt = {.filters = chain.filters, .block_size = size, .threads = 2};
    mt.check = LZMA_CHECK_SHA256;
    const size_t whole_size = encode(&mt, NULL, text, size, whole);
    mt.block_size = 9 * MIB;
    const size_t part_size = xz_bulk_part_size(chain.lzma.dict_size);
    const uint32_t step = getenv("SANITIZED") != NULL ? 2 : 1;
    for (uint32_t threads = 1; threads <= 3; threads += step) {
        for (size_t given = 0; given <= 1; ++given) {
            lzma_stream strm = LZMA_STREAM_INIT;
            mt.threads = threads;
            assert_int_equal(lzma_stream_encoder_mt(&strm, &mt), LZMA_OK);
            strm.next_in = text;
            strm.next_out = out;
            strm.avail_out = room;
            const size_t until = given == 0 ? first : size;
            while (strm.total_in + 300000 < until) {
                strm.avail_in = 300000;
                assert_int_equal(lzma_code(&strm, LZMA_RUN), LZMA_OK);
            }
            // So many bytes are enough for some parts to be begun.
            assert_true(xz_block_parts_sure(part_size, strm.total_in) > 0);
            if (given == 1) {
                strm.avail_in = size - (size_t)strm.total_in;
                while (lzma_code(&strm, LZMA_FINISH) == LZMA_OK) {
                }
                assert_int_equal(strm.total_out, whole_size);
                assert_memory_equal(out, whole, whole_size);
            }
            lzma_end(&strm);
        }
    }
    assert_decodes(whole, whole_size, text, size);
    free(text);
    free(whole);
    free(out);
}

/* Presets whose matches are looked for in rows, with parts of 12 MiB; with sanitizers
   the one with more candidates. */
static void test_rows(void **state)
{
    (void)state;
    const size_t size = 12 * MIB + 77777;
    uint8_t *text = malloc(size);
    assert_non_null(text);
    fill_text(text, size, 1);
    for (uint32_t preset = getenv("SANITIZED") != NULL ? 3 : 0; preset <= 3;
         preset += 3) {
        lzma_mt mt = {.preset = preset, .block_size = size, .check = LZMA_CHECK_CRC64};
        (void)encode_all_ways(&mt, text, size);
    }
    free(text);
}

/* With small dictionaries a part is sorted in stretches, with the largest of these in
   two; with sanitizers the smallest and the largest. */
static void test_stretches(void **state)
{
    (void)state;
    const size_t size = MIB + 577777;
    uint8_t *const text = malloc(size);
    uint8_t *const out = malloc(size);
    assert_true(text != NULL && out != NULL);
    fill_text(text, size, 1);
    const uint32_t step = getenv("SANITIZED") != NULL ? 2 : 1;
    for (uint32_t preset = 0; preset <= 2; preset += step) {
        struct counter counter;
        lzma_mt mt = {.preset = preset | LZMA_PRESET_EXTREME, .threads = 2};
        mt.block_size = size;
        mt.check = LZMA_CHECK_CRC64;
        (void)encode_all_ways(&mt, text, size);
        mt.block_size = 0;
        mt.threads = 2;
        counter_init(&counter, -1);
        (void)encode(&mt, &counter.allocator, text, size, out);
        assert_in_range(counter.peak, 1, lzma_stream_encoder_mt_memusage(&mt));
        counter_check(&counter);
    }
    free(text);
    free(out);
}

/* What was random once and comes again costs little, across borders of parts too; with
   sanitizers with the least and the greatest of these dictionaries. */
static void test_parts_share_a_dictionary(void **state)
{
    (void)state;
    const size_t period = MIB / 2;
    const size_t size = 8 * period;
    uint8_t *text = malloc(size);
    struct chain chain;
    assert_non_null(text);
    fill_random(text, period, 1);
    for (size_t at = period; at < size; at += period)
        memcpy(text + at, text, period);
    make_chain(&chain, PLAIN);
    lzma_mt mt = {.filters = chain.filters, .block_size = size};
    const uint32_t factor = getenv("SANITIZED") != NULL ? 4 : 2;
    for (; chain.lzma.dict_size <= 4 * DICT_SIZE; chain.lzma.dict_size *= factor)
        assert_in_range(encode_all_ways(&mt, text, size), period, period + period / 50);
    free(text);
}

static void test_noise_is_stored(void **state)
{
    (void)state;
    const size_t size = 3 * MIB + 1;
    uint8_t *text = malloc(size);
    struct chain chain;
    assert_non_null(text);
    fill_random(text, size, 1);
    make_chain(&chain, X86);
    lzma_mt mt = {.filters = chain.filters, .block_size = size};
    assert_in_range(encode_all_ways(&mt, text, size), size, size + size / 10000);
    free(text);
}

/* Noise at its beginning does not keep a part from finding what comes then. */
static void test_noise_then_text(void **state)
{
    (void)state;
    const size_t noise = 17000;
    const size_t size = MIB;
    uint8_t *text = malloc(size);
    uint8_t *out = malloc(2 * size);
    assert_true(text != NULL && out != NULL);
    fill_random(text, noise, 1);
    fill_text(text + noise, size - noise, 2);
    lzma_mt mt = {.preset = 6, .block_size = size, .check = LZMA_CHECK_CRC64};
    size_t alone = 0;
    assert_int_equal(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, text, size, out,
                                             &alone, 2 * size),
                     LZMA_OK);
    assert_in_range(encode_all_ways(&mt, text, size), 1, alone + alone / 500);
    free(text);
    free(out);
}

/* No more than is told; with sanitizers with one thread and three. */
static void test_memory(void **state)
{
    (void)state;
    const size_t size = 5 * MIB / 2;
    uint8_t *text = malloc(size);
    uint8_t *out = malloc(size + size / 1000 + 4096);
    assert_true(text != NULL && out != NULL);
    fill_x86(text, size, 1);
    const uint32_t step = getenv("SANITIZED") != NULL ? 2 : 1;
    for (uint32_t threads = 1; threads <= 3; threads += step) {
        struct counter counter;
        struct chain chain;
        make_chain(&chain, X86);
        chain.lzma.dict_size = DICT_SIZE / 2; // with Blocks of two parts
        lzma_mt mt = {.filters = chain.filters, .block_size = MIB + 200000};
        mt.threads = threads;
        counter_init(&counter, -1);
        const size_t out_size = encode(&mt, &counter.allocator, text, size, out);
        assert_in_range(counter.peak, 1, lzma_stream_encoder_mt_memusage(&mt));
        counter_check(&counter);
        assert_decodes(out, out_size, text, size);
    }
    free(text);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chains),
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_long_parts),
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_long_dictionary_parts),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_stretches),
        cmocka_unit_test(test_parts_share_a_dictionary),
        cmocka_unit_test(test_noise_is_stored),
        cmocka_unit_test(test_noise_then_text),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
