// SPDX-License-Identifier: 0BSD
// An image of a file system or disk of any bytes: its files are looked at within the
// limits. Longer inputs than other harnesses have: the smallest images have 20 KiB.

#include "../tools/audit/scan.h"
#include "audit_feed.h"
#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xz_audit audit;
    audit_feed_begin(&audit);
    audit.limits.depth = 2;
    audit.limits.file_size = 1 << 20;
    audit.limits.total_size = 4 << 20;
    xz_audit_start(&audit, 20);
    xz_scan_object(&audit, "fuzz", data, size, 0);
    FUZZ_MUST(!audit.late);
    FUZZ_MUST(audit.unpacked <= (4 << 20) + (1 << 20));
    xz_audit_free(&audit);
    return 0;
}
