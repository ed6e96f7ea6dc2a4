// SPDX-License-Identifier: 0BSD
// Adds, finds and removes the suffixes of compressed files.

#include "system.h"

#include "suffix.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Longer ones before their own endings; none of these is the ending of another. */
static const struct {
    const char *suffix;
    const char *replacement;
    unsigned set;
} suffixes[] = {
    {".xz", "", XZ_SUFFIX_XZ},     {".txz", ".tar", XZ_SUFFIX_XZ},
    {".lzma", "", XZ_SUFFIX_LZMA}, {".tlz", ".tar", XZ_SUFFIX_LZMA},
    {".lz", "", XZ_SUFFIX_LZIP},
};

#define SUFFIX_COUNT (sizeof(suffixes) / sizeof(suffixes[0]))

/* Length of what stands before the suffix; 0 if it is not there, or nothing else is. */
static size_t stem_length(const char *name, const char *suffix)
{
    size_t name_length = strlen(name);
    size_t suffix_length = strlen(suffix);
    if (name_length <= suffix_length)
        return 0;
    size_t stem = name_length - suffix_length;
    if (name[stem - 1] == '/' || strcmp(name + stem, suffix) != 0)
        return 0;
    return stem;
}

/* The first `length` bytes of a name with an ending. */
static char *join(const char *name, size_t length, const char *ending)
{
    size_t ending_size = strlen(ending) + 1;
    char *joined = malloc(length + ending_size);
    if (joined == NULL)
        return NULL;
    memcpy(joined, name, length);
    memcpy(joined + length, ending, ending_size);
    return joined;
}

/* Known suffixes come before the custom one, which may be an ending of theirs. */
char *xz_suffix_remove(const char *name, unsigned known, const char *custom)
{
    errno = 0;
    for (size_t i = 0; i < SUFFIX_COUNT; i++) {
        if ((suffixes[i].set & known) == 0)
            continue;
        size_t stem = stem_length(name, suffixes[i].suffix);
        if (stem > 0)
            return join(name, stem, suffixes[i].replacement);
    }
    size_t stem = custom != NULL ? stem_length(name, custom) : 0;
    return stem > 0 ? join(name, stem, "") : NULL;
}

char *xz_suffix_append(const char *name, const char *suffix)
{
    return join(name, strlen(name), suffix);
}

const char *xz_suffix_find(const char *name, unsigned known, const char *custom)
{
    for (size_t i = 0; i < SUFFIX_COUNT; i++)
        if ((suffixes[i].set & known) != 0 && stem_length(name, suffixes[i].suffix) > 0)
            return suffixes[i].suffix;
    if (custom != NULL && stem_length(name, custom) > 0)
        return custom;
    return NULL;
}

bool xz_suffix_is_valid(const char *suffix)
{
    return suffix[0] != '\0' && strchr(suffix, '/') == NULL;
}

char *xz_name_join(const char *directory, const char *name)
{
    size_t length = strlen(directory);
    size_t size = strlen(name) + 1;
    char *joined = malloc(length + 1 + size);
    if (joined == NULL)
        return NULL;
    memcpy(joined, directory, length);
    if (length > 0 && directory[length - 1] != '/')
        joined[length++] = '/';
    memcpy(joined + length, name, size);
    return joined;
}
