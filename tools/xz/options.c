// SPDX-License-Identifier: 0BSD
// From the command line and the environment to struct xz_options; no I/O.

/*
 * Options are applied in the order XZ_DEFAULTS, XZ_OPT, command line; the last of those
 * that contradict each other wins. Options that make the program print something and
 * exit (-h, -V, --info-memory ...) end the parsing: what stands behind them is not
 * looked at.
 *
 * A new option needs a line in options_newer.c, a case there, a member of the struct,
 * and a line in options_help.c, man/xz.1 and tools/completion/xz.list.
 */

#include "../common/system.h"

#include "options.h"
#include "options_chain.h"
#include "options_newer.h"

#include "../common/argscan.h"
#include "../common/report.h"
#include "../common/suffix.h"
#include "../common/units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ids of options without a letter of their own; letters are below 256. */
enum {
    OPT_SINGLE_STREAM = 256,
    OPT_NO_SPARSE,
    OPT_NO_SYNC,
    OPT_FILES,
    OPT_FILES0,
    OPT_IGNORE_CHECK,
    OPT_BLOCK_SIZE,
    OPT_BLOCK_LIST,
    OPT_FLUSH_TIMEOUT,
    OPT_MEM_COMPRESS,
    OPT_MEM_DECOMPRESS,
    OPT_MEM_MT_DECOMPRESS,
    OPT_NO_ADJUST,
    OPT_ROBOT,
    OPT_INFO_MEMORY,
    OPT_FILTERS_HELP,
    OPT_FILTERS, // and, up to OPT_FILTERS + 9, --filters1 to --filters9
    OPT_LZMA1 = OPT_FILTERS + XZ_CHAINS,
    OPT_LZMA2,
    OPT_X86,
    OPT_POWERPC,
    OPT_IA64,
    OPT_ARM,
    OPT_ARMTHUMB,
    OPT_ARM64,
    OPT_SPARC,
    OPT_RISCV,
    OPT_DELTA
};

static const char short_options[] = "cC:defF:hHlkM:o:qQrS:tT:vVz0123456789";

static const struct xz_arg_def long_options[] = {
    {"compress", 'z', XZ_ARG_NONE},
    {"decompress", 'd', XZ_ARG_NONE},
    {"uncompress", 'd', XZ_ARG_NONE},
    {"test", 't', XZ_ARG_NONE},
    {"list", 'l', XZ_ARG_NONE},
    {"keep", 'k', XZ_ARG_NONE},
    {"force", 'f', XZ_ARG_NONE},
    {"stdout", 'c', XZ_ARG_NONE},
    {"to-stdout", 'c', XZ_ARG_NONE},
    {"single-stream", OPT_SINGLE_STREAM, XZ_ARG_NONE},
    {"no-sparse", OPT_NO_SPARSE, XZ_ARG_NONE},
    {"no-sync", OPT_NO_SYNC, XZ_ARG_NONE},
    {"suffix", 'S', XZ_ARG_REQUIRED},
    {"files", OPT_FILES, XZ_ARG_OPTIONAL},
    {"files0", OPT_FILES0, XZ_ARG_OPTIONAL},
    {"format", 'F', XZ_ARG_REQUIRED},
    {"check", 'C', XZ_ARG_REQUIRED},
    {"ignore-check", OPT_IGNORE_CHECK, XZ_ARG_NONE},
    {"block-size", OPT_BLOCK_SIZE, XZ_ARG_REQUIRED},
    {"block-list", OPT_BLOCK_LIST, XZ_ARG_REQUIRED},
    {"flush-timeout", OPT_FLUSH_TIMEOUT, XZ_ARG_REQUIRED},
    {"memlimit-compress", OPT_MEM_COMPRESS, XZ_ARG_REQUIRED},
    {"memlimit-decompress", OPT_MEM_DECOMPRESS, XZ_ARG_REQUIRED},
    {"memlimit-mt-decompress", OPT_MEM_MT_DECOMPRESS, XZ_ARG_REQUIRED},
    {"memlimit", 'M', XZ_ARG_REQUIRED},
    {"memory", 'M', XZ_ARG_REQUIRED},
    {"no-adjust", OPT_NO_ADJUST, XZ_ARG_NONE},
    {"threads", 'T', XZ_ARG_REQUIRED},
    {"extreme", 'e', XZ_ARG_NONE},
    {"fast", '0', XZ_ARG_NONE},
    {"best", '9', XZ_ARG_NONE},
    {"filters", OPT_FILTERS, XZ_ARG_REQUIRED},
    {"filters1", OPT_FILTERS + 1, XZ_ARG_REQUIRED},
    {"filters2", OPT_FILTERS + 2, XZ_ARG_REQUIRED},
    {"filters3", OPT_FILTERS + 3, XZ_ARG_REQUIRED},
    {"filters4", OPT_FILTERS + 4, XZ_ARG_REQUIRED},
    {"filters5", OPT_FILTERS + 5, XZ_ARG_REQUIRED},
    {"filters6", OPT_FILTERS + 6, XZ_ARG_REQUIRED},
    {"filters7", OPT_FILTERS + 7, XZ_ARG_REQUIRED},
    {"filters8", OPT_FILTERS + 8, XZ_ARG_REQUIRED},
    {"filters9", OPT_FILTERS + 9, XZ_ARG_REQUIRED},
    {"filters-help", OPT_FILTERS_HELP, XZ_ARG_NONE},
    {"lzma1", OPT_LZMA1, XZ_ARG_OPTIONAL},
    {"lzma2", OPT_LZMA2, XZ_ARG_OPTIONAL},
    {"x86", OPT_X86, XZ_ARG_OPTIONAL},
    {"powerpc", OPT_POWERPC, XZ_ARG_OPTIONAL},
    {"ia64", OPT_IA64, XZ_ARG_OPTIONAL},
    {"arm", OPT_ARM, XZ_ARG_OPTIONAL},
    {"armthumb", OPT_ARMTHUMB, XZ_ARG_OPTIONAL},
    {"arm64", OPT_ARM64, XZ_ARG_OPTIONAL},
    {"sparc", OPT_SPARC, XZ_ARG_OPTIONAL},
    {"riscv", OPT_RISCV, XZ_ARG_OPTIONAL},
    {"delta", OPT_DELTA, XZ_ARG_OPTIONAL},
    {"quiet", 'q', XZ_ARG_NONE},
    {"verbose", 'v', XZ_ARG_NONE},
    {"no-warn", 'Q', XZ_ARG_NONE},
    {"robot", OPT_ROBOT, XZ_ARG_NONE},
    {"info-memory", OPT_INFO_MEMORY, XZ_ARG_NONE},
    {"help", 'h', XZ_ARG_NONE},
    {"long-help", 'H', XZ_ARG_NONE},
    {"version", 'V', XZ_ARG_NONE},
    {NULL, 0, XZ_ARG_NONE},
};

/* Filter IDs in the order of OPT_LZMA1 and those behind it */
static const lzma_vli filter_ids[] = {
    LZMA_FILTER_LZMA1, LZMA_FILTER_LZMA2, LZMA_FILTER_X86,      LZMA_FILTER_POWERPC,
    LZMA_FILTER_IA64,  LZMA_FILTER_ARM,   LZMA_FILTER_ARMTHUMB, LZMA_FILTER_ARM64,
    LZMA_FILTER_SPARC, LZMA_FILTER_RISCV, LZMA_FILTER_DELTA,
};

static bool fail(char error[XZ_OPTIONS_ERROR_SIZE], const char *value, const char *why)
{
    snprintf(error, XZ_OPTIONS_ERROR_SIZE, "%s: %s", value, why);
    return false;
}

/*
 * The name of the program decides by what it contains, so "unxz5" and "xzcat.exe" work
 * too.
 */
void xz_options_init(struct xz_options *options, const char *program)
{
    /* The first that the last part of the name contains decides. */
    static const struct {
        const char *part;
        enum xz_mode mode;
        enum xz_format format;
        bool to_stdout;
    } names[] = {
        {"xzcat", XZ_MODE_DECOMPRESS, XZ_FORMAT_AUTO, true},
        {"unxz", XZ_MODE_DECOMPRESS, XZ_FORMAT_AUTO, false},
        {"lzcat", XZ_MODE_DECOMPRESS, XZ_FORMAT_LZMA, true},
        {"unlzma", XZ_MODE_DECOMPRESS, XZ_FORMAT_LZMA, false},
        {"lzma", XZ_MODE_COMPRESS, XZ_FORMAT_LZMA, false},
    };
    *options = (struct xz_options){
        .sparse = true,
        .sync = true,
        .adjust = true,
        .verbosity = XZ_SAY_WARNINGS,
        .preset = LZMA_PRESET_DEFAULT,
        .check = LZMA_CHECK_CRC64,
    };
    const char *slash = strrchr(program, '/');
    const char *name = slash != NULL ? slash + 1 : program;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strstr(name, names[i].part) != NULL) {
            options->mode = names[i].mode;
            options->format = names[i].format;
            options->to_stdout = names[i].to_stdout;
            break;
        }
    }
    for (size_t i = 0; i < XZ_CHAINS; i++)
        options->chains[i].filters[0].id = LZMA_VLI_UNKNOWN;
}

static bool set_format(struct xz_options *options, const char *value, char *error)
{
    static const struct {
        const char *name;
        enum xz_format format;
    } formats[] = {
        {"auto", XZ_FORMAT_AUTO},  {"xz", XZ_FORMAT_XZ},     {"lzma", XZ_FORMAT_LZMA},
        {"alone", XZ_FORMAT_LZMA}, {"lzip", XZ_FORMAT_LZIP}, {"raw", XZ_FORMAT_RAW},
    };
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(formats[i].name, value) == 0) {
            options->format = formats[i].format;
            return true;
        }
    }
    return fail(error, value, "unknown file format");
}

/* A library may have been built without some of them. */
static bool set_check(struct xz_options *options, const char *value, char *error)
{
    static const struct {
        const char *name;
        lzma_check check;
    } checks[] = {
        {"none", LZMA_CHECK_NONE},
        {"crc32", LZMA_CHECK_CRC32},
        {"crc64", LZMA_CHECK_CRC64},
        {"sha256", LZMA_CHECK_SHA256},
    };
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        if (strcmp(checks[i].name, value) != 0)
            continue;
        if (!lzma_check_is_supported(checks[i].check))
            return fail(error, value, "this integrity check is not supported here");
        options->check = checks[i].check;
        options->check_is_set = true;
        return true;
    }
    return fail(error, value, "unknown integrity check");
}

/* A number for an option that has a name in messages. */
static bool set_number(const char *option, const char *value, uint64_t min,
                       uint64_t max, uint64_t *ret_number, char *error)
{
    const char *why = xz_number_parse(value, min, max, ret_number);
    if (why == NULL)
        return true;
    snprintf(error, XZ_OPTIONS_ERROR_SIZE, "--%s=%s: %s", option, value, why);
    return false;
}

/* The most that the library accepts */
#define THREADS_MAX 16384

/* "+1" asks for the threaded encoder with one thread; the sign means nothing else. */
static bool set_threads(struct xz_options *options, const char *value, char *error)
{
    bool plus = value[0] == '+';
    uint64_t threads = 0;
    if (!set_number("threads", value + plus, 0, THREADS_MAX, &threads, error))
        return false;
    options->threads = (uint32_t)threads;
    options->threads_force_mt = plus && threads == 1;
    return true;
}

/* Bytes, or percent of the RAM. */
static bool set_limit(const char *option, const char *value,
                      struct xz_memory_limit *ret_limit, char *error)
{
    struct xz_memory_limit limit = {0, false};
    size_t length = strlen(value);
    char digits[24];
    if (length > 0 && value[length - 1] == '%' && length < sizeof(digits)) {
        memcpy(digits, value, length - 1);
        digits[length - 1] = '\0';
        limit.is_percent = true;
        if (xz_number_parse(digits, 1, 100, &limit.amount) != NULL) {
            snprintf(error, XZ_OPTIONS_ERROR_SIZE, "--%s=%s: a percentage is 1 to 100",
                     option, value);
            return false;
        }
    } else if (!set_number(option, value, 0, UINT64_MAX, &limit.amount, error)) {
        return false;
    }
    *ret_limit = limit;
    return true;
}

/*
 * One item of --block-list, "[N:]SIZE"; an empty one repeats the item before it, which
 * is NULL for the first. The rest of the file, 0, can only be the last. Returns NULL,
 * or what is wrong.
 */
static const char *parse_block(const char *item, const struct xz_block_entry *before,
                               bool is_last, struct xz_block_entry *ret_entry)
{
    struct xz_block_entry entry = {0, 0};
    if (item[0] == '\0') {
        if (before == NULL)
            return "the first size is missing";
        *ret_entry = *before;
        return NULL;
    }
    if (item[0] >= '0' && item[0] <= '9' && item[1] == ':') {
        entry.chain = (unsigned)(item[0] - '0');
        item += 2;
    }
    const char *why = xz_number_parse(item, 0, UINT64_MAX, &entry.size);
    if (why != NULL)
        return why;
    if (entry.size == 0 && !is_last)
        return "0 can only be the last size";
    if (entry.size == 0)
        entry.size = UINT64_MAX;
    *ret_entry = entry;
    return NULL;
}

/* A list replaces an earlier one. Sizes are checked here, chains when all are known. */
static bool set_block_list(struct xz_options *options, const char *value, char *error)
{
    size_t count = 1;
    for (const char *c = value; *c != '\0'; c++)
        count += *c == ',';
    struct xz_block_entry *blocks = calloc(count, sizeof(*blocks));
    char *copy = malloc(strlen(value) + 1);
    bool good = blocks != NULL && copy != NULL;
    if (!good)
        fail(error, "--block-list", "out of memory");
    char *item = good ? strcpy(copy, value) : NULL;
    for (size_t i = 0; good && item != NULL; i++) {
        char *next = strchr(item, ',');
        if (next != NULL)
            *next++ = '\0';
        const struct xz_block_entry *before = i > 0 ? &blocks[i - 1] : NULL;
        const char *why = parse_block(item, before, next == NULL, &blocks[i]);
        good = why == NULL;
        if (!good)
            snprintf(error, XZ_OPTIONS_ERROR_SIZE, "--block-list: item %zu, '%s': %s",
                     i + 1, item, why);
        item = next;
    }
    free(copy);
    if (!good) {
        free(blocks);
        return false;
    }
    free(options->blocks);
    options->blocks = blocks;
    options->block_count = count;
    return true;
}

/* A preset makes filters that were given before it void. */
static void set_preset(struct xz_options *options, uint32_t level)
{
    options->preset = (options->preset & ~LZMA_PRESET_LEVEL_MASK) | level;
    options->preset_is_set = true;
    xz_chain_clear(&options->chains[0]);
}

/* A filter makes presets that were given before it void. */
static bool add_filter(struct xz_options *options, int id, const char *value,
                       char *error)
{
    options->preset = LZMA_PRESET_DEFAULT;
    return xz_chain_append(&options->chains[0], filter_ids[id - OPT_LZMA1], value,
                           error);
}

/*
 * --filters replaces the chain made of other options, --filters1 to 9 stand beside it.
 */
static bool set_filters(struct xz_options *options, int id, const char *value,
                        char *error)
{
    unsigned index = (unsigned)(id - OPT_FILTERS);
    char name[24];
    snprintf(name, sizeof(name), index > 0 ? "filters%u" : "filters", index);
    if (index == 0)
        options->preset = LZMA_PRESET_DEFAULT;
    return xz_chain_from_string(&options->chains[index], name, value, error);
}

/* Options without an argument; false: not one of them. */
static bool apply_switch(struct xz_options *options, int id)
{
    switch (id) {
    case 'z':
        options->mode = XZ_MODE_COMPRESS;
        return true;
    case 'd':
        options->mode = XZ_MODE_DECOMPRESS;
        return true;
    case 't':
        options->mode = XZ_MODE_TEST;
        return true;
    case 'l':
        options->mode = XZ_MODE_LIST;
        return true;
    case 'k':
        options->keep = true;
        return true;
    case 'f':
        options->force = true;
        return true;
    case 'c':
        options->to_stdout = true;
        return true;
    case OPT_SINGLE_STREAM:
        options->single_stream = true;
        return true;
    case OPT_NO_SPARSE:
        options->sparse = false;
        return true;
    case OPT_NO_SYNC:
        options->sync = false;
        return true;
    case OPT_IGNORE_CHECK:
        options->ignore_check = true;
        return true;
    case OPT_NO_ADJUST:
        options->adjust = false;
        return true;
    case 'e':
        options->preset |= LZMA_PRESET_EXTREME;
        options->preset_is_set = true;
        xz_chain_clear(&options->chains[0]);
        return true;
    case 'q':
        options->verbosity -= options->verbosity > XZ_SAY_NOTHING;
        return true;
    case 'v':
        options->verbosity += options->verbosity < XZ_SAY_ALL;
        return true;
    case 'Q':
        options->no_warn = true;
        return true;
    case OPT_ROBOT:
        options->robot = true;
        return true;
    default:
        if (id < '0' || id > '9')
            return false;
        set_preset(options, (uint32_t)(id - '0'));
        return true;
    }
}

/* Options that print something and exit; false: not one of them. */
static bool apply_action(struct xz_options *options, int id)
{
    switch (id) {
    case 'h':
        options->action = XZ_ACTION_HELP;
        return true;
    case 'H':
        options->action = XZ_ACTION_LONG_HELP;
        return true;
    case 'V':
        options->action = XZ_ACTION_VERSION;
        return true;
    case OPT_INFO_MEMORY:
        options->action = XZ_ACTION_INFO_MEMORY;
        return true;
    case OPT_FILTERS_HELP:
        options->action = XZ_ACTION_FILTERS_HELP;
        return true;
    default:
        return false;
    }
}

static bool set_suffix(struct xz_options *options, const char *value, char *error)
{
    if (!xz_suffix_is_valid(value))
        return fail(error, value, "invalid filename suffix");
    options->suffix = value;
    return true;
}

static bool set_names_file(struct xz_options *options, const char *value,
                           char terminator, char *error)
{
    if (options->names_from_file)
        return fail(error, "--files, --files0", "only one of them can be given, once");
    options->names_from_file = true;
    options->names_file = value;
    options->names_terminator = terminator;
    return true;
}

/* -M: all limits at once. */
static bool set_all_limits(struct xz_options *options, const char *value, char *error)
{
    if (!set_limit("memlimit", value, &options->limit_compress, error))
        return false;
    options->limit_decompress = options->limit_compress;
    options->limit_mt_decompress = options->limit_compress;
    return true;
}

/* Options with an argument. */
static bool apply_value(struct xz_options *options, int id, const char *value,
                        char *error)
{
    switch (id) {
    case 'S':
        return set_suffix(options, value, error);
    case 'F':
        return set_format(options, value, error);
    case 'C':
        return set_check(options, value, error);
    case 'T':
        return set_threads(options, value, error);
    case 'M':
        return set_all_limits(options, value, error);
    case OPT_MEM_COMPRESS:
        return set_limit("memlimit-compress", value, &options->limit_compress, error);
    case OPT_MEM_DECOMPRESS:
        return set_limit("memlimit-decompress", value, &options->limit_decompress,
                         error);
    case OPT_MEM_MT_DECOMPRESS:
        return set_limit("memlimit-mt-decompress", value, &options->limit_mt_decompress,
                         error);
    case OPT_FILES:
        return set_names_file(options, value, '\n', error);
    case OPT_FILES0:
        return set_names_file(options, value, '\0', error);
    case OPT_BLOCK_SIZE:
        return set_number("block-size", value, 0, LZMA_VLI_MAX, &options->block_size,
                          error);
    case OPT_BLOCK_LIST:
        return set_block_list(options, value, error);
    case OPT_FLUSH_TIMEOUT:
        return set_number("flush-timeout", value, 0, UINT64_MAX,
                          &options->flush_timeout, error);
    default:
        if (id >= OPT_LZMA1)
            return add_filter(options, id, value, error);
        return set_filters(options, id, value, error);
    }
}

/*
 * Behind an option that prints something nothing else has ever counted, not even if it
 * is wrong; --json, which says how to print, may stand there.
 */
static void look_for_json(struct xz_options *options, struct xz_argscan *scan)
{
    char ignored[XZ_OPTIONS_ERROR_SIZE];
    const char *value = NULL;
    int id;
    scan->error = ignored;
    do {
        id = xz_argscan_next(scan, &value);
        if (xz_newer_is_json(id))
            options->json = true;
    } while (id != XZ_ARGSCAN_END && id != XZ_ARGSCAN_ERROR);
}

/* Go through one list of arguments; operands are collected if wanted. */
static bool parse(struct xz_options *options, struct xz_argscan *scan, bool operands,
                  char *error)
{
    const char *value = NULL;
    while (options->action == XZ_ACTION_RUN) {
        int id = xz_argscan_next(scan, &value);
        if (id == XZ_ARGSCAN_END)
            return true;
        if (id == XZ_ARGSCAN_ERROR)
            return false;
        if (id == XZ_ARGSCAN_OPERAND) {
            if (operands)
                options->operands[options->operand_count++] = value;
            if (options->stop_at_operand)
                scan->operands_only = true;
        } else if (xz_newer_is(id)) {
            if (!xz_newer_apply(options, id, value, error))
                return false;
        } else if (!apply_switch(options, id) && !apply_action(options, id)
                   && !apply_value(options, id, value, error)) {
            return false;
        }
    }
    look_for_json(options, scan);
    return true;
}

/* Cut text at white space into an allocated array of arguments. */
static char **split(char *text, int *ret_count)
{
    static const char white[] = " \t\n\v\f\r";
    char **argv = malloc((strlen(text) / 2 + 2) * sizeof(*argv));
    int count = 0;
    if (argv == NULL)
        return NULL;
    for (char *p = text + strspn(text, white); *p != '\0'; p += strspn(p, white)) {
        argv[count++] = p;
        p += strcspn(p, white);
        if (*p != '\0')
            *p++ = '\0';
    }
    *ret_count = count;
    return argv;
}

/*
 * Quotes mean nothing; an option whose argument contains white space cannot be given.
 */
bool xz_options_parse_env(struct xz_options *options, const char *text,
                          char error[XZ_OPTIONS_ERROR_SIZE])
{
    /* The copy stays: members of *options point into it. */
    char *copy = malloc(strlen(text) + 1);
    int argc = 0;
    char **argv = copy != NULL ? split(strcpy(copy, text), &argc) : NULL;
    if (argv == NULL
        || options->env_count == sizeof(options->env_texts) / sizeof(char *)) {
        free(copy);
        free(argv);
        snprintf(error, XZ_OPTIONS_ERROR_SIZE, "out of memory");
        return false;
    }
    options->env_texts[options->env_count++] = copy;
    struct xz_argscan scan;
    xz_argscan_init(&scan, long_options, short_options, argc, argv, 0, error,
                    XZ_OPTIONS_ERROR_SIZE);
    scan.newer = xz_newer_options;
    bool good = parse(options, &scan, false, error);
    free(argv);
    return good;
}

bool xz_options_parse(struct xz_options *options, int argc, char *const *argv,
                      char error[XZ_OPTIONS_ERROR_SIZE])
{
    options->operands = calloc((size_t)argc + 1, sizeof(*options->operands));
    if (options->operands == NULL) {
        snprintf(error, XZ_OPTIONS_ERROR_SIZE, "out of memory");
        return false;
    }
    struct xz_argscan scan;
    xz_argscan_init(&scan, long_options, short_options, argc, argv, 1, error,
                    XZ_OPTIONS_ERROR_SIZE);
    scan.newer = xz_newer_options;
    return parse(options, &scan, true, error);
}

void xz_options_free(struct xz_options *options)
{
    for (size_t i = 0; i < XZ_CHAINS; i++)
        xz_chain_clear(&options->chains[i]);
    for (size_t i = 0; i < options->env_count; i++)
        free(options->env_texts[i]);
    free(options->blocks);
    free(options->operands);
}
