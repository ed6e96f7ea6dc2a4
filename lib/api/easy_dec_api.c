// SPDX-License-Identifier: 0BSD
// Exported: what decoding files of a preset takes.

#include "base/platform.h"
#include "format/preset.h"
#include "stream/chain.h"

extern LZMA_API(uint64_t) lzma_easy_decoder_memusage(uint32_t preset)
{
    lzma_options_lzma options;
    if (!xz_lzma_preset(preset, &options))
        return UINT64_MAX;
    const lzma_filter filters[2] = {
        {.id = LZMA_FILTER_LZMA2, .options = &options},
        {.id = LZMA_VLI_UNKNOWN, .options = NULL},
    };
    return xz_chain_memusage(&xz_chain_decoders, filters) + XZ_MEMUSAGE_BASE;
}
