// SPDX-License-Identifier: 0BSD
// Filter strings: what is read, what is refused and where, what is printed.
//
// Random strings are compared with another liblzma in tests/abi.

#include "format_help.h"

#define ALL LZMA_STR_ALL_FILTERS
#define ANY LZMA_STR_NO_VALIDATION

/* str must be read up to pos and print as want with the encoder's options. */
static void check_good(const char *str, uint32_t flags, int want_pos, const char *want)
{
    for (long left = 0;; ++left) {
        struct counter counter;
        counter_init(&counter, left);
        lzma_filter filters[LZMA_FILTERS_MAX + 1];
        int pos = -1;
        char *text = NULL;
        const char *message =
            lzma_str_to_filters(str, &pos, filters, flags, &counter.allocator);
        if (message != NULL) {
            assert_string_equal(message, "Memory allocation failed");
            assert_int_equal(counter.live, 0);
            continue;
        }
        assert_int_equal(pos, want_pos);
        const lzma_ret ret =
            lzma_str_from_filters(&text, filters, LZMA_STR_ENCODER, &counter.allocator);
        lzma_filters_free(filters, &counter.allocator);
        if (ret != LZMA_OK) {
            assert_int_equal(ret, LZMA_MEM_ERROR);
            assert_null(text);
            assert_int_equal(counter.live, 0);
            continue;
        }
        assert_string_equal(text, want);
        counter_free(&counter, text);
        assert_int_equal(counter.live, 0);
        break;
    }
}

static void check_bad(const char *str, uint32_t flags, int want_pos, const char *want)
{
    struct guard copy = guard_make(str, strlen(str) + 1);
    struct counter counter;
    counter_init(&counter, -1);
    lzma_filter filters[LZMA_FILTERS_MAX + 1] = {{77, NULL}};
    int pos = -1;
    const char *message = lzma_str_to_filters((const char *)copy.start, &pos, filters,
                                              flags, &counter.allocator);
    assert_non_null(message);
    assert_string_equal(message, want);
    assert_int_equal(pos, want_pos);
    assert_int_equal(counter.live, 0);
    assert_true(filters[0].id == 77);
    guard_free(&copy);
}

#define DEFAULTS "dict=8MiB,lc=3,lp=0,pb=2,mode=normal,nice=64,mf=bt4,depth=0"

static void good_strings(void **state)
{
    (void)state;
    check_good("6", 0, 1, "lzma2:" DEFAULTS);
    check_good("  -6  ", 0, 4, "lzma2:" DEFAULTS);
    check_good("lzma2", 0, 5, "lzma2:" DEFAULTS);
    check_good(
        "0ee", 0, 3,
        "lzma2:dict=256KiB,lc=3,lp=0,pb=2,mode=normal,nice=273,mf=bt4,depth=512");
    check_good("--x86--lzma2=", 0, 13, "x86 lzma2:" DEFAULTS);
    check_good("riscv delta:dist=256 arm64:start=4KiB lzma2", 0, 43,
               "riscv delta:dist=256 arm64:start=4KiB lzma2:" DEFAULTS);
    check_good("lzma2:,,preset=1,,dict=4096,lc=0,lp=4,pb=0,mode=normal,nice=2,mf=bt2,"
               "depth=4294967295,",
               0, 86,
               "lzma2:dict=4KiB,lc=0,lp=4,pb=0,mode=normal,nice=2,mf=bt2,"
               "depth=4294967295");
    check_good("lzma1:lc=4", ALL, 10,
               "lzma1:dict=8MiB,lc=4,lp=0,pb=2,mode=normal,nice=64,mf=bt4,depth=0");
    check_good("x86 sparc", ANY, 9, "x86 sparc");
}

static void bad_strings(void **state)
{
    (void)state;
    const char *chain = "Invalid filter chain ('lzma2' missing at the end?)";
    const char *range = "Value out of range";
    const char *pair = "Options must be 'name=value' pairs separated with commas";
    const char *suffix = "Invalid multiplier suffix (KiB, MiB, or GiB)";
    const char *empty =
        "Empty string is not allowed, try '6' if a default value is needed";
    check_bad("", 0, 0, empty);
    check_bad("  ", 0, 2, empty);
    check_bad("6x", 0, 1, "Unsupported flag in the preset");
    check_bad(" -6 e", 0, 2, "Unsupported preset");
    check_bad("foo", 0, 0, "Unknown filter name");
    check_bad("lzma2--", 0, 7, "Filter name is missing");
    check_bad("lzma1", 0, 0, "This filter cannot be used in the .xz format");
    check_bad("x86 x86 x86 x86 lzma2", 0, 16, "The maximum number of filters is four");
    check_bad("delta", 0, 5, chain);
    check_bad("lzma2 x86", 0, 9, chain);
    check_bad("lzma2:dict", 0, 6, pair);
    check_bad("lzma2:=3", 0, 6, pair);
    check_bad("lzma2:foo=3", 0, 6, "Unknown option name");
    check_bad("lzma2:dict=", 0, 11, "Option value cannot be empty");
    check_bad("lzma2:dict=4095", 0, 11, range);
    check_bad("lzma2:dict=1537MiB", 0, 11, range);
    check_bad("lzma2:dict=99999999999999999999999999", 0, 11, range);
    check_bad("lzma2:dict=4294967295GiB", 0, 11, range);
    check_bad("lzma2:dict=1T", 0, 12, suffix);
    check_bad("lzma2:dict=1mib", 0, 12, suffix);
    check_bad("lzma2:dict=x", 0, 11, "Value is not a non-negative decimal integer");
    check_bad("lzma2:lc=1K", 0, 10,
              "This option does not support any multiplier suffixes");
    check_bad("lzma2:lc=4,lp=1", 0, 15, "The sum of lc and lp must not exceed 4");
    check_bad("lzma2:mf=bt5", 0, 9, "Invalid option value");
    check_bad("lzma2:preset=e", 0, 13, "Unsupported preset");
    check_bad("lzma2:preset=10", 0, 14, "Unsupported flag in the preset");
}

static void misuse(void **state)
{
    (void)state;
    lzma_filter filters[5];
    int pos = -1;
    assert_string_equal(lzma_str_to_filters(NULL, &pos, filters, 0, NULL),
                        "Unexpected NULL pointer argument(s) to lzma_str_to_filters()");
    assert_int_equal(pos, 0);
    assert_non_null(lzma_str_to_filters("6", NULL, NULL, 0, NULL));
    assert_string_equal(lzma_str_to_filters("6", &pos, filters, 0x10, NULL),
                        "Unsupported flags to lzma_str_to_filters()");
    assert_non_null(lzma_str_to_filters("bad", NULL, filters, 0, NULL));
}

static void check_print(const lzma_filter *filters, uint32_t flags, const char *want)
{
    char *text;
    assert_int_equal(lzma_str_from_filters(&text, filters, flags, NULL), LZMA_OK);
    assert_string_equal(text, want);
    free(text);
}

static void printing(void **state)
{
    (void)state;
    lzma_options_lzma lzma = {
        .dict_size = 6144, .lc = 1, .lp = 2, .mode = 9, .mf = 0x77};
    lzma_options_delta delta = {.dist = 3};
    lzma_options_bcj bcj = {.start_offset = 0};
    const lzma_filter filters[] = {{LZMA_FILTER_DELTA, &delta},
                                   {LZMA_FILTER_POWERPC, &bcj},
                                   {LZMA_FILTER_ARM, NULL},
                                   {LZMA_FILTER_LZMA1, &lzma},
                                   {LZMA_VLI_UNKNOWN, NULL}};
    check_print(filters, 0, "delta powerpc arm lzma1");
    check_print(filters, LZMA_STR_NO_SPACES, "delta--powerpc--arm--lzma1");
    check_print(filters, LZMA_STR_GETOPT_LONG, "--delta --powerpc --arm --lzma1");
    check_print(filters, LZMA_STR_DECODER | LZMA_STR_GETOPT_LONG | LZMA_STR_NO_SPACES,
                "--delta=dist=3--powerpc--arm--lzma1=dict=6KiB,lc=1,lp=2,pb=0");
    check_print(filters, LZMA_STR_ENCODER,
                "delta:dist=3 powerpc arm lzma1:dict=6KiB,lc=1,lp=2,pb=0,mode=UNKNOWN,"
                "nice=0,mf=UNKNOWN,depth=0");
}

static void print_refuses(void **state)
{
    (void)state;
    lzma_filter filters[6] = {{LZMA_FILTER_LZMA2, NULL}, {LZMA_VLI_UNKNOWN, NULL}};
    char *text = "old";
    assert_int_equal(lzma_str_from_filters(NULL, filters, 0, NULL), LZMA_PROG_ERROR);
    assert_int_equal(lzma_str_from_filters(&text, NULL, 0, NULL), LZMA_PROG_ERROR);
    assert_null(text);
    assert_int_equal(lzma_str_from_filters(&text, filters, 1, NULL),
                     LZMA_OPTIONS_ERROR);
    assert_int_equal(lzma_str_from_filters(&text, filters, LZMA_STR_DECODER, NULL),
                     LZMA_OPTIONS_ERROR);
    filters[0].id = 0x1234;
    assert_int_equal(lzma_str_from_filters(&text, filters, 0, NULL),
                     LZMA_OPTIONS_ERROR);
    filters[0].id = LZMA_VLI_UNKNOWN;
    assert_int_equal(lzma_str_from_filters(&text, filters, 0, NULL),
                     LZMA_OPTIONS_ERROR);
    for (int i = 0; i < 5; ++i)
        filters[i].id = LZMA_FILTER_X86;
    filters[5].id = LZMA_VLI_UNKNOWN;
    assert_int_equal(lzma_str_from_filters(&text, filters, 0, NULL),
                     LZMA_OPTIONS_ERROR);
}

static void listing(void **state)
{
    (void)state;
    char *text;
    const lzma_vli all = LZMA_VLI_UNKNOWN;
    assert_int_equal(lzma_str_list_filters(&text, all, ALL, NULL), LZMA_OK);
    assert_string_equal(
        text, "lzma1 lzma2 x86 arm armthumb arm64 riscv powerpc ia64 sparc delta");
    free(text);
    assert_int_equal(
        lzma_str_list_filters(&text, LZMA_FILTER_LZMA2, LZMA_STR_DECODER, NULL),
        LZMA_OK);
    assert_string_equal(text, "lzma2:preset=<0-9[e]>,dict=<4KiB-1536MiB>");
    free(text);
    assert_int_equal(lzma_str_list_filters(&text, LZMA_FILTER_RISCV,
                                           LZMA_STR_ENCODER | LZMA_STR_GETOPT_LONG,
                                           NULL),
                     LZMA_OK);
    assert_string_equal(text, "--riscv=start=<0-4294967295>");
    free(text);
    const uint32_t most =
        ALL | LZMA_STR_ENCODER | LZMA_STR_DECODER | LZMA_STR_GETOPT_LONG;
    assert_int_equal(lzma_str_list_filters(&text, all, most, NULL), LZMA_OK);
    assert_in_range(strlen(text), 500, 799);
    free(text);
    assert_int_equal(lzma_str_list_filters(&text, 0x0C, 0, NULL), LZMA_OPTIONS_ERROR);
    assert_null(text);
    assert_int_equal(lzma_str_list_filters(&text, all, LZMA_STR_NO_SPACES, NULL),
                     LZMA_OPTIONS_ERROR);
    assert_int_equal(lzma_str_list_filters(NULL, all, 0, NULL), LZMA_PROG_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_strings),  cmocka_unit_test(bad_strings),
        cmocka_unit_test(misuse),        cmocka_unit_test(printing),
        cmocka_unit_test(print_refuses), cmocka_unit_test(listing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
