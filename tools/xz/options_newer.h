// SPDX-License-Identifier: 0BSD
// The options that XZ Utils does not have.

#ifndef XZ_CLI_OPTIONS_NEWER_H
#define XZ_CLI_OPTIONS_NEWER_H

#include "options.h"

#include "../common/argscan.h"

/* Their long names, for xz_argscan.newer. */
extern const struct xz_arg_def xz_newer_options[];

/* The least of their ids that is no letter */
#define XZ_NEWER_FIRST 1000

/* True if the id is one of theirs. */
bool xz_newer_is(int id);

/* True if it is that of --json. */
bool xz_newer_is_json(int id);

/* Apply one; value as from xz_argscan_next(). False: `error` has the reason. */
bool xz_newer_apply(struct xz_options *options, int id, const char *value,
                    char error[XZ_OPTIONS_ERROR_SIZE]);

/* What follows from them, and what they forbid. False: `error` has the reason. */
bool xz_newer_settle(struct xz_options *options, char error[XZ_OPTIONS_ERROR_SIZE]);

#endif
