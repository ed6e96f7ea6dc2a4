// SPDX-License-Identifier: 0BSD
// Block Header: bytes, sizes, order of errors, truncation, failing allocations.

#include "format_help.h"

static lzma_options_lzma lzma = {.dict_size = 1 << 20};
static lzma_options_bcj start = {.start_offset = 16};
static lzma_options_delta distance = {.dist = 4};

/* A Block Header of size bytes around body, with its CRC32; freed by the caller. */
static struct guard header(const char *body, size_t body_size, size_t size)
{
    struct guard guard = guard_make(NULL, size);
    assert_true(body_size + 5 <= size);
    guard.start[0] = (uint8_t)(size / 4 - 1);
    memcpy(guard.start + 1, body, body_size);
    const uint32_t crc = lzma_crc32(guard.start, size - 4, 0);
    for (int i = 0; i < 4; ++i)
        guard.start[size - 4 + (size_t)i] = (uint8_t)(crc >> 8 * i);
    return guard;
}

struct decoded {
    lzma_block block;
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
};

static lzma_ret decode(struct decoded *decoded, const uint8_t *in, uint32_t size,
                       const lzma_allocator *allocator)
{
    memset(decoded, 0x55, sizeof(*decoded));
    decoded->block.version = 1;
    decoded->block.header_size = size;
    decoded->block.check = LZMA_CHECK_CRC32;
    decoded->block.filters = decoded->filters;
    return lzma_block_header_decode(&decoded->block, allocator, in);
}

/* Checks that all filters are end marks. */
static void assert_no_filters(const struct decoded *decoded)
{
    for (int i = 0; i <= LZMA_FILTERS_MAX; ++i) {
        assert_true(decoded->filters[i].id == LZMA_VLI_UNKNOWN);
        assert_null(decoded->filters[i].options);
    }
}

static void expect(const char *body, size_t body_size, size_t size, lzma_ret want)
{
    struct guard in = header(body, body_size, size);
    struct decoded decoded;
    struct counter counter;
    counter_init(&counter, -1);
    assert_int_equal(decode(&decoded, in.start, (uint32_t)size, &counter.allocator),
                     want);
    if (want == LZMA_OK)
        lzma_filters_free(decoded.filters, &counter.allocator);
    assert_no_filters(&decoded);
    assert_int_equal(counter.live, 0);
    guard_free(&in);
}

static void known_bytes(void **state)
{
    (void)state;
    lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &lzma}, {LZMA_VLI_UNKNOWN, NULL}};
    lzma_block block = {.check = LZMA_CHECK_CRC32,
                        .compressed_size = LZMA_VLI_UNKNOWN,
                        .uncompressed_size = LZMA_VLI_UNKNOWN,
                        .filters = filters};
    assert_int_equal(lzma_block_header_size(&block), LZMA_OK);
    assert_int_equal(block.header_size, 12);
    uint8_t out[16];
    assert_int_equal(lzma_block_header_encode(&block, out), LZMA_OK);
    assert_memory_equal(out, "\x02\x00\x21\x01\x10\0\0\0\xa8\x70\x8e\x86", 12);
    block.header_size = 16;
    assert_int_equal(lzma_block_header_encode(&block, out), LZMA_OK);
    assert_memory_equal(out, "\x03\x00\x21\x01\x10\0\0\0\0\0\0\0\x19\x59\x14\xc7", 16);
}

/* Chains of one to four filters with and without sizes come back, also from a header
   that is as large as can be, and whichever allocation fails. */
static void round_trip(void **state)
{
    (void)state;
    lzma_filter all[] = {{LZMA_FILTER_DELTA, &distance},
                         {LZMA_FILTER_ARM, &start},
                         {LZMA_FILTER_X86, NULL},
                         {LZMA_FILTER_LZMA2, &lzma},
                         {LZMA_VLI_UNKNOWN, NULL}};
    const lzma_vli sizes[] = {LZMA_VLI_UNKNOWN, 1, 1000, LZMA_VLI_MAX / 2};
    for (unsigned i = 0; i < 4 * 4 * 4 * 2; ++i) {
        lzma_block block = {.check = LZMA_CHECK_SHA256,
                            .compressed_size = sizes[i % 4],
                            .uncompressed_size = sizes[i / 4 % 4],
                            .filters = all + i / 16 % 4};
        assert_int_equal(lzma_block_header_size(&block), LZMA_OK);
        const uint32_t least = block.header_size;
        if (i / 64 == 1)
            block.header_size = LZMA_BLOCK_HEADER_SIZE_MAX;
        struct guard out = guard_make(NULL, block.header_size);
        assert_int_equal(lzma_block_header_encode(&block, out.start), LZMA_OK);

        for (long left = 0;; ++left) {
            struct counter counter;
            struct decoded decoded;
            counter_init(&counter, left);
            const lzma_ret ret =
                decode(&decoded, out.start, block.header_size, &counter.allocator);
            if (ret != LZMA_OK) {
                assert_int_equal(ret, LZMA_MEM_ERROR);
                assert_no_filters(&decoded);
                assert_int_equal(counter.live, 0);
                continue;
            }
            assert_true(decoded.block.compressed_size == block.compressed_size);
            assert_true(decoded.block.uncompressed_size == block.uncompressed_size);
            assert_int_equal(decoded.block.ignore_check, 0);
            for (int k = 0; k == 0 || block.filters[k - 1].id != LZMA_VLI_UNKNOWN; ++k)
                assert_true(decoded.filters[k].id == block.filters[k].id);
            lzma_filters_free(decoded.filters, &counter.allocator);
            assert_int_equal(counter.live, 0);
            break;
        }
        guard_free(&out);
        if (i / 64 == 0 && least > 8) {
            block.header_size = least - 4;
            uint8_t small[64];
            assert_int_equal(lzma_block_header_encode(&block, small), LZMA_PROG_ERROR);
        }
    }
}

#define EXPECT(body, size, want) expect(body, sizeof(body) - 1, size, want)
#define LZMA2                    "\x21\x01\x10"
#define VLI_MAX_BYTES            "\xff\xff\xff\xff\xff\xff\xff\xff\x7f"

static void bad_headers(void **state)
{
    (void)state;
    EXPECT("\x00" LZMA2, 12, LZMA_OK);
    EXPECT("\x04" LZMA2, 12, LZMA_OPTIONS_ERROR);
    EXPECT("\x20" LZMA2, 12, LZMA_OPTIONS_ERROR);
    EXPECT("\x40\x00" LZMA2, 16, LZMA_DATA_ERROR);
    EXPECT("\x80\x00" LZMA2, 16, LZMA_OK);
    EXPECT("\x40\x85\x00" LZMA2, 16, LZMA_DATA_ERROR);
    EXPECT("\x40" VLI_MAX_BYTES LZMA2, 24, LZMA_DATA_ERROR);
    EXPECT("\x80" VLI_MAX_BYTES LZMA2, 24, LZMA_OK);
    EXPECT("\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff" LZMA2, 24, LZMA_DATA_ERROR);
    EXPECT("\x01" LZMA2, 12, LZMA_OPTIONS_ERROR);
    EXPECT("\x00" LZMA2 "\0\0\1", 12, LZMA_OPTIONS_ERROR);
    EXPECT("\x00\x21\x01\x29", 12, LZMA_OPTIONS_ERROR);
    EXPECT("\x01" LZMA2 "\x21\x01\x50", 16, LZMA_OPTIONS_ERROR);
    EXPECT("\x00\x21\x05\x10", 12, LZMA_DATA_ERROR);
    EXPECT("\x00\x03\x01", 8, LZMA_DATA_ERROR);
    EXPECT("\x00", 8, LZMA_OPTIONS_ERROR);
    EXPECT("\xc0\x81\x80", 8, LZMA_DATA_ERROR);
    EXPECT("\x00\x81\x80\x80\x80\x80\x80\x80\x80\x40\x05\x5d\0\0\0\0", 24,
           LZMA_DATA_ERROR);
}

static void flipped_bits(void **state)
{
    (void)state;
    struct guard in = header("\xc0\x05\x06" LZMA2, 6, 16);
    for (unsigned bit = 8; bit < 16 * 8; ++bit) {
        struct decoded decoded;
        in.start[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(decode(&decoded, in.start, 16, NULL), LZMA_DATA_ERROR);
        assert_no_filters(&decoded);
        in.start[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    guard_free(&in);
}

static void misuse(void **state)
{
    (void)state;
    struct guard in = header("\x00" LZMA2, 4, 12);
    struct decoded decoded;
    assert_int_equal(decode(&decoded, in.start, 16, NULL), LZMA_PROG_ERROR);
    assert_no_filters(&decoded);
    decoded.block.header_size = 12;
    decoded.block.check = (lzma_check)16;
    assert_int_equal(lzma_block_header_decode(&decoded.block, NULL, in.start),
                     LZMA_PROG_ERROR);
    decoded.block.check = LZMA_CHECK_NONE;
    decoded.block.version = 99;
    assert_int_equal(lzma_block_header_decode(&decoded.block, NULL, in.start), LZMA_OK);
    assert_int_equal(decoded.block.version, 1);
    lzma_filters_free(decoded.filters, NULL);
    assert_int_equal(lzma_block_header_decode(NULL, NULL, in.start), LZMA_PROG_ERROR);
    assert_int_equal(lzma_block_header_decode(&decoded.block, NULL, NULL),
                     LZMA_PROG_ERROR);
    decoded.block.filters = NULL;
    assert_int_equal(lzma_block_header_decode(&decoded.block, NULL, in.start),
                     LZMA_PROG_ERROR);
    guard_free(&in);
}

static void bad_options(void **state)
{
    (void)state;
    lzma_filter filters[6] = {{LZMA_FILTER_LZMA2, &lzma}, {LZMA_VLI_UNKNOWN, NULL}};
    const lzma_block good = {.version = 1,
                             .header_size = 12,
                             .check = LZMA_CHECK_CRC32,
                             .compressed_size = LZMA_VLI_UNKNOWN,
                             .uncompressed_size = LZMA_VLI_UNKNOWN,
                             .filters = filters};
    uint8_t out[1024];
    lzma_block block = good;
    block.version = 2;
    assert_int_equal(lzma_block_header_size(&block), LZMA_OPTIONS_ERROR);
    assert_int_equal(lzma_block_header_encode(&block, out), LZMA_PROG_ERROR);
    block = good;
    block.compressed_size = 0;
    assert_int_equal(lzma_block_header_size(&block), LZMA_PROG_ERROR);
    assert_int_equal(lzma_block_header_encode(&block, out), LZMA_PROG_ERROR);
    block = good;
    block.uncompressed_size = LZMA_VLI_MAX + 1;
    assert_int_equal(lzma_block_header_size(&block), LZMA_PROG_ERROR);
    assert_int_equal(lzma_block_header_encode(&block, out), LZMA_PROG_ERROR);
    block = good;
    block.filters = NULL;
    assert_int_equal(lzma_block_header_size(&block), LZMA_PROG_ERROR);
    assert_int_equal(lzma_block_header_encode(&block, out), LZMA_PROG_ERROR);
    block = good;
    filters[0].id = 0x0C;
    assert_int_equal(lzma_block_header_size(&block), LZMA_OPTIONS_ERROR);
    assert_int_equal(lzma_block_header_encode(&block, out), LZMA_OPTIONS_ERROR);
    filters[0].id = LZMA_FILTER_LZMA1;
    assert_int_equal(lzma_block_header_size(&block), LZMA_PROG_ERROR);
    for (int i = 0; i < 5; ++i)
        filters[i] = (lzma_filter){LZMA_FILTER_X86, NULL};
    filters[5].id = LZMA_VLI_UNKNOWN;
    assert_int_equal(lzma_block_header_size(&block), LZMA_PROG_ERROR);
    assert_int_equal(lzma_block_header_encode(&block, out), LZMA_PROG_ERROR);
    const uint32_t bad_sizes[] = {0, 4, 9, 13, 1028, UINT32_MAX};
    filters[1].id = LZMA_VLI_UNKNOWN;
    for (size_t i = 0; i < 6; ++i) {
        block.header_size = bad_sizes[i];
        assert_int_equal(lzma_block_header_encode(&block, out), LZMA_PROG_ERROR);
        assert_true(lzma_block_unpadded_size(&block) == 0);
        assert_true(lzma_block_total_size(&block) == 0);
        assert_int_equal(lzma_block_compressed_size(&block, 100), LZMA_PROG_ERROR);
    }
    assert_true(lzma_block_unpadded_size(NULL) == 0);
    assert_true(lzma_block_total_size(NULL) == 0);
}

static void sizes(void **state)
{
    (void)state;
    lzma_block block = {.header_size = 12,
                        .check = LZMA_CHECK_CRC32,
                        .compressed_size = LZMA_VLI_UNKNOWN};
    assert_true(lzma_block_unpadded_size(&block) == LZMA_VLI_UNKNOWN);
    assert_true(lzma_block_total_size(&block) == LZMA_VLI_UNKNOWN);
    assert_int_equal(lzma_block_compressed_size(&block, 16), LZMA_DATA_ERROR);
    assert_int_equal(lzma_block_compressed_size(&block, LZMA_VLI_MAX), LZMA_DATA_ERROR);
    assert_int_equal(lzma_block_compressed_size(&block, 17), LZMA_OK);
    assert_true(block.compressed_size == 1);
    assert_true(lzma_block_unpadded_size(&block) == 17);
    assert_true(lzma_block_total_size(&block) == 20);
    assert_int_equal(lzma_block_compressed_size(&block, 18), LZMA_DATA_ERROR);
    assert_int_equal(lzma_block_compressed_size(&block, 17), LZMA_OK);
    block.compressed_size = LZMA_VLI_MAX - 3 - 16;
    assert_true(lzma_block_unpadded_size(&block) == LZMA_VLI_MAX - 3);
    assert_true(lzma_block_total_size(&block) == LZMA_VLI_MAX - 3);
    ++block.compressed_size;
    assert_true(lzma_block_unpadded_size(&block) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_bytes), cmocka_unit_test(round_trip),
        cmocka_unit_test(bad_headers), cmocka_unit_test(flipped_bits),
        cmocka_unit_test(misuse),      cmocka_unit_test(bad_options),
        cmocka_unit_test(sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
