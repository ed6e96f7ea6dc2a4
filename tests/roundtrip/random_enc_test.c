// SPDX-License-Identifier: 0BSD
// Random options on random structured data: what the encoder makes decodes to the data.
//
// usage: random_enc_test [SECONDS [SEED]]
// An argument that is no number counts for nothing; then a fixed number of rounds is
// run. A failure names the seed of its round; with 0 SECONDS only that round is run.
//
// A round makes data (pieces of all kinds, copies of what came before with changes),
// takes random LZMA2 options behind up to two random filters, or LZMA1 options for a
// .lzma file, and encodes
//
//     in pieces of random sizes, with flushes       on this CPU
//     in other pieces, with the same flushes        on this CPU
//     the same                                      with portable code
//
// The three must be the same bytes, and decode to the data. One round in LONG_EVERY has
// data that several windows of the encoder hold.

#include "base/cpu.h"
#include "support/support.h"
#include <stdio.h>
#include <time.h>

#define DATA_MAX   ((size_t)2500000)
#define SHORT_MAX  400000
#define OUT_MAX    (DATA_MAX + DATA_MAX / 2 + 4096)
#define FLUSH_MAX  3
#define ROUNDS     150
#define LONG_EVERY 25

struct round {
    uint64_t seed;
    uint64_t state;
    bool is_long;
    bool is_alone; // a .lzma file
    lzma_options_lzma lzma;
    lzma_options_delta delta;
    lzma_filter filters[4];
    size_t size;
    size_t flush_at[FLUSH_MAX]; // rising; size where there is none
};

static uint8_t data[DATA_MAX];
static uint8_t out[2][OUT_MAX];
static uint8_t back[DATA_MAX + 1];

static void check(const struct round *r, bool good, const char *what, int value)
{
    if (good)
        return;
    fprintf(stderr, "random_enc_test: %s (%d); again with: random_enc_test 0 %llu\n",
            what, value, (unsigned long long)r->seed);
    exit(1);
}

/* At most limit, small values as likely as large ones. */
static uint32_t random_size(uint64_t *state, uint32_t limit)
{
    const uint32_t bits = 1 + random_below(state, 31);
    const uint32_t size = random_below(state, UINT32_C(1) << bits);
    return size <= limit ? size : random_below(state, limit + 1);
}

/* A copy of something before pos, with a byte changed now and then. */
static void copy_before(uint8_t *buf, size_t pos, size_t size, uint64_t *state)
{
    const size_t dist = 1 + random_size(state, (uint32_t)pos - 1);
    const uint32_t rate = 2 + random_size(state, 400);
    for (size_t i = pos; i < pos + size; ++i) {
        buf[i] = buf[i - dist];
        if (random_below(state, rate) == 0)
            buf[i] = (uint8_t)random_next(state);
    }
}

static void make_data(struct round *r)
{
    uint64_t *const state = &r->state;
    r->is_long = r->seed % LONG_EVERY == 0;
    r->is_alone = random_below(state, 4) == 0;
    r->size = r->is_long ? SHORT_MAX + random_below(state, DATA_MAX - SHORT_MAX)
                         : random_size(state, SHORT_MAX);
    for (size_t pos = 0; pos < r->size;) {
        const size_t left = r->size - pos;
        const bool is_large = r->is_long && random_below(state, 4) == 0;
        size_t size = 1 + random_size(state, is_large ? 900000 : 60000);
        size = size < left ? size : left;
        if (pos > 0 && random_below(state, 2) == 0) {
            copy_before(data, pos, size, state);
        } else {
            const struct data_kind *const kind =
                &data_kinds[random_below(state, DATA_KIND_COUNT)];
            kind->fill(data + pos, size, random_next(state));
        }
        pos += size;
    }
    size_t at = 0;
    for (int i = 0; i < FLUSH_MAX; ++i) {
        const bool flushes = !r->is_alone && random_below(state, 4) == 0;
        at += flushes ? random_size(state, DATA_MAX) : r->size;
        r->flush_at[i] = at = at < r->size ? at : r->size;
    }
}

static void make_options(struct round *r)
{
    static const lzma_match_finder finders[] = {LZMA_MF_HC3, LZMA_MF_HC4, LZMA_MF_BT2,
                                                LZMA_MF_BT3, LZMA_MF_BT4};
    static const lzma_vli branches[] = {LZMA_FILTER_X86, LZMA_FILTER_ARM64,
                                        LZMA_FILTER_SPARC, LZMA_FILTER_RISCV};
    uint64_t *const state = &r->state;
    lzma_options_lzma *const o = &r->lzma;
    lzma_lzma_preset(o, random_below(state, 10)
                            | (random_below(state, 3) == 0 ? LZMA_PRESET_EXTREME : 0));
    o->dict_size =
        LZMA_DICT_SIZE_MIN + random_size(state, r->is_long ? 1 << 19 : 1 << 20);
    o->lc = random_below(state, 5);
    o->lp = random_below(state, 5 - o->lc);
    o->pb = random_below(state, 5);
    if (random_below(state, 2) == 0) {
        o->mode = random_below(state, 3) == 0 ? LZMA_MODE_FAST : LZMA_MODE_NORMAL;
        o->mf = finders[random_below(state, ARRAY_COUNT(finders))];
        o->nice_len = 4 + random_size(state, 269);
        o->depth = random_size(state, 100);
    }
    uint32_t count = 0;
    if (!r->is_alone && random_below(state, 4) == 0) {
        r->delta = (lzma_options_delta){.type = LZMA_DELTA_TYPE_BYTE,
                                        .dist = 1 + random_below(state, 256)};
        r->filters[count++] = (lzma_filter){LZMA_FILTER_DELTA, &r->delta};
    }
    if (!r->is_alone && random_below(state, 4) == 0) {
        const lzma_vli id = branches[random_below(state, ARRAY_COUNT(branches))];
        r->filters[count++] = (lzma_filter){id, NULL};
    }
    r->filters[count++] = (lzma_filter){LZMA_FILTER_LZMA2, o};
    r->filters[count] = (lzma_filter){LZMA_VLI_UNKNOWN, NULL};
}

/* Encodes data in pieces; returns the size. */
static size_t encode(struct round *r, uint8_t *target)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_ret ret = r->is_alone
                       ? lzma_alone_encoder(&strm, &r->lzma)
                       : lzma_stream_encoder(&strm, r->filters, LZMA_CHECK_CRC32);
    check(r, ret == LZMA_OK, "opening the encoder", ret);
    strm.next_in = data;
    strm.next_out = target;
    const uint32_t piece_max = 1 + random_size(&r->state, 100000);
    int flush = 0;
    while (ret != LZMA_STREAM_END) {
        const size_t until = flush < FLUSH_MAX ? r->flush_at[flush] : r->size;
        const size_t left = until - (size_t)strm.total_in;
        lzma_action action = until == r->size ? LZMA_FINISH : LZMA_FULL_FLUSH;
        strm.avail_in = 1 + random_below(&r->state, piece_max);
        if (strm.avail_in < left)
            action = LZMA_RUN;
        else
            strm.avail_in = left;
        do {
            const size_t room = OUT_MAX - (size_t)strm.total_out;
            strm.avail_out = 1 + random_below(&r->state, piece_max);
            strm.avail_out = strm.avail_out < room ? strm.avail_out : room;
            ret = lzma_code(&strm, action);
            check(r, ret == LZMA_OK || ret == LZMA_STREAM_END, "encoding", ret);
        } while (ret == LZMA_OK && (strm.avail_in > 0 || action != LZMA_RUN));
        if (action == LZMA_FULL_FLUSH) {
            ++flush;
            ret = LZMA_OK;
        }
    }
    const size_t size = (size_t)strm.total_out;
    lzma_end(&strm);
    return size;
}

/* Decodes what was made; returns how much is in back. */
static size_t decode(const struct round *r, size_t size)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_ret ret = r->is_alone ? lzma_alone_decoder(&strm, UINT64_MAX)
                               : lzma_stream_decoder(&strm, UINT64_MAX, 0);
    check(r, ret == LZMA_OK, "opening the decoder", ret);
    strm.next_in = out[0];
    strm.avail_in = size;
    strm.next_out = back;
    strm.avail_out = sizeof(back);
    ret = lzma_code(&strm, LZMA_FINISH);
    check(r, ret == LZMA_STREAM_END && strm.avail_in == 0, "decoding", ret);
    const size_t restored = (size_t)strm.total_out;
    lzma_end(&strm);
    return restored;
}

/* With fewer of the CPU's features the bytes are the same. */
static void check_limited(struct round *r, size_t size, uint32_t features,
                          const char *what)
{
    xz_cpu_limit(features);
    const size_t again = encode(r, out[1]);
    xz_cpu_limit(UINT32_MAX);
    check(r, again == size && memcmp(out[0], out[1], size) == 0, what, 0);
}

static void run_round(uint64_t seed)
{
    struct round r = {.seed = seed, .state = seed * UINT64_C(0x9E3779B97F4A7C15) | 1};
    for (int i = 0; i < 4; ++i)
        random_next(&r.state);
    make_data(&r);
    make_options(&r);
    const size_t size = encode(&r, out[0]);
    const size_t again = encode(&r, out[1]);
    check(&r, again == size && memcmp(out[0], out[1], size) == 0, "other pieces", 0);
    check_limited(&r, size, 0, "portable code");
    if (seed % 2 == 0)
        check_limited(&r, size, ~(uint32_t)XZ_CPU_AVX512, "no AVX-512");
    else
        check_limited(&r, size, ~(uint32_t)(XZ_CPU_AVX512 | XZ_CPU_AVX2), "no AVX2");

    const size_t restored = decode(&r, size);
    check(&r, restored == r.size && memcmp(back, data, r.size) == 0, "content", 0);
}

int main(int argc, char **argv)
{
    const bool has_time = argc > 1 && argv[1][0] >= '0' && argv[1][0] <= '9';
    const long seconds = has_time ? atol(argv[1]) : 0;
    const uint64_t first = has_time && argc > 2 ? strtoull(argv[2], NULL, 10)
                           : has_time           ? (uint64_t)time(NULL) * 1000
                                                : 1;
    const uint64_t rounds = getenv("SANITIZED") != NULL ? ROUNDS / 5 : ROUNDS;
    const time_t deadline = time(NULL) + seconds;
    uint64_t count = 0;
    do {
        run_round(first + count);
        ++count;
    } while (has_time ? seconds > 0 && time(NULL) < deadline : count < rounds);
    printf("%llu rounds, first seed %llu\n1 passed, 0 failed\n",
           (unsigned long long)count, (unsigned long long)first);
    return 0;
}
