// SPDX-License-Identifier: 0BSD
// Parses filters and their options, and checks the chains that they make.

#include "../common/system.h"

#include "options_chain.h"

#include "../common/units.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A word that stands for a number in an option */
struct word {
    const char *name;
    uint64_t value;
};

static const struct word modes[] = {
    {"fast", LZMA_MODE_FAST}, {"normal", LZMA_MODE_NORMAL}, {NULL, 0}};

static const struct word match_finders[] = {{"hc3", LZMA_MF_HC3}, {"hc4", LZMA_MF_HC4},
                                            {"bt2", LZMA_MF_BT2}, {"bt3", LZMA_MF_BT3},
                                            {"bt4", LZMA_MF_BT4}, {NULL, 0}};

enum key { DICT, LC, LP, PB, MODE, NICE, MF, DEPTH, PRESET, START, DIST };

/* One option of a filter: a number in a range, or one of some words */
struct filter_option {
    const char *name;
    enum key key;
    uint64_t min, max;
    const struct word *words;
};

/* The encoder's window is limited to 1.5 GiB. */
#define DICT_SIZE_MAX ((UINT64_C(1) << 30) + (UINT64_C(1) << 29))

static const struct filter_option lzma_options[] = {
    {"preset", PRESET, 0, 0, NULL},
    {"dict", DICT, LZMA_DICT_SIZE_MIN, DICT_SIZE_MAX, NULL},
    {"lc", LC, LZMA_LCLP_MIN, LZMA_LCLP_MAX, NULL},
    {"lp", LP, LZMA_LCLP_MIN, LZMA_LCLP_MAX, NULL},
    {"pb", PB, LZMA_PB_MIN, LZMA_PB_MAX, NULL},
    {"mode", MODE, 0, 0, modes},
    {"nice", NICE, 2, 273, NULL},
    {"mf", MF, 0, 0, match_finders},
    {"depth", DEPTH, 0, UINT32_MAX, NULL},
    {NULL, DICT, 0, 0, NULL},
};

static const struct filter_option bcj_options[] = {
    {"start", START, 0, UINT32_MAX, NULL}, {NULL, DICT, 0, 0, NULL}};

static const struct filter_option delta_options[] = {{"dist", DIST, 1, 256, NULL},
                                                     {NULL, DICT, 0, 0, NULL}};

/* What the options of the supported filters are collected in */
union filter_values {
    lzma_options_lzma lzma;
    lzma_options_bcj bcj;
    lzma_options_delta delta;
};

static bool is_lzma(lzma_vli id)
{
    return id == LZMA_FILTER_LZMA1 || id == LZMA_FILTER_LZMA2;
}

/* preset=LEVEL[e]: replaces everything set so far. */
static bool set_preset(union filter_values *values, const char *text)
{
    if (text[0] < '0' || text[0] > '9')
        return false;
    uint32_t preset = (uint32_t)(text[0] - '0');
    for (const char *flag = text + 1; *flag != '\0'; flag++) {
        if (*flag != 'e')
            return false;
        preset |= LZMA_PRESET_EXTREME;
    }
    return !lzma_lzma_preset(&values->lzma, preset);
}

/* The value has been checked; it fits. */
static void set_value(union filter_values *values, enum key key, uint64_t value)
{
    uint32_t v = (uint32_t)value;
    switch (key) {
    case DICT:
        values->lzma.dict_size = v;
        break;
    case LC:
        values->lzma.lc = v;
        break;
    case LP:
        values->lzma.lp = v;
        break;
    case PB:
        values->lzma.pb = v;
        break;
    case MODE:
        values->lzma.mode = (lzma_mode)v;
        break;
    case NICE:
        values->lzma.nice_len = v;
        break;
    case MF:
        values->lzma.mf = (lzma_match_finder)v;
        break;
    case DEPTH:
        values->lzma.depth = v;
        break;
    case START:
        values->bcj.start_offset = v;
        break;
    case DIST:
        values->delta.dist = v;
        break;
    case PRESET: // see set_preset()
        break;
    }
}

/* One of the words that an option knows. */
static bool find_word(const struct word *words, const char *name, uint64_t *ret_value)
{
    for (; words->name != NULL; words++) {
        if (strcmp(words->name, name) == 0) {
            *ret_value = words->value;
            return true;
        }
    }
    return false;
}

/* Apply "name=value", which is cut at the '='. */
static bool apply_pair(union filter_values *values, const struct filter_option *known,
                       char *pair, char error[XZ_OPTIONS_ERROR_SIZE])
{
    char *text = strchr(pair, '=');
    if (text == NULL || text[1] == '\0') {
        snprintf(error, XZ_OPTIONS_ERROR_SIZE,
                 "%s: options must be name=value pairs separated with commas", pair);
        return false;
    }
    *text++ = '\0';
    while (known->name != NULL && strcmp(known->name, pair) != 0)
        known++;
    if (known->name == NULL) {
        snprintf(error, XZ_OPTIONS_ERROR_SIZE, "%s: unknown option of the filter",
                 pair);
        return false;
    }
    uint64_t value = 0;
    const char *why = NULL;
    if (known->key == PRESET)
        why = set_preset(values, text) ? NULL : "not a preset; 0 to 9 and 0e to 9e are";
    else if (known->words != NULL)
        why = find_word(known->words, text, &value) ? NULL : "unknown value";
    else
        why = xz_number_parse(text, known->min, known->max, &value);
    if (why == NULL) {
        set_value(values, known->key, value);
        return true;
    }
    snprintf(error, XZ_OPTIONS_ERROR_SIZE, "%s=%s: %s", pair, text, why);
    if (known->max > 0) {
        size_t used = strlen(error);
        snprintf(error + used, XZ_OPTIONS_ERROR_SIZE - used,
                 " (it must be %" PRIu64 " to %" PRIu64 ")", known->min, known->max);
    }
    return false;
}

/* Apply all pairs of a comma separated list. */
static bool apply_list(union filter_values *values, const struct filter_option *known,
                       const char *text, char error[XZ_OPTIONS_ERROR_SIZE])
{
    char *copy = malloc(strlen(text) + 1);
    if (copy == NULL) {
        snprintf(error, XZ_OPTIONS_ERROR_SIZE, "out of memory");
        return false;
    }
    strcpy(copy, text);
    bool good = true;
    for (char *pair = copy; good && pair != NULL;) {
        char *next = strchr(pair, ',');
        if (next != NULL)
            *next++ = '\0';
        if (*pair != '\0')
            good = apply_pair(values, known, pair, error);
        pair = next;
    }
    free(copy);
    return good;
}

/* Put a filter at the end of the chain, with a copy of its options. */
static bool append(struct xz_chain *chain, lzma_vli id, const void *values, size_t size,
                   char error[XZ_OPTIONS_ERROR_SIZE])
{
    if (chain->count == LZMA_FILTERS_MAX) {
        snprintf(error, XZ_OPTIONS_ERROR_SIZE, "a chain has at most four filters");
        return false;
    }
    void *copy = malloc(size);
    if (copy == NULL) {
        snprintf(error, XZ_OPTIONS_ERROR_SIZE, "out of memory");
        return false;
    }
    memcpy(copy, values, size);
    chain->filters[chain->count].id = id;
    chain->filters[chain->count].options = copy;
    chain->count++;
    chain->filters[chain->count].id = LZMA_VLI_UNKNOWN;
    chain->filters[chain->count].options = NULL;
    return true;
}

/* LZMA options start from preset 6, as without any option. */
bool xz_chain_append(struct xz_chain *chain, lzma_vli id, const char *text,
                     char error[XZ_OPTIONS_ERROR_SIZE])
{
    union filter_values values;
    memset(&values, 0, sizeof(values));
    const struct filter_option *known = bcj_options;
    size_t size = sizeof(values.bcj);
    if (is_lzma(id)) {
        known = lzma_options;
        size = sizeof(values.lzma);
        if (lzma_lzma_preset(&values.lzma, LZMA_PRESET_DEFAULT)) {
            snprintf(error, XZ_OPTIONS_ERROR_SIZE, "the library has no presets");
            return false;
        }
    } else if (id == LZMA_FILTER_DELTA) {
        known = delta_options;
        size = sizeof(values.delta);
        values.delta.type = LZMA_DELTA_TYPE_BYTE;
        values.delta.dist = LZMA_DELTA_DIST_MIN;
    }
    if (text != NULL && !apply_list(&values, known, text, error))
        return false;
    if (is_lzma(id) && values.lzma.lc + values.lzma.lp > LZMA_LCLP_MAX) {
        snprintf(error, XZ_OPTIONS_ERROR_SIZE,
                 "the sum of lc and lp must not exceed 4");
        return false;
    }
    return append(chain, id, &values, size, error);
}

/* The string is parsed by the library, which also says where it went wrong. */
bool xz_chain_from_string(struct xz_chain *chain, const char *option, const char *text,
                          char error[XZ_OPTIONS_ERROR_SIZE])
{
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    int pos = 0;
    const char *why =
        lzma_str_to_filters(text, &pos, filters, LZMA_STR_ALL_FILTERS, NULL);
    if (why != NULL) {
        snprintf(error, XZ_OPTIONS_ERROR_SIZE, "--%s=%s: at position %d: %s", option,
                 text, pos + 1, why);
        return false;
    }
    xz_chain_clear(chain);
    memcpy(chain->filters, filters, sizeof(filters));
    while (chain->count < LZMA_FILTERS_MAX
           && filters[chain->count].id != LZMA_VLI_UNKNOWN)
        chain->count++;
    return true;
}

bool xz_chain_from_preset(struct xz_chain *chain, uint32_t preset, lzma_vli id,
                          char error[XZ_OPTIONS_ERROR_SIZE])
{
    lzma_options_lzma values;
    memset(&values, 0, sizeof(values));
    if (lzma_lzma_preset(&values, preset)) {
        snprintf(error, XZ_OPTIONS_ERROR_SIZE, "the library lacks the preset");
        return false;
    }
    xz_chain_clear(chain);
    return append(chain, id, &values, sizeof(values), error);
}

/* Asking for the memory usage is how the library tells whether a chain is possible. */
bool xz_chain_check(const struct xz_chain *chain, enum xz_format format, bool encode,
                    char error[XZ_OPTIONS_ERROR_SIZE])
{
    const char *why = NULL;
    uint64_t memory = encode ? lzma_raw_encoder_memusage(chain->filters)
                             : lzma_raw_decoder_memusage(chain->filters);
    if (format == XZ_FORMAT_LZMA
        && (chain->count != 1 || chain->filters[0].id != LZMA_FILTER_LZMA1))
        why = "The .lzma format supports only the LZMA1 filter";
    for (size_t i = 0; why == NULL && i < chain->count; i++)
        if (format == XZ_FORMAT_XZ && chain->filters[i].id == LZMA_FILTER_LZMA1)
            why = "LZMA1 cannot be used with the .xz format";
    if (why == NULL && memory == UINT64_MAX)
        why = "Unsupported filter chain or filter options";
    if (why != NULL)
        snprintf(error, XZ_OPTIONS_ERROR_SIZE, "%s", why);
    return why == NULL;
}

void xz_chain_clear(struct xz_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++)
        free(chain->filters[i].options);
    chain->count = 0;
    chain->filters[0].id = LZMA_VLI_UNKNOWN;
    chain->filters[0].options = NULL;
}
