// SPDX-License-Identifier: 0BSD
// The encoders' side of filter chains: the table of filters that can be written.

#include "lzma/lzma_enc.h"
#include "stream/filter_list.h"

/* LZMA1EXT differs from LZMA1 in that its caller says how long the data is, and so
   whether an end marker is needed: plain LZMA1 always gets one. */
static lzma_ret lzma1_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_filter *filter)
{
    const struct xz_lzma1_finish finish = {.marker = true, .out_limit = UINT64_MAX};
    return xz_lzma1_enc_open(slot, allocator, filter->options, &finish);
}

static lzma_ret lzma1ext_open(struct xz_coder **slot, const lzma_allocator *allocator,
                              const lzma_filter *filter)
{
    const lzma_options_lzma *options = filter->options;
    if (options == NULL)
        return LZMA_PROG_ERROR;
    if ((options->ext_flags & ~(uint32_t)LZMA_LZMA1EXT_ALLOW_EOPM) != 0)
        return LZMA_OPTIONS_ERROR;
    const bool marker = (options->ext_flags & LZMA_LZMA1EXT_ALLOW_EOPM) != 0;
    const struct xz_lzma1_finish finish = {.marker = marker, .out_limit = UINT64_MAX};
    return xz_lzma1_enc_open(slot, allocator, options, &finish);
}

static lzma_ret lzma2_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_filter *filter)
{
    return xz_lzma2_enc_open(slot, allocator, filter->options);
}

static uint64_t lzma1_memusage(const void *options)
{
    return xz_lzma1_enc_memusage(options);
}

static uint64_t lzma2_memusage(const void *options)
{
    return xz_lzma2_enc_memusage(options);
}

/* clang-format off */
static const struct xz_filter_entry entries[] = {
    /* id                   open              memusage            last */
    {LZMA_FILTER_LZMA1,     lzma1_open,       lzma1_memusage,     true},
    {LZMA_FILTER_LZMA1EXT,  lzma1ext_open,    lzma1_memusage,     true},
    {LZMA_FILTER_LZMA2,     lzma2_open,       lzma2_memusage,     true},
    {LZMA_FILTER_DELTA,     xz_delta_enc_open, xz_delta_memusage, false},
    {LZMA_FILTER_X86,       xz_bcj_enc_open,  xz_bcj_memusage,    false},
    {LZMA_FILTER_POWERPC,   xz_bcj_enc_open,  xz_bcj_memusage,    false},
    {LZMA_FILTER_IA64,      xz_bcj_enc_open,  xz_bcj_memusage,    false},
    {LZMA_FILTER_ARM,       xz_bcj_enc_open,  xz_bcj_memusage,    false},
    {LZMA_FILTER_ARMTHUMB,  xz_bcj_enc_open,  xz_bcj_memusage,    false},
    {LZMA_FILTER_SPARC,     xz_bcj_enc_open,  xz_bcj_memusage,    false},
    {LZMA_FILTER_ARM64,     xz_bcj_enc_open,  xz_bcj_memusage,    false},
    {LZMA_FILTER_RISCV,     xz_bcj_enc_open,  xz_bcj_memusage,    false},
};
/* clang-format on */

const struct xz_chain_side xz_chain_encoders = {
    .entries = entries,
    .entry_count = sizeof(entries) / sizeof(entries[0]),
    .last_filter_first = true,
};
