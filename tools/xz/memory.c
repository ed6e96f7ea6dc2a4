// SPDX-License-Identifier: 0BSD
// Fits the number of threads and the dictionaries into the memory that may be used.

/*
 * RAM is what the machine has, or what control groups leave of it. There are two kinds
 * of limits. A limit that the user set is kept or the work is refused. The default (a
 * quarter of the RAM; less if other programs use most of it, or if the process has
 * resource limits) only bounds the number of threads where the user left that to the
 * program; it never stops the work, and changes the output in one case: where RAM or
 * resource limits (ulimit -v) are less than one thread needs, step 2 below is taken. XZ
 * Utils can do with what they leave, and the work would fail.
 *
 * With a set limit that is too low for compressing, in this order:
 *
 *   1. fewer threads, not     the output stays the same; always tried
 *      less than two
 *   2. a leaner match finder  the output changes a little; always tried, since limits
 *                             that XZ Utils can keep have to be enough; again behind
 *                             3, where other finders are lean
 *   3. one, no worker thread      the output changes;  not with --no-adjust
 *   4. smaller dictionaries   the output changes;  not with --no-adjust, not raw
 *   5. the leanest finder     the output changes a little; only where 4 is not allowed
 */

#include "../common/system.h"

#include "memory.h"

#include "../common/cgroup.h"
#include "../common/units.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define MIB (UINT64_C(1) << 20)

/* Left to the program itself, its stacks and its libraries, below resource limits */
#define PROCESS_RESERVE (64 * MIB)

/* Where addresses have 32 bits: for the soft limit, and for limits set higher */
#define SOFT_LIMIT_32 (1400 * MIB)
#define HARD_LIMIT_32 (4020 * MIB)

/* What is assumed if the amount of RAM cannot be found out */
#define RAM_UNKNOWN (128 * MIB)

/* The soft limit counts: it is what makes malloc() fail. */
static uint64_t resource_limit(int resource)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    return (uint64_t)limit.rlim_cur;
}

struct xz_machine xz_machine_look(void)
{
    uint64_t data = resource_limit(RLIMIT_DATA);
    uint64_t space = resource_limit(XZ_RLIMIT_MEMORY);
    uint32_t cpus = lzma_cputhreads();
    char meminfo[512];
    struct xz_cgroup group =
        xz_cgroup_look("/proc/self/cgroup", "/proc/self/mountinfo");
    xz_text_read("/proc/meminfo", meminfo, sizeof(meminfo));
    cpus = group.cpus < cpus ? group.cpus : cpus;
    return (struct xz_machine){
        .ram = lzma_physmem(),
        .process_limit = data < space ? data : space,
        .group_limit = group.memory,
        .available = xz_meminfo_available(meminfo),
        .open_files = resource_limit(RLIMIT_NOFILE),
        .cpus = cpus > 0 ? cpus : 1,
    };
}

/* Bytes of a limit; 0 if it was not set. */
static uint64_t limit_bytes(const struct xz_memory_limit *limit, uint64_t ram)
{
    if (!limit->is_percent)
        return limit->amount;
    return ram / 100 * limit->amount + ram % 100 * limit->amount / 100;
}

/* The RAM that is there for us, which in a container is not all of the machine's. */
static uint64_t usable_ram(const struct xz_machine *machine)
{
    uint64_t ram = machine->ram > 0 ? machine->ram : RAM_UNKNOWN;
    return machine->group_limit < ram ? machine->group_limit : ram;
}

/* What a limit of the process leaves for coding. */
static uint64_t without_reserve(uint64_t limit)
{
    if (limit == UINT64_MAX)
        return UINT64_MAX;
    return limit > PROCESS_RESERVE ? limit - PROCESS_RESERVE : 1;
}

/* All that there is for coding, other programs left out. */
static uint64_t most_for_coding(const struct xz_machine *machine)
{
    uint64_t most = machine->process_limit;
    if (machine->group_limit < most)
        most = machine->group_limit;
    if (machine->ram > 0 && machine->ram < most)
        most = machine->ram;
    return without_reserve(most);
}

/*
 * A quarter of the RAM leaves room for other programs, unless they have taken more
 * already; what resource limits leave is all that there is.
 */
static uint64_t soft_limit(const struct xz_machine *machine)
{
    uint64_t limit = usable_ram(machine) / 4;
    if (machine->available > 0 && machine->available < limit)
        limit = machine->available;
    uint64_t rest = without_reserve(machine->process_limit);
    limit = rest < limit ? rest : limit;
    if (SIZE_MAX == UINT32_MAX && limit > SOFT_LIMIT_32)
        limit = SOFT_LIMIT_32;
    return limit;
}

/*
 * A process with 32-bit addresses cannot use more than 4 GiB, so a limit slightly below
 * that is what a greater one means; only "max" stays as it is.
 */
void xz_limits_resolve(const struct xz_options *options,
                       const struct xz_machine *machine, struct xz_limits *ret_limits)
{
    uint64_t ram = usable_ram(machine);
    uint64_t compress = limit_bytes(&options->limit_compress, ram);
    uint64_t decompress = limit_bytes(&options->limit_decompress, ram);
    uint64_t mt_decompress = limit_bytes(&options->limit_mt_decompress, ram);
    if (SIZE_MAX == UINT32_MAX && compress > HARD_LIMIT_32 && compress != UINT64_MAX)
        compress = HARD_LIMIT_32;

    struct xz_limits *l = ret_limits;
    l->mt_default = soft_limit(machine);
    l->most = most_for_coding(machine);
    l->compress_set = compress;
    l->decompress_set = decompress;
    l->compress = compress > 0 ? compress : UINT64_MAX;
    l->decompress = decompress > 0 ? decompress : UINT64_MAX;
    l->mt_decompress = mt_decompress > 0 ? mt_decompress : l->mt_default;
    if (l->mt_decompress > l->decompress)
        l->mt_decompress = l->decompress;
    l->threads_automatic = options->threads == 0;
    l->threads = options->threads > 0 ? options->threads : machine->cpus;
    l->open_files = machine->open_files;
}

bool xz_plan_uses_chain(const struct xz_options *options, unsigned chain)
{
    if (options->max_effort)
        return options->chains[chain].count > 0;
    if (options->format != XZ_FORMAT_XZ || options->block_count == 0)
        return chain == 0;
    for (size_t i = 0; i < options->block_count; i++)
        if (options->blocks[i].chain == chain)
            return true;
    return false;
}

/* The check and the chain, with what the plan says about threads and Blocks. */
void xz_plan_mt_options(const struct xz_options *options, const struct xz_plan *plan,
                        unsigned chain, lzma_mt *ret_mt)
{
    memset(ret_mt, 0, sizeof(*ret_mt));
    ret_mt->threads = plan->threads;
    ret_mt->block_size = plan->block_size;
    ret_mt->timeout = 300; // milliseconds; the progress display wants its turn
    ret_mt->filters = options->chains[chain].filters;
    ret_mt->check = options->check;
}

/* What a chain needs as the plan has it. */
static uint64_t chain_memory(const struct xz_options *options,
                             const struct xz_plan *plan, unsigned i)
{
    lzma_mt mt;
    xz_plan_mt_options(options, plan, i, &mt);
    return plan->mt ? lzma_stream_encoder_mt_memusage(&mt)
                    : lzma_raw_encoder_memusage(mt.filters);
}

/* One of the chains in use needs most; UINT64_MAX if the settings are impossible. */
static uint64_t encoder_memory(const struct xz_options *options,
                               const struct xz_plan *plan)
{
    uint64_t most = 0;
    for (unsigned i = 0; i < XZ_CHAINS; i++) {
        uint64_t memory =
            xz_plan_uses_chain(options, i) ? chain_memory(options, plan, i) : 0;
        most = memory > most ? memory : most;
    }
    return most;
}

/* What the most demanding Block will need to be decoded. */
static uint64_t decoder_memory(const struct xz_options *options)
{
    uint64_t most = 0;
    for (unsigned i = 0; i < XZ_CHAINS; i++) {
        uint64_t memory = xz_plan_uses_chain(options, i)
                              ? lzma_raw_decoder_memusage(options->chains[i].filters)
                              : 0;
        most = memory > most ? memory : most;
    }
    return most;
}

/*
 * A start offset that a branch converter cannot have does not change the memory use. An
 * encoder refuses it when it is opened; the target that -f replaces is gone by then. A
 * chain of the filter and the smallest LZMA2 tells it at once.
 */
static bool can_start(const lzma_filter *filter)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_options_lzma lzma;
    (void)lzma_lzma_preset(&lzma, 0);
    lzma.dict_size = LZMA_DICT_SIZE_MIN;
    const lzma_filter trial[] = {
        *filter, {LZMA_FILTER_LZMA2, &lzma}, {LZMA_VLI_UNKNOWN, NULL}};
    lzma_ret ret = lzma_raw_encoder(&strm, trial);
    lzma_end(&strm);
    return ret != LZMA_OPTIONS_ERROR;
}

/* False if an option of a filter before the last one, if it has any, is impossible. */
static bool can_encode(const struct xz_options *options)
{
    for (unsigned i = 0; i < XZ_CHAINS; i++) {
        const struct xz_chain *chain = &options->chains[i];
        if (!xz_plan_uses_chain(options, i))
            continue;
        for (size_t j = 0; j + 1 < chain->count; j++)
            if (chain->filters[j].options != NULL && !can_start(&chain->filters[j]))
                return false;
    }
    return true;
}

/* Several chains may disagree about the best size of Blocks: the greatest wins. */
static uint64_t common_block_size(const struct xz_options *options)
{
    unsigned used = 0;
    uint64_t greatest = 0;
    if (options->block_size > 0)
        return options->block_size;
    for (unsigned i = 0; i < XZ_CHAINS; i++)
        used += xz_plan_uses_chain(options, i);
    for (unsigned i = 0; used > 1 && i < XZ_CHAINS; i++) {
        if (!xz_plan_uses_chain(options, i))
            continue;
        uint64_t size = lzma_mt_block_size(options->chains[i].filters);
        if (size != UINT64_MAX && size > greatest)
            greatest = size;
    }
    return greatest;
}

/* Those who asked for threads are told that there will be none. */
static void tell_of_flushing(const struct xz_options *options,
                             const struct xz_plan *plan, struct xz_report *report)
{
    if (!plan->mt && options->flush_timeout > 0 && options->threads != 1)
        xz_report_note(report, options->threads > 1 ? XZ_SAY_WARNINGS : XZ_SAY_ALL,
                       NULL, "Using one thread due to --flush-timeout");
}

/* -vv: the chains that are going to be used. */
static void describe_chains(const struct xz_options *options, struct xz_report *report)
{
    for (unsigned i = 0; report->verbosity >= XZ_SAY_ALL && i < XZ_CHAINS; i++) {
        char *text = NULL;
        if (!xz_plan_uses_chain(options, i)
            || lzma_str_from_filters(&text, options->chains[i].filters,
                                     LZMA_STR_ENCODER | LZMA_STR_GETOPT_LONG, NULL)
                   != LZMA_OK)
            continue;
        xz_report_note(report, XZ_SAY_ALL, NULL, "Filter chain: %s", text);
        free(text);
    }
}

/* -vv: the memory that it takes. */
static void describe_memory(uint64_t memory, uint64_t limit, struct xz_report *report)
{
    char a[XZ_UNIT_TEXT_SIZE], b[XZ_UNIT_TEXT_SIZE];
    if (limit == UINT64_MAX)
        xz_report_note(report, XZ_SAY_ALL, NULL,
                       "%s of memory is required. The limiter is disabled.",
                       xz_memory_text(memory, a));
    else
        xz_report_note(report, XZ_SAY_ALL, NULL,
                       "%s of memory is required. The limit is %s.",
                       xz_memory_text(memory, a), xz_memory_text(limit, b));
}

/* -vv: how compressing is going to be done. */
static void describe(const struct xz_options *options, const struct xz_limits *limits,
                     const struct xz_plan *plan, uint64_t memory,
                     struct xz_report *report)
{
    char a[XZ_UNIT_TEXT_SIZE];
    if (report->verbosity < XZ_SAY_ALL)
        return;
    describe_chains(options, report);
    if (plan->mt)
        xz_report_note(report, XZ_SAY_ALL, NULL, "Using up to %u threads.",
                       (unsigned)plan->threads);
    describe_memory(memory, limits->compress, report);
    xz_report_note(report, XZ_SAY_ALL, NULL, "Decompression will need %s of memory.",
                   xz_mib_text(decoder_memory(options), a));
}

/* The limit cannot be met. */
static bool refuse(struct xz_report *report, uint64_t memory, uint64_t limit)
{
    char a[XZ_UNIT_TEXT_SIZE], b[XZ_UNIT_TEXT_SIZE];
    xz_report_error(report, NULL,
                    "Memory usage limit is too low for the given filter setup: %s is "
                    "required, the limit is %s",
                    xz_memory_text(memory, a), xz_memory_text(limit, b));
    return false;
}

/* Steps 1 and 3, down to `least` threads. Returns the memory needed then. */
static uint64_t reduce_threads(const struct xz_options *options, uint64_t limit,
                               struct xz_report *report, struct xz_plan *plan,
                               uint32_t least)
{
    char text[XZ_UNIT_TEXT_SIZE];
    uint32_t before = plan->threads;
    uint64_t memory = encoder_memory(options, plan);
    while (memory > limit && plan->threads > least) {
        plan->threads--;
        memory = encoder_memory(options, plan);
    }
    if (plan->threads < before)
        xz_report_note(report, XZ_SAY_ALL, NULL,
                       "Reduced the number of threads from %u to %u to not exceed the "
                       "memory usage limit of %s",
                       (unsigned)before, (unsigned)plan->threads,
                       xz_memory_text(limit, text));
    return memory;
}

/*
 * Steps 2 and 5. What bt4 stands for in one thread takes twice the memory of what bt3
 * stands for, which finds hardly less; with threads, or a small dictionary, it may need
 * more. bt2 mostly takes less still, but more time. A finder is changed only where the
 * plan needs less then. Returns what is needed.
 */
static uint64_t choose_lean_finders(const struct xz_options *options,
                                    struct xz_report *report,
                                    const struct xz_plan *plan, lzma_match_finder from,
                                    lzma_match_finder to)
{
    bool any = false;
    for (unsigned i = 0; i < XZ_CHAINS; i++) {
        const struct xz_chain *chain = &options->chains[i];
        if (!xz_plan_uses_chain(options, i) || chain->count == 0)
            continue;
        const lzma_filter *last = &chain->filters[chain->count - 1];
        lzma_options_lzma *lzma = last->options;
        if ((last->id != LZMA_FILTER_LZMA1 && last->id != LZMA_FILTER_LZMA2)
            || lzma->mf != from)
            continue;
        const uint64_t before = chain_memory(options, plan, i);
        lzma->mf = to;
        if (chain_memory(options, plan, i) < before)
            any = true;
        else
            lzma->mf = from;
    }
    if (any)
        xz_report_note(report, XZ_SAY_ALL, NULL,
                       "Using the match finder bt%u, which needs less memory than bt%u",
                       (unsigned)to & 0xF, (unsigned)from & 0xF);
    return encoder_memory(options, plan);
}

/* An adjustment that changes the output is told when it is known to be enough. */
struct adjusted {
    bool mt;                    // was given up
    uint32_t before[XZ_CHAINS]; // sizes of dictionaries that were made smaller, or 0
};

/*
 * Step 4 for one chain: the greatest number of whole MiB, at least 1, with which it
 * fits. False if there is none; the dictionary is then the smallest one that was tried.
 */
static bool reduce_dictionary(struct xz_chain *chain, uint64_t limit,
                              uint32_t *ret_before)
{
    lzma_filter *last = &chain->filters[chain->count - 1];
    if (last->id != LZMA_FILTER_LZMA1 && last->id != LZMA_FILTER_LZMA2)
        return false;
    lzma_options_lzma *lzma = last->options;
    const uint32_t before = lzma->dict_size;
    lzma->dict_size &= ~(uint32_t)(MIB - 1);
    while (lzma->dict_size >= MIB && lzma_raw_encoder_memusage(chain->filters) > limit)
        lzma->dict_size -= (uint32_t)MIB;
    if (lzma->dict_size < MIB) {
        lzma->dict_size = before < MIB ? before : (uint32_t)MIB;
        return false;
    }
    *ret_before = before;
    return true;
}

/* True if the chain's dictionary was made smaller as that of one before it. */
static bool is_told(const struct xz_options *options, const struct adjusted *adjusted,
                    unsigned i)
{
    const struct xz_chain *chain = &options->chains[i];
    const lzma_filter *last = &chain->filters[chain->count - 1];
    const lzma_options_lzma *lzma = last->options;
    for (unsigned j = 0; j < i; j++) {
        if (adjusted->before[j] != adjusted->before[i])
            continue;
        const struct xz_chain *other = &options->chains[j];
        const lzma_filter *other_last = &other->filters[other->count - 1];
        const lzma_options_lzma *other_lzma = other_last->options;
        if (other_last->id == last->id && other_lzma->dict_size == lzma->dict_size)
            return true;
    }
    return false;
}

/* One line for each chain, but equal ones once; or one for the threads alone. */
static void tell_adjusted(const struct xz_options *options, struct xz_report *report,
                          const struct adjusted *adjusted, uint64_t limit)
{
    char a[XZ_UNIT_TEXT_SIZE], b[XZ_UNIT_TEXT_SIZE], c[XZ_UNIT_TEXT_SIZE];
    bool mt = adjusted->mt;
    for (unsigned i = 0; i < XZ_CHAINS; i++) {
        if (adjusted->before[i] == 0 || is_told(options, adjusted, i))
            continue;
        const struct xz_chain *chain = &options->chains[i];
        const lzma_filter *last = &chain->filters[chain->count - 1];
        const lzma_options_lzma *lzma = last->options;
        xz_report_note(report, XZ_SAY_WARNINGS, NULL,
                       "%s LZMA%c dictionary size from %s to %s to not exceed the "
                       "memory usage limit of %s",
                       mt ? "Switching to single-threaded mode and adjusted"
                          : "Adjusted",
                       last->id == LZMA_FILTER_LZMA2 ? '2' : '1',
                       xz_memory_text(adjusted->before[i], a),
                       xz_memory_text(lzma->dict_size, b), xz_memory_text(limit, c));
        mt = false;
    }
    if (mt)
        xz_report_note(report, XZ_SAY_WARNINGS, NULL,
                       "Switching to single-threaded mode to not exceed the memory "
                       "usage limit of %s",
                       xz_memory_text(limit, a));
}

/* Steps 3 to 5; see the top of the file. */
static bool adjust(struct xz_options *options, uint64_t limit, struct xz_report *report,
                   struct xz_plan *plan)
{
    struct adjusted adjusted = {.mt = plan->mt && options->adjust};
    if (adjusted.mt)
        plan->mt = false;
    uint64_t memory = encoder_memory(options, plan);
    if (memory > limit && adjusted.mt)
        memory = choose_lean_finders(options, report, plan, LZMA_MF_BT4, LZMA_MF_BT3);
    if (memory > limit && (!options->adjust || options->format == XZ_FORMAT_RAW)) {
        memory = choose_lean_finders(options, report, plan, LZMA_MF_BT3, LZMA_MF_BT2);
        return memory <= limit || refuse(report, memory, limit);
    }
    for (unsigned i = 0; memory > limit && i < XZ_CHAINS; i++) {
        struct xz_chain *chain = &options->chains[i];
        if (xz_plan_uses_chain(options, i)
            && lzma_raw_encoder_memusage(chain->filters) > limit
            && !reduce_dictionary(chain, limit, &adjusted.before[i]))
            return refuse(report, encoder_memory(options, plan), limit);
    }
    tell_adjusted(options, report, &adjusted, limit);
    return true;
}

/* The chain of a raw stream is known before the stream, so is the memory it takes. */
static bool plan_raw_decoding(const struct xz_options *options,
                              const struct xz_limits *limits, struct xz_report *report)
{
    uint64_t memory = decoder_memory(options);
    describe_chains(options, report);
    describe_memory(memory, limits->decompress, report);
    return memory <= limits->decompress || refuse(report, memory, limits->decompress);
}

/*
 * The soft limit applies only if the number of threads was left to the program and no
 * limit was set; it ends with one thread, whatever that needs, with a leaner finder
 * where there is not so much at all.
 */
bool xz_plan_make(struct xz_options *options, const struct xz_limits *limits,
                  struct xz_report *report, struct xz_plan *ret_plan)
{
    struct xz_plan plan = {.mt = xz_options_want_mt(options),
                           .threads = limits->threads};
    *ret_plan = plan;
    if (options->format == XZ_FORMAT_RAW && options->preset_is_used)
        xz_report_note(report, XZ_SAY_WARNINGS, NULL,
                       "A preset in raw mode is discouraged: its exact options may "
                       "vary between versions");
    if (options->mode != XZ_MODE_COMPRESS)
        return options->format != XZ_FORMAT_RAW
               || plan_raw_decoding(options, limits, report);
    if (plan.mt)
        plan.block_size = common_block_size(options);

    uint64_t memory = encoder_memory(options, &plan);
    if (memory == UINT64_MAX && plan.mt && limits->threads_automatic) {
        plan.mt = false; // Blocks without an end, which no thread can be given
        memory = encoder_memory(options, &plan);
    }
    if (memory == UINT64_MAX || !can_encode(options)) {
        xz_report_error(report, NULL, "Unsupported filter chain or filter options");
        return false;
    }
    tell_of_flushing(options, &plan, report);
    describe(options, limits, &plan, memory, report);
    bool soft = limits->compress == UINT64_MAX;
    uint64_t limit = limits->compress;
    if (soft && plan.mt && limits->threads_automatic)
        limit = limits->mt_default;
    if (plan.mt)
        memory = reduce_threads(options, limit, report, &plan, soft ? 1 : 2);
    if (memory > limit && !soft)
        memory = choose_lean_finders(options, report, &plan, LZMA_MF_BT4, LZMA_MF_BT3);
    if (memory > limit && plan.mt)
        memory = reduce_threads(options, limit, report, &plan, 1);
    /* By one thread: the output must not depend on their number. */
    struct xz_plan one = plan;
    one.threads = 1;
    if (soft && encoder_memory(options, &one) > limits->most)
        (void)choose_lean_finders(options, report, &one, LZMA_MF_BT4, LZMA_MF_BT3);
    if (memory > limit && !soft && !adjust(options, limit, report, &plan))
        return false;
    *ret_plan = plan;
    return true;
}
