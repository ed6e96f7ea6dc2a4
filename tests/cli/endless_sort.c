// SPDX-License-Identifier: 0BSD
// A sort that never ends: long_work.sh links it into xz for xz_suffix_sort().

#include <stdint.h>
#include <unistd.h>

void __wrap_xz_suffix_sort(const uint8_t *text, uint32_t size, uint32_t depth,
                           uint32_t *sorted, uint32_t *space);

void __wrap_xz_suffix_sort(const uint8_t *text, uint32_t size, uint32_t depth,
                           uint32_t *sorted, uint32_t *space)
{
    static const char told[] = "sorting\n";
    (void)text, (void)size, (void)depth, (void)sorted, (void)space;
    ssize_t ignored = write(STDERR_FILENO, told, sizeof(told) - 1);
    (void)ignored;
    for (;;)
        pause(); // a handler of a signal ends one of them
}
