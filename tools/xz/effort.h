// SPDX-License-Identifier: 0BSD
// --effort=max: filters chosen by trial for each part of a file.

#ifndef XZ_CLI_EFFORT_H
#define XZ_CLI_EFFORT_H

#include "options.h"

/*
 * Fill the chains behind the first one with those that are worth a trial: the first
 * one's LZMA2 options, other lc, lp and pb, and filters before them. False: `error` has
 * the reason.
 */
bool xz_effort_make_chains(struct xz_options *options,
                           char error[XZ_OPTIONS_ERROR_SIZE]);

/*
 * Try the chains on what is left of a regular file from its current offset on, without
 * moving that. Returns the list of Blocks, whose last entry goes on to the end, and its
 * length; the caller frees it. NULL, and 0, when the file cannot be read, memory is
 * short, or a signal has come: then there is nothing better than the first chain.
 */
struct xz_block_entry *xz_effort_plan(const struct xz_options *options, int fd,
                                      size_t *ret_count);

#endif
