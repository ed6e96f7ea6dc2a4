// SPDX-License-Identifier: 0BSD
// Presets: what the levels 0 to 9 and "extreme" stand for.

#ifndef XZ_FORMAT_PRESET_H
#define XZ_FORMAT_PRESET_H

#include "base/platform.h"
#include <lzma.h>

/* Fills ret_options for a preset: level 0 to 9, LZMA_PRESET_EXTREME may be added.
   Members that the presets do not speak of are zero, ext_size included. Returns false,
   ret_options untouched, for any other value. */
bool xz_lzma_preset(uint32_t preset, lzma_options_lzma *ret_options);

#endif
