// SPDX-License-Identifier: 0BSD
// Whether two names are for one and the same file, which need not exist.

#ifndef XZ_CLI_PLACE_H
#define XZ_CLI_PLACE_H

#include <stdbool.h>

/*
 * True if the last parts of both names are equal and their directories are the same one
 * now, however they are spelled. Letters of both cases count as equal, and bytes that
 * are not ASCII are left out, since file systems differ in which of them they take for
 * one; so it may also be true for two files. False if a name is NULL.
 */
bool xz_place_same(const char *a, const char *b);

#endif
