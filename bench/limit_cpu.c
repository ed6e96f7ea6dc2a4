// SPDX-License-Identifier: 0BSD
// Linked with xz for bench/bench_paths.py: from the start, the library sees no more of
// the CPU's features than LIMIT.

#include "base/cpu.h"

__attribute__((__constructor__)) static void limit_cpu(void)
{
    xz_cpu_limit(LIMIT);
}
