// SPDX-License-Identifier: 0BSD
// Versions of packages: their order, and whether one is meant by a list of a rule.

#ifndef XZ_AUDIT_PKG_VERSION_H
#define XZ_AUDIT_PKG_VERSION_H

#include "store.h"

/*
 * Order of two versions: below, equal to or above 0. "dpkg": Debian Policy 5.6.12;
 * other systems: the order of rpm, which apk's and pacman's follow for what occurs
 * here. Epochs must have been left out.
 */
int xz_version_compare(const char *system, const char *a, const char *b);

/*
 * True if a version is meant by one of the words: exact, a glob with '*', >=V, <=V, or
 * a range A..B with both ends. An epoch ("1:") does not count.
 */
bool xz_version_listed(const char *system, const struct xz_words *words,
                       const char *version);

#endif
