// SPDX-License-Identifier: 0BSD
// Many reports of many hosts as one table, for a terminal or as a web page.

#ifndef XZ_AUDIT_SUMMARY_H
#define XZ_AUDIT_SUMMARY_H

#include "audit.h"

#include <stdio.h>

/* What one report says. All texts are owned. */
struct xz_summary_row {
    char *file;
    char *host;
    char *subject;
    enum xz_verdict verdict;
    bool complete;
    uint64_t files;           // looked at
    uint64_t gaps;            // entries of not_looked_at
    struct xz_words rules;    // ids of findings above info, each once
    struct xz_words objects;  // of the worst findings, at most 5
    struct xz_words versions; // of libraries and packages, each once
};

struct xz_summary {
    struct xz_summary_row *rows; // worst first
    size_t count;
    size_t room;
    struct xz_words broken; // files that are no reports, with the reason
    size_t verdicts[XZ_VERDICT_MANIPULATED + 1];
};

/* Read reports from files, or from all *.json of a folder. */
void xz_summary_read(struct xz_summary *summary, struct xz_audit *audit,
                     const struct xz_words *paths);

/* Add one report; false if the text is none. */
bool xz_summary_add(struct xz_summary *summary, const char *file, const char *text,
                    size_t size);

void xz_summary_sort(struct xz_summary *summary);
void xz_summary_table(const struct xz_summary *summary, FILE *out);
void xz_summary_html(const struct xz_summary *summary, struct xz_text *out);

/* The worst of all; 3 if a file could not be read and nothing is worse. */
int xz_summary_exit_status(const struct xz_summary *summary);

void xz_summary_free(struct xz_summary *summary);

#endif
