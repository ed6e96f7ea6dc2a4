// SPDX-License-Identifier: 0BSD
// A rules file of any bytes is taken as a whole, or refused with a line that says why.

#include "../tools/audit/selftest.h"
#include "feed.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xz_rule_set set = {0};
    struct xz_text error = {0};
    const bool good = xz_rules_add(&set, "fuzz", (const char *)data, size, &error)
                      && xz_rules_settle(&set, &error);
    FUZZ_MUST(good == (error.size == 0));
    FUZZ_MUST(good || strncmp(error.data, "fuzz:", 5) == 0);
    if (good && set.count < 16)
        xz_selftest(&set, &error); // may fail, must end
    xz_text_free(&error);
    xz_rules_free(&set);
    return 0;
}
