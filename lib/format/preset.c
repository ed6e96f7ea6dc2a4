// SPDX-License-Identifier: 0BSD
// Presets as a table: users compare sizes and memory use by level, so these are fixed.
//
// The dictionary decides how much memory decoding takes; it grows from level to level.
// Levels 0 to 3 search hash chains and take what they find; from 4 on binary trees are
// searched and the prices of alternatives compared. "Extreme" spends time, never more
// memory for the decoder: it looks harder with the same dictionary.

#include "format/preset.h"

#define KIB(n) (UINT32_C(n) << 10)
#define MIB(n) (UINT32_C(n) << 20)

/* How hard the encoder tries. */
struct effort {
    uint16_t nice_len;
    uint16_t depth; // 0: the encoder chooses by nice_len
    uint8_t mode;
    uint8_t mf;
};

/* clang-format off */
#define FAST_HC3 LZMA_MODE_FAST, LZMA_MF_HC3
#define FAST_HC4 LZMA_MODE_FAST, LZMA_MF_HC4
#define NORMAL   LZMA_MODE_NORMAL, LZMA_MF_BT4

static const struct {
    uint32_t dict_size;
    struct effort plain;
    struct effort extreme;
} levels[] = {
    {KIB(256), {128,  4, FAST_HC3}, {273, 512, NORMAL}},
    {MIB(1),   {128,  8, FAST_HC4}, {273, 512, NORMAL}},
    {MIB(2),   {273, 24, FAST_HC4}, {273, 512, NORMAL}},
    {MIB(4),   {273, 48, FAST_HC4}, {192,   0, NORMAL}},
    {MIB(4),   { 16,  0, NORMAL},   {273, 512, NORMAL}},
    {MIB(8),   { 32,  0, NORMAL},   {192,   0, NORMAL}},
    {MIB(8),   { 64,  0, NORMAL},   {273, 512, NORMAL}},
    {MIB(16),  { 64,  0, NORMAL},   {273, 512, NORMAL}},
    {MIB(32),  { 64,  0, NORMAL},   {273, 512, NORMAL}},
    {MIB(64),  { 64,  0, NORMAL},   {273, 512, NORMAL}},
};
/* clang-format on */

bool xz_lzma_preset(uint32_t preset, lzma_options_lzma *ret_options)
{
    /* Bits between level and flags are reserved. */
    const uint32_t level = preset & LZMA_PRESET_LEVEL_MASK;
    const uint32_t flags = preset & ~LZMA_PRESET_LEVEL_MASK;
    if (level >= sizeof(levels) / sizeof(levels[0])
        || (flags & ~LZMA_PRESET_EXTREME) != 0)
        return false;
    const struct effort *effort =
        flags != 0 ? &levels[level].extreme : &levels[level].plain;
    *ret_options = (lzma_options_lzma){
        .dict_size = levels[level].dict_size,
        .lc = LZMA_LC_DEFAULT,
        .lp = LZMA_LP_DEFAULT,
        .pb = LZMA_PB_DEFAULT,
        .mode = (lzma_mode)effort->mode,
        .nice_len = effort->nice_len,
        .mf = (lzma_match_finder)effort->mf,
        .depth = effort->depth,
    };
    return true;
}
