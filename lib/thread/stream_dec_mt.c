// SPDX-License-Identifier: 0BSD
// The threaded .xz decoder: follows the grammar and hands Blocks to the lane.
//
//   state    does                                        leaves when
//   GRAMMAR  asks for events                             BLOCK              -> MEMORY
//                                                        STREAM_HEADER      -> TELL
//                                                        END or an error    -> VERDICT
//   TELL     returns what flags ask for                  lane empty         -> GRAMMAR
//   MEMORY   compares with memlimit_stop                 enough             -> PLACE
//   PLACE    waits for a place in the lane               it is there        -> FILL
//                                                        it cannot have one,
//                                                        or goes in segments -> DRAIN
//   FILL     gives input to the Block                    all of it is in    -> GRAMMAR
//   DRAIN    waits until the lane is empty               it is              -> DIRECT
//   DIRECT   decodes a Block in this thread              it has ended       -> GRAMMAR
//   SEGMENTS the same, but for LZMA2 (segment_dec.h)     it has ended       -> GRAMMAR
//   VERDICT  waits until the lane is empty, returns what GRAMMAR found
//
// Events run ahead of the output: errors, limits and what flags ask for are held back
// until all output before them is given.

#include "thread/stream_dec_mt.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/try.h"
#include "check/check.h"
#include "format/block_header.h"
#include "format/index.h"
#include "stream/block_dec.h"
#include "stream/chain.h"
#include "stream/grammar.h"
#include "stream/memlimit.h"
#include "stream/stream_dec.h"
#include "thread/dec_hints.h"
#include "thread/dec_lane.h"
#include "thread/dec_wait.h"
#include "thread/segment_dec.h"
#include "thread/segments.h"

enum state {
    STATE_GRAMMAR,
    STATE_TELL,
    STATE_MEMORY,
    STATE_PLACE,
    STATE_FILL,
    STATE_DRAIN,
    STATE_DIRECT,
    STATE_SEGMENTS,
    STATE_VERDICT,
};

struct dec_mt {
    struct xz_coder base;
    enum state state;
    struct xz_dec_mt_options options;
    struct xz_grammar grammar;
    struct xz_dec_hints hints;
    struct xz_dec_lane lane;
    bool lane_is_open;
    struct xz_coder *direct; // owned: Block decoder of this thread
    bool is_cut;             // DRAIN: the Block goes in segments
    struct xz_segments segments;
    const struct xz_coder *segment_dec;     // SEGMENTS: in `direct`
    const struct xz_dec_need *segment_need; // SEGMENTS: of the next segment, or NULL
    lzma_ret verdict;        // TELL, VERDICT: what to return when the lane is empty
    uint64_t chain_memory;   // bytes that the filters of the last Block take
    struct xz_dec_need need; // PLACE: of the Block that is to begin
    bool out_was_full;       // the last call gave output until there was no room
    uint64_t in_total;       // bytes taken
    uint64_t out_total;      // bytes given
};

static bool fails_fast(const struct dec_mt *dec)
{
    return (dec->options.flags & LZMA_FAIL_FAST) != 0;
}

/* True if all of need fits into what threads may take. */
static bool fits_threads(const struct dec_mt *dec, const struct xz_dec_need *need)
{
    uint64_t memory;
    return xz_add_fits(need->filters, need->in, &memory)
           && xz_add_fits(memory, need->out, &memory)
           && memory <= dec->options.memlimit_threading;
}

/* Whether the current Block can go to a worker, and what it needs: both sizes are known
   and small enough for size_t, with room for sums. */
static bool can_thread(struct dec_mt *dec)
{
    const lzma_block *block = &dec->grammar.block;
    const uint64_t size_max = SIZE_MAX / 3;
    if (block->compressed_size == LZMA_VLI_UNKNOWN || block->compressed_size > size_max
        || block->uncompressed_size == LZMA_VLI_UNKNOWN
        || block->uncompressed_size > size_max)
        return false;
    dec->need.filters = dec->chain_memory;
    dec->need.in =
        (size_t)xz_round_up4(block->compressed_size) + xz_check_size(block->check);
    dec->need.out = (size_t)block->uncompressed_size;
    return fits_threads(dec, &dec->need);
}

/* Whether the current Block is so large a part of the file that its segments had better
   be shared out, and has some. */
static bool can_cut(struct dec_mt *dec)
{
    const clearxz_file *file = &dec->options.file;
    const lzma_block *block = &dec->grammar.block;
    if (file->read_at == NULL || !dec->hints.is_open || dec->options.threads < 2
        || block->compressed_size == LZMA_VLI_UNKNOWN
        || block->uncompressed_size
               < file->index->uncompressed_size / 2 / dec->options.threads)
        return false;
    struct xz_segments_survey survey;
    xz_segments_open(&dec->segments, file,
                     dec->hints.iter.block.compressed_file_offset + block->header_size,
                     block->compressed_size);
    if (!xz_segments_look(&dec->segments, block->uncompressed_size, &survey))
        return false;
    const struct xz_dec_need largest = {
        .filters = dec->chain_memory,
        .in = survey.largest.in_size + 1,
        .out = survey.largest.out_size,
    };
    return fits_threads(dec, &largest);
}

/* The verdict waits for the output before it. */
static void hold(struct dec_mt *dec, enum state state, lzma_ret verdict)
{
    dec->state = state;
    dec->verdict = verdict;
}

static void begin_block(struct dec_mt *dec)
{
    const uint64_t usage = xz_chain_memusage(&xz_chain_decoders, dec->grammar.filters);
    if (usage > UINT64_MAX - XZ_MEMUSAGE_BASE) {
        hold(dec, STATE_VERDICT, LZMA_OPTIONS_ERROR);
        return;
    }
    dec->chain_memory = usage + XZ_MEMUSAGE_BASE;
    dec->grammar.block.ignore_check = (dec->options.flags & LZMA_IGNORE_CHECK) != 0;
    xz_dec_hints_next(&dec->hints, &dec->grammar.block);
    dec->is_cut = can_cut(dec);
    dec->state = STATE_MEMORY;
}

/* State GRAMMAR. False: more input is needed. */
static bool follow_grammar(struct dec_mt *dec, const lzma_allocator *allocator,
                           struct xz_io *io, lzma_action action)
{
    enum xz_event event;
    const lzma_ret ret =
        xz_grammar_next(&dec->grammar, allocator, io, action == LZMA_FINISH, &event);
    if (ret != LZMA_OK) {
        hold(dec, STATE_VERDICT, ret);
        return true;
    }
    switch (event) {
    case XZ_EVENT_NEED_INPUT:
        return false;
    case XZ_EVENT_STREAM_HEADER:
        hold(dec, STATE_TELL,
             xz_stream_dec_tell(dec->options.flags, dec->grammar.flags.check));
        if (dec->verdict == LZMA_OK)
            dec->state = STATE_GRAMMAR;
        break;
    case XZ_EVENT_BLOCK:
        begin_block(dec);
        break;
    case XZ_EVENT_END:
        hold(dec, STATE_VERDICT, LZMA_STREAM_END);
        break;
    case XZ_EVENT_INDEX:
    case XZ_EVENT_STREAM_FOOTER:
        break;
    }
    return true;
}

/* True if the current Block is more than half of the file: there is little else to do
   meanwhile. */
static bool is_most(const struct dec_mt *dec)
{
    return dec->hints.is_open
           && dec->grammar.block.uncompressed_size
                  > dec->options.file.index->uncompressed_size / 2;
}

/* State PLACE with a place. The decoder of this thread goes, it may have a dictionary.
   No memory for the buffers: then it comes back, and does without them. */
static void begin_threaded(struct dec_mt *dec, const lzma_allocator *allocator)
{
    xz_coder_end(&dec->direct, allocator);
    if (xz_dec_lane_begin(&dec->lane, &dec->grammar.block, &dec->need, is_most(dec))
        != LZMA_OK) {
        dec->state = STATE_DRAIN;
        return;
    }
    lzma_filter filters_of_lane[LZMA_FILTERS_MAX + 1];
    xz_grammar_take_filters(&dec->grammar, filters_of_lane);
    dec->state = STATE_FILL;
}

/* State FILL. */
static void fill(struct dec_mt *dec, const lzma_allocator *allocator, struct xz_io *io)
{
    xz_dec_lane_fill(&dec->lane, io);
    if (dec->lane.filling != NULL)
        return;
    dec->state = STATE_GRAMMAR;
    const lzma_ret ret = xz_grammar_body_done(&dec->grammar, allocator);
    if (ret != LZMA_OK)
        hold(dec, STATE_VERDICT, ret);
}

/* State DRAIN with an empty lane. */
static lzma_ret open_direct(struct dec_mt *dec, const lzma_allocator *allocator)
{
    if (!dec->is_cut) {
        dec->state = STATE_DIRECT;
        return xz_block_dec_open(&dec->direct, allocator, &dec->grammar.block);
    }
    const lzma_filter *last = dec->grammar.filters;
    while (last[1].id != LZMA_VLI_UNKNOWN)
        ++last;
    struct xz_coder *coder = NULL;
    XZ_TRY(xz_segment_dec_open(&coder, allocator, &dec->lane, &dec->segments, last,
                               dec->chain_memory));
    dec->segment_dec = coder;
    const lzma_ret ret =
        xz_block_dec_open_onto(&dec->direct, allocator, &dec->grammar.block, &coder);
    xz_coder_end(&coder, allocator);
    dec->state = STATE_SEGMENTS;
    return ret;
}

/* Gives output that is ready; in SEGMENTS it goes through the Block decoder. */
static lzma_ret drain(struct dec_mt *dec, struct xz_io *io)
{
    if (dec->state == STATE_SEGMENTS)
        return LZMA_OK;
    return xz_dec_lane_drain(&dec->lane, io, fails_fast(dec));
}

/* What a Block or segment needs that waits for a place, or NULL. */
static const struct xz_dec_need *waiting_need(const struct dec_mt *dec)
{
    if (dec->state == STATE_SEGMENTS)
        return dec->segment_need;
    return dec->state == STATE_PLACE ? &dec->need : NULL;
}

static lzma_ret decode_direct(struct dec_mt *dec, const lzma_allocator *allocator,
                              struct xz_io *io, lzma_action action)
{
    const lzma_ret ret = xz_coder_pull(dec->direct, allocator, io, action);
    if (ret != LZMA_STREAM_END)
        return ret;
    XZ_TRY(xz_grammar_body_done(&dec->grammar, allocator));
    dec->state = STATE_GRAMMAR;
    return LZMA_OK;
}

/* One state's work; the lane is drained as far as it goes. Sets *ret_lack and returns
   LZMA_OK with *ret_more false when it cannot go on. */
static lzma_ret step(struct dec_mt *dec, const lzma_allocator *allocator,
                     struct xz_io *io, lzma_action action, bool *ret_more,
                     enum xz_dec_lack *ret_lack)
{
    const bool lane_empty = dec->lane.length == 0;
    *ret_more = true;
    *ret_lack = XZ_DEC_LACKS_PLACE;
    switch (dec->state) {
    case STATE_GRAMMAR:
        *ret_more = follow_grammar(dec, allocator, io, action);
        *ret_lack = XZ_DEC_LACKS_INPUT;
        break;
    case STATE_TELL:
        *ret_more = lane_empty;
        if (!lane_empty)
            break;
        dec->state = STATE_GRAMMAR;
        return dec->verdict;
    case STATE_MEMORY:
        if (dec->chain_memory <= dec->options.memlimit_stop)
            dec->state = STATE_PLACE;
        else if (lane_empty)
            return LZMA_MEMLIMIT_ERROR;
        else
            *ret_more = false;
        break;
    case STATE_PLACE:
        if (dec->is_cut || !can_thread(dec))
            dec->state = STATE_DRAIN;
        else if (xz_dec_lane_has_place(&dec->lane, &dec->need))
            begin_threaded(dec, allocator);
        else
            *ret_more = false;
        break;
    case STATE_FILL:
        fill(dec, allocator, io);
        *ret_more = dec->state != STATE_FILL;
        *ret_lack = XZ_DEC_LACKS_INPUT;
        break;
    case STATE_DRAIN:
        *ret_more = lane_empty;
        if (!lane_empty)
            break;
        XZ_TRY(open_direct(dec, allocator));
        break;
    case STATE_DIRECT:
        XZ_TRY(decode_direct(dec, allocator, io, action));
        *ret_more = dec->state != STATE_DIRECT;
        *ret_lack = XZ_DEC_LACKS_ROOM;
        break;
    case STATE_SEGMENTS:
        XZ_TRY(decode_direct(dec, allocator, io, action));
        *ret_more = dec->state != STATE_SEGMENTS;
        if (!*ret_more)
            *ret_lack = xz_segment_dec_lack(dec->segment_dec, &dec->segment_need);
        break;
    case STATE_VERDICT:
        if (lane_empty || (dec->verdict != LZMA_STREAM_END && fails_fast(dec)))
            return dec->verdict;
        *ret_more = false;
        break;
    }
    return LZMA_OK;
}

/* With LZMA_FAIL_FAST a file that ends where a Block must follow, or inside one, is not
   decoded to its end first. */
static bool is_cut_off(const struct dec_mt *dec, enum xz_dec_lack lack,
                       lzma_action action)
{
    return fails_fast(dec) && lack == XZ_DEC_LACKS_INPUT && action == LZMA_FINISH
           && (dec->state == STATE_FILL || xz_grammar_is_before_block(&dec->grammar));
}

/* Goes on until the caller must act. */
static lzma_ret run(struct dec_mt *dec, const lzma_allocator *allocator,
                    struct xz_io *io, lzma_action action)
{
    const bool got_input = xz_io_in_left(io) > 0;
    uint64_t deadline = XZ_NO_DEADLINE;
    while (true) {
        bool more;
        enum xz_dec_lack lack;
        XZ_TRY(drain(dec, io));
        XZ_TRY(step(dec, allocator, io, action, &more, &lack));
        if (more)
            continue;
        XZ_TRY(drain(dec, io));
        const bool lane_empty = dec->lane.length == 0;
        if (lane_empty && lack == XZ_DEC_LACKS_PLACE)
            continue;
        const struct xz_dec_view view = {
            .lack = lack,
            .out_full = xz_io_out_left(io) == 0
                        && (lane_empty || !xz_dec_lane_is_given(&dec->lane)),
            .lane_empty = lane_empty,
            .head_starved = !lane_empty && xz_dec_lane_is_starved(&dec->lane),
            .is_finish = action == LZMA_FINISH,
            .got_input = got_input,
            .out_was_full = dec->out_was_full,
            .behind_blocks = dec->state == STATE_GRAMMAR
                             && xz_grammar_is_behind_blocks(&dec->grammar),
        };
        if (is_cut_off(dec, lack, action))
            return LZMA_DATA_ERROR;
        if (!xz_dec_must_wait(&view))
            return LZMA_OK;
        if (deadline == XZ_NO_DEADLINE && dec->options.timeout_ms != 0)
            deadline = xz_monotonic_ms() + dec->options.timeout_ms;
        if (!xz_dec_lane_wait(&dec->lane, waiting_need(dec), deadline))
            return XZ_TIMED_OUT;
    }
}

static lzma_ret dec_mt_code(struct xz_coder *coder, const lzma_allocator *allocator,
                            struct xz_io *io, lzma_action action)
{
    struct dec_mt *dec = (struct dec_mt *)coder;
    if (xz_pool_is_lost(dec->lane.pool))
        return LZMA_PROG_ERROR;
    const size_t in_start = io->in_pos;
    const size_t out_start = io->out_pos;
    const lzma_ret ret = run(dec, allocator, io, action);
    dec->in_total += io->in_pos - in_start;
    dec->out_total += io->out_pos - out_start;
    dec->out_was_full = io->out_pos > out_start && xz_io_out_left(io) == 0;
    return ret;
}

static void dec_mt_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct dec_mt *dec = (struct dec_mt *)coder;
    if (dec->lane_is_open)
        xz_dec_lane_close(&dec->lane);
    xz_coder_end(&dec->direct, allocator);
    xz_grammar_end(&dec->grammar, allocator);
    xz_free(dec, allocator);
}

static void dec_mt_progress(struct xz_coder *coder, uint64_t *ret_in, uint64_t *ret_out)
{
    struct dec_mt *dec = (struct dec_mt *)coder;
    uint64_t in_waiting = 0;
    uint64_t out_waiting = 0;
    if (!xz_pool_is_lost(dec->lane.pool))
        xz_dec_lane_progress(&dec->lane, &in_waiting, &out_waiting);
    *ret_in = dec->in_total - in_waiting;
    *ret_out = dec->out_total + out_waiting;
}

static lzma_check dec_mt_check(const struct xz_coder *coder)
{
    return ((const struct dec_mt *)coder)->grammar.flags.check;
}

/* Threads never take more than where decoding stops. */
static void cap_threading(struct dec_mt *dec)
{
    if (dec->options.memlimit_threading > dec->options.memlimit_stop)
        dec->options.memlimit_threading = dec->options.memlimit_stop;
}

/* In use is what the Blocks in the lane take, or what the next Block asks for. */
static lzma_ret dec_mt_memlimit(struct xz_coder *coder, uint64_t *ret_usage,
                                uint64_t *ret_limit, uint64_t new_limit)
{
    struct dec_mt *dec = (struct dec_mt *)coder;
    if (xz_pool_is_lost(dec->lane.pool))
        return LZMA_PROG_ERROR;
    const uint64_t lane = xz_dec_lane_memory(&dec->lane);
    const uint64_t usage = lane > dec->chain_memory ? lane : dec->chain_memory;
    XZ_TRY(xz_memlimit_update(&dec->options.memlimit_stop, usage, ret_usage, ret_limit,
                              new_limit));
    cap_threading(dec);
    xz_dec_lane_set_memory_max(&dec->lane, dec->options.memlimit_threading);
    return LZMA_OK;
}

static const struct xz_coder_ops dec_mt_ops = {
    .code = dec_mt_code,
    .end = dec_mt_end,
    .progress = dec_mt_progress,
    .check = dec_mt_check,
    .memlimit = dec_mt_memlimit,
};

lzma_ret xz_stream_dec_mt_open(struct xz_coder **slot, const lzma_allocator *allocator,
                               const struct xz_dec_mt_options *options)
{
    if ((options->flags & ~XZ_DECODER_FLAGS) != 0)
        return LZMA_OPTIONS_ERROR;
    struct dec_mt *dec = xz_coder_take(slot, &dec_mt_ops, sizeof(*dec), allocator);
    if (dec == NULL)
        return LZMA_MEM_ERROR;
    if (dec->lane_is_open)
        xz_dec_lane_close(&dec->lane);
    dec->lane_is_open = true;
    dec->state = STATE_GRAMMAR;
    dec->options = *options;
    if (dec->options.memlimit_stop == 0)
        dec->options.memlimit_stop = 1;
    cap_threading(dec);
    dec->chain_memory = XZ_MEMUSAGE_BASE;
    dec->out_was_full = false;
    dec->in_total = 0;
    dec->out_total = 0;
    xz_dec_hints_open(&dec->hints, options->file.index);
    xz_grammar_init(&dec->grammar, allocator,
                    (options->flags & LZMA_CONCATENATED) != 0);
    return xz_dec_lane_open(&dec->lane, options->threads,
                            dec->options.memlimit_threading, allocator);
}
