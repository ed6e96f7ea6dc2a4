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

/* Look at the directory that the name is in; false if there is none. */
static bool find_directory(struct xz_place *place)
{
    if (place->looked)
        return place->found;
    struct stat st;
    size_t length = (size_t)(base_of(place->name) - place->name);
    char *directory = length == 0 ? strdup(".") : strndup(place->name, length);
    place->looked = true;
    place->found = directory != NULL && stat(directory, &st) == 0;
    free(directory);
    if (place->found) {
        place->device = st.st_dev;
        place->inode = st.st_ino;
    }
    return place->found;
}

/* Most names differ in their last parts, so that directories are seldom looked at. */
bool xz_place_same(struct xz_place *a, struct xz_place *b)
{
    if (a->name == NULL || b->name == NULL
        || !alike(base_of(a->name), base_of(b->name)))
        return false;
    if (alike(a->name, b->name))
        return true;
    return find_directory(a) && find_directory(b) && a->device == b->device
           && a->inode == b->inode;
}
