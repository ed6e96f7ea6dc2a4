// SPDX-License-Identifier: 0BSD
// Names of filters and options: one line each, for the parser and the printer alike.
//
// To add a filter: its line in xz_filter_names below, and those of its options if no
// other filter has the same. Options that the decoder needs come first, then those of
// the encoder.
//
// Limits here are those of encoders: dictionaries end at 1.5 GiB though files may ask
// for more, and lc + lp is limited by the parser. The limits are printed as part of the
// lists, so a change shows in the help text of programs.

#include "format/filter_names.h"
#include <string.h>

/* Enum members are read and written as uint32_t. */
_Static_assert(sizeof(lzma_mode) == sizeof(uint32_t), "an enum of 32 bits");
_Static_assert(sizeof(lzma_match_finder) == sizeof(uint32_t), "an enum of 32 bits");

/* clang-format off */
static const struct xz_option_choice modes[] = {
    {"fast",   LZMA_MODE_FAST},
    {"normal", LZMA_MODE_NORMAL},
    {"",       0},
};

static const struct xz_option_choice match_finders[] = {
    {"hc3", LZMA_MF_HC3},
    {"hc4", LZMA_MF_HC4},
    {"bt2", LZMA_MF_BT2},
    {"bt3", LZMA_MF_BT3},
    {"bt4", LZMA_MF_BT4},
    {"",    0},
};

#define NUMBER XZ_OPTION_NUMBER
#define SIZE   XZ_OPTION_SIZE
#define CHOICE XZ_OPTION_CHOICE
#define IN_LZMA(member)  offsetof(lzma_options_lzma, member)
#define IN_BCJ(member)   offsetof(lzma_options_bcj, member)
#define IN_DELTA(member) offsetof(lzma_options_delta, member)
#define DICT_MAX (UINT32_C(1536) << 20)

static const struct xz_option_name lzma_options[] = {
    {"preset", XZ_OPTION_PRESET, false, 0,       0, 0,           NULL},
    {"dict",   SIZE,   false, IN_LZMA(dict_size), LZMA_DICT_SIZE_MIN, DICT_MAX, NULL},
    {"lc",     NUMBER, false, IN_LZMA(lc),       0, 4,           NULL},
    {"lp",     NUMBER, false, IN_LZMA(lp),       0, 4,           NULL},
    {"pb",     NUMBER, false, IN_LZMA(pb),       0, 4,           NULL},
    {"mode",   CHOICE, false, IN_LZMA(mode),     0, 0,           modes},
    {"nice",   NUMBER, false, IN_LZMA(nice_len), 2, 273,         NULL},
    {"mf",     CHOICE, false, IN_LZMA(mf),       0, 0,           match_finders},
    {"depth",  NUMBER, false, IN_LZMA(depth),    0, UINT32_MAX,  NULL},
};

static const struct xz_option_name bcj_options[] = {
    {"start", SIZE, true, IN_BCJ(start_offset), 0, UINT32_MAX, NULL},
};

static const struct xz_option_name delta_options[] = {
    {"dist", NUMBER, false, IN_DELTA(dist), LZMA_DELTA_DIST_MIN, LZMA_DELTA_DIST_MAX,
     NULL},
};

/*                 is_lzma, is_in_xz, needs_options; options: all, encoder, decoder */
#define LZMA1_LIKE true,    false,    true,          9, 9, 5, lzma_options
#define LZMA2_LIKE true,    true,     true,          9, 9, 2, lzma_options
#define BCJ_LIKE   false,   true,     false,         1, 1, 1, bcj_options
#define DELTA_LIKE false,   true,     true,          1, 1, 1, delta_options

const struct xz_filter_name xz_filter_names[XZ_FILTER_NAME_COUNT] = {
    {"lzma1",    LZMA_FILTER_LZMA1,    LZMA1_LIKE},
    {"lzma2",    LZMA_FILTER_LZMA2,    LZMA2_LIKE},
    {"x86",      LZMA_FILTER_X86,      BCJ_LIKE},
    {"arm",      LZMA_FILTER_ARM,      BCJ_LIKE},
    {"armthumb", LZMA_FILTER_ARMTHUMB, BCJ_LIKE},
    {"arm64",    LZMA_FILTER_ARM64,    BCJ_LIKE},
    {"riscv",    LZMA_FILTER_RISCV,    BCJ_LIKE},
    {"powerpc",  LZMA_FILTER_POWERPC,  BCJ_LIKE},
    {"ia64",     LZMA_FILTER_IA64,     BCJ_LIKE},
    {"sparc",    LZMA_FILTER_SPARC,    BCJ_LIKE},
    {"delta",    LZMA_FILTER_DELTA,    DELTA_LIKE},
};
/* clang-format on */

uint32_t xz_option_get(const struct xz_option_name *option, const void *options)
{
    uint32_t value;
    memcpy(&value, (const char *)options + option->offset, sizeof(value));
    return value;
}

void xz_option_set(const struct xz_option_name *option, void *options, uint32_t value)
{
    memcpy((char *)options + option->offset, &value, sizeof(value));
}
