// SPDX-License-Identifier: 0BSD
// Times encoders and decoders of the library on a whole file in memory.

/*
 * Nothing but the coders is timed: the file is read before, and nothing is written.
 * Short work is repeated until it has taken REPEAT_NS. Every result is decoded and
 * compared with the file, so that a table is a proof of the round trip too.
 *
 * Both numbers of threads use the threaded encoder: lines of a level differ in time,
 * not in bytes.
 */

#include "../common/system.h"

#include "benchmark.h"
#include "coders.h"

#include "../common/files.h"
#include "../common/record.h"
#include "../common/signals.h"
#include "../common/units.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REPEAT_NS  UINT64_C(300000000)
#define PIECE      ((size_t)1 << 20)
#define LEVEL_TEXT 16

/* The file, and room for what is made of it */
struct bench {
    const struct xz_options *options;
    const struct xz_limits *limits;
    struct xz_report *report;
    const char *name;
    uint8_t *plain;
    size_t plain_size;
    uint8_t *packed;
    size_t packed_room;
    uint8_t *unpacked; // one byte more than plain_size, so that too much shows
};

/* One line of the table */
struct result {
    char level[LEVEL_TEXT];
    uint32_t threads;
    size_t packed_size;
    uint64_t encode_ns, decode_ns;
    uint64_t memory;
};

static uint64_t clock_ns(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Read all of a source; false: reported. */
static bool read_all(struct bench *b, struct xz_files *files)
{
    size_t room = (size_t)xz_files_source_size(files) + 1;
    room = room < PIECE ? PIECE : room;
    for (;;) {
        uint8_t *plain = b->plain;
        if (plain == NULL || b->plain_size == room) {
            room = plain == NULL ? room : room * 2;
            plain = realloc(plain, room);
        }
        if (plain == NULL) {
            xz_report_error(b->report, b->name, "%s", strerror(ENOMEM));
            return false;
        }
        b->plain = plain;
        size_t got = 0;
        switch (xz_files_read(files, plain + b->plain_size, room - b->plain_size, -1,
                              &got)) {
        case XZ_READ_DATA:
            b->plain_size += got;
            break;
        case XZ_READ_END:
            return true;
        case XZ_READ_NOTHING:
            break;
        case XZ_READ_FAILED:
            return false;
        }
    }
}

/* From memory to memory, in pieces, so that signals are noticed. */
static lzma_ret code_all(lzma_stream *strm, const uint8_t *in, size_t in_size,
                         uint8_t *out, size_t out_size, size_t *ret_size)
{
    lzma_ret ret = LZMA_OK;
    size_t given = 0;
    strm->next_out = out;
    strm->avail_out = out_size;
    while (ret == LZMA_OK && !xz_signals_aborted()) {
        if (strm->avail_in == 0 && given < in_size) {
            strm->next_in = in + given;
            strm->avail_in = in_size - given < PIECE ? in_size - given : PIECE;
            given += strm->avail_in;
        }
        ret = lzma_code(strm, given < in_size ? LZMA_RUN : LZMA_FINISH);
    }
    *ret_size = out_size - strm->avail_out;
    return ret;
}

/* After Control-C nobody waits for a worker that sorts: the process ends. */
static void end(lzma_stream *strm)
{
    if (!xz_signals_aborted())
        lzma_end(strm);
}

/* Encode once. */
static lzma_ret encode(struct bench *b, const lzma_mt *mt, size_t *ret_size)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_ret ret = lzma_stream_encoder_mt(&strm, mt);
    if (ret == LZMA_OK)
        ret = code_all(&strm, b->plain, b->plain_size, b->packed, b->packed_room,
                       ret_size);
    end(&strm);
    return ret;
}

/* Decode once, and compare. */
static lzma_ret decode(struct bench *b, const lzma_mt *mt, size_t packed_size)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    size_t size = 0;
    lzma_mt how = {.threads = mt->threads,
                   .timeout = mt->timeout,
                   .memlimit_threading = UINT64_MAX,
                   .memlimit_stop = UINT64_MAX};
    lzma_ret ret = mt->threads == 1 ? lzma_stream_decoder(&strm, UINT64_MAX, 0)
                                    : lzma_stream_decoder_mt(&strm, &how);
    if (ret == LZMA_OK)
        ret = code_all(&strm, b->packed, packed_size, b->unpacked, b->plain_size + 1,
                       &size);
    end(&strm);
    if (ret == LZMA_STREAM_END
        && (size != b->plain_size || memcmp(b->unpacked, b->plain, size) != 0))
        return LZMA_PROG_ERROR;
    return ret;
}

/* Measure both directions; false: reported, or a signal asks for an end. */
static bool measure(struct bench *b, const lzma_mt *mt, struct result *result)
{
    uint64_t start = clock_ns();
    uint64_t count = 0;
    lzma_ret ret;
    do {
        ret = encode(b, mt, &result->packed_size);
        count++;
    } while (ret == LZMA_STREAM_END && clock_ns() - start < REPEAT_NS);
    result->encode_ns = (clock_ns() - start) / count;
    start = clock_ns();
    count = 0;
    while (ret == LZMA_STREAM_END && (count == 0 || clock_ns() - start < REPEAT_NS)) {
        ret = decode(b, mt, result->packed_size);
        count++;
    }
    if (count > 0)
        result->decode_ns = (clock_ns() - start) / count;
    if (ret != LZMA_STREAM_END && !xz_signals_aborted())
        xz_report_error(b->report, b->name, "Level %s, %" PRIu32 " threads: %s",
                        result->level, result->threads, xz_coder_text(ret));
    return ret == LZMA_STREAM_END;
}

/* Bytes in a second */
static uint64_t rate(size_t bytes, uint64_t ns)
{
    return ns == 0 ? 0 : (uint64_t)((double)bytes * 1e9 / (double)ns);
}

static void print(const struct bench *b, const struct result *result)
{
    char ratio[XZ_UNIT_TEXT_SIZE], memory[XZ_UNIT_TEXT_SIZE];
    uint64_t up = rate(b->plain_size, result->encode_ns);
    uint64_t down = rate(b->plain_size, result->decode_ns);
    if (!b->options->json) {
        printf("%7s %7" PRIu32 " %14zu  %5s  %10.2f  %12.2f  %11s\n", result->level,
               result->threads, result->packed_size,
               xz_ratio_text(result->packed_size, b->plain_size, ratio),
               (double)up / 1048576.0, (double)down / 1048576.0,
               xz_mib_text(result->memory, memory));
        fflush(stdout);
        return;
    }
    struct xz_record record;
    xz_record_begin(&record, stdout);
    xz_record_text(&record, "type", "benchmark");
    xz_record_text(&record, "name", b->name);
    xz_record_text(&record, "level", result->level);
    xz_record_number(&record, "threads", result->threads);
    xz_record_number(&record, "size", result->packed_size);
    xz_record_ratio(&record, "ratio", result->packed_size, b->plain_size);
    xz_record_number(&record, "compress_rate", up);
    xz_record_number(&record, "decompress_rate", down);
    xz_record_number(&record, "memory", result->memory);
    xz_record_end(&record);
}

/* One line, unless it would need more memory than the user allows. */
static bool do_line(struct bench *b, const char *level, const lzma_filter *filters,
                    uint32_t threads)
{
    char need[XZ_UNIT_TEXT_SIZE], limit[XZ_UNIT_TEXT_SIZE];
    struct result result = {.threads = threads};
    snprintf(result.level, sizeof(result.level), "%s", level);
    lzma_mt mt = {.threads = threads,
                  .block_size = b->options->block_size,
                  .timeout = 300,
                  .filters = filters,
                  .check = b->options->check};
    result.memory = lzma_stream_encoder_mt_memusage(&mt);
    if (result.memory > b->limits->compress) {
        xz_report_warning(b->report, b->name,
                          "Level %s with %" PRIu32 " threads needs %s, the limit is %s",
                          level, threads, xz_memory_text(result.memory, need),
                          xz_memory_text(b->limits->compress, limit));
        return true;
    }
    if (!measure(b, &mt, &result))
        return false;
    print(b, &result);
    return true;
}

/* One thread and all threads, or the number that the user gave. */
static bool do_level(struct bench *b, const char *level, const lzma_filter *filters)
{
    uint32_t all = b->limits->threads;
    if (b->limits->threads_automatic && all > 1 && !do_line(b, level, filters, 1))
        return false;
    return do_line(b, level, filters, all);
}

static bool do_all_levels(struct bench *b)
{
    for (uint32_t level = 0; level <= 9; level++) {
        lzma_options_lzma lzma;
        lzma_filter filters[2] = {{LZMA_FILTER_LZMA2, &lzma}, {LZMA_VLI_UNKNOWN, NULL}};
        const char text[2] = {(char)('0' + level), '\0'};
        if (lzma_lzma_preset(&lzma, level) || !do_level(b, text, filters))
            return false;
    }
    return true;
}

/* The levels or the chain that the options ask for. */
static void do_table(struct bench *b)
{
    const struct xz_options *options = b->options;
    char level[LEVEL_TEXT] = "filters";
    if (!options->json) {
        xz_put_masked(stdout, b->name);
        printf(": %zu bytes\n%7s %7s %14s  %5s  %10s  %12s  %11s\n", b->plain_size,
               "Level", "Threads", "Compressed", "Ratio", "Comp MiB/s", "Decomp MiB/s",
               "Memory");
    }
    if (options->preset_is_used && !options->preset_is_set) {
        (void)do_all_levels(b);
        return;
    }
    if (options->preset_is_used)
        snprintf(level, sizeof(level), "%u%s",
                 (unsigned)(options->preset & LZMA_PRESET_LEVEL_MASK),
                 (options->preset & LZMA_PRESET_EXTREME) != 0 ? "e" : "");
    (void)do_level(b, level, options->chains[0].filters);
}

void xz_benchmark_file(const struct xz_options *options, const struct xz_limits *limits,
                       struct xz_report *report, const char *name)
{
    static const struct xz_file_rules rules = {.to_stdout = true, .keep = true};
    struct bench b = {.options = options,
                      .limits = limits,
                      .report = report,
                      .name = name != NULL ? name : "(stdin)"};
    struct xz_files files;
    xz_files_init(&files, &rules, report);
    if (!(name != NULL ? xz_files_open_source(&files, name)
                       : xz_files_open_stdin(&files)))
        return;
    bool good = read_all(&b, &files);
    (void)xz_files_close(&files, true);
    if (good && b.plain_size == 0) {
        xz_report_warning(report, b.name, "Is empty, nothing to measure");
    } else if (good) {
        b.packed_room = b.plain_size + b.plain_size / 8 + PIECE;
        b.packed = malloc(b.packed_room);
        b.unpacked = malloc(b.plain_size + 1);
        if (b.packed != NULL && b.unpacked != NULL)
            do_table(&b);
        else
            xz_report_error(report, name, "%s", strerror(ENOMEM));
    }
    free(b.plain);
    free(b.packed);
    free(b.unpacked);
}
