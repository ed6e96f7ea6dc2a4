// SPDX-License-Identifier: 0BSD
// Speed and size of all levels on a file of the user (--benchmark).

#ifndef XZ_CLI_BENCHMARK_H
#define XZ_CLI_BENCHMARK_H

#include "memory.h"
#include "options.h"

#include "../common/report.h"

/*
 * Compress and decompress a file in memory, with each level and with one and with all
 * threads, compare the result with the file, and print a line for each. Levels or
 * filters, and a number of threads, that the user gave are the only ones. NULL is
 * standard input. What goes wrong is in the report.
 */
void xz_benchmark_file(const struct xz_options *options, const struct xz_limits *limits,
                       struct xz_report *report, const char *name);

#endif
