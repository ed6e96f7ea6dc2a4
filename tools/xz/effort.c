// SPDX-License-Identifier: 0BSD
// Chooses Blocks and their filters by trial (--effort=max).

/*
 * The file is read once before it is compressed, in units of 256 KiB. The beginning of
 * each unit is compressed quickly with every chain. What that gives tells which chain
 * suits the unit: the gain of a filter hardly depends on how hard one compresses.
 *
 * A new chain needs a new Block, and a Block knows nothing of what was before it. So a
 * change costs what is lost by that: a guess, CHANGE_COST. The cheapest way through all
 * units, changes included, is found by dynamic programming:
 *
 *     cost(unit, chain) = trial(unit, chain)
 *                         + min(cost(unit - 1, chain),
 *                               min over all chains of cost(unit - 1) + CHANGE_COST)
 *
 * For each unit and chain, one bit says which of the two it was; the way is read off
 * backwards. A file of 82 MB takes 6.6 s more (2026-11-25, docs/performance-tried.md).
 */

#include "../common/system.h"

#include "effort.h"

#include "../common/signals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define UNIT_SIZE   ((size_t)1 << 18)
#define TRIAL_SIZE  ((size_t)1 << 17)
#define OUT_SIZE    (2 * TRIAL_SIZE)
#define CHANGE_COST (UINT64_C(48) << 10)

/* A chain to try. */
struct candidate {
    lzma_vli filter; // before LZMA2; LZMA_VLI_UNKNOWN: none
    uint32_t dist;   // of delta
    uint32_t lc, lp, pb;
};

/* The first one stands for the user's chain. */
static const struct candidate candidates[XZ_CHAINS] = {
    {LZMA_VLI_UNKNOWN, 0, 0, 0, 0},
    {LZMA_VLI_UNKNOWN, 0, 4, 0, 0},  // text
    {LZMA_FILTER_X86, 0, 4, 0, 2},   // programs
    {LZMA_FILTER_ARM64, 0, 2, 2, 2}, //
    {LZMA_FILTER_ARMTHUMB, 0, 3, 1, 1},
    {LZMA_FILTER_DELTA, 1, 3, 0, 0}, // samples of 8 bits
    {LZMA_FILTER_DELTA, 2, 2, 1, 1}, // 16
    {LZMA_FILTER_DELTA, 3, 3, 0, 0}, // 24
    {LZMA_FILTER_DELTA, 4, 2, 2, 2}, // 32, or 2 of 16
    {LZMA_VLI_UNKNOWN, 0, 0, 2, 2},  // records of 4 bytes
};

static bool append(struct xz_chain *chain, lzma_vli id, const void *from, size_t size)
{
    void *options = NULL;
    if (from != NULL) {
        options = malloc(size);
        if (options == NULL)
            return false;
        memcpy(options, from, size);
    }
    chain->filters[chain->count++] = (lzma_filter){id, options};
    chain->filters[chain->count] = (lzma_filter){LZMA_VLI_UNKNOWN, NULL};
    return true;
}

static bool make_chain(struct xz_chain *chain, const lzma_options_lzma *base,
                       const struct candidate *candidate)
{
    const lzma_options_delta delta = {.type = LZMA_DELTA_TYPE_BYTE,
                                      .dist = candidate->dist};
    lzma_options_lzma lzma = *base;
    lzma.lc = candidate->lc;
    lzma.lp = candidate->lp;
    lzma.pb = candidate->pb;
    if (candidate->filter == LZMA_FILTER_DELTA
        && !append(chain, candidate->filter, &delta, sizeof(delta)))
        return false;
    if (candidate->filter != LZMA_FILTER_DELTA && candidate->filter != LZMA_VLI_UNKNOWN
        && !append(chain, candidate->filter, NULL, 0))
        return false;
    return append(chain, LZMA_FILTER_LZMA2, &lzma, sizeof(lzma));
}

bool xz_effort_make_chains(struct xz_options *options,
                           char error[XZ_OPTIONS_ERROR_SIZE])
{
    const char *why = NULL;
    if (options->format != XZ_FORMAT_XZ)
        why = "works with --format=xz only";
    else if (!options->preset_is_used)
        why = "chooses filters itself; use a preset";
    else if (options->block_count > 0)
        why = "cannot be used with --block-list";
    else if (options->flush_timeout > 0)
        why = "cannot be used with --flush-timeout";
    const lzma_options_lzma *base = options->chains[0].filters[0].options;
    for (size_t i = 1; i < XZ_CHAINS && why == NULL; i++) {
        if (options->chains[i].count > 0)
            why = "cannot be used with --filters1 to --filters9";
        else if (!make_chain(&options->chains[i], base, &candidates[i]))
            why = "out of memory";
    }
    if (why != NULL)
        snprintf(error, XZ_OPTIONS_ERROR_SIZE, "--effort=max: %s", why);
    return why == NULL;
}

/* What the planning works with. */
struct plan {
    lzma_filter trials[XZ_CHAINS][LZMA_FILTERS_MAX + 1]; // chains for quick trials
    lzma_options_lzma lzma[XZ_CHAINS];                   // their LZMA2 options
    uint64_t cost[XZ_CHAINS];                            // of the way to the last unit
    uint16_t *changed;   // owned: for each unit, a bit for each chain
    uint8_t *changed_to; // owned: for each unit, the best chain of the unit before
    uint8_t in[TRIAL_SIZE];
    uint8_t out[OUT_SIZE];
};

static void make_trials(struct plan *plan, const struct xz_options *options)
{
    for (size_t i = 0; i < XZ_CHAINS; i++) {
        const struct xz_chain *chain = &options->chains[i];
        const lzma_options_lzma *given = chain->filters[chain->count - 1].options;
        lzma_options_lzma *quick = &plan->lzma[i];
        (void)lzma_lzma_preset(quick, 0);
        quick->dict_size = TRIAL_SIZE;
        quick->lc = given->lc;
        quick->lp = given->lp;
        quick->pb = given->pb;
        memcpy(plan->trials[i], chain->filters, sizeof(plan->trials[i]));
        plan->trials[i][chain->count - 1].options = quick;
    }
}

/* Compressed size of the trial, as if it were the whole unit. A filter has to save a
   part in 128: less says nothing about another preset. */
static uint64_t try_chain(struct plan *plan, size_t chain, size_t size,
                          size_t unit_size)
{
    size_t out_pos = 0;
    lzma_ret ret = lzma_raw_buffer_encode(plan->trials[chain], NULL, plan->in, size,
                                          plan->out, &out_pos, OUT_SIZE);
    uint64_t cost = ret == LZMA_OK ? out_pos : OUT_SIZE;
    if (candidates[chain].filter != LZMA_VLI_UNKNOWN)
        cost += cost / 128;
    return cost * unit_size / size;
}

/* One step of the dynamic programming. */
static void weigh_unit(struct plan *plan, size_t unit, size_t size, size_t unit_size)
{
    size_t best = 0;
    for (size_t i = 1; i < XZ_CHAINS; i++)
        if (plan->cost[i] < plan->cost[best])
            best = i;
    const uint64_t change = plan->cost[best] + (unit > 0 ? CHANGE_COST : 0);
    plan->changed[unit] = 0;
    plan->changed_to[unit] = (uint8_t)best;
    for (size_t i = 0; i < XZ_CHAINS; i++) {
        if (plan->cost[i] > change) {
            plan->cost[i] = change;
            plan->changed[unit] |= (uint16_t)(1U << i);
        }
        plan->cost[i] += try_chain(plan, i, size, unit_size);
    }
}

/* Reads the way backwards; turns it into a list. NULL: no memory. */
static struct xz_block_entry *list_blocks(const struct plan *plan, size_t units,
                                          size_t *ret_count)
{
    size_t chain = 0;
    for (size_t i = 1; i < XZ_CHAINS; i++)
        if (plan->cost[i] < plan->cost[chain])
            chain = i;
    struct xz_block_entry *entries = malloc(units * sizeof(*entries));
    if (entries == NULL)
        return NULL;
    size_t first = units; // entries [first, units) are made
    for (size_t unit = units; unit-- > 0;) {
        if (first == units || entries[first].chain != chain)
            entries[--first] = (struct xz_block_entry){0, (unsigned)chain};
        entries[first].size += UNIT_SIZE;
        if ((plan->changed[unit] >> chain & 1) != 0)
            chain = plan->changed_to[unit];
    }
    entries[units - 1].size = UINT64_MAX;
    *ret_count = units - first;
    memmove(entries, entries + first, *ret_count * sizeof(*entries));
    return entries;
}

/* Up to `size` bytes at an offset; less at the end of the file and after errors. */
static size_t read_at(int fd, uint8_t *buf, size_t size, uint64_t offset)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = pread(fd, buf + done, size - done, (off_t)(offset + done));
        if (got <= 0)
            break;
        done += (size_t)got;
    }
    return done;
}

static struct xz_block_entry *make_plan(struct plan *plan, int fd, uint64_t offset,
                                        uint64_t size, size_t *ret_count)
{
    size_t units = (size_t)((size + UNIT_SIZE - 1) / UNIT_SIZE);
    plan->changed = malloc(units * sizeof(*plan->changed));
    plan->changed_to = malloc(units);
    bool complete = plan->changed != NULL && plan->changed_to != NULL;
    for (size_t unit = 0; unit < units && complete; unit++) {
        uint64_t at = (uint64_t)unit * UNIT_SIZE;
        size_t unit_size = size - at < UNIT_SIZE ? (size_t)(size - at) : UNIT_SIZE;
        size_t got = read_at(
            fd, plan->in, unit_size < TRIAL_SIZE ? unit_size : TRIAL_SIZE, offset + at);
        complete = got > 0 && !xz_signals_aborted();
        if (complete)
            weigh_unit(plan, unit, got, unit_size);
    }
    struct xz_block_entry *entries =
        complete ? list_blocks(plan, units, ret_count) : NULL;
    free(plan->changed);
    free(plan->changed_to);
    return entries;
}

struct xz_block_entry *xz_effort_plan(const struct xz_options *options, int fd,
                                      size_t *ret_count)
{
    struct stat st;
    off_t offset = lseek(fd, 0, SEEK_CUR);
    *ret_count = 0;
    if (offset < 0 || fstat(fd, &st) != 0 || st.st_size <= offset)
        return NULL;
    struct plan *plan = calloc(1, sizeof(*plan));
    if (plan == NULL)
        return NULL;
    make_trials(plan, options);
    struct xz_block_entry *entries = make_plan(
        plan, fd, (uint64_t)offset, (uint64_t)(st.st_size - offset), ret_count);
    free(plan);
    return entries;
}
