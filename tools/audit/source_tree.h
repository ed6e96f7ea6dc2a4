// SPDX-License-Identifier: 0BSD
// A source tree or release tarball: every file, then what only all of them tell.

#ifndef XZ_AUDIT_SOURCE_TREE_H
#define XZ_AUDIT_SOURCE_TREE_H

#include "source_git.h"

/*
 * Look at a folder or a tarball. With a tree of git, every file is compared with it;
 * NULL means there is none.
 */
void xz_source_audit(struct xz_audit *audit, const char *path, struct xz_git_tree *git);

/* An object file, and all sources: a finding if none of these makes it. */
void xz_source_judge_object(struct xz_audit *audit, const char *object,
                            const char *name, const struct xz_words *sources);

#endif
