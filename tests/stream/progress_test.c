// SPDX-License-Identifier: 0BSD
// lzma_get_progress() tells what is coded, not what was handed over.
//
// Encoders that search in bulk take all the text they can get before they look at it.
// Workers tell after a chunk or some how far they are: that is seen from the inside, as
// it does not depend on when one looks.

#include "lzma/lzma_rules.h"
#include "stream/block_parts_enc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define TEXT_SIZE ((size_t)1 << 20)

static uint8_t text[TEXT_SIZE];
static uint8_t packed[2 * TEXT_SIZE];

/* Numbers in words: compressible, but not by much. */
static int make_text(void **state)
{
    uint32_t n = 1;
    size_t pos = 0;
    (void)state;
    while (pos + 16 < TEXT_SIZE) {
        n = n * 1103515245 + 12345;
        pos += (size_t)sprintf((char *)text + pos, "%u ", n >> 12);
    }
    return 0;
}

/* Takes all text with LZMA_RUN, then makes output in small pieces; the position rises
   from a half at most to all of it. */
static void follow_encoder(lzma_stream *strm)
{
    uint64_t in, out, before = 0;
    size_t steps = 0;
    lzma_ret ret = LZMA_OK;
    strm->next_in = text;
    strm->avail_in = TEXT_SIZE;
    strm->next_out = packed;
    strm->avail_out = sizeof(packed);
    assert_int_equal(lzma_code(strm, LZMA_RUN), LZMA_OK);
    assert_int_equal(strm->avail_in, 0);
    lzma_get_progress(strm, &in, &out);
    assert_true(in <= TEXT_SIZE / 2);
    while (ret == LZMA_OK) {
        strm->avail_out = 4096;
        ret = lzma_code(strm, LZMA_FINISH);
        lzma_get_progress(strm, &in, &out);
        assert_true(in >= before && in <= TEXT_SIZE && out >= strm->total_out);
        steps += in > before;
        before = in;
    }
    assert_int_equal(ret, LZMA_STREAM_END);
    assert_true(steps > 3);
    assert_int_equal(in, TEXT_SIZE);
    assert_int_equal(out, strm->total_out);
    lzma_end(strm);
}

static void test_encoders(void **state)
{
    (void)state;
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 9));
    const lzma_filter filters[] = {{LZMA_FILTER_X86, NULL},
                                   {LZMA_FILTER_LZMA2, &options},
                                   {LZMA_VLI_UNKNOWN, NULL}};
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_easy_encoder(&strm, 9, LZMA_CHECK_CRC64), LZMA_OK);
    follow_encoder(&strm);
    assert_int_equal(lzma_stream_encoder(&strm, filters, LZMA_CHECK_NONE), LZMA_OK);
    follow_encoder(&strm);
    assert_int_equal(lzma_raw_encoder(&strm, filters + 1), LZMA_OK);
    follow_encoder(&strm);
    assert_int_equal(lzma_alone_encoder(&strm, &options), LZMA_OK);
    follow_encoder(&strm);

    lzma_block block = {.check = LZMA_CHECK_CRC32,
                        .compressed_size = LZMA_VLI_UNKNOWN,
                        .uncompressed_size = LZMA_VLI_UNKNOWN,
                        .filters = (lzma_filter *)filters};
    assert_int_equal(lzma_block_header_size(&block), LZMA_OK);
    assert_int_equal(lzma_block_encoder(&strm, &block), LZMA_OK);
    follow_encoder(&strm);
}

/* A preset dictionary is no input, and a second Block follows the first. */
static void test_beginnings(void **state)
{
    (void)state;
    uint64_t in, out;
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 6));
    options.preset_dict = text;
    options.preset_dict_size = 50000;
    const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options},
                                   {LZMA_VLI_UNKNOWN, NULL}};
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_int_equal(lzma_raw_encoder(&strm, filters), LZMA_OK);
    lzma_get_progress(&strm, &in, &out);
    assert_int_equal(in, 0);
    lzma_end(&strm);

    assert_int_equal(lzma_easy_encoder(&strm, 6, LZMA_CHECK_CRC64), LZMA_OK);
    for (size_t i = 1; i <= 3; ++i) {
        strm.next_in = text;
        strm.avail_in = 1000;
        strm.next_out = packed;
        strm.avail_out = sizeof(packed);
        assert_int_equal(lzma_code(&strm, LZMA_FULL_FLUSH), LZMA_STREAM_END);
        lzma_get_progress(&strm, &in, &out);
        assert_int_equal(in, i * 1000);
        assert_int_equal(out, strm.total_out);
    }
    lzma_end(&strm);
}

struct steps {
    size_t count;
    size_t last;
    size_t largest;
};

static bool note_step(void *owner, size_t in_done, size_t out_done)
{
    struct steps *steps = owner;
    (void)out_done;
    assert_true(in_done >= steps->last);
    ++steps->count;
    if (in_done - steps->last > steps->largest)
        steps->largest = in_done - steps->last;
    steps->last = in_done;
    return true;
}

/* A part tells its position after each chunk, however little output there is. */
static void test_parts(void **state)
{
    (void)state;
    const size_t size = 6 * XZ_LZMA2_CHUNK_UNCOMPRESSED_MAX;
    uint8_t *const memory = calloc(1, size + 2 * (size_t)XZ_LZMA2_PART_PAD);
    uint8_t *const out = malloc(size + size / 1000);
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 7));
    const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options},
                                   {LZMA_VLI_UNKNOWN, NULL}};
    assert_true(xz_block_part_most(filters) >= size);

    struct steps steps = {0};
    const struct xz_block_watch watch = {.goes_on = note_step, .owner = &steps};
    const struct xz_lzma2_part part = {
        .text = memory + XZ_LZMA2_PART_PAD, .size = size, .is_last = true};
    struct xz_coder *coder = NULL;
    size_t out_size;
    assert_int_equal(
        xz_block_part_encode(&coder, NULL, filters, &part, out, &watch, &out_size),
        LZMA_OK);
    assert_true(steps.largest <= XZ_LZMA2_CHUNK_UNCOMPRESSED_MAX);
    assert_true(steps.count >= 6);
    assert_int_equal(steps.last, size);
    xz_coder_end(&coder, NULL);
    free(out);
    free(memory);
}

/* Both threaded coders count to the end, with nothing left over. */
static void test_threads(void **state)
{
    (void)state;
    uint64_t in, out;
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_mt mt = {.threads = 2,
                  .preset = 1,
                  .check = LZMA_CHECK_CRC64,
                  .block_size = TEXT_SIZE / 3,
                  .memlimit_threading = UINT64_MAX,
                  .memlimit_stop = UINT64_MAX};
    assert_int_equal(lzma_stream_encoder_mt(&strm, &mt), LZMA_OK);
    strm.next_in = text;
    strm.avail_in = TEXT_SIZE;
    strm.next_out = packed;
    strm.avail_out = sizeof(packed);
    lzma_ret ret;
    while ((ret = lzma_code(&strm, LZMA_FINISH)) == LZMA_OK)
        ;
    assert_int_equal(ret, LZMA_STREAM_END);
    lzma_get_progress(&strm, &in, &out);
    assert_int_equal(in, TEXT_SIZE);
    assert_int_equal(out, strm.total_out);
    const size_t size = (size_t)strm.total_out;

    uint64_t before = 0;
    uint8_t *const again = malloc(TEXT_SIZE);
    assert_int_equal(lzma_stream_decoder_mt(&strm, &mt), LZMA_OK);
    strm.next_in = packed;
    strm.avail_in = size;
    strm.next_out = again;
    do {
        strm.avail_out = 10000;
        ret = lzma_code(&strm, LZMA_FINISH);
        lzma_get_progress(&strm, &in, &out);
        assert_true(in >= before && in <= size);
        assert_true(out >= strm.total_out && out <= TEXT_SIZE);
        before = in;
    } while (ret == LZMA_OK);
    assert_int_equal(ret, LZMA_STREAM_END);
    assert_int_equal(in, size);
    assert_int_equal(out, TEXT_SIZE);
    assert_memory_equal(again, text, TEXT_SIZE);
    free(again);
    lzma_end(&strm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encoders),
        cmocka_unit_test(test_beginnings),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, make_text, NULL);
}
