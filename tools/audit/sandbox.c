// SPDX-License-Identifier: 0BSD
// The words for what holds the process, on every system.

#include "../common/system.h"

#include "sandbox.h"

const char *xz_sandbox_name(enum xz_sandbox sandbox)
{
    static const char *const names[] = {"none", "landlock", "seccomp",
                                        "landlock and seccomp"};
    return names[sandbox];
}
