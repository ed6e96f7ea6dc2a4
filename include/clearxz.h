/* SPDX-License-Identifier: 0BSD */
/* What ClearXZ offers beyond the interface of liblzma. */
/* clang-format off */

#ifndef CLEARXZ_H
#define CLEARXZ_H

#include <lzma.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ClearXZ's own version; LZMA_VERSION_STRING is that of the interface it provides. */
#define CLEARXZ_VERSION_STRING "0.1.0"

/*
 * The CLEARXZ_VERSION_STRING of the library that the program runs with.
 * Memory: a constant string; do not free it.
 * Threads: any.
 */
extern LZMA_API(const char *) clearxz_version(void)
    lzma_nothrow lzma_attr_const;

#ifdef __cplusplus
}
#endif

#endif
