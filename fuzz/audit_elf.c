// SPDX-License-Identifier: 0BSD
// An ELF file of any bytes: xz-audit reads nothing outside of it, and says what it left
// out.

#include "../tools/audit/scan.h"
#include "audit_feed.h"
#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xz_audit audit;
    audit_feed_begin(&audit);
    audit.explain = true;
    xz_scan_elf(&audit, "fuzz", data, size);
    FUZZ_MUST(xz_elf_is(data, size) || audit.gap_count > 0);
    xz_audit_free(&audit);
    return 0;
}
