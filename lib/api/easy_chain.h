// SPDX-License-Identifier: 0BSD
// A preset as a filter chain: LZMA2 alone.

#ifndef XZ_API_EASY_CHAIN_H
#define XZ_API_EASY_CHAIN_H

#include "format/preset.h"

struct xz_easy_chain {
    lzma_options_lzma lzma;
    lzma_filter filters[2]; // points into this struct
};

/* Fills in easy. LZMA_OPTIONS_ERROR: there is no such preset. */
static inline lzma_ret xz_easy_chain_init(struct xz_easy_chain *easy, uint32_t preset)
{
    if (!xz_lzma_preset(preset, &easy->lzma))
        return LZMA_OPTIONS_ERROR;
    easy->filters[0] = (lzma_filter){.id = LZMA_FILTER_LZMA2, .options = &easy->lzma};
    easy->filters[1] = (lzma_filter){.id = LZMA_VLI_UNKNOWN, .options = NULL};
    return LZMA_OK;
}

#endif
