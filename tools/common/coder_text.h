// SPDX-License-Identifier: 0BSD
// What the library's return codes mean to people.

#ifndef XZ_TOOLS_CODER_TEXT_H
#define XZ_TOOLS_CODER_TEXT_H

#include <lzma.h>

/* A constant string without a full stop, for a message. */
const char *xz_coder_text(lzma_ret ret);

#endif
