// SPDX-License-Identifier: 0BSD
// The format of a file by its first bytes.

#ifndef XZ_CLI_DETECT_H
#define XZ_CLI_DETECT_H

#include "options.h"

#include <stddef.h>
#include <stdint.h>

/* First bytes that are enough to decide */
#define XZ_DETECT_SIZE 13

/*
 * The format, XZ_FORMAT_AUTO if it is none that is known. `size` is small at the end.
 */
enum xz_format xz_detect(const uint8_t *bytes, size_t size);

#endif
