// SPDX-License-Identifier: 0BSD
// The decoders' side of filter chains: the table of filters that can be read.

#include "lzma/lzma_dec.h"
#include "lzma/lzma_rules.h"
#include "stream/filter_list.h"

/* lc, lp and pb out of range are LZMA_PROG_ERROR here: raw LZMA1 has no header, so only
   the caller can have made them. */
static lzma_ret open_lzma1(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_options_lzma *options,
                           const struct xz_lzma1_end *end)
{
    if (options == NULL || !xz_lclppb_valid(options))
        return LZMA_PROG_ERROR;
    return xz_lzma1_dec_open(slot, allocator, options, end);
}

static lzma_ret lzma1_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_filter *filter)
{
    const struct xz_lzma1_end end = {.uncompressed_size = UINT64_MAX,
                                     .marker_allowed = true};
    return open_lzma1(slot, allocator, filter->options, &end);
}

/* LZMA1 whose container stores the size elsewhere. */
static lzma_ret lzma1ext_open(struct xz_coder **slot, const lzma_allocator *allocator,
                              const lzma_filter *filter)
{
    const lzma_options_lzma *options = filter->options;
    if (options == NULL)
        return LZMA_PROG_ERROR;
    if ((options->ext_flags & ~(uint32_t)LZMA_LZMA1EXT_ALLOW_EOPM) != 0)
        return LZMA_OPTIONS_ERROR;

    struct xz_lzma1_end end;
    end.uncompressed_size =
        options->ext_size_low | ((uint64_t)options->ext_size_high << 32);
    end.marker_allowed = (options->ext_flags & LZMA_LZMA1EXT_ALLOW_EOPM) != 0
                         || end.uncompressed_size == UINT64_MAX;
    return open_lzma1(slot, allocator, options, &end);
}

static lzma_ret lzma2_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_filter *filter)
{
    if (filter->options == NULL)
        return LZMA_PROG_ERROR;
    return xz_lzma2_dec_open(slot, allocator, filter->options);
}

static uint64_t lzma1_memusage(const void *options)
{
    return options == NULL || XZ_SMALL ? UINT64_MAX : xz_lzma1_dec_memusage(options);
}

static uint64_t lzma2_memusage(const void *options)
{
    return options == NULL ? UINT64_MAX : xz_lzma2_dec_memusage(options);
}

/* No .xz file has LZMA1. */
#define LZMA1(function) XZ_IF_WHOLE(function)

/* Searched from the first on. */
/* clang-format off */
static const struct xz_filter_entry entries[] = {
    /* id                   open               memusage           last */
    {LZMA_FILTER_LZMA2,     lzma2_open,        lzma2_memusage,    true},
    {LZMA_FILTER_LZMA1,     LZMA1(lzma1_open), lzma1_memusage,    true},
    {LZMA_FILTER_LZMA1EXT,  LZMA1(lzma1ext_open), lzma1_memusage, true},
    {LZMA_FILTER_DELTA,     xz_delta_dec_open, xz_delta_memusage, false},
    {LZMA_FILTER_X86,       xz_bcj_dec_open,   xz_bcj_memusage,   false},
    {LZMA_FILTER_POWERPC,   xz_bcj_dec_open,   xz_bcj_memusage,   false},
    {LZMA_FILTER_IA64,      xz_bcj_dec_open,   xz_bcj_memusage,   false},
    {LZMA_FILTER_ARM,       xz_bcj_dec_open,   xz_bcj_memusage,   false},
    {LZMA_FILTER_ARMTHUMB,  xz_bcj_dec_open,   xz_bcj_memusage,   false},
    {LZMA_FILTER_SPARC,     xz_bcj_dec_open,   xz_bcj_memusage,   false},
    {LZMA_FILTER_ARM64,     xz_bcj_dec_open,   xz_bcj_memusage,   false},
    {LZMA_FILTER_RISCV,     xz_bcj_dec_open,   xz_bcj_memusage,   false},
};
/* clang-format on */

const struct xz_chain_side xz_chain_decoders = {
    .entries = entries,
    .entry_count = sizeof(entries) / sizeof(entries[0]),
    .last_filter_first = false,
};
