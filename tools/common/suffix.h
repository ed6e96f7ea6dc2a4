// SPDX-License-Identifier: 0BSD
// Names of target files from names of source files.

#ifndef XZ_TOOLS_SUFFIX_H
#define XZ_TOOLS_SUFFIX_H

#include <stdbool.h>

enum xz_suffix_set {
    XZ_SUFFIX_XZ = 1,   // .xz .txz
    XZ_SUFFIX_LZMA = 2, // .lzma .tlz
    XZ_SUFFIX_LZIP = 4  // .lz
};

/*
 * The name without its suffix, one of the `known` sets or `custom` (NULL if there is
 * none); .txz and .tlz become .tar. NULL if there is no such suffix, or no name before
 * it, or no memory (errno is ENOMEM then, 0 otherwise). The caller frees it.
 */
char *xz_suffix_remove(const char *name, unsigned known, const char *custom);

/* The name with `suffix` behind it; NULL without memory. The caller frees it. */
char *xz_suffix_append(const char *name, const char *suffix);

/* "directory/name", with a slash between; NULL without memory. The caller frees it. */
char *xz_name_join(const char *directory, const char *name);

/* The suffix of `known` or `custom` that the name has already, or NULL. */
const char *xz_suffix_find(const char *name, unsigned known, const char *custom);

/* True if this can be a suffix: not empty, no directory in it. */
bool xz_suffix_is_valid(const char *suffix);

#endif
