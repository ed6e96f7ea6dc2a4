// SPDX-License-Identifier: 0BSD
// Filter Flags and Filter Properties of every filter, and copies of chains.

#include "format_help.h"

static const lzma_vli bcj_ids[] = {
    LZMA_FILTER_X86,      LZMA_FILTER_POWERPC, LZMA_FILTER_IA64,  LZMA_FILTER_ARM,
    LZMA_FILTER_ARMTHUMB, LZMA_FILTER_SPARC,   LZMA_FILTER_ARM64, LZMA_FILTER_RISCV,
};

/* Encodes filter, compares with bytes, decodes every truncation and then all. Returns
   the decoded options, to be freed. */
static void *round_trip(const lzma_filter *filter, const char *bytes, uint32_t size)
{
    uint32_t got = 0;
    assert_int_equal(lzma_filter_flags_size(&got, filter), LZMA_OK);
    assert_int_equal(got, size);
    struct guard out = guard_make(NULL, size);
    size_t pos = 0;
    for (uint32_t room = 0; room < size; ++room) {
        assert_int_equal(lzma_filter_flags_encode(filter, out.start, &pos, room),
                         LZMA_PROG_ERROR);
        assert_int_equal(pos, 0);
    }
    assert_int_equal(lzma_filter_flags_encode(filter, out.start, &pos, size), LZMA_OK);
    assert_int_equal(pos, size);
    assert_memory_equal(out.start, bytes, size);

    struct counter counter;
    lzma_filter decoded;
    for (uint32_t cut = 0; cut < size; ++cut) {
        struct guard in = guard_make(bytes, cut);
        counter_init(&counter, -1);
        pos = 0;
        assert_int_equal(
            lzma_filter_flags_decode(&decoded, &counter.allocator, in.start, &pos, cut),
            LZMA_DATA_ERROR);
        assert_null(decoded.options);
        assert_int_equal(counter.live, 0);
        guard_free(&in);
    }
    if (filter->options != NULL) {
        counter_init(&counter, 0);
        pos = 0;
        assert_int_equal(lzma_filter_flags_decode(&decoded, &counter.allocator,
                                                  out.start, &pos, size),
                         LZMA_MEM_ERROR);
        assert_null(decoded.options);
    }
    pos = 0;
    assert_int_equal(lzma_filter_flags_decode(&decoded, NULL, out.start, &pos, size),
                     LZMA_OK);
    assert_int_equal(pos, size);
    assert_true(decoded.id == filter->id);
    guard_free(&out);
    return decoded.options;
}

static void lzma2(void **state)
{
    (void)state;
    static const struct {
        uint32_t dict_size;
        uint32_t stored_size;
        char byte;
    } cases[] = {
        {0, 4096, 0},
        {4096, 4096, 0},
        {4097, 6144, 1},
        {6145, 8192, 2},
        {8 << 20, 8 << 20, 22},
        {(8 << 20) + 1, 12 << 20, 23},
        {UINT32_C(3) << 30, UINT32_C(3) << 30, 39},
        {(UINT32_C(3) << 30) + 1, UINT32_MAX, 40},
        {UINT32_MAX, UINT32_MAX, 40},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
        lzma_options_lzma options = {.dict_size = cases[i].dict_size};
        lzma_filter filter = {LZMA_FILTER_LZMA2, &options};
        const char bytes[3] = {0x21, 1, cases[i].byte};
        lzma_options_lzma *decoded = round_trip(&filter, bytes, 3);
        assert_int_equal(decoded->dict_size, cases[i].stored_size);
        assert_null(decoded->preset_dict);
        free(decoded);
    }
    lzma_filter filter = {LZMA_FILTER_LZMA2, NULL};
    for (unsigned byte = 41; byte < 256; ++byte) {
        const uint8_t props = (uint8_t)byte;
        assert_int_equal(lzma_properties_decode(&filter, NULL, &props, 1),
                         LZMA_OPTIONS_ERROR);
    }
    uint8_t unused;
    assert_int_equal(lzma_properties_encode(&filter, &unused), LZMA_PROG_ERROR);
}

static void delta(void **state)
{
    (void)state;
    for (uint32_t dist = 1; dist <= 256; ++dist) {
        lzma_options_delta options = {.type = LZMA_DELTA_TYPE_BYTE, .dist = dist};
        lzma_filter filter = {LZMA_FILTER_DELTA, &options};
        const char bytes[3] = {3, 1, (char)(dist - 1)};
        lzma_options_delta *decoded = round_trip(&filter, bytes, 3);
        assert_int_equal(decoded->dist, dist);
        assert_int_equal(decoded->type, LZMA_DELTA_TYPE_BYTE);
        free(decoded);
    }
    uint8_t unused;
    const uint32_t bad[] = {0, 257, UINT32_MAX};
    for (size_t i = 0; i < 3; ++i) {
        lzma_options_delta options = {.type = LZMA_DELTA_TYPE_BYTE, .dist = bad[i]};
        lzma_filter filter = {LZMA_FILTER_DELTA, &options};
        assert_int_equal(lzma_properties_encode(&filter, &unused), LZMA_PROG_ERROR);
    }
}

static void bcj(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(bcj_ids) / sizeof(bcj_ids[0]); ++i) {
        const char id = (char)bcj_ids[i];
        lzma_filter filter = {bcj_ids[i], NULL};
        const char without[2] = {id, 0};
        assert_null(round_trip(&filter, without, 2));
        lzma_options_bcj options = {.start_offset = 0x12345670};
        filter.options = &options;
        const char with[6] = {id, 4, 0x70, 0x56, 0x34, 0x12};
        lzma_options_bcj *decoded = round_trip(&filter, with, 6);
        assert_int_equal(decoded->start_offset, 0x12345670);
        free(decoded);

        lzma_filter zero = {bcj_ids[i], &options};
        assert_int_equal(
            lzma_properties_decode(&zero, NULL, (const uint8_t *)"\0\0\0", 4), LZMA_OK);
        assert_null(zero.options);
    }
}

static void lzma1(void **state)
{
    (void)state;
    const lzma_vli ids[] = {LZMA_FILTER_LZMA1, LZMA_FILTER_LZMA1EXT};
    for (size_t i = 0; i < 2; ++i) {
        lzma_options_lzma options = {.dict_size = 0x01020304, .lc = 3, .pb = 2};
        lzma_filter filter = {ids[i], &options};
        uint32_t size;
        uint8_t props[5];
        assert_int_equal(lzma_properties_size(&size, &filter), LZMA_OK);
        assert_int_equal(size, 5);
        assert_int_equal(lzma_properties_encode(&filter, props), LZMA_OK);
        assert_memory_equal(props, "\x5D\x04\x03\x02\x01", 5);
        assert_int_equal(lzma_filter_flags_size(&size, &filter), LZMA_PROG_ERROR);

        filter.options = NULL;
        assert_int_equal(lzma_properties_decode(&filter, NULL, props, 5), LZMA_OK);
        const lzma_options_lzma *decoded = filter.options;
        assert_int_equal(decoded->dict_size, 0x01020304);
        assert_true(decoded->lc == 3 && decoded->lp == 0 && decoded->pb == 2);
        free(filter.options);
        options.lp = 2;
        filter.options = &options;
        assert_int_equal(lzma_properties_encode(&filter, props), LZMA_PROG_ERROR);
    }
}

/* The properties byte: exactly lc + lp <= 4 and pb <= 4 are accepted, and come back. */
static void lclppb(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; ++byte) {
        uint8_t props[5] = {(uint8_t)byte};
        lzma_filter filter = {LZMA_FILTER_LZMA1, NULL};
        const lzma_ret ret = lzma_properties_decode(&filter, NULL, props, 5);
        const bool is_valid = byte < 225 && byte % 9 + byte / 9 % 5 <= 4;
        assert_int_equal(ret, is_valid ? LZMA_OK : LZMA_OPTIONS_ERROR);
        if (!is_valid)
            continue;
        uint8_t again[5];
        assert_int_equal(lzma_properties_encode(&filter, again), LZMA_OK);
        assert_memory_equal(again, props, 5);
        free(filter.options);
    }
}

static void unknown_filters(void **state)
{
    (void)state;
    uint32_t size;
    uint8_t buf[32];
    size_t pos = 0;
    lzma_filter filter = {0x0C, NULL};
    assert_int_equal(lzma_properties_size(&size, &filter), LZMA_OPTIONS_ERROR);
    assert_int_equal(lzma_filter_flags_size(&size, &filter), LZMA_OPTIONS_ERROR);
    assert_int_equal(lzma_filter_flags_encode(&filter, buf, &pos, 32),
                     LZMA_OPTIONS_ERROR);
    assert_int_equal(lzma_properties_encode(&filter, buf), LZMA_PROG_ERROR);
    assert_int_equal(lzma_properties_decode(&filter, NULL, buf, 0), LZMA_OPTIONS_ERROR);
    filter.id = LZMA_VLI_UNKNOWN;
    assert_int_equal(lzma_properties_size(&size, &filter), LZMA_PROG_ERROR);
    assert_int_equal(lzma_filter_flags_size(&size, &filter), LZMA_PROG_ERROR);
}

static void reserved_id(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                    0x40, 0x05, 0x5D, 0,    0,    0,    0};
    lzma_filter filter;
    size_t pos = 0;
    assert_int_equal(
        lzma_filter_flags_decode(&filter, NULL, bytes, &pos, sizeof(bytes)),
        LZMA_DATA_ERROR);
    pos = 0;
    const uint8_t too_long[] = {0x21, 0xFF, 0xFF, 0xFF, 0xFF,
                                0xFF, 0xFF, 0xFF, 0xFF, 0x7F};
    assert_int_equal(
        lzma_filter_flags_decode(&filter, NULL, too_long, &pos, sizeof(too_long)),
        LZMA_DATA_ERROR);
}

static void copy_and_free(void **state)
{
    (void)state;
    lzma_options_lzma lzma = {.dict_size = 77, .lc = 1};
    lzma_options_delta delta_options = {.dist = 5};
    const lzma_filter src[] = {
        {LZMA_FILTER_DELTA, &delta_options}, {LZMA_FILTER_X86, NULL},  {0x1234, NULL},
        {LZMA_FILTER_LZMA2, &lzma},          {LZMA_VLI_UNKNOWN, NULL},
    };
    for (long left = 0;; ++left) {
        struct counter counter;
        counter_init(&counter, left);
        lzma_filter dest[5];
        memset(dest, 0x55, sizeof(dest));
        const lzma_ret ret = lzma_filters_copy(src, dest, &counter.allocator);
        if (ret != LZMA_OK) {
            lzma_filter untouched[5];
            memset(untouched, 0x55, sizeof(untouched));
            assert_int_equal(ret, LZMA_MEM_ERROR);
            assert_int_equal(counter.live, 0);
            assert_memory_equal(dest, untouched, sizeof(dest));
            continue;
        }
        assert_int_equal(left, 2);
        assert_memory_equal(dest[0].options, &delta_options, sizeof(delta_options));
        assert_memory_equal(dest[3].options, &lzma, sizeof(lzma));
        assert_true(dest[2].id == 0x1234 && dest[4].id == LZMA_VLI_UNKNOWN);
        lzma_filters_free(dest, &counter.allocator);
        assert_int_equal(counter.live, 0);
        for (int i = 0; i < 5; ++i)
            assert_true(dest[i].id == LZMA_VLI_UNKNOWN && dest[i].options == NULL);
        break;
    }
    lzma_filters_free(NULL, NULL);
}

static void copy_refuses(void **state)
{
    (void)state;
    lzma_options_bcj options = {0};
    lzma_filter dest[5];
    lzma_filter src[6] = {{0x1234, &options}, {LZMA_VLI_UNKNOWN, NULL}};
    assert_int_equal(lzma_filters_copy(src, dest, NULL), LZMA_OPTIONS_ERROR);
    assert_int_equal(lzma_filters_copy(NULL, dest, NULL), LZMA_PROG_ERROR);
    assert_int_equal(lzma_filters_copy(src, NULL, NULL), LZMA_PROG_ERROR);
    for (int i = 0; i < 5; ++i)
        src[i] = (lzma_filter){LZMA_FILTER_X86, &options};
    src[5].id = LZMA_VLI_UNKNOWN;
    struct counter counter;
    counter_init(&counter, -1);
    assert_int_equal(lzma_filters_copy(src, dest, &counter.allocator),
                     LZMA_OPTIONS_ERROR);
    assert_int_equal(counter.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lzma2),        cmocka_unit_test(delta),
        cmocka_unit_test(bcj),          cmocka_unit_test(lzma1),
        cmocka_unit_test(lclppb),       cmocka_unit_test(unknown_filters),
        cmocka_unit_test(reserved_id),  cmocka_unit_test(copy_and_free),
        cmocka_unit_test(copy_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
