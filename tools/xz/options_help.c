// SPDX-License-Identifier: 0BSD
// --help, --long-help, --version, --info-memory and --filters-help.

/* The short help fits a screen of 24 lines; see xz(1) for everything. */

#include "../common/system.h"

#include "options_help.h"

#include "../common/record.h"
#include "../common/report.h"
#include "../common/units.h"

#include <clearxz.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* clang-format off */
static const char short_help[] =
"Compress or decompress FILEs in the .xz format.\n"
"\n"
"  -z, --compress     compress (the default)\n"
"  -d, --decompress   decompress\n"
"  -t, --test         check that compressed files are intact\n"
"  -l, --list         show sizes and structure of .xz files\n"
"\n"
"  -k, --keep         keep the source files\n"
"  -f, --force        overwrite target files; accept links as sources\n"
"  -c, --stdout       write to standard output and keep the source files\n"
"  -0 ... -9          faster ... smaller, default 6; 7-9 need much memory,\n"
"                     for decompression too\n"
"  -e, --extreme      spend more time to make files a little smaller\n"
"  -T, --threads=NUM  use NUM threads; 0, the default, is one per processor\n"
"  -q, --quiet        show no warnings; twice: no errors either\n"
"  -v, --verbose      show progress; twice: show settings too\n"
"  -h, --help         show this help;  -H, --long-help  show all options\n"
"  -V, --version      show the version\n"
"\n"
"Without FILE, or when FILE is -, read standard input.\n";

static const char long_help_files[] =
"Compress or decompress FILEs in the .xz format.\n"
"What is mandatory for a long option is mandatory for the short one too.\n"
"\n"
"What to do (the last one counts):\n"
"\n"
"  -z, --compress        compress (the default)\n"
"  -d, --decompress      decompress .xz, .lzma and .lz files\n"
"  -t, --test            decompress, but write nothing: check for damage\n"
"  -l, --list            show sizes and structure of .xz files; -lv and -lvv\n"
"                        show more\n"
"\n"
"Files:\n"
"\n"
"  -k, --keep            keep the source files; accept links as sources\n"
"  -f, --force           overwrite target files; accept links as sources; with\n"
"                        -dc: copy files of unknown formats unchanged\n"
"  -c, --stdout          write to standard output and keep the source files\n"
"      --single-stream   decompress the first Stream of each file only and ignore\n"
"                        what follows it; keep the source files\n"
"      --no-sparse       write zeros instead of making holes when decompressing\n"
"      --no-sync         remove the source file without waiting until the target\n"
"                        file has reached the disk\n"
"  -o, --output=FILE     write to FILE and keep the source; for one source\n"
"      --output-dir=DIR  make the target files in DIR and keep the sources\n"
"  -r, --recursive       for directories: do the files in and below them\n"
"  -S, --suffix=.SUF     use .SUF for the names of compressed files\n"
"      --files[=FILE]    read names from FILE, or from standard input, one a line\n"
"      --files0[=FILE]   the same with a null byte behind each name\n"
"\n";

static const char long_help_format[] =
"Format and compression:\n"
"\n"
"  -F, --format=FMT      auto (default), xz, lzma, raw; decompressing also: lzip\n"
"  -C, --check=NAME      none, crc32, crc64 (default), sha256\n"
"      --ignore-check    do not verify the check when decompressing\n"
"  -0 ... -9             preset, default 6; higher ones make smaller files, need\n"
"                        more memory, later too, to decompress\n"
"  -e, --extreme         spend more time to make files a little smaller\n"
"      --effort=max      choose filters by trial for each part of a file\n"
"      --fast, --best    the same as -0, -9\n"
"  -T, --threads=NUM     use up to NUM threads; 0 (default): one per processor;\n"
"                        1: no threading, one Block; +1: one thread, many Blocks\n"
"      --block-size=SIZE start a new Block after every SIZE bytes\n"
"      --block-list=[N:]SIZE,...\n"
"                        start new Blocks after these amounts of data; the last\n"
"                        one is repeated, 0 is all the rest; N: use --filtersN\n"
"      --flush-timeout=MS\n"
"                        when reading would have to wait and MS milliseconds have\n"
"                        passed, write out everything so far\n"
"      --memlimit-compress=LIMIT\n"
"      --memlimit-decompress=LIMIT\n"
"      --memlimit-mt-decompress=LIMIT\n"
"  -M, --memlimit=LIMIT  use no more memory than LIMIT, in bytes or % of the RAM,\n"
"                        for compression, decompression, the threads of the\n"
"                        latter, or all; 0 is the default\n"
"      --no-adjust       fail if the limit is too low; do not compress less\n"
"\n";

static const char long_help_filters[] =
"Filters, instead of a preset; the order counts:\n"
"\n"
"      --filters=FILTERS all filters in one string, see --filters-help\n"
"      --filters1=FILTERS ... --filters9=FILTERS\n"
"                        more chains, for --block-list\n"
"      --filters-help    show what FILTERS can be\n"
"      --lzma1[=OPTS], --lzma2[=OPTS]\n"
"                        LZMA1 (.lzma, raw), LZMA2 (.xz, raw); OPTS with commas:\n"
"                          preset=0-9[e]   start from this preset\n"
"                          dict=SIZE       dictionary size (4KiB-1536MiB)\n"
"                          lc=N, lp=N      literal bits, context, position (0-4)\n"
"                          pb=N            position bits (0-4)\n"
"                          mode=fast, mode=normal\n"
"                          nice=N          length of a nice match (2-273)\n"
"                          mf=NAME         match finder (hc3 hc4 bt2 bt3 bt4)\n"
"                          depth=N         search depth, 0 is automatic\n"
"      --x86[=OPTS] --arm[=OPTS] --armthumb[=OPTS] --arm64[=OPTS]\n"
"      --powerpc[=OPTS] --ia64[=OPTS] --sparc[=OPTS] --riscv[=OPTS]\n"
"                        for machine code; OPTS: start=OFFSET\n"
"      --delta[=OPTS]    for tables, sound and pictures; OPTS: dist=N (1-256)\n"
"\n"
"Other:\n"
"\n"
"  -q, --quiet           show no warnings; twice: no errors either\n"
"  -v, --verbose         show progress, which on a terminal is shown anyway after\n"
"                        a second; twice: show settings too\n"
"  -Q, --no-warn         exit with 0 instead of 2 if there were only warnings\n"
"      --size-hint=SIZE  how much there is to read, for the progress display; for\n"
"                        pipes, where it cannot be known\n"
"      --benchmark       for each level: size and speed of FILE, with one thread\n"
"                        and all; nothing is written\n"
"      --json            output for programs, as JSON: -l -t -v --info-memory and\n"
"                        messages\n"
"      --robot           output for programs: -l -V --info-memory --filters-help\n"
"      --info-memory     show RAM and limits\n"
"  -h, --help            show the short help\n"
"  -H, --long-help       show this help\n"
"  -V, --version         show the version\n"
"\n"
"Options are also taken from the environment variables XZ_DEFAULTS and XZ_OPT.\n"
"Exit status: 0 good, 1 error, 2 warning.\n"
"Without FILE, or when FILE is -, read standard input.\n";
/* clang-format on */

static void print_help(const char *program, bool everything)
{
    xz_put_usage(stdout, program);
    puts(" [OPTION]... [FILE]...");
    if (!everything) {
        fputs(short_help, stdout);
        return;
    }
    fputs(long_help_files, stdout);
    fputs(long_help_format, stdout);
    fputs(long_help_filters, stdout);
}

/* --json */
static void record_version(void)
{
    struct xz_record record;
    xz_record_begin(&record, stdout);
    xz_record_text(&record, "clearxz", CLEARXZ_VERSION_STRING);
    xz_record_text(&record, "xz", LZMA_VERSION_STRING);
    xz_record_text(&record, "liblzma", lzma_version_string());
    xz_record_end(&record);
}

static void print_version(bool robot)
{
    if (robot)
        printf("XZ_VERSION=%" PRIu32 "\nLIBLZMA_VERSION=%" PRIu32 "\n", LZMA_VERSION,
               lzma_version_number());
    else
        printf("xz (ClearXZ " CLEARXZ_VERSION_STRING ") " LZMA_VERSION_STRING "\n"
               "liblzma %s\n",
               lzma_version_string());
}

/* "6027 MiB (6319127552 B)", or "Disabled". */
static void print_amount(const char *label, uint64_t bytes)
{
    char text[XZ_UNIT_TEXT_SIZE];
    if (bytes == UINT64_MAX)
        printf("  %-33s Disabled\n", label);
    else
        printf("  %-33s %s (%" PRIu64 " B)\n", label, xz_mib_text(bytes, text), bytes);
}

static void print_memory(const struct xz_limits *limits,
                         const struct xz_machine *machine, bool robot)
{
    if (robot) {
        printf("%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
               "\t%" PRIu32 "\n",
               machine->ram, limits->compress_set, limits->decompress_set,
               limits->mt_decompress, limits->mt_default, machine->cpus);
        return;
    }
    puts("Hardware information:"); // programs read this too: as XZ Utils has it
    print_amount("Amount of physical memory (RAM):", machine->ram);
    printf("  %-33s %" PRIu32 "\n", "Number of processor threads:", machine->cpus);
    puts("\nMemory usage limits:");
    print_amount("Compression:", limits->compress);
    print_amount("Decompression:", limits->decompress);
    print_amount("Multi-threaded decompression:", limits->mt_decompress);
    print_amount("Default for -T0:", limits->mt_default);
}

/* --json */
static void record_memory(const struct xz_limits *limits,
                          const struct xz_machine *machine)
{
    const struct {
        const char *key;
        uint64_t bytes;
    } rows[] = {
        {"compress", limits->compress},
        {"decompress", limits->decompress},
        {"mt_decompress", limits->mt_decompress},
        {"mt_default", limits->mt_default},
    };
    struct xz_record record;
    xz_record_begin(&record, stdout);
    xz_record_number(&record, "ram", machine->ram);
    xz_record_number(&record, "processors", machine->cpus);
    xz_record_object(&record, "limits");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].bytes == UINT64_MAX)
            xz_record_null(&record, rows[i].key);
        else
            xz_record_number(&record, rows[i].key, rows[i].bytes);
    }
    xz_record_end(&record);
    xz_record_end(&record);
}

static bool print_filters(bool robot)
{
    char *text = NULL;
    if (lzma_str_list_filters(&text, LZMA_VLI_UNKNOWN,
                              LZMA_STR_ENCODER | LZMA_STR_ALL_FILTERS, NULL)
        != LZMA_OK)
        return false;
    if (!robot)
        puts(
            "A chain is a preset, such as 6 or 9e, or one to four filters with spaces\n"
            "or -- between them, each with options behind a colon:\n"
            "\n"
            "  --filters='delta:dist=4 lzma2:preset=6e,dict=32MiB'\n"
            "\n"
            "Filters and their options:\n");
    puts(text);
    free(text);
    return true;
}

bool xz_help_print(const struct xz_options *options, const struct xz_limits *limits,
                   const struct xz_machine *machine, const char *program)
{
    switch (options->action) {
    case XZ_ACTION_HELP:
    case XZ_ACTION_LONG_HELP:
        print_help(program, options->action == XZ_ACTION_LONG_HELP);
        return true;
    case XZ_ACTION_VERSION:
        if (options->json)
            record_version();
        else
            print_version(options->robot);
        return true;
    case XZ_ACTION_INFO_MEMORY:
        if (options->json)
            record_memory(limits, machine);
        else
            print_memory(limits, machine, options->robot);
        return true;
    case XZ_ACTION_FILTERS_HELP:
        return print_filters(options->robot);
    case XZ_ACTION_RUN:
        break;
    }
    return false;
}
