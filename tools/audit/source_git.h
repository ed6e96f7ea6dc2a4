// SPDX-License-Identifier: 0BSD
// What a git repository has under a tag: paths and the ids of their contents.

#ifndef XZ_AUDIT_SOURCE_GIT_H
#define XZ_AUDIT_SOURCE_GIT_H

#include "audit.h"

/* A file of the repository. */
struct xz_git_file {
    char *path;
    char id[XZ_DIGEST_HEX];
    bool met; // the release has it
};

struct xz_git_tree {
    struct xz_git_file *files; // by path
    size_t count;
    size_t room;
    enum xz_digest_kind kind; // of the ids
};

/*
 * Ask git for the tree of a tag, commit or tree. The only program that xz-audit runs,
 * on a repository that the user named; before the sandbox. False, with a gap, on
 * failure.
 */
bool xz_git_tree_read(struct xz_audit *audit, const char *repository, const char *tag,
                      struct xz_git_tree *ret);

/* Parse what `git ls-tree -r -z` prints; false if it is something else. */
bool xz_git_tree_parse(const char *text, size_t size, struct xz_git_tree *ret);

/* The file of that path, or NULL. */
struct xz_git_file *xz_git_tree_find(const struct xz_git_tree *tree, const char *path);

void xz_git_tree_free(struct xz_git_tree *tree);

#endif
