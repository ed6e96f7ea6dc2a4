// SPDX-License-Identifier: 0BSD
// What an audit tells: for people, as JSON, SARIF, and CycloneDX VEX.

#ifndef XZ_AUDIT_AUDIT_REPORT_H
#define XZ_AUDIT_AUDIT_REPORT_H

#include "audit.h"

#include <stdio.h>

#define XZ_AUDIT_VERSION "1.0"

/* Findings worst first, then all lists by object: the same input, the same report. */
void xz_audit_sort(struct xz_audit *audit);

/* For people. Every text that came from outside is masked. */
void xz_report_people(const struct xz_audit *audit, FILE *out, bool verbose);

/*
 * JSON as in docs/audit-schema.json, SARIF 2.1.0, or a CycloneDX 1.5 document with an
 * analysis of CVE-2024-3094. `host` names the machine, or is empty.
 */
void xz_report_json(const struct xz_audit *audit, const char *host,
                    struct xz_text *out);
void xz_report_sarif(const struct xz_audit *audit, struct xz_text *out);
void xz_report_vex(const struct xz_audit *audit, const char *host, struct xz_text *out);

#endif
