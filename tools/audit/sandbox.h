// SPDX-License-Identifier: 0BSD
// Takes away from this process what an audit does not need, before it reads anything.

#ifndef XZ_AUDIT_SANDBOX_H
#define XZ_AUDIT_SANDBOX_H

#include "store.h"

/* What holds the process now. */
enum xz_sandbox {
    XZ_SANDBOX_NONE,
    XZ_SANDBOX_LANDLOCK,
    XZ_SANDBOX_SECCOMP,
    XZ_SANDBOX_BOTH
};

/*
 * From here on: only files at and below `paths` can be opened, for reading; nothing is
 * created or executed, no network, no other process touched. Standard streams and what
 * is open stay. `memory` is a limit in bytes, 0 for none. What the kernel lacks is left
 * out; the caller decides whether the rest will do.
 */
enum xz_sandbox xz_sandbox_enter(const struct xz_words *paths, uint64_t memory);

const char *xz_sandbox_name(enum xz_sandbox sandbox);

#endif
