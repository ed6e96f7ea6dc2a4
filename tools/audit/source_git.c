// SPDX-License-Identifier: 0BSD
// What a git repository has under a tag, by `git ls-tree` with everything else off.

/*
 * Contents are not fetched: git's id of a file follows from the file, so that the ids
 * of the release's files are compared with those in the tree.
 *
 * A repository's configuration can make git run programs. ls-tree reads no index (no
 * fsmonitor), checks nothing out (no filters, no hooks); a missing object could be
 * fetched from a remote, which is forbidden, and so are pagers and replaced objects.
 * Configuration of the system and the user is left out.
 */

#include "../common/system.h"

#include "source_git.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_MAX (256U << 20)

/* In the child: never returns. */
static void become_git(int out, const char *repository, const char *tag)
{
    static char *const environment[] = {
        (char *)(uintptr_t) "PATH=/usr/local/bin:/usr/bin:/bin",
        (char *)(uintptr_t) "LC_ALL=C",
        (char *)(uintptr_t) "HOME=/nonexistent",
        (char *)(uintptr_t) "GIT_CONFIG_NOSYSTEM=1",
        (char *)(uintptr_t) "GIT_CONFIG_GLOBAL=/dev/null",
        (char *)(uintptr_t) "GIT_NO_LAZY_FETCH=1",
        (char *)(uintptr_t) "GIT_ALLOW_PROTOCOL=none",
        (char *)(uintptr_t) "GIT_TERMINAL_PROMPT=0",
        (char *)(uintptr_t) "GIT_OPTIONAL_LOCKS=0",
        NULL,
    };
    static const char *const programs[] = {"/usr/bin/git", "/usr/local/bin/git",
                                           "/bin/git", "/opt/homebrew/bin/git"};
    const char *words[] = {"git",
                           "--no-pager",
                           "--no-replace-objects",
                           "-c",
                           "core.fsmonitor=false",
                           "-c",
                           "core.hooksPath=/dev/null",
                           "-c",
                           "protocol.allow=never",
                           "-c",
                           "safe.directory=*",
                           "-C",
                           repository,
                           "ls-tree",
                           "-r",
                           "-z",
                           "--full-tree",
                           tag,
                           NULL};
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0
        || dup2(out, STDOUT_FILENO) < 0)
        _exit(126);
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
        execve(programs[i], (char *const *)(uintptr_t)words, environment);
    _exit(127);
}

/* All that comes from a pipe, up to a limit. False if there is more. */
static bool read_all(int fd, struct xz_text *ret)
{
    char chunk[65536];
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof(chunk));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        if (ret->size + (size_t)got > OUTPUT_MAX)
            return false;
        xz_text_add(ret, chunk, (size_t)got);
    }
}

static int by_path(const void *one, const void *two)
{
    const struct xz_git_file *a = one;
    const struct xz_git_file *b = two;
    return strcmp(a->path, b->path);
}

/*
 * "MODE TYPE ID\tPATH\0" again and again. Submodules ("commit") have no content here.
 */
bool xz_git_tree_parse(const char *text, size_t size, struct xz_git_tree *ret)
{
    const char *end = text + size;
    for (const char *at = text; at < end;) {
        const char *nul = memchr(at, '\0', (size_t)(end - at));
        const char *tab = nul != NULL ? memchr(at, '\t', (size_t)(nul - at)) : NULL;
        if (tab == NULL || tab - at < 12 + 40 || at[6] != ' ')
            return false;
        const char *id = memchr(at + 7, ' ', (size_t)(tab - at - 7));
        size_t digits = id != NULL ? (size_t)(tab - id - 1) : 0;
        if (digits != 40 && digits != 64)
            return false;
        ret->kind = digits == 40 ? XZ_GIT_SHA1 : XZ_GIT_SHA256;
        if (strncmp(at + 7, "blob ", 5) == 0) {
            ret->files = xz_store_grow(ret->files, ret->count, &ret->room,
                                       sizeof(struct xz_git_file));
            struct xz_git_file *file = &ret->files[ret->count++];
            *file = (struct xz_git_file){.path = xz_store_copy(tab + 1)};
            memcpy(file->id, id + 1, digits);
        }
        at = nul + 1;
    }
    if (ret->count > 1)
        qsort(ret->files, ret->count, sizeof(struct xz_git_file), by_path);
    return true;
}

struct xz_git_file *xz_git_tree_find(const struct xz_git_tree *tree, const char *path)
{
    struct xz_git_file key = {.path = (char *)(uintptr_t)path};
    if (tree->count == 0)
        return NULL;
    return bsearch(&key, tree->files, tree->count, sizeof(struct xz_git_file), by_path);
}

bool xz_git_tree_read(struct xz_audit *audit, const char *repository, const char *tag,
                      struct xz_git_tree *ret)
{
    int ends[2];
    struct xz_text text = {0};
    int status = -1;
    *ret = (struct xz_git_tree){.kind = XZ_GIT_SHA1};
    if (pipe(ends) != 0) {
        xz_audit_gap(audit, repository, strerror(errno));
        return false;
    }
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        become_git(ends[1], repository, tag);
    }
    close(ends[1]);
    bool good = child > 0 && read_all(ends[0], &text);
    close(ends[0]);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    good = good && status == 0 && text.size > 0
           && xz_git_tree_parse(text.data, text.size, ret);
    if (!good)
        xz_audit_gap(audit, repository, "git does not tell what is under this tag");
    xz_text_free(&text);
    return good;
}

void xz_git_tree_free(struct xz_git_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++)
        free(tree->files[i].path);
    free(tree->files);
    *tree = (struct xz_git_tree){0};
}
