// SPDX-License-Identifier: 0BSD
// A filter string that is accepted, written and read again is the same chain.

#include "feed.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_feed feed = {data, size};
    const uint32_t flags = fuzz_take(&feed, 4);
    char *text = malloc(feed.size + 1);
    FUZZ_MUST(text != NULL);
    if (feed.size > 0)
        memcpy(text, feed.data, feed.size);
    text[feed.size] = '\0';

    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    int place = -1;
    const char *error = lzma_str_to_filters(text, &place, filters, flags, NULL);
    FUZZ_MUST(place >= 0 && (size_t)place <= strlen(text));
    if (error == NULL) {
        char *first = NULL;
        char *second = NULL;
        FUZZ_MUST(lzma_str_from_filters(&first, filters, LZMA_STR_ENCODER, NULL)
                  == LZMA_OK);
        lzma_filters_free(filters, NULL);
        FUZZ_MUST(lzma_str_to_filters(first, &place, filters, flags, NULL) == NULL);
        FUZZ_MUST(lzma_str_from_filters(&second, filters, LZMA_STR_ENCODER, NULL)
                  == LZMA_OK);
        FUZZ_MUST(strcmp(first, second) == 0);
        lzma_filters_free(filters, NULL);
        free(first);
        free(second);
    }
    free(text);
    return 0;
}
