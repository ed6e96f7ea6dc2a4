// SPDX-License-Identifier: 0BSD
// Writing filter strings, and listing what can be written in them.
//
//     flags                       a chain is printed as
//     (none)                      delta lzma2
//     LZMA_STR_DECODER            delta:dist=4 lzma2:dict=8MiB
//     ... LZMA_STR_GETOPT_LONG    --delta=dist=4 --lzma2=dict=8MiB
//     ... LZMA_STR_NO_SPACES      delta:dist=4--lzma2:dict=8MiB
//     LZMA_STR_ENCODER            also the options of the encoder: mode, nice, mf ...
//
//     flags                       a filter is listed as
//     (none)                      lzma2
//     LZMA_STR_DECODER            lzma2:preset=<0-9[e]>,dict=<4KiB-1536MiB>
//
// A preset is not found again: the options that it stood for are printed. Both jobs
// write into one buffer of a fixed size, which is what the caller gets.

#include "base/alloc.h"
#include "base/try.h"
#include "format/filter_names.h"
#include "format/filter_string.h"
#include <string.h>

/* The longest text, the list of all filters and options, is below 700 characters. */
#define TEXT_SIZE 800

/* Text in the making. What does not fit is left out; size then tells. */
struct text {
    char *chars; // TEXT_SIZE
    size_t size; // without the final NUL
};

static lzma_ret text_init(struct text *text, const lzma_allocator *allocator)
{
    text->size = 0;
    text->chars = xz_alloc(TEXT_SIZE, allocator);
    return text->chars == NULL ? LZMA_MEM_ERROR : LZMA_OK;
}

/* Hands the text over; on failure frees it. */
static lzma_ret text_finish(struct text *text, lzma_ret ret,
                            const lzma_allocator *allocator, char **ret_str)
{
    if (ret == LZMA_OK && text->size >= TEXT_SIZE)
        ret = LZMA_PROG_ERROR;
    if (ret != LZMA_OK) {
        xz_free(text->chars, allocator);
        return ret;
    }
    text->chars[text->size] = '\0';
    *ret_str = text->chars;
    return LZMA_OK;
}

static void add(struct text *text, const char *str)
{
    for (; *str != '\0'; ++str) {
        if (text->size < TEXT_SIZE)
            text->chars[text->size++] = *str;
    }
}

/* Adds a number; as_size: in KiB, MiB or GiB if it is a multiple. */
static void add_number(struct text *text, uint32_t value, bool as_size)
{
    static const char *const suffixes[] = {"", "KiB", "MiB", "GiB"};
    char digits[11];
    char *p = digits + sizeof(digits) - 1;
    unsigned suffix = 0;
    if (as_size && value > 0) {
        for (; value % 1024 == 0 && suffix < 3; value /= 1024)
            ++suffix;
    }
    *p = '\0';
    do {
        *--p = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    add(text, p);
    add(text, suffixes[suffix]);
}

/* The names of a filter, or NULL. */
static const struct xz_filter_name *find_id(lzma_vli id)
{
    for (size_t i = 0; i < XZ_FILTER_NAME_COUNT; ++i) {
        if (xz_filter_names[i].id == id)
            return &xz_filter_names[i];
    }
    return NULL;
}

/* How many options of a filter flags ask for; encoders need the most. */
static size_t wanted_count(const struct xz_filter_name *name, uint32_t flags)
{
    if ((flags & LZMA_STR_ENCODER) != 0)
        return name->encoder_count;
    return (flags & LZMA_STR_DECODER) != 0 ? name->decoder_count : 0;
}

/* What stands between a filter's name and its options. */
static const char *name_end(uint32_t flags)
{
    return (flags & LZMA_STR_GETOPT_LONG) != 0 ? "=" : ":";
}

/* ---- Printing a chain ---- */

/* Adds the name of a value. */
static void add_choice(struct text *text, const struct xz_option_choice *choice,
                       uint32_t value)
{
    for (; choice->name[0] != '\0'; ++choice) {
        if (choice->value == value) {
            add(text, choice->name);
            return;
        }
    }
    add(text, "UNKNOWN");
}

/* Adds the options that flags ask for. */
static void add_options(struct text *text, const struct xz_filter_name *name,
                        const void *options, uint32_t flags)
{
    const char *before = name_end(flags);
    for (size_t i = 0; i < wanted_count(name, flags); ++i) {
        const struct xz_option_name *option = &name->options[i];
        if (option->kind == XZ_OPTION_PRESET)
            continue;
        const uint32_t value = xz_option_get(option, options);
        if (value == 0 && option->is_hidden_if_zero)
            continue;
        add(text, before);
        add(text, option->name);
        add(text, "=");
        if (option->kind == XZ_OPTION_CHOICE)
            add_choice(text, option->choices, value);
        else
            add_number(text, value, option->kind == XZ_OPTION_SIZE);
        before = ",";
    }
}

/* Adds names and options of the filters. Options that are not asked for are not looked
   at: they may be missing. */
static lzma_ret add_chain(struct text *text, const lzma_filter *filters, uint32_t flags)
{
    for (size_t i = 0; filters[i].id != LZMA_VLI_UNKNOWN; ++i) {
        const struct xz_filter_name *name = find_id(filters[i].id);
        if (i == LZMA_FILTERS_MAX || name == NULL)
            return LZMA_OPTIONS_ERROR;
        if (i > 0 && (flags & LZMA_STR_NO_SPACES) == 0)
            add(text, " ");
        if ((flags & LZMA_STR_GETOPT_LONG) != 0
            || (i > 0 && (flags & LZMA_STR_NO_SPACES) != 0))
            add(text, "--");
        add(text, name->name);
        if (wanted_count(name, flags) == 0)
            continue;
        if (filters[i].options != NULL)
            add_options(text, name, filters[i].options, flags);
        else if (name->needs_options)
            return LZMA_OPTIONS_ERROR;
    }
    return LZMA_OK;
}

lzma_ret xz_filter_string_print(const lzma_filter *filters, uint32_t flags,
                                const lzma_allocator *allocator, char **ret_str)
{
    const uint32_t known =
        LZMA_STR_ENCODER | LZMA_STR_DECODER | LZMA_STR_GETOPT_LONG | LZMA_STR_NO_SPACES;
    if ((flags & ~known) != 0 || filters[0].id == LZMA_VLI_UNKNOWN)
        return LZMA_OPTIONS_ERROR;
    struct text text;
    XZ_TRY(text_init(&text, allocator));
    return text_finish(&text, add_chain(&text, filters, flags), allocator, ret_str);
}

/* ---- Listing what there is ---- */

/* Adds the values that an option takes, in angle brackets. */
static void list_values(struct text *text, const struct xz_option_name *option)
{
    const struct xz_option_choice *choice = option->choices;
    add(text, "<");
    switch (option->kind) {
    case XZ_OPTION_PRESET:
        add(text, "0-9[e]");
        break;
    case XZ_OPTION_CHOICE:
        for (; choice->name[0] != '\0'; ++choice) {
            add(text, choice == option->choices ? "" : "|");
            add(text, choice->name);
        }
        break;
    default:
        add_number(text, option->min, option->kind == XZ_OPTION_SIZE);
        add(text, "-");
        add_number(text, option->max, option->kind == XZ_OPTION_SIZE);
    }
    add(text, ">");
}

/* Adds one filter with what can be given to it. */
static void list_filter(struct text *text, const struct xz_filter_name *name,
                        uint32_t flags)
{
    if ((flags & LZMA_STR_GETOPT_LONG) != 0)
        add(text, "--");
    add(text, name->name);
    for (size_t i = 0; i < wanted_count(name, flags); ++i) {
        add(text, i == 0 ? name_end(flags) : ",");
        add(text, name->options[i].name);
        add(text, "=");
        list_values(text, &name->options[i]);
    }
}

lzma_ret xz_filter_string_list(lzma_vli id, uint32_t flags,
                               const lzma_allocator *allocator, char **ret_str)
{
    const uint32_t known = LZMA_STR_ALL_FILTERS | LZMA_STR_ENCODER | LZMA_STR_DECODER
                           | LZMA_STR_GETOPT_LONG;
    if ((flags & ~known) != 0 || (id != LZMA_VLI_UNKNOWN && find_id(id) == NULL))
        return LZMA_OPTIONS_ERROR;
    struct text text;
    XZ_TRY(text_init(&text, allocator));
    const bool with_options = (flags & (LZMA_STR_ENCODER | LZMA_STR_DECODER)) != 0;
    const bool all_filters = (flags & LZMA_STR_ALL_FILTERS) != 0;
    /* A filter asked for by its ID is listed even if .xz cannot hold it. */
    for (size_t i = 0; i < XZ_FILTER_NAME_COUNT; ++i) {
        const struct xz_filter_name *name = &xz_filter_names[i];
        const bool is_wanted =
            id == LZMA_VLI_UNKNOWN ? name->is_in_xz || all_filters : name->id == id;
        if (!is_wanted)
            continue;
        if (text.size > 0)
            add(&text, with_options ? "\n" : " ");
        list_filter(&text, name, flags);
    }
    return text_finish(&text, LZMA_OK, allocator, ret_str);
}
