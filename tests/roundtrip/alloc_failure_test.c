// SPDX-License-Identifier: 0BSD
// Lets every n-th allocation fail in every coder of an lzma_stream.
//
// A case runs with allocation 1 failing, then 2, and so on until none fails. Each run
// must end in LZMA_MEM_ERROR without a leak, and the same lzma_stream must then do the
// whole work when memory is there again.
//
// A coder that is opened a second time in an lzma_stream keeps what it has. So each
// case runs as well behind a first, complete run with other options, with failures only
// in the second opening; then a decoder that forgets how big its dictionary is writes
// where it must not.

#include "support/samples.h"

#define MOST_ALLOCS 400

/* A way to open a coder. variant 1 asks for another dictionary than variant 0. */
struct stream_case {
    const char *name;
    lzma_ret (*open)(lzma_stream *strm, int variant);
    const struct packed *input[2]; // for each variant; NULL: an encoder
    bool copes;                    // may do with less memory where an allocation fails
};

static lzma_options_lzma *lzma_variant(int variant)
{
    return variant == 0 ? &samples.options_small : &samples.options_big;
}

static lzma_filter *chain_variant(int variant)
{
    return variant == 0 ? samples.chain_small : samples.chain_big;
}

static lzma_ret open_easy_encoder(lzma_stream *strm, int variant)
{
    return lzma_easy_encoder(strm, variant == 0 ? 0 : 1, LZMA_CHECK_CRC64);
}

static lzma_ret open_stream_encoder(lzma_stream *strm, int variant)
{
    return lzma_stream_encoder(strm, chain_variant(variant), LZMA_CHECK_SHA256);
}

static lzma_ret open_stream_encoder_mt(lzma_stream *strm, int variant)
{
    lzma_mt mt = samples_mt_options();
    mt.filters = chain_variant(variant);
    mt.block_size = variant == 0 ? 12000 : 14000;
    return lzma_stream_encoder_mt(strm, &mt);
}

static lzma_ret open_alone_encoder(lzma_stream *strm, int variant)
{
    return lzma_alone_encoder(strm, lzma_variant(variant));
}

static lzma_ret open_raw_encoder(lzma_stream *strm, int variant)
{
    return lzma_raw_encoder(strm, chain_variant(variant));
}

static lzma_ret open_microlzma_encoder(lzma_stream *strm, int variant)
{
    return lzma_microlzma_encoder(strm, lzma_variant(variant));
}

static lzma_block block_to_encode;

static lzma_ret open_block_encoder(lzma_stream *strm, int variant)
{
    block_to_encode = (lzma_block){.check = LZMA_CHECK_CRC32,
                                   .compressed_size = LZMA_VLI_UNKNOWN,
                                   .uncompressed_size = LZMA_VLI_UNKNOWN,
                                   .filters = chain_variant(variant)};
    const lzma_ret ret = lzma_block_header_size(&block_to_encode);
    return ret != LZMA_OK ? ret : lzma_block_encoder(strm, &block_to_encode);
}

static lzma_ret open_stream_decoder(lzma_stream *strm, int variant)
{
    return lzma_stream_decoder(strm, UINT64_MAX, variant == 0 ? 0 : LZMA_CONCATENATED);
}

static lzma_ret open_stream_decoder_mt(lzma_stream *strm, int variant)
{
    lzma_mt mt = samples_mt_options();
    mt.threads = variant == 0 ? 3 : 2;
    return lzma_stream_decoder_mt(strm, &mt);
}

static lzma_ret open_auto_decoder(lzma_stream *strm, int variant)
{
    (void)variant;
    return lzma_auto_decoder(strm, UINT64_MAX, 0);
}

static lzma_ret open_alone_decoder(lzma_stream *strm, int variant)
{
    (void)variant;
    return lzma_alone_decoder(strm, UINT64_MAX);
}

static lzma_ret open_lzip_decoder(lzma_stream *strm, int variant)
{
    (void)variant;
    return lzma_lzip_decoder(strm, UINT64_MAX, 0);
}

static lzma_ret open_raw_decoder_1(lzma_stream *strm, int variant)
{
    lzma_options_lzma options = samples.options_small;
    options.dict_size =
        variant == 0 ? samples.options_small.dict_size : samples.options_big.dict_size;
    const lzma_filter chain[2] = {{LZMA_FILTER_LZMA1, &options},
                                  {LZMA_VLI_UNKNOWN, NULL}};
    return lzma_raw_decoder(strm, chain);
}

static lzma_ret open_raw_decoder_2(lzma_stream *strm, int variant)
{
    const lzma_filter chain[2] = {{LZMA_FILTER_LZMA2, lzma_variant(variant)},
                                  {LZMA_VLI_UNKNOWN, NULL}};
    return lzma_raw_decoder(strm, chain);
}

static lzma_ret open_microlzma_decoder(lzma_stream *strm, int variant)
{
    return lzma_microlzma_decoder(strm, samples.micro.size, PLAIN_SIZE, true,
                                  lzma_variant(variant)->dict_size);
}

static const struct stream_case stream_cases[] = {
    {"easy encoder", open_easy_encoder, {NULL, NULL}, false},
    {"stream encoder", open_stream_encoder, {NULL, NULL}, false},
    {"threaded stream encoder", open_stream_encoder_mt, {NULL, NULL}, false},
    {".lzma encoder", open_alone_encoder, {NULL, NULL}, false},
    {"raw encoder", open_raw_encoder, {NULL, NULL}, false},
    {"MicroLZMA encoder", open_microlzma_encoder, {NULL, NULL}, false},
    {"block encoder", open_block_encoder, {NULL, NULL}, false},
    {"stream decoder", open_stream_decoder, {&samples.xz, &samples.xz_big}, false},
    {"stream decoder, many Blocks",
     open_stream_decoder,
     {&samples.mt, &samples.mt},
     false},
    {"threaded stream decoder",
     open_stream_decoder_mt,
     {&samples.mt, &samples.mt},
     true},
    {"threaded stream decoder, one Block",
     open_stream_decoder_mt,
     {&samples.xz, &samples.xz_big},
     true},
    {"auto decoder, .xz", open_auto_decoder, {&samples.xz, &samples.xz_big}, false},
    {"auto decoder, .lzma",
     open_auto_decoder,
     {&samples.alone, &samples.alone_big},
     false},
    {"auto decoder, .lz", open_auto_decoder, {&samples.lzip, &samples.lzip_big}, false},
    {".lzma decoder", open_alone_decoder, {&samples.alone, &samples.alone_big}, false},
    {".lz decoder", open_lzip_decoder, {&samples.lzip, &samples.lzip_big}, false},
    {"raw LZMA1 decoder", open_raw_decoder_1, {&samples.lzma1, &samples.lzma1}, false},
    {"raw LZMA2 decoder", open_raw_decoder_2, {&samples.lzma2, &samples.lzma2}, false},
    {"MicroLZMA decoder",
     open_microlzma_decoder,
     {&samples.micro, &samples.micro},
     false},
};

static uint8_t output[ROOM];

/* Opens the coder and runs it to its end. Output goes out in pieces, so that decoders
   need a dictionary of their own; a single piece is what MicroLZMA encoders want. */
static lzma_ret run(lzma_stream *strm, const struct stream_case *c, int variant)
{
    const struct packed *input = c->input[variant];
    lzma_ret ret = c->open(strm, variant);
    const size_t piece = input == NULL ? ROOM : 777;
    size_t done = 0;
    strm->next_in = input == NULL ? samples.plain : input->bytes;
    strm->avail_in = input == NULL ? PLAIN_SIZE : input->size;
    while (ret == LZMA_OK) {
        strm->next_out = output + done;
        strm->avail_out = done + piece <= ROOM ? piece : ROOM - done;
        ret = lzma_code(strm, LZMA_FINISH);
        done = (size_t)(strm->next_out - output);
    }
    if (ret == LZMA_STREAM_END && input != NULL) {
        assert_int_equal(done, PLAIN_SIZE);
        assert_memory_equal(output, samples.plain, PLAIN_SIZE);
    }
    return ret;
}

static void check_result(const struct stream_case *c, lzma_ret ret, bool failed)
{
    if (failed && c->copes && ret == LZMA_STREAM_END)
        return;
    if (ret != (failed ? LZMA_MEM_ERROR : LZMA_STREAM_END))
        fail_msg("%s: result %d, an allocation failed: %d", c->name, (int)ret, failed);
}

/* The failing run, then a good one in the same stream. Returns false when no allocation
   was left to fail. */
static bool fail_once(const struct stream_case *c, long number, bool has_run_before)
{
    struct counter memory;
    counter_init(&memory, -1);
    lzma_stream strm = LZMA_STREAM_INIT;
    strm.allocator = &memory.allocator;
    if (has_run_before) {
        fail_at(&memory, 0);
        assert_int_equal(run(&strm, c, 1), LZMA_STREAM_END);
    }
    fail_at(&memory, number);
    const lzma_ret ret = run(&strm, c, 0);
    const bool failed = memory.count >= number;
    check_result(c, ret, failed);
    fail_at(&memory, 0);
    assert_int_equal(run(&strm, c, has_run_before ? 1 : 0), LZMA_STREAM_END);
    assert_int_equal(run(&strm, c, 0), LZMA_STREAM_END);
    lzma_end(&strm);
    counter_check(&memory);
    return failed;
}

static void run_stream_case(void **state)
{
    const struct stream_case *c = *state;
    for (int before = 0; before < 2; ++before) {
        long number = 1;
        while (fail_once(c, number, before == 1)) {
            ++number;
            assert_true(number < MOST_ALLOCS);
        }
        // The first opening allocates something; the second may keep everything.
        assert_true(before == 1 || number > 1);
    }
}

/* A stream goes from one kind of coder to another, and an allocation fails between.
   With sanitizers one of four, in turn. */
static void test_changing_coders(void **state)
{
    (void)state;
    const size_t count = ARRAY_COUNT(stream_cases);
    const long step = getenv("SANITIZED") != NULL ? 4 : 1;
    for (size_t i = 0; i < count * count; ++i) {
        const struct stream_case *first = &stream_cases[i / count];
        const struct stream_case *second = &stream_cases[i % count];
        struct counter memory;
        counter_init(&memory, -1);
        lzma_stream strm = LZMA_STREAM_INIT;
        strm.allocator = &memory.allocator;
        const long first_number = 1 + (long)(i / count + i % count) % step;
        for (long number = first_number; number <= 4; number += step) {
            fail_at(&memory, 0);
            assert_int_equal(run(&strm, first, 0), LZMA_STREAM_END);
            fail_at(&memory, number);
            const lzma_ret ret = run(&strm, second, 1);
            check_result(second, ret, memory.count >= number);
        }
        lzma_end(&strm);
        counter_check(&memory);
    }
}

#define COUNT ARRAY_COUNT(stream_cases)

static int set_up(void **state)
{
    (void)state;
    samples_make();
    return 0;
}

int main(void)
{
    struct CMUnitTest tests[COUNT + 1];
    for (size_t i = 0; i < COUNT; ++i)
        tests[i] = (struct CMUnitTest){stream_cases[i].name, run_stream_case, NULL,
                                       NULL, (void *)(uintptr_t)&stream_cases[i]};
    tests[COUNT] = (struct CMUnitTest)cmocka_unit_test(test_changing_coders);
    return cmocka_run_group_tests(tests, set_up, NULL);
}
