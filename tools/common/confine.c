// SPDX-License-Identifier: 0BSD
// Says in words which sandbox holds.

#include "system.h"

#include "confine.h"

#include <stdio.h>

void xz_confine_describe(struct xz_confine *confine, const char *why)
{
    static const char *const rights[] = {
        "files can be read, made and removed",
        "files can be read",
        "no file can be opened",
    };
    const char *also =
        confine->seccomp ? "seccomp (no programs, no sockets)" : "no seccomp";
    if (confine->landlock > 0)
        snprintf(confine->text, sizeof(confine->text),
                 "Sandbox: Landlock version %d (%s), %s", confine->landlock,
                 rights[confine->stage], also);
    else
        snprintf(confine->text, sizeof(confine->text), "Sandbox: %s%s (%s)",
                 confine->seccomp ? "" : "none, ", also, why);
}
