// SPDX-License-Identifier: 0BSD
// JSON of any bytes: every value lies in the text; a report becomes a row of the
// summary.

#include "../tools/audit/json_read.h"
#include "../tools/audit/summary.h"
#include "feed.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xz_json_doc doc;
    struct xz_summary summary = {0};
    struct xz_text page = {0};
    if (xz_json_read(&doc, (const char *)data, size)) {
        for (size_t i = 0; i < doc.count; ++i) {
            const struct xz_json_value *value = &doc.values[i];
            FUZZ_MUST(value->start <= size && value->size <= size - value->start);
            FUZZ_MUST(value->child < doc.count && value->next < doc.count);
            FUZZ_MUST(value->next == 0 || value->next > i);
            free(xz_json_string(&doc, i));
        }
        xz_json_free(&doc);
    }
    if (xz_summary_add(&summary, "fuzz", (const char *)data, size))
        FUZZ_MUST(summary.count == 1);
    xz_summary_html(&summary, &page);
    xz_text_free(&page);
    xz_summary_free(&summary);
    return 0;
}
