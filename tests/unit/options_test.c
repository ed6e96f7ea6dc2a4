// SPDX-License-Identifier: 0BSD
// The command line of xz as a struct: modes, names, filters, operands, combinations.

#include "command_line.h"

/* Filters of a chain as the library writes them, options of the encoder included. */
static void check_chain(const struct xz_options *options, size_t index,
                        const char *want)
{
    char *text = NULL;
    assert_int_equal(lzma_str_from_filters(&text, options->chains[index].filters,
                                           LZMA_STR_ENCODER, NULL),
                     LZMA_OK);
    assert_string_equal(text, want);
    free(text);
}

/* The only filter of chain 0 is the LZMA2 of a preset. */
static void check_preset(const char *line, uint32_t preset)
{
    struct command command;
    lzma_options_lzma want;
    const struct xz_options *options = accept(&command, line);
    const struct xz_chain *chain = &options->chains[0];
    assert_false(lzma_lzma_preset(&want, preset));
    if (options->preset != preset || !options->preset_is_used)
        fail_msg("%s: preset is %x", line, (unsigned)options->preset);
    assert_int_equal(chain->count, 1);
    const lzma_options_lzma *is = chain->filters[0].options;
    assert_int_equal(is->dict_size, want.dict_size);
    assert_int_equal(is->nice_len, want.nice_len);
    assert_int_equal(is->depth, want.depth);
    assert_int_equal(is->mf, want.mf);
    xz_options_free(&command.options);
}

static void defaults(void **state)
{
    (void)state;
    struct command command;
    const struct xz_options *options = accept(&command, "xz");
    assert_int_equal(options->action, XZ_ACTION_RUN);
    assert_int_equal(options->mode, XZ_MODE_COMPRESS);
    assert_int_equal(options->format, XZ_FORMAT_XZ);
    assert_false(options->keep || options->force || options->to_stdout);
    assert_false(options->single_stream || options->ignore_check || options->robot);
    assert_false(options->no_warn || options->names_from_file);
    assert_true(options->sparse && options->sync && options->adjust);
    assert_int_equal(options->verbosity, 2);
    assert_null(options->suffix);
    assert_int_equal(options->check, LZMA_CHECK_CRC64);
    assert_false(options->check_is_set);
    assert_true(options->block_size == 0 && options->flush_timeout == 0);
    assert_null(options->blocks);
    assert_int_equal(options->threads, 0);
    assert_true(xz_options_want_mt(options));
    assert_true(options->limit_compress.amount == 0);
    assert_int_equal(options->operand_count, 0);
    xz_options_free(&command.options);
    check_preset("xz", 6);
}

static void names_of_the_program(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum xz_mode mode;
        enum xz_format format;
        bool to_stdout;
    } names[] = {
        {"xz", XZ_MODE_COMPRESS, XZ_FORMAT_XZ, false},
        {"gzip", XZ_MODE_COMPRESS, XZ_FORMAT_XZ, false},
        {"unxz", XZ_MODE_DECOMPRESS, XZ_FORMAT_AUTO, false},
        {"xzcat", XZ_MODE_DECOMPRESS, XZ_FORMAT_AUTO, true},
        {"lzma", XZ_MODE_COMPRESS, XZ_FORMAT_LZMA, false},
        {"unlzma", XZ_MODE_DECOMPRESS, XZ_FORMAT_LZMA, false},
        {"lzcat", XZ_MODE_DECOMPRESS, XZ_FORMAT_LZMA, true},
        {"/usr/bin/unxz", XZ_MODE_DECOMPRESS, XZ_FORMAT_AUTO, false},
        {"/opt/unxz/xz", XZ_MODE_COMPRESS, XZ_FORMAT_XZ, false},
        {"./x86-xzcat-5.exe", XZ_MODE_DECOMPRESS, XZ_FORMAT_AUTO, true},
        {"/", XZ_MODE_COMPRESS, XZ_FORMAT_XZ, false},
    };
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct command command;
        const struct xz_options *options = accept(&command, names[i].name);
        assert_int_equal(options->mode, names[i].mode);
        assert_int_equal(options->format, names[i].format);
        assert_int_equal(options->to_stdout, names[i].to_stdout);
        assert_int_equal(options->keep, names[i].to_stdout);
        xz_options_free(&command.options);
    }
}

/* Options win over the name, and of several the last one. */
static void modes(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum xz_mode mode;
        bool to_stdout, keep;
    } cases[] = {
        {"xz -z", XZ_MODE_COMPRESS, false, false},
        {"xz -d", XZ_MODE_DECOMPRESS, false, false},
        {"xz -t", XZ_MODE_TEST, true, true},
        {"xz -l", XZ_MODE_LIST, true, true},
        {"xz --compress", XZ_MODE_COMPRESS, false, false},
        {"xz --decompress", XZ_MODE_DECOMPRESS, false, false},
        {"xz --uncompress", XZ_MODE_DECOMPRESS, false, false},
        {"xz --test", XZ_MODE_TEST, true, true},
        {"xz --list", XZ_MODE_LIST, true, true},
        {"xz -dz", XZ_MODE_COMPRESS, false, false},
        {"xz -tld", XZ_MODE_DECOMPRESS, false, false},
        {"xz -d -z -l --test", XZ_MODE_TEST, true, true},
        {"xz --list file -d", XZ_MODE_DECOMPRESS, false, false},
        {"unxz -z", XZ_MODE_COMPRESS, false, false},
        {"xzcat -z", XZ_MODE_COMPRESS, true, true},
        {"xz -dc", XZ_MODE_DECOMPRESS, true, true},
        {"xz --stdout", XZ_MODE_COMPRESS, true, true},
        {"xz --to-stdout", XZ_MODE_COMPRESS, true, true},
        {"xz -d --single-stream", XZ_MODE_DECOMPRESS, false, true},
        {"xz --single-stream", XZ_MODE_COMPRESS, false, false},
        {"xz -k", XZ_MODE_COMPRESS, false, true},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct command command;
        const struct xz_options *options = accept(&command, cases[i].line);
        if (options->mode != cases[i].mode || options->keep != cases[i].keep
            || options->to_stdout != cases[i].to_stdout)
            fail_msg("%s: wrong mode, stdout or keep", cases[i].line);
        xz_options_free(&command.options);
    }
}

static void switches(void **state)
{
    (void)state;
    struct command command;
    const struct xz_options *options =
        accept(&command, "xz -dkfQvvvv --no-sparse --no-sync --ignore-check "
                         "--single-stream --no-adjust");
    assert_true(options->keep && options->force && options->no_warn);
    assert_true(options->ignore_check && options->single_stream);
    assert_false(options->sparse || options->sync || options->adjust);
    assert_int_equal(options->verbosity, 4);
    xz_options_free(&command.options);

    options = accept(&command, "xz --quiet -q -qq --verbose --force --keep --no-warn");
    assert_int_equal(options->verbosity, 1);
    assert_true(options->force && options->keep && options->no_warn);
    xz_options_free(&command.options);
}

/* They end the parsing, so that what is wrong behind them does not matter. */
static void actions(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum xz_action action;
    } cases[] = {
        {"xz -h", XZ_ACTION_HELP},
        {"xz --help --wrong", XZ_ACTION_HELP},
        {"xz -H", XZ_ACTION_LONG_HELP},
        {"xz --long-help -T-1", XZ_ACTION_LONG_HELP},
        {"xz -V", XZ_ACTION_VERSION},
        {"xz --robot --version", XZ_ACTION_VERSION},
        {"xz --robot --info-memory -d", XZ_ACTION_INFO_MEMORY},
        {"xz --robot --filters-help", XZ_ACTION_FILTERS_HELP},
        {"xz -Vh", XZ_ACTION_VERSION},
        {"xz -- -V", XZ_ACTION_RUN},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct command command;
        assert_int_equal(accept(&command, cases[i].line)->action, cases[i].action);
        xz_options_free(&command.options);
    }
}

static void presets(void **state)
{
    (void)state;
    const uint32_t extreme = LZMA_PRESET_EXTREME;
    check_preset("xz -0", 0);
    check_preset("xz -9", 9);
    check_preset("xz -1 -3 -2", 2);
    check_preset("xz -e", 6 | extreme);
    check_preset("xz -e9", 9 | extreme);
    check_preset("xz -9e", 9 | extreme);
    check_preset("xz -9 -e -1", 1 | extreme);
    check_preset("xz --extreme -4", 4 | extreme);
    check_preset("xz --fast", 0);
    check_preset("xz --best", 9);
    check_preset("xz --best -5 --fast", 0);
    check_preset("xz -d --format=raw -S .x -2", 2);
}

#define PRESET_6 "lzma2:dict=8MiB,lc=3,lp=0,pb=2,mode=normal,nice=64,mf=bt4,depth=0"

/* A preset drops the filters before it; filters drop the presets before them. */
static void filters_and_presets(void **state)
{
    (void)state;
    check_preset("xz --x86 --lzma2 -3", 3);
    check_preset("xz --lzma2=preset=9 -e", 6 | LZMA_PRESET_EXTREME);
    check_preset("xz -9e --lzma2 -1", 1);
    check_preset("xz --filters=x86~lzma2 -7", 7);
    check_preset("xz -9e --filters=lzma2 -e", 6 | LZMA_PRESET_EXTREME);

    static const struct {
        const char *line;
        const char *chain;
    } cases[] = {
        {"xz -9 --lzma2", PRESET_6},
        {"xz -9e --lzma2=", PRESET_6},
        {"xz -1 --filters=6", PRESET_6},
        {"xz --filters=-6", PRESET_6},
        {"xz --delta --lzma2 --filters lzma2", PRESET_6},
        {"xz --lzma2=dict=1MiB -3 --x86 --lzma2", "x86 " PRESET_6},
        {"xz --x86=start=4KiB --delta=dist=256 --lzma2",
         "x86:start=4KiB delta:dist=256 " PRESET_6},
        {"xz --powerpc --ia64 --sparc --lzma2", "powerpc ia64 sparc " PRESET_6},
        {"xz --arm --armthumb --arm64 --lzma2", "arm armthumb arm64 " PRESET_6},
        {"xz --riscv --filters=x86~lzma2 -e --riscv --lzma2", "riscv " PRESET_6},
        {"xz --filters=delta~lzma2 --filters=arm64~lzma2", "arm64 " PRESET_6},
        {"xz --lzma2=,dict=4KiB,,lc=0,lp=4,pb=0,mode=fast,nice=2,mf=hc3,depth=max,",
         "lzma2:dict=4KiB,lc=0,lp=4,pb=0,mode=fast,nice=2,mf=hc3,depth=4294967295"},
        {"xz --lzma2=lc=1,preset=6", PRESET_6},
        {"xz -Flzma --lzma1=dict=max",
         "lzma1:dict=1536MiB,lc=3,lp=0,pb=2,mode=normal,nice=64,mf=bt4,depth=0"},
        {"lzma", "lzma1:dict=8MiB,lc=3,lp=0,pb=2,mode=normal,nice=64,mf=bt4,depth=0"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct command command;
        check_chain(accept(&command, cases[i].line), 0, cases[i].chain);
        xz_options_free(&command.options);
    }
}

/* --filters1 to 9 stand beside chain 0, which presets make; the last of each wins. */
static void numbered_chains(void **state)
{
    (void)state;
    struct command command;
    const struct xz_options *options = accept(
        &command, "xz --filters1=x86~lzma2 --filters9=arm~lzma2 --filters2=lzma1 "
                  "--filters1=delta~lzma2 -6 --block-list=1:1MiB,9:2MiB,,3");
    check_chain(options, 0, PRESET_6);
    check_chain(options, 1, "delta:dist=1 " PRESET_6);
    check_chain(options, 9, "arm " PRESET_6);
    xz_options_free(&command.options);
}

static void wrong_filters(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"xz --lzma2=dict",
         "dict: options must be name=value pairs separated with commas"},
        {"xz --lzma2=dict=",
         "dict=: options must be name=value pairs separated with commas"},
        {"xz --x86=dict=1", "dict: unknown option of the filter"},
        {"xz --lzma2==1", ": unknown option of the filter"},
        {"xz --delta=dist=0", "dist=0: the value is too small (it must be 1 to 256)"},
        {"xz --delta=dist=257", "dist=257: the value is too big (it must be 1 to 256)"},
        {"xz --lzma2=dict=1537MiB",
         "dict=1537MiB: the value is too big (it must be 4096 to 1610612736)"},
        {"xz --lzma2=lc=x",
         "lc=x: not a non-negative decimal integer (it must be 0 to 4)"},
        {"xz --lzma2=lc=3,lp=2", "the sum of lc and lp must not exceed 4"},
        {"xz --lzma2=mf=bt5", "mf=bt5: unknown value"},
        {"xz --lzma2=mode=", "mode=: options must be name=value pairs separated with "
                             "commas"},
        {"xz --lzma2=preset=10", "preset=10: not a preset; 0 to 9 and 0e to 9e are"},
        {"xz --lzma2=preset=e", "preset=e: not a preset; 0 to 9 and 0e to 9e are"},
        {"xz --x86 --x86 --x86 --x86 --lzma2", "a chain has at most four filters"},
        {"xz --x86", "Unsupported filter chain or filter options"},
        {"xz --lzma2 --x86", "Unsupported filter chain or filter options"},
        {"xz --lzma1", "LZMA1 cannot be used with the .xz format"},
        {"xz -Flzma --lzma2", "The .lzma format supports only the LZMA1 filter"},
        {"xz -Flzma --x86 --lzma1", "The .lzma format supports only the LZMA1 filter"},
        {"xz --filters=", "--filters=: at position 1: Empty string is not allowed, "
                          "try '6' if a default value is needed"},
        {"xz --filters=x86~foo",
         "--filters=x86 foo: at position 5: Unknown filter name"},
        {"xz --filters3=lzma2:lc=5",
         "--filters3=lzma2:lc=5: at position 10: Value out of range"},
        {"xz --filters1=lzma1 --block-list=1:5",
         "LZMA1 cannot be used with the .xz format"},
        {"xz --filters", "option '--filters' requires an argument"},
    };
    check_refusals(refusals, ARRAY_COUNT(refusals));
}

/* A beginning will do while one meaning remains; a whole name beats longer ones. */
static void abbreviations(void **state)
{
    (void)state;
    struct command command;
    const struct xz_options *options =
        accept(&command, "xz --dec --k --st --th=3 --memo=5 --form xz --no-sp --su=.y "
                         "--ig --files=list --filters=x86~lzma2 --uncomp");
    assert_int_equal(options->mode, XZ_MODE_DECOMPRESS);
    assert_true(options->keep && options->to_stdout && options->ignore_check);
    assert_int_equal(options->threads, 3);
    assert_true(options->limit_mt_decompress.amount == 5);
    assert_int_equal(options->format, XZ_FORMAT_XZ);
    assert_false(options->sparse);
    assert_string_equal(options->suffix, ".y");
    assert_string_equal(options->names_file, "list");
    assert_int_equal(options->chains[0].count, 2);
    xz_options_free(&command.options);

    static const struct refusal refusals[] = {
        {"xz --de", "option '--de' is ambiguous; it could be '--decompress' '--delta'"},
        {"xz --meml=1", "option '--meml' is ambiguous; it could be "
                        "'--memlimit-compress' '--memlimit-decompress' "
                        "'--memlimit-mt-decompress' '--memlimit'"},
        {"xz --file", "option '--file' is ambiguous; it could be '--files' '--files0'"},
        {"xz --no-s", "option '--no-s' is ambiguous; it could be '--no-sparse' "
                      "'--no-sync'"},
        {"xz --ve", "option '--ve' is ambiguous; it could be '--verbose' '--version'"},
        {"xz --c=1", "option '--c' is ambiguous; it could be '--compress' '--check'"},
    };
    check_refusals(refusals, ARRAY_COUNT(refusals));
}

static void unknown_options(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"xz --wrong", "unrecognized option '--wrong'"},
        {"xz --wrong=5", "unrecognized option '--wrong'"},
        {"xz --filters0=6", "unrecognized option '--filters0'"},
        {"xz --keeper", "unrecognized option '--keeper'"},
        {"xz --Keep", "unrecognized option '--Keep'"},
        {"xz -w", "invalid option -- 'w'"},
        {"xz -kx", "invalid option -- 'x'"},
        {"xz -k:", "invalid option -- ':'"},
        {"xz -k-", "invalid option -- '-'"},
        {"xz file -?", "invalid option -- '?'"},
        {"xz --keep=yes", "option '--keep' doesn't allow an argument"},
        {"xz --ke=", "option '--keep' doesn't allow an argument"},
        {"xz --format", "option '--format' requires an argument"},
        {"xz -kF", "option requires an argument -- 'F'"},
    };
    check_refusals(refusals, ARRAY_COUNT(refusals));

    /* The names that "--" alone could mean do not fit into the text. */
    struct command command;
    assert_false(run(&command, NULL, NULL, "xz --="));
    assert_int_equal(strlen(command.error), XZ_OPTIONS_ERROR_SIZE - 1);
    xz_options_free(&command.options);
}

static void combinations(void **state)
{
    (void)state;
    static const char robot[] = "Compression and decompression with --robot are not "
                                "supported";
    static const char list[] =
        "--list works only on .xz files (--format=xz or --format=auto)";
    static const char flush[] = "The filter chain is incompatible with --flush-timeout";
    static const struct refusal refusals[] = {
        {"xz --robot", robot},
        {"unxz --robot", robot},
        {"xz -t --robot", robot},
        {"xz --robot -l -z", robot},
        {"xz -lFlzma", list},
        {"xz -Fraw -l", list},
        {"xz -lFlzip", list},
        {"lzma -l", list},
        {"xz -Flzip", "Compression of lzip files (.lz) is not supported"},
        {"xz --x86 --lzma2 --flush-timeout=1", flush},
        {"lzma --flush-timeout=1", flush},
        {"xz --filters1=x86~lzma2 --block-list=5,1:5 --flush-timeout=1", flush},
        {"xz -dFraw --lzma2 --delta", "Unsupported filter chain or filter options"},
    };
    check_refusals(refusals, ARRAY_COUNT(refusals));

    /* What looks alike and works; filters do not matter to files that tell theirs. */
    static const char *const fine[] = {
        "xz -l --robot",
        "xz --robot -lFxz",
        "lzma -lFauto",
        "xz -dFlzip",
        "xz -tFlzip",
        "xz --delta --lzma2 --flush-timeout=1",
        "xz -d --lzma2 --x86",
        "xz -Fraw --x86 --lzma1",
        "xz -dFraw --delta --x86 --lzma2",
        "xz -d --x86 --lzma2 --flush-timeout=1",
    };
    for (size_t i = 0; i < ARRAY_COUNT(fine); i++) {
        struct command command;
        accept(&command, fine[i]);
        xz_options_free(&command.options);
    }
}

static void check_operands(const struct xz_options *options, const char *const *want,
                           size_t count)
{
    assert_int_equal(options->operand_count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(options->operands[i], want[i]);
}

static void operands(void **state)
{
    (void)state;
    struct command command;
    const struct xz_options *options = accept(&command, "xz a -k - b -T 3 -- -f --");
    check_operands(options, (const char *const[]){"a", "-", "b", "-f", "--"}, 5);
    assert_true(options->keep && !options->force);
    xz_options_free(&command.options);

    /* POSIXLY_CORRECT: the first operand ends the options. */
    cut(&command, "xz -k a -f");
    xz_options_init(&command.options, "xz");
    command.options.stop_at_operand = true;
    assert_true(
        xz_options_parse(&command.options, command.argc, command.argv, command.error));
    check_operands(&command.options, (const char *const[]){"a", "-f"}, 2);
    assert_true(command.options.keep && !command.options.force);
    xz_options_free(&command.options);

    /* Whoever calls a program may leave out even its name. */
    char *nothing[] = {NULL};
    xz_options_init(&command.options, "xz");
    assert_true(xz_options_parse(&command.options, 0, nothing, command.error));
    assert_int_equal(command.options.operand_count, 0);
    xz_options_free(&command.options);
}

/* XZ_DEFAULTS, then XZ_OPT, then the command line; operands among them are ignored. */
static void environment(void **state)
{
    (void)state;
    struct command command;
    const struct xz_options *options = &command.options;
    assert_true(run(&command, " -9e\t-T 3 file\n-S .a ", "-2 -S\v.b -- -k", "xz f"));
    assert_int_equal(options->preset, 2 | LZMA_PRESET_EXTREME);
    assert_int_equal(options->threads, 3);
    assert_string_equal(options->suffix, ".b");
    assert_false(options->keep);
    check_operands(options, (const char *const[]){"f"}, 1);
    xz_options_free(&command.options);

    assert_true(run(&command, "", " \r\f ", "xz -1"));
    assert_int_equal(options->preset, 1);
    xz_options_free(&command.options);

    assert_true(run(&command, "--x86 --lzma2", "--filters3=lzma2", "xz -T1"));
    check_chain(options, 0, "x86 " PRESET_6);
    check_chain(options, 3, PRESET_6);
    xz_options_free(&command.options);

    assert_true(run(&command, NULL, "-d --help -wrong", "xz --wrong"));
    assert_int_equal(options->action, XZ_ACTION_HELP);
    xz_options_free(&command.options);

    assert_false(run(&command, "-T3 --wrong", NULL, "xz"));
    assert_string_equal(command.error, "unrecognized option '--wrong'");
    xz_options_free(&command.options);

    assert_false(run(&command, NULL, "-9 -T", "xz 3"));
    assert_string_equal(command.error, "option requires an argument -- 'T'");
    xz_options_free(&command.options);

    /* Quotes mean nothing. */
    assert_false(run(&command, NULL, "--filters='x86 lzma2'", "xz"));
    assert_string_equal(command.error,
                        "--filters='x86: at position 1: Unknown filter name");
    xz_options_free(&command.options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),
        cmocka_unit_test(names_of_the_program),
        cmocka_unit_test(modes),
        cmocka_unit_test(switches),
        cmocka_unit_test(actions),
        cmocka_unit_test(presets),
        cmocka_unit_test(filters_and_presets),
        cmocka_unit_test(numbered_chains),
        cmocka_unit_test(wrong_filters),
        cmocka_unit_test(abbreviations),
        cmocka_unit_test(unknown_options),
        cmocka_unit_test(combinations),
        cmocka_unit_test(operands),
        cmocka_unit_test(environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
