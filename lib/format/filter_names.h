// SPDX-License-Identifier: 0BSD
// Names of filters, their options and the values of these in filter strings.

#ifndef XZ_FORMAT_FILTER_NAMES_H
#define XZ_FORMAT_FILTER_NAMES_H

#include "base/platform.h"
#include <lzma.h>

#define XZ_FILTER_NAME_SIZE 12

/* What the text of an option stands for. All but presets are uint32_t or enum members
   of the options struct. */
enum xz_option_kind {
    XZ_OPTION_NUMBER, // decimal
    XZ_OPTION_SIZE,   // decimal, KiB, MiB or GiB may follow
    XZ_OPTION_CHOICE, // one of the names in choices
    XZ_OPTION_PRESET, // sets all members of lzma_options_lzma
};

struct xz_option_choice {
    char name[XZ_FILTER_NAME_SIZE]; // "" ends a list
    uint32_t value;
};

struct xz_option_name {
    char name[XZ_FILTER_NAME_SIZE];
    uint8_t kind;
    bool is_hidden_if_zero; // not printed when 0
    uint16_t offset;        // of the member in the options struct
    uint32_t min;           // numbers and sizes
    uint32_t max;
    const struct xz_option_choice *choices;
};

struct xz_filter_name {
    char name[XZ_FILTER_NAME_SIZE];
    lzma_vli id;
    bool is_lzma;          // lzma_options_lzma; last in a chain, and only there
    bool is_in_xz;         // allowed in .xz files
    bool needs_options;    // lzma_filter.options must not be NULL
    uint8_t option_count;  // all can be given
    uint8_t encoder_count; // the first so many matter to the encoder
    uint8_t decoder_count; // the first so many matter to the decoder
    const struct xz_option_name *options;
};

/* In the order in which they are listed. */
#define XZ_FILTER_NAME_COUNT 11
extern const struct xz_filter_name xz_filter_names[XZ_FILTER_NAME_COUNT];

/* The member that option stands for, in a struct of options. */
uint32_t xz_option_get(const struct xz_option_name *option, const void *options);
void xz_option_set(const struct xz_option_name *option, void *options, uint32_t value);

#endif
