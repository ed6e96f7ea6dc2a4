// SPDX-License-Identifier: 0BSD
// Times the encoder's parser and its symbol coder, each alone, on a file.
//
//     bench_parse FILE [PRESET [MIB [portable]]]    as 6 or 9e; 6 and 16 by default
//
// The first MIB of the file are compressed three times:
//
//     1. As usual. All pairs are recorded.
//     2. Without finding: pairs come from the record. Symbols are recorded.
//     3. Without finding and parsing: symbols come from the record.
//
// So "finding" is what 1 takes longer than 2, and "parsing" what 2 takes longer than 3;
// the copies from and to the records are a nanosecond a byte or two. For that the
// linker puts functions of this file in the place of the real ones (ld --wrap).

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
    size_t pairs_used;
    uint32_t filled; // positions whose pairs are known

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
lzma_ret __real_xz_finder_prepare(struct xz_finder *f, const lzma_allocator *allocator,
                                  const struct xz_window *w, uint32_t end);
lzma_ret __wrap_xz_finder_prepare(struct xz_finder *f, const lzma_allocator *allocator,
                                  const struct xz_window *w, uint32_t end);
bool __real_xz_finder_is_ready(const struct xz_finder *f, uint32_t end);
bool __wrap_xz_finder_is_ready(const struct xz_finder *f, uint32_t end);
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

lzma_ret __wrap_xz_finder_prepare(struct xz_finder *f, const lzma_allocator *allocator,
                                  const struct xz_window *w, uint32_t end)
{
    return mode == MODE_RECORD ? __real_xz_finder_prepare(f, allocator, w, end)
                               : LZMA_OK;
}

bool __wrap_xz_finder_is_ready(const struct xz_finder *f, uint32_t end)
{
    return mode != MODE_RECORD || __real_xz_finder_is_ready(f, end);
}

/* Positions that the parser has jumped over have no pairs. */
static void record_batch(uint32_t at, const struct xz_match_batch *batch)
{
    if (record.pairs_used + XZ_BATCH_PAIRS > record.pairs_room) {
        record.pairs_room = 2 * record.pairs_room + XZ_BATCH_PAIRS;
        record.pairs =
            need(realloc(record.pairs, record.pairs_room * sizeof(*record.pairs)));
    }
    while (record.filled < at)
        record.first[record.filled++] = (uint32_t)record.pairs_used;
    for (uint32_t i = 0; i < batch->count; ++i)
        record.first[record.filled++] = (uint32_t)record.pairs_used + batch->first[i];
    memcpy(record.pairs + record.pairs_used, batch->pairs,
           batch->first[batch->count] * sizeof(*batch->pairs));
    record.pairs_used += batch->first[batch->count];
}

void __wrap_xz_finder_batch(struct xz_finder *f, const struct xz_window *w,
                            uint32_t start, uint32_t limit,
                            struct xz_match_batch *batch)
{
    if (mode == MODE_RECORD) {
        __real_xz_finder_batch(f, w, start, limit, batch);
        record_batch(start + window_base, batch);
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
    if (mode == MODE_RECORD) {
        __real_xz_parse_optimal(parse, optimal);
        return;
    }
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
    record.first = need(malloc((record.size + 1) * sizeof(uint32_t)));
    record.symbols = need(malloc((record.size + 1) * sizeof(*record.symbols)));
    record.stretch = need(malloc(2 * (record.size + 1) * sizeof(uint32_t)));
    size_t sizes[3];
    const double all = encode(&options, MODE_RECORD, &sizes[0]);
    while (record.filled <= record.size)
        record.first[record.filled++] = (uint32_t)record.pairs_used;
    const double both = encode(&options, MODE_REPLAY_PAIRS, &sizes[1]);
    const double code = encode(&options, MODE_REPLAY_SYMBOLS, &sizes[2]);
    if (sizes[1] != sizes[0] || sizes[2] != sizes[0]) {
        fputs("bench_parse: a record gave another size\n", stderr);
        return 1;
    }
    const double symbols = (double)record.symbol_count;
    printf("%s -%s: %u bytes, %.2f pairs a byte, %.0f symbols\n", argv[1], preset_name,
           record.size, (double)record.first[record.size] / record.size, symbols);
    print("finding", all - both, symbols);
    print("parsing", both - code, symbols);
    print("coding", code, symbols);
    printf("%-9s %zu bytes\n", "size", sizes[0]);
    return 0;
}
