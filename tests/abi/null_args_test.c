// SPDX-License-Identifier: 0BSD
// NULL where something is needed: every function answers, none crashes.
/*
 * All 114 functions are called through <lzma.h>, each pointer in turn NULL while the
 * rest is good. Functions that take no pointer are called as well, so that this file is
 * a list of the whole interface. What the answers are is told in liblzma(7), CAVEATS.
 */

#include <lzma.h>
#include <stdio.h>
#include <string.h>

static int passed;
static int failed;

static void verdict(int is_good, const char *what, int line)
{
    if (is_good) {
        ++passed;
        return;
    }
    ++failed;
    printf("line %d: %s\n", line, what);
}

#define IS(expr, value) verdict((expr) == (value), #expr, __LINE__)
#define WRONG(expr)     IS(expr, LZMA_PROG_ERROR)
#define SURVIVES(expr)  ((void)(expr), verdict(1, #expr, __LINE__))

static const uint8_t in[64];
static uint8_t out[256];
static size_t pos;
static lzma_stream none; // never set up, not usable
static lzma_options_lzma lzma;
static lzma_filter chain[LZMA_FILTERS_MAX + 1];
static lzma_filter no_options[2];

static void set_up(void)
{
    verdict(!lzma_lzma_preset(&lzma, 1), "preset 1", __LINE__);
    chain[0].id = LZMA_FILTER_LZMA2;
    chain[0].options = &lzma;
    chain[1].id = LZMA_VLI_UNKNOWN;
    no_options[0].id = LZMA_FILTER_LZMA2;
    no_options[1].id = LZMA_VLI_UNKNOWN;
}

static void test_base(void)
{
    uint64_t a = 1;
    uint64_t b = 1;
    IS(lzma_version_number(), LZMA_VERSION);
    IS(strcmp(lzma_version_string(), LZMA_VERSION_STRING), 0);
    WRONG(lzma_code(NULL, LZMA_RUN));
    WRONG(lzma_code(&none, LZMA_RUN));
    SURVIVES(lzma_end(NULL));
    SURVIVES(lzma_end(&none));
    SURVIVES(lzma_get_progress(NULL, NULL, NULL));
    SURVIVES(lzma_get_progress(&none, NULL, NULL));
    SURVIVES(lzma_get_progress(NULL, &a, &b));
    IS(a, 0);
    IS(b, 0);
    IS(lzma_memusage(NULL), 0);
    IS(lzma_memusage(&none), 0);
    IS(lzma_memlimit_get(NULL), 0);
    IS(lzma_memlimit_get(&none), 0);
    WRONG(lzma_memlimit_set(NULL, 1));
    WRONG(lzma_memlimit_set(&none, 1));
    IS(lzma_get_check(NULL), LZMA_CHECK_NONE);
    IS(lzma_get_check(&none), LZMA_CHECK_NONE);
    SURVIVES(lzma_physmem());
    SURVIVES(lzma_cputhreads());
}

static void test_vli_and_check(void)
{
    lzma_vli vli = 1;
    size_t part = 0;
    pos = 0;
    WRONG(lzma_vli_encode(1, NULL, NULL, &pos, 9));
    WRONG(lzma_vli_encode(1, NULL, out, NULL, 9));
    WRONG(lzma_vli_encode(1, &part, NULL, &pos, 9));
    WRONG(lzma_vli_encode(1, &part, out, NULL, 9));
    WRONG(lzma_vli_decode(NULL, NULL, in, &pos, 9));
    WRONG(lzma_vli_decode(&vli, NULL, NULL, &pos, 9));
    WRONG(lzma_vli_decode(&vli, NULL, in, NULL, 9));
    WRONG(lzma_vli_decode(NULL, &part, in, &pos, 9));
    WRONG(lzma_vli_decode(&vli, &part, NULL, &pos, 9));
    WRONG(lzma_vli_decode(&vli, &part, in, NULL, 9));
    IS(lzma_vli_decode(&vli, NULL, NULL, &pos, 0), LZMA_DATA_ERROR);
    IS(pos, 0);
    IS(lzma_vli_size(1), 1);
    IS(lzma_check_is_supported(LZMA_CHECK_CRC32), 1);
    IS(lzma_check_size(LZMA_CHECK_CRC32), 4);
    IS(lzma_crc32(NULL, 0, 5), 5);
    IS(lzma_crc32(NULL, 9, 5), 5);
    IS(lzma_crc64(NULL, 0, 5), 5);
    IS(lzma_crc64(NULL, 9, 5), 5);
}

static void test_bcj(void)
{
    for (size_t size = 0; size <= 64; size += 64) {
        IS(lzma_bcj_arm64_encode(0, NULL, size), 0);
        IS(lzma_bcj_arm64_decode(0, NULL, size), 0);
        IS(lzma_bcj_riscv_encode(0, NULL, size), 0);
        IS(lzma_bcj_riscv_decode(0, NULL, size), 0);
        IS(lzma_bcj_x86_encode(0, NULL, size), 0);
        IS(lzma_bcj_x86_decode(0, NULL, size), 0);
    }
}

static void test_filters(void)
{
    lzma_filter copy[LZMA_FILTERS_MAX + 1];
    WRONG(lzma_filters_copy(NULL, copy, NULL));
    WRONG(lzma_filters_copy(chain, NULL, NULL));
    SURVIVES(lzma_filters_free(NULL, NULL));
    IS(lzma_filter_encoder_is_supported(LZMA_FILTER_LZMA2), 1);
    IS(lzma_filter_decoder_is_supported(LZMA_FILTER_LZMA2), 1);
    IS(lzma_mf_is_supported(LZMA_MF_BT4), 1);
    IS(lzma_mode_is_supported(LZMA_MODE_FAST), 1);
    IS(lzma_lzma_preset(NULL, 6), 1);
    IS(lzma_raw_encoder_memusage(NULL), UINT64_MAX);
    IS(lzma_raw_encoder_memusage(no_options), UINT64_MAX);
    IS(lzma_raw_decoder_memusage(NULL), UINT64_MAX);
    IS(lzma_raw_decoder_memusage(no_options), UINT64_MAX);
    IS(lzma_mt_block_size(NULL), UINT64_MAX);
    IS(lzma_mt_block_size(no_options), UINT64_MAX);
}

static void test_filter_flags(void)
{
    uint32_t size;
    lzma_filter filter = chain[0];
    pos = 0;
    WRONG(lzma_properties_size(NULL, &filter));
    WRONG(lzma_properties_size(&size, NULL));
    WRONG(lzma_properties_encode(NULL, out));
    WRONG(lzma_properties_encode(&filter, NULL));
    WRONG(lzma_properties_encode(no_options, out));
    WRONG(lzma_properties_decode(NULL, NULL, in, 1));
    WRONG(lzma_properties_decode(&filter, NULL, NULL, 1));
    filter = chain[0];
    WRONG(lzma_filter_flags_size(NULL, &filter));
    WRONG(lzma_filter_flags_size(&size, NULL));
    WRONG(lzma_filter_flags_encode(NULL, out, &pos, 9));
    WRONG(lzma_filter_flags_encode(&filter, NULL, &pos, 9));
    WRONG(lzma_filter_flags_encode(&filter, out, NULL, 9));
    WRONG(lzma_filter_flags_encode(no_options, out, &pos, 9));
    WRONG(lzma_filter_flags_decode(NULL, NULL, in, &pos, 9));
    WRONG(lzma_filter_flags_decode(&filter, NULL, NULL, &pos, 9));
    WRONG(lzma_filter_flags_decode(&filter, NULL, in, NULL, 9));
    IS(pos, 0);
}

static void test_filter_strings(void)
{
    char *text;
    int error_pos = 9;
    verdict(lzma_str_to_filters(NULL, &error_pos, chain, 0, NULL) != NULL, "no string",
            __LINE__);
    IS(error_pos, 0);
    verdict(lzma_str_to_filters("6", NULL, NULL, 0, NULL) != NULL, "no chain",
            __LINE__);
    verdict(lzma_str_to_filters(NULL, NULL, NULL, 0, NULL) != NULL, "nothing",
            __LINE__);
    WRONG(lzma_str_from_filters(NULL, chain, 0, NULL));
    WRONG(lzma_str_from_filters(&text, NULL, 0, NULL));
    IS(text, NULL);
    WRONG(lzma_str_list_filters(NULL, LZMA_VLI_UNKNOWN, 0, NULL));
}

/* Each function that sets up a coder, called without a stream. */
static void test_no_stream(void)
{
    const lzma_mt mt = {.threads = 1, .preset = 1, .check = LZMA_CHECK_CRC32};
    lzma_block block = {.check = LZMA_CHECK_NONE, .filters = chain};
    lzma_index *index = lzma_index_init(NULL);
    lzma_index *decoded = NULL;
    WRONG(lzma_easy_encoder(NULL, 1, LZMA_CHECK_CRC32));
    WRONG(lzma_stream_encoder(NULL, chain, LZMA_CHECK_CRC32));
    WRONG(lzma_stream_encoder_mt(NULL, &mt));
    WRONG(lzma_alone_encoder(NULL, &lzma));
    WRONG(lzma_microlzma_encoder(NULL, &lzma));
    WRONG(lzma_stream_decoder(NULL, UINT64_MAX, 0));
    WRONG(lzma_stream_decoder_mt(NULL, &mt));
    WRONG(lzma_auto_decoder(NULL, UINT64_MAX, 0));
    WRONG(lzma_alone_decoder(NULL, UINT64_MAX));
    WRONG(lzma_lzip_decoder(NULL, UINT64_MAX, 0));
    WRONG(lzma_microlzma_decoder(NULL, 9, 9, 1, 4096));
    WRONG(lzma_raw_encoder(NULL, chain));
    WRONG(lzma_raw_decoder(NULL, chain));
    WRONG(lzma_block_encoder(NULL, &block));
    WRONG(lzma_block_decoder(NULL, &block));
    WRONG(lzma_index_encoder(NULL, index));
    WRONG(lzma_index_decoder(NULL, &decoded, UINT64_MAX));
    WRONG(lzma_file_info_decoder(NULL, &decoded, UINT64_MAX, 99));
    WRONG(lzma_filters_update(NULL, chain));
    lzma_index_end(index, NULL);
}

/* The same with a stream, without the other argument. */
static void test_no_options(void)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_block block = {.check = LZMA_CHECK_NONE, .filters = NULL};
    WRONG(lzma_stream_encoder(&strm, NULL, LZMA_CHECK_CRC32));
    verdict(lzma_stream_encoder(&strm, no_options, LZMA_CHECK_CRC32) != LZMA_OK,
            "LZMA2 encoder without options", __LINE__);
    WRONG(lzma_stream_encoder_mt(&strm, NULL));
    IS(lzma_stream_encoder_mt_memusage(NULL), UINT64_MAX);
    WRONG(lzma_stream_decoder_mt(&strm, NULL));
    WRONG(lzma_alone_encoder(&strm, NULL));
    WRONG(lzma_microlzma_encoder(&strm, NULL));
    WRONG(lzma_raw_encoder(&strm, NULL));
    WRONG(lzma_raw_decoder(&strm, NULL));
    WRONG(lzma_raw_decoder(&strm, no_options));
    WRONG(lzma_block_encoder(&strm, NULL));
    WRONG(lzma_block_encoder(&strm, &block));
    WRONG(lzma_block_decoder(&strm, NULL));
    WRONG(lzma_block_decoder(&strm, &block));
    WRONG(lzma_index_encoder(&strm, NULL));
    WRONG(lzma_index_decoder(&strm, NULL, UINT64_MAX));
    WRONG(lzma_file_info_decoder(&strm, NULL, UINT64_MAX, 99));
    WRONG(lzma_filters_update(&strm, chain));
    IS(lzma_stream_encoder(&strm, chain, LZMA_CHECK_CRC32), LZMA_OK);
    IS(lzma_filters_update(&strm, NULL), LZMA_OPTIONS_ERROR);
    IS(lzma_easy_encoder(&strm, 99, LZMA_CHECK_CRC32), LZMA_OPTIONS_ERROR);
    IS(strm.internal, NULL);
    lzma_end(&strm);
}

/* A preset dictionary is not read if there is none, whatever its size says. */
static void test_no_preset_dict(void)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma.preset_dict_size = 4096;
    IS(lzma_raw_encoder(&strm, chain), LZMA_OK);
    IS(lzma_raw_decoder(&strm, chain), LZMA_OK);
    lzma.preset_dict_size = 0;
    lzma_end(&strm);
}

static void test_buffer_encoders(void)
{
    pos = 0;
    IS(lzma_block_buffer_bound(0), 92 + 4);
    IS(lzma_stream_buffer_bound(0), 92 + 4 + 48);
    verdict(lzma_easy_encoder_memusage(1) != UINT64_MAX, "memusage", __LINE__);
    verdict(lzma_easy_decoder_memusage(1) != UINT64_MAX, "memusage", __LINE__);
    WRONG(lzma_easy_buffer_encode(1, LZMA_CHECK_NONE, NULL, NULL, 9, out, &pos, 256));
    WRONG(lzma_easy_buffer_encode(1, LZMA_CHECK_NONE, NULL, in, 9, NULL, &pos, 256));
    WRONG(lzma_easy_buffer_encode(1, LZMA_CHECK_NONE, NULL, in, 9, out, NULL, 256));
    WRONG(
        lzma_stream_buffer_encode(NULL, LZMA_CHECK_NONE, NULL, in, 9, out, &pos, 256));
    WRONG(lzma_stream_buffer_encode(chain, LZMA_CHECK_NONE, NULL, NULL, 9, out, &pos,
                                    256));
    WRONG(lzma_stream_buffer_encode(chain, LZMA_CHECK_NONE, NULL, in, 9, NULL, &pos,
                                    256));
    WRONG(
        lzma_stream_buffer_encode(chain, LZMA_CHECK_NONE, NULL, in, 9, out, NULL, 256));
    WRONG(lzma_raw_buffer_encode(NULL, NULL, in, 9, out, &pos, 256));
    WRONG(lzma_raw_buffer_encode(chain, NULL, NULL, 9, out, &pos, 256));
    WRONG(lzma_raw_buffer_encode(chain, NULL, in, 9, NULL, &pos, 256));
    WRONG(lzma_raw_buffer_encode(chain, NULL, in, 9, out, NULL, 256));
    IS(pos, 0);
}

static void test_buffer_decoders(void)
{
    uint64_t limit = UINT64_MAX;
    size_t end = 0;
    pos = 0;
    WRONG(lzma_stream_buffer_decode(NULL, 0, NULL, in, &pos, 9, out, &end, 9));
    WRONG(lzma_stream_buffer_decode(&limit, 0, NULL, NULL, &pos, 9, out, &end, 9));
    WRONG(lzma_stream_buffer_decode(&limit, 0, NULL, in, NULL, 9, out, &end, 9));
    WRONG(lzma_stream_buffer_decode(&limit, 0, NULL, in, &pos, 9, NULL, &end, 9));
    WRONG(lzma_stream_buffer_decode(&limit, 0, NULL, in, &pos, 9, out, NULL, 9));
    WRONG(lzma_raw_buffer_decode(NULL, NULL, in, &pos, 9, out, &end, 9));
    WRONG(lzma_raw_buffer_decode(no_options, NULL, in, &pos, 9, out, &end, 9));
    WRONG(lzma_raw_buffer_decode(chain, NULL, NULL, &pos, 9, out, &end, 9));
    WRONG(lzma_raw_buffer_decode(chain, NULL, in, NULL, 9, out, &end, 9));
    WRONG(lzma_raw_buffer_decode(chain, NULL, in, &pos, 9, NULL, &end, 9));
    WRONG(lzma_raw_buffer_decode(chain, NULL, in, &pos, 9, out, NULL, 9));
    IS(pos + end, 0);
}

static void test_block_header(void)
{
    lzma_block block = {.check = LZMA_CHECK_NONE, .filters = NULL};
    block.header_size = LZMA_BLOCK_HEADER_SIZE_MIN;
    block.compressed_size = LZMA_VLI_UNKNOWN;
    block.uncompressed_size = LZMA_VLI_UNKNOWN;
    WRONG(lzma_block_header_size(NULL));
    WRONG(lzma_block_header_size(&block));
    WRONG(lzma_block_header_encode(NULL, out));
    WRONG(lzma_block_header_encode(&block, out));
    WRONG(lzma_block_header_decode(NULL, NULL, in));
    WRONG(lzma_block_header_decode(&block, NULL, in));
    block.filters = chain;
    WRONG(lzma_block_header_encode(&block, NULL));
    WRONG(lzma_block_header_decode(&block, NULL, NULL));
    WRONG(lzma_block_compressed_size(NULL, 9));
    IS(lzma_block_unpadded_size(NULL), 0);
    IS(lzma_block_total_size(NULL), 0);
}

static void test_block_buffers(void)
{
    lzma_block none_of = {.check = LZMA_CHECK_NONE, .filters = NULL};
    lzma_block block = {.check = LZMA_CHECK_NONE, .filters = chain};
    size_t end = 0;
    pos = 0;
    WRONG(lzma_block_buffer_encode(NULL, NULL, in, 9, out, &pos, 256));
    WRONG(lzma_block_buffer_encode(&none_of, NULL, in, 9, out, &pos, 256));
    WRONG(lzma_block_buffer_encode(&block, NULL, NULL, 9, out, &pos, 256));
    WRONG(lzma_block_buffer_encode(&block, NULL, in, 9, NULL, &pos, 256));
    WRONG(lzma_block_buffer_encode(&block, NULL, in, 9, out, NULL, 256));
    WRONG(lzma_block_uncomp_encode(NULL, in, 9, out, &pos, 256));
    WRONG(lzma_block_uncomp_encode(&block, NULL, 9, out, &pos, 256));
    WRONG(lzma_block_uncomp_encode(&block, in, 9, NULL, &pos, 256));
    WRONG(lzma_block_uncomp_encode(&block, in, 9, out, NULL, 256));
    WRONG(lzma_block_buffer_decode(NULL, NULL, in, &pos, 9, out, &end, 9));
    WRONG(lzma_block_buffer_decode(&none_of, NULL, in, &pos, 9, out, &end, 9));
    WRONG(lzma_block_buffer_decode(&block, NULL, NULL, &pos, 9, out, &end, 9));
    WRONG(lzma_block_buffer_decode(&block, NULL, in, NULL, 9, out, &end, 9));
    WRONG(lzma_block_buffer_decode(&block, NULL, in, &pos, 9, NULL, &end, 9));
    WRONG(lzma_block_buffer_decode(&block, NULL, in, &pos, 9, out, NULL, 9));
    IS(pos + end, 0);
}

static void test_index(void)
{
    lzma_stream_flags flags = {.version = 0};
    lzma_index *index = lzma_index_init(NULL);
    verdict(lzma_index_memusage(1, 1) != UINT64_MAX, "memusage", __LINE__);
    IS(lzma_index_memused(NULL), 0);
    SURVIVES(lzma_index_end(NULL, NULL));
    WRONG(lzma_index_append(NULL, NULL, 9, 9));
    WRONG(lzma_index_stream_flags(NULL, &flags));
    WRONG(lzma_index_stream_flags(index, NULL));
    IS(lzma_index_checks(NULL), 0);
    WRONG(lzma_index_stream_padding(NULL, 4));
    IS(lzma_index_stream_count(NULL), 0);
    IS(lzma_index_block_count(NULL), 0);
    IS(lzma_index_size(NULL), 0);
    IS(lzma_index_stream_size(NULL), 0);
    IS(lzma_index_total_size(NULL), 0);
    IS(lzma_index_file_size(NULL), 0);
    IS(lzma_index_uncompressed_size(NULL), 0);
    WRONG(lzma_index_cat(NULL, index, NULL));
    WRONG(lzma_index_cat(index, NULL, NULL));
    WRONG(lzma_index_cat(index, index, NULL));
    IS(lzma_index_dup(NULL, NULL), NULL);
    lzma_index_end(index, NULL);
}

static void test_index_iterators(void)
{
    lzma_index_iter iter;
    SURVIVES(lzma_index_iter_init(NULL, NULL));
    SURVIVES(lzma_index_iter_rewind(NULL));
    IS(lzma_index_iter_next(NULL, LZMA_INDEX_ITER_ANY), 1);
    IS(lzma_index_iter_locate(NULL, 0), 1);
    SURVIVES(lzma_index_iter_init(&iter, NULL));
    IS(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_ANY), 1);
    IS(lzma_index_iter_locate(&iter, 0), 1);
}

static void test_index_buffers(void)
{
    uint64_t limit = UINT64_MAX;
    lzma_index *index = lzma_index_init(NULL);
    lzma_index *decoded;
    pos = 0;
    WRONG(lzma_index_buffer_encode(NULL, out, &pos, 256));
    WRONG(lzma_index_buffer_encode(index, NULL, &pos, 256));
    WRONG(lzma_index_buffer_encode(index, out, NULL, 256));
    WRONG(lzma_index_buffer_decode(NULL, &limit, NULL, in, &pos, 9));
    WRONG(lzma_index_buffer_decode(&decoded, NULL, NULL, in, &pos, 9));
    WRONG(lzma_index_buffer_decode(&decoded, &limit, NULL, NULL, &pos, 9));
    WRONG(lzma_index_buffer_decode(&decoded, &limit, NULL, in, NULL, 9));
    IS(decoded, NULL);
    IS(pos, 0);
    lzma_index_end(index, NULL);
}

static void test_index_hash(void)
{
    lzma_index_hash *hash = lzma_index_hash_init(NULL, NULL);
    pos = 0;
    SURVIVES(lzma_index_hash_end(NULL, NULL));
    WRONG(lzma_index_hash_append(NULL, 9, 9));
    WRONG(lzma_index_hash_decode(NULL, in, &pos, 9));
    WRONG(lzma_index_hash_decode(hash, NULL, &pos, 9));
    WRONG(lzma_index_hash_decode(hash, in, NULL, 9));
    IS(lzma_index_hash_decode(hash, NULL, &pos, 0), LZMA_BUF_ERROR);
    IS(lzma_index_hash_size(NULL), 0);
    lzma_index_hash_end(hash, NULL);
}

static void test_stream_flags(void)
{
    lzma_stream_flags flags = {.version = 0, .backward_size = 8};
    WRONG(lzma_stream_header_encode(NULL, out));
    WRONG(lzma_stream_header_encode(&flags, NULL));
    WRONG(lzma_stream_footer_encode(NULL, out));
    WRONG(lzma_stream_footer_encode(&flags, NULL));
    WRONG(lzma_stream_header_decode(NULL, in));
    WRONG(lzma_stream_header_decode(&flags, NULL));
    WRONG(lzma_stream_footer_decode(NULL, in));
    WRONG(lzma_stream_footer_decode(&flags, NULL));
    WRONG(lzma_stream_flags_compare(NULL, &flags));
    WRONG(lzma_stream_flags_compare(&flags, NULL));
}

int main(void)
{
    set_up();
    test_base();
    test_vli_and_check();
    test_bcj();
    test_filters();
    test_filter_flags();
    test_filter_strings();
    test_no_stream();
    test_no_options();
    test_no_preset_dict();
    test_buffer_encoders();
    test_buffer_decoders();
    test_block_header();
    test_block_buffers();
    test_index();
    test_index_iterators();
    test_index_buffers();
    test_index_hash();
    test_stream_flags();
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
