// SPDX-License-Identifier: 0BSD
// Reads the manifest that assemble.py writes.

#include "vector_manifest.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The columns, in order. */
enum column {
    COLUMN_NAME,
    COLUMN_ENTRY,
    COLUMN_FLAGS,
    COLUMN_MEMLIMIT,
    COLUMN_CHAIN,
    COLUMN_OPTIONS,
    COLUMN_RET,
    COLUMN_EVENTS,
    COLUMN_MODE,
    COLUMN_USED,
    COLUMN_TRUNCATION,
    COLUMN_SINCE,
    COLUMN_QUIRK,
    COLUMN_INPUT,
    COLUMN_OUTPUT,
    COLUMN_COUNT
};

static const char *const ret_names[] = {
    "OK",        "STREAM_END",     "NO_CHECK",     "UNSUPPORTED_CHECK", "GET_CHECK",
    "MEM_ERROR", "MEMLIMIT_ERROR", "FORMAT_ERROR", "OPTIONS_ERROR",     "DATA_ERROR",
    "BUF_ERROR", "PROG_ERROR",     "SEEK_NEEDED",
};

enum { RET_COUNT = sizeof(ret_names) / sizeof(ret_names[0]) };

_Noreturn void vector_die(const char *what, const char *detail)
{
    fprintf(stderr, "vector_runner: %s: %s\n", what, detail);
    exit(2);
}

void *vector_alloc(size_t size)
{
    void *mem = calloc(1, size > 0 ? size : 1);
    if (mem == NULL) {
        vector_die("no memory", "calloc");
    }
    return mem;
}

const char *vector_ret_name(lzma_ret ret)
{
    return (unsigned)ret < RET_COUNT ? ret_names[ret] : "a result that does not exist";
}

static lzma_ret ret_of(const char *name)
{
    for (unsigned i = 0; i < RET_COUNT; ++i) {
        if (strcmp(ret_names[i], name) == 0) {
            return (lzma_ret)i;
        }
    }
    vector_die("there is no result", name);
}

static uint8_t *read_file(const char *dir, const char *name, size_t *ret_size)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        vector_die("cannot read", path);
    }
    const long size = ftell(file);
    uint8_t *data = vector_alloc((size_t)size);
    rewind(file);
    if (size < 0 || fread(data, 1, (size_t)size, file) != (size_t)size) {
        vector_die("cannot read", path);
    }
    fclose(file);
    *ret_size = (size_t)size;
    return data;
}

// ---------------------------------------------------------------------------------
// Values

/* Integers, plain or with K, M, G (KiB, MiB, GiB) behind them. */
static uint64_t number_of(const char *text)
{
    char *end;
    const uint64_t value = strtoull(text, &end, 0);
    switch (*end) {
    case 'K':
        return value << 10;
    case 'M':
        return value << 20;
    case 'G':
        return value << 30;
    default:
        return value;
    }
}

/* The text behind "key=" in "key=value,key=value", or NULL. */
static const char *find(const char *list, const char *key)
{
    const size_t length = strlen(key);
    while (list != NULL) {
        if (strncmp(list, key, length) == 0 && list[length] == '=') {
            return list + length + 1;
        }
        list = strchr(list, ',');
        list = list == NULL ? NULL : list + 1;
    }
    return NULL;
}

static uint64_t number_in(const char *list, const char *key, uint64_t otherwise)
{
    const char *text = find(list, key);
    return text == NULL ? otherwise : number_of(text);
}

uint64_t vector_option(const struct vector *v, const char *key, uint64_t otherwise)
{
    return number_in(v->options, key, otherwise);
}

/* "tell-no-check" and so on, or a number. */
static uint32_t flag_of(const char *name)
{
    static const struct {
        const char *name;
        uint32_t flag;
    } table[] = {
        {"tell-no-check", LZMA_TELL_NO_CHECK},
        {"tell-unsupported-check", LZMA_TELL_UNSUPPORTED_CHECK},
        {"tell-any-check", LZMA_TELL_ANY_CHECK},
        {"concatenated", LZMA_CONCATENATED},
        {"ignore-check", LZMA_IGNORE_CHECK},
        {"fail-fast", LZMA_FAIL_FAST},
    };
    for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); ++i) {
        if (strcmp(table[i].name, name) == 0) {
            return table[i].flag;
        }
    }
    return (uint32_t)strtoul(name, NULL, 0);
}

/* "5.6" as lzma_version_number() would say it. */
static uint32_t version_of(const char *text)
{
    char *end;
    const uint32_t major = (uint32_t)strtoul(text, &end, 10);
    const uint32_t minor = *end == '.' ? (uint32_t)strtoul(end + 1, NULL, 10) : 0;
    return major * 10000000 + minor * 10000;
}

// ---------------------------------------------------------------------------------
// Filter chains: "x86:start=16 lzma2:dict=4KiB"

static lzma_vli filter_id(const char *name)
{
    static const struct {
        const char *name;
        lzma_vli id;
    } table[] = {
        {"delta", LZMA_FILTER_DELTA},
        {"x86", LZMA_FILTER_X86},
        {"powerpc", LZMA_FILTER_POWERPC},
        {"ia64", LZMA_FILTER_IA64},
        {"arm", LZMA_FILTER_ARM},
        {"armthumb", LZMA_FILTER_ARMTHUMB},
        {"sparc", LZMA_FILTER_SPARC},
        {"arm64", LZMA_FILTER_ARM64},
        {"riscv", 0x0B}, // LZMA_FILTER_RISCV is missing in older headers
        {"lzma2", LZMA_FILTER_LZMA2},
        {"lzma1", LZMA_FILTER_LZMA1},
        {"lzma1ext", LZMA_FILTER_LZMA1EXT},
    };
    for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); ++i) {
        if (strcmp(table[i].name, name) == 0) {
            return table[i].id;
        }
    }
    return strtoull(name + 2, NULL, 0); // "id0x22"
}

static void fill_lzma(struct vector *v, const char *text, const char *dir)
{
    lzma_options_lzma *lzma = &v->lzma;
    lzma->dict_size = (uint32_t)number_in(text, "dict", UINT64_C(1) << 23);
    lzma->lc = (uint32_t)number_in(text, "lc", LZMA_LC_DEFAULT);
    lzma->lp = (uint32_t)number_in(text, "lp", LZMA_LP_DEFAULT);
    lzma->pb = (uint32_t)number_in(text, "pb", LZMA_PB_DEFAULT);
    lzma->mode = LZMA_MODE_NORMAL;
    lzma->nice_len = 64;
    lzma->mf = LZMA_MF_BT4;
    lzma->ext_flags = (uint32_t)vector_option(v, "ext-eopm", 0);
    lzma_set_ext_size(*lzma, vector_option(v, "ext-size", UINT64_MAX));
    const char *preset = find(v->options, "preset");
    if (preset != NULL) {
        char name[256];
        size_t size;
        snprintf(name, sizeof(name), "%.*s", (int)strcspn(preset, ","), preset);
        v->preset = read_file(dir, name, &size);
        lzma->preset_dict = v->preset;
        lzma->preset_dict_size = (uint32_t)size;
    }
}

static void fill_chain(struct vector *v, char *text, const char *dir)
{
    size_t count = 0;
    char *save = NULL;
    for (char *name = strtok_r(text, " ", &save); name != NULL;
         name = strtok_r(NULL, " ", &save)) {
        if (count == VECTOR_FILTERS_MAX - 1) {
            vector_die("too many filters", v->name);
        }
        char *options = strchr(name, ':');
        if (options != NULL) {
            *options++ = '\0';
        }
        lzma_filter *filter = &v->filters[count];
        filter->id = filter_id(name);
        if (strncmp(name, "lzma", 4) == 0) {
            fill_lzma(v, options, dir);
            filter->options = &v->lzma;
        } else if (filter->id == LZMA_FILTER_DELTA) {
            v->deltas[count].dist = (uint32_t)number_in(options, "dist", 1);
            filter->options = &v->deltas[count];
        } else {
            v->starts[count].start_offset = (uint32_t)number_in(options, "start", 0);
            filter->options = &v->starts[count];
        }
        ++count;
    }
    v->filters[count].id = LZMA_VLI_UNKNOWN;
}

// ---------------------------------------------------------------------------------
// Lines

static void split(char *line, char *columns[COLUMN_COUNT])
{
    for (unsigned i = 0; i < COLUMN_COUNT; ++i) {
        columns[i] = line;
        line += strcspn(line, "\t\n");
        if ((*line == '\t') != (i < COLUMN_COUNT - 1)) {
            vector_die("a line of the manifest has too few or many columns",
                       columns[0]);
        }
        if (*line != '\0') {
            *line++ = '\0';
        }
    }
}

static void fill_expectation(struct vector *v, char *columns[COLUMN_COUNT])
{
    const char *mode = columns[COLUMN_MODE];
    v->ret = ret_of(columns[COLUMN_RET]);
    v->mode = strcmp(mode, "exact") == 0    ? VECTOR_EXACT
              : strcmp(mode, "prefix") == 0 ? VECTOR_PREFIX
                                            : VECTOR_ANY;
    v->is_used_known = strcmp(columns[COLUMN_USED], "-") != 0;
    v->used = number_of(columns[COLUMN_USED]);
    v->is_cut_freely = strcmp(columns[COLUMN_TRUNCATION], "free") == 0;
    v->since = version_of(columns[COLUMN_SINCE]);
    v->has_split_quirk = strcmp(columns[COLUMN_QUIRK], "split") == 0;
    if (strcmp(columns[COLUMN_EVENTS], "-") == 0) {
        return;
    }
    char *save = NULL;
    for (char *name = strtok_r(columns[COLUMN_EVENTS], ",", &save);
         name != NULL && v->event_count < VECTOR_EVENTS_MAX;
         name = strtok_r(NULL, ",", &save)) {
        v->events[v->event_count++] = ret_of(name);
    }
}

struct vector *vector_read(const char *line, const char *dir)
{
    char *columns[COLUMN_COUNT];
    if (line[0] == '#' || line[0] == '\n') {
        return NULL;
    }
    struct vector *v = vector_alloc(sizeof(*v));
    v->line = vector_alloc(strlen(line) + 1);
    memcpy(v->line, line, strlen(line));
    split(v->line, columns);

    v->name = columns[COLUMN_NAME];
    v->entry = columns[COLUMN_ENTRY];
    v->options = columns[COLUMN_OPTIONS];
    v->memlimit = UINT64_MAX;
    if (strcmp(columns[COLUMN_MEMLIMIT], "max") != 0) {
        v->memlimit = number_of(columns[COLUMN_MEMLIMIT]);
    }
    char *save = NULL;
    for (char *name = strtok_r(columns[COLUMN_FLAGS], ",", &save); name != NULL;
         name = strtok_r(NULL, ",", &save)) {
        v->flags |= flag_of(name);
    }
    v->filters[0].id = LZMA_VLI_UNKNOWN;
    if (strcmp(columns[COLUMN_CHAIN], "-") != 0) {
        fill_chain(v, columns[COLUMN_CHAIN], dir);
    }
    fill_expectation(v, columns);
    v->in = read_file(dir, columns[COLUMN_INPUT], &v->in_size);
    v->out = read_file(dir, columns[COLUMN_OUTPUT], &v->out_size);
    return v;
}

void vector_free(struct vector *v)
{
    free(v->preset);
    free(v->in);
    free(v->out);
    free(v->line);
    free(v);
}
