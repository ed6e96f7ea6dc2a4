// SPDX-License-Identifier: 0BSD
// Reading filter strings.
//
//     string  = SP* ( preset SP* | chain SP* )
//     preset  = ["-"] DIGIT "e"*                   one LZMA2 filter
//     chain   = filter ( ( SP+ | "--" ) filter )*  up to four
//     filter  = ["--"] name [ ( ":" | "=" ) options ]
//     options = [ name "=" value ] ( "," [ name "=" value ] )*
//
// Each filter's text is found first: it goes up to a space, to two dashes or to the
// end, whatever is in it. Within it the name goes up to the first colon or equals sign,
// and each option up to a comma. So an error never runs on into the next filter.
//
// Options start from the defaults of the filter and are applied from left to right; a
// preset among them sets all of them anew. lc + lp is judged when all have been read.
//
//     "x86  lzma2:lc=4,lp=1"          position 20: the sum of lc and lp
//     "lzma2:dict=1MiX"               position 12: the suffix
//     "lzma2:dict=5000000000"         position 11: the value
//     "lzma2:size=1"                  position  6: the option
//
// Every function moves reader.pos; when it fails, pos is at what is wrong. The messages
// are part of the interface: programs translate them.

#include "base/alloc.h"
#include "format/filter_flags.h"
#include "format/filter_names.h"
#include "format/filter_string.h"
#include "format/filters.h"
#include "format/preset.h"
#include <string.h>

struct reader {
    const char *pos;
    const lzma_allocator *allocator;
    uint32_t flags;
};

/* A piece of the string: [start, end). */
struct piece {
    const char *start;
    const char *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Texts here are a few characters long, so that loops do as well as strlen() and its
   kin, which would be four more names for the loader to look up in every program. */
static bool piece_is(struct piece piece, const char *name)
{
    const char *p = piece.start;
    while (p < piece.end && *p == *name) {
        ++p;
        ++name;
    }
    return p == piece.end && *name == '\0';
}

/* First c in [start, end), or end. */
static const char *find_char(const char *start, const char *end, char c)
{
    while (start < end && *start != c)
        ++start;
    return start;
}

static void skip_spaces(struct reader *reader)
{
    while (*reader->pos == ' ')
        ++reader->pos;
}

/* Reads a preset up to end; there is at least one character. Whatever stands in place
   of the digit makes a level that does not exist. */
static const char *parse_preset(struct reader *reader, const char *end,
                                lzma_options_lzma *options)
{
    if (!is_digit(*reader->pos))
        return "Unsupported preset";
    uint32_t preset = (uint32_t)(*reader->pos - '0');
    while (++reader->pos < end) {
        if (*reader->pos != 'e')
            return "Unsupported flag in the preset";
        preset |= LZMA_PRESET_EXTREME;
    }
    return xz_lzma_preset(preset, options) ? NULL : "Unsupported preset";
}

/* Multiplies *value, 32 bits, by what the suffix says: k, M or G of either case, then
   nothing, i, B or iB. False if it is no suffix. */
static bool apply_suffix(struct piece suffix, uint64_t *value)
{
    unsigned shift;
    switch (*suffix.start) {
    case 'k':
    case 'K':
        shift = 10;
        break;
    case 'm':
    case 'M':
        shift = 20;
        break;
    case 'g':
    case 'G':
        shift = 30;
        break;
    default:
        return false;
    }
    const struct piece rest = {suffix.start + 1, suffix.end};
    if (!piece_is(rest, "") && !piece_is(rest, "i") && !piece_is(rest, "B")
        && !piece_is(rest, "iB"))
        return false;
    *value <<= shift;
    return true;
}

/* Reads a number or a size. */
static const char *parse_number(struct reader *reader, const char *end,
                                const struct xz_option_name *option, void *options)
{
    const char *start = reader->pos;
    uint64_t value = 0;
    if (!is_digit(*start))
        return "Value is not a non-negative decimal integer";
    /* No member is wider than 32 bits. Stopping there keeps the product with a suffix
       below 2^62. */
    const char *p = start;
    for (; p < end && is_digit(*p); ++p) {
        value = value * 10 + (uint64_t)(*p - '0');
        if (value > UINT32_MAX)
            return "Value out of range";
    }
    if (p < end) {
        const struct piece suffix = {p, end};
        reader->pos = p; // what is wrong with a suffix is there
        if (option->kind != XZ_OPTION_SIZE)
            return "This option does not support any multiplier suffixes";
        if (!apply_suffix(suffix, &value))
            return "Invalid multiplier suffix (KiB, MiB, or GiB)";
        reader->pos = start;
    }
    if (value < option->min || value > option->max)
        return "Value out of range";
    xz_option_set(option, options, (uint32_t)value);
    reader->pos = end;
    return NULL;
}

/* Reads the name of a value. */
static const char *parse_choice(struct reader *reader, const char *end,
                                const struct xz_option_name *option, void *options)
{
    const struct piece value = {reader->pos, end};
    const struct xz_option_choice *choice = option->choices;
    while (!piece_is(value, choice->name)) {
        ++choice;
        if (choice->name[0] == '\0')
            return "Invalid option value";
    }
    xz_option_set(option, options, choice->value);
    reader->pos = end;
    return NULL;
}

/* Reads name=value, [reader->pos, end). */
static const char *parse_option(struct reader *reader, const char *end,
                                const struct xz_filter_name *filter, void *options)
{
    const struct piece name = {reader->pos, find_char(reader->pos, end, '=')};
    if (name.end == end || name.end == name.start)
        return "Options must be 'name=value' pairs separated with commas";
    const struct xz_option_name *option = filter->options;
    while (!piece_is(name, option->name)) {
        if (++option == filter->options + filter->option_count)
            return "Unknown option name";
    }
    reader->pos = name.end + 1;
    if (reader->pos == end)
        return "Option value cannot be empty";
    switch (option->kind) {
    case XZ_OPTION_PRESET:
        return parse_preset(reader, end, options);
    case XZ_OPTION_CHOICE:
        return parse_choice(reader, end, option, options);
    default:
        return parse_number(reader, end, option, options);
    }
}

/* Reads the options of one filter, up to end, into options that hold the defaults. */
static const char *parse_options(struct reader *reader, const char *end,
                                 const struct xz_filter_name *filter, void *options)
{
    while (reader->pos < end) {
        if (*reader->pos == ',') {
            ++reader->pos;
            continue;
        }
        const char *option_end = find_char(reader->pos, end, ',');
        const char *message = parse_option(reader, option_end, filter, options);
        if (message != NULL)
            return message;
    }
    if (!filter->is_lzma)
        return NULL;
    const lzma_options_lzma *lzma = options;
    return lzma->lc + lzma->lp > LZMA_LCLP_MAX
               ? "The sum of lc and lp must not exceed 4"
               : NULL;
}

/* What options are where the string says nothing: preset 6, or the least value. */
static void set_defaults(const struct xz_filter_name *filter, void *options)
{
    if (filter->is_lzma)
        xz_lzma_preset(LZMA_PRESET_DEFAULT, options);
    else
        xz_option_set(filter->options, options, filter->options->min);
}

/* The piece of one filter: up to a space, two dashes or the end. */
static const char *find_filter_end(const char *start)
{
    const char *end = start;
    while (*end != '\0' && *end != ' ' && !(end[0] == '-' && end[1] == '-'))
        ++end;
    return end;
}

/* Finds the filter called name, or the message that says why not. */
static const char *find_filter(struct piece name, uint32_t flags,
                               const struct xz_filter_name **ret_filter)
{
    const struct xz_filter_name *filter = xz_filter_names;
    while (!piece_is(name, filter->name)) {
        if (++filter == xz_filter_names + XZ_FILTER_NAME_COUNT)
            return "Unknown filter name";
    }
    if (!filter->is_in_xz && (flags & LZMA_STR_ALL_FILTERS) == 0)
        return "This filter cannot be used in the .xz format";
    *ret_filter = filter;
    return NULL;
}

/* Reads one filter. On failure nothing stays allocated. */
static const char *parse_filter(struct reader *reader, lzma_filter *ret_filter)
{
    const char *end = find_filter_end(reader->pos);
    if (end == reader->pos)
        return "Filter name is missing";
    const char *colon = find_char(reader->pos, end, ':');
    const struct piece name = {reader->pos, find_char(reader->pos, colon, '=')};
    const struct xz_filter_name *filter;
    const char *message = find_filter(name, reader->flags, &filter);
    if (message != NULL)
        return message;
    void *options =
        xz_alloc_zero(xz_filter_options_size(filter->id), reader->allocator);
    if (options == NULL)
        return "Memory allocation failed";
    set_defaults(filter, options);
    reader->pos = name.end < end ? name.end + 1 : end;
    message = parse_options(reader, end, filter, options);
    if (message != NULL) {
        xz_free(options, reader->allocator);
        return message;
    }
    ret_filter->id = filter->id;
    ret_filter->options = options;
    return NULL;
}

/* The basic rule for chains: one of the LZMA filters is last, and only there. */
static bool is_chain_valid(const lzma_filter *filters, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        const bool is_lzma =
            filters[i].id == LZMA_FILTER_LZMA2 || filters[i].id == LZMA_FILTER_LZMA1;
        if (is_lzma != (i + 1 == count))
            return false;
    }
    return true;
}

/* Reads filters into filters[0..3], which are end marks before. On failure those that
   were read stay. */
static const char *parse_chain(struct reader *reader, lzma_filter *filters)
{
    size_t count = 0;
    do {
        if (count == LZMA_FILTERS_MAX)
            return "The maximum number of filters is four";
        if (reader->pos[0] == '-' && reader->pos[1] == '-')
            reader->pos += 2;
        const char *message = parse_filter(reader, &filters[count]);
        if (message != NULL)
            return message;
        ++count;
        skip_spaces(reader);
    } while (*reader->pos != '\0');
    if ((reader->flags & LZMA_STR_NO_VALIDATION) == 0
        && !is_chain_valid(filters, count))
        return "Invalid filter chain ('lzma2' missing at the end?)";
    return NULL;
}

/* Reads a string that is one preset. On failure nothing stays allocated. */
static const char *parse_preset_string(struct reader *reader, lzma_filter *filters)
{
    if (*reader->pos == '-')
        ++reader->pos;
    /* Nothing but spaces may follow; a preset is no member of a chain. */
    const char *end = reader->pos;
    while (*end != ' ' && *end != '\0')
        ++end;
    struct reader rest = {.pos = end};
    skip_spaces(&rest);
    if (*rest.pos != '\0')
        return "Unsupported preset";
    lzma_options_lzma options;
    const char *message = parse_preset(reader, end, &options);
    if (message != NULL)
        return message;
    filters[0].options = xz_alloc(sizeof(options), reader->allocator);
    if (filters[0].options == NULL)
        return "Memory allocation failed";
    memcpy(filters[0].options, &options, sizeof(options));
    filters[0].id = LZMA_FILTER_LZMA2;
    return NULL;
}

static const char *parse_string(struct reader *reader, lzma_filter *filters)
{
    skip_spaces(reader);
    const char *p = reader->pos;
    if (*p == '\0')
        return "Empty string is not allowed, try '6' if a default value is needed";
    if (is_digit(*p) || (*p == '-' && is_digit(p[1])))
        return parse_preset_string(reader, filters);
    return parse_chain(reader, filters);
}

const char *xz_filter_string_parse(const char *str, uint32_t flags,
                                   const lzma_allocator *allocator,
                                   lzma_filter *ret_filters, size_t *ret_pos)
{
    if ((flags & ~(LZMA_STR_ALL_FILTERS | LZMA_STR_NO_VALIDATION)) != 0) {
        *ret_pos = 0;
        return "Unsupported flags to lzma_str_to_filters()";
    }
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    for (size_t i = 0; i <= LZMA_FILTERS_MAX; ++i) {
        filters[i].id = LZMA_VLI_UNKNOWN;
        filters[i].options = NULL;
    }
    struct reader reader = {str, allocator, flags};
    const char *message = parse_string(&reader, filters);
    *ret_pos = (size_t)(reader.pos - str);
    if (message != NULL)
        xz_filters_free(filters, allocator);
    else
        memcpy(ret_filters, filters, sizeof(filters));
    return message;
}
