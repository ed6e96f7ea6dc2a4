// SPDX-License-Identifier: 0BSD
// Any text of options is taken or refused with a reason, and twice the same.

#include "../tools/xz/options.h"
#include "feed.h"
#include <stdlib.h>
#include <string.h>

static bool parse(const char *text, char error[XZ_OPTIONS_ERROR_SIZE],
                  uint64_t ret_values[5])
{
    static struct xz_options options;
    memset(error, 0, XZ_OPTIONS_ERROR_SIZE);
    xz_options_init(&options, "xz");
    const bool good = xz_options_parse_env(&options, text, error)
                      && xz_options_settle(&options, error);
    FUZZ_MUST(good == (error[0] == '\0'));
    FUZZ_MUST(memchr(error, '\0', XZ_OPTIONS_ERROR_SIZE) != NULL);
    ret_values[0] = options.preset;
    ret_values[1] = options.threads;
    ret_values[2] = options.block_count;
    ret_values[3] = options.block_size;
    ret_values[4] = options.check;
    xz_options_free(&options);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    FUZZ_MUST(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    char errors[2][XZ_OPTIONS_ERROR_SIZE];
    uint64_t values[2][5];
    const bool first = parse(text, errors[0], values[0]);
    FUZZ_MUST(parse(text, errors[1], values[1]) == first);
    FUZZ_MUST(memcmp(errors[0], errors[1], sizeof(errors[0])) == 0);
    FUZZ_MUST(!first || memcmp(values[0], values[1], sizeof(values[0])) == 0);
    free(text);
    return 0;
}
