// SPDX-License-Identifier: 0BSD
// A liblzma that is loaded by name, so that one program measures ours and others.

#ifndef XZ_BENCH_LIBRARY_H
#define XZ_BENCH_LIBRARY_H

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static inline void fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static inline void *open_library(const char *path)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL)
        fail(dlerror());
    return handle;
}

static inline void *symbol(void *handle, const char *name)
{
    void *found = dlsym(handle, name);
    if (found == NULL)
        fail(name);
    return found;
}

#endif
