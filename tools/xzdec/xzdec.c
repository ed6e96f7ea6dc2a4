// SPDX-License-Identifier: 0BSD
// Decodes .xz (as xzdec) or .lzma (as lzmadec) files to standard output.

/*
 * A program for places where xz is too big: rescue systems, firmware. Hence one
 * decoder, no threads, no files made or removed, no environment variables, no limit
 * of memory. What can be decoded of a damaged file is written before the error is
 * reported; then the other files have their turn. The sandbox is that of xz.
 *
 * The options of xz that ask for what is done anyway are accepted, so that the program
 * can stand in for `xz -dc`.
 */

#include "../common/system.h"

#include "../common/argscan.h"
#include "../common/coder_text.h"
#include "../common/confine.h"
#include "../common/report.h"

#include <clearxz.h>
#include <lzma.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bytes for each of the two buffers */
#define BUFFER_SIZE 32768

struct decoder {
    struct xz_report report;
    struct xz_confine confine;
    lzma_stream strm;
    bool is_lzmadec;
    bool output_failed; // nobody will see the rest; do not go on
    uint8_t in[BUFFER_SIZE];
    uint8_t out[BUFFER_SIZE];
};

enum action { DECODE, SHOW_HELP, SHOW_VERSION };

static const struct xz_arg_def long_options[] = {
    {"decompress", 'd', XZ_ARG_NONE}, {"uncompress", 'd', XZ_ARG_NONE},
    {"keep", 'k', XZ_ARG_NONE},       {"stdout", 'c', XZ_ARG_NONE},
    {"to-stdout", 'c', XZ_ARG_NONE},  {"quiet", 'q', XZ_ARG_NONE},
    {"no-warn", 'Q', XZ_ARG_NONE},    {"help", 'h', XZ_ARG_NONE},
    {"version", 'V', XZ_ARG_NONE},    {NULL, 0, XZ_ARG_NONE},
};

static bool write_out(struct decoder *d, size_t size)
{
    const uint8_t *pos = d->out;
    while (size > 0) {
        ssize_t put = write(STDOUT_FILENO, pos, size);
        if (put >= 0) {
            pos += put;
            size -= (size_t)put;
        } else if (errno != EINTR) {
            xz_report_error(&d->report, "(stdout)", "Write error: %s", strerror(errno));
            d->output_failed = true;
            return false;
        }
    }
    return true;
}

/* The next piece of the file into d->in; false: reported. 0 bytes are its end. */
static bool read_in(struct decoder *d, int fd, const char *name, size_t *ret_size)
{
    ssize_t got;
    do
        got = read(fd, d->in, BUFFER_SIZE);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        xz_report_error(&d->report, name, "Read error: %s", strerror(errno));
        return false;
    }
    *ret_size = (size_t)got;
    return true;
}

/* Streams may follow each other; behind the data of a .lzma file there is nothing. */
static lzma_ret open_decoder(struct decoder *d)
{
    if (d->is_lzmadec)
        return lzma_alone_decoder(&d->strm, UINT64_MAX);
    return lzma_stream_decoder(&d->strm, UINT64_MAX, LZMA_CONCATENATED);
}

/* True if something follows what has been decoded. */
static bool has_more(struct decoder *d, int fd, const char *name)
{
    size_t size = d->strm.avail_in;
    if (size == 0 && !read_in(d, fd, name, &size))
        return false; // reported; the status is that of an error anyway
    return size > 0;
}

/*
 * Read when all input is used, write when the output buffer is full or there will be no
 * more. `name` is for messages.
 */
static void decode(struct decoder *d, int fd, const char *name)
{
    lzma_stream *strm = &d->strm;
    lzma_action action = LZMA_RUN;
    lzma_ret ret = open_decoder(d);
    strm->avail_in = 0;
    strm->next_out = d->out;
    strm->avail_out = BUFFER_SIZE;
    while (ret == LZMA_OK) {
        if (strm->avail_in == 0 && action == LZMA_RUN) {
            if (!read_in(d, fd, name, &strm->avail_in))
                return;
            strm->next_in = d->in;
            if (strm->avail_in == 0)
                action = LZMA_FINISH;
        }
        ret = lzma_code(strm, action);
        if (strm->avail_out == 0 || ret != LZMA_OK) {
            if (!write_out(d, BUFFER_SIZE - strm->avail_out))
                return;
            strm->next_out = d->out;
            strm->avail_out = BUFFER_SIZE;
        }
    }
    if (ret == LZMA_STREAM_END && d->is_lzmadec && has_more(d, fd, name))
        ret = LZMA_DATA_ERROR;
    if (ret != LZMA_STREAM_END)
        xz_report_error(&d->report, name, "%s", xz_coder_text(ret));
}

/* Once the last file is open, nothing else may be opened any more. */
static void decode_file(struct decoder *d, const char *name, bool is_last)
{
    bool is_stdin = strcmp(name, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (fd == -1) {
        xz_report_error(&d->report, name, "%s", strerror(errno));
        return;
    }
    xz_confine_enter(&d->confine, is_last ? XZ_CONFINE_STRICT : XZ_CONFINE_READ);
    decode(d, fd, is_stdin ? "(stdin)" : name);
    if (!is_stdin)
        (void)close(fd);
}

static void print_help(const struct decoder *d)
{
    xz_put_usage(stdout, d->report.program);
    printf(" [OPTION]... [FILE]...\n"
           "Decompress %s files to standard output.\n"
           "\n"
           "  -q, --quiet      twice: show no errors\n"
           "  -h, --help       show this help\n"
           "  -V, --version    show the version\n"
           "  -d, --decompress, -k, --keep, -c, --stdout, -Q, --no-warn\n"
           "                   do nothing: accepted because xz has them\n"
           "\n"
           "Without FILE, or when FILE is -, read standard input.\n",
           d->is_lzmadec ? ".lzma" : ".xz");
}

static void print_version(const struct decoder *d)
{
    printf("%s (ClearXZ " CLEARXZ_VERSION_STRING ") " LZMA_VERSION_STRING "\n"
           "liblzma %s\n",
           d->is_lzmadec ? "lzmadec" : "xzdec", lzma_version_string());
}

/*
 * Operands go to `names`, which has room for all; *ret_count is how many. Returns what
 * to do; an error is reported, which shows in the status of the report.
 */
static enum action parse(struct decoder *d, int argc, char **argv, const char **names,
                         size_t *ret_count)
{
    char error[256];
    struct xz_argscan scan;
    const char *value = NULL;
    size_t count = 0;
    int id;
    xz_argscan_init(&scan, long_options, "cdkqQhV", argc, argv, 1, error,
                    sizeof(error));
    while ((id = xz_argscan_next(&scan, &value)) != XZ_ARGSCAN_END) {
        if (id == XZ_ARGSCAN_OPERAND)
            names[count++] = value;
        else if (id == XZ_ARGSCAN_ERROR)
            break;
        else if (id == 'h')
            return SHOW_HELP;
        else if (id == 'V')
            return SHOW_VERSION;
        else if (id == 'q' && d->report.verbosity > XZ_SAY_NOTHING)
            d->report.verbosity--;
    }
    if (id == XZ_ARGSCAN_ERROR) {
        xz_report_error(&d->report, NULL, "%s", error);
        xz_report_note(&d->report, XZ_SAY_ERRORS, NULL, "Try '%s --help'.",
                       d->report.program);
    }
    *ret_count = count;
    return DECODE;
}

/* "lzmadec" in the last part of the name makes it that. */
static bool is_lzmadec(const char *program)
{
    const char *slash = strrchr(program, '/');
    return strstr(slash != NULL ? slash + 1 : program, "lzmadec") != NULL;
}

int main(int argc, char **argv)
{
    static const char *const standard_input[] = {"-"};
    struct decoder d;
    d.report = (struct xz_report){.program = argc > 0 ? argv[0] : "xzdec",
                                  .verbosity = XZ_SAY_WARNINGS};
    d.confine = (struct xz_confine){.entered = false};
    d.strm = (lzma_stream)LZMA_STREAM_INIT;
    d.is_lzmadec = is_lzmadec(d.report.program);
    d.output_failed = false;

    size_t count = 0;
    const char **names = calloc((size_t)argc + 1, sizeof(*names));
    if (names == NULL) {
        xz_report_error(&d.report, NULL, "%s", strerror(ENOMEM));
        return XZ_EXIT_ERROR;
    }
    enum action action = parse(&d, argc, argv, names, &count);
    if (action == SHOW_HELP)
        print_help(&d);
    else if (action == SHOW_VERSION)
        print_version(&d);
    if (action != DECODE) {
        (void)xz_report_flush_stdout(&d.report);
    } else if (d.report.status == XZ_EXIT_OK) {
        const char *const *todo = count > 0 ? names : standard_input;
        count = count > 0 ? count : 1;
        for (size_t i = 0; i < count && !d.output_failed; i++)
            decode_file(&d, todo[i], i + 1 == count);
    }
    lzma_end(&d.strm);
    free(names);
    return xz_report_exit_status(&d.report);
}
