// SPDX-License-Identifier: 0BSD
// Exported: what decoding files of a preset takes.

#include "api/easy_chain.h"
#include "stream/chain.h"

extern LZMA_API(uint64_t) lzma_easy_decoder_memusage(uint32_t preset)
{
    struct xz_easy_chain easy;
    if (xz_easy_chain_init(&easy, preset) != LZMA_OK)
        return UINT64_MAX;
    return xz_chain_memusage(&xz_chain_decoders, easy.filters) + XZ_MEMUSAGE_BASE;
}
