// SPDX-License-Identifier: 0BSD
// Explains the structure of ELF files to people, and compares two builds.

#ifndef XZ_AUDIT_ELF_EXPLAIN_H
#define XZ_AUDIT_ELF_EXPLAIN_H

#include "audit.h"

#include <stdio.h>

/* A table of what the file says of itself, each with what it means. */
void xz_elf_explain(struct xz_audit *audit, const char *path, FILE *out);

/* The same for two files side by side; lines that differ are marked. */
void xz_elf_compare(struct xz_audit *audit, const char *path_a, const char *path_b,
                    FILE *out);

#endif
