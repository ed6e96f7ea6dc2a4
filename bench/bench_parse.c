// SPDX-License-Identifier: 0BSD
// Times the encoder's parser and its symbol coder, each alone, on a file.
//
//     bench_parse FILE [PRESET [MIB [portable]]]    as 6 or 9e; 6 and 16 by default
//
// The first MIB of the file are compressed three times:
//
//     1. The finder alone: all pairs of all positions are recorded.
//     2. Parser and symbol coder; pairs come from the record. Symbols are recorded.
//     3. The symbol coder; symbols come from the record.
//
// So "parsing" is what 2 takes longer than 3. For that the linker puts functions of
// this file in the place of xz_finder_batch() and xz_parse_optimal() (ld --wrap); both
// copy from a record, which costs about a nanosecond a byte. The finder is always
// opened as the preset says, so the pairs are those of the real encoder.

#include "base/cpu.h"
#include "lzma/enc_pipe.h"
#include "lzma/lzma_enc.h"
#include "match/finder.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct record {
    const uint8_t *text;
    uint32_t size;

    uint32_t *first; // [size + 1] where the pairs of a position begin
    struct xz_pair *pairs;
    size_t pairs_room;

    struct xz_symbol *symbols;
    uint32_t *stretch; // [2 * n], [2 * n + 1]: symbols and bytes of stretch n
    size_t symbol_count;
    size_t symbol_next;
    size_t stretch_next;
};

enum mode { MODE_RECORD, MODE_REPLAY_PAIRS, MODE_REPLAY_SYMBOLS };

static struct record record;
static enum mode mode;
static uint32_t window_base; // position of the text at window index 0

void __real_xz_finder_batch(struct xz_finder *f, const struct xz_window *w,
                            uint32_t start, uint32_t limit,
                            struct xz_match_batch *batch);
void __wrap_xz_finder_batch(struct xz_finder *f, const struct xz_window *w,
                            uint32_t start, uint32_t limit,
                            struct xz_match_batch *batch);
void __real_xz_finder_moved(struct xz_finder *f, uint32_t moved);
void __wrap_xz_finder_moved(struct xz_finder *f, uint32_t moved);
void __real_xz_parse_optimal(struct xz_parse *parse, struct xz_optimal *optimal);
void __wrap_xz_parse_optimal(struct xz_parse *parse, struct xz_optimal *optimal);

static void *need(void *p)
{
    if (p == NULL) {
        fputs("bench_parse: no memory\n", stderr);
        exit(1);
    }
    return p;
}

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void __wrap_xz_finder_moved(struct xz_finder *f, uint32_t moved)
{
    window_base += moved;
    __real_xz_finder_moved(f, moved);
}

void __wrap_xz_finder_batch(struct xz_finder *f, const struct xz_window *w,
                            uint32_t start, uint32_t limit,
                            struct xz_match_batch *batch)
{
    if (mode == MODE_RECORD) {
        __real_xz_finder_batch(f, w, start, limit, batch);
        return;
    }
    const uint32_t at = start + window_base;
    const uint32_t begin = record.first[at];
    uint32_t count = 0;
    if (limit - start > XZ_BATCH_POSITIONS)
        limit = start + XZ_BATCH_POSITIONS;
    while (count < limit - start
           && record.first[at + count] - begin + XZ_MATCH_LEN_MAX <= XZ_BATCH_PAIRS) {
        batch->first[count] = record.first[at + count] - begin;
        ++count;
    }
    batch->start = start;
    batch->count = count;
    batch->first[count] = record.first[at + count] - begin;
    memcpy(batch->pairs, record.pairs + begin,
           batch->first[count] * sizeof(*batch->pairs));
}

void __wrap_xz_parse_optimal(struct xz_parse *parse, struct xz_optimal *optimal)
{
    uint32_t *const stretch = record.stretch + 2 * record.stretch_next++;
    if (mode == MODE_REPLAY_SYMBOLS) {
        parse->first = 0;
        parse->count = stretch[0];
        parse->size = stretch[1];
        memcpy(parse->symbols, record.symbols + record.symbol_next,
               stretch[0] * sizeof(*parse->symbols));
        record.symbol_next += stretch[0];
        return;
    }
    __real_xz_parse_optimal(parse, optimal);
    stretch[0] = parse->count;
    stretch[1] = parse->size;
    memcpy(record.symbols + record.symbol_count, parse->symbols + parse->first,
           parse->count * sizeof(*parse->symbols));
    record.symbol_count += parse->count;
}

/* All pairs, with the finder as the preset has it. */
static double record_pairs(const lzma_options_lzma *options)
{
    static struct xz_window w;
    static struct xz_finder f;
    static struct xz_match_batch batch;
    const struct xz_finder_setup setup = {
        .mf = options->mf,
        .dict_size = options->dict_size,
        .nice_len = options->nice_len,
        .depth = options->depth,
    };
    uint32_t moved;
    xz_window_open(&w, NULL, record.size, XZ_PARSE_AHEAD);
    if (xz_window_make_room(&w, NULL, record.size, &moved) != LZMA_OK
        || xz_finder_open(&f, NULL, &setup) != LZMA_OK)
        need(NULL);
    memcpy(w.buf, record.text, record.size);
    xz_window_added(&w, record.size);
    record.first = need(malloc((record.size + 1) * sizeof(uint32_t)));
    size_t used = 0;
    double seconds = 0;
    for (uint32_t pos = 0; pos < record.size; pos += batch.count) {
        const uint32_t left = record.size - pos;
        const uint32_t limit =
            pos + (left < XZ_PARSE_POSITIONS ? left : XZ_PARSE_POSITIONS);
        const double start = cpu_seconds();
        if (xz_finder_reserve(&f, NULL, limit) != LZMA_OK)
            need(NULL);
        __real_xz_finder_batch(&f, &w, pos, limit, &batch);
        seconds += cpu_seconds() - start;
        if (used + XZ_BATCH_PAIRS > record.pairs_room) {
            record.pairs_room = 2 * record.pairs_room + XZ_BATCH_PAIRS;
            record.pairs =
                need(realloc(record.pairs, record.pairs_room * sizeof(*record.pairs)));
        }
        for (uint32_t i = 0; i < batch.count; ++i)
            record.first[pos + i] = (uint32_t)(used + batch.first[i]);
        memcpy(record.pairs + used, batch.pairs,
               batch.first[batch.count] * sizeof(*batch.pairs));
        used += batch.first[batch.count];
    }
    record.first[record.size] = (uint32_t)used;
    xz_window_end(&w, NULL);
    xz_finder_end(&f, NULL);
    return seconds;
}

/* Encodes the text; returns the seconds and the size of the data. */
static double encode(const lzma_options_lzma *options, enum mode how, size_t *ret_size)
{
    mode = how;
    window_base = 0;
    record.stretch_next = 0;
    record.symbol_next = 0;
    uint8_t *const out = need(malloc(record.size + record.size / 1000 + 4096));
    struct xz_coder *coder = NULL;
    struct xz_io io = {
        .in = record.text,
        .in_size = record.size,
        .out = out,
        .out_size = record.size + record.size / 1000 + 4096,
    };
    const double start = cpu_seconds();
    if (xz_lzma2_enc_open(&coder, NULL, options) != LZMA_OK
        || coder->ops->code(coder, NULL, &io, LZMA_FINISH) != LZMA_STREAM_END) {
        fputs("bench_parse: encoding failed\n", stderr);
        exit(1);
    }
    const double seconds = cpu_seconds() - start;
    xz_coder_end(&coder, NULL);
    free(out);
    *ret_size = io.out_pos;
    return seconds;
}

static void read_text(const char *name, size_t size_max)
{
    FILE *const file = fopen(name, "rb");
    uint8_t *const text = need(malloc(size_max));
    record.text = text;
    record.size = file == NULL ? 0 : (uint32_t)fread(text, 1, size_max, file);
    if (record.size == 0) {
        fprintf(stderr, "bench_parse: cannot read %s\n", name);
        exit(1);
    }
    fclose(file);
}

static void print(const char *what, double seconds, double count)
{
    printf("%-9s %8.3f s %7.2f ns a byte %7.2f ns a symbol\n", what, seconds,
           seconds * 1e9 / record.size, seconds * 1e9 / count);
}

int main(int argc, char **argv)
{
    const char *const preset_name = argc > 2 ? argv[2] : "6";
    const size_t mib = argc > 3 ? (size_t)atoi(argv[3]) : 16;
    uint32_t preset = (uint32_t)atoi(preset_name);
    if (strchr(preset_name, 'e') != NULL)
        preset |= LZMA_PRESET_EXTREME;
    lzma_options_lzma options;
    if (argc < 2 || mib < 1 || mib > 1024 || lzma_lzma_preset(&options, preset)
        || options.mode != LZMA_MODE_NORMAL) {
        fputs("usage: bench_parse FILE [PRESET [MIB [portable]]]\n", stderr);
        return 1;
    }
    if (argc > 4)
        xz_cpu_limit(0);
    read_text(argv[1], mib << 20);
    const double find = record_pairs(&options);
    record.symbols = need(malloc((record.size + 1) * sizeof(*record.symbols)));
    record.stretch = need(malloc(2 * (record.size + 1) * sizeof(uint32_t)));
    size_t size;
    size_t size_again;
    const double both = encode(&options, MODE_REPLAY_PAIRS, &size);
    const double code = encode(&options, MODE_REPLAY_SYMBOLS, &size_again);
    if (size != size_again) {
        fputs("bench_parse: the same symbols gave another size\n", stderr);
        return 1;
    }
    const double symbols = (double)record.symbol_count;
    printf("%s -%s: %u bytes, %.2f pairs a byte, %.0f symbols\n", argv[1], preset_name,
           record.size, (double)record.first[record.size] / record.size, symbols);
    print("finding", find, symbols);
    print("parsing", both - code, symbols);
    print("coding", code, symbols);
    printf("%-9s %zu bytes\n", "size", size);
    return 0;
}
