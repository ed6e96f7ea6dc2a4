// SPDX-License-Identifier: 0BSD
// An archive, package or image of any bytes: its members are looked at within the
// limits.

#include "../tools/audit/scan.h"
#include "audit_feed.h"
#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xz_audit audit;
    audit_feed_begin(&audit);
    audit.limits.depth = 3;
    audit.limits.file_size = 1 << 20;
    audit.limits.total_size = 4 << 20;
    xz_scan_object(&audit, "fuzz", data, size, 0);
    FUZZ_MUST(audit.unpacked <= (4 << 20) + (1 << 20));
    xz_audit_free(&audit);
    return 0;
}
