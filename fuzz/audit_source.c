// SPDX-License-Identifier: 0BSD
// Source files of any bytes are looked at line by line; git's list of files too.

#include "../tools/audit/source_git.h"
#include "../tools/audit/source_lint.h"
#include "audit_feed.h"
#include "feed.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"configure", "CMakeLists.txt", "meson.build",
                                        "x.m4", "notes.txt"};
    struct xz_audit audit;
    struct xz_git_tree tree = {0};
    char *text = xz_store_bytes(data, size);
    audit_feed_begin(&audit);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i)
        xz_source_lint(&audit, "fuzz", names[i], text, size);
    xz_source_lint_reads(&audit, "fuzz", text, "x.xz");
    (void)xz_git_tree_parse(text, size, &tree);
    (void)xz_git_tree_find(&tree, "configure");
    xz_git_tree_free(&tree);
    free(text);
    xz_audit_free(&audit);
    return 0;
}
