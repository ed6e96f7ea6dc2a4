// SPDX-License-Identifier: 0BSD
// Options of xz that have an argument: sizes, limits, threads, formats, lists.

#include "command_line.h"

static void block_list(void **state)
{
    (void)state;
    struct command command;
    const struct xz_options *options =
        accept(&command, "xz --block-list=7 --filters2=x86~lzma2 "
                         "--block-list=1KiB,,2:3,,0:5m,max,,0");
    static const struct xz_block_entry want[] = {
        {1024, 0},    {1024, 0},       {3, 2},          {3, 2},
        {5 << 20, 0}, {UINT64_MAX, 0}, {UINT64_MAX, 0}, {UINT64_MAX, 0},
    };
    assert_int_equal(options->block_count, ARRAY_COUNT(want));
    for (size_t i = 0; i < ARRAY_COUNT(want); i++) {
        assert_true(options->blocks[i].size == want[i].size);
        assert_int_equal(options->blocks[i].chain, want[i].chain);
    }
    xz_options_free(&command.options);

    static const struct refusal refusals[] = {
        {"xz --block-list=", "--block-list: item 1, '': the first size is missing"},
        {"xz --block-list=,1", "--block-list: item 1, '': the first size is missing"},
        {"xz --block-list=0,1",
         "--block-list: item 1, '0': 0 can only be the last size"},
        {"xz --block-list=0,",
         "--block-list: item 1, '0': 0 can only be the last size"},
        {"xz --block-list=1,x",
         "--block-list: item 2, 'x': not a non-negative decimal integer"},
        {"xz --block-list=1:",
         "--block-list: item 1, '1:': not a non-negative decimal integer"},
        {"xz --block-list=10:5",
         "--block-list: item 1, '10:5': unknown suffix; KiB (2^10), MiB "
         "(2^20) and GiB (2^30) are known"},
        {"xz --block-list=-1",
         "--block-list: item 1, '-1': not a non-negative decimal integer"},
        {"xz --block-list=18446744073709551616",
         "--block-list: item 1, '18446744073709551616': the value is too big"},
        {"xz --block-list=1,4:1",
         "--block-list uses chain 4, but there is no --filters4"},
        {"xz --block-list", "option '--block-list' requires an argument"},
    };
    check_refusals(refusals, ARRAY_COUNT(refusals));

    /* Chains do not matter where no Blocks are made. */
    accept(&command, "xz -d --block-list=4:1");
    xz_options_free(&command.options);
    accept(&command, "xz -Flzma --block-list=4:1");
    xz_options_free(&command.options);
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        uint64_t block_size;
    } cases[] = {
        {"xz --block-size=0", 0},
        {"xz --block-size=1", 1},
        {"xz --block-size 4k", 4096},
        {"xz --block-size=4KiB", 4096},
        {"xz --block-size=3M", 3 << 20},
        {"xz --block-size=3MiB", 3 << 20},
        {"xz --block-size=2G", UINT64_C(2) << 30},
        {"xz --block-size=1 --block-size=2", 2},
        {"xz --block-size=max", LZMA_VLI_MAX},
        {"xz --block-size=9223372036854775807", LZMA_VLI_MAX},
    };
    struct command command;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_true(accept(&command, cases[i].line)->block_size == cases[i].block_size);
        xz_options_free(&command.options);
    }
    assert_int_equal(accept(&command, "xz --flush-timeout=250")->flush_timeout, 250);
    assert_false(xz_options_want_mt(&command.options));
    xz_options_free(&command.options);

    static const struct refusal refusals[] = {
        {"xz --block-size=9223372036854775808",
         "--block-size=9223372036854775808: the value is too big"},
        {"xz --block-size=8589934592G",
         "--block-size=8589934592G: the value is too big"},
        {"xz --block-size=99999999999999999999",
         "--block-size=99999999999999999999: the value is too big"},
        {"xz --block-size=1T", "--block-size=1T: unknown suffix; KiB (2^10), MiB "
                               "(2^20) and GiB (2^30) are known"},
        {"xz --block-size=", "--block-size=: not a non-negative decimal integer"},
        {"xz --block-size=-1", "--block-size=-1: not a non-negative decimal integer"},
        {"xz --block-size=0x10", "--block-size=0x10: unknown suffix; KiB (2^10), MiB "
                                 "(2^20) and GiB (2^30) are known"},
        {"xz --flush-timeout=soon",
         "--flush-timeout=soon: not a non-negative decimal integer"},
    };
    check_refusals(refusals, ARRAY_COUNT(refusals));
}

static void memory_limits(void **state)
{
    (void)state;
    enum { COMPRESS = 1, DECOMPRESS = 2, MT_DECOMPRESS = 4, ALL = 7 };
    static const struct {
        const char *line;
        unsigned which;
        struct xz_memory_limit limit;
    } cases[] = {
        {"xz -M 12345", ALL, {12345, false}},
        {"xz -M64MiB", ALL, {64 << 20, false}},
        {"xz --memlimit=1%", ALL, {1, true}},
        {"xz --memory=100%", ALL, {100, true}},
        {"xz --memory=max", ALL, {UINT64_MAX, false}},
        {"xz -M5% -M0", ALL, {0, false}},
        {"xz --memlimit-compress=3g", COMPRESS, {UINT64_C(3) << 30, false}},
        {"xz --memlimit-decompress=50%", DECOMPRESS, {50, true}},
        {"xz --memlimit-mt-decompress=max", MT_DECOMPRESS, {UINT64_MAX, false}},
        {"xz --memlimit-compress=40% -M9", ALL, {9, false}},
    };
    struct command command;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const struct xz_options *options = accept(&command, cases[i].line);
        const struct xz_memory_limit limits[] = {options->limit_compress,
                                                 options->limit_decompress,
                                                 options->limit_mt_decompress};
        for (unsigned j = 0; j < 3; j++) {
            bool given = (cases[i].which >> j & 1) != 0;
            if (limits[j].amount != (given ? cases[i].limit.amount : 0)
                || limits[j].is_percent != (given && cases[i].limit.is_percent))
                fail_msg("%s: wrong limit %u", cases[i].line, j);
        }
        xz_options_free(&command.options);
    }

    static const struct refusal refusals[] = {
        {"xz -M101%", "--memlimit=101%: a percentage is 1 to 100"},
        {"xz --memory=0%", "--memlimit=0%: a percentage is 1 to 100"},
        {"xz --memlimit=%", "--memlimit=%: a percentage is 1 to 100"},
        {"xz --memlimit-compress=x%",
         "--memlimit-compress=x%: a percentage is 1 to 100"},
        {"xz --memlimit-decompress=1X", "--memlimit-decompress=1X: unknown suffix; KiB "
                                        "(2^10), MiB (2^20) and GiB (2^30) are known"},
        {"xz --memlimit-mt-decompress=17179869184G",
         "--memlimit-mt-decompress=17179869184G: the value is too big"},
        {"xz -M", "option requires an argument -- 'M'"},
    };
    check_refusals(refusals, ARRAY_COUNT(refusals));
}

static void threads(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        uint32_t threads;
        bool force_mt, want_mt;
    } cases[] = {
        {"xz -T0", 0, false, true},
        {"xz -T 1", 1, false, false},
        {"xz -T+1", 1, true, true},
        {"xz -T+1 -T1", 1, false, false},
        {"xz -T+0", 0, false, true},
        {"xz -T+4", 4, false, true},
        {"xz --threads=16384", 16384, false, true},
        {"xz --threads max", 16384, false, true},
        {"xz -T4 -d", 4, false, false},
        {"xz -T4 -Flzma", 4, false, false},
        {"xz -T4 --flush-timeout=1", 4, false, false},
    };
    struct command command;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const struct xz_options *options = accept(&command, cases[i].line);
        if (options->threads != cases[i].threads
            || options->threads_force_mt != cases[i].force_mt
            || xz_options_want_mt(options) != cases[i].want_mt)
            fail_msg("%s: %u threads", cases[i].line, (unsigned)options->threads);
        xz_options_free(&command.options);
    }

    static const struct refusal refusals[] = {
        {"xz -T16385", "--threads=16385: the value is too big"},
        {"xz -T+16385", "--threads=16385: the value is too big"},
        {"xz -T-1", "--threads=-1: not a non-negative decimal integer"},
        {"xz -T++1", "--threads=+1: not a non-negative decimal integer"},
        {"xz --threads=", "--threads=: not a non-negative decimal integer"},
        {"xz -T", "option requires an argument -- 'T'"},
    };
    check_refusals(refusals, ARRAY_COUNT(refusals));
}

static void formats_and_checks(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum xz_format format;
        lzma_check check;
    } cases[] = {
        {"xz -Fauto", XZ_FORMAT_XZ, LZMA_CHECK_CRC64},
        {"xz -d -F auto", XZ_FORMAT_AUTO, LZMA_CHECK_CRC64},
        {"xz --format=xz -Cnone", XZ_FORMAT_XZ, LZMA_CHECK_NONE},
        {"xz --format=lzma --check=crc32", XZ_FORMAT_LZMA, LZMA_CHECK_CRC32},
        {"xz --format alone -C sha256", XZ_FORMAT_LZMA, LZMA_CHECK_SHA256},
        {"xz -dFlzip -Csha256 -Ccrc64", XZ_FORMAT_LZIP, LZMA_CHECK_CRC64},
        {"xz -Fraw", XZ_FORMAT_RAW, LZMA_CHECK_CRC64},
        {"lzcat -Fraw -Fxz", XZ_FORMAT_XZ, LZMA_CHECK_CRC64},
    };
    struct command command;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const struct xz_options *options = accept(&command, cases[i].line);
        assert_int_equal(options->format, cases[i].format);
        assert_int_equal(options->check, cases[i].check);
        xz_options_free(&command.options);
    }

    static const struct refusal refusals[] = {
        {"xz -Fgzip", "gzip: unknown file format"},
        {"xz --format=XZ", "XZ: unknown file format"},
        {"xz --format=", ": unknown file format"},
        {"xz -Cmd5", "md5: unknown integrity check"},
        {"xz --check=crc", "crc: unknown integrity check"},
        {"xz -C", "option requires an argument -- 'C'"},
    };
    check_refusals(refusals, ARRAY_COUNT(refusals));
}

static void suffix_and_lists(void **state)
{
    (void)state;
    struct command command;
    const struct xz_options *options =
        accept(&command, "xz -S .a --suffix=b --files0=names");
    assert_string_equal(options->suffix, "b");
    assert_true(options->names_from_file);
    assert_string_equal(options->names_file, "names");
    assert_int_equal(options->names_terminator, '\0');
    xz_options_free(&command.options);

    /* The argument of --files is optional, so it must be joined. */
    options = accept(&command, "xz --files names");
    assert_true(options->names_from_file && options->names_file == NULL);
    assert_int_equal(options->names_terminator, '\n');
    assert_int_equal(options->operand_count, 1);
    xz_options_free(&command.options);

    static const struct refusal refusals[] = {
        {"xz --suffix=", ": invalid filename suffix"},
        {"xz -S a/b", "a/b: invalid filename suffix"},
        {"xz -S/", "/: invalid filename suffix"},
        {"xz --files --files0",
         "--files, --files0: only one of them can be given, once"},
        {"xz --files=a --files=b",
         "--files, --files0: only one of them can be given, once"},
    };
    check_refusals(refusals, ARRAY_COUNT(refusals));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(block_list),         cmocka_unit_test(numbers),
        cmocka_unit_test(memory_limits),      cmocka_unit_test(threads),
        cmocka_unit_test(formats_and_checks), cmocka_unit_test(suffix_and_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
