// SPDX-License-Identifier: 0BSD
// What harnesses of xz-audit share: an audit with the rules that are built in.

#ifndef FUZZ_AUDIT_FEED_H
#define FUZZ_AUDIT_FEED_H

#include "../tools/audit/audit.h"

/* Begin an audit; free it with xz_audit_free(). The rules are loaded once. */
void audit_feed_begin(struct xz_audit *audit);

#endif
