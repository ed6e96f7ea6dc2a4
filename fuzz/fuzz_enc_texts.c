// SPDX-License-Identifier: 0BSD
// Long texts: what an encoder makes of one decodes to it, and is the same whatever
// pieces the text comes in, whatever the encoder did before, on every CPU.
//
// An input is a program of up to two jobs. A job describes a text of up to TEXT_MAX
// bytes by steps (copy so many bytes from such a distance, go on at it, noise, noise
// with few copies, what is like logs, kinds of data, literal bytes), options near those
// that search texts in bulk, and places of flushes. The text is encoded twice.

#include "base/cpu.h"
#include "recipe.h"
#include "support/data.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX  ((size_t)3 << 19)
#define STEPS_MAX 32
#define FLUSH_MAX 12

/* Calls for a text, roughly. */
#define PIECES_MAX 1000

enum kind { RAW2, RAW1, STREAM, THREADS, KINDS };

struct flush {
    size_t pos;
    lzma_action action;
};

struct job {
    enum kind kind;
    lzma_options_lzma lzma;
    lzma_filter filters[2];
    uint64_t block_size; // of THREADS
    struct flush flushes[FLUSH_MAX];
    uint32_t flush_count;
    uint8_t *text;
    size_t size;
};

/* How the text is given. */
struct way {
    size_t piece;
    size_t room;
    bool is_random; // those are the most
    uint64_t state;
    uint32_t threads;
    uint32_t cpu; // features that count
};

/* ---- Text ---- */

/* Bytes of a step: any number of bits is as likely as any other; or near a size at
   which something else is done. */
static size_t take_length(struct fuzz_feed *feed)
{
    static const uint32_t edges[] = {273,       2 * 273,  4095,     4096 + 548,
                                     2 * 4095,  8 << 10,  64 << 10, 64 << 10,
                                     128 << 10, 256 << 10};
    const uint32_t kind = fuzz_take(feed, 8);
    if (kind < 2)
        return edges[fuzz_take(feed, ARRAY_COUNT(edges))] - 8 + fuzz_take(feed, 16);
    return fuzz_take_size(feed, kind == 2 ? 20 : 18);
}

/* Noise with a few short copies, so that most of it has nothing but literals. */
static void fill_lone(uint8_t *to, size_t pos, size_t size, uint64_t state)
{
    fill_random(to + pos, size, state);
    for (size_t i = pos + 8; i + 9 < pos + size;) {
        const uint32_t near = i < 300 ? (uint32_t)i : 300;
        memmove(to + i, to + i - 1 - random_below(&state, near),
                2 + random_below(&state, 7));
        i += 10 + random_below(&state, 200);
    }
}

/* Short copies of what was nearby, as logs have them, for as long as the encoder wants
   to see (XZ_REPEATS_SIZE_MIN). */
#define LIKE_LOGS_MORE ((size_t)192 << 10)
#define LOG_LINE       600
#define LOG_NEAR       16000
static void fill_like_logs(uint8_t *to, size_t pos, size_t size, uint64_t state)
{
    const size_t end = pos + size;
    for (size_t i = pos; i < end;) {
        const uint32_t near = i < LOG_NEAR ? (uint32_t)i : LOG_NEAR;
        uint32_t len = near < LOG_LINE ? 0 : 20 + random_below(&state, LOG_LINE);
        const size_t dist = len > 0 ? 1 + random_below(&state, near) : 0;
        for (; len > 0 && i < end; --len, ++i)
            to[i] = to[i - dist];
        if (i < end)
            to[i++] = (uint8_t)random_next(&state);
    }
}

/* Goes on at a distance; one byte in rate is another, with 0 none. */
static void go_on(uint8_t *at, size_t size, size_t dist, uint32_t rate, uint64_t state)
{
    for (size_t i = 0; i < size; ++i) {
        at[i] = (at - dist)[i];
        if (rate > 0 && random_below(&state, rate) == 0)
            at[i] = (uint8_t)random_next(&state);
    }
}

static size_t put_literals(struct fuzz_feed *feed, uint8_t *at, size_t size)
{
    const size_t count = 1 + fuzz_take(feed, 16);
    for (size_t i = 0; i < count && i < size; ++i)
        at[i] = (uint8_t)fuzz_take(feed, 256);
    return count < size ? count : size;
}

/* Puts what one step describes behind pos bytes of text, as far as there is room.
   Returns how many bytes those are. */
static size_t put_step(struct fuzz_feed *feed, uint8_t *text, size_t pos, size_t *dist)
{
    const size_t room = TEXT_MAX - pos;
    const uint32_t kind = fuzz_take(feed, 16);
    if (kind < 2)
        return put_literals(feed, text + pos, room);
    const size_t wanted = take_length(feed) + (kind == 13 ? LIKE_LOGS_MORE : 0);
    const size_t size = wanted < room ? wanted : room;
    const uint64_t seed = 1 + fuzz_take(feed, 256);
    if (kind < 8 && pos > 0) {
        if (kind < 6) // else the last one again
            *dist = fuzz_take_size(feed, kind < 4 ? 9 : 20);
        const uint32_t rate = kind % 2 == 0 ? 0 : 1 + fuzz_take_size(feed, 17);
        go_on(text + pos, size, 1 + *dist % pos, rate, seed);
    } else if (kind < 10) {
        fill_random(text + pos, size, seed);
    } else if (kind < 12) {
        fill_lone(text, pos, size, seed);
    } else if (kind == 13) {
        fill_like_logs(text, pos, size, seed);
    } else if (kind == 12) {
        data_kinds[fuzz_take(feed, DATA_KIND_COUNT)].fill(text + pos, size, seed);
    } else {
        memset(text + pos, kind == 14 ? 0 : (int)seed, size);
    }
    return size;
}

static void take_text(struct fuzz_feed *feed, struct job *job)
{
    size_t dist = 0;
    job->text = malloc(TEXT_MAX);
    FUZZ_MUST(job->text != NULL);
    for (uint32_t i = 1 + fuzz_take(feed, STEPS_MAX); i > 0; --i)
        job->size += put_step(feed, job->text, job->size, &dist);
    job->text = realloc(job->text, job->size + 1); // in sight of the sanitizers
    FUZZ_MUST(job->text != NULL);
}

/* ---- Options ---- */

/* Mostly one that is searched in bulk (BULK_DICT_MIN), and less than a text. */
static uint32_t take_dict_size(struct fuzz_feed *feed)
{
    switch (fuzz_take(feed, 8)) {
    case 0:
        return LZMA_DICT_SIZE_MIN + fuzz_take_size(feed, 18);
    case 1:
        return (1 << 20) + fuzz_take_size(feed, 22);
    case 2:
    case 3:
        return UINT32_C(1) << (18 + fuzz_take(feed, 3));
    default:
        return (1 << 18) + fuzz_take_size(feed, 19);
    }
}

static void take_options(struct fuzz_feed *feed, lzma_options_lzma *options)
{
    static const lzma_match_finder finders[] = {LZMA_MF_BT4, LZMA_MF_BT3, LZMA_MF_BT2,
                                                LZMA_MF_HC4, LZMA_MF_HC3};
    const uint32_t preset = fuzz_take(feed, 20);
    const uint32_t odd = fuzz_take(feed, 8);
    lzma_lzma_preset(options, preset % 10 | (preset < 10 ? 0 : LZMA_PRESET_EXTREME));
    options->dict_size = take_dict_size(feed);
    if (odd & 1)
        fuzz_take_literals(feed, options);
    if (odd & 2)
        options->nice_len = fuzz_take(feed, 4) ? 16 : 4 + fuzz_take(feed, 270);
    if (odd == 4 || odd == 5) {
        options->mf = finders[fuzz_take(feed, ARRAY_COUNT(finders))];
        options->mode = fuzz_take(feed, 2) ? LZMA_MODE_NORMAL : LZMA_MODE_FAST;
    }
}

/* Flushes in the order of their places, some of them together. */
static void take_flushes(struct fuzz_feed *feed, struct job *job)
{
    static const lzma_action actions[] = {LZMA_SYNC_FLUSH, LZMA_FULL_FLUSH,
                                          LZMA_FULL_BARRIER};
    const bool any = job->kind == STREAM;
    size_t pos = 0;
    const uint32_t wanted = fuzz_take(feed, 2) ? fuzz_take(feed, FLUSH_MAX + 1) : 0;
    job->flush_count = job->kind == RAW1 ? 0 : wanted;
    for (uint32_t i = 0; i < job->flush_count; ++i) {
        const uint32_t what = fuzz_take(feed, 8);
        const size_t step = take_length(feed);
        pos += step < job->size - pos ? step : job->size - pos;
        job->flushes[i].pos = pos;
        job->flushes[i].action = job->kind == RAW2 ? LZMA_SYNC_FLUSH
                                 : any && what < 5 ? LZMA_SYNC_FLUSH
                                                   : actions[1 + what % 2];
    }
}

static struct way take_way(struct fuzz_feed *feed, const struct job *job)
{
    static const uint32_t cpus[] = {UINT32_MAX, ~(uint32_t)XZ_CPU_AVX512, 0};
    const size_t least = job->size / PIECES_MAX + 1;
    struct way way = {.piece = least + fuzz_take_size(feed, 21),
                      .room = least + fuzz_take_size(feed, 18),
                      .is_random = fuzz_take(feed, 2) != 0,
                      .state = 1 + fuzz_take(feed, 256),
                      .threads = 1 + fuzz_take(feed, 3),
                      .cpu = cpus[fuzz_take(feed, ARRAY_COUNT(cpus))]};
    return way;
}

/* ---- Encoding ---- */

static void open_encoder(lzma_stream *strm, const struct job *job,
                         const struct way *way)
{
    const lzma_mt mt = {.threads = way->threads,
                        .block_size = job->block_size,
                        .filters = job->filters,
                        .check = LZMA_CHECK_CRC32};
    lzma_ret ret = LZMA_PROG_ERROR;
    xz_cpu_limit(way->cpu);
    if (job->kind == THREADS)
        ret = lzma_stream_encoder_mt(strm, &mt);
    else if (job->kind == STREAM)
        ret = lzma_stream_encoder(strm, job->filters, LZMA_CHECK_CRC32);
    else
        ret = lzma_raw_encoder(strm, job->filters);
    FUZZ_MUST(ret == LZMA_OK);
}

/* One lzma_code() with room of its exact size. */
static lzma_ret code(lzma_stream *strm, size_t room, lzma_action action,
                     struct fuzz_bytes *out)
{
    uint8_t *const at = malloc(room);
    FUZZ_MUST(at != NULL);
    strm->next_out = at;
    strm->avail_out = room;
    const lzma_ret ret = lzma_code(strm, action);
    fuzz_append(out, at, room - strm->avail_out);
    free(at);
    return ret;
}

/* Gives count bytes, and with an action other than LZMA_RUN waits for its end. */
static void give(lzma_stream *strm, const uint8_t *text, size_t count, size_t room,
                 lzma_action action, struct fuzz_bytes *out)
{
    uint8_t *const piece = malloc(count + 1);
    FUZZ_MUST(piece != NULL);
    if (count > 0)
        memcpy(piece + 1, text, count);
    strm->next_in = piece + 1;
    strm->avail_in = count;
    lzma_ret ret = LZMA_OK;
    while (action == LZMA_RUN ? strm->avail_in > 0 : ret != LZMA_STREAM_END) {
        ret = code(strm, room, action, out);
        FUZZ_MUST(ret == LZMA_OK || (ret == LZMA_STREAM_END && action != LZMA_RUN));
    }
    FUZZ_MUST(strm->avail_in == 0);
    free(piece);
}

static struct fuzz_bytes encode(lzma_stream *strm, const struct job *job,
                                struct way way)
{
    struct fuzz_bytes out = {NULL, 0, 0};
    size_t pos = 0;
    open_encoder(strm, job, &way);
    for (uint32_t next = 0; next <= job->flush_count; ++next) {
        const bool is_last = next == job->flush_count;
        const size_t end = is_last ? job->size : job->flushes[next].pos;
        const lzma_action at_end = is_last ? LZMA_FINISH : job->flushes[next].action;
        for (bool ended = false; !ended;) {
            size_t piece = way.piece;
            size_t room = way.room;
            if (way.is_random) {
                piece = 1 + random_below(&way.state, (uint32_t)piece);
                room = 1 + random_below(&way.state, (uint32_t)room);
            }
            ended = piece >= end - pos;
            piece = ended ? end - pos : piece;
            give(strm, job->text + pos, piece, room, ended ? at_end : LZMA_RUN, &out);
            pos += piece;
        }
    }
    xz_cpu_limit(UINT32_MAX);
    return out;
}

/* ---- Comparing ---- */

static void check_decoded(struct fuzz_feed *feed, const struct job *job,
                          const struct fuzz_bytes *packed)
{
    static const struct fuzz_library library = {lzma_code, lzma_end};
    const struct fuzz_expected expected = {job->text, job->size, 0, false};
    const uint32_t split = fuzz_take_size(feed, 18);
    const uint32_t fewest = (uint32_t)(packed->size / PIECES_MAX);
    lzma_stream strm = LZMA_STREAM_INIT;
    const lzma_ret ret = job->kind == STREAM || job->kind == THREADS
                             ? lzma_stream_decoder(&strm, UINT64_MAX, 0)
                             : lzma_raw_decoder(&strm, job->filters);
    FUZZ_MUST(ret == LZMA_OK);
    fuzz_expect(&library, &strm, packed->data, packed->size,
                split == 0 ? 0 : split + fewest, &expected);
}

static void run_job(struct fuzz_feed *feed, lzma_stream *strm)
{
    struct job job = {.kind = (enum kind)fuzz_take(feed, KINDS)};
    take_options(feed, &job.lzma);
    job.filters[0].id = job.kind == RAW1 ? LZMA_FILTER_LZMA1 : LZMA_FILTER_LZMA2;
    job.filters[0].options = &job.lzma;
    job.filters[1].id = LZMA_VLI_UNKNOWN;
    job.block_size = fuzz_take(feed, 2) ? 0 : (64 << 10) + fuzz_take_size(feed, 21);
    take_text(feed, &job);
    take_flushes(feed, &job);
    if (fuzz_take(feed, 8) == 1 && job.kind <= RAW1) { // its own beginning
        job.lzma.preset_dict = job.text;
        job.lzma.preset_dict_size = fuzz_take(feed, (uint32_t)job.size + 1);
    }
    const struct way way = take_way(feed, &job);
    const struct way other = take_way(feed, &job);
    const struct fuzz_bytes packed = encode(strm, &job, way);
    if (fuzz_take(feed, 2) == 0)
        lzma_end(strm);
    const struct fuzz_bytes again = encode(strm, &job, other);
    FUZZ_MUST(again.size == packed.size);
    FUZZ_MUST(memcmp(again.data, packed.data, packed.size) == 0);
    check_decoded(feed, &job, &packed);
    free(packed.data);
    free(again.data);
    free(job.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_feed feed = {data, size};
    lzma_stream strm = LZMA_STREAM_INIT;
    for (uint32_t jobs = 1 + fuzz_take(&feed, 2); jobs > 0; --jobs)
        run_job(&feed, &strm);
    lzma_end(&strm);
    return 0;
}
