// SPDX-License-Identifier: 0BSD
// Exported: presets.

#include "format/preset.h"

/* True means failure here. */
extern LZMA_API(lzma_bool) lzma_lzma_preset(lzma_options_lzma *options, uint32_t preset)
{
    return options == NULL || !xz_lzma_preset(preset, options);
}
