// SPDX-License-Identifier: 0BSD
// Several files at once, each on a thread of its own, with output in order.

#ifndef XZ_CLI_BATCH_H
#define XZ_CLI_BATCH_H

#include "names.h"
#include "run.h"

/*
 * Work on all files, in threads where that is faster. Messages and standard output are
 * the same, in the same order, as if one file were done after the other by `run`, which
 * has been initialized and does the files that take several threads themselves.
 */
void xz_batch_files(struct xz_run *run, struct xz_names *names);

/* Pure: how many files can be worked on at once; 1: batches would not help. */
unsigned xz_batch_workers(const struct xz_options *options,
                          const struct xz_limits *limits, const struct xz_plan *plan);

#endif
