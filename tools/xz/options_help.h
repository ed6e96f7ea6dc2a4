// SPDX-License-Identifier: 0BSD
// Texts that the program prints about itself, on standard output.

#ifndef XZ_CLI_OPTIONS_HELP_H
#define XZ_CLI_OPTIONS_HELP_H

#include "memory.h"
#include "options.h"

#include <stdbool.h>

/* Print what options->action asks for; false on failure (of the library only). */
bool xz_help_print(const struct xz_options *options, const struct xz_limits *limits,
                   const struct xz_machine *machine, const char *program);

#endif
