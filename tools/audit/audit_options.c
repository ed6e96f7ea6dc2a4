// SPDX-License-Identifier: 0BSD
// The command line of xz-audit as a struct.

#include "../common/system.h"

#include "../common/argscan.h"
#include "audit_options.h"

#include <stdlib.h>
#include <string.h>

const char xz_audit_help[] =
    "Usage: xz-audit COMMAND [OPTION]... [PATH]...\n"
    "Is a manipulated xz on this system, in this file, in this source tree?\n"
    "\n"
    "  host [--root DIR]        libraries, packages and processes of a system\n"
    "  file PATH...             ELF files, packages, archives, images, folders\n"
    "  source TREE|TARBALL      signs of an attack through the sources of any project\n"
    "         [--git REPO --tag TAG]  compare with what the repository has\n"
    "  elf PATH...              structure of libraries, without signatures\n"
    "  summary FILE...          one table of many reports made with --json\n"
    "  self-test                prove that every rule can fire\n"
    "  rules                    print the rules\n"
    "\n"
    "      --json --sarif --vex --html   other forms of the report (html: summary)\n"
    "      --explain            elf: what each property means\n"
    "      --baseline           elf: compare two files\n"
    "      --rules FILE         add rules\n"
    "      --every-archive      host: look into packages and archives too\n"
    "      --proc DIR|none      host: where to find processes\n"
    "      --host-name NAME     name of the machine in reports\n"
    "      --max-size MIB       largest object [512]\n"
    "      --max-total MIB      most bytes unpacked from a file [8192]\n"
    "      --max-depth N        containers in containers [8]\n"
    "      --max-time SECONDS   for the whole run [3600]\n"
    "      --max-memory MIB     [4096], 0 for no limit\n"
    "      --sandbox on|off|required\n"
    "  -v, --verbose            notes and all gaps too\n"
    "  -q, --quiet              the verdict only\n"
    "      --progress           a progress line, terminal or not\n"
    "  -h, --help    -V, --version\n"
    "\n"
    "Exit status: 0 clean, 1 manipulated, 2 suspicious or affected version,\n"
    "3 could not look everywhere, 4 wrong usage.\n";

enum {
    OPT_JSON = 256,
    OPT_SARIF,
    OPT_VEX,
    OPT_HTML,
    OPT_EXPLAIN,
    OPT_BASELINE,
    OPT_RULES,
    OPT_EVERY_ARCHIVE,
    OPT_ROOT,
    OPT_PROC,
    OPT_GIT,
    OPT_TAG,
    OPT_HOST_NAME,
    OPT_MAX_SIZE,
    OPT_MAX_TOTAL,
    OPT_MAX_DEPTH,
    OPT_MAX_TIME,
    OPT_MAX_MEMORY,
    OPT_SANDBOX,
    OPT_PROGRESS,
    OPT_SUMMARY,
    OPT_SELF_TEST
};

static const struct xz_arg_def defs[] = {
    {"json", OPT_JSON, XZ_ARG_NONE},
    {"sarif", OPT_SARIF, XZ_ARG_NONE},
    {"vex", OPT_VEX, XZ_ARG_NONE},
    {"html", OPT_HTML, XZ_ARG_NONE},
    {"explain", OPT_EXPLAIN, XZ_ARG_NONE},
    {"baseline", OPT_BASELINE, XZ_ARG_NONE},
    {"rules", OPT_RULES, XZ_ARG_REQUIRED},
    {"every-archive", OPT_EVERY_ARCHIVE, XZ_ARG_NONE},
    {"root", OPT_ROOT, XZ_ARG_REQUIRED},
    {"proc", OPT_PROC, XZ_ARG_REQUIRED},
    {"git", OPT_GIT, XZ_ARG_REQUIRED},
    {"tag", OPT_TAG, XZ_ARG_REQUIRED},
    {"host-name", OPT_HOST_NAME, XZ_ARG_REQUIRED},
    {"max-size", OPT_MAX_SIZE, XZ_ARG_REQUIRED},
    {"max-total", OPT_MAX_TOTAL, XZ_ARG_REQUIRED},
    {"max-depth", OPT_MAX_DEPTH, XZ_ARG_REQUIRED},
    {"max-time", OPT_MAX_TIME, XZ_ARG_REQUIRED},
    {"max-memory", OPT_MAX_MEMORY, XZ_ARG_REQUIRED},
    {"sandbox", OPT_SANDBOX, XZ_ARG_REQUIRED},
    {"progress", OPT_PROGRESS, XZ_ARG_NONE},
    {"summary", OPT_SUMMARY, XZ_ARG_NONE},
    {"self-test", OPT_SELF_TEST, XZ_ARG_NONE},
    {"verbose", 'v', XZ_ARG_NONE},
    {"quiet", 'q', XZ_ARG_NONE},
    {"help", 'h', XZ_ARG_NONE},
    {"version", 'V', XZ_ARG_NONE},
    {NULL, 0, XZ_ARG_NONE},
};

static const char *name_of(int id)
{
    const struct xz_arg_def *def = defs;
    while (def->name != NULL && def->id != id)
        def++;
    return def->name != NULL ? def->name : "";
}

/* A number of at most `most` units; false if it is none. */
static bool take_number(const char *value, uint64_t most, uint64_t unit,
                        uint64_t *ret_number)
{
    char *end = NULL;
    unsigned long long number = strtoull(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || number > most)
        return false;
    *ret_number = number * unit;
    return true;
}

static bool take_limit(struct xz_audit_options *o, int id, const char *value)
{
    const uint64_t mib = UINT64_C(1) << 20;
    uint64_t depth = 0;
    switch (id) {
    case OPT_MAX_SIZE:
        return take_number(value, 1U << 20, mib, &o->max_size);
    case OPT_MAX_TOTAL:
        return take_number(value, 1U << 30, mib, &o->max_total);
    case OPT_MAX_TIME:
        return take_number(value, UINT32_MAX, 1, &o->max_time);
    case OPT_MAX_MEMORY:
        return take_number(value, 1U << 30, mib, &o->max_memory);
    default:
        if (!take_number(value, 64, 1, &depth))
            return false;
        o->max_depth = (unsigned)depth;
        return true;
    }
}

static bool take_sandbox(struct xz_audit_options *o, const char *value)
{
    static const char *const words[] = {"on", "off", "required"};
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(words[i], value) == 0) {
            o->sandbox = (enum xz_sandbox_use)i;
            return true;
        }
    }
    return false;
}

static bool take_flag(struct xz_audit_options *o, int id)
{
    switch (id) {
    case OPT_JSON:
    case OPT_SARIF:
    case OPT_VEX:
    case OPT_HTML:
        o->format = (enum xz_format)(XZ_OUT_JSON + (id - OPT_JSON));
        return true;
    case OPT_EXPLAIN:
        o->explain = true;
        return true;
    case OPT_BASELINE:
        o->baseline = true;
        return true;
    case OPT_EVERY_ARCHIVE:
        o->every_archive = true;
        return true;
    case OPT_PROGRESS:
        o->progress = true;
        return true;
    case OPT_SUMMARY:
        o->command = XZ_COMMAND_SUMMARY;
        return true;
    case OPT_SELF_TEST:
        o->command = XZ_COMMAND_SELF_TEST;
        return true;
    case 'v':
        o->verbose = true;
        return true;
    case 'q':
        o->quiet = true;
        return true;
    case 'h':
        o->command = XZ_COMMAND_HELP;
        return true;
    case 'V':
        o->command = XZ_COMMAND_VERSION;
        return true;
    default:
        return false;
    }
}

/* An option with a value. False: the value is wrong. */
static bool take_value(struct xz_audit_options *o, int id, const char *value)
{
    switch (id) {
    case OPT_RULES:
        xz_words_add(&o->rules, value);
        return true;
    case OPT_ROOT:
        o->root = value;
        return true;
    case OPT_PROC:
        o->proc = value;
        return true;
    case OPT_GIT:
        o->git = value;
        return true;
    case OPT_TAG:
        o->tag = value;
        return value[0] != '-';
    case OPT_HOST_NAME:
        o->host = value;
        return true;
    case OPT_SANDBOX:
        return take_sandbox(o, value);
    default:
        return take_limit(o, id, value);
    }
}

/* The first operand is the command, unless an option was one. */
static bool take_operand(struct xz_audit_options *o, const char *value)
{
    static const struct {
        const char *name;
        enum xz_command command;
    } commands[] = {
        {"host", XZ_COMMAND_HOST},        {"file", XZ_COMMAND_FILE},
        {"source", XZ_COMMAND_SOURCE},    {"elf", XZ_COMMAND_ELF},
        {"summary", XZ_COMMAND_SUMMARY},  {"self-test", XZ_COMMAND_SELF_TEST},
        {"rules", XZ_COMMAND_LIST_RULES},
    };
    for (size_t i = 0;
         o->command == XZ_COMMAND_NONE && i < sizeof(commands) / sizeof(commands[0]);
         i++) {
        if (strcmp(commands[i].name, value) == 0) {
            o->command = commands[i].command;
            return true;
        }
    }
    if (o->command == XZ_COMMAND_NONE)
        return false;
    xz_words_add(&o->operands, value);
    return true;
}

/* What must or must not stand beside a command; NULL if all is well. */
static const char *check(const struct xz_audit_options *o)
{
    size_t count = o->operands.count;
    bool table = o->command == XZ_COMMAND_SUMMARY;
    if (table && o->format != XZ_OUT_PEOPLE && o->format != XZ_OUT_HTML)
        return "summary makes a table, or a page with --html";
    if (!table && o->format == XZ_OUT_HTML)
        return "--html is for summary: xz-audit summary --html REPORT...";
    switch (o->command) {
    case XZ_COMMAND_NONE:
        return "no command; --help lists them";
    case XZ_COMMAND_HOST:
        return count == 0 ? NULL : "host takes no path: xz-audit host --root DIR";
    case XZ_COMMAND_SOURCE:
        if (count != 1)
            return "source takes one path: xz-audit source TREE|TARBALL";
        return (o->git == NULL) == (o->tag == NULL) ? NULL
                                                    : "--git and --tag go together";
    case XZ_COMMAND_ELF:
        if (o->baseline && count != 2)
            return "--baseline compares two files";
        return count > 0 ? NULL : "no path to look at: xz-audit elf PATH...";
    case XZ_COMMAND_FILE:
    case XZ_COMMAND_SUMMARY:
        return count > 0 ? NULL : "no path to look at";
    default:
        return NULL;
    }
}

bool xz_audit_options_parse(struct xz_audit_options *options, int argc,
                            char *const *argv, struct xz_text *error)
{
    char text[256] = "";
    struct xz_argscan scan;
    *options = (struct xz_audit_options){
        .root = "/",
        .max_size = UINT64_C(512) << 20,
        .max_total = UINT64_C(8192) << 20,
        .max_memory = UINT64_C(4096) << 20,
        .max_time = 3600,
        .max_depth = 8,
    };
    xz_argscan_init(&scan, defs, "vqhV", argc, argv, 1, text, sizeof(text));
    for (;;) {
        const char *value = NULL;
        int id = xz_argscan_next(&scan, &value);
        if (id == XZ_ARGSCAN_END)
            break;
        if (id == XZ_ARGSCAN_ERROR) {
            xz_text_puts(error, text);
            return false;
        }
        bool good = id == XZ_ARGSCAN_OPERAND ? take_operand(options, value)
                    : value != NULL          ? take_value(options, id, value)
                                             : take_flag(options, id);
        if (!good) {
            if (id == XZ_ARGSCAN_OPERAND)
                xz_text_printf(error, "no command is called '%s'; --help lists them",
                               value);
            else
                xz_text_printf(error, "--%s: not a value for it: '%s'", name_of(id),
                               value != NULL ? value : "");
            return false;
        }
    }
    const char *wrong = check(options);
    size_t count = options->operands.count;
    const char *first = count > 0 ? options->operands.at[0] : options->root;
    options->subject = count > 1 ? xz_store_printf("%s and %zu more", first, count - 1)
                                 : xz_store_copy(first);
    if (wrong != NULL)
        xz_text_puts(error, wrong);
    return wrong == NULL;
}

void xz_audit_options_free(struct xz_audit_options *options)
{
    free(options->subject);
    xz_words_free(&options->operands);
    xz_words_free(&options->rules);
}
