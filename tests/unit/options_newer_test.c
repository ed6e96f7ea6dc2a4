// SPDX-License-Identifier: 0BSD
// Options that XZ Utils does not have, and what abbreviations they must leave alone.

#include "command_line.h"

static void targets(void **state)
{
    (void)state;
    struct command command;
    const struct xz_options *options = accept(&command, "xz -o x a");
    assert_string_equal(options->output, "x");
    assert_true(options->keep);
    assert_false(options->to_stdout);
    xz_options_free(&command.options);
    options = accept(&command, "xz -d --output=- a");
    assert_null(options->output);
    assert_true(options->keep && options->to_stdout);
    xz_options_free(&command.options);
    options = accept(&command, "xz -kr --output-dir d a b");
    assert_string_equal(options->output_dir, "d");
    assert_true(options->keep && options->recursive);
    xz_options_free(&command.options);
    options = accept(&command, "xz -r a");
    assert_false(options->keep);
    xz_options_free(&command.options);
}

static void size_hint(void **state)
{
    (void)state;
    struct command command;
    const struct xz_options *options = accept(&command, "xz --size-hint=3MiB");
    assert_true(options->size_hint == 3 << 20);
    xz_options_free(&command.options);
    static const struct refusal refusals[] = {
        {"xz --size-hint=x", "--size-hint=x: not a non-negative decimal integer"},
        {"xz --size-hint", "option '--size-hint' requires an argument"},
    };
    check_refusals(refusals, ARRAY_COUNT(refusals));
}

static void effort(void **state)
{
    (void)state;
    struct command command;
    const struct xz_options *options = accept(&command, "xz -9e --effort=max a");
    assert_true(options->max_effort);
    for (size_t i = 1; i < XZ_CHAINS; ++i) {
        const struct xz_chain *chain = &options->chains[i];
        const lzma_options_lzma *lzma = chain->filters[chain->count - 1].options;
        assert_int_equal(chain->filters[chain->count - 1].id, LZMA_FILTER_LZMA2);
        assert_true(lzma->dict_size == 1 << 26);
        assert_true(lzma_raw_encoder_memusage(chain->filters) != UINT64_MAX);
    }
    xz_options_free(&command.options);
    options = accept(&command, "xz --effort=max --effort=normal a");
    assert_false(options->max_effort);
    assert_int_equal(options->chains[1].count, 0);
    xz_options_free(&command.options);
    static const struct refusal refusals[] = {
        {"xz --effort=9", "--effort: 'normal' or 'max' is wanted"},
        {"xz --effort=max --x86 --lzma2",
         "--effort=max: chooses filters itself; use a preset"},
        {"xz --effort=max --block-list=5",
         "--effort=max: cannot be used with --block-list"},
    };
    check_refusals(refusals, ARRAY_COUNT(refusals));
}

/* Every beginning of an old option that has one meaning with XZ Utils keeps it. */
static void old_abbreviations(void **state)
{
    (void)state;
    struct command command;
    const struct xz_options *options = accept(&command, "xz --si --be --ro --inf");
    assert_true(options->single_stream && options->robot);
    assert_int_equal(options->preset, 9);
    assert_int_equal(options->action, XZ_ACTION_INFO_MEMORY);
    assert_true(options->size_hint == 0);
    xz_options_free(&command.options);
    static const struct refusal refusals[] = {
        {"xz --b=1", "option '--b' is ambiguous; it could be '--block-size' "
                     "'--block-list' '--best'"},
        {"xz --r", "option '--r' is ambiguous; it could be '--riscv' '--robot'"},
    };
    check_refusals(refusals, ARRAY_COUNT(refusals));
}

/* New ones can be shortened where no old one begins so. */
static void new_abbreviations(void **state)
{
    (void)state;
    struct command command;
    const struct xz_options *options =
        accept(&command, "xz --rec --siz=7 --output-d=x a");
    assert_true(options->recursive && options->size_hint == 7);
    assert_string_equal(options->output_dir, "x");
    xz_options_free(&command.options);
}

static void refusals(void **state)
{
    (void)state;
    static const struct refusal lines[] = {
        {"xz -o", "option requires an argument -- 'o'"},
        {"xz --output= a", "--output: the name is empty"},
        {"xz --output-dir= a", "--output-dir: the name is empty"},
        {"xz -o x a b", "--output is for one file; --output-dir takes many"},
        {"xz -r -o x a", "--output is for one file; --output-dir takes many"},
        {"xz -c -o x a", "--stdout cannot be used with --output or --output-dir"},
        {"xz -o x --output-dir d a",
         "--output and --output-dir cannot be used together"},
        {"xz -t -o x a", "--test and --list write no files: --output and "
                         "--output-dir cannot be used with them"},
        {"xz --benchmark -d a", "--benchmark compresses and decompresses .xz by itself "
                                "and writes no files"},
        {"xz --json --robot -l a", "--json and --robot cannot be used together"},
        {"xz --ou=x a",
         "option '--ou' is ambiguous; it could be '--output' '--output-dir'"},
    };
    check_refusals(lines, ARRAY_COUNT(lines));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets),
        cmocka_unit_test(size_hint),
        cmocka_unit_test(effort),
        cmocka_unit_test(old_abbreviations),
        cmocka_unit_test(new_abbreviations),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
