// SPDX-License-Identifier: 0BSD
// Text in, symbols coded: how the encoder's stages are opened, fed and asked.
//
// What comes out must depend on the text, the options and the flush points alone, not
// on the sizes of the pieces that the text came in. So a stretch is parsed only when
// all the text that the parser may look at is there, or when the text ends; and finder
// tables grow by position.

#include "lzma/enc_pipe.h"
#include "base/alloc.h"
#include "base/try.h"
#include "lzma/lzma_enc.h"

#define NICE_LEN_MIN 2

/* History that is kept even for small dictionaries: a stored LZMA2 chunk is taken from
   it. */
#define KEEP_MIN XZ_LZMA2_CHUNK_STORED_MAX

static bool has_preset_dict(const lzma_options_lzma *options)
{
    return options->preset_dict != NULL && options->preset_dict_size > 0;
}

/* What is done for the options. */
struct plan {
    struct xz_finder_setup setup;
    bool is_optimal;    // the parser by price
    uint32_t part_size; // of a text in parts; 0: not to be cut
    uint32_t reach;     // bytes before a part that its matches may come from
};

/* How the text comes. */
enum delivery {
    WHOLE,    // in order, through the window
    IN_PARTS, // in memory, to several pipes at a time
};

/* In the fast mode, following chains for long (preset 3) finds little that the widest
   rows have not. For those who ask for more than that, weighing as many candidates by
   price takes less time and gives smaller data. */
#define FAST_DEPTH_MAX 72
#define FAST_ROW       32
#define LIGHT_DEPTH    32
#define LIGHT_NICE_LEN 64

/* Dictionaries that are searched in bulk; with greater ones the sorted text would take
   too much memory, with less the tree is no slower. */
#define BULK_DICT_MIN (UINT32_C(1) << 18)
#define BULK_DICT_MAX (UINT32_C(1) << 26)

/* Preset 4 is known to need less than 48 MiB. Those who ask for long matches (3e, 4e)
   want strength: they get all of the dictionary as history. */
#define LEAN_DICT_MIN ((UINT32_C(2) << 20) + 1)
#define LEAN_DICT_MAX (UINT32_C(4) << 20)
#define WIDE_NICE_LEN 128

/* Whether and how to search in bulk. Threads have one encoder each, and are to need no
   more memory than those of XZ Utils. bt3, which no preset asks for, is for those who
   have no more memory than XZ Utils with one thread. */
static enum xz_bulk choose_bulk(const lzma_options_lzma *options,
                                enum delivery delivery)
{
    const uint32_t dict_size = options->dict_size;
    if (dict_size < BULK_DICT_MIN || dict_size > BULK_DICT_MAX
        || (options->mf != LZMA_MF_BT4 && options->mf != LZMA_MF_BT3))
        return XZ_BULK_NONE;
    if (options->mf == LZMA_MF_BT3)
        return XZ_BULK_LEAN;
    if (delivery == IN_PARTS)
        return XZ_BULK_PART;
    const bool is_lean = dict_size >= LEAN_DICT_MIN && dict_size <= LEAN_DICT_MAX
                         && options->nice_len < WIDE_NICE_LEN;
    return is_lean ? XZ_BULK_LEAN : XZ_BULK_WIDE;
}

/* Parts of a text that is searched by rows: each makes those of its history again. */
#define ROW_PART_MIN   (UINT32_C(12) << 20)
#define ROW_PART_TIMES 2

static void choose_part(struct plan *plan)
{
    const struct xz_finder_setup *const setup = &plan->setup;
    if (setup->in_bulk != XZ_BULK_NONE) {
        plan->part_size = xz_bulk_part_size(setup->dict_size);
        plan->reach = setup->dict_size;
    } else if (setup->is_near && xz_finder_has_rows(setup)) {
        plan->part_size = setup->dict_size & ~(XZ_LZMA2_CHUNK_STORED_MAX - 1);
        plan->part_size *= ROW_PART_TIMES; // < 2^32: the dictionary is at most 1.5 GiB
        if (plan->part_size < ROW_PART_MIN)
            plan->part_size = ROW_PART_MIN;
        /* With its history it must have window indexes of 31 bits. */
        const uint32_t room = (INT32_MAX - setup->dict_size) & ~(KEEP_MIN - 1);
        if (plan->part_size > room)
            plan->part_size = room;
        plan->reach = setup->dict_size;
    }
    plan->reach &= ~(uint32_t)(XZ_POS_STATES_MAX - 1);
}

static struct plan make_plan(const lzma_options_lzma *options, enum delivery delivery)
{
    struct plan plan = {
        .setup =
            {
                .mf = options->mf,
                .dict_size = options->dict_size,
                .nice_len = options->nice_len,
                .depth = options->depth,
            },
        .is_optimal = options->mode == LZMA_MODE_NORMAL,
    };
    plan.setup.is_near = !plan.is_optimal;
    const bool is_chain = options->mf == LZMA_MF_HC3 || options->mf == LZMA_MF_HC4;
    const uint32_t depth = xz_finder_depth(&plan.setup);
    if (!plan.is_optimal && is_chain && depth > FAST_ROW)
        plan.setup.depth = FAST_ROW;
    if (!plan.is_optimal && is_chain && depth > FAST_DEPTH_MAX) {
        plan.is_optimal = true;
        plan.setup.is_near = false;
        plan.setup.depth = LIGHT_DEPTH;
        if (plan.setup.nice_len > LIGHT_NICE_LEN)
            plan.setup.nice_len = LIGHT_NICE_LEN;
    }
    if (plan.is_optimal)
        plan.setup.in_bulk = choose_bulk(options, delivery);
    if (delivery == IN_PARTS && !has_preset_dict(options))
        choose_part(&plan);
    return plan;
}

/* History that the window keeps. Noise is stored without being searched, up to a chunk
   of it; a tree takes its positions in afterwards, and compares them with texts that
   are dict_size before them. */
static uint32_t keep_size(const struct plan *plan)
{
    const struct xz_finder_setup *const setup = &plan->setup;
    if (setup->in_bulk == XZ_BULK_NONE && xz_finder_has_trees(setup))
        return setup->dict_size + KEEP_MIN;
    return setup->dict_size > KEEP_MIN ? setup->dict_size : KEEP_MIN;
}

/* Bytes of text to have in the window behind pos. */
static uint32_t text_ahead(const struct plan *plan)
{
    const uint32_t wait = xz_enc_finder_wait(&plan->setup);
    uint32_t ahead = xz_finder_ahead(&plan->setup);
    ahead = ahead > wait ? ahead : wait;
    return ahead > XZ_PARSE_AHEAD ? ahead : XZ_PARSE_AHEAD;
}

bool xz_mf_is_supported(lzma_match_finder mf)
{
    return xz_finder_is_known(mf);
}

bool xz_mode_is_supported(lzma_mode mode)
{
    return mode == LZMA_MODE_FAST || mode == LZMA_MODE_NORMAL;
}

lzma_ret xz_enc_options_check(const lzma_options_lzma *options)
{
    if (options == NULL)
        return LZMA_PROG_ERROR;
    if (options->dict_size < LZMA_DICT_SIZE_MIN || options->dict_size > XZ_ENC_DICT_MAX
        || !xz_lclppb_valid(options) || options->nice_len < NICE_LEN_MIN
        || options->nice_len > XZ_LEN_MAX || !xz_mf_is_supported(options->mf)
        || !xz_mode_is_supported(options->mode))
        return LZMA_OPTIONS_ERROR;
    return LZMA_OK;
}

/* Without the window. */
static uint64_t stages_memusage(const struct plan *plan)
{
    const uint64_t usage = xz_enc_finder_memusage(&plan->setup)
                           + sizeof(struct xz_parse)
                           + xz_noise_memusage(plan->setup.dict_size);
    return plan->is_optimal ? usage + xz_optimal_size() : usage;
}

bool xz_enc_is_fast(const lzma_options_lzma *options)
{
    return !make_plan(options, WHOLE).is_optimal;
}

uint64_t xz_enc_pipe_memusage(const lzma_options_lzma *options)
{
    const struct plan plan = make_plan(options, WHOLE);
    return xz_window_memusage(keep_size(&plan), text_ahead(&plan))
           + stages_memusage(&plan);
}

uint32_t xz_enc_pipe_part_size(const lzma_options_lzma *options)
{
    return make_plan(options, IN_PARTS).part_size;
}

uint64_t xz_enc_pipe_part_memusage(const lzma_options_lzma *options)
{
    const struct plan plan = make_plan(options, IN_PARTS);
    return stages_memusage(&plan);
}

void xz_enc_pipe_end(struct xz_enc_pipe *pipe, const lzma_allocator *allocator)
{
    xz_window_end(&pipe->window, allocator);
    xz_finder_end(&pipe->finder, allocator);
    xz_noise_end(&pipe->noise, allocator);
    xz_free(pipe->parse, allocator);
    xz_free(pipe->optimal, allocator);
    pipe->parse = NULL;
    pipe->optimal = NULL;
}

static lzma_ret open_parser(struct xz_enc_pipe *pipe, const lzma_allocator *allocator,
                            bool is_optimal)
{
    if (pipe->parse == NULL)
        pipe->parse = xz_alloc(sizeof(*pipe->parse), allocator);
    if (pipe->parse == NULL)
        return LZMA_MEM_ERROR;
    pipe->parse->window = &pipe->window;
    pipe->parse->finder = &pipe->finder;
    pipe->parse->coder = &pipe->coder;
    pipe->parse->count = 0;
    xz_byte_worth_reset(&pipe->parse->worth);

    if (!is_optimal) {
        xz_free(pipe->optimal, allocator);
        pipe->optimal = NULL;
        return LZMA_OK;
    }
    if (pipe->optimal == NULL)
        pipe->optimal = xz_alloc(xz_optimal_size(), allocator);
    if (pipe->optimal == NULL)
        return LZMA_MEM_ERROR;
    xz_optimal_reset(pipe->optimal);
    return LZMA_OK;
}

/* All but the window. */
static lzma_ret open_stages(struct xz_enc_pipe *pipe, const lzma_allocator *allocator,
                            const lzma_options_lzma *options, const struct plan *plan,
                            bool is_whole)
{
    const struct xz_enc_props props = xz_enc_props(options);
    pipe->coder.position = 0;
    pipe->coder.match_count = 0;
    pipe->coder.rep_count = 0;
    memset(pipe->coder.literal_count, 0, sizeof(pipe->coder.literal_count));
    xz_symbol_enc_reset(&pipe->coder, &props);
    pipe->ahead = text_ahead(plan);
    xz_noise_open(&pipe->noise, allocator, options->dict_size);
    XZ_TRY(xz_enc_finder_start(&pipe->choice, &pipe->finder, allocator, &plan->setup,
                               is_whole));
    return open_parser(pipe, allocator, plan->is_optimal);
}

lzma_ret xz_enc_pipe_open(struct xz_enc_pipe *pipe, const lzma_allocator *allocator,
                          const lzma_options_lzma *options)
{
    const struct plan plan = make_plan(options, WHOLE);
    pipe->text_ends = false;
    pipe->is_flush = false;
    xz_window_open(&pipe->window, allocator, keep_size(&plan), text_ahead(&plan));
    XZ_TRY(open_stages(pipe, allocator, options, &plan, false));
    if (!has_preset_dict(options))
        return LZMA_OK;

    const uint32_t given = options->preset_dict_size;
    const uint32_t size = given < options->dict_size ? given : options->dict_size;
    XZ_TRY(xz_window_preset(&pipe->window, allocator,
                            options->preset_dict + (given - size), size));
    pipe->coder.position = size;
    return LZMA_OK;
}

lzma_ret xz_enc_pipe_open_part(struct xz_enc_pipe *pipe,
                               const lzma_allocator *allocator,
                               const lzma_options_lzma *options, const uint8_t *text,
                               size_t pos, uint32_t size)
{
    const struct plan plan = make_plan(options, IN_PARTS);
    const uint32_t history = pos < plan.reach ? (uint32_t)pos : plan.reach;
    pipe->text_ends = true;
    pipe->is_flush = false;
    xz_window_lend(&pipe->window, allocator, text + (pos - history), history,
                   history + size);
    XZ_TRY(open_stages(pipe, allocator, options, &plan, pos > 0));
    pipe->coder.position = history;
    return LZMA_OK;
}

/* The only symbol that needs no history. */
static void give_first_literal(struct xz_parse *parse)
{
    parse->first = 0;
    parse->count = 1;
    parse->size = 1;
    parse->symbols[0] = (struct xz_symbol){1, 0};
}

/* More than two stretches, so that it is not looked at twice for each. */
#define UNSORTED_NOISE (4 * XZ_NOISE_SIZE)

/* Where the text ends, its last bytes are looked at together with those before. */
static bool is_noise_ahead(const struct xz_enc_pipe *pipe)
{
    const struct xz_window *const w = &pipe->window;
    const bool is_last = w->end - w->pos < UNSORTED_NOISE;
    if (is_last && (!pipe->text_ends || w->end < UNSORTED_NOISE))
        return false;
    const uint32_t start = is_last ? w->end - UNSORTED_NOISE : w->pos;
    for (uint32_t at = 0; at < UNSORTED_NOISE; at += XZ_NOISE_SIZE) {
        if (!xz_noise_is_at(&pipe->noise, w, start + at))
            return false;
    }
    return true;
}

/* Text of one period, as zeros are, is not sorted in steps of UNSORTED_RUN bytes. */
#define UNSORTED_RUN (UINT32_C(64) << 10)
#define PERIOD_MAX   512
#define PERIOD_PROBE 16

/* True if the next UNSORTED_RUN bytes have a period of at most PERIOD_MAX. Then the
   latest position that begins alike is as good as any. */
static bool is_run_ahead(const struct xz_enc_pipe *pipe)
{
    const struct xz_window *const w = &pipe->window;
    const uint8_t *const text = w->buf + w->pos;
    if (w->end - w->pos < UNSORTED_RUN)
        return false;
    uint32_t period = 1;
    while (period <= PERIOD_MAX && memcmp(text, text + period, PERIOD_PROBE) != 0)
        ++period;
    return period <= PERIOD_MAX
           && memcmp(text, text + period, UNSORTED_RUN - period) == 0;
}

/* Text that goes on at the last distance for so long is not searched. What is looked at
   for that is there in any case (needs_more()). */
#define REP_SYMBOLS 15
#define REP_SIZE    (REP_SYMBOLS * XZ_LEN_MAX)
_Static_assert(REP_SIZE <= XZ_PARSE_POSITIONS, "a stretch takes no more");

static bool is_rep_ahead(const struct xz_enc_pipe *pipe)
{
    const struct xz_window *const w = &pipe->window;
    const uint8_t *const text = w->buf + w->pos;
    return w->end - w->pos >= XZ_PARSE_AHEAD
           && memcmp(text, text - pipe->coder.context.reps[0], REP_SIZE) == 0;
}

/* The symbols that the parser by price would find for it: the longest reps. */
static void give_reps(struct xz_enc_pipe *pipe)
{
    struct xz_parse *const parse = pipe->parse;
    const uint32_t dist = pipe->coder.context.reps[0];
    parse->first = 0;
    parse->count = REP_SYMBOLS;
    parse->size = REP_SIZE;
    for (uint32_t i = 0; i < REP_SYMBOLS; ++i)
        parse->symbols[i] = (struct xz_symbol){XZ_LEN_MAX, dist};
    xz_finder_pass(&pipe->finder, &pipe->window, REP_SIZE, dist);
}

/* What looks like noise may be a copy of text that has no anchors yet. */
static lzma_ret judge_noise(struct xz_enc_pipe *pipe, const lzma_allocator *allocator,
                            bool *ret_is_noise)
{
    *ret_is_noise = is_noise_ahead(pipe);
    if (*ret_is_noise && pipe->window.pos > 0) {
        XZ_TRY(xz_enc_pipe_learn(pipe, allocator));
        *ret_is_noise = is_noise_ahead(pipe);
    }
    return LZMA_OK;
}

/* Readies the finder for positions below window index end. Noise is not sorted, nor is
   text of one period. */
static lzma_ret prepare_in_bulk(struct xz_enc_pipe *pipe,
                                const lzma_allocator *allocator, uint32_t end)
{
    const struct xz_window *const w = &pipe->window;
    if (xz_finder_is_ready(&pipe->finder, end))
        return LZMA_OK;
    bool is_noise;
    XZ_TRY(judge_noise(pipe, allocator, &is_noise));
    if (is_noise) {
        const uint32_t left = w->end - w->pos;
        const uint32_t size = left < UNSORTED_NOISE ? left : UNSORTED_NOISE;
        return xz_finder_prepare_unsorted(&pipe->finder, allocator, w, w->pos + size);
    }
    if (is_run_ahead(pipe))
        return xz_finder_prepare_unsorted(&pipe->finder, allocator, w,
                                          w->pos + UNSORTED_RUN);
    return xz_finder_prepare(&pipe->finder, allocator, w, end);
}

/* True if the text is too short to search `find` positions, and has not ended. */
static bool needs_more(const struct xz_enc_pipe *pipe, uint32_t find)
{
    const struct xz_window *const w = &pipe->window;
    const uint32_t avail = w->end - w->pos;
    if (xz_enc_finder_waits(&pipe->choice, w) || avail < XZ_PARSE_AHEAD)
        return true;
    if (pipe->choice.kind != XZ_ENC_FINDER_FULL)
        return avail < pipe->ahead;
    return avail < pipe->ahead && !xz_finder_is_ready(&pipe->finder, w->pos + find);
}

lzma_ret xz_enc_pipe_parse(struct xz_enc_pipe *pipe, const lzma_allocator *allocator,
                           enum xz_enc_pipe_state *ret_state)
{
    struct xz_parse *const parse = pipe->parse;
    const struct xz_window *const w = &pipe->window;
    const uint32_t avail = w->end - w->pos;
    *ret_state = XZ_PIPE_READY;
    if (parse->count > 0)
        return LZMA_OK;
    const uint32_t ahead = avail < XZ_PARSE_AHEAD ? avail : XZ_PARSE_AHEAD;
    const uint32_t find = avail < XZ_PARSE_POSITIONS ? avail : XZ_PARSE_POSITIONS;
    if (!pipe->text_ends && needs_more(pipe, find)) {
        *ret_state = XZ_PIPE_HUNGRY;
        return LZMA_OK;
    }
    if (avail == 0) {
        *ret_state = XZ_PIPE_EMPTY;
        return LZMA_OK;
    }
    if (pipe->coder.position == 0 && w->pos == 0) {
        give_first_literal(parse);
        return LZMA_OK;
    }
    XZ_TRY(xz_enc_finder_choose(&pipe->choice, &pipe->finder, allocator, w,
                                pipe->text_ends, pipe->is_flush));
    const bool in_bulk = pipe->finder.in_bulk != XZ_BULK_NONE;
    if (in_bulk && is_rep_ahead(pipe)) {
        give_reps(pipe);
        return LZMA_OK;
    }
    if (in_bulk)
        XZ_TRY(prepare_in_bulk(pipe, allocator, w->pos + find));
    else
        XZ_TRY(xz_finder_reserve(&pipe->finder, allocator, w->pos + ahead));
    parse->pos = w->pos;
    parse->find_end = w->pos + find;
    if (pipe->optimal != NULL)
        xz_parse_optimal(parse, pipe->optimal);
    else
        xz_parse_fast(parse);
    return LZMA_OK;
}

lzma_ret xz_enc_pipe_fill(struct xz_enc_pipe *pipe, const lzma_allocator *allocator,
                          struct xz_coder *source, struct xz_io *io, lzma_action action)
{
    struct xz_window *const w = &pipe->window;
    do {
        uint32_t moved;
        XZ_TRY(xz_window_make_room(w, allocator, xz_io_in_left(io) + 1, &moved));
        if (moved > 0) {
            xz_finder_moved(&pipe->finder, moved);
            xz_noise_moved(&pipe->noise, moved);
            if (pipe->optimal != NULL)
                xz_optimal_moved(pipe->optimal, moved);
        }
        struct xz_io sub = {
            .in = io->in,
            .in_pos = io->in_pos,
            .in_size = io->in_size,
            .out = w->buf + w->end,
            .out_size = w->capacity - w->end,
        };
        const lzma_ret ret = xz_coder_pull(source, allocator, &sub, action);
        io->in_pos = sub.in_pos;
        xz_window_added(w, (uint32_t)sub.out_pos);
        pipe->text_ends = ret == LZMA_STREAM_END;
        pipe->is_flush = action != LZMA_FINISH;
        if (!pipe->text_ends)
            XZ_TRY(ret);
        /* Where the window was full with little text ahead, there is room now. */
    } while (!pipe->text_ends && w->end == w->capacity
             && w->end - w->pos < pipe->ahead);
    return LZMA_OK;
}

/* Drops `count` symbols that stood for size bytes. */
static void use_symbols(struct xz_enc_pipe *pipe, uint32_t count, uint32_t size)
{
    pipe->parse->first += count;
    pipe->parse->count -= count;
    pipe->window.pos += size;
}

uint32_t xz_enc_pipe_encode(struct xz_enc_pipe *pipe, uint32_t count,
                            const uint8_t *out_end, uint32_t text_max)
{
    struct xz_parse *const parse = pipe->parse;
    uint32_t size;
    const uint32_t done = xz_symbols_encode(
        &pipe->coder, pipe->window.buf + pipe->window.pos,
        parse->symbols + parse->first, count < parse->count ? count : parse->count,
        out_end, text_max, &size);
    use_symbols(pipe, done, size);
    return size;
}

uint32_t xz_enc_pipe_list(struct xz_enc_pipe *pipe, const uint16_t *list_end,
                          uint32_t text_max)
{
    struct xz_parse *const parse = pipe->parse;
    uint32_t size;
    const uint32_t done = xz_symbols_list(
        &pipe->coder, pipe->window.buf + pipe->window.pos,
        parse->symbols + parse->first, parse->count, list_end, text_max, &size);
    use_symbols(pipe, done, size);
    return size;
}

lzma_ret xz_enc_pipe_learn(struct xz_enc_pipe *pipe, const lzma_allocator *allocator)
{
    return xz_noise_learn(&pipe->noise, allocator, &pipe->window, pipe->window.pos);
}

uint32_t xz_enc_pipe_skip_noise(struct xz_enc_pipe *pipe, uint32_t text_max)
{
    struct xz_window *const w = &pipe->window;
    const uint32_t avail = w->end - w->pos;
    if (pipe->parse->count > 0 || avail == 0 || w->end < XZ_NOISE_SIZE
        || (!pipe->text_ends && avail < XZ_PARSE_AHEAD))
        return 0;
    /* The last bytes are judged together with those before. */
    const uint32_t part = avail < XZ_NOISE_SIZE ? avail : XZ_NOISE_SIZE;
    if (!xz_noise_is_at(&pipe->noise, w, w->pos + part - XZ_NOISE_SIZE))
        return 0;
    const uint32_t size = text_max < part ? text_max : part;
    if (pipe->finder.in_bulk != XZ_BULK_NONE)
        xz_finder_pass_noise(&pipe->finder, w, size);
    w->pos += size;
    pipe->coder.position += size;
    return size;
}

uint32_t xz_enc_pipe_skip(struct xz_enc_pipe *pipe, uint32_t text_max)
{
    struct xz_parse *const parse = pipe->parse;
    uint32_t size = 0;
    while (parse->count > 0 && size < text_max) {
        struct xz_symbol *const symbol = &parse->symbols[parse->first];
        if (symbol->len > text_max - size) {
            symbol->len -= text_max - size;
            use_symbols(pipe, 0, text_max - size);
            size = text_max;
            break;
        }
        size += symbol->len;
        use_symbols(pipe, 1, symbol->len);
    }
    pipe->coder.position += size;
    return size;
}
