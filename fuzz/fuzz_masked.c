// SPDX-License-Identifier: 0BSD
// A name or text from outside, as it is shown, has nothing that steers a terminal.

#include "../tools/common/report.h"
#include "feed.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    char *shown = NULL;
    size_t shown_size = 0;
    FILE *out = open_memstream(&shown, &shown_size);
    FUZZ_MUST(text != NULL && out != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    xz_put_masked(out, text);
    FUZZ_MUST(fclose(out) == 0);
    FUZZ_MUST(shown_size <= strlen(text));
    for (size_t i = 0; i < shown_size;) {
        const size_t character = xz_utf8_size(shown + i);
        FUZZ_MUST(character > 0 && i + character <= shown_size);
        FUZZ_MUST((unsigned char)shown[i] >= 0x20 && shown[i] != 0x7F);
        i += character;
    }
    free(text);
    free(shown);
    return 0;
}
