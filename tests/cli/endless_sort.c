// SPDX-License-Identifier: 0BSD
// A sort that never ends: long_work.sh links it into xz for xz_suffix_sort().

#include <unistd.h>

void __wrap_xz_suffix_sort(void);

/* The arguments do not matter. */
void __wrap_xz_suffix_sort(void)
{
    static const char told[] = "sorting\n";
    ssize_t ignored = write(STDERR_FILENO, told, sizeof(told) - 1);
    (void)ignored;
    for (;;)
        pause(); // a handler of a signal ends one of them
}
