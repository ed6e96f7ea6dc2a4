// SPDX-License-Identifier: 0BSD
// Shows what the header of a .lzma file says.

/*
 * The header has 13 bytes (.lzma format, section 1.1):
 *
 *     0        lc + 9 * (lp + 5 * pb)
 *     1..4     dictionary size, little endian
 *     5..12    uncompressed size, little endian; all bits set: unknown
 *
 * The lines and the roundings are those of XZ Utils: half a MiB counts as one MiB, and
 * a power of two is the greatest that is not above the dictionary size.
 */

#include "../common/system.h"

#include "../common/argscan.h"
#include "../common/report.h"

#include <clearxz.h>
#include <lzma.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HEADER_SIZE 13
#define PROPS_SIZE  5

static const struct xz_arg_def long_options[] = {
    {"help", 'h', XZ_ARG_NONE},
    {"version", 'V', XZ_ARG_NONE},
    {NULL, 0, XZ_ARG_NONE},
};

static uint64_t to_mib(uint64_t bytes)
{
    return (bytes >> 20) + (bytes >> 19 & 1);
}

static unsigned floor_log2(uint32_t number)
{
    unsigned log = 0;
    while ((number >>= 1) != 0)
        log++;
    return log;
}

/* Print the name, unless it is NULL, and what the header says; false: it is none. */
static bool show(const char *name, const uint8_t header[HEADER_SIZE])
{
    lzma_filter filter = {.id = LZMA_FILTER_LZMA1};
    if (lzma_properties_decode(&filter, NULL, header, PROPS_SIZE) != LZMA_OK)
        return false;
    lzma_filter filters[] = {filter, {.id = LZMA_VLI_UNKNOWN}};
    const lzma_options_lzma *lzma = filter.options;
    uint64_t size = 0;
    for (size_t i = HEADER_SIZE; i-- > PROPS_SIZE;)
        size = size << 8 | header[i];

    if (name != NULL) {
        xz_put_masked(stdout, name);
        putchar('\n');
    }
    fputs("Uncompressed size:             ", stdout);
    if (size == UINT64_MAX)
        fputs("Unknown\n", stdout);
    else
        printf("%" PRIu64 " MB (%" PRIu64 " bytes)\n", to_mib(size), size);
    printf("Dictionary size:               %" PRIu64 " MB (2^%u bytes)\n"
           "Literal context bits (lc):     %" PRIu32 "\n"
           "Literal pos bits (lp):         %" PRIu32 "\n"
           "Number of pos bits (pb):       %" PRIu32 "\n",
           to_mib(lzma->dict_size), floor_log2(lzma->dict_size), lzma->lc, lzma->lp,
           lzma->pb);
    lzma_filters_free(filters, NULL);
    return true;
}

/* Read and show an open file; one with a name has an empty line behind it. */
static void show_file(struct xz_report *report, FILE *file, const char *name)
{
    uint8_t header[HEADER_SIZE];
    const char *shown = name != NULL ? name : "(stdin)";
    size_t got = fread(header, 1, sizeof(header), file);
    if (ferror(file))
        xz_report_error(report, shown, "Read error: %s", strerror(errno));
    else if (got != sizeof(header))
        xz_report_error(report, shown, "File is too small to be a .lzma file");
    else if (!show(name, header))
        xz_report_error(report, shown, "Not a .lzma file");
    if (name != NULL)
        putchar('\n');
}

static void show_name(struct xz_report *report, const char *name)
{
    if (strcmp(name, "-") == 0) {
        show_file(report, stdin, NULL);
        return;
    }
    FILE *file = fopen(name, "rb");
    if (file == NULL) {
        xz_report_error(report, name, "%s", strerror(errno));
        return;
    }
    show_file(report, file, name);
    (void)fclose(file);
}

static void print_help(const char *program)
{
    xz_put_usage(stdout, program);
    fputs(" [--help] [--version] [FILE]...\n"
          "Show what the header of a .lzma file says.\n"
          "\n"
          "Without FILE, or when FILE is -, read standard input.\n",
          stdout);
}

/*
 * Look at the options, which may stand anywhere. True: go on with the operands, which
 * the caller's `scan` still has. Otherwise help was printed or an error reported.
 */
static bool parse(struct xz_report *report, struct xz_argscan scan)
{
    const char *value = NULL;
    for (int id; (id = xz_argscan_next(&scan, &value)) != XZ_ARGSCAN_END;) {
        if (id == XZ_ARGSCAN_ERROR) {
            xz_report_error(report, NULL, "%s", scan.error);
            return false;
        }
        if (id == 'h') {
            print_help(report->program);
            return false;
        }
        if (id == 'V') {
            puts("lzmainfo (ClearXZ " CLEARXZ_VERSION_STRING ") " LZMA_VERSION_STRING);
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    char error[256];
    struct xz_report report = {.program = argc > 0 ? argv[0] : "lzmainfo",
                               .verbosity = XZ_SAY_WARNINGS};
    struct xz_argscan scan;
    xz_argscan_init(&scan, long_options, "", argc, argv, 1, error, sizeof(error));
    if (parse(&report, scan)) {
        const char *name = NULL;
        bool any = false;
        while (xz_argscan_next(&scan, &name) == XZ_ARGSCAN_OPERAND) {
            if (!any)
                putchar('\n');
            any = true;
            show_name(&report, name);
        }
        if (!any)
            show_file(&report, stdin, NULL);
    }
    (void)xz_report_flush_stdout(&report);
    return xz_report_exit_status(&report);
}
