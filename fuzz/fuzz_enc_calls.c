// SPDX-License-Identifier: 0BSD
// Whatever calls an encoder gets, what it makes decodes to what it was given.
//
// An input is up to three jobs, one after another on the same lzma_stream. A job is
// data, options, a kind of encoder, and phases: so many pieces of such a size with such
// an action and so much room for output, down to single bytes with a flush after each.
// Between phases filters may change, and the job may be given up. All pieces lie in
// memory of their exact size that is freed after the call.
//
// The result is decoded by our decoders, of one thread or several, whole or in pieces,
// and sometimes by the machine's own liblzma, unless NO_PEER is in the environment.

#include "recipe.h"
#include "support/data.h"
#include <stdlib.h>
#include <string.h>

enum kind { STREAM, THREADS, RAW2, BLOCK, RAW1, ALONE, EASY, MICRO, ONE_CALL, KINDS };

/* After so many calls a job is brought to its end. A marathon goes on until an encoder
   with a small dictionary has moved its window. */
#define CALLS_MAX    5000
#define MARATHON_MAX 1000000

/* Blocks that a phase makes by flushing, and a job by their size: each costs as much as
   some KiB of text. */
#define BLOCKS_MAX 300

struct job {
    enum kind kind;
    lzma_check check;
    lzma_block block;
    struct fuzz_chain chain;
    struct fuzz_chain next_chain; // where it was changed
    bool peer_knows;              // all filters so far
    bool can_flush;
    bool at_start; // of a Block, or of everything
    bool is_flushed;
    uint8_t *data;
    size_t size;
    size_t given; // bytes of data that the encoder has
    struct fuzz_bytes out;
    uint32_t calls;
    uint32_t calls_max;
};

/* Pieces alike. */
struct phase {
    uint32_t piece; // bytes of input
    uint32_t room;  // for output
    bool is_random; // those are the most; each piece and room takes its own
    uint32_t count;
    lzma_action action; // of every second piece if is_random
    uint64_t state;     // of chance within the phase
};

/* ---- Opening ---- */

static lzma_mt mt_options(struct fuzz_feed *feed, const struct job *job)
{
    const uint32_t timeout = fuzz_take(feed, 3);
    const uint32_t threads = 1 + fuzz_take(feed, 4);
    const uint64_t block_size = fuzz_take_size(feed, 21);
    const uint64_t least = block_size == 0 ? 0 : job->size / BLOCKS_MAX;
    return (lzma_mt){.threads = threads,
                     .block_size = block_size < least ? least : block_size,
                     .timeout = timeout == 2 ? 1 : 0,
                     .filters = job->chain.filters,
                     .check = job->check};
}

static lzma_ret open_block(lzma_stream *strm, struct job *job)
{
    job->block = (lzma_block){.check = job->check, .filters = job->chain.filters};
    job->block.compressed_size = job->block.uncompressed_size = LZMA_VLI_UNKNOWN;
    FUZZ_MUST(lzma_block_header_size(&job->block) == LZMA_OK);
    return lzma_block_encoder(strm, &job->block);
}

static lzma_ret open_encoder(struct fuzz_feed *feed, lzma_stream *strm, struct job *job)
{
    const lzma_mt mt = mt_options(feed, job);
    switch (job->kind) {
    case THREADS:
        return lzma_stream_encoder_mt(strm, &mt);
    case RAW1:
    case RAW2:
        return lzma_raw_encoder(strm, job->chain.filters);
    case BLOCK:
        return open_block(strm, job);
    case ALONE:
        return lzma_alone_encoder(strm, &job->chain.lzma);
    case MICRO:
        return lzma_microlzma_encoder(strm, &job->chain.lzma);
    case EASY:
        return lzma_easy_encoder(strm, fuzz_take(feed, 5), job->check);
    default:
        return lzma_stream_encoder(strm, job->chain.filters, job->check);
    }
}

/* ---- Calls ---- */

/* One lzma_code() on what is left of a piece, with room of its exact size. */
static lzma_ret code(lzma_stream *strm, struct job *job, size_t room,
                     lzma_action action)
{
    uint8_t *const out = malloc(room + 1);
    FUZZ_MUST(out != NULL);
    strm->next_out = out + 1;
    strm->avail_out = room;
    const size_t count = strm->avail_in;
    const lzma_ret ret = lzma_code(strm, action);
    FUZZ_MUST(strm->avail_in <= count && strm->avail_out <= room);
    fuzz_append(&job->out, out + 1, room - strm->avail_out);
    job->given += count - strm->avail_in;
    ++job->calls;
    free(out);
    return ret;
}

/* Gives count bytes, and with an action other than LZMA_RUN waits for its end. */
static void give(lzma_stream *strm, struct job *job, size_t count, size_t room,
                 lzma_action action)
{
    uint8_t *const piece = malloc(count + 1);
    FUZZ_MUST(piece != NULL);
    if (count > 0)
        memcpy(piece + 1, job->data + job->given, count);
    strm->next_in = piece + 1;
    strm->avail_in = count;
    lzma_ret ret;
    do {
        if (job->calls > job->calls_max) // enough of small rooms
            room = 1 << 16;
        ret = code(strm, job, room, action);
        FUZZ_MUST(ret == LZMA_OK || ret == LZMA_STREAM_END || ret == LZMA_BUF_ERROR);
        room = room == 0 ? 1 : room;
    } while (action == LZMA_RUN ? strm->avail_in > 0 : ret != LZMA_STREAM_END);
    FUZZ_MUST(strm->avail_in == 0 || job->kind == MICRO);
    free(piece);
    if (count > 0)
        job->at_start = job->is_flushed = false;
    if (action == LZMA_FULL_FLUSH || action == LZMA_FULL_BARRIER)
        job->at_start = true;
    if (action != LZMA_RUN)
        job->is_flushed = true;
}

static lzma_action take_action(struct fuzz_feed *feed, const struct job *job)
{
    static const lzma_action actions[] = {LZMA_RUN, LZMA_SYNC_FLUSH, LZMA_FULL_FLUSH,
                                          LZMA_FULL_BARRIER};
    const lzma_action action = actions[fuzz_take(feed, ARRAY_COUNT(actions))];
    const bool is_stream = job->kind == STREAM || job->kind == EASY;
    const bool is_chain = is_stream || job->kind == RAW2 || job->kind == BLOCK;
    if (action == LZMA_SYNC_FLUSH)
        return is_chain && job->can_flush ? action : LZMA_RUN;
    return is_stream || job->kind == THREADS ? action : LZMA_RUN;
}

static void run_phase(struct fuzz_feed *feed, lzma_stream *strm, struct job *job)
{
    const bool is_trickle = fuzz_take(feed, 4) == 1;
    struct phase p = {.piece = fuzz_take_size(feed, is_trickle ? 2 : 20),
                      .room = fuzz_take_size(feed, 17),
                      .is_random = fuzz_take(feed, 2) != 0,
                      .count = 1 + fuzz_take_size(feed, is_trickle ? 14 : 12),
                      .action = take_action(feed, job),
                      .state = 1 + fuzz_take(feed, 65536)};
    const bool makes_blocks = p.action != LZMA_RUN && p.action != LZMA_SYNC_FLUSH;
    if (makes_blocks)
        p.count %= BLOCKS_MAX;
    if (job->calls_max == MARATHON_MAX) {
        p.piece = 1;
        p.count = MARATHON_MAX;
        p.action = makes_blocks ? LZMA_RUN : p.action;
    }
    for (uint32_t i = 0; i < p.count && job->calls < job->calls_max; ++i) {
        size_t piece = p.piece;
        size_t room = p.room;
        lzma_action action = p.action;
        if (p.is_random) {
            piece = random_below(&p.state, p.piece + 1);
            room = random_below(&p.state, p.room + 1);
            action = random_below(&p.state, 2) ? action : LZMA_RUN;
        }
        const size_t left = job->size - job->given;
        give(strm, job, piece < left ? piece : left, room, action);
        if (left == 0)
            return;
    }
}

/* Between Blocks any chain will do, after a flush other literals will. */
static void update_filters(struct fuzz_feed *feed, lzma_stream *strm, struct job *job)
{
    const bool is_file =
        job->kind == STREAM || job->kind == THREADS || job->kind == EASY;
    if (job->at_start && is_file) {
        fuzz_take_chain(feed, LZMA_FILTER_LZMA2, 18, &job->next_chain);
        job->can_flush = job->next_chain.can_flush;
        job->peer_knows = job->peer_knows && job->next_chain.peer_knows;
        FUZZ_MUST(lzma_filters_update(strm, job->next_chain.filters) == LZMA_OK);
        job->chain.filters[0].id = LZMA_VLI_UNKNOWN; // is no longer the chain
    } else if (job->is_flushed && job->chain.filters[0].id != LZMA_VLI_UNKNOWN
               && (job->kind == STREAM || job->kind == RAW2 || job->kind == BLOCK)) {
        fuzz_take_literals(feed, &job->chain.lzma);
        FUZZ_MUST(lzma_filters_update(strm, job->chain.filters) == LZMA_OK);
    } else if (job->kind != EASY) { // may be refused, must not hurt
        const lzma_ret ret = lzma_filters_update(strm, job->chain.filters);
        FUZZ_MUST(ret == LZMA_OK || ret == LZMA_PROG_ERROR
                  || ret == LZMA_OPTIONS_ERROR);
    }
}

/* ---- Comparing ---- */

struct decoders {
    lzma_ret (*xz)(lzma_stream *strm, uint64_t memlimit, uint32_t flags);
    lzma_ret (*alone)(lzma_stream *strm, uint64_t memlimit);
    lzma_ret (*raw)(lzma_stream *strm, const lzma_filter *filters);
    lzma_ret (*block)(lzma_stream *strm, lzma_block *block);
    lzma_ret (*micro)(lzma_stream *strm, uint64_t comp_size, uint64_t uncomp_size,
                      lzma_bool is_exact, uint32_t dict_size);
};

static const struct decoders *peer_decoders(void)
{
    static struct decoders peer;
    if (peer.xz == NULL) {
        *(void **)&peer.xz = fuzz_peer_symbol("lzma_stream_decoder");
        *(void **)&peer.alone = fuzz_peer_symbol("lzma_alone_decoder");
        *(void **)&peer.raw = fuzz_peer_symbol("lzma_raw_decoder");
        *(void **)&peer.block = fuzz_peer_symbol("lzma_block_decoder");
        *(void **)&peer.micro = fuzz_peer_symbol("lzma_microlzma_decoder");
    }
    return &peer;
}

static lzma_ret open_decoder(lzma_stream *strm, const struct decoders *decoders,
                             struct job *job)
{
    switch (job->kind) {
    case RAW1:
    case RAW2:
        return decoders->raw(strm, job->chain.filters);
    case BLOCK:
        job->block.compressed_size = job->block.uncompressed_size = LZMA_VLI_UNKNOWN;
        return decoders->block(strm, &job->block);
    case ALONE:
        return decoders->alone(strm, UINT64_MAX);
    case MICRO:
        return decoders->micro(strm, job->out.size, job->given, true,
                               job->chain.lzma.dict_size);
    default:
        return decoders->xz(strm, UINT64_MAX, 0);
    }
}

static void compare(struct fuzz_feed *feed, struct job *job, bool is_cut,
                    size_t size_min)
{
    static const struct fuzz_library our_library = {lzma_code, lzma_end};
    static const struct decoders ours = {lzma_stream_decoder, lzma_alone_decoder,
                                         lzma_raw_decoder, lzma_block_decoder,
                                         lzma_microlzma_decoder};
    const uint32_t by = fuzz_take(feed, 4);
    const uint32_t split = fuzz_take_size(feed, 18);
    const uint32_t fewest = (uint32_t)(job->out.size / 4096); // calls cost time
    const lzma_mt mt = {
        .threads = 3, .memlimit_threading = UINT64_MAX, .memlimit_stop = UINT64_MAX};
    const struct fuzz_expected expected = {job->data, job->given, size_min, is_cut};
    const bool is_file = job->kind <= THREADS || job->kind == EASY;
    const struct fuzz_library *library = &our_library;
    lzma_stream strm = LZMA_STREAM_INIT;
    if (by == 1 && is_file) {
        FUZZ_MUST(lzma_stream_decoder_mt(&strm, &mt) == LZMA_OK);
    } else if (by == 2 && job->peer_knows && getenv("NO_PEER") == NULL) {
        library = fuzz_peer();
        FUZZ_MUST(open_decoder(&strm, peer_decoders(), job) == LZMA_OK);
    } else {
        FUZZ_MUST(open_decoder(&strm, &ours, job) == LZMA_OK);
    }
    fuzz_expect(library, &strm, job->out.data, job->out.size,
                split == 0 ? 0 : split + fewest, &expected);
}

/* ---- Jobs ---- */

/* Encodes all in one call to memory of the size that is enough, or of less. */
static void run_one_call(struct fuzz_feed *feed, struct job *job)
{
    size_t room = lzma_stream_buffer_bound(job->size);
    if (fuzz_take(feed, 4) == 0)
        room = room * fuzz_take(feed, 256) / 256;
    job->out.data = realloc(job->out.data, room + 1);
    FUZZ_MUST(job->out.data != NULL);
    const lzma_ret ret =
        lzma_stream_buffer_encode(job->chain.filters, job->check, NULL, job->data,
                                  job->size, job->out.data, &job->out.size, room);
    FUZZ_MUST(job->out.size <= room);
    FUZZ_MUST(ret == LZMA_OK
              || (ret == LZMA_BUF_ERROR && room < lzma_stream_buffer_bound(job->size)));
    job->given = job->size;
    if (ret == LZMA_OK)
        compare(feed, job, false, 0);
}

/* As much as there is room for, in one call. */
static void run_micro(struct fuzz_feed *feed, lzma_stream *strm, struct job *job)
{
    FUZZ_MUST(open_encoder(feed, strm, job) == LZMA_OK);
    const size_t room = 32 + fuzz_take_size(feed, 18);
    give(strm, job, job->size, room, LZMA_FINISH);
    FUZZ_MUST(job->given == strm->total_in && job->out.size == strm->total_out);
    FUZZ_MUST(job->out.size <= room);
    compare(feed, job, false, 0);
}

static void run_calls(struct fuzz_feed *feed, lzma_stream *strm, struct job *job)
{
    FUZZ_MUST(open_encoder(feed, strm, job) == LZMA_OK);
    if (job->kind == EASY)
        job->chain.filters[0].id = LZMA_VLI_UNKNOWN; // has its own
    for (uint32_t phases = fuzz_take(feed, 12); phases > 0; --phases) {
        run_phase(feed, strm, job);
        const uint32_t then = fuzz_take(feed, 32);
        if (then == 0)
            return;
        if (then < 6)
            update_filters(feed, strm, job);
        if (then == 6 && job->is_flushed && job->kind != THREADS)
            compare(feed, job, true, job->given);
    }
    give(strm, job, job->size - job->given, 1 + fuzz_take_size(feed, 20), LZMA_FINISH);
    compare(feed, job, false, 0);
}

static enum kind take_kind(struct fuzz_feed *feed)
{
    const uint32_t kind = fuzz_take(feed, KINDS + 3);
    if (kind < KINDS)
        return (enum kind)kind;
    return kind == KINDS ? THREADS : STREAM; // more often: there is most to choose
}

static void run_job(struct fuzz_feed *feed, lzma_stream *strm)
{
    static const lzma_check checks[] = {LZMA_CHECK_NONE, LZMA_CHECK_CRC32,
                                        LZMA_CHECK_CRC64, LZMA_CHECK_SHA256};
    const uint32_t size = fuzz_take(feed, 1024);
    const bool is_marathon = size == 1023;
    struct job *job = calloc(1, sizeof(*job));
    FUZZ_MUST(job != NULL);
    job->out.data = malloc(1);
    FUZZ_MUST(job->out.data != NULL);
    job->out.room = 1;
    job->calls_max = is_marathon ? MARATHON_MAX : CALLS_MAX;
    job->kind = take_kind(feed);
    job->check = checks[fuzz_take(feed, ARRAY_COUNT(checks))];
    const bool is_lzma1 = job->kind == RAW1 || job->kind == ALONE || job->kind == MICRO;
    const uint32_t dict_bits = is_marathon ? 0 : size % 16 == 1 ? 26 : 20;
    fuzz_take_chain(feed, is_lzma1 ? LZMA_FILTER_LZMA1 : LZMA_FILTER_LZMA2, dict_bits,
                    &job->chain);
    job->peer_knows = job->kind == EASY || job->chain.peer_knows;
    job->can_flush = job->kind == EASY || job->chain.can_flush;
    job->at_start = true;
    job->data = fuzz_take_data(feed, size % 16 == 15, &job->size);
    if (job->kind == ONE_CALL)
        run_one_call(feed, job);
    else if (job->kind == MICRO)
        run_micro(feed, strm, job);
    else
        run_calls(feed, strm, job);
    free(job->data);
    free(job->out.data);
    free(job);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_feed feed = {data, size};
    lzma_stream strm = LZMA_STREAM_INIT;
    for (uint32_t jobs = 1 + fuzz_take(&feed, 3); jobs > 0; --jobs) {
        run_job(&feed, &strm);
        if (fuzz_take(&feed, 2) == 0)
            lzma_end(&strm);
    }
    lzma_end(&strm);
    return 0;
}
