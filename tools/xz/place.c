// SPDX-License-Identifier: 0BSD
// Compares places in directories: by device and inode, and by what is left of a name.

#include "../common/system.h"

#include "place.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The last part of a name. */
static const char *base_of(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash != NULL ? slash + 1 : name;
}

/* The next byte that counts, in small letters; 0 at the end. */
static char next_byte(const char **name)
{
    while ((**name & 0x80) != 0)
        ++*name;
    char c = **name;
    if (c != '\0')
        ++*name;
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool alike(const char *a, const char *b)
{
    char c;
    do {
        c = next_byte(&a);
        if (c != next_byte(&b))
            return false;
    } while (c != '\0');
    return true;
}

/* The directory that a name is in; false if there is none. */
static bool find_directory(const char *name, struct stat *ret_stat)
{
    size_t length = (size_t)(base_of(name) - name);
    char *directory = length == 0 ? strdup(".") : strndup(name, length);
    bool found = directory != NULL && stat(directory, ret_stat) == 0;
    free(directory);
    return found;
}

/* Most names differ in their last parts, so that directories are seldom looked at. */
bool xz_place_same(const char *a, const char *b)
{
    struct stat in_a, in_b;
    if (a == NULL || b == NULL || !alike(base_of(a), base_of(b)))
        return false;
    if (alike(a, b))
        return true;
    return find_directory(a, &in_a) && find_directory(b, &in_b)
           && in_a.st_dev == in_b.st_dev && in_a.st_ino == in_b.st_ino;
}
